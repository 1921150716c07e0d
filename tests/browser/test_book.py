"""The book: whole, its links inside it, its outline and Chinese as one reads them."""

import re
from pathlib import Path

import pikepdf
import pytest
from lxml import html
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig

from tests.browser.pages import CHAPTER
from weave.editions.pdf import compose, pages, to_pdf

HEIGHT, MARGIN = 842, 57  # of a page, A4, in points


@pytest.fixture(scope="module")
def config() -> MkDocsConfig:
    return load_config("mkdocs.yml", plugins=[])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_book_is_whole(language: str, site: Path, config: MkDocsConfig) -> None:
    tree = html.fromstring(compose(site, config, language))
    slugs = pages(config.nav or [], language)
    assert len(slugs) >= 9
    assert len(tree.find_class("chapter")) == len(slugs)
    assert all("open" in details.attrib for details in tree.iter("details"))
    ids = [node.get("id") for node in tree.iter() if node.get("id")]
    assert len(ids) == len(set(ids))
    links = [link.get("href") for link in tree.iterfind(".//a[@href]")]
    inside = {link[1:] for link in links if link.startswith("#")}
    assert {*slugs} <= inside <= {*ids}
    assert all(link.startswith(("#", "http")) for link in links)
    assert all((site / node.get("src")).exists() for node in tree.iter("img"))


def _titles(items: list[pikepdf.OutlineItem]) -> list[str]:
    return [
        title for item in items for title in [item.title, *_titles(list(item.children))]
    ]


def _markers(page: pikepdf.Page) -> int:
    """Return how many numbers and bullets of lists are drawn on a page."""
    drawn = pikepdf.parse_content_stream(page)
    marks = [step.operands[0] for step in drawn if str(step.operator) == "BDC"]
    return marks.count(pikepdf.Name.Lbl)


def _left_empty(page: pikepdf.Page) -> float:
    """Return the share of a page below its last line of text, margins aside."""
    now, outer, lines = pikepdf.Matrix(), [], [float(HEIGHT - MARGIN)]
    for step in pikepdf.parse_content_stream(page):
        match str(step.operator):
            case "q":
                outer.append(now)
            case "Q":
                now = outer.pop()
            case "cm":
                now = pikepdf.Matrix(*step.operands) @ now
            case "Tm":
                lines.append((pikepdf.Matrix(*step.operands) @ now).f)
    last = min(line for line in lines if line > MARGIN)
    return (last - MARGIN) / (HEIGHT - 2 * MARGIN)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pdf_is_one_to_work_with(
    language: str, site: Path, config: MkDocsConfig, tmp_path: Path
) -> None:
    config.nav = [f"{language}/{CHAPTER.rstrip('/')}.md"]
    text = compose(site, config, language)
    (source := site / f"book.{language}.html").write_text(text, encoding="utf-8")
    to_pdf(source, tmp_path / "book.pdf")
    source.unlink()
    headings = html.fromstring(text).xpath("//h1 | //h2 | //h3 | //h4")
    with pikepdf.open(tmp_path / "book.pdf") as pdf, pdf.open_outline() as outline:
        assert str(pdf.Root.Lang) == language
        items = html.fromstring(text).xpath("//section[@class='chapter']//li")
        assert sum(_markers(page) for page in pdf.pages) == len(items) > 10
        inner = [_left_empty(page) for page in pdf.pages[2:-1]]
        assert sum(empty > 0.5 for empty in inner) <= len(inner) / 20, inner
        assert pdf.Root.MarkInfo.Marked
        assert _titles(list(outline.root)) == [
            re.sub(r"\s+", " ", heading.text_content()).strip() for heading in headings
        ]
        meanings = [
            found.ToUnicode.read_bytes().decode()
            for found in pdf.objects
            if isinstance(found, pikepdf.Dictionary) and "/ToUnicode" in found
        ]
    assert meanings
    assert not re.findall(r"> <2[EF][0-9A-F]{2}>", "".join(meanings))
