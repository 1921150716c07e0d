"""The list of terms: read, checked, listed, and what it forbids is found."""

from pathlib import Path

import pytest

from tests.glossary_variants import variants
from tests.weave.pages import render
from weave.errors import WeaveError
from weave.extensions import terms
from weave.extensions.terms import TermExtension, listing
from weave.glossary import Term, load

ENTRY = """\
- id: {id}
  zh: {zh}
  en: {en}
  also: {{ en: [{en}ish] }}
  not: {{ zh: [{zh}化], en: [over-{en}] }}
  meaning:
    zh: 意思 {id}。
    en: Meaning {id}.
  taught: a.md#{id}
"""
FIT = ENTRY.format(id="fit", zh="拟合", en="fitting")
OVER = ENTRY.format(id="over", zh="过拟合", en="overfitting")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "glossary.yml").write_text(FIT + OVER, encoding="utf-8")
    return tmp_path / "glossary.yml"


@pytest.fixture
def both(path: Path) -> tuple[Term, ...]:
    return load(path)


def _page(text: str, both: tuple[Term, ...], src_uri: str = "zh/page.md") -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(terms, "load", lambda: both)
        return render(text, TermExtension(), "attr_list", src_uri=src_uri)


def test_an_entry_is_read(both: tuple[Term, ...]) -> None:
    fit, over = both
    assert (fit.id, over.id) == ("fit", "over")
    assert fit.name == {"zh": "拟合", "en": "fitting"}
    assert fit.words() == ("拟合", "fitting", "fittingish")
    assert over.taught == "a.md#over"


def test_without_a_file_there_are_no_terms(tmp_path: Path) -> None:
    assert load(tmp_path / "nothing.yml") == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (FIT + FIT, "10: fit is defined twice, first in line 1"),
        (OVER + FIT.replace("  zh: 拟合\n", ""), "10: fit: zh is missing"),
        (FIT.replace("    en: Meaning fit.\n", ""), "1: fit: en is missing"),
        (FIT.replace("taught:", "tought:"), r"1: fit: unknown \['tought'\]"),
        (FIT.replace("id: fit\n  ", ""), "1: a term: id is missing"),
        (FIT.replace("en: fitting", "en: 7"), "1: fit: en: 7 is no text; put it in"),
        (
            FIT.replace("[fittingish]", "fittingish"),
            "1: fit: also: .* not the form",
        ),
        (FIT.replace("{ en: [fittingish] }", "[ish]"), "1: fit: also: .* not the form"),
        ("a: b\n", "1: must be a list"),
        ("- one\n", "1: must be a list"),
        ("", "1: must be a list"),
        (FIT.replace("  en:", "\ten:", 1), r"3: found character '\\t'"),
    ],
)
def test_what_is_wrong_with_an_entry_is_said(
    text: str, reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "glossary.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WeaveError, match=rf"glossary\.yml:{reason}"):
        load(path)


def test_a_changed_list_is_read_again(path: Path) -> None:
    assert len(load(path)) == 2
    path.write_text(FIT, encoding="utf-8")
    assert len(load(path)) == 1


def test_the_listing_has_name_other_name_meaning_and_place(
    both: tuple[Term, ...],
) -> None:
    assert listing(both, "zh").splitlines()[0] == (
        "## 拟合 <small>fitting</small> { #fit }"
    )
    assert "意思 fit。 [→](a.md#fit)" in listing(both, "zh")
    assert listing(both, "en").index("#fit") < listing(both, "en").index("#over")


@pytest.mark.parametrize(
    ("text", "code", "found"),
    [
        ("这叫拟合化。", "zh", ["拟合化"]),
        ("Over-fitting is", "en", ["over-fitting"]),
        ("an over-fittings", "en", ["over-fitting"]),
        ("non-over-fitting, over-fittingly", "en", []),
        ("过拟合 fitting", "zh", []),
        ("拟合（over-fitting）", "zh", ["over-fitting"]),
        ("not 拟合化", "en", []),
    ],
)
def test_names_that_are_not_used_are_found(
    text: str, code: str, found: list[str], both: tuple[Term, ...]
) -> None:
    assert variants(both, text, code) == found


def test_the_first_use_of_a_term_carries_its_meaning(both: tuple[Term, ...]) -> None:
    html = _page("先说拟合，再说拟合。", both)
    mark = '<abbr class="term" tabindex="0" title="fitting: 意思 fit。">拟合</abbr>'
    assert html == f"<p>先说{mark}，再说拟合。</p>"


def test_the_longer_name_wins(both: tuple[Term, ...]) -> None:
    html = _page("过拟合与拟合", both)
    assert html.count("<abbr") == 2
    assert ">过拟合</abbr>与<abbr" in html


def test_english_is_found_in_any_case_and_plural(both: tuple[Term, ...]) -> None:
    html = _page("Fittings are.", both, "en/page.md")
    assert ">Fittings</abbr> are." in html
    assert "Meaning fit." in html


@pytest.mark.parametrize(
    "text", ["## 拟合", "[拟合](a.md)", "`拟合`", "    拟合", "unfitting"]
)
def test_headings_links_and_code_stay_quiet(text: str, both: tuple[Term, ...]) -> None:
    assert "<abbr" not in _page(text, both)


@pytest.mark.parametrize("name", ["glossary", "index", "errata"])
def test_pages_that_explain_themselves_stay_quiet(
    name: str, both: tuple[Term, ...]
) -> None:
    assert "<abbr" not in _page("拟合", both, f"zh/{name}.md")


def test_text_around_emphasis_keeps_its_order(both: tuple[Term, ...]) -> None:
    html = _page("a *拟合* b 过拟合 c **d** e", both)
    assert "".join(html.split("<abbr")[0:1]) == "<p>a <em>"
    assert html.endswith("</abbr> c <strong>d</strong> e</p>")


def test_the_list_stands_where_the_page_asks(both: tuple[Term, ...]) -> None:
    html = _page("one\n\n[[glossary]]\n\ntwo", both, "en/glossary.md")
    assert html.index("one") < html.index('id="fit"') < html.index("two")
    assert 'id="over"' in html


def test_a_page_that_does_not_ask_has_no_list(both: tuple[Term, ...]) -> None:
    assert "fit" not in _page("see [[glossary]] there", both, "en/x.md")
