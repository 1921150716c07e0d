"""Code that runs where it is read: a real browser, a real kernel."""

import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser.conftest import SCREENS, Reader
from tests.browser.pages import CHAPTER
from tests.weave.site.tiny_site import project_in
from weave import lifeline
from weave.live import pool
from weave.live.limits import Limits
from weave.live.server import server
from weave.paths import DOCS
from weave.site.exercises import exercises
from weave.text import read

LAB = "labs/gradient_descent/"
LIMITS = Limits(characters=20_000, kernels=2)
FOCUSED = "selector => document.activeElement.matches(selector)"
LONG = 60_000  # milliseconds: snippets train

Open = Callable[..., Reader]


@pytest.fixture(scope="module")
def live(site: Path) -> Iterator[str]:
    """Serve the site with running cells; return its address, with a slash."""
    with (
        pytest.MonkeyPatch.context() as patch,
        server(site, limits=LIMITS) as made,
    ):
        patch.setattr(pool, "RETURN", 1.5)
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{made.server_port}/"
        made.shutdown()


@pytest.fixture
def reader(browser: Browser, live: str) -> Iterator[Open]:
    """Open pages of one reader, who has one browser."""
    context = browser.new_context(color_scheme="light", viewport=SCREENS["desktop"])
    context.set_default_timeout(15_000)

    def open_(path: str, screen: str = "desktop") -> Reader:
        window = Reader(context.new_page(), live)
        window.page.set_viewport_size(SCREENS[screen])
        window.open(path).locator(".live-bar").wait_for()
        return window

    yield open_
    context.close()


class Cell:
    """One cell of a page, as a reader finds it."""

    def __init__(self, page: Page, block: Locator) -> None:
        self.page = page
        self.field = block.locator("textarea")
        self.panel = block.locator("xpath=following-sibling::*[1]")
        self.output = self.panel.locator(".live-output")
        self.status = self.panel.locator(".live-status")

    def button(self, name: str) -> Locator:
        return self.panel.get_by_role("button", name=name, exact=True)

    def run(self, code: str | None = None, outcome: str = "done|运行完毕") -> None:
        """Write, run, and wait for the outcome."""
        if code is not None:
            self.field.fill(code)
        self.panel.locator(".live-run").click()
        self.ends(outcome)

    def ends(self, outcome: str = "done|运行完毕") -> None:
        expect(self.status).to_have_text(re.compile(outcome), timeout=LONG)


def _cell(page: Page, number: int = 0, kind: str = "") -> Cell:
    return Cell(page, page.locator(f".live-block{kind}").nth(number))


def _state(page: Page, state: str) -> None:
    expect(page.locator(f".live-bar[data-state='{state}']")).to_be_attached(
        timeout=LONG
    )


def test_a_cell_runs_after_all_that_stand_above_it(reader: Open) -> None:
    window = reader(f"en/{LAB}")
    cell = _cell(window.page, 3)
    cell.run()
    above = _cell(window.page, 0)
    assert above.output.inner_text() == ""  # it ran unseen
    cell.run("print(torch.__name__, SEED)\nSEED * 2")
    assert re.fullmatch(r"torch (\d+)\s+\d+", cell.output.inner_text().strip())
    assert window.errors == []


def test_text_streams_and_a_cell_stops_within_a_second(reader: Open) -> None:
    page = reader(f"en/{LAB}").page
    cell = _cell(page)
    cell.field.fill(
        "import time\nfor i in range(99):\n    print(i, flush=True)\n    time.sleep(.2)"
    )
    cell.panel.locator(".live-run").click()
    expect(cell.output).to_contain_text("3", timeout=LONG)
    expect(cell.panel.locator(".live-clock")).to_contain_text(" s")
    _state(page, "running")
    start = time.monotonic()
    cell.button("Stop").click()
    cell.ends("stopped")
    assert time.monotonic() - start < 1.5
    expect(cell.output).to_contain_text("KeyboardInterrupt")
    _state(page, "ready")


def test_an_error_shows_the_cells_own_lines(reader: Open) -> None:
    cell = _cell(reader(f"en/{LAB}").page)
    cell.run(
        "import torch\n\ndef f(x):\n    return x @ torch.ones(3)\n\nf(torch.ones(2))",
        "error",
    )
    rows = cell.output.locator(".live-frame").all()
    assert [row.locator("*").all_inner_texts() for row in rows] == [
        ["line 6", "f(torch.ones(2))"],
        ["line 4 · in f", "return x @ torch.ones(3)"],
    ]
    expect(cell.output.locator("pre")).to_contain_text("RuntimeError: ")
    assert "site-packages" not in cell.output.inner_text()


