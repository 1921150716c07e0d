"""A snippet as a notebook, read from percent format."""

import warnings

import jupytext
from nbformat import NotebookNode

from weave.errors import WeaveError
from weave.languages import LANGUAGES
from weave.run.demonstrations import body_of


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
    """Parse a percent-format module; its Markdown cells must say their language.

    Every cell knows the line of the source on which its text begins. A demonstration
    is its body.
    """
    notebook: NotebookNode = jupytext.reads(source, fmt="py:percent")
    _place(notebook, source)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            _take_guard_off(cell)
        elif cell.metadata.get("lang") not in LANGUAGES:
            raise WeaveError(
                f"{name}:{cell.metadata['line']}: a Markdown cell needs "
                'lang="zh" or lang="en" after "# %% [markdown]".'
            )
    # jupytext's own, in the order of hashes, says how to write the file back.
    notebook.metadata.pop("jupytext", None)
    # Without the kernel's language, by which mkdocs-jupyter would colour the code: the
    # lab's page does, of the plain text.
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    notebook.metadata["language_info"] = {"name": "python"}
    return notebook


def _place(notebook: NotebookNode, source: str) -> None:
    """Note for each cell the line on which its text begins: after the last one's."""
    end = 0
    for cell in notebook.cells:
        commented = "\n".join(f"# {line}".rstrip() for line in cell.source.splitlines())
        text = cell.source if cell.cell_type == "code" else commented
        found = source.find(text, end)
        end = max(found, end)
        cell.metadata["line"] = source.count("\n", 0, end) + 1
        end += len(text) if found >= 0 else 0


def _take_guard_off(cell: NotebookNode) -> None:
    """Make a demonstration its body."""
    body = body_of(cell.source)
    if body is not None:
        cell.metadata["line"] += 1
        cell.source = body
