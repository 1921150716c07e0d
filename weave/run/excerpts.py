"""What pages quote of a snippet by name: functions, classes, cells, what they print.

Functions, classes and named cells share one set of names.
"""

import ast
import re
from collections.abc import Iterator

from nbformat import NotebookNode

from weave.errors import WeaveError

NAME = re.compile(r"[a-z]\w*", re.A)
TAKEN = {"output", "values", "fingerprint"}  # the run's own files
EXAMPLE = '# %% name="descent"\nif __name__ == "__main__":\n    print(...)'


def quotations(notebook: NotebookNode, source: str) -> dict[str, str]:
    """Return the files that a run's excerpts fill, by their names."""
    named = [cell for cell in _code(notebook) if "name" in cell.metadata]
    printed = {cell.metadata["name"]: _printed(cell) for cell in named}
    return {
        **{f"{name}.py": code for name, code in excerpts(source).items()},
        **{f"{cell.metadata['name']}.py": f"{cell.source}\n" for cell in named},
        **{f"{name}.txt": text for name, text in printed.items() if text},
        "output.txt": "".join(map(_printed, _code(notebook))),
    }


def excerpts(source: str) -> dict[str, str]:
    """Return ``{name: source}`` for every top-level function and class."""
    return {node.name: _lines(source, node) for node in _definitions(source)}


def require_names(notebook: NotebookNode, source: str, name: str) -> None:
    """Raise WeaveError at a name that is none or stands twice, or if there is none."""
    lines = {node.name: node.lineno for node in _definitions(source)}
    named = [cell for cell in _code(notebook) if "name" in cell.metadata]
    if not named:
        raise WeaveError(
            f"{name}:1: no cell has a name, by which a page could quote it:\n{EXAMPLE}"
        )
    for cell in named:
        own, line = cell.metadata["name"], cell.metadata["line"]
        if not NAME.fullmatch(own) or own in TAKEN:
            raise WeaveError(
                f"{name}:{line}: no name for a cell: {own}. Letters, digits and _, "
                f"a small letter first; not {', '.join(sorted(TAKEN))}."
            )
        if own in lines:
            raise WeaveError(
                f"{name}:{line}: the name {own} stands in line {lines[own]}, too. "
                "Pages quote by name: give one of them another."
            )
        lines[own] = line


def _definitions(source: str) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node


def _lines(source: str, node: ast.FunctionDef | ast.ClassDef) -> str:
    first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
    # Not splitlines: it breaks at characters that do not end a line of Python.
    return "\n".join(source.split("\n")[first - 1 : node.end_lineno]) + "\n"


def _code(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _printed(cell: NotebookNode) -> str:
    outputs = cell.get("outputs", [])
    return "".join(o.text for o in outputs if o.output_type == "stream")
