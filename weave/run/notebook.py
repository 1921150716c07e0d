"""A snippet as a notebook, read from percent format."""

import jupytext
from nbformat import NotebookNode

from weave.errors import WeaveError
from weave.languages import LANGUAGES
from weave.text import line_of


def read(source: str, name: str) -> NotebookNode:
    """Parse a percent-format module; its Markdown cells must say their language."""
    notebook: NotebookNode = jupytext.reads(source, fmt="py:percent")
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and cell.metadata.get("lang") not in LANGUAGES:
            raise WeaveError(
                f"{name}:{line_of_cell(source, cell.source)}: a Markdown cell needs "
                'lang="zh" or lang="en" after "# %% [markdown]".'
            )
    # Without the kernel's language, by which mkdocs-jupyter would colour the code: the
    # lab's page does, of the plain text.
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    notebook.metadata["language_info"] = {"name": "python"}
    return notebook


def line_of_cell(source: str, cell: str) -> int:
    """Return the line of ``source`` in which a cell's text begins (1 if nowhere)."""
    commented = "\n".join(f"# {line}".rstrip() for line in cell.splitlines())
    lines = (line_of(source, text) for text in (cell, commented) if text)
    return next((line for line in lines if line), 1)