def test_what_is_printed_is_text(reader: Open) -> None:
    cell = _cell(reader(f"en/{LAB}").page)
    cell.run(
        "from IPython.display import HTML, SVG, display\n"
        "print('<b>bold</b>')\ndisplay(HTML('<script>alert(1)</script>'))\n"
        "HTML('<img src=x onerror=alert(2)>')"
    )
    expect(cell.output).to_contain_text("<b>bold</b>")
    assert cell.output.locator("b, script, img").count() == 0


def test_long_output_is_cut_and_can_be_seen(reader: Open) -> None:
    cell = _cell(reader(f"en/{LAB}").page)
    cell.run("for i in range(200):\n    print('line', i)")
    shown = cell.output.inner_text()
    assert "line 0" in shown
    assert "line 199" in shown
    assert "line 100\n" not in shown
    cell.output.get_by_role("button").click()
    expect(cell.output).to_contain_text("line 100\n")
    cell.run("print('x' * 50_000)", "done|stopped")
    expect(cell.output).to_contain_text("20000")


@pytest.mark.parametrize(("language", "word"), [("zh", "更新次数"), ("en", "updates")])
def test_a_figure_speaks_the_pages_language_in_both_schemes(
    language: str, word: str, reader: Open
) -> None:
    page = reader(f"{language}/{LAB}").page
    cell = _cell(page)
    cell.run(
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.xlabel('updates')\n"
        "plt.rcParams['svg.fonttype'] = 'none'\nplt.show()"
    )
    figure = cell.output.locator("figure")
    for scheme, hidden in (("default", "dark"), ("slate", "light")):
        page.evaluate(
            "name => document.body.setAttribute('data-md-color-scheme', name)", scheme
        )
        images = figure.locator("img")
        seen = [name for name in ("light", "dark") if name != hidden]
        assert images.locator("visible=true").count() == 1
        assert figure.locator(f"img.{seen[0]}").is_visible()
    light, dark = (
        page.evaluate("u => fetch(u).then(a => a.text())", image.get_attribute("src"))
        for image in figure.locator("img").all()
    )
    assert word in light
    assert "#0069a8" in light
    assert "#0069a8" not in dark
    assert "#62b5eb" in dark


def test_what_was_changed_stays_until_reset(reader: Open) -> None:
    page = reader(f"en/{LAB}").page
    cell = _cell(page, 1)
    author = cell.field.input_value()
    cell.field.fill("# mine")
    expect(cell.status).to_have_text("changed")
    page.wait_for_function("Object.values(localStorage).join().includes('# mine')")
    other = reader(f"zh/{LAB}").page  # the languages share it
    assert _cell(other, 1).field.input_value() == "# mine"
    page.goto(page.url.replace(LAB, ""))
    page.go_back()
    cell = _cell(page, 1)
    expect(cell.field).to_have_value("# mine")
    cell.button("Reset").click()
    expect(cell.field).to_have_value(author)
    page.reload()
    expect(_cell(page, 1).field).to_have_value(author)


def test_the_authors_output_comes_back(reader: Open) -> None:
    page = reader(f"en/{LAB}").page
    block = page.locator(".live-block:has(+ .live-panel + :is(.output, figure))").first
    cell = Cell(page, block)
    output = cell.panel.locator("xpath=following-sibling::*[1]")
    cell.run("print('mine')")
    expect(output).to_be_hidden()
    cell.button("Reset").click()
    expect(output).to_be_visible()
    assert cell.output.inner_text() == ""


@pytest.mark.audit
def test_a_reload_loses_nothing(reader: Open) -> None:
    """As when a Markdown file is saved while a cell runs."""
    page = reader(f"en/{LAB}").page
    first, cell = _cell(page), _cell(page, 1)
    first.run("mark = 41\nprint('before')")
    cell.field.fill("import time\nprint('begun')\ntime.sleep(3)\nprint(mark + 1)")
    cell.panel.locator(".live-run").click()
    expect(cell.output).to_contain_text("begun")
    page.reload()
    first, cell = _cell(page), _cell(page, 1)
    expect(first.output).to_contain_text("before")
    expect(cell.output).to_contain_text("begun")
    cell.ends()
    expect(cell.output).to_contain_text("42")


