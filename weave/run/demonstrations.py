"""A demonstration: a cell that is one ``if __name__ == "__main__":`` block.

In a module it does nothing, in a program it runs. The notebook, which is run and read,
has its body alone, at the margin.
"""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator

GUARD = ast.dump(ast.parse('__name__ == "__main__"', mode="eval").body)


def body_of(code: str) -> str | None:
    """Return the body of a demonstration, at the margin; None of any other cell."""
    match ast.parse(code).body:
        case [ast.If(orelse=[]) as block] if _is_guarded(block):
            lines = code.split("\n")
            inside = _at_the_margin(lines, block)
            return "\n".join([*lines[: block.lineno - 1], *inside])
    return None


def _is_guarded(block: ast.If) -> bool:
    return ast.dump(block.test) == GUARD and block.body[0].lineno > block.lineno


def _at_the_margin(lines: list[str], block: ast.If) -> list[str]:
    """Take the indentation from all lines of a block but those within a text."""
    indent, kept = block.body[0].col_offset, set(_within_texts(block))
    blank = " " * indent
    return [
        line if number in kept else line.removeprefix(blank)
        for number, line in enumerate(lines[block.lineno :], start=block.lineno + 1)
    ]


def _within_texts(block: ast.If) -> Iterator[int]:
    """Yield the lines that begin inside a string."""
    for node in ast.walk(block):
        if isinstance(node, ast.Constant | ast.JoinedStr):
            yield from range(node.lineno + 1, (node.end_lineno or 0) + 1)


def set_once(cells: Iterable[str]) -> list[str]:
    """Return the variables that one cell alone sets, of those that pages may quote."""
    counts = Counter(
        name for code in cells for name in set(_variables(ast.parse(code)))
    )
    return sorted(n for n, count in counts.items() if count == 1 and n[0] != "_")


def _variables(node: ast.AST) -> Iterator[str]:
    """Yield the names that a cell sets, outside of functions and classes."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
            yield child.id
        own = ast.FunctionDef | ast.ClassDef | ast.Lambda | ast.comprehension
        if not isinstance(child, own):
            yield from _variables(child)
