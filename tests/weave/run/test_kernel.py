"""Real kernels: what a run leaves in the notebook, and how a failure is explained."""

import json
import os
from pathlib import Path

import pytest
from nbformat import NotebookNode

from weave.errors import WeaveError
from weave.run.kernel import run
from weave.run.notebook import read

GOOD = '''\
# %% [markdown] lang="zh"
# # 一
# %% [markdown] lang="en"
# # One

# %%
import os


# %%
def main() -> dict[str, object]:
    """Say where we are."""
    print("files:", os.listdir())
    print("threads:", os.environ["OMP_NUM_THREADS"])
    return {"pid": os.getpid()}


# %%
if __name__ == "__main__":
    main()
'''

DEEP = '''\
import os


def deep(x: int) -> float:
    """1/x"""
    return 1 / x
'''

RETURN = "    return {"
PIECES = GOOD.replace(
    RETURN,
    f"""\
    from IPython.display import Image, display
    print("one", flush=True)
    print("two", flush=True)
    display(Image(b"", format="png"))
    print("three", flush=True)
    print("four")
{RETURN}""",
)
RAISES = GOOD.replace("import os\n", DEEP).replace(RETURN, f"    deep(0)\n{RETURN}")
MISSING = GOOD.replace("import os", "import os\nimport no_such_module")
WARNS = GOOD.replace(RETURN, f'    __import__("warnings").warn("old")\n{RETURN}')
STDERR = GOOD.replace(
    RETURN, f'    print("psst", file=__import__("sys").stderr)\n{RETURN}'
)


def _run(source: str, folder: Path) -> NotebookNode:
    notebook = read(source, "snippets/one.py")
    run(notebook, folder, "snippets/one.py", source)
    return notebook


def _line(source: str, text: str) -> int:
    [line] = [n for n, row in enumerate(source.splitlines(), 1) if text in row]
    return line


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("artifact")


@pytest.fixture(scope="module")
def notebook(folder: Path) -> NotebookNode:
    return _run(GOOD, folder)


def test_the_snippet_runs_in_an_empty_folder_on_one_thread(
    notebook: NotebookNode,
) -> None:
    [output] = notebook.cells[-1].outputs
    assert output.text == "files: []\nthreads: 1\n"


def test_what_is_printed_between_two_figures_is_one_piece(tmp_path: Path) -> None:
    outputs = _run(PIECES, tmp_path).cells[-1].outputs
    assert [output.get("text", "a figure") for output in outputs] == [
        "files: []\nthreads: 1\none\ntwo\n",
        "a figure",
        "three\nfour\n",
    ]


def test_the_cells_of_the_build_leave_no_trace(notebook: NotebookNode) -> None:
    assert [cell.source for cell in notebook.cells] == [
        cell.source for cell in read(GOOD, "x").cells
    ]
    counts = [c.execution_count for c in notebook.cells if c.cell_type == "code"]
    assert counts == [1, 2, 3]
    assert all("execution" not in cell.metadata for cell in notebook.cells)


def test_no_kernel_outlives_its_run(notebook: NotebookNode, folder: Path) -> None:
    values = json.loads((folder / "values.json").read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(values["pid"], 0)


def test_an_error_is_explained_where_it_happened(tmp_path: Path) -> None:
    with pytest.raises(WeaveError) as caught:
        _run(RAISES, tmp_path)
    where, way_out = str(caught.value).splitlines()
    line = _line(RAISES, "return 1 / x")
    assert where == f"snippets/one.py:{line}: ZeroDivisionError: division by zero"
    assert "`python snippets/one.py`" in way_out


def test_an_import_that_fails_is_named_by_its_line(tmp_path: Path) -> None:
    line = _line(MISSING, "no_such_module")
    with pytest.raises(WeaveError, match=rf"^snippets/one\.py:{line}: ModuleNotFound"):
        _run(MISSING, tmp_path)


def test_a_warning_is_an_error(tmp_path: Path) -> None:
    line = _line(WARNS, "warnings")
    with pytest.raises(
        WeaveError, match=rf"^snippets/one\.py:{line}: UserWarning: old"
    ):
        _run(WARNS, tmp_path)


def test_what_goes_to_stderr_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeaveError, match=r"snippets/one\.py: wrote to stderr:\npsst"):
        _run(STDERR, tmp_path)
