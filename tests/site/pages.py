"""Looking at built pages: their text, their links, where these lead."""

import posixpath
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

Page = Any  # an element of lxml, which brings no types
Pages = dict[str, Page]

NOT_TEXT = {"pre", "code", "math", "script", "style"}


def mode(path: str) -> str:
    """Return the folder a page lies in: zh, en or both."""
    return path.partition("/")[0]


def article(page: Page) -> Page:
    """Return what the page is about, without header, navigation and footer."""
    return page.find(".//article")


def text(node: Page) -> str:
    """Return what a reader reads, code and formulas aside."""
    return "".join(_texts(node))


def _texts(node: Page) -> Iterator[str]:
    if node.tag not in NOT_TEXT and isinstance(node.tag, str):
        yield node.text or ""
        for child in node:
            yield from _texts(child)
            yield child.tail or ""


def headings(page: Page) -> list[tuple[str, str]]:
    """Return tag and id of the article's headings, in order."""
    nodes = article(page).xpath(".//h1 | .//h2 | .//h3 | .//h4")
    return [(node.tag, node.get("id") or "") for node in nodes]


def is_elsewhere(url: str) -> bool:
    """Tell whether a URL leads to another host (or is no address at all)."""
    parts = urlsplit(url)
    return bool(parts.scheme or parts.netloc)


def target(path: str, url: str) -> tuple[str, str]:
    """Return the file and the anchor to which ``url`` leads from the page ``path``."""
    parts = urlsplit(url)
    here = posixpath.dirname(path)
    file = posixpath.normpath(posixpath.join("/", here, unquote(parts.path)))[1:]
    if not parts.path:
        file = path
    elif parts.path.endswith(("/", "..", ".")) or not posixpath.basename(file):
        file = posixpath.join(file, "index.html")
    return file, unquote(parts.fragment)
