"""Real kernels: what a run leaves in the notebook, and how a failure is explained."""

import asyncio
import json
import os
import re
from pathlib import Path

import pytest
from nbformat import NotebookNode

from weave.errors import WeaveError
from weave.run.kernel import longest, run
from weave.run.notebook import read

GOOD = """\
# %% [markdown] lang="zh"
# # 一
# %% [markdown] lang="en"
# # One

# %%
import os

# %% name="where"
if __name__ == "__main__":
    print("files:", os.listdir())
    print("threads:", os.environ["OMP_NUM_THREADS"])
    pid = os.getpid()
"""

DEEP = '''\
import os


def deep(x: int) -> float:
    """1/x"""
    return 1 / x
'''

LAST = "    pid ="
PIECES = GOOD.replace(
    LAST,
    f"""\
    from IPython.display import Image, display
    print("one", flush=True)
    print("two", flush=True)
    display(Image(b"", format="png"))
    print("three", flush=True)
    print("four")
{LAST}""",
)
RAISES = GOOD.replace("import os\n", DEEP).replace(LAST, f"    deep(0)\n{LAST}")
ASKS = GOOD.replace(LAST, f"    input()\n{LAST}")
MISSING = GOOD.replace("import os", "import os\nimport no_such_module")
WARNS = GOOD.replace(LAST, f'    __import__("warnings").warn("old")\n{LAST}')
STDERR = GOOD.replace(LAST, f'    print("psst", file=__import__("sys").stderr)\n{LAST}')


def _run(source: str, folder: Path) -> NotebookNode:
    notebook = read(source, "snippets/one.py")
    asyncio.run(run(notebook, folder, "snippets/one.py"))
    return notebook


def _line(source: str, text: str) -> int:
    [line] = [n for n, row in enumerate(source.splitlines(), 1) if text in f"\n{row}\n"]
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
    assert counts == [1, 2]
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


def test_who_asks_is_told_that_nobody_answers(tmp_path: Path) -> None:
    line = _line(ASKS, "input()")
    with pytest.raises(WeaveError, match=rf"^snippets/one\.py:{line}: StdinNotImpl"):
        _run(ASKS, tmp_path)


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
    line = _line(STDERR, "files:")
    with pytest.raises(
        WeaveError, match=rf"^snippets/one\.py:{line}: wrote to stderr: psst"
    ):
        _run(STDERR, tmp_path)


HANGS = {
    "in Python": "    while True:\n        pass",
    "in C": "    sum(range(10**18))",
}
ENDS = GOOD.replace(LAST, f"    os._exit(0)\n{LAST}")
LEAVES = GOOD.replace(LAST, f"    raise SystemExit(3)\n{LAST}")
LONG = GOOD.replace(LAST, f"    raise ValueError('much ' * 999 + '\\n' * 99)\n{LAST}")
MUTE = GOOD.replace(LAST, f"    raise ValueError\n{LAST}")
THREAD = GOOD.replace(
    LAST,
    "    from threading import Thread\n"
    "    thread = Thread(target=lambda: 1 / 0)\n"
    f"    thread.start()\n    thread.join()\n{LAST}",
)
GLYPH = """\
    import matplotlib.pyplot as plt
    plt.title("梯度")
    plt.show()
"""
NO_GLYPH = GOOD.replace(LAST, f"{GLYPH}{LAST}")


def _said(source: str, folder: Path) -> str:
    with pytest.raises(WeaveError) as caught:
        _run(source, folder)
    return str(caught.value)


