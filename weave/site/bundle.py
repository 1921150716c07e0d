"""One style sheet and one script for every page: each fetched at once.

mkdocs.yml lists their parts, in order, under ``extra_css`` and ``extra_javascript``.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from weave.errors import WeaveError
from weave.paths import CONFIG
from weave.site.theme import (
    SHEETS,
    without_switching,
    without_unused,
    without_unused_icons,
)
from weave.text import line_of, read

SHEET = "stylesheets/site.css"
SCRIPT = "javascripts/site.js"
COMMENT = re.compile(r"/\*.*?\*/", re.S)
SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=.*?\*/")
CLASSES = re.compile(r'class="([^"]*)"')
WORD = re.compile(r"[\w-]+")


def join_sheets(site: Path, sheets: Sequence[str]) -> None:
    """Write the style sheet that pages link to: the theme's two, then ours."""
    theme = without_switching("".join(_of_theme(site, name) for name in SHEETS))
    theme = without_unused(theme, _classes(site))
    ours = "".join(_taken(site, "extra_css", sheets))
    sheet = without_unused_icons(theme + _light(COMMENT.sub("", ours)))
    (site / SHEET).write_text(sheet, encoding="utf-8")


def join_scripts(site: Path, scripts: Sequence[str]) -> None:
    """Write the script that pages load: ours, each of which stands in a block.

    The scripts that have to stay alone, such as the search's worker, get light as well.
    """
    ours = "\n".join(_taken(site, "extra_javascript", scripts))
    (site / SCRIPT).write_text(ours, encoding="utf-8")
    for script in (site / SCRIPT).parent.glob("*.js"):
        script.write_text(_light(read(script)), encoding="utf-8")


def _of_theme(site: Path, pattern: str) -> str:
    (part,) = site.glob(pattern)
    return SOURCE_MAP.sub("", read(part))


def _classes(site: Path) -> set[str]:
    """Return the classes on all pages, and the words of scripts, which add others."""
    pages = (CLASSES.findall(read(page)) for page in site.rglob("*.html"))
    classes = set().union(*pages)
    scripts = {*site.glob("javascripts/*.js"), *site.glob("assets/javascripts/*.js")}
    words = (WORD.findall(text) for text in [*classes, *map(read, scripts)])
    return set().union(*words)


def _taken(site: Path, option: str, parts: Sequence[str]) -> list[str]:
    """Return the texts of the parts, which pages do not load and the site sheds."""
    missing = [part for part in parts if not (site / part).is_file()]
    if missing:
        line = line_of(read(CONFIG), missing[0])
        names = ", ".join(missing)
        raise WeaveError(f"{CONFIG}:{line}: {option}: not in assets/theme: {names}")
    texts = [read(site / part) for part in parts]
    for part in parts:
        (site / part).unlink()
    return texts


def _light(text: str) -> str:
    """Return the lines without indents, and none that says nothing to a browser.

    No string of ours goes over several lines.
    """
    lines = (line.strip() for line in text.splitlines())
    kept = (line for line in lines if line and not line.startswith("//"))
    return "".join(f"{line}\n" for line in kept)
