"""What MkDocs and Jinja say of a mistake, with the file and the line to mend it in."""

import logging
import re
from collections.abc import Callable
from os.path import relpath
from pathlib import Path
from traceback import extract_tb

from jinja2 import TemplateNotFound
from mkdocs.exceptions import Abort, MkDocsException

from weave import errors
from weave.errors import WeaveError
from weave.paths import CONFIG, DOCS
from weave.site.theme import lines_in_source
from weave.syntax import HEADING
from weave.text import line_of, read

# The loggers of MkDocs that speak of what a writer wrote.
LOGGERS = ("mkdocs.structure.pages", "mkdocs.config")
LINK = re.compile(r"^Doc file '(?P<page>[^']+)' contains .*?link '(?P<text>[^']*)'")
ANCHOR = re.compile(r"the doc '(?P<page>[^']+)' does not contain an anchor")
SETTING = re.compile(r"^Config value '(?P<key>\w+)'")


def mendable(error: BaseException) -> WeaveError | None:
    """Return the error as one that a writer can mend; None for a fault of ours."""
    frames = extract_tb(error.__traceback__)
    templates = [frame for frame in frames if frame.filename.endswith(".html")]
    if isinstance(error, WeaveError) or not templates:
        return _without_template(error) or errors.mendable(error)
    path = Path(relpath(templates[-1].filename))
    lines = lines_in_source(read(path), templates[-1].lineno or 1)
    return WeaveError(f"{path}:{lines}: {type(error).__name__}: {error}")


def _without_template(error: BaseException) -> WeaveError | None:
    """Return what to say of a template that a page asks for and that is not there."""
    if isinstance(error, TemplateNotFound):
        return WeaveError(f"no template {error.name}: it belongs into assets/theme.")
    return None


def survived(builder: Callable[[], None]) -> Callable[[], None]:
    """Let the server go on, with the message alone, where mkdocs.yml does not load."""

    def build() -> None:
        try:
            builder()
        except MkDocsException as error:
            raise Abort(error.format_message()) from None

    return build


def name_places() -> None:
    """Let each warning of MkDocs begin with the line that it is about."""
    for name in LOGGERS:
        logging.getLogger(name).addFilter(_placed)


def _placed(record: logging.LogRecord) -> bool:
    message = record.getMessage()
    if place := _place(message):
        record.msg, record.args = f"{place}: {message}{_anchors(message)}", ()
    return True


def _place(message: str) -> str | None:
    if link := LINK.match(message):
        path = DOCS / link["page"]
        text = read(path) if path.is_file() else ""
        line = line_of(text, f"({link['text']})") or line_of(text, link["text"])
        return f"{path}:{line}" if line else None
    if setting := SETTING.match(message):
        return f"{CONFIG}:{line_of(read(CONFIG), setting['key'] + ':') or 1}"
    return None


def _anchors(message: str) -> str:
    """Return what there is in place of an anchor."""
    anchor = ANCHOR.search(message)
    if anchor is None or not (path := DOCS / anchor["page"]).is_file():
        return ""
    ids = [heading["id"] for heading in HEADING.finditer(read(path)) if heading["id"]]
    return f" It has: {', '.join(ids)}."
