"""Code as HTML, coloured only where a reader can tell the difference.

Marking every name and bracket, as Pygments' own HTML does, makes a page five times as
long.
"""

from html import escape
from itertools import groupby

from pygments.lexers import PythonLexer
from pygments.token import STANDARD_TYPES, _TokenType

# Keywords, strings, comments and what is defined, by Pygments' short names.
COLOURED = {"k", "kc", "kn", "kt", "ow", "s", "s1", "s2", "sd", "c", "c1", "nf", "nc"}
PARTS_OF_STRINGS = {"sa", "si", "se"}  # prefix, braces, escapes


def light_code(code: str) -> str:
    """Return Python code as HTML: ``<i class="kind">`` where it has a colour."""
    tokens = ((_kind(token), text) for token, text in PythonLexer().get_tokens(code))
    pieces = (
        (kind, escape("".join(text for _, text in run), quote=False))
        for kind, run in groupby(tokens, key=lambda token: token[0])
    )
    return "".join(
        f'<i class="{kind}">{text}</i>' if kind else text for kind, text in pieces
    )


def _kind(token: _TokenType) -> str | None:
    name = STANDARD_TYPES[token]
    if name in PARTS_OF_STRINGS:
        return "s2"
    return name if name in COLOURED else None
