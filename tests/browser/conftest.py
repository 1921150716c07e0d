"""A real Chromium, and the site served from this machine."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    ViewportSize,
    sync_playwright,
)

from weave.dev.server import serving
from weave.editions.browser import ARGUMENTS, system_browser

SCREENS: dict[str, ViewportSize] = {
    "phone": {"width": 390, "height": 844},
    "desktop": {"width": 1280, "height": 900},
    "narrow": {"width": 320, "height": 640},
}

# Which code scrolls, and so takes the keyboard, a page knows a frame later.
TWO_FRAMES = """() => new Promise(
    seen => requestAnimationFrame(() => requestAnimationFrame(seen))
)"""


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Serve the site; return its address, which ends in a slash."""
    with serving(site) as address:
        yield address


# Not for the session: while it lives, no other test may run an event loop.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = system_browser()
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Reader:
    """A reader's browser window, and what went wrong in it."""

    page: Page
    address: str
    script: bool = True
    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._hear)
        self.page.on("request", lambda request: self._check(request.url))

    def _hear(self, said: ConsoleMessage) -> None:
        if said.type == "error":
            self.errors.append(f"{said.text} {said.location['url']}")

    def _check(self, url: str) -> None:
        if not url.startswith((self.address, "data:", "blob:")):
            self.foreign.append(url)

    def open(self, path: str) -> Page:
        """Open a page of the site, and wait until it is there, its scripts too."""
        self.page.goto(self.address + path, wait_until="load")
        if self.script:
            self.page.wait_for_function("window.document$")
            self.page.evaluate(TWO_FRAMES)
        return self.page

    def load_figures(self) -> None:
        """Load whatever would load on sight."""
        eager = "i => { i.loading = 'eager' }"
        self.page.evaluate(f"[...document.images].forEach({eager})")
        self.page.wait_for_function(
            "[...document.images].every(i => i.complete || !i.checkVisibility())"
        )


Open = Callable[..., Reader]


@pytest.fixture
def reader(browser: Browser, address: str) -> Iterator[Open]:
    """Open windows of a screen's size, with or without scripts."""
    contexts = []

    def open_(screen: str = "desktop", *, script: bool = True) -> Reader:
        context = browser.new_context(
            viewport=SCREENS[screen],
            has_touch=screen != "desktop",
            java_script_enabled=script,
            color_scheme="light",
            permissions=["clipboard-read", "clipboard-write"],
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        return Reader(context.new_page(), address, script)

    yield open_
    for context in contexts:
        context.close()
