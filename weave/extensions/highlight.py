"""Code as HTML, coloured only where a reader can tell the difference.

Marking every name and bracket, as Pygments' own HTML does, makes the code of a lab five
times as long, and of the elements of a chapter every third one such a mark.
"""

import re
from html import escape
from itertools import groupby
from typing import Any

from markdown import Extension, Markdown
from markdown.postprocessors import Postprocessor
from pygments.lexers import PythonLexer
from pygments.token import STANDARD_TYPES, _TokenType

# What has a colour of its own, by Pygments' short names, and which one it is.
KINDS = dict.fromkeys(("k", "kn", "kt", "ow"), "k")  # keywords
KINDS |= dict.fromkeys(("s", "s1", "s2", "sa", "si", "se"), "s")  # strings, their parts
KINDS |= dict.fromkeys(("c", "c1", "sd"), "c")  # comments, docstrings
KINDS |= dict.fromkeys(("nf", "nc"), "nf")  # what is defined
# Commands and what they print have kinds of their own.
KINDS |= {name: name for name in STANDARD_TYPES.values() if name.startswith("g")}

Token = tuple[str | None, str]  # its colour, its text
SPACE = " "  # no colour, or any
COMMONEST = "s"  # needs no class: assets/theme/stylesheets/code.css

CODE = re.compile(r"<pre\b.*?</pre>", re.S)
MARK = re.compile(r'<span class="(?P<kind>\w+)">(?P<text>[^<>]*)</span>')


def light_code(code: str) -> str:
    """Return Python code as HTML, with ``<i class="kind">`` where it has a colour."""
    tokens = [_token(kind, text) for kind, text in PythonLexer().get_tokens(code)]
    pieces = _merged(_bridged(_merged(tokens)))
    return "".join(_html(kind, escape(text, quote=False)) for kind, text in pieces)


def _token(kind: _TokenType, text: str) -> Token:
    return (SPACE if text.isspace() else KINDS.get(STANDARD_TYPES[kind]), text)


def _merged(tokens: list[Token]) -> list[Token]:
    """Make one of what stands side by side and has one colour."""
    runs = groupby(tokens, key=lambda token: token[0])
    return [(kind, "".join(text for _, text in run)) for kind, run in runs]


def _bridged(tokens: list[Token]) -> list[Token]:
    """Give the space between two pieces of one colour that colour."""
    kinds = [kind for kind, _ in tokens]
    around = zip([None, *kinds], [*kinds[1:], None], tokens, strict=False)
    return [
        (before if kind == SPACE and before == after else kind, text)
        for before, after, (kind, text) in around
    ]


def _html(kind: str | None, text: str) -> str:
    if kind in (None, SPACE):
        return text
    return f"<i>{text}</i>" if kind == COMMONEST else f'<i class="{kind}">{text}</i>'


def lighten(html: str) -> str:
    """Take the marks that have no colour out of the code in Pygments' HTML."""
    return CODE.sub(lambda code: MARK.sub(_own_colour, code[0]), html)


def _own_colour(mark: re.Match[str]) -> str:
    kind = KINDS.get(mark["kind"])
    return f'<span class="{kind}">{mark["text"]}</span>' if kind else mark["text"]


class HighlightPostprocessor(Postprocessor):
    def run(self, text: str) -> str:
        return lighten(text)


class HighlightExtension(Extension):
    def extendMarkdown(self, md: Markdown) -> None:
        # After "raw_html" (30) has put the blocks of code back in place.
        md.postprocessors.register(HighlightPostprocessor(md), "highlight", 4)


def makeExtension(**kwargs: Any) -> HighlightExtension:
    return HighlightExtension(**kwargs)
