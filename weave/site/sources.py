"""What is amiss on a page and can be told from its source, before anything is run.

Each fault is named with its line, and one build names them all.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from weave import records
from weave.errors import WeaveError
from weave.languages import mode_of
from weave.site import exercises
from weave.syntax import FENCE, without
from weave.text import read

MOST = 12  # faults: they fit on a screen
FRONT = re.compile(r"\A---\n(?P<yaml>.*?)^---[ \t]*$", re.M | re.S)
DESCRIBED = "begin with ---, a line `description: …`, and --- again"
# What opens and closes a block of code, or a caption.
EDGE = re.compile(r"^ *(?P<mark>`{3,}|~{3,}|/{3,}) *(?P<info>.*)$")
KINDS = (
    "note|abstract|info|tip|success|question|warning|failure|danger|bug|example|quote"
)
BOX = rf'(?:!!!|\?\?\?\+?) (?:{KINDS})(?: "[^"\n]+")? *$'
RULES = {
    rf"^ *(?!{BOX})(?:!!|\?\?).*$": f'a box is !!! note "Title"; its kind: {KINDS}',
    rf"^( *){BOX}\n(?! *\n|\1 {{4}}).*$": "a box's text is four spaces in",
    r"!\[ *\]\(": "an image needs words for those who cannot see it: ![words](…)",
    r"(?<!!)\[[^\]]*\]\( *\)": "a link needs an address: [words](page.md#section)",
    r'<(?:a|img)\b[^>]*?(?:href|src)="(?!\w+:|#)': "a link is [words](page.md): one in "
    "HTML leads where it may",
    r"<!--(?:(?!-->)[\s\S])*\Z": "a comment ends with -->",
    r"^(?:<{7}|>{7}).*$": "two versions of the page were not merged: choose one",
}


def require_well_formed(docs: Path) -> None:
    """Raise WeaveError with what is amiss on any page."""
    pages = (path for path in sorted(docs.rglob("*.md")) if path.is_file())
    faults = [fault for path in pages for fault in _of_file(path, docs)]
    if faults:
        more = [f"… and {len(faults) - MOST} more"] if len(faults) > MOST else []
        raise WeaveError("\n".join([*faults[:MOST], *more]))


def require_text(theme: Path) -> None:
    """Raise WeaveError if a template, sheet or script of ours is not UTF-8."""
    for path in sorted(theme.rglob("*")):
        if path.suffix in {".css", ".html", ".js", ".svg"}:
            read(path)


def _of_file(path: Path, docs: Path) -> Iterator[str]:
    src_uri = path.relative_to(docs).as_posix()
    try:
        text = read(path)
        for line, what in sorted(faults(text)):
            yield f"docs/{src_uri}:{line}: {what}"
        _require_front(text, src_uri)
    except WeaveError as error:
        yield str(error)


def _require_front(text: str, src_uri: str) -> None:
    """Raise WeaveError if the lines before a page's text do not describe it."""
    front = FRONT.match(text)
    if front is None and (mode_of(src_uri) or text.startswith("---")):
        raise WeaveError(f"docs/{src_uri}:1: {DESCRIBED}")
    said = records.parse(front["yaml"], f"docs/{src_uri}", before=1) if front else {}
    described = isinstance(said, dict) and isinstance(said.get("description"), str)
    if mode_of(src_uri) and not described:
        raise WeaveError(f"docs/{src_uri}:1: {DESCRIBED}")


def faults(text: str) -> Iterator[tuple[int, str]]:
    """Yield the line of each fault of a source, and what it should be."""
    yield from _open(text)
    yield from exercises.faults(text)
    bare = without(FENCE, text)
    for rule, form in RULES.items():
        for match in re.finditer(rule, bare, re.M):
            yield bare.count("\n", 0, match.start()) + 1, form


def _open(text: str) -> Iterator[tuple[int, str]]:
    """Yield where a block begins that does not end before the next one, or at all."""
    mark, begin = "", 0
    for number, line in enumerate(text.splitlines(), start=1):
        if (edge := EDGE.match(line)) is None:
            continue
        if not mark:
            mark, begin = edge["mark"], number
        elif edge["mark"] == mark and not edge["info"]:
            mark = ""
        elif edge["mark"].startswith(mark):
            yield begin, f"this block does not end: it needs a line {mark}"
            mark, begin = edge["mark"], number
    if mark:
        yield begin, f"this block does not end: it needs a line {mark}"
