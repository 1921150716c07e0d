"""The skeleton of a page: what its two languages must have in common, or no build.

Order counts for headings, figures, displayed formulas, excerpts, code and boxes. Within
a section values, links and inline formulas may stand in any order, as the sentences of
a language want it.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from weave.errors import WeaveError
from weave.languages import LANGUAGES
from weave.syntax import FENCE, HEADING, IMAGE, INCLUDE, REFERENCE, without
from weave.text import read

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)")
DISPLAY = re.compile(r"^ *\$\$(.+?)\$\$ *$", re.M | re.S)
INLINE = re.compile(r"(?<![\\$])\$(?![\s$])([^$\n]+?)(?<!\s)\$(?!\$)")
WORDS = re.compile(r"\\text\{[^{}]*\}")
OWN = re.compile(rf"\.(?:{'|'.join(LANGUAGES)})(?=\.)")  # a picture in each language
ADMONITION = re.compile(r"^ *(?:!!!|\?\?\?)\+? (\w+)", re.M)
IN_ANY_ORDER = {"inline", "values", "links"}
SHOWN = 60  # characters of what differs
MOST = 8  # differences of a page: they fit on a screen


Shown = Callable[[re.Match[str]], str]


class Mark(NamedTuple):
    """What must be in both languages, and the line on which it stands."""

    text: str
    line: int


Marks = dict[str, list[Mark]]  # by kind
NOTHING = Mark("nothing", 0)


class Section(NamedTuple):
    """A heading, and by kind what stands between it and the next."""

    heading: Mark
    marks: Marks


def skeleton(text: str) -> list[Section]:
    """Return the sections of a Markdown page, in order."""
    bare = without(FENCE, text)
    headings = [Mark("the beginning", 1), *_marks(HEADING, bare, _heading)]
    ends = [heading.line for heading in headings[1:]] + [text.count("\n") + 2]
    kinds = _kinds(text, bare)
    return [
        Section(heading, _between(heading.line, end, kinds))
        for heading, end in zip(headings, ends, strict=True)
    ]


def _kinds(text: str, bare: str) -> Marks:
    """Return what a page has of each kind; ``bare`` is its text without code."""
    prose = without(DISPLAY, bare)
    return {
        "figures": _marks(IMAGE, bare, lambda match: OWN.sub("", match["source"])),
        "formulas": _marks(DISPLAY, bare, _formula),
        "inline": _marks(INLINE, prose, _formula),
        "excerpts": _marks(INCLUDE, text, lambda match: match["path"]),
        "code": _marks(FENCE, text, lambda match: match["info"]),
        "values": _marks(REFERENCE, bare, lambda match: "".join(match[0].split())),
        "links": _marks(LINK, bare, lambda match: match[1]),
        "admonitions": _marks(ADMONITION, bare, lambda match: match[1]),
    }


def _marks(pattern: re.Pattern[str], text: str, shown: Shown) -> list[Mark]:
    return [
        Mark(shown(match), text.count("\n", 0, match.start()) + 1)
        for match in pattern.finditer(text)
    ]


def _heading(match: re.Match[str]) -> str:
    return f"{match['marks']} #{match['id'] or ''}"


def _formula(match: re.Match[str]) -> str:
    return "".join(WORDS.sub(r"\\text{}", match[1]).split())


def _between(begin: int, end: int, kinds: Marks) -> Marks:
    """Return the marks on the lines of a section; an inline formula counts once."""
    own = {k: [m for m in marks if begin <= m.line < end] for k, marks in kinds.items()}
    own["inline"] = list({mark.text: mark for mark in reversed(own["inline"])}.values())
    return own


def require_both_languages(docs: Path) -> None:
    """Raise WeaveError if a page exists in one language only."""
    pages = [_names(docs / code) for code in LANGUAGES]
    for code, own in zip(LANGUAGES, pages, strict=True):
        for name in sorted(set().union(*pages) - own):
            raise WeaveError(f"docs/{code}/{name}: missing; the other language has it.")


def require_one_skeleton(docs: Path) -> None:
    """Raise WeaveError if the languages of a page differ."""
    for name in sorted(_names(docs / "zh")):
        texts = {code: read(docs / code / name) for code in LANGUAGES}
        if found := list(differences(**texts, name=name)):
            more = [f"… and {len(found) - MOST} more"] if len(found) > MOST else []
            way_out = "Give both languages the same, or neither."
            raise WeaveError("\n".join([*found[:MOST], *more, way_out]))


def _names(folder: Path) -> set[str]:
    files = (path for path in folder.rglob("*.md") if path.is_file())
    return {path.relative_to(folder).as_posix() for path in files}


def differences(zh: str, en: str, name: str = "page.md") -> Iterator[str]:
    """Yield, in words, where the skeletons of two texts differ; nothing if nowhere."""
    left, right = skeleton(zh), skeleton(en)
    headings = ([section.heading for section in side] for side in (left, right))
    if different := _in_order(*headings):
        last = left[-1].heading, right[-1].heading
        yield _words(name, "headings", different, last)
        return
    for a, b in zip(left, right, strict=True):
        for kind in a.marks:
            compare = _in_any_order if kind in IN_ANY_ORDER else _in_order
            if different := compare(a.marks[kind], b.marks[kind]):
                yield _words(name, kind, different, (a.heading, b.heading))


Pair = tuple[Mark, Mark]


def _in_order(left: list[Mark], right: list[Mark]) -> Pair | None:
    """Return the first two that are not the same."""
    pairs = zip_longest(left, right, fillvalue=NOTHING)
    return next(((a, b) for a, b in pairs if a.text != b.text), None)


def _in_any_order(left: list[Mark], right: list[Mark]) -> Pair | None:
    """Return the first of each side that the other has not, or not as often."""
    only = [_without(left, right), _without(right, left)]
    return (only[0], only[1]) if any(mark is not NOTHING for mark in only) else None


def _without(own: list[Mark], others: list[Mark]) -> Mark:
    there = Counter(mark.text for mark in others)
    there.subtract(mark.text for mark in own)
    return next((mark for mark in own if there[mark.text] < 0), NOTHING)


def _words(name: str, kind: str, different: Pair, otherwise: Pair) -> str:
    """Say what stands where; what is not there is missing after what stands there."""
    lines = [a.line or b.line for a, b in zip(different, otherwise, strict=True)]
    places = zip(LANGUAGES, lines, strict=True)
    where = " and ".join(f"docs/{code}/{name}:{line}" for code, line in places)
    zh, en = (mark.text[:SHOWN] for mark in different)
    return f"{where}: {kind} differ: zh has {zh}, en has {en}"
