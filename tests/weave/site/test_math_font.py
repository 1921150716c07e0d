"""The mathematics font: the glyphs that are used, the tables that stretch, no more."""

import base64
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont

from weave.extensions.mathml import mathml
from weave.site import math_font

USED = "xy∑√∫()[]{}⏟αθ𝒙𝑤0123456789<>"


@pytest.fixture(scope="module")
def font() -> TTFont:
    return TTFont(BytesIO(math_font.subset(USED)))


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
    data = math_font.subset(USED)
    assert data[:4] == b"wOF2"
    assert len(data) < 30_000 < math_font.SOURCE.stat().st_size


def _box(font: TTFont, letter: str) -> tuple[float, float]:
    """Return where a letter ends below and above, in ems."""
    glyphs = font.getGlyphSet()
    pen = BoundsPen(glyphs)
    glyphs[font.getBestCmap()[ord(letter)]].draw(pen)
    _, low, _, high = pen.bounds
    return low / font["head"].unitsPerEm, high / font["head"].unitsPerEm


@pytest.mark.parametrize("prime", "′″‴")
def test_a_prime_stands_where_tex_puts_it(prime: str) -> None:
    """In heights of a capital, as Computer Modern has it: sup1 is 0.413 em, the prime
    of cmsy10 goes from 0.043 to 0.559 em, at 0.7 of its size; H is 0.683 em high."""
    font = TTFont(BytesIO(math_font.subset(f"H{prime}")))
    constants = font["MATH"].table.MathConstants
    rise = constants.SuperscriptShiftUp.Value / font["head"].unitsPerEm
    scale = constants.ScriptPercentScaleDown / 100
    _, capital = _box(font, "H")
    low, high = ((rise + scale * end) / capital for end in _box(font, prime))
    assert low == pytest.approx((0.413 + 0.7 * 0.043) / 0.683, abs=0.07)
    assert high == pytest.approx((0.413 + 0.7 * 0.559) / 0.683, abs=0.07)


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(math_font, "FONTS", tmp_path / "cache")


def _font(*pages: str) -> TTFont:
    """The font in the style sheet that a site of these pages carries."""
    sheet = math_font.sheet(pages)
    assert sheet.startswith('@font-face{font-family:"STIX Two Math"')
    data = sheet.partition("base64,")[2].partition(")")[0]
    return TTFont(BytesIO(base64.b64decode(data)))


def test_the_site_s_font_has_what_its_formulas_use() -> None:
    formula = mathml(r"\sum_i θ_i \alpha", display=True)
    there = set(
        _font(
            f"<p>Ω</p>{formula}<p>Ω</p>", mathml(r"\int f", display=False)
        ).getBestCmap()
    )
    assert {ord(c) for c in "∑∫𝜃𝛼𝑓0"} <= there
    assert there.isdisjoint({ord(c) for c in "Ωθf"}), "letters are shown in italics"


def test_letters_are_there_in_italics_and_roots_have_their_sign() -> None:
    formula = mathml(r"\sqrt{h} + \hat{y} \theta", display=False)
    there = set(_font(formula).getBestCmap())
    assert {ord(c) for c in "√ℎ𝑦𝜃"} <= there
    assert ord("𝑥") not in there


def test_a_formula_that_is_gone_takes_its_glyphs_along() -> None:
    _font("<math>Ω</math>")
    there = set(_font("<math>θ</math>").getBestCmap())
    assert ord("θ") in there
    assert ord("Ω") not in there


def test_the_same_formulas_give_the_same_bytes_without_another_cut(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = math_font.sheet(["<math>xy</math>"])
    monkeypatch.delattr(math_font, "subset")
    assert math_font.sheet(["<math>yx</math>"]) == first


def test_a_font_is_cut_the_same_way_whatever_the_order_and_the_time() -> None:
    with (
        TTFont(math_font.SOURCE) as source,
        TTFont(BytesIO(math_font.subset("xy∑"))) as cut,
    ):
        assert cut["head"].modified == source["head"].modified
    assert math_font.subset("xy∑") == math_font.subset("∑yx")
