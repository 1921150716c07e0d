"""The one list of terms, docs/glossary.yml: read and checked."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from weave.errors import WeaveError
from weave.languages import LANGUAGES
from weave.paths import DOCS

GLOSSARY = DOCS / "glossary.yml"
KEYS = {"id", "zh", "en", "also", "not", "meaning", "taught"}


@dataclass(frozen=True)
class Term:
    """A term: its name, other names readers type, names not to use, and its meaning."""

    id: str
    name: dict[str, str]
    also: dict[str, tuple[str, ...]]
    never: dict[str, tuple[str, ...]]
    meaning: dict[str, str]
    taught: str

    def words(self) -> tuple[str, ...]:
        """Return every word that should find the term, in both languages."""
        return (*self.name.values(), *self.also["zh"], *self.also["en"])


def load(path: Path = GLOSSARY) -> tuple[Term, ...]:
    """Read and check the list. Raises WeaveError that names the entry."""
    return _load(path, path.stat().st_mtime_ns) if path.exists() else ()


@cache
def _load(path: Path, _changed: int) -> tuple[Term, ...]:
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    terms = tuple(_term(path, entry) for entry in entries)
    ids = [term.id for term in terms]
    if twice := sorted({i for i in ids if ids.count(i) > 1}):
        raise WeaveError(f"{path}: defined twice: {', '.join(twice)}")
    return terms


def _term(path: Path, entry: dict[str, Any]) -> Term:
    name = entry.get("id", entry)
    if unknown := set(entry) - KEYS:
        raise WeaveError(
            f"{path}: {name}: unknown {sorted(unknown)}; use {sorted(KEYS)}"
        )
    try:
        return Term(
            entry["id"],
            {code: entry[code] for code in LANGUAGES},
            _lists(entry.get("also", {})),
            _lists(entry.get("not", {})),
            {code: entry["meaning"][code] for code in LANGUAGES},
            entry["taught"],
        )
    except KeyError as error:
        raise WeaveError(f"{path}: {name}: {error.args[0]} is missing") from None


def _lists(entry: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {code: tuple(entry.get(code, ())) for code in LANGUAGES}


def pattern(name: str) -> re.Pattern[str]:
    """Match a name: English as a whole word, singular or plural; Chinese anywhere."""
    escaped = re.escape(name)
    if name.isascii():
        return re.compile(rf"(?<![\w-]){escaped}(?:s|es)?(?![\w-])", re.I)
    return re.compile(escaped)
