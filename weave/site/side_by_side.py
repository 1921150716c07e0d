"""Side by side: the two languages of a page, woven into one, paragraph by paragraph.

What is the same in both (formulas, figures, code) appears once; what is said twice
stands in a pair. The pages have the same skeleton, so their shared blocks line up, and
between two of them the paragraphs pair off in order.
"""

from collections import defaultdict, deque
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from lxml import html

from weave.languages import LANGUAGES
from weave.text import inner_html

Node = Any  # an element of lxml, which brings no types

HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
PARTS = {"start", "check", "answer"}  # of an exercise: comments and hints may differ


def merge(zh: str, en: str) -> str:
    """Return one page from the HTML of both."""
    return "\n".join(_pairs(_blocks(zh), _blocks(en)))


def _blocks(body: str) -> list[Node]:
    return [n for n in html.fromstring(f"<div>{body}</div>") if isinstance(n.tag, str)]


def _pairs(zh: list[Node], en: list[Node]) -> Iterator[str]:
    for left, right in _segments(zh, en):
        yield from _segment(left, right)


def _segments(
    zh: list[Node], en: list[Node]
) -> Iterator[tuple[list[Node], list[Node]]]:
    """Cut both lists at the blocks they share: each such block is a segment."""
    i = j = 0
    for a, b in _anchors(zh, en):
        yield zh[i:a], en[j:b]
        yield [zh[a]], [en[b]]
        i, j = a + 1, b + 1
    yield zh[i:], en[j:]


def _anchors(zh: list[Node], en: list[Node]) -> Iterator[tuple[int, int]]:
    """Pair each shared block with the first that is like it, after the last pair."""
    places: dict[str, deque[int]] = defaultdict(deque)
    for j, node in enumerate(en):
        if key := _key(node):
            places[key].append(j)
    start = 0
    for i, node in enumerate(zh):
        if found := places.get(_key(node) or ""):
            while found and found[0] < start:
                found.popleft()
            if found:
                start = found.popleft() + 1
                yield i, start - 1


def _key(node: Node) -> str | None:
    """Name a block by what is the same in both languages; None for prose."""
    if node.tag in HEADINGS:
        return f"heading {node.get('id')}"
    if node.tag == "details":
        return "details"
    if node.get("class") == "hero":
        return "hero"
    if figures := node.find_class("figure"):
        return f"figure {figures[0].get('id')}"
    kind = node.get("class", "")
    if part := PARTS.intersection(kind.split()):
        return f"exercise {part.pop()}"
    if "formula" in kind or "highlight" in kind or "output" in kind:
        return f"same {node.text_content()}"
    return "module" if kind == "module" else None


def _segment(zh: list[Node], en: list[Node]) -> Iterator[str]:
    for left, right in zip_longest(zh, en):
        if left is None or right is None:
            yield _pair(left, right)
        elif _key(left) and _key(left) == _key(right):
            yield _shared(left, right)
        else:
            yield _pair(left, right)


def _shared(zh: Node, en: Node) -> str:
    """Return a block that both have: its text twice, everything else once."""
    if zh.tag in HEADINGS:
        return _heading(zh, en)
    if zh.tag == "details":
        return _details(zh, en)
    if zh.get("class") == "hero":
        inner = "\n".join(_pairs(list(zh), list(en)))
        return f'<div class="hero">{inner}</div>'
    captions = [side.find(".//figcaption") for side in (zh, en)]
    if captions[0] is not None and captions[1] is not None:
        _caption(*captions)
    if PARTS.intersection(zh.get("class", "").split()):
        return _code(zh, en)
    return _text(zh)


def _code(zh: Node, en: Node) -> str:
    """Return an exercise's code: once, if its comments are the same as well."""
    if zh.text_content() != en.text_content():
        return _pair(zh, en)
    if zh.get("data-label"):
        zh.set("data-label", f"{zh.get('data-label')} {en.get('data-label')}")
    return _text(zh)


def _caption(zh: Node, en: Node) -> None:
    """Put the English caption below the Chinese one."""
    part = html.Element("div", {"lang": "en"})
    part.extend(list(en))
    zh.append(part)


def _heading(zh: Node, en: Node) -> str:
    for link in en.find_class("headerlink"):
        link.drop_tree()
    zh.append(html.fromstring(f'<span lang="en">{inner_html(en)}</span>'))
    return _text(zh)


def _details(zh: Node, en: Node) -> str:
    summaries = [side.find("summary").text_content() for side in (zh, en)]
    inner = "\n".join(_pairs(list(zh)[1:], list(en)[1:]))
    kind = zh.get("class", "")
    return (
        f'<details class="{kind}"><summary>{summaries[0]} '
        f'<span lang="en">{summaries[1]}</span></summary>{inner}</details>'
    )


def _pair(zh: Node | None, en: Node | None) -> str:
    sides = (
        f'<div lang="{code}">{_text(node)}</div>'
        for code, node in zip(LANGUAGES, (zh, en), strict=True)
        if node is not None
    )
    return f'<div class="pair">{"".join(sides)}</div>'


def _text(node: Node) -> str:
    text: str = html.tostring(node, encoding="unicode", with_tail=False)
    return text
