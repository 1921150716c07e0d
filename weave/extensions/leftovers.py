"""Marks that are left in a page's text: what they were to make was not understood.

Where a formula, a value or a link is well formed, its marks are gone by the time the
text is shown. One that can still be read there stops the build; so does a tag of HTML
that does not close, or closes what is not open.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.postprocessors import Postprocessor
from markdown.treeprocessors import Treeprocessor

from weave.errors import WeaveError
from weave.extensions.page_context import as_written, place

LINK = "a link or an image is [words](page.md#section), ![words](module/figure.svg)"
# What is left, and what would have been understood.
MARKS = {
    r"\$+": r"a formula is $x$, or $$ on lines of its own; a dollar is written \$",
    r"\{\{|\}\}|\{ *[a-z_]\w*\.\w[^{}]*\}": "a value is {{ module.name:.2f }}",
    r"\{:? *[#.][\w-]": "an id is { #my-section }, at the end of a heading's line",
    r"!\[|\]\(|\]\[|\[\^|\] \([^)\s]+\.(?:md|ipynb|svg|png)": LINK,
    r"(?m)^ *(?:!!|\?\?)": 'a box is !!! note "Title" or ??? success "Title"',
    r"(?m)^ */{3}": "a caption is /// caption, its text, and /// at its end",
    r"(?m)^(?:<{7}|>{7})": "two versions of the page were not merged: choose one",
    r"`": "code stands between two `, a block of it between two lines of ```",
    r"\*\*": "what is bold stands between two **, without spaces inside",
}
APART = {"code", "pre", "script", "style"}
VOID = {"br", "col", "hr", "img", "input", "source", "wbr"}  # they have no end


class LeftoverTreeprocessor(Treeprocessor):
    def run(self, root: Element) -> None:
        for text in _texts(root):
            for mark, form in MARKS.items():
                if match := re.search(mark, text):
                    self._refuse(text, match, form)

    def _refuse(self, text: str, match: re.Match[str], form: str) -> None:
        written = as_written(self.md, text, *match.span()) or text
        left = f"{match[0].strip()} is left over; {form}\n    {written.strip()}"
        raise WeaveError(f"{place(self.md, written)}: {left}")


def _texts(node: Element) -> Iterator[str]:
    """Yield what can be read in a node, code and formulas aside."""
    if node.tag in APART or "arithmatex" in node.get("class", ""):
        return
    yield from (node.text or "", node.get("alt", ""))
    for child in node:
        yield from _texts(child)
        yield child.tail or ""


class TagPostprocessor(Postprocessor):
    def run(self, text: str) -> str:
        if tag := _unpaired(text):
            where = place(self.md, f"<{tag}")
            raise WeaveError(
                f"{where}: <{tag}> needs one </{tag}>, and that one a <{tag}>"
            )
        return text


def _unpaired(html: str) -> str | None:
    """Return the first tag that does not close, or that closes nothing."""
    reader = _Tags()
    reader.feed(html)
    reader.close()
    return next(iter([*reader.unpaired, *reader.open]), None)


class _Tags(HTMLParser):
    """Knows which tags are open, and which one could not be paired."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.unpaired: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        """It is a pair by itself."""

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
        elif tag not in VOID:
            self.unpaired.append(self.open[-1] if tag in self.open else tag)


class LeftoverExtension(Extension):
    def extendMarkdown(self, md: Markdown) -> None:
        # After "inline" (20); before "unescape" (0) makes a plain $ of \$.
        md.treeprocessors.register(LeftoverTreeprocessor(md), "leftovers", 7)
        # When all that was put aside is back in place.
        md.postprocessors.register(TagPostprocessor(md), "tags", 3)


def makeExtension(**kwargs: Any) -> LeftoverExtension:
    return LeftoverExtension(**kwargs)
