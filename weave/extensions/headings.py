"""A page has one title, and every heading states an id that no other has.

By it both languages, links and the search find a section; made from the words of a
heading, it would be another one in each language.
"""

import re
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor

from weave.errors import WeaveError
from weave.extensions.page_context import name, page_of

HEADING = re.compile("h[1-6]")
STATED = r"\{{ *#(?:{})(?![\w-])"  # ids, in a line of the source


class HeadingTreeprocessor(Treeprocessor):
    def run(self, root: Element) -> None:
        headings = [node for node in root.iter() if HEADING.fullmatch(node.tag)]
        for heading in headings:
            self._require_id(heading)
        ids = [heading.attrib["id"] for heading in headings]
        for twice in sorted({i for i in ids if ids.count(i) > 1}):
            what = f"the id {twice} stands there twice; an id belongs to one heading"
            self._refuse(what, STATED.format(twice))
        titles = [node.attrib["id"] for node in headings if node.tag == "h1"]
        if len(titles) != 1:
            what = f"{len(titles)} titles; a page has one, # Title {{ #my-page }}"
            self._refuse(what, STATED.format("|".join(titles)))

    def _require_id(self, heading: Element) -> None:
        if "id" not in heading.attrib:
            text = next(heading.itertext(), "").strip()
            form = f"{'#' * int(heading.tag[1])} {text} {{ #my-section }}"
            what = f"a heading needs an id, one for both languages: {form}"
            self._refuse(what, f"^[# ]*{re.escape(text)}")

    def _refuse(self, what: str, where: str) -> None:
        """Raise the error with the numbers of the lines on which ``where`` matches."""
        page = page_of(self.md)
        lines = page.source.splitlines() if page else []
        found = [str(at) for at, line in enumerate(lines, 1) if re.search(where, line)]
        raise WeaveError(f"{name(self.md)}:{', '.join(found) or 1}: {what}")


class HeadingExtension(Extension):
    def extendMarkdown(self, md: Markdown) -> None:
        # After "attr_list" (8) has set the ids, before "toc" (5) makes up the others.
        md.treeprocessors.register(HeadingTreeprocessor(md), "headings", 6)


def makeExtension(**kwargs: Any) -> HeadingExtension:
    return HeadingExtension(**kwargs)
