"""The one list of terms, docs/glossary.yml: read and checked."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeGuard

from weave import records
from weave.errors import WeaveError
from weave.languages import LANGUAGES
from weave.paths import DOCS
from weave.records import Record

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
    line: int

    def words(self) -> tuple[str, ...]:
        """Return every word that should find the term, in both languages."""
        return (*self.name.values(), *self.also["zh"], *self.also["en"])


def load(path: Path = GLOSSARY) -> tuple[Term, ...]:
    """Read and check the list. Raises WeaveError that names the entry and its line."""
    return _load(path, path.stat().st_mtime_ns) if path.exists() else ()


@cache
def _load(path: Path, _changed: int) -> tuple[Term, ...]:
    entries = records.load(path)
    if not isinstance(entries, list) or not all(isinstance(e, Record) for e in entries):
        raise WeaveError(f"{path}:1: must be a list of terms, each with `- id: …`")
    terms = tuple(_term(path, entry) for entry in entries)
    lines: dict[str, int] = {}
    for term in terms:
        if (first := lines.setdefault(term.id, term.line)) != term.line:
            twice = f"{term.id} is defined twice, first in line {first}"
            raise WeaveError(f"{path}:{term.line}: {twice}: make one of the two.")
    return terms


def _term(path: Path, entry: Record) -> Term:
    where = f"{path}:{entry.line}: {entry.get('id', 'a term')}"
    if unknown := {str(key) for key in entry} - KEYS:
        raise WeaveError(f"{where}: unknown {sorted(unknown)}; use {sorted(KEYS)}")
    return Term(
        _text(entry, "id", where),
        {code: _text(entry, code, where) for code in LANGUAGES},
        _lists(entry, "also", where),
        _lists(entry, "not", where),
        {code: _text(entry.get("meaning"), code, where) for code in LANGUAGES},
        _text(entry, "taught", where),
        entry.line,
    )


def _text(entry: object, key: str, where: str) -> str:
    value = entry.get(key) if isinstance(entry, dict) else None
    if value is None:
        raise WeaveError(f"{where}: {key} is missing")
    if not isinstance(value, str):
        raise WeaveError(f"{where}: {key}: {value!r} is no text; put it in quotes")
    return value


def _lists(entry: Record, key: str, where: str) -> dict[str, tuple[str, ...]]:
    """Return the words under a key, in each language."""
    words = entry.get(key, {})
    if not isinstance(words, dict) or not all(map(is_words, words.values())):
        form = "{ zh: [一, 二], en: [one] }"
        raise WeaveError(f"{where}: {key}: {words!r} has not the form {form}")
    return {code: tuple(words.get(code, ())) for code in LANGUAGES}


def is_words(value: object) -> TypeGuard[list[str]]:
    """Say whether this is a list of words."""
    return isinstance(value, list) and all(isinstance(word, str) for word in value)


def pattern(name: str) -> re.Pattern[str]:
    """Match a name: English as a whole word, singular or plural; Chinese anywhere."""
    escaped = re.escape(name)
    if name.isascii():
        return re.compile(rf"(?<![\w-]){escaped}(?:s|es)?(?![\w-])", re.I)
    return re.compile(escaped)