def test_two_pages_have_a_kernel_each(reader: Open) -> None:
    one, two = (_cell(reader(f"{code}/{LAB}").page) for code in ("en", "zh"))
    one.run("whose = 'one'")
    two.run("print('whose' in globals())")
    expect(two.output).to_contain_text("False")
    one.run("print(whose)")
    expect(one.output).to_contain_text("one")


def test_leaving_ends_the_kernel_and_coming_back_starts_anew(reader: Open) -> None:
    page = reader(f"en/{LAB}").page
    cell = _cell(page)
    cell.run("import os\nmark = 1\nprint(os.getpid())")
    process = Path("/proc", cell.output.inner_text().strip())
    assert process.exists()
    page.goto(page.url.replace(LAB, ""))
    deadline = time.monotonic() + 10
    while process.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not process.exists()
    page.go_back()
    cell = _cell(page)
    cell.run("print('mark' in globals())")
    expect(cell.output).to_contain_text("False")


def test_restart_and_a_kernel_that_dies(reader: Open) -> None:
    page = reader(f"en/{LAB}").page
    cell = _cell(page)
    cell.run("mark = 1")
    page.get_by_role("button", name="Restart").click()
    _state(page, "ready")
    cell.run("print('mark' in globals())")
    expect(cell.output).to_contain_text("False")
    cell.run("import os\nos._exit(1)", "error")
    _state(page, "died")
    expect(page.locator(".live-state")).to_contain_text("died")
    cell.run("print('again')")
    expect(cell.output).to_contain_text("again")


def test_a_page_gives_way_to_others(reader: Open) -> None:
    windows = [reader(f"en/{LAB}") for _ in range(LIMITS.kernels + 1)]
    for window in windows:
        window.page.bring_to_front()
        _cell(window.page).run("1")
    windows[0].page.bring_to_front()
    _state(windows[0].page, "gave-way")
    assert all(window.errors == [] for window in windows)


def test_all_of_a_page_runs(reader: Open) -> None:
    page = reader("en/labs/tensor_ops/").page
    page.get_by_role("button", name="Run all").click()
    page.wait_for_function(
        "() => [...document.querySelectorAll('.live-row .live-status')]"
        ".every(status => status.textContent === 'done')",
        timeout=LONG,
    )
    assert page.locator(".live-error").count() == 0


def test_all_excerpts_of_a_chapter_run(reader: Open) -> None:
    page = reader("both/pytorch-tensors/").page
    page.get_by_role("button", name="全部运行").click()
    page.wait_for_function(
        "() => [...document.querySelectorAll('.live-block:not(.start) + .live-panel')]"
        ".every(panel => panel.querySelector('.live-status').textContent)",
        timeout=LONG,
    )
    assert page.locator(".live-error").all_inner_texts() == []


def test_a_changed_excerpt_is_what_the_next_one_uses(reader: Open) -> None:
    page = reader(f"en/{CHAPTER}").page
    gradient = page.locator(".live-block:has(code:text('def gradient('))").first
    Cell(page, gradient).field.fill("def gradient(*_):\n    raise ValueError('mine')")
    following = page.locator(".live-block:has(code:text('db, dw = gradient('))").first
    cell = Cell(page, following)
    cell.run(outcome="error")
    expect(cell.output).to_contain_text("ValueError: mine")


def _answers(chapter: str) -> list[tuple[str, str]]:
    """Return the id and the answer of each exercise that has a check."""
    found = exercises(read(DOCS / chapter))
    return [
        (f"exercise-{one.number}", block.code)
        for one in found
        for block in one.blocks
        if block.part == "answer"
    ]


CHAPTERS = [
    path.stem
    for path in sorted((DOCS / "zh").glob("*.md"))
    if _answers(f"zh/{path.name}")
]
ALL = [
    pytest.param(
        chapter,
        number,
        marks=[pytest.mark.audit] if number or CHAPTERS.index(chapter) > 2 else [],
        id=f"{chapter}-{number}",
    )
    for chapter in CHAPTERS
    for number in range(len(_answers(f"zh/{chapter}.md")))
]


