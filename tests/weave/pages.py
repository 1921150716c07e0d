"""Renders a text as a page of the notes: with a file, hence a language and places."""

from types import SimpleNamespace
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor


class _Page(Treeprocessor):
    """Stands where MkDocs registers the processor that knows the page's file."""

    def __init__(self, md: Markdown, src_uri: str, text: str) -> None:
        super().__init__(md)
        self.file = SimpleNamespace(src_uri=src_uri, content_string=text)

    def run(self, root: Element) -> None:
        """Change nothing."""


def markdown(
    text: str,
    *extensions: Extension | str,
    src_uri: str = "zh/page.md",
    configs: dict[str, dict[str, Any]] | None = None,
) -> Markdown:
    """Return a converter that takes ``text`` for the page at ``src_uri``."""
    md = Markdown(extensions=list(extensions), extension_configs=configs or {})
    md.treeprocessors.register(_Page(md, src_uri, text), "relpath", 0)
    return md


def render(
    text: str,
    *extensions: Extension | str,
    src_uri: str = "zh/page.md",
    configs: dict[str, dict[str, Any]] | None = None,
) -> str:
    """Return the HTML of the page at ``src_uri`` that holds ``text``."""
    return markdown(text, *extensions, src_uri=src_uri, configs=configs).convert(text)
