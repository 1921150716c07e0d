"""The artifact step: what is run again, what is kept, and what a failure leaves.

The kernel is played by a function here; test_kernel.py starts real ones. What makes a
folder anew is in test_fingerprint.py.
"""

import asyncio
import os
from pathlib import Path

import pytest
from nbformat import NotebookNode, v4

from weave.errors import WeaveError
from weave.run import artifacts
from weave.run.artifacts import refresh

SNIPPET = '''\
# %% [markdown] lang="zh"
# # 平方
# %% [markdown] lang="en"
# # Square

# %%
def square(x: int) -> int:
    """x²"""
    return x * x


# %% name="nine"
if __name__ == "__main__":
    print("nine")
'''


class Kernel:
    """Stands in for weave.run.kernel.run: counts, draws a figure, prints a line."""

    def __init__(self) -> None:
        self.ran: list[str] = []

    async def __call__(self, notebook: NotebookNode, folder: Path, name: str) -> None:
        self.ran.append(name)
        (folder / "curve.light.svg").write_text("<svg/>", encoding="utf-8")
        if any("FAIL" in cell.source for cell in notebook.cells):
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


def make(path: Path, folder: Path) -> bool:
    """Bring the one snippet's folder up to date; return whether it was run."""
    lines: list[str] = []
    refresh(path.parent, folder, report=lines.append)
    return lines[0].endswith(" run")


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
        "square/nine.py",
        "square/nine.txt",
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


def test_a_snippet_that_shows_nothing_is_refused(
    snippet: Path, folder: Path, kernel: Kernel
) -> None:
    _write(snippet, SNIPPET.partition("\n\n\n# %% name")[0] + "\n")
    said = r'^snippets/square\.py:1: no cell has a name(?s:.*)__name__ == "'
    with pytest.raises(WeaveError, match=said):
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
    met: list[int] = []

    async def meet(*arguments: object) -> None:
        met.append(1)
        async with asyncio.timeout(20):  # unless the other one runs at the same time
            while len(met) < 2:
                await asyncio.sleep(0.01)

    monkeypatch.setattr(artifacts, "run", meet)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    refresh(snippet.parent, folder, report=lambda line: None)
    assert len(met) == 2


def test_a_package_file_is_no_snippet(snippet: Path) -> None:
    _write(snippet.with_name("__init__.py"), "")
    assert artifacts.modules(snippet.parent) == [snippet]


UNREADABLE = {
    "empty": (b"", 1, "no cell has a name"),
    "not UTF-8": (b"x = 1\n# \xb0\xa1\n", 2, "a byte that is no UTF-8: 0xb0"),
    "not Python": (b"x = 1\n\ndef f(:\n", 3, "SyntaxError: invalid syntax"),
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_a_file_that_is_no_snippet_is_named_by_its_line(
    kind: str, snippet: Path, folder: Path, kernel: Kernel
) -> None:
    data, line, what = UNREADABLE[kind]
    snippet.write_bytes(data)
    with pytest.raises(WeaveError, match=rf"^snippets/square\.py:{line}: {what}"):
        refresh(snippet.parent, folder)
    assert kernel.ran == []


def test_line_ends_and_a_mark_change_nothing(
    snippet: Path, folder: Path, kernel: Kernel
) -> None:
    make(snippet, folder)
    before = _tree(folder)
    data = SNIPPET.replace("\n", "\r\n").encode("utf-8-sig")
    snippet.write_bytes(data)
    assert make(snippet, folder)
    after = _tree(folder)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"square/fingerprint.json"}


def test_a_name_that_can_not_be_imported_is_refused(
    snippet: Path, folder: Path, kernel: Kernel
) -> None:
    snippet.rename(snippet.with_name("my-idea.py"))
    with pytest.raises(WeaveError, match=r"^snippets/my-idea\.py: .*\. Rename it"):
        refresh(snippet.parent, folder)


def test_a_folder_in_place_of_a_snippet_is_named(
    snippet: Path, folder: Path, kernel: Kernel
) -> None:
    snippet.with_name("x.py").mkdir()
    with pytest.raises(WeaveError, match=r"^snippets/x\.py: not a file"):
        refresh(snippet.parent, folder)


def test_what_a_killed_build_left_is_swept(
    snippet: Path, folder: Path, kernel: Kernel
) -> None:
    left = folder.with_name("scratch") / "tmp"
    left.mkdir(parents=True)
    refresh(snippet.parent, folder, report=lambda line: None)
    assert not left.parent.exists()
