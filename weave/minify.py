"""Pages without the white space that templates leave between their tags."""

import re

KEPT = re.compile(r"(<(pre|script|style|textarea)\b.*?</\2>)", re.S)
BREAK = re.compile(r"\s*\n\s*")


def minify(page: str) -> str:
    """Shorten every run of white space that holds a line end to that line end."""
    parts = KEPT.split(page)  # text, kept, its tag, text, kept, its tag, …, text
    for i in range(0, len(parts), 3):
        parts[i] = BREAK.sub("\n", parts[i])
    del parts[2::3]
    return "".join(parts)
