"""On paper: a chapter keeps answers, figures, formulas; dark ink, nothing to click."""

import pytest

from tests.browser.conftest import Open
from tests.browser.pages import CHAPTER


@pytest.mark.parametrize("mode", ["zh", "en"])
def test_a_printed_chapter_is_whole(mode: str, reader: Open) -> None:
    page = reader().open(f"{mode}/{CHAPTER}")
    answers = page.locator("article details")
    assert answers.count() >= 4
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    for part in ("details > :not(summary)", "math", "pre code", ".figure .light"):
        assert page.locator(f"article {part}").last.is_visible(), part
    for part in (".md-header", ".md-sidebar--primary", ".modes", ".md-clipboard"):
        assert not page.locator(part).first.is_visible(), part
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("article details[open]").count() == 0


INK = """() => ["article p", "article pre code"].map(
    part => getComputedStyle(document.querySelector(part)).color
)"""


def test_what_is_read_in_the_dark_is_printed_in_dark_ink(reader: Open) -> None:
    page = reader().open(f"en/{CHAPTER}")
    page.add_style_tag(content="* { transition: none !important }")
    page.emulate_media(media="print")
    ink = page.evaluate(INK)
    page.emulate_media(media="screen", color_scheme="dark")
    page.locator("body[data-md-color-scheme=slate]").wait_for()
    assert page.evaluate(INK) != ink
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(INK) == ink
