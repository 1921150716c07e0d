"""How long a change takes from the editor to the screen; part of ``make bench``."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

from playwright.sync_api import Page, sync_playwright

from weave import lifeline
from weave.dev.copies import copied
from weave.editions.browser import ARGUMENTS, system_browser
from weave.errors import WeaveError
from weave.paths import DOCS, SNIPPETS

RUNS = 3
CHAPTER = "machine-learning-basics"
SNIPPET = "gradient_descent"
CHANGED = (SNIPPETS / f"{SNIPPET}.py", DOCS / "zh" / f"{CHAPTER}.md")

Row = tuple[str, str]


def rows(scratch: Path, alone: float) -> list[Row]:
    """Return the seconds to the screen; ``alone`` are the seconds of the run itself."""
    project = copied(scratch / "edited")
    with _serving(project) as address, sync_playwright() as playwright:
        path = system_browser()
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        page = browser.new_page()
        page.goto(f"{address}zh/{CHAPTER}/")
        snippet, chapter = (
            median(_shown(page, project / file) for _ in range(RUNS))
            for file in CHANGED
        )
        browser.close()
    return [
        ("changed sentence, to the screen", f"{chapter:6.1f} s"),
        (f"changed {SNIPPET}, to the screen", f"{snippet:6.1f} s"),
        ("beyond the snippet's own run", f"{snippet - alone:6.1f} s"),
    ]


def _shown(page: Page, file: Path) -> float:
    """Change a file; return how long it takes until the page has come anew."""
    page.evaluate("document.body.dataset.seen = ''")
    text = file.read_text(encoding="utf-8")
    start = perf_counter()
    file.write_text(f"{text}\n", encoding="utf-8")
    page.wait_for_selector("body:not([data-seen]) article", timeout=60_000)
    return perf_counter() - start


@contextmanager
def _serving(project: Path) -> Iterator[str]:
    """Let MkDocs serve a project while the context lasts; yield its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = ["-m", "mkdocs", "serve", "--quiet", "--dev-addr", f"127.0.0.1:{port}"]
    env = os.environ | lifeline.tied()
    server = subprocess.Popen([sys.executable, *command], cwd=project, env=env)
    try:
        while not _answers(port):
            if server.poll() is not None:
                raise WeaveError(f"{project}: mkdocs serve has ended.")
            sleep(0.1)
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        server.wait()


def _answers(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0
