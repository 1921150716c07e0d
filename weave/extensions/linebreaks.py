"""Chinese has no spaces: where its lines are broken in the source, none may appear."""

from typing import Any
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from weave.text import join_chinese_lines


class LinebreakTreeprocessor(Treeprocessor):
    """Runs before inline patterns (20), while a paragraph is one text."""

    def run(self, root: Element) -> None:
        for element in root.iter():
            if element.text and not isinstance(element.text, AtomicString):
                element.text = join_chinese_lines(element.text)


class LinebreakExtension(Extension):
    def extendMarkdown(self, md: Markdown) -> None:
        md.treeprocessors.register(LinebreakTreeprocessor(md), "linebreaks", 30)


def makeExtension(**kwargs: Any) -> LinebreakExtension:
    return LinebreakExtension(**kwargs)