@pytest.mark.parametrize("kind", HANGS)
def test_what_hangs_is_ended_and_named(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEAVE_TIMEOUT", "2")
    source = GOOD.replace(LAST, f"{HANGS[kind]}\n{LAST}")
    # Python can say where it is; of C the cell is known.
    line = _line(source, "while True") if kind == "in Python" else _last_cell(source)
    said = _said(source, tmp_path)
    assert re.match(
        rf"snippets/one\.py:({line}|{line + 1}): this runs for more than 2 s", said
    )
    assert "WEAVE_TIMEOUT=4" in said


def _last_cell(source: str) -> int:
    return _line(source, "files:")


@pytest.mark.parametrize(
    ("source", "place", "what"),
    [
        (ENDS, "files:", "the process ended, without an exception"),
        (LEAVES, "files:", "SystemExit: 3"),
        (MUTE, "raise ValueError", "ValueError"),
        (NO_GLYPH, "plt.show()", "ValueError: figure where: Glyph 26799"),
        (THREAD, "1 / 0", "wrote to stderr: ZeroDivisionError: division by zero"),
    ],
    ids=["ends", "leaves", "mute", "glyph", "thread"],
)
def test_what_stops_a_snippet_is_named_with_its_line(
    source: str, place: str, what: str, tmp_path: Path
) -> None:
    said = _said(source, tmp_path)
    assert said.startswith(f"snippets/one.py:{_line(source, place)}: {what}")
    assert "Traceback" not in said


def test_of_many_words_the_first_are_shown(tmp_path: Path) -> None:
    said = _said(LONG, tmp_path)
    assert "ValueError: much much" in said
    assert len(said) < 500
    assert len(said.splitlines()) < 10


@pytest.mark.parametrize("said", ["abc", "0", "-1", "1.5", "", "9999999"])
def test_a_limit_that_is_no_number_of_seconds_is_refused(
    said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEAVE_TIMEOUT", said)
    with pytest.raises(WeaveError, match=rf"^WEAVE_TIMEOUT={said}: .*\nSay a whole"):
        longest()


def test_the_limit_is_five_minutes_unless_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WEAVE_TIMEOUT", raising=False)
    assert longest() == 300
    monkeypatch.setenv("WEAVE_TIMEOUT", "20")
    assert longest() == 20


CELLS = """\
# %%
import matplotlib.pyplot as plt

# %% name="parameters"
SEED = 0

# %% name="curve"
if __name__ == "__main__":
    x = [1.0, 2.0]
    print("drawn")
    plt.plot(x)
    plt.show()
    plt.plot(x, "C1")
    plt.show()
"""


def test_a_cell_gives_its_figures_and_variables_their_names(tmp_path: Path) -> None:
    notebook = _run(CELLS, tmp_path)
    marks = [output.get("metadata") for output in notebook.cells[-1].outputs]
    assert marks[1:] == [{"weave": {"figure": name}} for name in ("curve", "curve-2")]
    assert {p.name for p in tmp_path.glob("*.zh.*")} == {
        f"{name}.zh.{kind}"
        for name in ("curve", "curve-2")
        for kind in ("light.svg", "dark.svg", "png")
    }
    values = json.loads((tmp_path / "values.json").read_text())
    assert values == {"SEED": 0, "x": [1.0, 2.0]}


@pytest.mark.parametrize(
    ("old", "new", "place", "what"),
    [
        (' name="curve"', "", "plt.show()", "ValueError: a cell that draws has a name"),
        ('print("drawn")', "1 / 0", "1 / 0", "ZeroDivisionError"),
    ],
)
def test_what_is_wrong_in_a_cell_is_named(
    old: str, new: str, place: str, what: str, tmp_path: Path
) -> None:
    source = CELLS.replace(old, new, 1)
    line = source[: source.index(place)].count("\n") + 1
    assert _said(source, tmp_path).startswith(f"snippets/one.py:{line}: {what}")


def test_a_figure_that_is_not_shown_is_named_by_its_cell(tmp_path: Path) -> None:
    source = CELLS.rpartition("    plt.show()")[0]
    line = _line(source, "    x = [1.0, 2.0]")
    said = _said(source, tmp_path)
    assert said.startswith(f"snippets/one.py:{line}: this cell draws a figure that it")


def test_a_value_that_only_a_notebook_shows_is_refused(tmp_path: Path) -> None:
    said = _said(f"{CELLS}    len(x)\n", tmp_path)
    assert said.startswith("snippets/one.py:9: only a notebook shows the value")
