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
# What an entry has: its keys, and the type of each.
Types = dict[str, type]
LIST: Types = {"chapters": list, "groups": list}
BOTH: Types = dict.fromkeys(LANGUAGES, str)
GROUP: Types = {"id": str, **BOTH, "symbols": list}
SYMBOL: Types = {"tex": str, **BOTH, "chapters": list}
MORE: Types = {"shape": str, "where": dict, "note": dict}
NONE = dict.fromkeys(LANGUAGES, "")


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
    _require(found, f"{path}:1: the list", LIST)
    groups = tuple(_group(path, group, found["chapters"]) for group in found["groups"])
    return Symbols(tuple(found["chapters"]), groups)


def _group(path: Path, entry: Any, chapters: list[str]) -> Group:
    _require(entry, f"{path}:{getattr(entry, 'line', 1)}: a group", GROUP)
    symbols = tuple(_symbol(path, symbol, len(chapters)) for symbol in entry["symbols"])
    return Group(entry["id"], _both(entry), symbols)


def _symbol(path: Path, entry: Any, chapters: int) -> Symbol:
    what = f"{path}:{getattr(entry, 'line', 1)}: a symbol"
    _require(entry, what, SYMBOL, MORE)
    if not set(entry["chapters"]) <= set(range(1, chapters + 1)):
        raise WeaveError(f"{what}: chapters are numbers from 1 to {chapters}.")
    where, note = (entry.get(key, Record(NONE)) for key in ("where", "note"))
    for key, words in ("where", where), ("note", note):
        _require(words, f"{what}: {key}", BOTH)
    return Symbol(
        entry["tex"],
        _both(entry),
        tuple(entry["chapters"]),
        entry.get("shape", ""),
        _both(where),
        _both(note),
        entry.line,
    )


def _both(entry: Record) -> dict[str, str]:
    return {code: entry[code] for code in LANGUAGES}


def _require(entry: Any, what: str, needed: Types, more: Types | None = None) -> None:
    """Raise WeaveError unless an entry has the keys it needs, each of its type."""
    types = needed | (more or {})
    if not isinstance(entry, Record) or not needed.keys() <= entry.keys():
        raise WeaveError(f"{what} needs {', '.join(needed)}; it is {entry!r}")
    for key, value in entry.items():
        if not isinstance(value, types.get(key, ())):
            form = types[key].__name__ if key in types else "none of its keys"
            raise WeaveError(f"{what}: {key}: {value!r}: must be {form}.")
