"""Lines of a text, and what stands inside an element of HTML."""

import re
from html import escape
from typing import Any

from lxml import html

# Chinese has no spaces, but a browser shows the end of a line as one.
PUNCTUATION = "，。；：！？、（）《》“”‘’…—"
CHARACTER = f"\u4e00-\u9fff{PUNCTUATION}"
BREAK = re.compile(
    rf"(?:(?<=[{CHARACTER}])\n *(?=[{CHARACTER}])"
    rf"|(?<=[{PUNCTUATION}])\n *(?=[^\s#>|:!-])(?!\d+\. )"
    rf"|(?<=[^\s])\n *(?=[{PUNCTUATION}]))"
)


def join_chinese_lines(text: str) -> str:
    """Take out the line ends between Chinese characters and after their punctuation."""
    return BREAK.sub("", text)


def line_of(text: str, part: str) -> int | None:
    """Return the number of the first line that holds ``part``; None if none does."""
    before, found, _ = text.partition(part)
    return before.count("\n") + 1 if found else None


def inner_html(node: Any) -> str:
    """Return what stands between the tags of an lxml element, as HTML."""
    children = (html.tostring(child, encoding="unicode") for child in node)
    return escape(node.text or "", quote=False) + "".join(children)
