"""Every snippet, copied alone into an empty folder, runs and prints what pages show."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from weave.artifacts import modules, refresh
from weave.paths import ARTIFACTS

ENVIRONMENT = {"MPLBACKEND": "agg", "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "error"}


@pytest.fixture(scope="session")
def artifacts() -> Path:
    """All artifacts, up to date."""
    refresh(report=lambda line: None)
    return ARTIFACTS


@pytest.mark.parametrize("module", [path.stem for path in modules()])
def test_a_snippet_alone_prints_what_the_pages_show(
    module: str, artifacts: Path, tmp_path: Path
) -> None:
    shutil.copy(f"snippets/{module}.py", tmp_path)
    done = subprocess.run(
        [sys.executable, f"{module}.py"],
        cwd=tmp_path,
        env=os.environ | ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == 0
    expected = (artifacts / module / "output.txt").read_text(encoding="utf-8")
    assert done.stdout == expected
    assert [path.name for path in tmp_path.iterdir()] == [f"{module}.py"]
