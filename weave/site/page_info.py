"""What a page says of itself at its end: how long it takes, when it last changed."""

import math
import re
import subprocess

from mkdocs.structure.pages import Page

WORDS_A_MINUTE = 220  # English prose with formulas, read to learn
CHARACTERS_A_MINUTE = 350  # Chinese
NO_DATE = "1970-01-01"
MARKUP = re.compile(r"<(pre|math)\b.*?</\1>|<[^>]+>", re.S)


def minutes(html: str) -> int:
    """Return the reading time of a page's text, code and formulas aside."""
    text = MARKUP.sub(" ", html)
    characters = len(re.findall(r"[\u4e00-\u9fff]", text))
    words = len(re.findall(r"[A-Za-z][\w'’-]*", text))
    return math.ceil(words / WORDS_A_MINUTE + characters / CHARACTERS_A_MINUTE) or 1


def last_changes() -> dict[str, str]:
    """Return the date of each file's last commit; empty outside a repository."""
    command = ["git", "log", "--format=%x00%cs", "--name-only", "--no-renames"]
    run = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    dates: dict[str, str] = {}
    for commit in run.stdout.split("\0")[1:]:
        date, *paths = commit.split()
        for path in paths:
            dates.setdefault(path, date)
    return dates


def date(page: Page, changed: str | None) -> None:
    """Note the day of a page's last change; without one, let no clock stand in for it.

    ``update_date`` is MkDocs' own, today: the newest is the date in sitemap.xml.gz.
    """
    page.meta["changed"] = changed
    page.update_date = changed or NO_DATE
