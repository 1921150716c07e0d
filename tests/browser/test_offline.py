"""Reading from a folder on disk: nothing is served, all is there, search included."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import SCREENS, Reader
from weave.editions.build import build


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("offline") / "notes"
    build(path, DIRECTORY_URLS="false")
    return path


@pytest.fixture
def window(browser: Browser, folder: Path) -> Reader:
    page = browser.new_page(viewport=SCREENS["desktop"])
    page.set_default_timeout(10_000)
    return Reader(page, folder.as_uri() + "/")


def test_a_reader_comes_from_the_first_page_to_a_chapter(window: Reader) -> None:
    page = window.open("index.html")
    page.locator("article a[href='zh/index.html']").first.click()
    page.locator("article a[href='machine-learning-basics.html']").first.click()
    page.locator("article h1").wait_for()
    window.load_figures()
    broken = "[...document.images].filter(i => i.checkVisibility() && !i.naturalWidth)"
    assert page.evaluate(f"{broken}.length") == 0
    assert page.evaluate("document.fonts.check('1em \"STIX Two Math\"', '∑')")
    page.locator(".modes a[data-mode=en]:visible").first.click()
    page.wait_for_url("**/en/machine-learning-basics.html*")
    assert window.errors == []
    assert window.foreign == []


@pytest.mark.parametrize(("mode", "query"), [("zh", "过拟合"), ("en", "zero_grad")])
def test_the_search_finds(mode: str, query: str, window: Reader) -> None:
    page = window.open(f"{mode}/index.html")
    page.locator(".md-search__input").fill(query)
    page.keyboard.press("End")
    found = page.locator("a.md-search-result__link").first
    found.wait_for()
    goal = found.evaluate("a => a.href")
    assert goal.startswith(f"{window.address}{mode}/")
    found.click()
    page.wait_for_url(f"**/{mode}/*.html?h=*")
    assert window.errors == []
    assert window.foreign == []
