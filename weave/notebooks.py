"""A snippet as a notebook: read from percent format, split by language."""

from copy import deepcopy

import jupytext
from nbformat import NotebookNode

from weave.errors import WeaveError
from weave.lines import join

LANGUAGES = ("zh", "en")


def read(source: str, name: str) -> NotebookNode:
    """Parse a percent-format module; its Markdown cells must say their language."""
    notebook = jupytext.reads(source, fmt="py:percent")
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and cell.metadata.get("lang") not in LANGUAGES:
            raise WeaveError(
                f"{name}:{line_of(source, cell.source)}: a Markdown cell needs "
                'lang="zh" or lang="en" after "# %% [markdown]".'
            )
    # Without its language, which would have mkdocs-jupyter colour the code (see hooks).
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    notebook.metadata["language_info"] = {"name": "python"}
    return notebook


def in_language(notebook: NotebookNode, language: str) -> NotebookNode:
    """Keep the code cells, and of the Markdown cells those in ``language``."""
    result = deepcopy(notebook)
    result.cells = [
        cell for cell in result.cells if cell.metadata.get("lang", language) == language
    ]
    for number, cell in enumerate(result.cells):
        cell["id"] = f"cell-{number}"  # jupytext draws ids at random
        if cell.cell_type == "markdown":
            cell.source = join(cell.source)
    return result


def line_of(source: str, cell: str) -> int:
    """Return the line of ``source`` in which the cell's text begins (1 if nowhere)."""
    commented = "\n".join(f"# {line}".rstrip() for line in cell.splitlines())
    for text in filter(None, (cell, commented)):
        before, found, _ = source.partition(text)
        if found:
            return before.count("\n") + 1
    return 1
