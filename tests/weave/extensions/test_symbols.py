"""The list of symbols: read, checked, and shown as a table."""

from pathlib import Path

import pytest
from lxml import html

from tests.weave.pages import render
from weave.errors import WeaveError
from weave.extensions import symbols as extension
from weave.extensions.symbol_list import Symbols, load
from weave.extensions.symbols import SymbolExtension, listing

TEXT = r"""
chapters: [first, second]
groups:
  - id: data
    zh: 数据
    en: Data
    symbols:
      - tex: x
        zh: 输入
        en: the input
        chapters: [1, 2]
        shape: (d,)
      - tex: \hat{y}
        zh: 目标
        en: the target
        chapters: [2]
        where: { zh: 只在一处, en: in one place }
        note: { zh: 帽子, en: the hat }
"""


def _load(text: str, tmp_path: Path) -> Symbols:
    path = tmp_path / "symbols.yml"
    path.write_text(text.lstrip(), encoding="utf-8")
    symbols = load(path)
    assert symbols
    return symbols


@pytest.fixture
def symbols(tmp_path: Path) -> Symbols:
    return _load(TEXT, tmp_path)


def test_an_entry_is_read(symbols: Symbols) -> None:
    assert symbols.chapters == ("first", "second")
    x, target = symbols.all()
    assert (x.tex, x.shape, x.chapters, x.line) == ("x", "(d,)", (1, 2), 7)
    assert x.meaning == {"zh": "输入", "en": "the input"}
    assert x.where == x.note == {"zh": "", "en": ""}
    assert (target.where["en"], target.note["zh"]) == ("in one place", "帽子")


def test_without_a_file_there_is_no_list(tmp_path: Path) -> None:
    assert load(tmp_path / "nothing.yml") is None


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("chapters: [first, second]\n", "", "1: the list needs chapters, groups"),
        ("    en: Data\n", "", "3: a group needs id, zh, en, symbols"),
        ("        en: the input\n", "", "7: a symbol needs tex, zh, en, chapters"),
        ("en: the input", "en: 7", "7: a symbol: en: 7: must be str"),
        ("shape:", "shap:", "7: a symbol: shap: .* none of its keys"),
        ("[1, 2]", "[1, 3]", "7: a symbol: chapters are numbers from 1 to 2"),
        ("[1, 2]", "1", "7: a symbol: chapters: 1: must be list"),
        ("{ zh: 帽子, en: the hat }", "hat", "12: a symbol: note: 'hat': must be dict"),
        (", en: the hat", "", "12: a symbol: note needs zh, en"),
        ("      - tex: x\n", "      - x\n      - tex: x\n", "1: a symbol needs"),
    ],
)
def test_what_is_wrong_is_said(old: str, new: str, reason: str, tmp_path: Path) -> None:
    assert TEXT.count(old) == 1
    with pytest.raises(WeaveError, match=rf"symbols\.yml:{reason}"):
        _load(TEXT.replace(old, new), tmp_path)


def test_a_row_has_shape_chapters_place_and_note(symbols: Symbols) -> None:
    assert listing(symbols, "en").splitlines() == [
        "## Data { #data }",
        "",
        "| Symbol | Meaning |",
        "|---|---|",
        "| $x$ | the input<br>"
        "<small>shape $(d,)$; chapters [1](first.md), [2](second.md)</small> |",
        r"| $\hat{y}$ | the target<br>"
        "<small>chapter [2](second.md); in one place; the hat</small> |",
    ]
    zh = "<small>形状 $(d,)$；第 [1](first.md)、[2](second.md) 章</small>"
    assert zh in listing(symbols, "zh")


@pytest.mark.parametrize(
    ("src_uri", "title"), [("zh/a.md", "数据"), ("en/a.md", "Data")]
)
def test_the_page_has_the_table_in_its_language(
    src_uri: str, title: str, symbols: Symbols, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extension, "load", lambda: symbols)
    text = "# Symbols\n\n[[symbols]]\n\nafter"
    page = html.fromstring(
        render(text, SymbolExtension(), "tables", "attr_list", src_uri=src_uri)
    )
    assert page.findtext(".//h2[@id='data']") == title
    assert len(page.findall(".//tbody/tr")) == 2
    assert page.find(".//p").text == "after"


def test_another_page_stays_as_it_is(
    symbols: Symbols, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extension, "load", lambda: symbols)
    assert render("[[symbol]]", SymbolExtension()) == "<p>[[symbol]]</p>"
