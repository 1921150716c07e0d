"""The mathematics font: the glyphs that are used, the tables that stretch, no more."""

import base64
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from weave import fonts
from weave.mathml import mathml

USED = "xy∑√∫()[]{}⏟αθ𝒙𝑤0123456789<>"


@pytest.fixture(scope="module")
def font() -> TTFont:
    return TTFont(BytesIO(fonts.subset(USED)))


def test_every_character_asked_for_is_there(font: TTFont) -> None:
    assert {ord(c) for c in USED} <= set(font.getBestCmap())


def test_other_characters_are_not(font: TTFont) -> None:
    assert not {ord(c) for c in "ZΩ⊗"} & set(font.getBestCmap())


def test_brackets_and_sums_can_stretch(font: TTFont) -> None:
    variants = font["MATH"].table.MathVariants
    assert "summation" in variants.VertGlyphCoverage.glyphs
    assert "parenleft" in variants.VertGlyphCoverage.glyphs


def test_the_font_says_whose_it_is_and_under_which_licence(font: TTFont) -> None:
    names = {record.nameID: str(record) for record in font["name"].names}
    assert "STIX Fonts Project Authors" in names[0]
    assert "SIL Open Font License" in names[13]
    assert names[14].endswith("OFL")


def test_the_font_is_small() -> None:
    data = fonts.subset(USED)
    assert data[:4] == b"wOF2"
    assert len(data) < 30_000 < fonts.SOURCE.stat().st_size


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(fonts, "FONTS", tmp_path / "cache")
    monkeypatch.setattr(fonts, "_used", set())
    return tmp_path


def _written(folder: Path) -> TTFont:
    """The font in the style sheet that the site would carry."""
    fonts.write(folder / "math.css")
    sheet = (folder / "math.css").read_text(encoding="utf-8")
    assert sheet.startswith('@font-face{font-family:"STIX Two Math"')
    data = sheet.partition("base64,")[2].partition(")")[0]
    return TTFont(BytesIO(base64.b64decode(data)))


def test_the_site_s_font_has_what_its_formulas_use(cache: Path) -> None:
    formula = mathml(r"\sum_i θ_i \alpha", display=True)
    fonts.note(f"<p>Ω</p>{formula}<p>Ω</p>")
    fonts.note(mathml(r"\int f", display=False))
    there = set(_written(cache).getBestCmap())
    assert {ord(c) for c in "∑∫θα0"} <= there
    assert ord("Ω") not in there


def test_letters_are_there_in_italics_and_roots_have_their_sign(cache: Path) -> None:
    fonts.note(mathml(r"\sqrt{h} + \hat{y} \theta", display=False))
    there = set(_written(cache).getBestCmap())
    assert {ord(c) for c in "√ℎ𝑦𝜃"} <= there
    assert ord("𝑥") not in there


def test_a_formula_that_is_gone_takes_its_glyphs_along(cache: Path) -> None:
    for formula in ("<math>Ω</math>", "<math>θ</math>"):
        fonts.note(formula)
        there = set(_written(cache).getBestCmap())
    assert ord("θ") in there
    assert ord("Ω") not in there


def test_the_same_formulas_give_the_same_bytes_without_another_cut(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fonts.note("<math>xy</math>")
    fonts.write(cache / "a.css")
    monkeypatch.delattr(fonts, "subset")
    fonts.note("<math>yx</math>")
    fonts.write(cache / "b.css")
    assert (cache / "a.css").read_bytes() == (cache / "b.css").read_bytes()


def test_a_font_is_cut_the_same_way_whatever_the_order_and_the_time() -> None:
    with TTFont(fonts.SOURCE) as source, TTFont(BytesIO(fonts.subset("xy∑"))) as cut:
        assert cut["head"].modified == source["head"].modified
    assert fonts.subset("xy∑") == fonts.subset("∑yx")
