"""docs/claims.yml: what pages conclude from runs, and the condition of each sentence.

The build stops where a condition does not hold, or its words are not on the page.
"""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median
from types import SimpleNamespace
from typing import Any

from weave import records
from weave.errors import WeaveError
from weave.languages import LANGUAGES
from weave.paths import ARTIFACTS, DOCS, SNIPPETS
from weave.records import Record
from weave.text import join_chinese_lines, read

CLAIMS = DOCS / "claims.yml"
KEYS = {"page", *LANGUAGES, "holds"}
# What a condition may call, beside the values of the runs.
CALLS = (abs, all, any, len, max, mean, median, min, range, sorted, sum, zip)
SHOWN = 60  # characters of a value


@dataclass(frozen=True)
class Claim:
    """A sentence: its page (or snippet), its words in each language, its condition."""

    page: str
    words: dict[str, str]
    holds: str
    line: int

    def modules(self) -> set[str]:
        """Return the snippets whose runs decide."""
        return {reference.partition(".")[0] for reference in _references(self.holds)}


def load(path: Path = CLAIMS) -> list[Claim]:
    """Read the list; none, if there is no file. Raises WeaveError with the line."""
    if not path.exists():
        return []
    entries = records.load(path)
    if not isinstance(entries, list) or not all(isinstance(e, Record) for e in entries):
        raise WeaveError(f"{path}:1: must be a list of claims, each with `- page: …`")
    return [_claim(path, entry) for entry in entries]


def _claim(path: Path, entry: Record) -> Claim:
    where = f"{path}:{entry.line}"
    if entry.keys() != KEYS or not all(isinstance(v, str) for v in entry.values()):
        raise WeaveError(f"{where}: a claim has texts for {', '.join(sorted(KEYS))}.")
    try:
        compile(entry["holds"], where, "eval")
    except SyntaxError as error:
        raise WeaveError(f"{where}: holds: {error.msg}: {entry['holds']}") from None
    words = {code: entry[code] for code in LANGUAGES}
    return Claim(entry["page"], words, entry["holds"], entry.line)


def require(claims: list[Claim]) -> None:
    """Raise WeaveError with the claims that do not hold, or stand on no page."""
    names = sorted({module for claim in claims for module in claim.modules()})
    faults = [*unstated(claims), *broken(claims, values(names))]
    if faults:
        raise WeaveError("\n".join(faults))


def values(modules: list[str], artifacts: Path = ARTIFACTS) -> dict[str, Any]:
    """Return the variables of these snippets' runs, as a condition sees them."""
    files = {name: artifacts / name / "values.json" for name in modules}
    return {
        name: SimpleNamespace(**json.loads(read(file)))
        for name, file in files.items()
        if file.exists()
    }


def broken(claims: list[Claim], values: dict[str, Any]) -> Iterator[str]:
    """Yield, in words, the claims whose condition does not hold for these values."""
    names = {call.__name__: call for call in CALLS} | values
    for claim in claims:
        where = f"{CLAIMS}:{claim.line}"
        try:
            holds = eval(claim.holds, {"__builtins__": names})
        except Exception as error:
            yield f"{where}: {claim.holds}: {type(error).__name__}: {error}"
            continue
        if holds is not True:
            yield f"{where}: does not hold: {claim.holds}\n{_shown(claim, values)}"


def _shown(claim: Claim, values: dict[str, Any]) -> str:
    """Say what the runs gave, and what to do."""
    found = []
    for reference in sorted(_references(claim.holds)):
        module, _, name = reference.partition(".")
        if hasattr(values.get(module), name):
            value = repr(getattr(values[module], name))[:SHOWN]
            found.append(f"{reference} = {value}")
    return "\n".join([*found, f"Write what is true on {claim.page}, and here."])


def _references(condition: str) -> set[str]:
    """Return ``module.name`` for every value that a condition takes from a run."""
    nodes = list(ast.walk(ast.parse(condition, mode="eval")))
    names = [node for node in nodes if isinstance(node, ast.Name)]
    own = {name.id for name in names if isinstance(name.ctx, ast.Store)}
    return {
        f"{node.value.id}.{node.attr}"
        for node in nodes
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id not in own
    }


def unstated(claims: list[Claim]) -> Iterator[str]:
    """Yield the claims whose words are not on their page, where one would read them."""
    for claim in claims:
        for language in LANGUAGES:
            page, words = _page(claim, language), claim.words[language]
            if not page.is_file():
                yield f"{CLAIMS}:{claim.line}: there is no {page}"
            elif _one_line(words) not in _one_line(_prose(page)):
                yield f"{CLAIMS}:{claim.line}: not on {page}: {words}"


def _page(claim: Claim, language: str) -> Path:
    snippet = SNIPPETS / Path(claim.page).name
    return snippet if claim.page == str(snippet) else DOCS / language / claim.page


def _prose(page: Path) -> str:
    """Return a page's text; of a snippet, the text in its comments."""
    text = read(page)
    return re.sub("^# ?", "", text, flags=re.M) if page.suffix == ".py" else text


def _one_line(text: str) -> str:
    return " ".join(join_chinese_lines(text).split())
