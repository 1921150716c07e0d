"""Using a page: searching, copying, taking a lab along."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route

from tests.browser.conftest import Open, Reader
from tests.browser.pages import CHAPTER, LAB

RESULTS = ".md-search-result__list a.md-search-result__link"
LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])


def _title(heading: Locator) -> str:
    """Return a heading as it is read, without its link to itself."""
    text: str = heading.evaluate("h => h.firstChild.textContent")
    return text.strip()


def _search(page: Page, query: str) -> Locator:
    """Type a query as a reader without a mouse does; return the results' links."""
    page.keyboard.press("/")
    page.locator("input.md-search__input:focus").wait_for()
    page.keyboard.type(query, delay=10)
    page.keyboard.press(
        "End"
    )  # Chinese comes without keys going up; an input method's do
    results = page.locator(RESULTS)
    results.first.wait_for()
    return results


@pytest.mark.parametrize(("language", "screen"), [("zh", "phone"), ("en", "desktop")])
def test_a_section_is_found_by_its_title(
    language: str, screen: str, reader: Open
) -> None:
    window = reader(screen)
    page = window.open(f"{language}/{CHAPTER}")
    section = page.locator("article h2[id]").first
    anchor, title = section.get_attribute("id"), _title(section)
    page = window.open(f"{language}/")
    results = _search(page, title)
    own = f"{window.address}{language}/"
    page.locator(f"{RESULTS}[href*='{CHAPTER}'][href$='#{anchor}']").wait_for()
    hrefs = results.evaluate_all("found => found.map(a => a.href)")
    assert all(href.startswith(own) for href in hrefs)
    assert window.errors == []


@LANGUAGES
def test_the_first_result_opens_by_keyboard(language: str, reader: Open) -> None:
    window = reader()
    page = window.open(f"{language}/{CHAPTER}")
    section = page.locator("article h2[id]").first
    anchor, title = section.get_attribute("id"), _title(section)
    page = window.open(f"{language}/")
    _search(page, title)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{CHAPTER}**")
    assert page.url.partition("#")[2] == anchor


def _before_the_theme(window: Reader, path: str) -> Callable[[], None]:
    """Open a page whose theme's script is on its way; return what lets it arrive."""
    held: list[Route] = []
    window.page.route("**/bundle.*.js", lambda route: held.append(route))
    window.page.goto(window.address + path, wait_until="domcontentloaded")
    window.page.wait_for_function("document.querySelector('script[src*=bundle]')")

    def arrive() -> None:
        for route in held:
            route.continue_()

    return arrive


@pytest.mark.parametrize(
    ("screen", "query"), [("desktop", "overfitting"), ("phone", "为什么会过拟合")]
)
def test_no_letter_is_lost_before_the_theme_is_there(
    screen: str, query: str, reader: Open
) -> None:
    window = reader(screen)
    arrive = _before_the_theme(window, f"en/{CHAPTER}")
    window.page.keyboard.type(f"/{query}")
    field = window.page.locator("input.md-search__input")
    assert field.input_value() == query
    arrive()
    window.page.locator(f"{RESULTS}[href$='#overfitting']").first.wait_for()
    assert field.input_value() == query
    assert window.errors == []


def test_no_letter_is_lost_while_the_theme_comes(reader: Open) -> None:
    window = reader()
    window.page.goto(f"{window.address}en/{CHAPTER}", wait_until="commit")
    window.page.locator("input.md-search__input").wait_for()
    window.page.keyboard.type("/overfitting", delay=15)
    window.page.locator(f"{RESULTS}[href$='#overfitting']").first.wait_for()
    assert window.page.input_value("input.md-search__input") == "overfitting"
    assert window.errors == []


