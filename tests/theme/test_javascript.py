"""The theme's scripts, tested in their own language by Node.js's own test runner.

Playwright brings a Node.js: the same one on every machine, and nothing to install.
"""

import os
import subprocess
from importlib.metadata import distribution
from pathlib import Path

import pytest

TESTS = sorted(Path(__file__).parent.glob("*.test.mjs"))
NAME = "node.exe" if os.name == "nt" else "node"
NODE = Path(str(distribution("playwright").locate_file(f"playwright/driver/{NAME}")))


def _run(test: Path) -> subprocess.CompletedProcess[str]:
    if not NODE.exists():
        pytest.fail(f"{NODE}: Node.js 20 is needed; Playwright should have brought it.")
    return subprocess.run(
        [NODE, "--test", "--test-reporter=spec", test],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("test", TESTS, ids=lambda test: test.name)
def test_what_the_script_does(test: Path) -> None:
    done = _run(test)
    assert done.returncode == 0, done.stdout


def test_a_script_that_does_something_else_is_told(tmp_path: Path) -> None:
    test = tmp_path / "wrong.test.mjs"
    test.write_text('import "node:test"\nthrow Error("else")\n', encoding="utf-8")
    done = _run(test)
    assert done.returncode != 0
    assert "else" in done.stdout
