"""Setting up: a Python that is too old is named before anything is installed."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

PROJECT = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
# Answers as an old one would, whatever it is asked to run.
OLD = """\
#!{python}
import sys
sys.version_info = (3, 8, 18)
exec(sys.argv[2])
"""


def _make(folder: Path, python: str) -> subprocess.CompletedProcess[str]:
    makefile = Path("Makefile").resolve()
    for file in ("requirements.lock", "torch.lock", "pyproject.toml"):
        (folder / file).touch()
    return subprocess.run(
        ["make", "--makefile", makefile, "build", f"PYTHON={python}"],
        cwd=folder,
        env={key: value for key, value in os.environ.items() if key != "MAKEFLAGS"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_old_python_is_named_with_the_way_out(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_text(OLD.format(python=sys.executable), encoding="utf-8")
    old.chmod(0o755)
    done = _make(tmp_path, str(old))
    assert done.returncode != 0
    needed = PROJECT["requires-python"].removeprefix(">=")
    assert f"needs Python {needed} or newer, but {old} is 3.8;" in done.stderr
    assert re.search(r"make build PYTHON=python3\.\d+", done.stderr)
    assert not (tmp_path / ".venv").exists()
