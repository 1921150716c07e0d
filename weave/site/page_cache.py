"""What was made of a page before, for builds in which nothing changed that made it.

A page has a slot for every step of its making, in

    .cache/pages/<edition>/<page>/<step>.json

next to the digest of all that the step was given. So a page whose text and artifacts
are as before is neither converted nor put into the templates again.
"""

import hashlib
import json
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jinja2 import Template
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.utils import CountHandler

from weave.files import write_whole
from weave.paths import CACHE, DOCS, WEAVE

PAGES = CACHE / "pages"
TEMPLATES = ("*.html", "*.svg")  # styles and scripts are linked, not part of a page


class PageCache:
    """The slots of one edition of the site: of the same addresses."""

    def __init__(self, config: MkDocsConfig, folder: Path = PAGES) -> None:
        edition = digest(config.site_url, config.repo_url, config.use_directory_urls)
        self.folder = folder / edition[:8]
        self.surroundings = digest(edition, _contents(config), _installed())
        self.used: set[Path] = set()

    def get(self, page: str, step: str, made_of: Any, make: Callable[[], Any]) -> Any:
        """Return what ``make`` gave, now or when ``made_of`` was last the same.

        Both are of JSON's kinds: texts, numbers, lists, dictionaries.
        """
        slot = self.folder / page / f"{step}.json"
        self.used.add(slot)
        key = digest(self.surroundings, made_of)
        found = _read(slot)
        if found.get("key") == key:
            return found["value"]
        with _warnings() as said:
            value = make()
        if not said.get_counts():  # or the next build would say nothing
            new = json.dumps({"key": key, "value": value}, ensure_ascii=False)
            write_whole(slot, new.encode())
        return value

    def sweep(self) -> None:
        """Remove what no page asked for: of pages that are gone, of a killed build."""
        files = (path for path in self.folder.rglob("*") if path.is_file())
        for path in set(files) - self.used:
            path.unlink()


@contextmanager
def _warnings() -> Iterator[CountHandler]:
    """Count what MkDocs has to say meanwhile."""
    counter = CountHandler()
    counter.setLevel(logging.WARNING)
    log = logging.getLogger("mkdocs")
    log.addHandler(counter)
    try:
        yield counter
    finally:
        log.removeHandler(counter)


def digest(*parts: Any) -> str:
    """Return the hash of parts of JSON's kinds."""
    text = json.dumps(parts, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _read(slot: Path) -> dict[str, Any]:
    """Return what a slot holds: nothing, if there is none or it was spoilt."""
    try:
        found: dict[str, Any] = json.loads(slot.read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    return found


def _contents(config: MkDocsConfig) -> list[str]:
    """Return the hashes of our code, of the templates, and of what rules all pages."""
    templates = Path(config.theme.dirs[0])  # ours: the others come with packages
    files = [
        Path(config.config_file_path),
        *sorted(DOCS.glob("*.yml")),
        *sorted(WEAVE.rglob("*.py")),
        *sorted(path for kind in TEMPLATES for path in templates.rglob(kind)),
    ]
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in files]


def _installed() -> list[str]:
    """Return Python's version, and the folders that name each package's."""
    folders = (Path(entry).glob("*.dist-info") for entry in sys.path)
    return [sys.version, *sorted(path.name for found in folders for path in found)]


class FilledOnce(Template):
    """A template that asks its context's ``fill``, if there is one, before it works."""

    def render(self, *args: Any, **kwargs: Any) -> str:
        """Return the filled template."""
        context, fill_in = dict(*args, **kwargs), super().render
        fill = context.get("fill")
        return fill(lambda: fill_in(context)) if fill else fill_in(context)
