"""A snippet's labs: the executed notebook, once in each language."""

import base64
from copy import deepcopy
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from weave.languages import LANGUAGES
from weave.text import join_chinese_lines

KEPT = {"lang", "name"}  # of what a cell says of itself


def lab_path(module: str, language: str) -> str:
    """Return where a lab's notebook lies, in its artifact folder and on the site."""
    return f"{language}/labs/{module}.ipynb"


def write_labs(notebook: NotebookNode, module: str, folder: Path) -> None:
    """Write the notebook into the artifact folder, once in each language."""
    for language in LANGUAGES:
        lab = folder / lab_path(module, language)
        lab.parent.mkdir(parents=True)
        own = in_language(notebook, language)
        _show_pictures(own, language, folder)
        text = nbformat.writes(own, version=4)
        lab.write_text(text, encoding="utf-8")


def in_language(notebook: NotebookNode, language: str) -> NotebookNode:
    """Keep the code cells, and of the Markdown cells those in ``language``."""
    result = deepcopy(notebook)
    result.cells = [
        cell for cell in result.cells if cell.metadata.get("lang", language) == language
    ]
    for number, cell in enumerate(result.cells):
        cell["id"] = f"cell-{number}"  # jupytext draws ids at random
        cell.metadata = {k: v for k, v in cell.metadata.items() if k in KEPT}
        if cell.cell_type == "markdown":
            cell.source = join_chinese_lines(cell.source)
    return result


def _show_pictures(notebook: NotebookNode, language: str, folder: Path) -> None:
    """Put the pictures of this language in place of those that the kernel showed."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if mark := output.get("metadata", {}).get("weave"):
                png = (folder / f"{mark['figure']}.{language}.png").read_bytes()
                output["data"]["image/png"] = base64.b64encode(png).decode()
