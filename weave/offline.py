"""The offline edition: one zip that reads from a folder by double click."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

DIST = Path("dist")
NAME = "ml-notes"


def build(folder: Path) -> None:
    """Build into ``folder`` with plain file names: from a disk nothing is served."""
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir"]
    env = os.environ | {"DIRECTORY_URLS": "false", "NO_MKDOCS_2_WARNING": "1"}
    subprocess.run([*command, str(folder)], check=True, env=env)


def main() -> None:
    """Pack the offline edition into dist/ml-notes.zip."""
    with tempfile.TemporaryDirectory() as scratch:
        build(Path(scratch) / NAME)
        DIST.mkdir(exist_ok=True)
        zipped = shutil.make_archive(str(DIST / NAME), "zip", scratch, NAME)
    print(f"{zipped}: unpack it and open {NAME}/index.html")


if __name__ == "__main__":
    main()
