"""Numbers on the pages come from runs: every reference leads to a value."""

import re
from pathlib import Path

import pytest

from weave.extensions.values import lookup, show
from weave.paths import ARTIFACTS
from weave.syntax import REFERENCE

PAGES = sorted(Path("docs").rglob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_reference_leads_to_a_value(page: Path, site: Path) -> None:
    for module, name, spec in REFERENCE.findall(page.read_text(encoding="utf-8")):
        value = lookup(ARTIFACTS, module, name)
        assert not isinstance(value, dict), f"{module}.{name} is no single value"
        assert show(value, spec) != ""


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_no_brace_is_left_over(page: Path) -> None:
    left = REFERENCE.sub("", page.read_text(encoding="utf-8"))
    lines = [
        line for line in left.splitlines() if re.search(r"\{\{ *[A-Za-z]\w*\.", line)
    ]
    assert lines == []


# A result typed by hand: a decimal or a percentage, outside code and formulas.
TYPED = re.compile(r"(?<![\w.$-])\d+(?:\.\d+%?|%)(?![\w.])")
NOT_PROSE = re.compile(r"`[^`]*`|\$[^$]*\$|\]\([^)]*\)")
NEAR = 0.15  # of the value quoted: closer than that, it is the same result, or was


def typed_results(line: str, quoted: list[float]) -> list[str]:
    """Return the numbers in ``line`` that look like a quoted value, typed by hand."""
    typed = TYPED.findall(NOT_PROSE.sub("", REFERENCE.sub("", line)))
    return [
        number
        for number in typed
        if any(abs(_value(number) - v) <= NEAR * abs(v) for v in quoted)
    ]


def _value(number: str) -> float:
    return float(number.rstrip("%")) / (100 if number.endswith("%") else 1)


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_no_result_is_typed_next_to_a_quoted_one(page: Path, site: Path) -> None:
    found = {}
    for paragraph in page.read_text(encoding="utf-8").split("\n\n"):
        values = [lookup(ARTIFACTS, m, n) for m, n, _ in REFERENCE.findall(paragraph)]
        quoted = [float(v) for v in values if isinstance(v, int | float)]
        if typed := typed_results(paragraph, quoted):
            found[paragraph] = typed
    assert found == {}


@pytest.mark.parametrize(
    ("line", "typed"),
    [
        ("{{ a.b:.3f }} falls to 0.34", ["0.34"]),
        ("{{ a.b:.1%}}, that is 33%", ["33%"]),
        ("{{ a.b:.3f }}, and the formula $0.34$ and `0.34`", []),
        ("{{ a.b:.3f }} at a rate of 0.01", []),
        ("version 0.34.1", []),
    ],
)
def test_a_typed_result_is_found(line: str, typed: list[str]) -> None:
    assert typed_results(line, [0.325]) == typed