@pytest.mark.parametrize(("chapter", "number"), ALL)
def test_an_exercise_is_done_on_the_page(
    chapter: str, number: int, reader: Open
) -> None:
    mode = ["zh", "en", "both"][CHAPTERS.index(chapter) % 3]
    language = "en" if mode == "en" else "zh"
    window = reader(f"{mode}/{chapter}/")
    page = window.page
    place, answer = _answers(f"{language}/{chapter}.md")[number]
    section = page.locator(f"h3#{place}")
    block = section.locator("xpath=following::*[contains(@class, 'start')][1]")
    cell = Cell(page, block)
    folded = block.locator("xpath=following::details[contains(@class, 'success')][1]")
    check = cell.panel.locator(".live-check")
    check.click()
    expect(cell.output.locator(".live-wrong")).to_be_visible(timeout=LONG)
    assert folded.get_attribute("open") is None
    cell.field.fill(answer)
    check.click()
    expect(cell.output.locator(".live-right")).to_be_visible(timeout=LONG)
    assert folded.get_attribute("open") is not None
    expect(page.locator(".live-count")).to_have_text(re.compile(r"1\D+\d"))
    assert window.errors == []


def test_what_was_solved_stays(reader: Open) -> None:
    page = reader(f"zh/{CHAPTER}").page
    _, answer = _answers("zh/machine-learning-basics.md")[0]
    cell = _cell(page, kind=".start")
    cell.field.fill(answer)
    cell.button("检查").click()
    expect(page.locator(".live-count")).to_have_text(re.compile("1 / "), timeout=LONG)
    page.goto(page.url.replace("/zh/", "/en/"))
    expect(page.locator(".live-count")).to_have_text(re.compile("^1 of "))
    assert page.locator("h3.live-solved").get_attribute("id") == "exercise-1"
    assert _cell(page, kind=".start").field.input_value() == answer


def test_an_error_in_an_exercise_is_no_hint(reader: Open) -> None:
    page = reader(f"en/{CHAPTER}").page
    cell = _cell(page, kind=".start")
    cell.field.fill("guess = ")
    cell.button("Check").click()
    cell.ends("error")
    expect(cell.output).to_contain_text("SyntaxError")
    assert cell.output.locator(".live-verdict").count() == 0
    cell.field.fill("x = 1")
    cell.button("Check").click()
    expect(cell.output.locator(".live-wrong")).to_contain_text("NameError")


def test_the_keyboard_alone_is_enough_and_never_caught(reader: Open) -> None:
    page = reader(f"en/{LAB}").page
    field = _cell(page).field
    field.focus()
    author = field.input_value()
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED, ".live-run")
    assert field.input_value() == author
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")  # begins editing, and changes nothing
    assert field.input_value() == author
    page.keyboard.press("Control+A")
    page.keyboard.type("for i in (1, 2):\nprint(i)")
    page.keyboard.press("Control+A")
    page.keyboard.press("Tab")
    assert field.input_value() == "    for i in (1, 2):\n        print(i)"
    page.keyboard.press("Shift+Tab")
    assert field.input_value() == "for i in (1, 2):\n    print(i)"
    page.keyboard.press("Control+Enter")
    _cell(page).ends()
    assert page.evaluate(FOCUSED, ".live-field")
    page.keyboard.press("Control+Z")
    assert field.input_value() != "for i in (1, 2):\n    print(i)"
    page.keyboard.press("Escape")
    assert page.evaluate(FOCUSED, ".live-run")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Enter")
    second = _cell(page, 1).field
    assert second.evaluate("field => field === document.activeElement")


