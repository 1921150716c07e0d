"""Search: one index a reading mode, under that mode's folder.

Material writes one index for all pages, with Chinese cut into words. Ours keeps whole
texts (the worker in assets/theme/javascripts/search.js looks for substrings) and gives
the section that teaches a term every word a reader may type for it.
"""

import html
import json
import re
from pathlib import Path
from typing import Any

from weave.errors import WeaveError
from weave.languages import BOTH, LANGUAGES
from weave.search.keywords import Keywords

INDEX = "search/search_index.json"
SECTIONS = "search/sections.json"
WORKER = "javascripts/search.js"

TEXTS = ("title", "text", "page")

Entry = dict[str, Any]


def split(
    site: Path, sections: list[Entry], keywords: list[Keywords], suffix: str = "/"
) -> None:
    """Write an index a mode in place of the one that Material wrote for all pages.

    The theme fetches an index with every page: ours has no sections, only their place,
    for the worker to fetch them when something is looked for. ``suffix`` is what takes
    the place of ``.md`` in a page's address.
    """
    source = site / INDEX
    index = json.loads(source.read_text(encoding="utf-8"))
    own = {code: entries(sections, code, keywords, suffix) for code in LANGUAGES}
    for mode, docs in (own | {BOTH: together(own["zh"], own["en"])}).items():
        (site / mode / INDEX).parent.mkdir(parents=True, exist_ok=True)
        config = index["config"] | {"sections": f"{mode}/{SECTIONS}"}
        _write(site / mode / INDEX, {"config": config, "docs": []})
        _write(site / mode / SECTIONS, docs)
        # A page read from a folder may not fetch anything, but may load a script.
        whole = (site / mode / INDEX).with_suffix(".js")
        _write(whole, {"config": config, "docs": docs}, before="var __index=")
    source.unlink()


def _write(target: Path, content: Any, before: str = "") -> None:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    target.write_text(before + text, encoding="utf-8")


def together(zh: list[Entry], en: list[Entry]) -> list[Entry]:
    """Return the sections of the pages with both languages: each once."""
    other = {entry["location"]: entry for entry in en}
    return [
        entry | {key: f"{entry[key]} {other[entry['location']][key]}" for key in TEXTS}
        for entry in zh
    ]


def entries(
    docs: list[Entry], language: str, keywords: list[Keywords], suffix: str = "/"
) -> list[Entry]:
    """Return the sections in ``language``, with the words that lead to each."""
    prefix = f"{language}/"
    own = [
        _entry(doc, doc["location"].removeprefix(prefix))
        for doc in docs
        if doc["location"].startswith(prefix)
    ]
    pages = {e["location"]: e["title"] for e in own if "#" not in e["location"]}
    for entry in own:
        entry["page"] = pages.get(entry["location"].partition("#")[0], "")
    by_location = {entry["location"]: entry for entry in own}
    for words in keywords:
        location = words.section.replace(".md", suffix)
        if location not in by_location:
            raise WeaveError(
                f"{words.source}: {words.section}: docs/{language} has no such section."
            )
        by_location[location].setdefault("keys", []).extend(words.words)
    return own


def _entry(doc: Entry, location: str) -> Entry:
    title, text = (doc[key].replace("\u200b", "") for key in ("title", "text"))
    return {"location": location, "title": title, "text": _plain(text)}


def _plain(text: str) -> str:
    """Material keeps some markup for its result list; ours is text."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())
