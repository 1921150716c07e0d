"""One style sheet for every page: the theme's two and ours, fetched at once."""

import re
from pathlib import Path

from weave.errors import WeaveError

URL = "stylesheets/site.css"
PARTS = (
    "assets/stylesheets/main.*.css",
    "assets/stylesheets/palette.*.css",
    "stylesheets/notes.css",
)
SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=.*?\*/")
# It stands for every element there is: a page would be styled three times as it comes.
SWITCHING = re.compile(r"\[data-md-color-switching\] \*[^{}]*\{[^{}]*\}")


def join(site: Path) -> None:
    """Write the style sheet that pages link to; each part has to be there once.

    Raises WeaveError if the rule that is left out is not there: the theme has changed.
    """
    texts = []
    for pattern in PARTS:
        (part,) = site.glob(pattern)
        texts.append(SOURCE_MAP.sub("", part.read_text(encoding="utf-8")))
    sheet, found = SWITCHING.subn("", "".join(texts))
    if found != 1:
        raise WeaveError("the theme lacks the rule that weave/styles.py leaves out.")
    (site / URL).write_text(sheet, encoding="utf-8")
