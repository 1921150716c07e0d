"""The search: an index a mode with that mode's pages, in whole words."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.site.pages import Pages, article, headings, mode
from weave.glossary import load
from weave.search.index import SECTIONS

MODES = ("zh", "en", "both")
WORDS = ("过拟合", "超参数", "反向传播", "验证集", "overfitting", "dropout")

Entries = list[dict[str, Any]]


@pytest.fixture(scope="session")
def indexes(site: Path) -> dict[str, Entries]:
    """The entries of each mode's index."""
    return {
        code: json.loads((site / code / SECTIONS).read_text(encoding="utf-8"))
        for code in MODES
    }


@pytest.mark.parametrize("code", MODES)
def test_every_entry_leads_to_a_section_of_its_mode(
    code: str, indexes: dict[str, Entries], pages: Pages
) -> None:
    for entry in indexes[code]:
        path, _, anchor = entry["location"].partition("#")
        page = pages[f"{code}/{path}index.html"]
        assert not anchor or page.xpath("//*[@id=$id]", id=anchor), entry["location"]


@pytest.mark.parametrize("code", MODES)
def test_every_section_is_found(
    code: str, indexes: dict[str, Entries], chapters: Pages
) -> None:
    found = {entry["location"] for entry in indexes[code]}
    for path, page in chapters.items():
        if mode(path) == code:
            own = path.removeprefix(f"{code}/").removesuffix("index.html")
            sections = {
                f"{own}#{i}" for tag, i in headings(page) if tag in {"h2", "h3"}
            }
            assert own in found
            assert sections <= found


@pytest.mark.parametrize("code", MODES)
def test_no_word_is_cut(code: str, indexes: dict[str, Entries]) -> None:
    assert not any("\u200b" in json.dumps(e, ensure_ascii=False) for e in indexes[code])


@pytest.mark.parametrize("word", WORDS)
def test_a_word_on_a_page_is_in_the_index(
    word: str, indexes: dict[str, Entries], chapters: Pages
) -> None:
    for path, page in chapters.items():
        own = path.partition("/")[2].removesuffix("index.html")
        if word in article(page).xpath("string(.//h1 | .//p)"):
            entries = [
                entry
                for entry in indexes[mode(path)]
                if entry["location"].partition("#")[0] == own
            ]
            assert any(word in f"{e['title']} {e['text']}" for e in entries), path


@pytest.mark.parametrize("code", MODES)
def test_titles_are_titles(code: str, indexes: dict[str, Entries]) -> None:
    titles = [entry["title"] for entry in indexes[code]]
    assert all(titles)
    assert not [title for title in titles if "¶" in title or title.endswith("#")]


def test_every_term_is_found_by_each_of_its_names(
    indexes: dict[str, Entries],
) -> None:
    for code in MODES:
        keys = [set(entry.get("keys", ())) for entry in indexes[code]]
        for term in load():
            assert any(set(term.words()) <= own for own in keys), (code, term.id)