def test_the_present_text_is_copied(browser: Browser, live: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = Reader(context.new_page(), live).open(f"en/{LAB}")
    _cell(page).field.fill("mine = 1")
    page.locator(".live-block").first.hover()
    page.locator(
        ".live-block .md-clipboard, .live-block .md-code__button"
    ).first.click()
    assert page.evaluate("navigator.clipboard.readText()").strip() == "mine = 1"
    context.close()


@pytest.mark.parametrize(
    ("path", "scheme"),
    [
        (f"zh/{LAB}", "slate"),
        ("both/google-colab/", "default"),
        pytest.param(f"both/{CHAPTER}", "slate", marks=pytest.mark.audit),
        pytest.param(f"en/{LAB}", "default", marks=pytest.mark.audit),
    ],
)
def test_axe_finds_nothing_on_a_phone(path: str, scheme: str, reader: Open) -> None:
    page = reader(path, "narrow").page
    page.evaluate(
        "name => document.body.setAttribute('data-md-color-scheme', name)", scheme
    )
    page.add_style_tag(content="* { transition: none !important }")
    _cell(page).run("print('x\\n' * 99)\n1")
    _cell(page, 1).run("print(1)\n1 / 0", "error|出错")
    found = Axe().run(page).response["violations"]
    assert [(v["id"], [n["target"] for n in v["nodes"][:3]]) for v in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_page_of_another_site_runs_nothing(
    browser: Browser, live: str, tmp_path: Path, address: str
) -> None:
    """It has the same machine's address, another port: as any page of the web."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    said = page.evaluate(
        """async live => {
            const tries = {
                page: () => fetch(live + "en/"),
                json: () => fetch(live + "_live/open", {method: "POST", body: "{}",
                    headers: {"Content-Type": "application/json"}}),
                plain: () => fetch(live + "_live/open", {method: "POST", body: "{}"}),
                blind: () => fetch(live + "_live/open",
                    {method: "POST", body: "{}", mode: "no-cors"}).then(a => a.type),
            }
            const said = {}
            for (const [name, attempt] of Object.entries(tries)) {
                said[name] = await attempt().then(String, () => "refused")
            }
            return said
        }""",
        live,
    )
    assert said == {
        "page": "refused",
        "json": "refused",
        "plain": "refused",
        "blind": "opaque",
    }
    frame = page.evaluate(
        """live => new Promise(done => {
            const frame = document.createElement("iframe")
            frame.src = live + "en/"
            frame.onload = () => { try { done(frame.contentDocument?.title ?? "") }
                catch { done("") } }
            document.body.append(frame)
        })""",
        live,
    )
    assert frame == ""
    context.close()


@pytest.mark.audit
def test_a_page_that_is_closed_keeps_what_another_changed(reader: Open) -> None:
    first = reader(f"en/{LAB}").page
    second = reader(f"zh/{LAB}").page
    _cell(second, 1).field.fill("# of the second")
    _cell(first, 2).field.fill("# of the first")
    second.wait_for_function("Object.values(localStorage).join().includes('# of the')")
    second.reload()
    first.reload()
    for page in (first, second):
        assert _cell(page, 1).field.input_value() == "# of the second"
        assert _cell(page, 2).field.input_value() == "# of the first"


@pytest.mark.audit
def test_what_waits_for_a_cell_that_fails_does_not_run(reader: Open) -> None:
    page = reader(f"en/{LAB}").page
    cells = [_cell(page, number) for number in range(3)]
    cells[0].run("pass")
    cells[1].run("pass")
    cells[0].field.fill("import time\ntime.sleep(1)\n1 / 0")
    for cell in cells:
        cell.panel.locator(".live-run").click()
    cells[0].ends("error")
    for cell in cells[1:]:
        cell.ends("stopped")
        expect(cell.output).to_contain_text("did not run")
    page.wait_for_timeout(1000)  # nor later
    for cell in cells[1:]:
        expect(cell.output).to_contain_text("did not run")


@pytest.mark.audit
def test_what_waits_for_a_cell_keeps_waiting(reader: Open) -> None:
    page = reader(f"en/{LAB}").page
    first, second = _cell(page), _cell(page, 1)
    first.run("import time\ntime.sleep(1)")
    page.evaluate(
        """() => {
            const status = document.querySelectorAll(".live-status")[1]
            window.said = []
            new MutationObserver(() => said.push(status.textContent))
                .observe(status, { childList: true })
        }"""
    )
    for cell in (first, second):
        cell.panel.locator(".live-run").click()
    second.ends()
    assert "stopped" not in page.evaluate("window.said")


@pytest.mark.audit
def test_stop_ends_what_waits_for_pytorch(reader: Open) -> None:
    page = reader(f"en/{LAB}").page
    cell = _cell(page)

    def start_slowly(route: Route) -> None:
        time.sleep(1)
        route.continue_()

    page.route("**/_live/open", start_slowly)
    cell.field.fill("print('ran')")
    cell.panel.locator(".live-run").click()
    cell.button("Stop").click()
    cell.ends("stopped")
    _state(page, "ready")
    page.wait_for_timeout(500)
    assert cell.output.inner_text() == ""


@pytest.mark.audit
def test_a_changed_excerpt_is_used_after_a_restart(reader: Open) -> None:
    page = reader(f"en/{CHAPTER}").page
    gradient = page.locator(".live-block:has(code:text('def gradient('))").first
    Cell(page, gradient).run("def gradient(*_):\n    raise ValueError('mine')")
    page.get_by_role("button", name="Restart").click()
    _state(page, "ready")
    following = page.locator(".live-block:has(code:text('db, dw = gradient('))").first
    cell = Cell(page, following)
    cell.run(outcome="error")
    expect(cell.output).to_contain_text("ValueError: mine")


@pytest.mark.audit
def test_a_browser_that_keeps_nothing_says_so(reader: Open) -> None:
    window = reader(f"en/{CHAPTER}")
    page = window.page
    page.evaluate("() => { Storage.prototype.setItem = () => { throw Error('full') } }")
    cell = _cell(page, kind=".start")
    cell.field.fill(_answers(f"en/{CHAPTER.strip('/')}.md")[0][1])
    cell.button("Check").click()
    expect(cell.output.locator(".live-right")).to_be_visible(timeout=LONG)
    cell.ends()
    expect(page.locator(".live-bar")).to_contain_text("does not let this page save")
    assert window.errors == []


@pytest.mark.audit
def test_a_kernel_that_runs_again_is_not_said_to_have_ended(reader: Open) -> None:
    page = reader(f"en/{LAB}").page
    cell = _cell(page)
    cell.run("import os\nos._exit(1)", "error")
    _state(page, "died")
    cell.field.fill("import time\nprint('again')\ntime.sleep(2)")
    cell.panel.locator(".live-run").click()
    expect(cell.output).to_contain_text("again", timeout=LONG)
    _state(page, "running")


@pytest.mark.audit
def test_a_reload_shows_what_a_dead_kernel_said(reader: Open) -> None:
    page = reader(f"en/{LAB}").page
    cell = _cell(page)
    cell.run(
        "import os, time\nprint('last words')\ntime.sleep(1)\nos._exit(1)", "error"
    )
    expect(cell.output).to_contain_text("last words")
    page.reload()
    expect(_cell(page).output).to_contain_text("last words")
    _state(page, "died")


@pytest.mark.audit
def test_much_output_does_not_hold_up_the_page(reader: Open) -> None:
    page = reader(f"en/{LAB}").page
    cell = _cell(page)
    cell.run("pass")
    cell.field.fill("for i in range(4000):\n    print(i, 'x' * 40, flush=True)")
    page.evaluate(
        """() => {
            window.late = 0
            let before = performance.now()
            setInterval(() => {
                const now = performance.now()
                late = Math.max(late, now - before)
                before = now
            }, 20)
        }"""
    )
    cell.run(outcome="stopped|done")
    assert page.evaluate("late") < 500


@pytest.mark.audit
def test_a_wrong_answer_is_no_error(reader: Open) -> None:
    page = reader(f"en/{CHAPTER}").page
    cell = _cell(page, kind=".start")
    cell.button("Check").click()
    expect(cell.output.get_by_role("alert")).to_contain_text("Not yet", timeout=LONG)
    cell.ends("^done$")


@pytest.mark.audit
def test_in_a_chapter_the_readers_output_is_named_theirs(reader: Open) -> None:
    page = reader(f"en/{CHAPTER}").page
    cell = _cell(page)
    cell.run("print('mine')")
    assert cell.output.inner_text().split() == ["your", "run", "mine"]


@pytest.mark.audit
def test_the_line_of_an_error_is_marked_until_it_changes(reader: Open) -> None:
    page = reader(f"en/{LAB}").page
    first, second = _cell(page), _cell(page, 1)
    first.run("\ndef f(x):\n    return 1 / x")
    second.run("a = 1\nf(0)", "error")
    rows = second.output.locator(".live-line").all_inner_texts()
    assert rows == ["line 2", "other code, line 3 · in f"]
    code = second.field.locator("xpath=preceding-sibling::code")
    assert code.evaluate("code => code.style.getPropertyValue('--line')") == "2"
    second.field.fill("a = 1\nf(1)")
    assert page.locator(".live-failed").count() == 0


def test_saving_a_page_while_a_cell_runs_loses_nothing(
    browser: Browser, tmp_path: Path
) -> None:
    """Under MkDocs itself, which then reloads the page."""
    project = project_in(tmp_path / "project")
    with serving(project) as address:
        page = Reader(browser.new_page(), address).open("en/labs/square/")
        cell = _cell(page, 1)
        cell.run("mark = 1\nprint('before')")
        code = "import time\nprint('begun')\ntime.sleep(5)\nprint(mark + 41)"
        cell = _cell(page)
        cell.field.fill(code)
        cell.panel.locator(".live-run").click()
        expect(cell.output).to_contain_text("begun")
        with page.expect_navigation(timeout=LONG):
            source = project / "docs" / "en" / "page.md"
            text = source.read_text(encoding="utf-8")
            source.write_text(f"{text}\nOne more sentence.\n", encoding="utf-8")
        expect(_cell(page, 1).output).to_contain_text("before")
        cell = _cell(page)
        assert cell.field.input_value() == code
        cell.ends()
        expect(cell.output).to_contain_text("42")
        page.close()


@contextmanager
def serving(project: Path) -> Iterator[str]:
    """Have MkDocs serve a project; yield the address, with a slash."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        where = f"127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-m", "mkdocs", "serve", "-a", where]
    environment = os.environ | lifeline.tied()
    with subprocess.Popen(
        command, cwd=project, env=environment, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr
        for line in process.stderr:
            if "Serving on" in line:
                break
        threading.Thread(target=process.stderr.read, daemon=True).start()
        yield f"http://{where}/"
        process.terminate()


def _gradient_and_its_use(page: Page) -> tuple[Cell, Cell]:
    codes = page.locator(".live-block textarea").evaluate_all(
        "fields => fields.map(field => field.value)"
    )
    first, second = (
        next(i for i, code in enumerate(codes) if begin in code)
        for begin in ("def gradient(", "db, dw = gradient(")
    )
    return _cell(page, first), _cell(page, second)


@pytest.mark.audit
def test_what_is_typed_while_a_cell_runs_has_not_run(reader: Open) -> None:
    gradient, use = _gradient_and_its_use(reader(f"en/{CHAPTER}").page)
    gradient.field.fill("print('runs')\nimport time\ntime.sleep(1)")
    gradient.panel.locator(".live-run").click()
    expect(gradient.output).to_contain_text("runs", timeout=LONG)
    gradient.field.fill("def gradient(*_):\n    raise ValueError('mine')")
    gradient.ends()
    use.run(outcome="error")
    expect(use.output).to_contain_text("ValueError: mine")


@pytest.mark.audit
def test_a_changed_excerpt_that_failed_is_tried_again(reader: Open) -> None:
    gradient, use = _gradient_and_its_use(reader(f"en/{CHAPTER}").page)
    gradient.run("def gradient(", "error")
    use.run(outcome="stopped")
    expect(use.output).to_contain_text("did not run")
    gradient.button("Reset").click()
    use.run()


@pytest.mark.audit
def test_a_module_that_cannot_be_loaded_leaves_the_others(reader: Open) -> None:
    window = reader(f"en/{LAB}")
    page = window.page
    page.route("**/snippets/gradient_descent.py", lambda route: route.abort())
    page.goto(f"{window.address}en/{CHAPTER}")
    expect(page.locator(".live-warning")).to_contain_text("gradient_descent")
    assert page.locator(".live-block:not(.start)").count() > 0
    _cell(page, kind=".start").run()


@pytest.mark.audit
@pytest.mark.parametrize(
    ("trouble", "state"),
    [
        ("document.querySelector('[name=live-token]').content = 'old'", "token"),
        ("window.fetch = () => Promise.reject(new TypeError('gone'))", "lost"),
        ("window.fetch = async () => new Response('<h1>', {status: 500})", "lost"),
        ("window.fetch = async () => ({ ok: true, json: () => null })", "fault"),
    ],
)
def test_a_server_that_does_not_help_is_said_so(
    trouble: str, state: str, reader: Open
) -> None:
    page = reader(f"en/{LAB}").page
    page.evaluate(f"() => {{ {trouble} }}")
    cell = _cell(page)
    cell.run(outcome="stopped")
    _state(page, state)
    expect(page.locator(".live-state")).not_to_be_empty()


@pytest.mark.audit
def test_chinese_is_typed_with_an_input_method(reader: Open) -> None:
    page = reader(f"zh/{LAB}").page
    cell = _cell(page)
    cell.field.fill("print('')")
    cell.field.press("ArrowLeft")
    cell.field.press("ArrowLeft")
    keyboard = page.context.new_cdp_session(page)
    composed = {"selectionStart": 2, "selectionEnd": 2, "text": "ti"}
    keyboard.send("Input.imeSetComposition", composed)
    keyboard.send("Input.insertText", {"text": "梯度"})
    assert cell.field.input_value() == "print('梯度')"
    cell.run()
    expect(cell.output).to_contain_text("梯度")
