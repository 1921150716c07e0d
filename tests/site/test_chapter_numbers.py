"""The numbers of chapters: the same in titles, links and the map on the home page."""

import re
from collections.abc import Iterator

import pytest

from tests.site.pages import Pages, article, target
from weave.languages import MODES

SAID = re.compile(r"(?:第 ?|[Cc]hapter )(\d+)")


def _number(page: object) -> str:
    """Return the number in the heading of a page; nothing if it is no chapter."""
    return "".join(article(page).xpath(".//h1/span[@class='number']/text()"))


@pytest.mark.parametrize("mode", MODES)
def test_the_chapters_follow_one_another(mode: str, pages: Pages) -> None:
    path, numbers = f"{mode}/index.html", []
    while following := pages[path].xpath("//a[contains(@class, 'footer__link--next')]"):
        path, _ = target(path, following[0].get("href"))
        numbers.append(_number(pages[path]))
    chapters = [number for number in numbers if number]
    assert chapters == numbers[: len(chapters)] == [str(n + 1) for n in range(7)]


def _said(pages: Pages) -> Iterator[tuple[str, str, str]]:
    """Yield of links that name a chapter: the page, the number, that of the goal.

    In the map on a home page the number stands before the link.
    """
    for path, page in pages.items():
        for link in article(page).xpath(".//a[@href]"):
            in_map = path.endswith("/index.html") and path.count("/") == 1
            words = link.xpath("string(parent::td/text()[1])") if in_map else ""
            said = SAID.search(link.text_content()) or re.fullmatch(r"(\d+) ", words)
            goal, _ = target(path, link.get("href"))
            if said and goal in pages:
                yield path, said[1], _number(pages[goal])


def test_a_link_that_names_a_chapter_leads_to_it(pages: Pages) -> None:
    links = list(_said(pages))
    assert len(links) > 7 * len(MODES)
    assert [link for link in links if link[1] != link[2]] == []
