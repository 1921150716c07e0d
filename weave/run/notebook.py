"""A snippet as a notebook, read from percent format."""

import warnings

import jupytext
from nbformat import NotebookNode

from weave.errors import WeaveError
from weave.languages import LANGUAGES
from weave.text import line_of


def decode(data: bytes, name: str) -> str:
    """Return the text of a snippet's file, whatever its line ends and its mark."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise WeaveError(
            f"{name}:{line}: a byte that is no UTF-8: 0x{data[error.start]:02x}. "
            "Save the file as UTF-8."
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def require_python(source: str, name: str) -> None:
    """Raise WeaveError with the line, if the source is not Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # as in the kernel
            compile(source, name, "exec", dont_inherit=True)
    except SyntaxError as error:
        raise WeaveError(
            f"{name}:{error.lineno or 1}: {type(error).__name__}: {error.msg}\n"
            f"{(error.text or '').strip()}"
        ) from error
    except ValueError as error:  # a null byte
        line = source.partition("\0")[0].count("\n") + 1
        raise WeaveError(f"{name}:{line}: {error}. Take it out.") from error


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