@pytest.mark.parametrize("early", [True, False])
def test_a_tap_on_the_glass_opens_the_search(early: bool, reader: Open) -> None:
    window = reader("phone")
    if early:
        arrive = _before_the_theme(window, "zh/")
    else:
        window.open("zh/")
    window.page.locator("label.md-header__button[for=__search]").tap()
    window.page.locator("input.md-search__input:focus").wait_for()
    window.page.keyboard.type("relu")
    if early:
        arrive()
    window.page.locator(f"{RESULTS}[href$='#relu']").first.wait_for()
    assert window.page.is_checked("#__search")
    assert window.page.input_value("input.md-search__input") == "relu"


def test_what_is_pasted_is_looked_for(reader: Open) -> None:
    page = reader().open("zh/")
    _search(page, "relu")
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.insert_text("过拟合")  # no key goes up
    page.locator(f"{RESULTS}[href$='#overfitting']").first.wait_for()


def test_the_page_for_wrong_addresses_searches(reader: Open) -> None:
    window = reader()
    results = _search(window.open("404.html"), "机器")
    assert results.count() > 0


def _expect_copied(page: Page, code: str) -> None:
    """Wait until the clipboard holds the code, no more and no less."""
    page.wait_for_function(
        "async code => (await navigator.clipboard.readText()).trimEnd() === code",
        arg=code.rstrip(),
    )


@LANGUAGES
def test_the_copy_button_copies_exactly_the_code(language: str, reader: Open) -> None:
    page = reader().open(f"{language}/{CHAPTER}")
    block = page.locator("article div.language-python:visible").first
    code = block.locator("code").evaluate("c => c.textContent")
    block.hover()
    block.locator("button[data-md-type=copy], button.md-clipboard").first.click()
    _expect_copied(page, code)
    assert code.strip()


@LANGUAGES
def test_the_whole_file_can_be_copied(language: str, reader: Open, site: Path) -> None:
    page = reader().open(f"{language}/{LAB}")
    button = page.locator(".lab-files button")
    offered = button.text_content()
    button.click()
    file = site / "snippets" / f"{Path(LAB).name}.py"
    _expect_copied(page, file.read_text(encoding="utf-8"))
    said = {"zh": "已复制", "en": "Copied"}[language]
    page.get_by_role("button", name=said, exact=True).wait_for()  # once it is there
    page.get_by_role("button", name=offered, exact=True).wait_for()


@LANGUAGES
def test_the_line_under_an_excerpt_is_easy_to_hit(language: str, reader: Open) -> None:
    page = reader("phone").open(f"{language}/{CHAPTER}")
    links = page.locator("article .module a:visible")
    boxes = [link.bounding_box() for link in links.all()]
    assert boxes
    assert all(box and min(box["width"], box["height"]) >= 24 for box in boxes)
    links.first.focus()
    page.keyboard.press("Tab")
    page.locator("article .module a.lab:focus").wait_for()


@pytest.mark.parametrize(
    ("mode", "suffix"), [("zh", ".py"), ("en", ".ipynb"), ("both", ".ipynb")]
)
def test_a_lab_can_be_taken_along(
    suffix: str, mode: str, reader: Open, site: Path
) -> None:
    page = reader("phone").open(f"{mode}/{CHAPTER}")
    page.locator("article .module:visible a.lab").first.click()
    page.wait_for_url("**/labs/**")
    link = page.locator(f".lab-files a[download][href$='{suffix}']")
    with page.expect_download() as begun:
        link.click()
    module = page.url.rstrip("/").rpartition("/")[2]
    language = "zh" if mode == "both" else mode
    file = {
        ".py": f"snippets/{module}.py",
        ".ipynb": f"{language}/labs/{module}/{module}.ipynb",
    }[suffix]
    assert begun.value.suggested_filename == f"{module}{suffix}"
    assert begun.value.path().read_bytes() == (site / file).read_bytes()


@LANGUAGES
def test_an_answer_unfolds(language: str, reader: Open) -> None:
    page = reader("phone").open(f"{language}/{CHAPTER}")
    answer = page.locator("article details").first
    body = answer.locator(":scope > :not(summary)").first
    assert body.is_hidden()
    answer.locator("summary").first.click()
    assert body.is_visible()
