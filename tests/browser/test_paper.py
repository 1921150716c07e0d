"""On paper: a chapter keeps its answers, figures and formulas, and nothing to click."""

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
