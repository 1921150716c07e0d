"""The offline edition: one zip that reads from a folder by double click."""

import tempfile
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from weave.editions.build import build
from weave.errors import shown_alone
from weave.paths import DIST

NAME = "ml-notes"


@shown_alone()
def main() -> None:
    """Pack the offline edition into dist/ml-notes.zip."""
    with tempfile.TemporaryDirectory() as scratch:
        # Plain file names: from a disk nothing is served.
        build(Path(scratch) / NAME, DIRECTORY_URLS="false")
        DIST.mkdir(exist_ok=True)
        zipped = pack(Path(scratch) / NAME, DIST / f"{NAME}.zip")
    print(f"{zipped}: unpack it and open {NAME}/index.html")


def pack(folder: Path, target: Path) -> Path:
    """Zip a folder: in the order of names, and without dates, so that it repeats."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    with ZipFile(target, "w") as archive:
        for path in files:
            entry = ZipInfo(path.relative_to(folder.parent).as_posix())
            entry.external_attr = 0o644 << 16  # who may read it, on Unix
            archive.writestr(entry, path.read_bytes(), ZIP_DEFLATED)
    return target


if __name__ == "__main__":
    main()
