"""Which page is being rendered, for messages and for links.

MkDocs and Zensical each have a way of telling; outside of both there is no page.
"""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from markdown import Markdown

from weave.languages import language_of
from weave.paths import DOCS
from weave.text import line_of


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
        return PageContext(PurePosixPath(page.path), _read(DOCS / page.path))
    return None


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def language(md: Markdown) -> str:
    """Return the language of the page; English where there is none."""
    page = page_of(md)
    return language_of(str(page.path)) if page else "en"


def place(md: Markdown, text: str) -> str:
    """Return ``docs/zh/page.md:12``, the first line of the page that holds ``text``."""
    page = page_of(md)
    if page is None:
        return "<text>"
    line = line_of(page.source, text)
    return f"docs/{page.path}" + (f":{line}" if line else "")
