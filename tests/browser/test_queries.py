"""The search finds: what readers type brings the section that teaches it, first."""

import re
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Page

from tests.browser.conftest import Open

QUERIES: dict[str, dict[str, str]] = yaml.safe_load(
    Path(__file__).with_name("queries.yml").read_text(encoding="utf-8")
)
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


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_query_brings_the_section_that_teaches_it(
    language: str, reader: Open
) -> None:
    queries = QUERIES[language]
    assert len(queries) >= 60
    window = reader()
    page = window.open(f"{language}/")
    page.keyboard.press("/")
    page.locator("input.md-search__input:focus").wait_for()
    own = f"{window.address}{language}/"
    places = {}
    for query, goal in queries.items():
        found = _results(page, query, own)
        places[query] = found.index(goal) + 1 if goal in found else 0, found[:3]
    first = sum(place == 1 for place, _ in places.values()) / len(queries)
    report = {query: seen for query, seen in places.items() if seen[0] != 1}
    print(f"{language}: {first:.1%} first; {report}")
    assert all(1 <= place <= 3 for place, _ in places.values()), report
    assert first >= 0.95, report
