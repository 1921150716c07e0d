"""Words that readers type, and where they lead: the terms, and what is none."""

from dataclasses import dataclass
from pathlib import Path

import yaml

from weave.errors import WeaveError
from weave.glossary import GLOSSARY, Term
from weave.paths import DOCS

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
        Keywords(term.words(), term.taught, f"{GLOSSARY}: {term.id}: taught")
        for term in terms
    ]


def load(path: Path = WORDS) -> list[Keywords]:
    """Read the words that are no terms. Raises WeaveError that names the section."""
    if not path.exists():
        return []
    sections = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [_keywords(section, words, path) for section, words in sections.items()]


def _keywords(section: str, words: object, path: Path) -> Keywords:
    if isinstance(words, list) and all(isinstance(word, str) for word in words):
        return Keywords(tuple(words), section, str(path))
    raise WeaveError(f"{path}: {section}: {words!r} is no list of words: [one, two]")
