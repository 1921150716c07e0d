"""A page that is put back is as if it had been converted."""

import json
from pathlib import Path

import pytest
from mkdocs.config.base import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from weave.site import rendered

TEXT = """\
---
description: d
---
# One { #one }

Text with a [link](other.md#there) and [one more](#two). <a id="raw"></a>

## Two & `code` { #two }

More.

### Three { #three }
"""
MATTERS = ("title", "content", "present_anchor_ids", "links_to_anchors")


@pytest.fixture
def config(tmp_path: Path) -> MkDocsConfig:
    (tmp_path / "page.md").write_text(TEXT, encoding="utf-8")
    (tmp_path / "other.md").write_text("# Other { #there }\n", encoding="utf-8")
    validation = {"anchors": "warn"}
    options = {"attr_list": {}, "toc": {"permalink": "#"}}
    return load_config(
        "mkdocs.yml",
        docs_dir=str(tmp_path),
        plugins=[],
        validation=validation,
        markdown_extensions=[{name: value} for name, value in options.items()],
    )


@pytest.fixture
def files(config: MkDocsConfig) -> Files:
    names = ("page.md", "other.md")
    return Files([File(n, config.docs_dir, "site", True) for n in names])


def _page(config: MkDocsConfig, files: Files) -> Page:
    page = Page(None, files.src_uris["page.md"], config)
    page.read_source(config)
    return page


@pytest.fixture
def converted(config: MkDocsConfig, files: Files) -> Page:
    page = _page(config, files)
    page.render(config, files)
    return page


@pytest.fixture
def back(converted: Page, config: MkDocsConfig, files: Files) -> Page:
    found = json.loads(json.dumps(rendered.take(converted)))
    page = _page(config, files)
    rendered.put_back(found, page, files)
    return page


@pytest.mark.parametrize("name", MATTERS)
def test_all_that_a_build_asks_for_comes_back(
    name: str, converted: Page, back: Page
) -> None:
    assert getattr(converted, name)
    assert getattr(back, name) == getattr(converted, name)


def test_its_contents_are_nested_as_they_were(converted: Page, back: Page) -> None:
    assert str(back.toc) == str(converted.toc)
    assert [item.level for item in back.toc] == [1]
    assert getattr(back.toc.items[0], "active", False)


def test_its_sections_are_those_of_its_headings(converted: Page) -> None:
    sections = rendered.take(converted)["sections"]
    places = [section["location"] for section in sections]
    assert places == ["page/", "page/#two", "page/#three"]
    assert "More." in sections[1]["text"]


def test_the_search_of_the_theme_is_spared_it(back: Page) -> None:
    assert back.meta["search"] == {"exclude": True}


def test_a_page_that_is_left_out_of_the_search_has_no_sections(converted: Page) -> None:
    converted.meta["search"] = {"exclude": True}
    assert rendered.take(converted)["sections"] == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", "Another"),
        ("content", "<p></p>"),
        ("edit_url", "https://notes.test/edit"),
        ("canonical_url", "https://notes.test/"),
        ("meta", {"description": "e"}),
        ("toc", []),
    ],
)
def test_whatever_a_template_shows_is_looked_at(
    name: str, value: object, converted: Page
) -> None:
    before = rendered.look(converted)
    setattr(converted, name, value)
    assert rendered.look(converted) != before


@pytest.mark.parametrize("side", ["previous_page", "next_page"])
def test_so_are_its_neighbours(
    side: str, converted: Page, config: MkDocsConfig, files: Files
) -> None:
    other = Page("Other", files.src_uris["other.md"], config)
    setattr(converted, side, other)
    before = rendered.look(converted)
    other.title = "Renamed"
    assert rendered.look(converted) != before
