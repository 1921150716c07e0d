"""A snippet read as a notebook."""

import pytest
from nbformat import NotebookNode

from weave.errors import WeaveError
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


def _lines(source: str) -> list[int]:
    return [cell.metadata["line"] for cell in read(source, "x.py").cells]


def test_a_cell_knows_the_line_on_which_its_text_begins() -> None:
    assert _lines(SOURCE) == [2, 6, 9, 12]


def test_cells_of_the_same_text_have_lines_of_their_own() -> None:
    assert _lines("# %%\nprint(1)\n\n# %%\nprint(1)\n") == [2, 5]


DEMONSTRATION = '''\
# %% name="curve"
if __name__ == "__main__":
    text = """one
    two"""

    for line in text.splitlines():
        print(line)
'''


def test_a_demonstration_is_its_body_at_the_margin() -> None:
    [cell] = read(DEMONSTRATION, "x.py").cells
    assert cell.metadata["name"] == "curve"
    assert cell.metadata["line"] == 3
    assert cell.source == (
        'text = """one\n    two"""\n\nfor line in text.splitlines():\n    print(line)'
    )


@pytest.mark.parametrize(
    "code",
    [
        'if __name__ == "__main__":\n    print(1)\nelse:\n    print(2)',
        'if __name__ == "__main__":\n    print(1)\nprint(2)',
        'if __name__ == "__main__": print(1)',
        'if __name__ == "__test__":\n    print(1)',
        "print(1)",
    ],
)
def test_any_other_cell_stays_as_it_is(code: str) -> None:
    [cell] = read(f"# %%\n{code}\n", "x.py").cells
    assert cell.source == code
