"""Terms on the page: their list, and the meaning of each at its first use.

A line ``[[glossary]]`` becomes the list of terms; the first use of a term on any other
page carries its meaning, shown on hover, focus or tap.
"""

import re
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from weave.extensions.page_context import language, page_of
from weave.glossary import Term, load, pattern
from weave.languages import other

MARKER = "[[glossary]]"
UNMARKED = {"glossary", "symbols", "index", "errata"}  # pages
# Where a reader does not look a word up: headings, links, code, heads of tables.
QUIET = {
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "a",
    "abbr",
    "code",
    "pre",
    "summary",
    "th",
}


def listing(terms: tuple[Term, ...], code: str) -> str:
    """Return the glossary as Markdown, sorted by the English name."""
    ordered = sorted(terms, key=lambda term: term.name["en"].lower())
    return "\n".join(
        f"## {term.name[code]} <small>{term.name[other(code)]}</small> "
        f"{{ #{term.id} }}\n\n"
        f"{term.meaning[code]} [→]({term.taught})\n"
        for term in ordered
    )


class ListingPreprocessor(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        if MARKER not in lines:
            return lines
        text = listing(load(), language(self.md))
        return "\n".join(lines).replace(MARKER, text).split("\n")


class TermTreeprocessor(Treeprocessor):
    """Gives the first use of every term on a page its meaning."""

    def run(self, root: Element) -> None:
        page = page_of(self.md)
        if page is None or page.path.stem in UNMARKED:
            return
        self.code = language(self.md)
        # The longest name first, so that no name is found inside another.
        self.terms = sorted(load(), key=lambda term: -len(term.name[self.code]))
        names = (pattern(term.name[self.code]).pattern for term in self.terms)
        self.names = re.compile("|".join(f"({name})" for name in names), re.I)
        self.seen: set[str] = set()
        if self.terms:
            self._walk(root)

    def _walk(self, node: Element) -> None:
        if node.tag in QUIET or "arithmatex" in node.get("class", ""):
            return
        children = list(node)
        node.text, marks = self._marks(node.text)
        node[:0] = marks
        for child in children:
            self._walk(child)
            child.tail, marks = self._marks(child.tail)
            place = list(node).index(child) + 1
            node[place:place] = marks

    def _marks(self, text: str | None) -> tuple[str | None, list[Element]]:
        """Return the text before the first mark, and the marks with their tails."""
        if not text or isinstance(text, AtomicString):
            return text, []
        ends, marks = [0], []
        for match in self.names.finditer(text):
            term = self.terms[(match.lastindex or 1) - 1]
            if term.id not in self.seen:
                self.seen.add(term.id)
                marks.append((match.start(), self._element(term, match[0])))
                ends.append(match.end())
        starts = [start for start, _ in marks] + [len(text)]
        pieces = [text[a:b] for a, b in zip(ends, starts, strict=True)]
        for (_, mark), tail in zip(marks, pieces[1:], strict=True):
            mark.tail = tail
        return pieces[0], [mark for _, mark in marks]

    def _element(self, term: Term, text: str) -> Element:
        name = term.name[other(self.code)]
        meaning = f"{name}: {term.meaning[self.code]}"
        mark = Element("abbr", {"class": "term", "title": meaning, "tabindex": "0"})
        mark.text = text
        return mark


class TermExtension(Extension):
    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.register(ListingPreprocessor(md), "glossary", 39)
        # After "inline" (20): texts and links are apart.
        md.treeprocessors.register(TermTreeprocessor(md), "terms", 4)


def makeExtension(**kwargs: Any) -> TermExtension:
    return TermExtension(**kwargs)
