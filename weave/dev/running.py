"""Takes the pictures of a cell that runs in its page, for the notes and README.

``python -m weave.dev.running SITE`` serves a built site, and does what a reader would,
in each language and scheme: docs/images/running.<language>.<scheme>.png.
"""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, FloatRect, Page, sync_playwright

from weave.editions.browser import ARGUMENTS, system_browser
from weave.errors import WeaveError, shown_alone
from weave.languages import LANGUAGES
from weave.live.server import server
from weave.paths import DOCS

LAB = "labs/gradient_descent/"
CHANGE = ("[0.5, 4.0]", "[0.0, 3.5]")
SCHEMES = {"light": "default", "dark": "slate"}
COLOURS = 64  # of a picture: it is a third as large
WIDTH = 640  # CSS pixels: letters are as large as the page's


@shown_alone()
def main() -> None:
    """Write all pictures."""
    with _served(Path(sys.argv[1])) as address, sync_playwright() as playwright:
        path = system_browser()
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        for language in LANGUAGES:
            _take(browser, address, language)
        browser.close()


@contextmanager
def _served(site: Path) -> Iterator[str]:
    with server(site) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{made.server_port}/"
        made.shutdown()


def _take(browser: Browser, address: str, language: str) -> None:
    page = browser.new_page(
        viewport={"width": WIDTH, "height": 1200}, device_scale_factor=2
    )
    page.goto(f"{address}{language}/{LAB}")
    _run(page)
    for name, scheme in SCHEMES.items():
        page.evaluate(
            "name => document.body.setAttribute('data-md-color-scheme', name)", scheme
        )
        file = DOCS / "images" / f"running.{language}.{name}.png"
        png = page.screenshot(clip=_around(page), full_page=True)
        Image.open(BytesIO(png)).quantize(COLOURS).save(file, optimize=True)
    page.close()


def _run(page: Page) -> None:
    """Change a cell that draws, and run it; mark it for ``_around``."""
    page.locator(".live-bar").wait_for()
    for field in page.locator(".live-field").all():
        if CHANGE[0] in (code := field.input_value()):
            field.fill(code.replace(*CHANGE))
            field.press("Control+Enter")
            field.press("Escape")
            panel = field.locator("xpath=ancestor::div[1]/following-sibling::div[1]")
            panel.locator("figure").wait_for(timeout=60_000)
            panel.evaluate("panel => { panel.id = 'taken' }")
            page.add_style_tag(content=".live-bar, .md-top { display: none }")
            return
    raise WeaveError(f"{LAB}: no cell with {CHANGE[0]}; name another in {__file__}")


def _around(page: Page) -> FloatRect:
    """Return where the cell and what it says lie on the page."""
    code = page.locator(".live-block:has(+ #taken)").bounding_box()
    panel = page.locator("#taken").bounding_box()
    assert code
    assert panel
    scrolled = page.evaluate("scrollY")
    top, bottom = code["y"] + scrolled, panel["y"] + panel["height"] + scrolled
    return {"x": 0, "y": top - 8, "width": WIDTH, "height": bottom - top + 16}


if __name__ == "__main__":
    main()
