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

CODE = re.compile(r"<pre\b.*?</pre>", re.S)
MARK = re.compile(r'<span class="(?P<kind>\w+)">(?P<text>[^<>]*)</span>')


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


def lighten(html: str) -> str:
    """Take the marks that have no colour out of the code in Pygments' HTML."""
    return CODE.sub(lambda code: MARK.sub(_own_colour, code[0]), html)


def _own_colour(mark: re.Match[str]) -> str:
    kind = KINDS.get(mark["kind"])
    return f'<span class="{kind}">{mark["text"]}</span>' if kind else mark["text"]


def _kind(token: _TokenType) -> str | None:
    return KINDS.get(STANDARD_TYPES[token])


class HighlightPostprocessor(Postprocessor):
    def run(self, text: str) -> str:
        return lighten(text)


class HighlightExtension(Extension):
    def extendMarkdown(self, md: Markdown) -> None:
        # After "raw_html" (30) has put the blocks of code back in place.
        md.postprocessors.register(HighlightPostprocessor(md), "highlight", 4)


def makeExtension(**kwargs: Any) -> HighlightExtension:
    return HighlightExtension(**kwargs)
