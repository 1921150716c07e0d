"""The offline edition: one zip that reads from a folder by double click."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

DIST = Path("dist")
NAME = "ml-notes"


def main() -> None:
    """Build with plain file names, and pack the result into dist/ml-notes.zip."""
    with tempfile.TemporaryDirectory() as scratch:
        site = Path(scratch) / NAME
        command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir"]
        env = os.environ | {"DIRECTORY_URLS": "false"}
        subprocess.run([*command, str(site)], check=True, env=env)
        DIST.mkdir(exist_ok=True)
        zipped = shutil.make_archive(str(DIST / NAME), "zip", scratch, NAME)
    print(f"{zipped}: unpack it and open {NAME}/index.html")


if __name__ == "__main__":
    main()
