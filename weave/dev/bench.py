"""Measures what the site costs its makers and its readers: ``make bench``.

Cold: every snippet is run. Warm: nothing changed. Plain: Material alone, on the same
pages (chapters and labs), with none of this project's own plugin and extensions.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from statistics import median

import jupytext

from weave.dev import cells, editing, growth, lighthouse
from weave.editions.build import build
from weave.errors import shown_alone
from weave.paths import ARTIFACTS, DOCS, SNIPPETS
from weave.run.artifacts import modules
from weave.site.page_cache import PAGES
from weave.syntax import IMAGE, INCLUDE

PLAIN = """\
site_name: plain
theme: { name: material, font: false }
plugins: [search]
markdown_extensions: [admonition, attr_list, pymdownx.superfences, pymdownx.details]
"""

PAIRS = 5  # builds of ours and of Material's, in turn

Row = tuple[str, str]


@shown_alone()
def main() -> None:
    """Measure, and print a line each."""
    with tempfile.TemporaryDirectory() as scratch:
        for name, figure in _rows(Path(scratch)):
            print(f"{name:52} {figure}", flush=True)
        for line in chain(
            growth.table(Path(scratch)), lighthouse.table(Path(scratch) / "site")
        ):
            print(line, flush=True)


def _rows(scratch: Path) -> Iterator[Row]:
    alone = _snippets()
    yield from ((f"snippet {name}", f"{s:6.1f} s") for name, s in alone.items())
    yield "all snippets, one after another", f"{sum(alone.values()):6.1f} s"
    yield from _artifacts()
    yield from _builds(scratch)
    yield from editing.rows(scratch, alone[editing.SNIPPET])
    yield from cells.rows(scratch / "site")


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _seconds(command: list[str], **environment: str) -> float:
    env = os.environ | environment
    return _timed(
        lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=env)
    )


def _snippets() -> dict[str, float]:
    """Time each snippet alone, one after another, as a reader runs it."""
    quiet = {"MPLBACKEND": "agg", "OMP_NUM_THREADS": "1"}
    return {
        path.stem: _seconds([sys.executable, str(SNIPPETS / path.name)], **quiet)
        for path in modules()
    }


def _artifacts() -> list[Row]:
    command = [sys.executable, "-m", "weave.run"]
    shutil.rmtree(ARTIFACTS, ignore_errors=True)
    cold, warm = _seconds(command), _seconds(command)
    return [
        ("artifact step, nothing cached", f"{cold:6.1f} s"),
        ("artifact step, nothing changed", f"{warm:6.1f} s"),
    ]


def _builds(scratch: Path) -> list[Row]:
    shutil.rmtree(PAGES, ignore_errors=True)
    plain = _plain(scratch / "plain")
    first = _timed(lambda: build(scratch / "site"))
    pairs = [
        (
            _timed(lambda: build(scratch / "site")),
            _timed(lambda: build(plain / "site", project=plain)),
        )
        for _ in range(PAIRS)
    ]
    warm, material = (median(seconds) for seconds in zip(*pairs, strict=True))
    ratio = median(ours / theirs for ours, theirs in pairs)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024**2
    return [
        ("build, snippets run, no page rendered", f"{first:6.1f} s"),
        ("build, nothing changed", f"{warm:6.1f} s"),
        ("plain Material, the same pages", f"{material:6.1f} s"),
        (f"nothing changed / plain, of {PAIRS} pairs", f"{ratio:6.2f}"),
        ("largest process", f"{peak:6.2f} GiB"),
    ]


def _plain(project: Path) -> Path:
    """Lay out the pages for Material alone: the chapters, and the labs as Markdown."""
    docs = project / "docs"
    shutil.copytree(DOCS, docs)
    for notebook in ARTIFACTS.glob("*/*/labs/*.ipynb"):
        page = docs / notebook.relative_to(notebook.parents[2]).with_suffix(".md")
        page.parent.mkdir(exist_ok=True)
        page.write_text(_as_markdown(notebook), encoding="utf-8")
    for page in docs.rglob("*.md"):
        text = page.read_text(encoding="utf-8")
        for ours in (INCLUDE, IMAGE):  # what plain Material cannot read
            text = ours.sub("", text)
        page.write_text(text, encoding="utf-8")
    (project / "mkdocs.yml").write_text(PLAIN, encoding="utf-8")
    return project


def _as_markdown(notebook: Path) -> str:
    return str(jupytext.writes(jupytext.read(notebook), fmt="md"))


if __name__ == "__main__":
    main()
