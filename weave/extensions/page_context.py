"""Which page is being rendered, for messages and for links.

MkDocs and Zensical each have a way of telling; outside of both there is no page.
"""

from dataclasses import dataclass
from pathlib import PurePosixPath

from markdown import Markdown

from weave.languages import language_of
from weave.paths import DOCS
from weave.text import line_of, read


@dataclass(frozen=True)
class PageContext:
    """A page: its path below docs/, and its text as it is written there."""

    path: PurePosixPath
    source: str


def page_of(md: Markdown) -> PageContext | None:
    """Return the page that is being rendered; None outside of a site's build."""
    if "relpath" in md.treeprocessors:  # MkDocs registers it for every page
        file = md.treeprocessors["relpath"].file  # type: ignore[attr-defined]
        return PageContext(PurePosixPath(file.src_uri), file.content_string)
    if "rendering_context" in md.preprocessors:  # and Zensical this
        page = md.preprocessors["rendering_context"].page  # type: ignore[attr-defined]
        return PageContext(PurePosixPath(page.path), read(DOCS / page.path))
    return None


def language(md: Markdown) -> str:
    """Return the language of the page; English where there is none."""
    page = page_of(md)
    return language_of(str(page.path)) if page else "en"


def place(md: Markdown, text: str) -> str:
    """Return ``docs/zh/page.md:12``, the first line of the page that holds ``text``."""
    page = page_of(md)
    line = line_of(page.source, text) if page else None
    return name(md) + (f":{line}" if line else "")


def name(md: Markdown) -> str:
    """Return ``docs/zh/page.md``, the file of the page."""
    page = page_of(md)
    return f"docs/{page.path}" if page else "<text>"


def as_written(md: Markdown, text: str, start: int, end: int) -> str:
    """Return what the source holds of a text's line, around [start:end].

    None of it, if it comes from elsewhere: what is shown differs from what was
    written, in values and in where lines end.
    """
    page = page_of(md)
    source = page.source if page else text
    first, last = text.rfind("\n", 0, start) + 1, (text + "\n").find("\n", end)
    begins = (at for at in range(first, start) if text[at:end] in source)
    begin = next(begins, start)
    ends = (at for at in range(last, start, -1) if text[begin:at] in source)
    return text[begin : next(ends, begin)]
