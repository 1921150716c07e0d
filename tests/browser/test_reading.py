"""Reading a chapter: on a phone and on a desk, in both languages and side by side."""

import pytest

from tests.browser.conftest import Open, Reader

CHAPTER = "machine-learning-basics/"
PAGES = ["", "zh/", "en/", "both/", *(f"{m}/{CHAPTER}" for m in ("zh", "en", "both"))]


@pytest.fixture(params=["phone", "desktop"])
def screen(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("path", PAGES)
def test_nothing_goes_wrong_and_no_other_host_is_asked(
    path: str, screen: str, reader: Open
) -> None:
    window = reader(screen)
    window.open(path)
    window.scroll_through()
    assert window.errors == []
    assert window.foreign == []


@pytest.mark.parametrize("path", ["zh/labs/", "en/labs/"])
def test_nothing_goes_wrong_in_a_lab(path: str, screen: str, reader: Open) -> None:
    window = reader(screen)
    window.open(_lab(window, path.removesuffix("labs/")))
    window.scroll_through()
    assert window.errors == []
    assert window.foreign == []


def _lab(window: Reader, mode: str) -> str:
    """Return the path of the first lab that the chapter leads to."""
    link = window.open(mode + CHAPTER).locator("article .module a.lab").first
    url: str = link.evaluate("a => a.href")
    return url.removeprefix(window.address)


def test_a_wrong_address_leads_on_in_both_languages(reader: Open) -> None:
    page = reader().open("404.html")
    assert page.locator("article [lang=zh] a, article [lang=en] a").count() == 2


def _shown(window: Reader) -> list[tuple[str, int]]:
    """Return scheme and natural width of the figures that can be seen."""
    seen: list[tuple[str, int]] = [
        (image.get_attribute("class") or "", image.evaluate("i => i.naturalWidth"))
        for image in window.page.locator("article .figure img").all()
        if image.is_visible()
    ]
    return seen


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_figures_change_with_the_colours(
    language: str, screen: str, reader: Open
) -> None:
    window = reader(screen)
    page = window.open(f"{language}/{CHAPTER}")
    toggle = page.locator("form[data-md-component=palette] label:visible")
    seen = {}
    for _ in range(2):
        scheme = page.locator("body").get_attribute("data-md-color-scheme")
        window.scroll_through()
        seen[scheme] = _shown(window)
        toggle.first.click()
    assert set(seen) == {"default", "slate"}
    for scheme, kind in (("default", "light"), ("slate", "dark")):
        assert {name for name, _ in seen[scheme]} == {kind}
        assert all(width > 0 for _, width in seen[scheme])


def test_the_colours_stay_on_the_next_page(reader: Open) -> None:
    window = reader()
    page = window.open(f"zh/{CHAPTER}")
    page.locator("form[data-md-component=palette] label:visible").first.click()
    window.open(f"en/{CHAPTER}")
    assert page.locator("body").get_attribute("data-md-color-scheme") == "slate"


@pytest.mark.parametrize(
    ("source", "goal"), [("zh", "en"), ("en", "zh"), ("zh", "both"), ("both", "en")]
)
def test_the_switch_stays_on_the_page_and_in_the_section(
    source: str, goal: str, screen: str, reader: Open
) -> None:
    window = reader(screen)
    page = window.open(f"{source}/{CHAPTER}")
    section = page.locator("article h2[id]").first
    anchor = section.get_attribute("id")
    section.evaluate("h => h.scrollIntoView({behavior: 'instant'})")
    page.locator(f".modes a[data-mode={goal}]:visible").first.click()
    page.wait_for_url(f"**/{goal}/**")
    assert page.url == f"{window.address}{goal}/{CHAPTER}#{anchor}"
    assert page.locator(f"article #{anchor}").is_visible()


@pytest.mark.parametrize("path", PAGES)
def test_nothing_scrolls_sideways_on_the_narrowest_screen(
    path: str, reader: Open
) -> None:
    page = reader("narrow").open(path)
    width = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
    assert width <= 0


@pytest.mark.parametrize("mode", ["zh/", "en/"])
def test_a_lab_does_not_scroll_sideways(mode: str, reader: Open) -> None:
    window = reader("narrow")
    page = window.open(_lab(window, mode))
    assert page.evaluate("document.scrollingElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("mode", ["zh", "en", "both"])
def test_without_a_script_the_page_reads_in_full(
    mode: str, screen: str, reader: Open
) -> None:
    page = reader(screen, script=False).open(f"{mode}/{CHAPTER}")
    for part in ("h1", "p", "math", ".figure .light", "pre code"):
        assert page.locator(f"article {part}").first.is_visible(), part
    assert page.locator("article .figure .dark").first.is_hidden()
    figure = page.locator("article .figure .light").first
    figure.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    box = figure.bounding_box()
    assert box
    assert box["height"] > 50


def test_without_a_script_the_greeting_leads_on(reader: Open) -> None:
    window = reader("phone", script=False)
    page = window.open("")
    page.locator("article a[href='en/']").first.click()
    assert page.url == f"{window.address}en/"


def test_formulas_stretch_in_the_font_that_the_site_brings(reader: Open) -> None:
    page = reader().open(f"en/{CHAPTER}")
    fonts = "[...document.fonts].filter(f => f.status == 'loaded').map(f => f.family)"
    families = " ".join(page.evaluate(fonts))
    assert "STIX Two Math" in families
