"""What is packed: all of a folder, and nothing of when and where it was made."""

import os
from pathlib import Path
from zipfile import ZipFile

from weave.editions.offline import pack

FILES = {"index.html": "<p>", "zh/页.html": "页", "zh/a.html": "a" * 1000}
FILES |= {f"en/{number}.html": "" for number in range(20)}


def _folder(above: Path, names: list[str], mode: int) -> Path:
    for name in names:
        path = above / "notes" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(FILES[name], encoding="utf-8")
        path.chmod(mode)
        os.utime(path, (mode * 1e6, mode * 1e6))
    return above / "notes"


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    one = _folder(tmp_path / "one", [*FILES], 0o600)
    other = _folder(tmp_path / "other", [*reversed(FILES)], 0o644)
    zips = [pack(folder, folder.with_suffix(".zip")) for folder in (one, other)]
    assert zips[0].read_bytes() == zips[1].read_bytes()
    with ZipFile(zips[0]) as archive:
        assert archive.namelist() == sorted(archive.namelist())


def test_all_files_are_unpacked_as_they_were(tmp_path: Path) -> None:
    folder = _folder(tmp_path, [*FILES], 0o600)
    with ZipFile(pack(folder, tmp_path / "notes.zip")) as archive:
        archive.extractall(tmp_path / "there")
        assert sum(entry.compress_size for entry in archive.infolist()) < 1000
    for name, text in FILES.items():
        unpacked = tmp_path / "there" / "notes" / name
        assert unpacked.read_text(encoding="utf-8") == text
