"""The texts in figures and their Chinese: docs/figure_text.yml.

A key is the whole of an English text; each {} in it stands for numbers and symbols,
which the Chinese shows at its own {}, in the same order. A section is of a module,
``all`` of every one. ``as_they_are`` lists the names that Chinese texts leave alone.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from weave import records
from weave.errors import WeaveError
from weave.glossary import is_words
from weave.paths import FIGURE_TEXT
from weave.text import read

ALL, NAMES = "all", "as_they_are"
HOLE = "{}"
MATH = re.compile(r"(?<!\\)\$.*?(?<!\\)\$", re.S)
WORD = re.compile("[A-Za-z]{2,}")


@dataclass(frozen=True)
class FigureText:
    """The Chinese for a module's English texts, and the names that both share."""

    chinese: Mapping[str, str]
    names: frozenset[str]

    def translate(self, text: str) -> str | None:
        """Return the Chinese; without words, the text itself; None if none is known."""
        if text in self.chinese:
            return self.chinese[text]
        for key, chinese in self.chinese.items():
            found = pattern(key).fullmatch(text)
            if found and all(map(self._is_symbols, found.groups())):
                return _filled(chinese, found.groups())
        return text if self._is_symbols(text) else None

    def _is_symbols(self, text: str) -> bool:
        return set(WORD.findall(MATH.sub(" ", text))) <= self.names


def pattern(key: str) -> re.Pattern[str]:
    """Match the texts that a key stands for; each {} is a group."""
    return re.compile("(.+?)".join(map(re.escape, key.split(HOLE))), re.S)


def _filled(chinese: str, symbols: tuple[str, ...]) -> str:
    pieces = chinese.split(HOLE)
    return "".join(chain(*zip(pieces, (*symbols, ""), strict=True)))


def load(module: str, path: Path = FIGURE_TEXT) -> FigureText:
    """Read what the list says for a module. Raises WeaveError with the line."""
    content = read_list(path)
    own, shared = content.get(module, {}), content.get(ALL, {})
    return FigureText(shared | own, frozenset(content.get(NAMES, [])))


def read_list(path: Path = FIGURE_TEXT) -> dict[str, Any]:
    """Return the sections, each a dict of texts, and the list of names; checked."""
    content = records.load(path)
    if not isinstance(content, dict):
        sections = f"{ALL}, {NAMES}, a module's name"
        raise WeaveError(f"{_name(path)}:1: must hold sections: {sections}")
    for section, entries in content.items():
        if section == NAMES and not is_words(entries):
            raise _error(path, section, "must be a list of names")
        if section != NAMES and not isinstance(entries, dict):
            raise _error(path, section, "must hold `English: Chinese`")
        for english in entries if section != NAMES else ():
            _require_pair(path, english, entries[english])
    return content


def _require_pair(path: Path, english: object, chinese: object) -> None:
    if not isinstance(english, str) or not isinstance(chinese, str):
        raise _error(path, english, "no text; put it in quotes")
    if english.count(HOLE) != chinese.count(HOLE):
        raise _error(path, english, f"English and Chinese differ in {HOLE}")


def _error(path: Path, key: object, problem: str) -> WeaveError:
    shown = repr(str(key))[1:-1]  # as YAML writes it, \n for a line end
    text = read(path)
    found = re.search(rf"^[ \"']*{re.escape(shown)}[\"']*:", text, re.M)
    line = text.count("\n", 0, found.start()) + 1 if found else 1
    return WeaveError(f"{_name(path)}:{line}: {shown}: {problem}")


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"
