"""A notebook in each language: all code, and the texts of that language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat import NotebookNode

from weave.languages import LANGUAGES
from weave.run.lab import in_language
from weave.run.notebook import read

SOURCE = """\
# %% [markdown] lang="zh"
# # 标题
#
# 一段话。
# %% [markdown] lang="en"
# # Title

# %%
x = 1

# %%
print(x)
"""


def _sources(notebook: NotebookNode, kind: str) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == kind]


@pytest.mark.parametrize(
    ("language", "text"), [("zh", "# 标题\n\n一段话。"), ("en", "# Title")]
)
def test_a_language_keeps_its_own_text_only(language: str, text: str) -> None:
    assert _sources(in_language(read(SOURCE, "x"), language), "markdown") == [text]


def test_splitting_leaves_the_notebook_as_it_was() -> None:
    notebook = read(SOURCE, "x.py")
    ids = [cell["id"] for cell in notebook.cells]
    in_language(notebook, "zh").cells[0].source = "changed"
    assert [cell["id"] for cell in notebook.cells] == ids
    assert _sources(notebook, "markdown")[0].startswith("# 标题")


words = st.text("abcxyz=#* 的了", min_size=1, max_size=9).map(str.strip).filter(bool)
kinds = st.sampled_from(["", ' [markdown] lang="zh"', ' [markdown] lang="en"'])


@st.composite
def sources(draw: st.DrawFn) -> str:
    """Cells of every kind, in any order."""
    cells = draw(st.lists(st.tuples(kinds, words), min_size=1, max_size=8))
    return "\n".join(
        f"# %%{kind}\n{'# ' if kind else 'w = '}{word!r}\n" for kind, word in cells
    )


@given(sources())
def test_every_language_keeps_every_code_cell_in_order(source: str) -> None:
    notebook = read(source, "x.py")
    for language in LANGUAGES:
        own = in_language(notebook, language)
        assert _sources(own, "code") == _sources(notebook, "code")


@given(sources())
def test_every_text_is_in_exactly_one_language(source: str) -> None:
    notebook = read(source, "x.py")
    zh, en = (_sources(in_language(notebook, c), "markdown") for c in LANGUAGES)
    assert sorted(zh + en) == sorted(_sources(notebook, "markdown"))


@given(sources())
def test_ids_are_the_same_each_time_and_differ_within_a_notebook(source: str) -> None:
    runs = [in_language(read(source, "x.py"), "zh") for _ in range(2)]
    ids = [[cell["id"] for cell in run.cells] for run in runs]
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == len(ids[0])
