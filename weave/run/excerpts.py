"""One excerpt a top-level function or class of a snippet: its source, by its name."""

import ast


def excerpts(source: str) -> dict[str, str]:
    """Return ``{name: source}`` for every top-level function and class."""
    return {
        node.name: _lines(source, node)
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }


def _lines(source: str, node: ast.FunctionDef | ast.ClassDef) -> str:
    first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
    # Not splitlines: it breaks at characters that do not end a line of Python.
    return "\n".join(source.split("\n")[first - 1 : node.end_lineno]) + "\n"
