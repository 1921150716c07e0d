"""Every snippet runs alone, in an empty folder, and prints what pages show.

Each runs in a process of its own for the pages, and once here. The command that readers
type is tried with two that are quick; ``make bench`` runs it with all.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.snippets.runs import run_of
from weave.paths import ARTIFACTS
from weave.run.artifacts import modules, refresh

PROJECT = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
MODULES = pytest.mark.parametrize("module", [path.stem for path in modules()])


@pytest.fixture(scope="session")
def artifacts() -> Path:
    """All artifacts, up to date."""
    refresh(report=lambda line: None)
    return ARTIFACTS


@MODULES
def test_a_snippet_prints_here_what_the_pages_show(
    module: str, artifacts: Path
) -> None:
    output = (artifacts / module / "output.txt").read_text(encoding="utf-8")
    assert run_of(module).printed == output


@pytest.mark.parametrize("module", ["backpropagation", "gradient_descent"])
def test_a_copied_snippet_runs_in_a_folder_of_its_own(
    module: str, artifacts: Path, tmp_path: Path
) -> None:
    shutil.copy(f"snippets/{module}.py", tmp_path)
    done = subprocess.run(
        [sys.executable, "-W", "error", f"{module}.py"],
        cwd=tmp_path,
        env=os.environ | {"MPLBACKEND": "agg", "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == 0
    output = (artifacts / module / "output.txt").read_text(encoding="utf-8")
    assert done.stdout == output


def _names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [node.module or "."]
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []


@MODULES
def test_a_snippet_needs_only_what_a_reader_installs(module: str) -> None:
    tree = ast.parse(Path(f"snippets/{module}.py").read_text(encoding="utf-8"))
    names = {name.partition(".")[0] for node in ast.walk(tree) for name in _names(node)}
    installed = {re.split(r"[<>=]", one)[0] for one in PROJECT["dependencies"]}
    imported = {"scikit-learn": "sklearn"}
    allowed = {imported.get(name, name) for name in installed}
    assert names - sys.stdlib_module_names <= allowed
