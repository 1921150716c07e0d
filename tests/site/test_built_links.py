"""Links: every one leads somewhere, none crosses the languages, nothing is fetched."""

import re
from pathlib import Path

from tests.site.pages import Pages, article, is_elsewhere, mode, target
from weave.languages import MODES

LOADED = (
    "//script/@src | //img/@src | //img/@srcset | //iframe/@src | //source/@src"
    " | //video/@src | //audio/@src | //embed/@src | //object/@data"
    " | //link[not(contains(@rel, 'alternate') or contains(@rel, 'canonical'))]/@href"
)
CSS_URL = re.compile(r"""(?:url\(\s*|@import\s+)["']?(?!data:|#)([^"')\s]+)""")


def _links(page: object) -> list[str]:
    links: list[str] = page.xpath("//a/@href | //link/@href | //*/@src")  # type: ignore[attr-defined]
    return [link for link in links if not is_elsewhere(link)]


def test_every_inner_link_leads_to_a_file(site: Path, pages: Pages) -> None:
    broken = [
        (path, link)
        for path, page in pages.items()
        for link in _links(page)
        if not (site / target(path, link)[0]).is_file()
    ]
    assert broken == []


def test_every_anchor_is_there(pages: Pages) -> None:
    ids = {path: set(page.xpath("//@id")) for path, page in pages.items()}
    broken = [
        (path, link)
        for path, page in pages.items()
        for link in _links(page)
        if (anchor := target(path, link)[1])
        and anchor not in ids.get(target(path, link)[0], {})
    ]
    assert broken == []


def test_no_page_loads_anything_from_another_host(pages: Pages) -> None:
    foreign = [
        (path, url)
        for path, page in pages.items()
        for url in page.xpath(LOADED)
        if is_elsewhere(url) and not url.startswith("data:")
    ]
    assert foreign == []


def test_no_style_loads_anything_from_another_host(site: Path, pages: Pages) -> None:
    styles = {path.name: path.read_text("utf-8") for path in site.rglob("*.css")}
    for path, page in pages.items():
        inline = [*page.xpath("//style/text()"), *page.xpath("//@style")]
        styles[path] = "\n".join(f"{text}" for text in inline)
    foreign = {
        name: urls
        for name, style in styles.items()
        if (urls := [url for url in CSS_URL.findall(style) if is_elsewhere(url)])
    }
    assert foreign == {}


def test_whatever_a_style_loads_is_there(site: Path) -> None:
    missing = [
        (style.name, url)
        for style in site.rglob("*.css")
        for url in CSS_URL.findall(style.read_text("utf-8"))
        if not is_elsewhere(url) and not (style.parent / url.split("?")[0]).is_file()
    ]
    assert missing == []


def test_alternates_name_the_same_page_in_each_language(chapters: Pages) -> None:
    for path, page in chapters.items():
        links = page.xpath("//link[contains(@rel, 'alternate')][@hreflang]")
        found = {link.get("hreflang"): target(path, link.get("href")) for link in links}
        name = path.partition("/")[2]
        assert found == {code: (f"{code}/{name}", "") for code in ("zh", "en")}


def test_the_switch_leads_to_the_same_page_in_each_mode(chapters: Pages) -> None:
    for path, page in chapters.items():
        links = page.xpath("//nav[contains(@class, 'modes')]//a")
        name = path.partition("/")[2]
        assert {target(path, link.get("href"))[0] for link in links} == {
            f"{code}/{name}" for code in ("zh", "en", "both")
        }


def test_navigation_stays_in_its_language(chapters: Pages) -> None:
    crossing = [
        (path, link)
        for path, page in chapters.items()
        for link in page.xpath("//nav[contains(@class, 'md-nav--primary')]//a/@href")
        if not is_elsewhere(link) and mode(target(path, link)[0]) != mode(path)
    ]
    assert crossing == []


def test_every_page_is_in_the_navigation(chapters: Pages) -> None:
    for path, page in chapters.items():
        links = page.xpath("//nav[contains(@class, 'md-nav--primary')]//a/@href")
        listed = {target(path, link)[0] for link in links if not is_elsewhere(link)}
        own = {other for other in chapters if mode(other) == mode(path)}
        assert own <= listed, path


def test_reading_on_stays_in_its_language(chapters: Pages) -> None:
    around = "//a[contains(@class, 'md-footer__link')]/@href"
    ends = dict.fromkeys(("zh", "en", "both"), 0)
    for path, page in chapters.items():
        links = page.xpath(around)
        ends[mode(path)] += 2 - len(links)
        assert {mode(target(path, link)[0]) for link in links} <= {mode(path)}
    # A first page without a previous one, and a last without a next.
    assert set(ends.values()) == {2}


def test_every_chapter_leads_to_the_symbols_of_its_mode(pages: Pages) -> None:
    numbers = ".//h1/span[@class='number']"
    chapters = [path for path, page in pages.items() if article(page).xpath(numbers)]
    leads = {
        path: {
            target(path, link)[0] for link in article(pages[path]).xpath(".//a/@href")
        }
        for path in chapters
    }
    assert len(chapters) == 7 * len(MODES)
    assert all(f"{mode(path)}/symbols/index.html" in leads[path] for path in chapters)
