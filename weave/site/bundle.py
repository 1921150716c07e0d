"""One style sheet for every page: the theme's two and ours, fetched at once."""

import re
from pathlib import Path

from weave.site.theme import SHEETS, without_switching

URL = "stylesheets/site.css"
PARTS = (*SHEETS, "stylesheets/notes.css")
SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=.*?\*/")


def join(site: Path) -> None:
    """Write the style sheet that pages link to; each part has to be there once."""
    texts = []
    for pattern in PARTS:
        (part,) = site.glob(pattern)
        texts.append(SOURCE_MAP.sub("", part.read_text(encoding="utf-8")))
    sheet = without_switching("".join(texts))
    (site / URL).write_text(sheet, encoding="utf-8")
