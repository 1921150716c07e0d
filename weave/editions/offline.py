"""The offline edition: one zip that reads from a folder by double click."""

import shutil
import tempfile
from pathlib import Path

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
        zipped = shutil.make_archive(str(DIST / NAME), "zip", scratch, NAME)
    print(f"{zipped}: unpack it and open {NAME}/index.html")


if __name__ == "__main__":
    main()
