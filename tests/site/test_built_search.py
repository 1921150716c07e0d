"""The search: an index a mode with that mode's pages, in whole words."""

import ast
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.site.pages import Pages, article, headings, mode
from weave.glossary import load
from weave.languages import LANGUAGES
from weave.paths import SNIPPETS
from weave.search.index import INDEX, LABS, SECTIONS

MODES = ("zh", "en", "both")
WORDS = ("过拟合", "超参数", "反向传播", "验证集", "overfitting", "dropout")

Entries = list[dict[str, Any]]


@pytest.fixture(scope="session")
def indexes(site: Path) -> dict[str, Entries]:
    """The sections that each mode shows: side by side, of either language."""
    return {code: [*_shown(site, code)] for code in MODES}


def _shown(site: Path, code: str) -> Iterator[dict[str, Any]]:
    index = json.loads((site / code / INDEX).read_text(encoding="utf-8"))
    for place in (*index["config"]["sections"], *index["config"]["labs"]):
        yield from json.loads((site / place).read_text(encoding="utf-8"))


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
        keys = [names for entry in indexes[code] for names in entry.get("keys", ())]
        for term in load():
            assert [*term.words()] in keys, (code, term.id)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_function_is_found_in_its_lab(
    language: str, indexes: dict[str, Entries]
) -> None:
    for path in SNIPPETS.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        functions = (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef))
        names = {function.name.lstrip("_") for function in functions}
        lab = f"labs/{path.stem}/"
        entries = [e for e in indexes[language] if e["location"].startswith(lab)]
        code = " ".join(entry.get("code", "") for entry in entries).split()
        assert names <= {*code}, (path, names - {*code})


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_search_fetches_is_small(language: str, site: Path) -> None:
    for name, most in (SECTIONS, 100_000), (LABS, 40_000):
        assert len(gzip.compress((site / language / name).read_bytes())) <= most
