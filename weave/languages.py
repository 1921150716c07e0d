"""Two languages in one build, and both side by side: which page is whose.

A page lies in the folder of its reading mode: zh/, en/ or both/.
"""

from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page

from weave.errors import WeaveError
from weave.notebooks import LANGUAGES

BOTH = "both"
MODES = (*LANGUAGES, BOTH)
# The language of the interface in each mode; the greeting at the root has no mode.
INTERFACE = {"zh": "zh", "en": "en", BOTH: "zh", None: "zh"}


def mode_of(src_uri: str) -> str | None:
    """Return the reading mode of a page; None for the greeting at the root."""
    first, slash, _ = src_uri.partition("/")
    return first if slash and first in MODES else None


def counterpart(src_uri: str, mode: str) -> str:
    """Return the same page's path in another mode (from the root: the home page)."""
    if mode_of(src_uri) is None:
        return f"{mode}/index.md"
    rest = Path(src_uri.partition("/")[2])
    if rest.parts[0] == "labs":
        rest = rest.with_suffix(".md" if mode == BOTH else ".ipynb")
    return f"{mode}/{rest.as_posix()}"


def require_both(docs: Path) -> None:
    """Raise WeaveError if a page exists in one language only."""
    names = {
        code: {str(p.relative_to(docs / code)) for p in (docs / code).rglob("*.md")}
        for code in LANGUAGES
    }
    for code in LANGUAGES:
        other = set().union(*names.values()) - names[code]
        for name in sorted(other):
            raise WeaveError(f"docs/{code}/{name}: missing; the other language has it.")


def add_both(nav: list[Any]) -> list[Any]:
    """Return the configured navigation with a third part, like the Chinese one."""
    zh = next(item for item in nav if isinstance(item, dict) and _starts(item, "zh/"))
    return [*nav, {"对照": _moved(next(iter(zh.values())))}]


def _starts(item: Any, prefix: str) -> bool:
    if isinstance(item, str):
        return item.startswith(prefix)
    children = next(iter(item.values())) if isinstance(item, dict) else item
    return _starts(children if isinstance(children, str) else children[0], prefix)


def _moved(item: Any) -> Any:
    if isinstance(item, str):
        return counterpart(item, BOTH)
    if isinstance(item, dict):
        return {title: _moved(child) for title, child in item.items()}
    return [_moved(child) for child in item]


def separate(nav: Navigation) -> None:
    """Let "previous" and "next" end where the mode ends."""
    for page in nav.pages:
        before, after = page.previous_page, page.next_page
        own = mode_of(page.file.src_uri)
        if before and mode_of(before.file.src_uri) != own:
            page.previous_page = None
        if after and mode_of(after.file.src_uri) != own:
            page.next_page = None


def own_nav(nav: Navigation, mode: str) -> Navigation:
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


def doors(nav: Navigation) -> Navigation:
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


def speak(config: MkDocsConfig, page: Page, nav: Navigation) -> None:
    """Set the theme's language, labels and links for the page about to render."""
    language = INTERFACE[mode_of(page.file.src_uri)]
    words: dict[str, Any] = config.extra["languages"][language]
    config.theme["language"] = language
    config.site_name = words["site_name"]
    config.site_description = words["description"]
    config.copyright = words["copyright"]
    config.extra["words"] = words
    config.extra["modes"] = modes(page, nav)


def modes(page: Page, nav: Navigation) -> dict[str, str]:
    """Return the page's address in every mode."""
    urls = {other.file.src_uri: other.url for other in nav.pages}
    paths = {mode: counterpart(page.file.src_uri, mode) for mode in MODES}
    for path in paths.values():
        if path not in urls:
            raise WeaveError(
                f"mkdocs.yml: nav has {page.file.src_uri}, but not {path}."
            )
    return {mode: urls[path] for mode, path in paths.items()}
