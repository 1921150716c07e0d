"""Runs Lighthouse (from npm) on a page of every kind; part of ``make bench``."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from weave.dev.server import serving
from weave.editions.browser import ARGUMENTS, system_browser
from weave.languages import MODES

VERSION = "lighthouse@13"
KINDS = {
    "greeting": "",
    "home": "{}/",
    "chapter": "{}/machine-learning-basics/",
    "lab": "{}/labs/sigmoid_fitting/",
    "glossary": "{}/glossary/",
    "errata": "{}/errata/",
}
COLUMNS = ("performance", "accessibility", "best-practices", "seo")


def pages() -> list[str]:
    """Return the address of one page of every kind in every mode."""
    return list(dict.fromkeys(k.format(m) for k in KINDS.values() for m in MODES))


def table(site: Path) -> Iterator[str]:
    """Yield a line a page: the four scores, bytes, requests, largest paint, shift."""
    if not shutil.which("npx"):
        sys.exit(
            "Lighthouse comes from npm: install Node.js, then run make bench again."
        )
    yield f"{'Lighthouse, mobile':38}perf a11y best  seo    KiB reqs   LCP  shift"
    with serving(site) as address:
        for page in pages():
            yield f"{'/' + page:38}{_row(_report(address + page))}"


def _report(url: str) -> Any:
    flags = " ".join(["--headless", *ARGUMENTS])
    command = ["npx", "--yes", VERSION, url, "--quiet", "--output=json"]
    env = {"CHROME_PATH": system_browser() or "", "PUPPETEER_SKIP_DOWNLOAD": "1"}
    run = subprocess.run(
        [*command, f"--chrome-flags={flags}"],
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | env,
    )
    return json.loads(run.stdout)


def _row(report: Any) -> str:
    scores = [round(100 * report["categories"][name]["score"]) for name in COLUMNS]
    audits = report["audits"]
    items = audits["network-requests"]["details"]["items"]
    requests = [item for item in items if not item["url"].startswith("data:")]
    size = sum(item.get("transferSize", 0) for item in requests) / 1024
    paint = audits["largest-contentful-paint"]["numericValue"] / 1000
    shift = audits["cumulative-layout-shift"]["numericValue"]
    cells = "".join(f"{score:4d} " for score in scores)
    return f"{cells}{size:6.0f} {len(requests):4d} {paint:5.1f} {shift:6.3f}"
