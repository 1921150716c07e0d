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
from collections.abc import Callable
from pathlib import Path

import jupytext

from weave.dev import lighthouse
from weave.editions.build import build
from weave.errors import shown_alone
from weave.paths import ARTIFACTS, CACHE, DOCS, SNIPPETS
from weave.run.artifacts import modules
from weave.syntax import IMAGE, INCLUDE

PLAIN = """\
site_name: plain
theme: { name: material, font: false }
plugins: [search]
markdown_extensions: [admonition, attr_list, pymdownx.superfences, pymdownx.details]
"""

Row = tuple[str, str]


@shown_alone()
def main() -> None:
    """Measure, and print a line each."""
    with tempfile.TemporaryDirectory() as scratch:
        for name, figure in [*_snippets(), *_artifacts(), *_builds(Path(scratch))]:
            print(f"{name:44} {figure}", flush=True)
        for line in lighthouse.table(Path(scratch) / "site"):
            print(line, flush=True)


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _seconds(command: list[str], **environment: str) -> float:
    env = os.environ | environment
    return _timed(
        lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=env)
    )


def _snippets() -> list[Row]:
    """Each snippet alone, one after another, as a reader runs it."""
    quiet = {"MPLBACKEND": "agg", "OMP_NUM_THREADS": "1"}
    times = {
        path.stem: _seconds([sys.executable, str(SNIPPETS / path.name)], **quiet)
        for path in modules()
    }
    rows = [(f"snippet {name}", f"{seconds:6.1f} s") for name, seconds in times.items()]
    return [*rows, ("all snippets, one after another", f"{sum(times.values()):6.1f} s")]


def _artifacts() -> list[Row]:
    command = [sys.executable, "-m", "weave.run"]
    shutil.rmtree(ARTIFACTS, ignore_errors=True)
    cold, warm = _seconds(command), _seconds(command)
    return [
        ("artifact step, nothing cached", f"{cold:6.1f} s"),
        ("artifact step, nothing changed", f"{warm:6.1f} s"),
    ]


def _builds(scratch: Path) -> list[Row]:
    shutil.rmtree(CACHE / "mkdocs-jupyter", ignore_errors=True)
    first = _timed(lambda: build(scratch / "site"))
    warm = _timed(lambda: build(scratch / "site"))
    plain = _plain(scratch)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024**2
    return [
        ("build, snippets run, labs not yet rendered", f"{first:6.1f} s"),
        ("build, nothing changed", f"{warm:6.1f} s"),
        ("plain Material, the same pages", f"{plain:6.1f} s"),
        ("build with nothing changed / plain", f"{warm / plain:6.2f}"),
        ("largest process", f"{peak:6.2f} GiB"),
    ]


def _plain(scratch: Path) -> float:
    """Time Material alone on the built pages' text: chapters, and labs as Markdown."""
    docs = scratch / "docs"
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
    (scratch / "mkdocs.yml").write_text(PLAIN, encoding="utf-8")
    return _timed(lambda: build(scratch / "plain", project=scratch))


def _as_markdown(notebook: Path) -> str:
    return str(jupytext.writes(jupytext.read(notebook), fmt="md"))


if __name__ == "__main__":
    main()
