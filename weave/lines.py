"""Chinese has no spaces: where its lines are broken in the source, none may appear.

A browser shows the end of a line as a space. Between Chinese characters, and after
Chinese punctuation, it is taken out.
"""

import re
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

PUNCTUATION = "，。；：！？、（）《》“”‘’…—"
CHARACTER = f"\u4e00-\u9fff{PUNCTUATION}"
BREAK = re.compile(
    rf"(?:(?<=[{CHARACTER}])\n *(?=[{CHARACTER}])"
    rf"|(?<=[{PUNCTUATION}])\n *(?=[^\s#>|:!-])(?!\d+\. )"
    rf"|(?<=[^\s])\n *(?=[{PUNCTUATION}]))"
)


def join(text: str) -> str:
    """Take out the line ends that would show as spaces."""
    return BREAK.sub("", text)


class LinesTreeprocessor(Treeprocessor):
    """Runs before inline patterns (20), while a paragraph is one text."""

    def run(self, root: Element) -> None:
        for element in root.iter():
            if element.text and not isinstance(element.text, AtomicString):
                element.text = join(element.text)


class LinesExtension(Extension):
    def extendMarkdown(self, md: Markdown) -> None:
        md.treeprocessors.register(LinesTreeprocessor(md), "lines", 30)


def makeExtension(**kwargs: Any) -> LinesExtension:
    return LinesExtension(**kwargs)
