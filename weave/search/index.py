"""Search: the sections of each language, and one index a reading mode that names them.

Material writes one index for all pages, with Chinese cut into words. Ours keeps whole
texts (the worker in assets/theme/javascripts/search.js looks for substrings) and gives
the section that teaches a term every word a reader may type for it.
"""

import html
import json
import re
from collections import defaultdict
from keyword import kwlist
from pathlib import Path
from typing import Any

from weave.errors import WeaveError
from weave.languages import BOTH, LANGUAGES
from weave.search.keywords import Keywords

INDEX = "search/search_index.json"
SECTIONS = "search/sections.json"
LABS = "search/labs.json"  # the sections of the labs
WORKER = "javascripts/search.js"

# Half of all that pages hold is code, most of it twice, and what it prints, mostly
# numbers: of both the words are kept.
CODE = re.compile(r"<pre>(?:<code>)?(.*?)(?:</code>)?</pre>", re.S)
# The prose around it says what docstrings, strings and comments say.
SAID = re.compile(r'""".*?"""|"[^"\n]*"|#[^\n]*', re.S)
WORD = re.compile(r"[^\W\d_]\w+")
KEYWORDS = set(kwlist)

Entry = dict[str, Any]


def split(
    site: Path, docs: list[Entry], keywords: list[Keywords], suffix: str = "/"
) -> None:
    """Write an index a mode in place of the one that Material wrote for all pages.

    The theme fetches an index with every page: ours has no sections, only their places,
    for the worker to fetch them when something is looked for: those of the languages
    that the mode shows, and those of the others, whose texts help to find. ``suffix``
    is what takes the place of ``.md`` in a page's address.
    """
    source = site / INDEX
    index = json.loads(source.read_text(encoding="utf-8"))
    own: dict[str, list[Entry]] = {}
    for code in LANGUAGES:
        own |= _files(code, entries(docs, code, keywords, suffix))
    for place, sections in own.items():
        _write(site / place, sections)
    for mode in (*LANGUAGES, BOTH):
        places = _places(mode)
        config = index["config"] | places
        _write(site / mode / INDEX, {"config": config, "docs": []})
        # A page read from a folder may not fetch anything, but may load a script.
        every = [own[place] for some in places.values() for place in some]
        whole = {"config": config, "docs": every}
        script = (site / mode / INDEX).with_suffix(".js")
        _write(script, whole, before="var __index=")
    source.unlink()


def _files(code: str, sections: list[Entry]) -> dict[str, list[Entry]]:
    """Divide the sections of a language: the chapters answer before the labs."""
    files: dict[str, list[Entry]] = {f"{code}/{SECTIONS}": [], f"{code}/{LABS}": []}
    for entry in sections:
        name = LABS if entry["location"].startswith("labs/") else SECTIONS
        files[f"{code}/{name}"].append(entry)
    return files


def _places(mode: str) -> dict[str, list[str]]:
    """Return what the worker fetches: first, next, and if those do not know a word."""
    shown = [code for code in LANGUAGES if mode in (code, BOTH)]
    others = [code for code in LANGUAGES if code not in shown]
    return {
        "sections": [f"{code}/{SECTIONS}" for code in shown],
        "labs": [f"{code}/{LABS}" for code in shown],
        "others": [f"{code}/{name}" for code in others for name in (SECTIONS, LABS)],
    }


def _write(target: Path, content: Any, before: str = "") -> None:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(before + text, encoding="utf-8")


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
    _keep_first_words(own)
    by_location = {entry["location"]: entry for entry in own}
    for words in keywords:
        location = words.section.replace(".md", suffix)
        if location not in by_location:
            raise WeaveError(
                f"{words.source}: {words.section}: docs/{language} has no such section."
            )
        by_location[location].setdefault("keys", []).append(words.words)
    return own


def _entry(doc: Entry, location: str) -> Entry:
    title, text = (doc[key].replace("\u200b", "") for key in ("title", "text"))
    code = SAID.sub(" ", _untagged("\n".join(CODE.findall(text))))
    text = _plain(CODE.sub(" ", text))
    return {"location": location, "title": title, "text": text, "code": code}


def _keep_first_words(own: list[Entry]) -> None:
    """Of the code of a page, leave each word where it stands first."""
    seen: dict[str, set[str]] = defaultdict(set)
    for entry in own:
        page = seen[entry["location"].partition("#")[0]]
        words = dict.fromkeys(WORD.findall(entry.pop("code")))
        if new := [word for word in words if word not in page | KEYWORDS]:
            entry["code"] = " ".join(new)
        page.update(words)


def _plain(text: str) -> str:
    """Material keeps some markup for its result list; ours is text."""
    return " ".join(_untagged(text).split())


def _untagged(text: str) -> str:
    """Take the tags out first: then a < of the code opens none."""
    return html.unescape(re.sub(r"<[^>]+>", " ", text))
