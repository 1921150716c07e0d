"""The search finds: what readers type brings the section that teaches it, first."""

import re
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Page

from tests.browser.conftest import Open

Places = dict[str, tuple[int, list[str]]]


def _load(name: str) -> dict[str, dict[str, str | list[str]]]:
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    queries: dict[str, dict[str, str | list[str]]] = yaml.safe_load(text)
    return queries


NAMES = _load("queries.yml")
TYPED = _load("typed.yml")
RESULTS = ".md-search-result__list a.md-search-result__link"


def _results(page: Page, query: str, own: str) -> list[str]:
    """Type a query; return where its first results lead, below the language."""
    page.fill(".md-search__input", "")
    page.keyboard.press("End")  # the theme listens to keys going up
    page.wait_for_function(f"document.querySelectorAll('{RESULTS}').length == 0")
    page.fill(".md-search__input", query)
    page.keyboard.press("End")
    page.locator(RESULTS).first.wait_for()
    links = page.locator(RESULTS).evaluate_all("found => found.map(a => a.href)")
    # An address carries what to highlight: page/?h=word#section
    return [re.sub(r"\?h=[^#]*", "", link).removeprefix(own) for link in links]


def _places(
    mode: str, queries: dict[str, str | list[str]], reader: Open
) -> tuple[Places, float, float]:
    """Type the queries in one mode; return where the goals stood, and the shares of
    queries with one first and in the first three."""
    window = reader()
    page = window.open(f"{mode}/")
    page.keyboard.press("/")
    page.locator("input.md-search__input:focus").wait_for()
    places = {}
    for query, goal in queries.items():
        found = _results(page, query, f"{window.address}{mode}/")
        goals = [goal] if isinstance(goal, str) else goal
        at = next((i for i, link in enumerate(found, 1) if link in goals), 0)
        places[query] = at, found[:3]
    first = sum(at == 1 for at, _ in places.values()) / len(queries)
    three = sum(1 <= at <= 3 for at, _ in places.values()) / len(queries)
    missed = {query: seen for query, seen in places.items() if seen[0] != 1}
    print(f"{mode}: {first:.1%} first, {three:.1%} in the first three; {missed}")
    return missed, first, three


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_query_brings_the_section_that_teaches_it(
    language: str, reader: Open
) -> None:
    assert len(NAMES[language]) >= 60
    missed, first, three = _places(language, NAMES[language], reader)
    assert three == 1, missed
    assert first >= 0.95, missed


@pytest.mark.parametrize("mode", ["zh", "en", "both"])
def test_what_students_type_brings_what_answers(mode: str, reader: Open) -> None:
    both = TYPED["zh"] | TYPED["en"]
    assert min(len(TYPED["zh"]), len(TYPED["en"])) >= 40
    missed, first, three = _places(mode, TYPED.get(mode, both), reader)
    assert three >= 0.9, missed
    assert first >= 0.8, missed
