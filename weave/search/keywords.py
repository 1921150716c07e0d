"""Words that readers type, and where they lead: the terms, and what is none."""

from dataclasses import dataclass
from pathlib import Path

from weave import records
from weave.errors import WeaveError
from weave.glossary import GLOSSARY, Term, is_words
from weave.paths import DOCS
from weave.records import Record
from weave.text import line_of, read

WORDS = DOCS / "search.yml"


@dataclass(frozen=True)
class Keywords:
    """Words, the section (page.md#section) they lead to, and where that is written."""

    words: tuple[str, ...]
    section: str
    source: str


def of_terms(terms: tuple[Term, ...]) -> list[Keywords]:
    """Lead from every name of a term to the section that teaches it."""
    return [
        Keywords(term.words(), term.taught, f"{GLOSSARY}:{term.line}: {term.id}")
        for term in terms
    ]


def load(path: Path = WORDS) -> list[Keywords]:
    """Read the words that are no terms. Raises WeaveError that names the section."""
    if not path.exists():
        return []
    sections = records.load(path)
    if not isinstance(sections, Record):
        raise WeaveError(f"{path}:1: must be lines of the form page.md#section: [word]")
    text = read(path)
    return [
        _keywords(str(section), words, f"{path}:{line_of(text, f'{section}:')}")
        for section, words in sections.items()
    ]


def _keywords(section: str, words: object, where: str) -> Keywords:
    if is_words(words):
        return Keywords(tuple(words), section, where)
    raise WeaveError(f"{where}: {section}: {words!r} is no list of words: [one, two]")
