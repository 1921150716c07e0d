"""A snippet read as a notebook."""

import pytest
from nbformat import NotebookNode

from weave.errors import WeaveError
from weave.run.notebook import line_of_cell, read

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


def test_cells_are_read_in_order_with_their_language() -> None:
    notebook = read(SOURCE, "x.py")
    assert _sources(notebook, "code") == ["x = 1", "print(x)"]
    assert [cell.metadata.get("lang") for cell in notebook.cells] == [
        *("zh", "en", None, None)
    ]


def test_the_notebook_says_which_kernel_runs_it() -> None:
    metadata = read(SOURCE, "x.py").metadata
    assert metadata["kernelspec"]["name"] == "python3"
    assert metadata["language_info"] == {"name": "python"}


@pytest.mark.parametrize("mark", ["", ' lang="fr"'])
def test_a_markdown_cell_without_a_known_language_is_named_by_line(mark: str) -> None:
    source = SOURCE.replace(' lang="en"', mark)
    with pytest.raises(
        WeaveError, match=r'^snippets/x\.py:6: .*lang="zh" or lang="en"'
    ):
        read(source, "snippets/x.py")


def test_the_line_of_a_code_cell_is_its_first() -> None:
    assert line_of_cell(SOURCE, "print(x)") == SOURCE.splitlines().index("print(x)") + 1


def test_the_line_of_a_text_is_that_of_its_comment() -> None:
    assert line_of_cell(SOURCE, "# 标题\n\n一段话。") == 2


@pytest.mark.parametrize("cell", ["", "nowhere to be found"])
def test_the_line_of_what_stands_nowhere_is_the_first(cell: str) -> None:
    assert line_of_cell(SOURCE, cell) == 1
