"""What became of a page's text: taken from MkDocs' page, and put back into one.

For the cache of pages: all that the rest of a build asks of a page that was converted.
"""

from typing import Any

from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, get_toc

from weave.site import theme

Rendered = dict[str, Any]  # of JSON's kinds


def take(page: Page) -> Rendered:
    """Return what the conversion of a page gave."""
    links = (page.links_to_anchors or {}).items()
    return {
        "title": page.title,
        "content": page.content,
        "toc": _tokens(page.toc),
        "ids": sorted(page.present_anchor_ids or ()),
        "links": {file.src_uri: anchors for file, anchors in links},
        "sections": theme.sections(page),
    }


def put_back(rendered: Rendered, page: Page, files: Files) -> None:
    """Let a page be as if it had been converted in this build."""
    page.title = rendered["title"]
    page.content = rendered["content"]
    page.toc = get_toc(rendered["toc"])
    page.present_anchor_ids = set(rendered["ids"]) or None
    links = rendered["links"].items()
    page.links_to_anchors = {files.src_uris[path]: found for path, found in links}
    page.meta["search"] = {"exclude": True}  # the sections are known


def look(page: Page) -> list[Any]:
    """Return all of a page that its template shows."""
    around = (page.previous_page, page.next_page)
    return [
        *(page.title, page.content, _tokens(page.toc)),
        *(page.url, page.canonical_url, page.edit_url, repr(sorted(page.meta.items()))),
        [[other.title, other.url] for other in around if other],
        [other is None for other in around],
    ]


def _tokens(toc: Any) -> list[dict[str, Any]]:
    return [_token(anchor) for anchor in toc]


def _token(anchor: AnchorLink) -> dict[str, Any]:
    children = _tokens(anchor.children)
    return {
        "name": anchor.title,
        "id": anchor.id,
        "level": anchor.level,
        "children": children,
    }
