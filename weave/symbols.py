"""The one list of symbols, docs/symbols.yml: read and checked."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from weave import records
from weave.errors import WeaveError
from weave.languages import LANGUAGES
from weave.paths import DOCS
from weave.records import Record

SYMBOLS = DOCS / "symbols.yml"
NEEDED = {"tex", *LANGUAGES, "chapters"}
KEYS = NEEDED | {"shape", "where", "note"}
NONE = {code: "" for code in LANGUAGES}


@dataclass(frozen=True)
class Symbol:
    """A symbol with one meaning, and the numbers of the chapters where it has it.

    ``where`` says at which place, if it has another meaning in the same chapter.
    """

    tex: str
    meaning: dict[str, str]
    chapters: tuple[int, ...]
    shape: str
    where: dict[str, str]
    note: dict[str, str]
    line: int


@dataclass(frozen=True)
class Group:
    """Symbols of one kind, which the page shows below a heading."""

    id: str
    title: dict[str, str]
    symbols: tuple[Symbol, ...]


@dataclass(frozen=True)
class Symbols:
    """The list: the chapters' names, in order, and the symbols by group."""

    chapters: tuple[str, ...]
    groups: tuple[Group, ...]

    def all(self) -> list[Symbol]:
        """Return the symbols of all groups."""
        return [symbol for group in self.groups for symbol in group.symbols]


def load(path: Path = SYMBOLS) -> Symbols | None:
    """Read and check the list; None, if there is no file. Raises WeaveError."""
    if not path.exists():
        return None
    found = records.load(path)
    if not isinstance(found, Record) or found.keys() != {"chapters", "groups"}:
        raise WeaveError(f"{path}:1: must have `chapters:` and `groups:`")
    chapters = tuple(found["chapters"])
    groups = tuple(_group(path, group, len(chapters)) for group in found["groups"])
    return Symbols(chapters, groups)


def _group(path: Path, entry: Record, chapters: int) -> Group:
    if entry.keys() != {"id", *LANGUAGES, "symbols"}:
        raise WeaveError(f"{path}:{entry.line}: a group has id, zh, en and symbols.")
    symbols = tuple(_symbol(path, symbol, chapters) for symbol in entry["symbols"])
    return Group(entry["id"], {code: entry[code] for code in LANGUAGES}, symbols)


def _symbol(path: Path, entry: Record, chapters: int) -> Symbol:
    where = f"{path}:{entry.line}: {entry.get('tex', 'a symbol')}"
    if not NEEDED <= entry.keys() <= KEYS:
        needs = f"needs {sorted(NEEDED)}, and may have {sorted(KEYS - NEEDED)}"
        raise WeaveError(f"{where}: {needs}; it has {sorted(entry)}")
    if not set(entry["chapters"]) <= set(range(1, chapters + 1)):
        raise WeaveError(f"{where}: chapters are numbers from 1 to {chapters}")
    return Symbol(
        entry["tex"],
        {code: entry[code] for code in LANGUAGES},
        tuple(entry["chapters"]),
        entry.get("shape", ""),
        _both(entry.get("where", NONE), where),
        _both(entry.get("note", NONE), where),
        entry.line,
    )


def _both(words: Any, where: str) -> dict[str, str]:
    """Return words that are there in both languages."""
    if not isinstance(words, dict) or words.keys() != set(LANGUAGES):
        raise WeaveError(f"{where}: {words!r} has not the form {{ zh: …, en: … }}")
    return words
