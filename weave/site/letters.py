"""Every letter in the formulas of a chapter has one meaning, in docs/symbols.yml.

The build stops where a letter has none, or two and nothing says where which holds.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from weave.errors import WeaveError
from weave.extensions.mathml import mathml
from weave.extensions.symbol_list import SYMBOLS, Symbol, Symbols
from weave.languages import LANGUAGES
from weave.paths import DOCS
from weave.site.skeleton import DISPLAY, INLINE
from weave.syntax import FENCE, REFERENCE, without
from weave.text import read

# A letter in MathML, with its accent. An upright Latin one is a sign, as in dx.
LETTER = re.compile(
    r'<mover accent="true"><mi>(?P<below>[^<]+)</mi><mo[^>]*>(?P<accent>.)</mo></mover>'
    r'|<mi(?P<upright> mathvariant="normal")?>(?P<plain>[^<]+)</mi>'
)
ACCENTS = {"ˆ": "\u0302", "¯": "\u0304", "˜": "\u0303"}
VARIATION = "\ufe00"  # which form of a letter a font is to take
SHOWN = 60  # characters of a formula

Entries = dict[tuple[int, str], list[Symbol]]  # by the chapter's number and the letter


def letters(tex: str) -> list[str]:
    """Return the letters of a formula, Latin or Greek, in order: x, ŷ, δ."""
    found = (_letter(match) for match in LETTER.finditer(mathml(tex, display=False)))
    return [letter for letter in found if letter]


def _letter(match: re.Match[str]) -> str:
    """Return a letter as it is typed, bold, italic or script; nothing of a word."""
    form = (match["plain"] or match["below"]).replace(VARIATION, "")
    bare = unicodedata.normalize("NFKC", form)
    is_sign = match["upright"] and bare.isascii()
    if is_sign or len(bare) != 1 or not bare.isalpha():
        return ""
    accent = ACCENTS.get(match["accent"] or "", "")
    return unicodedata.normalize("NFC", bare + accent)


def formulas(text: str) -> Iterator[tuple[int, str]]:
    """Yield each formula of a Markdown page, with the line on which it begins."""
    text = without(FENCE, text)
    for pattern in (DISPLAY, INLINE):
        for match in pattern.finditer(text):
            yield text.count("\n", 0, match.start(1)) + 1, match[1].strip()
        text = without(pattern, text)


def require(symbols: Symbols, chapters: Mapping[str, int], docs: Path = DOCS) -> None:
    """Raise WeaveError with every fault; ``chapters`` has their numbers by path."""
    stems = {Path(path).stem: number for path, number in chapters.items()}
    if tuple(sorted(stems, key=lambda stem: stems[stem])) != symbols.chapters:
        raise WeaveError(f"{SYMBOLS}:1: `chapters` are, in nav: {', '.join(stems)}")
    entries = listed(symbols)
    if faults := [*_twice(entries), *_without_meaning(entries, symbols.chapters, docs)]:
        raise WeaveError("\n".join(faults))


def used(stem: str, docs: Path = DOCS) -> dict[str, str]:
    """Return the letters of a chapter, and where each stands first, in words."""
    places: dict[str, str] = {}
    for code in LANGUAGES:
        page = docs / code / f"{stem}.md"
        for line, tex in sorted(formulas(read(page))):
            for letter in letters(REFERENCE.sub("0", tex)):
                formula = " ".join(tex.split())[:SHOWN]
                places.setdefault(letter, f"{page}:{line}: {letter} in ${formula}$")
    return places


def listed(symbols: Symbols) -> Entries:
    """Return the entries of each letter in each chapter.

    An entry is about the first letter of its formula. Raises WeaveError if it has none.
    """
    entries: Entries = defaultdict(list)
    for symbol in symbols.all():
        found = letters(symbol.tex)
        if not found:
            raise WeaveError(f"{SYMBOLS}:{symbol.line}: no letter in {symbol.tex!r}.")
        for number in symbol.chapters:
            entries[number, found[0]].append(symbol)
    return entries


def _twice(entries: Entries) -> Iterator[str]:
    """Yield the letters of two meanings in a chapter, if it is not said where."""
    for (number, letter), found in entries.items():
        if len([one for one in found if not one.where["en"]]) > 1:
            lines = ", ".join(str(one.line) for one in found)
            yield (
                f"{SYMBOLS}:{found[-1].line}: {letter} has two meanings in chapter "
                f"{number} (lines {lines}). Take another letter, or say `where`."
            )


def _without_meaning(
    entries: Entries, chapters: tuple[str, ...], docs: Path
) -> Iterator[str]:
    """Yield the letters in the formulas of chapters that are not listed for them."""
    for number, stem in enumerate(chapters, 1):
        for letter, place in used(stem, docs).items():
            if (number, letter) not in entries:
                yield (
                    f"{place} has no meaning in chapter {number}. Take a letter that "
                    f"has one, or give it one in {SYMBOLS}."
                )
