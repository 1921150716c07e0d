"""Reading: on a phone and on a desk, in both languages and side by side."""

import gzip
from pathlib import Path

import pytest
from playwright.sync_api import Response

from tests.browser.conftest import TWO_FRAMES, Open, Reader
from tests.browser.pages import ALL, CHAPTER, LAB, LABS, NAMES, of_mode
from weave.languages import MODES

MODE = pytest.mark.parametrize("mode", MODES)


def _troubles(window: Reader, path: str) -> list[str]:
    """Open a page; return what went wrong in it, what it asked for, what sticks out."""
    page = window.open(path)
    window.load_figures()
    wide = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
    broken = page.evaluate(
        "[...document.images].filter(i => i.checkVisibility() && !i.naturalWidth)"
        ".map(i => i.src)"
    )
    found = [*window.errors, *window.foreign, *broken]
    window.errors.clear()
    window.foreign.clear()
    return [*found, f"{wide} px too wide"] if wide > 0 else found


# Side by side a page shows all that it shows in either language, and the labs of both
# differ in their words only; `make audit` asks about every page in every mode.
@pytest.mark.parametrize(
    "paths",
    [
        pytest.param(
            ["", "404.html", "zh/", "en/", *of_mode("both", [])], id="written"
        ),
        pytest.param([f"zh/{lab}" for lab in LABS[::2]], id="labs-zh"),
        pytest.param([f"en/{lab}" for lab in LABS[1::2]], id="labs-en"),
        pytest.param(ALL, marks=pytest.mark.audit, id="all"),
    ],
)
def test_every_page_reads_well_on_the_narrowest_screen(
    paths: list[str], reader: Open
) -> None:
    window = reader("narrow")
    troubles = {path: _troubles(window, path) for path in paths}
    assert not {path: found for path, found in troubles.items() if found}


@pytest.mark.parametrize("path", ["", "zh/", f"en/{CHAPTER}", f"both/{LAB}"])
def test_nothing_goes_wrong_on_a_desk(path: str, reader: Open) -> None:
    assert not _troubles(reader("desktop"), path)


def test_a_wrong_address_leads_on_in_both_languages(reader: Open) -> None:
    page = reader().open("zh/no/such/page/")
    doors = page.locator("article [lang=zh] a, article [lang=en] a")
    assert doors.count() == 2
    doors.last.click()
    page.locator("article .module, article h1").first.wait_for()
    assert page.url.endswith("/en/")


@pytest.mark.parametrize("path", ["", "zh/", "en/"])
@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_the_first_screen_shows_what_the_notes_are(
    width: int, height: int, path: str, reader: Open
) -> None:
    window = reader("phone" if width < height else "desktop")
    window.page.set_viewport_size({"width": width, "height": height})
    page = window.open(path)
    for part in ("h1", ".hero a", ".hero .figure .light"):
        box = page.locator(f"article {part}").first.bounding_box()
        assert box, part
        assert box["height"] > 20, part
        assert box["y"] + box["height"] <= height, part


def _shown(window: Reader) -> list[tuple[str, int]]:
    """Return scheme and natural width of the figures that can be seen."""
    window.load_figures()
    seen: list[tuple[str, int]] = window.page.evaluate(
        "[...document.querySelectorAll('article .figure img')]"
        ".filter(i => i.checkVisibility()).map(i => [i.className, i.naturalWidth])"
    )
    return seen


@pytest.mark.parametrize(("mode", "screen"), [("zh", "phone"), ("en", "desktop")])
def test_the_figures_change_with_the_colours(
    mode: str, screen: str, reader: Open
) -> None:
    window = reader(screen)
    page = window.open(f"{mode}/{CHAPTER}")
    toggle = page.locator("button.scheme")
    seen = {}
    for _ in range(2):
        scheme = page.locator("body").get_attribute("data-md-color-scheme")
        seen[scheme] = _shown(window)
        toggle.click()
    assert set(seen) == {"default", "slate"}
    for scheme, kind in (("default", "light"), ("slate", "dark")):
        assert {name for name, _ in seen[scheme]} == {kind}
        assert all(width > 0 for _, width in seen[scheme])


SCHEME = """() => [
    document.body.dataset.mdColorScheme,
    document.querySelector("meta[name=color-scheme]").content,
    [...document.querySelectorAll("meta[name=theme-color]")]
        .find(({ media }) => matchMedia(media).matches).content,
]"""
DARK, LIGHT = ["slate", "dark", "#14191f"], ["default", "light", "#ffffff"]


