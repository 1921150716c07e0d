"""The artifact step: what is run again, what is kept, and what a failure leaves.

The kernel is played by a function here; test_kernel.py starts real ones. What makes a
folder anew is in test_fingerprint.py.
"""

import os
import threading
from pathlib import Path

import pytest
from nbformat import NotebookNode, v4

from weave.errors import WeaveError
from weave.run import artifacts
from weave.run.artifacts import make, refresh

SNIPPET = '''\
# %% [markdown] lang="zh"
# # 平方
# %% [markdown] lang="en"
# # Square

# %%
def square(x: int) -> int:
    """x²"""
    return x * x


# %%
if __name__ == "__main__":
    main()
'''


class Kernel:
    """Stands in for weave.run.kernel.run: counts, draws a figure, prints a line."""

    def __init__(self) -> None:
        self.ran: list[str] = []

    def __call__(
        self, notebook: NotebookNode, folder: Path, name: str, source: str
    ) -> None:
        self.ran.append(name)
        (folder / "curve.light.svg").write_text("<svg/>", encoding="utf-8")
        if "FAIL" in source:
            raise WeaveError(f"{name}:3: it failed")
        output = v4.new_output("stream", name="stdout", text="nine\n")
        notebook.cells[-1].outputs = [output]


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> Kernel:
    kernel = Kernel()
    monkeypatch.setattr(artifacts, "run", kernel)
    return kernel


@pytest.fixture
def snippet(tmp_path: Path) -> Path:
    return _write(tmp_path / "snippets" / "square.py", SNIPPET)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "artifacts"


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _tree(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_a_folder_holds_all_that_the_pages_take(
    snippet: Path, folder: Path, kernel: Kernel
) -> None:
    assert make(snippet, folder)
    assert set(_tree(folder)) == {
        "square/curve.light.svg",
        "square/square.py",
        "square/output.txt",
        "square/fingerprint.json",
        "square/zh/labs/square.ipynb",
        "square/en/labs/square.ipynb",
    }


def test_the_output_is_what_was_printed(
    snippet: Path, folder: Path, kernel: Kernel
) -> None:
    make(snippet, folder)
    assert (folder / "square" / "output.txt").read_text() == "nine\n"


def test_what_did_not_change_is_not_run(
    snippet: Path, folder: Path, kernel: Kernel
) -> None:
    make(snippet, folder)
    assert not make(snippet, folder)
    assert len(kernel.ran) == 1


def test_a_changed_source_is_run_and_its_old_files_are_gone(
    snippet: Path, folder: Path, kernel: Kernel
) -> None:
    make(snippet, folder)
    _write(snippet, SNIPPET.replace("square(", "cube("))
    assert make(snippet, folder)
    assert (folder / "square" / "cube.py").exists()
    assert not (folder / "square" / "square.py").exists()


def test_a_failure_leaves_the_old_folder_and_nothing_else(
    snippet: Path, folder: Path, kernel: Kernel
) -> None:
    make(snippet, folder)
    before = _tree(folder)
    _write(snippet, SNIPPET + "# FAIL\n")
    with pytest.raises(WeaveError, match=r"snippets/square\.py:3"):
        make(snippet, folder)
    assert _tree(folder) == before
    assert [path.name for path in folder.iterdir()] == ["square"]


def test_a_first_failure_leaves_no_folder(
    snippet: Path, folder: Path, kernel: Kernel
) -> None:
    _write(snippet, SNIPPET + "# FAIL\n")
    with pytest.raises(WeaveError):
        make(snippet, folder)
    assert list(folder.iterdir()) == []


def test_the_last_cell_must_start_the_program(
    snippet: Path, folder: Path, kernel: Kernel
) -> None:
    _write(snippet, SNIPPET.partition("\n\n\n# %%\nif")[0] + "\n")
    with pytest.raises(WeaveError, match=r'^snippets/square\.py: (?s:.*)__name__ == "'):
        make(snippet, folder)
    assert kernel.ran == []


def test_folders_of_snippets_that_are_gone_are_dropped(
    snippet: Path, folder: Path, kernel: Kernel
) -> None:
    other = _write(snippet.with_name("other.py"), SNIPPET)
    refresh(snippet.parent, folder, report=lambda line: None)
    other.unlink()
    refresh(snippet.parent, folder, report=lambda line: None)
    assert [path.name for path in folder.iterdir()] == ["square"]


def test_every_failure_is_named_and_the_others_are_made(
    snippet: Path, folder: Path, kernel: Kernel
) -> None:
    for name in ("b", "a"):
        _write(snippet.with_name(f"{name}.py"), SNIPPET + "# FAIL\n")
    with pytest.raises(WeaveError) as caught:
        refresh(snippet.parent, folder, report=lambda line: None)
    assert str(caught.value).splitlines() == [
        "snippets/a.py:3: it failed",
        "snippets/b.py:3: it failed",
    ]
    assert [path.name for path in folder.iterdir()] == ["square"]


def test_a_line_a_snippet_says_whether_it_was_run(
    snippet: Path, folder: Path, kernel: Kernel
) -> None:
    lines: list[str] = []
    for _ in range(2):
        refresh(snippet.parent, folder, report=lines.append)
    assert [(line.split()[0], line.split()[-1]) for line in lines] == [
        ("square", "run"),
        ("square", "reused"),
    ]


def test_snippets_run_side_by_side(
    snippet: Path, folder: Path, kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(snippet.with_name("other.py"), SNIPPET)
    both = threading.Barrier(2, timeout=20)

    def meet(*arguments: object) -> None:
        both.wait()  # breaks unless the other one runs at the same time

    monkeypatch.setattr(artifacts, "run", meet)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    refresh(snippet.parent, folder, report=lambda line: None)
    assert both.broken is False


def test_a_package_file_is_no_snippet(snippet: Path) -> None:
    _write(snippet.with_name("__init__.py"), "")
    assert artifacts.modules(snippet.parent) == [snippet]
