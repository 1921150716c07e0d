"""A file's text, its lines, and what stands inside an element of HTML."""

import re
from html import escape
from pathlib import Path
from typing import Any

from lxml import html

from weave.errors import WeaveError

# Chinese has no spaces, but a browser shows the end of a line as one.
PUNCTUATION = "，。；：！？、（）《》“”‘’…—"
CHARACTER = f"\u4e00-\u9fff{PUNCTUATION}"
BREAK = re.compile(
    rf"(?:(?<=[{CHARACTER}])\n *(?=[{CHARACTER}])"
    rf"|(?<=[{PUNCTUATION}])\n *(?=[^\s#>|:!-])(?!\d+\. )"
    rf"|(?<=[^\s])\n *(?=[{PUNCTUATION}]))"
)


def read(path: Path) -> str:
    """Return the text of a file. Raises WeaveError with the line if it is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        byte = error.object[error.start]
        raise WeaveError(
            f"{path}:{line}: byte {byte:#x} is not UTF-8: save the file in UTF-8."
        ) from None


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
