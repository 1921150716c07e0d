"""Letters of formulas: all are found, and those without one meaning are named."""

from pathlib import Path

import pytest

from weave.errors import WeaveError
from weave.extensions.symbol_list import Group, Symbol, Symbols
from weave.site.letters import formulas, letters, listed, require, used

CHAPTERS = {"zh/one.md": 1, "en/one.md": 1, "both/one.md": 1, "zh/two.md": 2}
BARE = {"zh": "", "en": ""}


def _symbols(*entries: tuple[str, tuple[int, ...], str]) -> Symbols:
    symbols = [
        Symbol(tex, BARE, chapters, "", {"zh": where, "en": where}, BARE, line)
        for line, (tex, chapters, where) in enumerate(entries, 1)
    ]
    return Symbols(("one", "two"), (Group("all", BARE, tuple(symbols)),))


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    for code in ("zh", "en"):
        (tmp_path / code).mkdir()
        one = "# One\n\n$x$ and\n\n$$\ny = \\text{words}\n$$\n"
        (tmp_path / code / "one.md").write_text(one, encoding="utf-8")
        (tmp_path / code / "two.md").write_text("$x$\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("tex", "found"),
    [
        ("x_j", "xj"),
        (r"\hat{y}^n - y", "ŷny"),
        (r"\bar{E}_m + \tilde{x}", ["Ē", "m", "x̃"]),
        (r"\boldsymbol{\delta}^{l}", "δl"),
        (r"\mathcal{F} \subset \mathbb{R}", "FR"),
        (r"\theta' = \Theta", "θΘ"),
        (r"\frac{\mathrm{d}y}{\mathrm{d}x}", "yx"),
        (r"\ln 2 + \max(0, z) + \tanh\infty", "z"),
        (r"\partial C / \partial w, \nabla L", "CwL"),
        (r"\text{if } n \ge \operatorname{rank} W", "nW"),
        ("2 + 2 = 4", ""),
    ],
)
def test_the_letters_of_a_formula_are_found(tex: str, found: str | list[str]) -> None:
    assert letters(tex) == list(found)


def test_the_formulas_of_a_page_have_their_lines() -> None:
    text = "a $x$ and $y_1$\n\n$$\nz\n$$\n\n```text\n$u$\n```\nprice: \\$5, $w$"
    assert sorted(formulas(text)) == [(1, "x"), (1, "y_1"), (3, "z"), (10, "w")]


def test_where_a_letter_stands_first_is_known(docs: Path) -> None:
    page = docs / "zh" / "one.md"
    found = {"x": f"{page}:3: x in $x$", "y": rf"{page}:5: y in $y = \text{{words}}$"}
    assert used("one", docs) == found


def test_values_of_a_run_are_no_letters(docs: Path) -> None:
    for code in ("zh", "en"):
        (docs / code / "one.md").write_text("$b = {{ fit.b:.3f }}$", encoding="utf-8")
    assert list(used("one", docs)) == ["b"]


def test_an_entry_is_about_its_first_letter() -> None:
    entries = listed(_symbols((r"\hat{y}_i", (1, 2), "")))
    assert list(entries) == [(1, "ŷ"), (2, "ŷ")]


def test_an_entry_without_a_letter_is_named_with_its_line() -> None:
    with pytest.raises(WeaveError, match=r"symbols\.yml:2: no letter in '2 \+ 2'"):
        listed(_symbols(("x", (1,), ""), ("2 + 2", (1,), "")))


def test_every_letter_with_one_meaning_is_well(docs: Path) -> None:
    require(_symbols(("x", (1, 2), ""), ("y", (1,), "")), CHAPTERS, docs)


def test_two_meanings_are_well_if_it_is_said_where(docs: Path) -> None:
    twice = ("x", (1, 2), ""), ("x", (1,), "in line 3"), ("y", (1,), "")
    require(_symbols(*twice), CHAPTERS, docs)


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        ([("x", (1, 2), "")], r"zh/one\.md:5: y in \$y = .* no meaning in chapter 1"),
        ([("x", (1,), ""), ("y", (1, 2), "")], r"two\.md:1: x in \$x\$ has no meaning"),
        (
            [("x", (1, 2), ""), ("x", (2,), ""), ("y", (1,), "")],
            r"symbols\.yml:2: x has two meanings in chapter 2 \(lines 1, 2\)",
        ),
    ],
)
def test_a_letter_without_one_meaning_is_named_with_its_line(
    entries: list[tuple[str, tuple[int, ...], str]], reason: str, docs: Path
) -> None:
    with pytest.raises(WeaveError, match=reason):
        require(_symbols(*entries), CHAPTERS, docs)


def test_all_faults_are_named_at_once(docs: Path) -> None:
    with pytest.raises(WeaveError) as caught:
        require(_symbols(), CHAPTERS, docs)
    assert len(str(caught.value).splitlines()) == 3


def test_the_list_has_the_chapters_of_the_navigation(docs: Path) -> None:
    with pytest.raises(WeaveError, match=r"symbols\.yml:1: .* in nav: one$"):
        require(_symbols(), {"zh/one.md": 1}, docs)
