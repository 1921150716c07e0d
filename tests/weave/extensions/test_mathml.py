"""Formulas: MathML that parses, or an error that shows where."""

import re
from html import unescape
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.weave.pages import render
from weave.errors import WeaveError
from weave.extensions.mathml import MathExtension, mathml


def _page(text: str, *extensions: str) -> str:
    generic = {"pymdownx.arithmatex": {"generic": True}}
    return render(
        text, *extensions, "pymdownx.arithmatex", MathExtension(), configs=generic
    )


def _formulas(html: str) -> list[ElementTree.Element]:
    return [_parsed(formula) for formula in re.findall("<math.*?</math>", html)]


def _parsed(formula: str) -> ElementTree.Element:
    # XML knows no entities by name but those of its own syntax.
    named = r"&(?!(?:lt|gt|amp|quot);)\w+;"
    return ElementTree.fromstring(re.sub(named, lambda m: unescape(m[0]), formula))


def _text(tex: str, *, display: bool = False) -> str:
    return "".join(_parsed(mathml(tex, display=display)).itertext())


def test_a_formula_in_a_line_is_not_a_display() -> None:
    html = _page("Here $x^2$ is.")
    [formula] = _formulas(html)
    assert formula.get("display") is None
    assert [node.tag for node in formula] == ["msup"]
    assert html.startswith("<p>Here <math>")


@pytest.mark.parametrize(
    ("text", "tied"),
    [("看 $x$。好", "{}。"), ("值（$x$），", "（{}），"), ("（$x$ 是", "（{}")],
)
def test_a_formula_and_the_chinese_marks_at_it_are_tied(text: str, tied: str) -> None:
    [span] = re.findall('<span class="tied">(.*?)</span>', _page(text))
    assert span == tied.format(mathml("x", display=False))


def test_all_else_around_a_formula_is_as_it_was() -> None:
    assert "tied" not in _page("See $x$, $y$ 和 $z$")
    display = '<div class="arithmatex">\\[x\\]</div>'
    page = _page(f"<b>（{display}。</b>")
    assert re.sub("<div.*</div>", "|", page) == "<p><b>（|。</b></p>"


def test_a_formula_of_its_own_can_be_scrolled_by_keyboard() -> None:
    html = _page("$$\nx = y\n$$")
    assert html.startswith('<div class="formula" tabindex="0"><math display="block">')
    assert "arithmatex" not in html


@pytest.mark.parametrize(("tex", "text"), [("a < b", "a<b"), ("a > b", "a>b")])
def test_less_and_greater_survive_the_way_through_html(tex: str, text: str) -> None:
    [formula] = _formulas(_page(f"${tex}$"))
    assert "".join(formula.itertext()) == text


def test_the_ampersands_of_an_aligned_block_are_its_columns() -> None:
    tex = r"\begin{aligned} a &= b \\ c &< d \end{aligned}"
    [formula] = _formulas(_page(f"$$\n{tex}\n$$"))
    rows = [["".join(cell.itertext()) for cell in row] for row in formula.iter("mtr")]
    assert rows == [["a", "=b"], ["c", "<d"]]


def test_a_matrix_has_its_rows_and_columns() -> None:
    tex = r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}"
    table = _parsed(mathml(tex, display=True)).find(".//mtable")
    assert table is not None
    assert [[c.findtext("mn") for c in row] for row in table] == [
        ["1", "2"],
        ["3", "4"],
    ]


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"\boldsymbol{x}", "𝒙"),
        (r"\operatorname*{arg\,min}_w L", "min"),
        (r"\begin{cases} 1 & x > 0 \\ 0 & \text{else} \end{cases}", "else"),
        (r"\underbrace{a + b}_{c}", "⏟"),
        ("x = −3", "−3"),
    ],
)
def test_what_the_chapters_use_is_understood(tex: str, text: str) -> None:
    assert text in _text(tex, display=True)


def test_formulas_in_tables_and_answers_are_converted() -> None:
    html = _page("| a |\n|---|\n| $x$ |\n\n1. b\n\n    $$\n    y\n    $$\n", "tables")
    assert len(_formulas(html)) == 2
    assert "$" not in html


def test_code_is_no_formula() -> None:
    assert "<math" not in _page("`$x$` and\n\n    $y$\n")


@pytest.mark.parametrize(
    ("text", "line", "tex"),
    [
        ("one\n\n$\\frac{1$ two", 3, r"\frac{1"),
        ("one\n\n$$\n\\undefined{x}\n$$", 4, r"\undefined{x}"),
        ("$a & b$", 1, "a & b"),
        ("$$\n\\begin{aligned} a &= b \\end{cases}\n$$", 2, r"\begin{aligned}"),
    ],
)
def test_a_wrong_formula_stops_with_its_place_and_source(
    text: str, line: int, tex: str
) -> None:
    with pytest.raises(WeaveError, match="this formula does not parse") as caught:
        _page(text)
    where, shown = str(caught.value).split(": this", 1)
    assert where == f"docs/zh/page.md:{line}"
    assert tex in shown


letters = st.sampled_from([*"abxyz", r"\alpha", r"\theta", "1", "25"])
formulas = st.recursive(
    letters,
    lambda part: st.one_of(
        st.builds(r"\frac{{{}}}{{{}}}".format, part, part),
        st.builds("{{{}}}_{{{}}}".format, part, part),
        st.builds("{} < {}".format, part, part),
        st.builds(r"\left( {} + {} \right)".format, part, part),
        st.builds(r"\sqrt{{{}}}".format, part),
    ),
)


@given(formulas, st.booleans())
def test_every_formula_is_well_formed_and_loses_no_number(
    tex: str, display: bool
) -> None:
    root = _parsed(mathml(tex, display=display))
    assert root.get("display") == ("block" if display else None)
    numbers = [node.text for node in root.iter("mn")]
    assert numbers == re.findall(r"\d+", tex)


@given(formulas)
def test_a_formula_on_a_page_is_the_formula_alone(tex: str) -> None:
    assert mathml(tex, display=False) in _page(f"${tex}$")
