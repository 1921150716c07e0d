"""The navigation: each reading mode has its own, and both side by side have a third.

The chapters are the pages between home and labs, numbered as they stand there.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page

from weave.errors import WeaveError
from weave.languages import BOTH, LANGUAGES, MODES, counterpart, mode_of
from weave.paths import CONFIG
from weave.text import line_of, read

MOST = 12  # faults: they fit on a screen
H1 = re.compile(r"<h1\b[^>]*>")


def paths(nav: Any) -> Iterator[str]:
    """Yield the pages that a configured navigation names, in order."""
    if isinstance(nav, str):
        yield nav
    elif isinstance(nav, dict | list):
        for item in nav.values() if isinstance(nav, dict) else nav:
            yield from paths(item)


def require(nav: list[Any], pages: Iterable[str]) -> None:
    """Raise WeaveError, with the lines, unless each page is in the navigation once."""
    named = [path for path in paths(nav) if mode_of(path) != BOTH and "://" not in path]
    there = set(pages)
    wrong = {path: f"there is no page {path}" for path in named if path not in there}
    twice = {path for path in named if named.count(path) > 1}
    wrong |= {path: f"nav has {path} twice" for path in sorted(twice)}
    wrong |= {path: f"nav lacks {path}" for path in sorted(there - set(named))}
    if wrong:
        config = read(CONFIG)
        lines = [line_of(config, path) or line_of(config, "nav:") for path in wrong]
        faults = zip(lines, wrong.values(), strict=True)
        said = [f"{CONFIG}:{line}: {what}" for line, what in faults]
        raise WeaveError("\n".join(said[:MOST]))


def add_both(nav: list[Any], title: str) -> list[Any]:
    """Return the configured navigation with a third part, like the Chinese one.

    Raises WeaveError unless each language has its part.
    """
    parts = {code: _part(nav, code) for code in LANGUAGES}
    return [*nav, {title: _moved(next(iter(parts["zh"].values())))}]


def _part(nav: list[Any], code: str) -> dict[str, Any]:
    for item in nav:
        if isinstance(item, dict) and next(paths(item), "").startswith(f"{code}/"):
            return item
    form = f"- Title: [{code}/index.md, …]"
    line = line_of(read(CONFIG), "nav:") or 1
    raise WeaveError(f"{CONFIG}:{line}: nav has no part for {code}/: {form}")


def _moved(item: Any) -> Any:
    if isinstance(item, str):
        return counterpart(item, BOTH)
    if isinstance(item, dict):
        return {title: _moved(child) for title, child in item.items()}
    return [_moved(child) for child in item]


@dataclass(frozen=True)
class Navigations:
    """The navigation of every mode, of pages without one, and the pages' addresses."""

    own: dict[str | None, Navigation]
    urls: dict[str, str]

    def outlines(self) -> dict[str | None, list[Any]]:
        """Return the titles and addresses of each navigation, nested as it is."""
        return {mode: _outline(nav.items) for mode, nav in self.own.items()}

    def chapters(self) -> dict[str, int]:
        """Return the number of each chapter, by its path."""
        parts = (self.own[mode].items[1:] for mode in MODES)
        return {
            page.file.src_uri: number
            for part in parts
            for number, page in enumerate(takewhile(lambda item: item.is_page, part), 1)
        }

    def modes(self, page: Page) -> dict[str, str]:
        """Return a page's address in every mode. Raises WeaveError if one is not there.

        (The greeting at the root leads to the home pages.)
        """
        paths = {mode: counterpart(page.file.src_uri, mode) for mode in MODES}
        for path in paths.values():
            if path not in self.urls:
                raise WeaveError(
                    f"mkdocs.yml: nav has {page.file.src_uri}, but not {path}."
                )
        return {mode: self.urls[path] for mode, path in paths.items()}


def number(page: Page, chapter: int) -> None:
    """Put a chapter's number before its title, and before the heading on the page."""
    page.title = f"{chapter} {page.title}"
    numbered = rf'\g<0><span class="number">{chapter}</span> '
    page.content = H1.sub(numbered, page.content or "", count=1)


def separate(nav: Navigation) -> Navigations:
    """Divide the navigation: "previous" and "next" end where the mode ends."""
    for page in nav.pages:
        own = mode_of(page.file.src_uri)
        if page.previous_page and mode_of(page.previous_page.file.src_uri) != own:
            page.previous_page = None
        if page.next_page and mode_of(page.next_page.file.src_uri) != own:
            page.next_page = None
    own_navs: dict[str | None, Navigation] = {mode: _own(nav, mode) for mode in MODES}
    urls = {page.file.src_uri: page.url for page in nav.pages}
    return Navigations(own_navs | {None: _doors(nav)}, urls)


def _own(nav: Navigation, mode: str) -> Navigation:
    """Return the part of the navigation that belongs to ``mode``."""
    pages = [page for page in nav.pages if mode_of(page.file.src_uri) == mode]
    items = next(
        item.children
        for item in nav.items
        if isinstance(item, Section) and _holds(item, pages[0])
    )
    for item in items:
        item.parent = None
    own = Navigation(items, pages)
    own.homepage = pages[0]
    return own


def _outline(items: list[Any]) -> list[Any]:
    return [
        [item.title, _outline(item.children) if item.children else item.url]
        for item in items
    ]


def _doors(nav: Navigation) -> Navigation:
    """Return the navigation of a page that has no mode: to the home page of each."""
    homes = [f"{mode}/index.md" for mode in MODES]
    pages = [page for page in nav.pages if page.file.src_uri in homes]
    doors = Navigation(list(pages), list(nav.pages))
    doors.homepage = nav.homepage
    return doors


def _holds(section: Section, page: Page) -> bool:
    return any(
        child is page or (isinstance(child, Section) and _holds(child, page))
        for child in section.children
    )
