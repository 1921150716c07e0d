"""``$…$`` and ``$$…$$`` become MathML: no script, and a wrong formula stops the build.

Works on the HTML that pymdownx.arithmatex leaves (generic mode), whose text is escaped.
"""

import html
import re
from typing import Any

import math_core
from markdown import Extension, Markdown
from markdown.postprocessors import Postprocessor

from weave.errors import WeaveError
from weave.extensions.page_context import place

# A formula, and the Chinese marks at it: a browser would break the line in between.
ARITHMATEX = re.compile(
    r"(?P<before>[（“《]?)"
    r'<(?P<tag>span|div) class="arithmatex">\\[(\[](?P<tex>.*?)\\[)\]]</(?P=tag)>'
    r"(?P<after>[，。；：！？、）”》]*)",
    re.S,
)
_converter = math_core.LatexToMathML(fancy_error=False)


class FormulaError(WeaveError):
    """A formula that does not parse; ``tex`` is its source."""

    def __init__(self, tex: str, reason: object) -> None:
        super().__init__(f"this formula does not parse: {reason}\n    {tex}")
        self.tex = tex


def mathml(tex: str, *, display: bool) -> str:
    """Convert one LaTeX formula. Raises FormulaError that shows where it breaks."""
    try:
        return _converter.convert_with_local_state(tex, displaystyle=display)
    except math_core.LatexError as error:
        raise FormulaError(tex, error) from None


class MathPostprocessor(Postprocessor):
    def run(self, text: str) -> str:
        return ARITHMATEX.sub(self._replace, text)

    def _replace(self, match: re.Match[str]) -> str:
        tex = html.unescape(match["tex"]).strip()
        display = match["tag"] == "div"
        try:
            formula = mathml(tex, display=display)
        except FormulaError as error:
            first = tex.splitlines()[0] if tex else "$"
            raise WeaveError(f"{place(self.md, first)}: {error}") from None
        if display:  # a wide one scrolls in its own box; the keyboard must reach it
            formula = f'<div class="formula" tabindex="0">{formula}</div>'
        whole = match["before"] + formula + match["after"]
        tied = not display and whole != formula
        return f'<span class="tied">{whole}</span>' if tied else whole


class MathExtension(Extension):
    def extendMarkdown(self, md: Markdown) -> None:
        # After "raw_html" (30) has put arithmatex's blocks back in place.
        md.postprocessors.register(MathPostprocessor(md), "mathml", 5)


def makeExtension(**kwargs: Any) -> MathExtension:
    return MathExtension(**kwargs)