def test_the_colours_are_those_of_the_device(reader: Open) -> None:
    window = reader()
    window.page.emulate_media(color_scheme="dark")
    window.page.route("**/bundle.*", lambda route: route.abort())
    window.page.goto(f"{window.address}zh/{CHAPTER}")
    assert window.page.evaluate(SCHEME) == DARK  # whatever the theme's script may do
    window.page.emulate_media(color_scheme="light")
    window.page.evaluate(TWO_FRAMES)
    assert window.page.evaluate(SCHEME) == LIGHT


def test_the_colours_that_were_chosen_stay(reader: Open) -> None:
    window = reader()
    window.open(f"zh/{CHAPTER}").locator("button.scheme").click()
    page = window.open("en/")
    assert page.evaluate(SCHEME) == DARK
    page.emulate_media(color_scheme="dark")
    page.emulate_media(color_scheme="light")
    page.evaluate(TWO_FRAMES)
    assert page.evaluate(SCHEME) == DARK
    page.locator("button.scheme").press("Enter")
    assert page.evaluate(SCHEME) == LIGHT


@pytest.mark.parametrize(
    ("source", "goal", "screen"),
    [
        ("zh", "en", "phone"),
        ("en", "zh", "desktop"),
        ("zh", "both", "desktop"),
        ("both", "en", "phone"),
    ],
)
def test_the_switch_stays_on_the_page_and_in_the_section(
    source: str, goal: str, screen: str, reader: Open
) -> None:
    window = reader(screen)
    page = window.open(f"{source}/{CHAPTER}")
    section = page.locator("article h2[id]").nth(1)
    anchor = section.get_attribute("id")
    section.evaluate("h => h.scrollIntoView({behavior: 'instant'})")
    page.locator(f".modes a[data-mode={goal}]:visible").first.click()
    page.wait_for_url(f"**/{goal}/**")
    assert page.url == f"{window.address}{goal}/{CHAPTER}#{anchor}"
    assert page.locator(f"article #{anchor}").is_visible()


# Compressed, without pictures. Side by side, the text of both languages comes at once.
MOST = {"zh": 130_000, "en": 130_000, "both": 145_000}


@pytest.mark.parametrize("mode", MODES)
def test_a_first_visit_to_the_longest_chapter_is_light(mode: str, reader: Open) -> None:
    longest = max(NAMES, key=lambda name: Path(f"docs/zh/{name}.md").stat().st_size)
    window = reader("phone")
    responses: list[Response] = []
    window.page.on("response", lambda response: responses.append(response))
    window.open(f"{mode}/{longest}/").wait_for_load_state("networkidle")
    over_the_wire = {r.url: len(gzip.compress(r.body())) for r in responses}
    pictures = [size for url, size in over_the_wire.items() if "/figures/" in url]
    assert sum(over_the_wire.values()) - sum(pictures) <= MOST[mode]
    assert sum(pictures) <= 120_000
    assert len(over_the_wire) <= 25


def test_the_mode_chosen_last_is_remembered(reader: Open) -> None:
    window = reader("phone")
    page = window.open("zh/")
    page.locator(".modes a[data-mode=both]:visible").click()
    page.wait_for_url("**/both/")
    window.open("")
    page.wait_for_url("**/both/")


@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_the_meaning_of_a_term_is_a_tap_or_a_key_away(
    screen: str, reader: Open
) -> None:
    page = reader(screen).open(f"en/{CHAPTER}")
    term = page.locator("article abbr.term").nth(2)
    meaning = term.get_attribute("title")
    assert meaning
    term.tap() if screen == "phone" else term.focus()
    tip = page.locator("[role=tooltip]", has_text=meaning)
    tip.wait_for()
    box, width = tip.bounding_box(), page.evaluate("innerWidth")
    assert box
    assert 0 <= box["x"] <= box["x"] + box["width"] <= width


@MODE
def test_without_a_script_the_page_reads_in_full(mode: str, reader: Open) -> None:
    page = reader("phone", script=False).open(f"{mode}/{CHAPTER}")
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


SLOW = {"latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 90_000}
SHIFTS = """
window.shifts = [];
new PerformanceObserver(list => shifts.push(...list.getEntries().map(e => e.value)))
  .observe({ type: "layout-shift", buffered: true });
"""


@pytest.mark.parametrize("screen", ["phone", "desktop"])
@pytest.mark.parametrize(
    "path", ["zh/training-guide/", "zh/labs/saddle_points/", "both/backpropagation/"]
)
def test_nothing_moves_while_a_page_comes_over_a_slow_line(
    path: str, screen: str, reader: Open
) -> None:
    window = reader(screen)
    line = window.page.context.new_cdp_session(window.page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", {"offline": False, **SLOW})
    window.page.add_init_script(SHIFTS)
    page = window.open(path)
    page.wait_for_load_state("networkidle")
    assert sum(page.evaluate("shifts")) < 0.001
