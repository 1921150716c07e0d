"""Every snippet runs alone, in an empty folder, and prints what pages show.

Each runs in a process of its own for the pages, and once here. The command that readers
type is tried with two of them; ``make audit`` tries it with all, and with one, two and
four threads.
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
# Matrices, convolutions, solvers: where threads would add up in another order.
COPIED = ("cross_validation", "overfitting")
EXACT = {"autograd_engine", "tensor_ops"}  # whose numbers depend on no order of sums


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


def run_alone(module: str, threads: int, folder: Path) -> str:
    """What a copy of the snippet prints in an empty folder, with that many threads."""
    shutil.copy(f"snippets/{module}.py", folder)
    # Not dynamic: else MKL takes no more threads than the machine has cores.
    quiet = {"MPLBACKEND": "agg", "OMP_NUM_THREADS": f"{threads}"}
    done = subprocess.run(
        [sys.executable, "-W", "error", f"{module}.py"],
        cwd=folder,
        env=os.environ | quiet | {"MKL_DYNAMIC": "FALSE"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == 0
    return done.stdout


@pytest.mark.parametrize("module", COPIED)
def test_a_copied_snippet_prints_what_the_pages_show(
    module: str, artifacts: Path, tmp_path: Path
) -> None:
    output = (artifacts / module / "output.txt").read_text(encoding="utf-8")
    assert run_alone(module, 4, tmp_path) == output


@MODULES
def test_a_snippet_adds_up_on_one_thread(module: str) -> None:
    source = Path(f"snippets/{module}.py").read_text(encoding="utf-8")
    assert ("\ntorch.set_num_threads(1)" in source) != (module in EXACT)


@pytest.mark.audit
@pytest.mark.parametrize("threads", [1, 2, 4])
@MODULES
def test_any_number_of_threads_prints_the_same(
    module: str, threads: int, artifacts: Path, tmp_path: Path
) -> None:
    output = (artifacts / module / "output.txt").read_text(encoding="utf-8")
    assert run_alone(module, threads, tmp_path) == output


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
