"""Two languages and three reading modes: which page is whose.

A page lies in the folder of its reading mode: zh/, en/ or, both side by side, both/.
"""

from pathlib import PurePosixPath

LANGUAGES = ("zh", "en")
BOTH = "both"
MODES = (*LANGUAGES, BOTH)


def mode_of(src_uri: str) -> str | None:
    """Return the reading mode of a page; None for the greeting at the root."""
    first, slash, _ = src_uri.partition("/")
    return first if slash and first in MODES else None


def language_of(src_uri: str) -> str:
    """Return the language a page is written in, or its interface if it has both."""
    mode = mode_of(src_uri)
    return mode if mode in LANGUAGES else "zh"


def other(language: str) -> str:
    """Return the language that is not this one."""
    zh, en = LANGUAGES
    return en if language == zh else zh


def counterpart(src_uri: str, mode: str) -> str:
    """Return the same page's path in another mode (from the root: the home page)."""
    if mode_of(src_uri) is None:
        return f"{mode}/index.md"
    rest = PurePosixPath(src_uri.partition("/")[2])
    if rest.parts[0] == "labs":
        rest = rest.with_suffix(".md" if mode == BOTH else ".ipynb")
    return f"{mode}/{rest}"
