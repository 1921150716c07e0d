"""Where in the notes a text stands, for messages and for links."""

from pathlib import PurePosixPath
from typing import Any

from markdown import Markdown


def page(md: Markdown) -> PurePosixPath | None:
    """Return the page's path below docs/ while MkDocs renders it, else None."""
    file = _file(md)
    return PurePosixPath(file.src_uri) if file else None


def language(md: Markdown) -> str:
    """Return the language of the page: the name of the folder it lies in."""
    path = page(md)
    return path.parts[0] if path and len(path.parts) > 1 else "en"


def place(md: Markdown, text: str) -> str:
    """Return ``docs/zh/page.md:12``, the first line of the page that holds ``text``."""
    file = _file(md)
    if file is None:
        return "<text>"
    source = file.content_string
    if text not in source:
        return f"docs/{file.src_uri}"
    return f"docs/{file.src_uri}:{source.partition(text)[0].count(chr(10)) + 1}"


def _file(md: Markdown) -> Any:
    # MkDocs registers this processor for every page; elsewhere there is none.
    if "relpath" not in md.treeprocessors:
        return None
    return md.treeprocessors["relpath"].file  # type: ignore[attr-defined]
