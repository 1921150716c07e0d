"""The built pages: their language, their headings, and nothing left unwoven."""

import re
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.site.pages import Pages, article, headings, mode, text
from weave.languages import LANGUAGES

MATH = re.compile(r"<math\b.*?</math>", re.S)
RAW = re.compile(
    r"\$|\\[(\[a-zA-Z]|\{\{|\}\}|-+8 ?<|¶|:::|!!!|\?\?\?|\*\*|</?[a-z]+>|```"
)
INTERFACE = {"zh": "zh", "en": "en", "both": "zh"}


def _pairs(chapters: Pages) -> list[tuple[str, str]]:
    zh = [path for path in chapters if mode(path) == "zh"]
    return [(path, path.replace("zh/", "en/", 1)) for path in zh]


def test_a_page_says_its_language(chapters: Pages) -> None:
    said = {path: page.get("lang") for path, page in chapters.items()}
    assert said == {path: INTERFACE[mode(path)] for path in chapters}


def test_every_page_is_there_in_every_mode(chapters: Pages) -> None:
    names = {
        code: {path.partition("/")[2] for path in chapters if mode(path) == code}
        for code in INTERFACE
    }
    assert names["zh"] == names["en"] == names["both"]


def test_both_languages_have_the_same_headings(chapters: Pages) -> None:
    differences = [
        (zh, headings(chapters[zh]), headings(chapters[en]))
        for zh, en in _pairs(chapters)
        if headings(chapters[zh]) != headings(chapters[en])
    ]
    assert differences == []


def test_side_by_side_has_the_headings_of_both(chapters: Pages) -> None:
    differences = [
        zh
        for zh, _ in _pairs(chapters)
        if headings(chapters[zh]) != headings(chapters[zh.replace("zh", "both", 1)])
    ]
    assert differences == []


def test_every_heading_has_an_id(chapters: Pages) -> None:
    without = {p: page for p, page in chapters.items() if not all(_ids(page))}
    assert sorted(without) == []


def _ids(page: object) -> list[str]:
    return [number for _, number in headings(page)]


def test_a_page_has_one_title(chapters: Pages) -> None:
    titles = {path: len(page.xpath("//h1")) for path, page in chapters.items()}
    assert {path for path, number in titles.items() if number != 1} == set()


def test_no_id_stands_twice_on_a_page(pages: Pages) -> None:
    twice = {
        path: sorted({i for i in ids if ids.count(i) > 1})
        for path, page in pages.items()
        if (ids := page.xpath("//*[not(ancestor::svg)]/@id"))
    }
    assert {path: ids for path, ids in twice.items() if ids} == {}


def test_nothing_is_left_unwoven(pages: Pages) -> None:
    left = {path: RAW.findall(text(article(page))) for path, page in pages.items()}
    assert {path: found for path, found in left.items() if found} == {}


def test_every_formula_is_well_formed(site: Path, pages: Pages) -> None:
    for path in pages:
        for formula in MATH.findall((site / path).read_text(encoding="utf-8")):
            root = ElementTree.fromstring(_without_names(formula))
            assert len(root), (path, formula)
            assert root.find(".//merror") is None, (path, formula)


def _without_names(formula: str) -> str:
    """XML knows no entities by name but those of its own syntax."""
    named = r"&(?!(?:lt|gt|amp|quot);)\w+;"
    return re.sub(named, lambda match: unescape(match[0]), formula)


def test_every_picture_is_there_with_text_and_size(site: Path, pages: Pages) -> None:
    wrong = [
        (path, image.get("src"))
        for path, page in pages.items()
        for image in article(page).iter("img")
        if not (image.get("alt") and image.get("width") and image.get("height"))
        or not (site / path).parent.joinpath(image.get("src")).resolve().is_file()
    ]
    assert wrong == []


def test_every_figure_has_both_schemes(pages: Pages) -> None:
    for path, page in pages.items():
        for figure in page.xpath("//span[@class='figure']"):
            sources = [image.get("src") for image in figure.iter("img")]
            light, dark = sources
            assert light.replace(".light.", ".dark.") == dark, path


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_greeting_leads_to_each_language_without_a_script(
    language: str, pages: Pages
) -> None:
    root = article(pages["index.html"])
    assert f"{language}/" in root.xpath(".//a/@href")
    assert not pages["index.html"].xpath("//meta[@http-equiv='refresh']")


def test_an_english_page_is_written_in_english(chapters: Pages) -> None:
    """Chinese names of terms stand in it, but most letters are Latin."""
    for path, page in chapters.items():
        letters = text(article(page))
        chinese = len(re.findall(r"[\u4e00-\u9fff]", letters))
        latin = len(re.findall(r"[A-Za-z]+", letters))
        if mode(path) == "en":
            assert chinese < latin / 2, path
        elif mode(path) == "zh":
            assert chinese > 0, path
