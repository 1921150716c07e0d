"""The navigation of each reading mode, and nothing of another in it."""

from itertools import chain, pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from mkdocs.config.base import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation, get_navigation

from weave.errors import WeaveError
from weave.languages import MODES
from weave.site.navigation import add_both, number, paths, require, separate

NAV: list[Any] = [
    "index.md",
    {"中文": ["zh/index.md", "zh/a.md", {"实验": ["zh/labs/x.ipynb"]}]},
    {"English": ["en/index.md", "en/a.md", {"Labs": ["en/labs/x.ipynb"]}]},
]
PATHS = {
    "zh": ["zh/index.md", "zh/a.md", "zh/labs/x.ipynb"],
    "en": ["en/index.md", "en/a.md", "en/labs/x.ipynb"],
    "both": ["both/index.md", "both/a.md", "both/labs/x.md"],
}


class Page(File):
    """A file that is a page whatever it ends in, as mkdocs-jupyter makes notebooks."""

    def is_documentation_page(self) -> bool:
        return True


@pytest.fixture
def config() -> MkDocsConfig:
    return load_config(config_file_path="mkdocs.yml", plugins=[])


@pytest.fixture
def nav(config: MkDocsConfig) -> Navigation:
    config.nav = add_both(NAV, "对照")
    paths = ["index.md", *chain.from_iterable(PATHS.values())]
    files = [Page(path, "docs", "site", use_directory_urls=True) for path in paths]
    return get_navigation(Files(files), config)


def _page(nav: Navigation, src_uri: str) -> Any:
    return next(page for page in nav.pages if page.file.src_uri == src_uri)


def _neighbours(nav: Navigation) -> list[tuple[str, str]]:
    return [
        (page.file.src_uri, page.next_page.file.src_uri)
        for page in nav.pages
        if page.next_page
    ]


def test_the_third_part_of_the_navigation_is_like_the_chinese() -> None:
    *first, third = add_both(NAV, "对照")
    assert first == NAV
    assert third == {
        "对照": ["both/index.md", "both/a.md", {"实验": ["both/labs/x.md"]}]
    }


def test_reading_on_ends_where_the_mode_ends(nav: Navigation) -> None:
    assert ("zh/labs/x.ipynb", "en/index.md") in _neighbours(nav)
    separate(nav)
    assert _neighbours(nav) == [
        pair for paths in PATHS.values() for pair in pairwise(paths)
    ]
    assert all(_page(nav, paths[0]).previous_page is None for paths in PATHS.values())


@pytest.mark.parametrize("mode", MODES)
def test_a_page_s_navigation_is_in_its_mode_only(mode: str, nav: Navigation) -> None:
    own = separate(nav).own[mode]
    assert [page.file.src_uri for page in own.pages] == PATHS[mode]
    assert len(own.items) == 3
    assert own.homepage is own.pages[0]
    assert all(item.parent is None for item in own.items)


def test_a_page_without_a_mode_leads_to_the_home_page_of_each(nav: Navigation) -> None:
    uris = [page.file.src_uri for page in separate(nav).own[None].items]
    assert uris == ["zh/index.md", "en/index.md", "both/index.md"]


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_leads_to_the_same_page(mode: str, nav: Navigation) -> None:
    page = _page(nav, PATHS[mode][2])
    urls = {mode: f"{mode}/labs/x/" for mode in MODES}
    assert separate(nav).modes(page) == urls


def test_an_outline_has_titles_and_addresses_as_they_are_nested(
    nav: Navigation,
) -> None:
    for page in nav.pages:
        page.title = page.file.src_uri
    outline = separate(nav).outlines()["en"]
    assert outline == [
        ["en/index.md", "en/"],
        ["en/a.md", "en/a/"],
        ["Labs", [["en/labs/x.ipynb", "en/labs/x/"]]],
    ]


def test_the_pages_between_home_and_labs_are_numbered(config: MkDocsConfig) -> None:
    config.nav = [
        {m: [f"{m}/index.md", f"{m}/b.md", f"{m}/a.md", {"Labs": [f"{m}/labs/x.md"]}]}
        for m in MODES
    ]
    config.nav[0]["zh"].append("zh/glossary.md")
    files = Files(
        File(path, "docs", "site", use_directory_urls=True)
        for path in paths(config.nav)
    )
    chapters = separate(get_navigation(files, config)).chapters()
    assert chapters == {f"{m}/{n}.md": i for m in MODES for i, n in enumerate("ba", 1)}


def test_a_number_stands_before_the_title_and_the_first_heading() -> None:
    page: Any = SimpleNamespace(title="A", content='<h1 id="a">A</h1><h1>B</h1>')
    number(page, 3)
    assert page.title == "3 A"
    assert page.content == ('<h1 id="a"><span class="number">3</span> A</h1><h1>B</h1>')


def test_a_page_absent_from_another_s_navigation_is_named(nav: Navigation) -> None:
    page: Any = SimpleNamespace(file=SimpleNamespace(src_uri="zh/b.md"))
    with pytest.raises(WeaveError, match=r"^mkdocs\.yml: .*zh/b\.md"):
        separate(nav).modes(page)


WRITTEN = """\
site_name: x
nav:
  - index.md
  - 中文: [zh/index.md, zh/a.md]
  - English:
      - en/index.md
      - en/a.md
"""
WRITTEN_NAV: list[Any] = [
    "index.md",
    {"中文": ["zh/index.md", "zh/a.md"]},
    {"English": ["en/index.md", "en/a.md"]},
]
PAGES = ["index.md", "zh/index.md", "zh/a.md", "en/index.md", "en/a.md"]


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mkdocs.yml").write_text(WRITTEN, encoding="utf-8")


def test_the_pages_of_a_navigation_come_in_order() -> None:
    assert list(paths(WRITTEN_NAV)) == PAGES


@pytest.mark.usefixtures("written")
def test_a_navigation_with_every_page_passes() -> None:
    require([*add_both(WRITTEN_NAV, "对照"), {"Code": "https://a.test"}], PAGES)


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize(
    ("pages", "said"),
    [
        (PAGES[:-1], "mkdocs.yml:7: there is no page en/a.md"),
        ([*PAGES, "zh/b.md"], "mkdocs.yml:2: nav lacks zh/b.md"),
    ],
)
def test_a_page_more_or_less_is_named_with_its_line(
    pages: list[str], said: str
) -> None:
    with pytest.raises(WeaveError) as caught:
        require(WRITTEN_NAV, pages)
    assert str(caught.value) == said


@pytest.mark.usefixtures("written")
def test_a_page_that_stands_twice_is_named() -> None:
    with pytest.raises(WeaveError, match=r"^mkdocs\.yml:3: nav has index\.md twice$"):
        require([*WRITTEN_NAV, "index.md"], PAGES)


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize(
    ("nav", "code"),
    [([], "zh"), (WRITTEN_NAV[:2], "en"), (WRITTEN_NAV[::2], "zh"), (PAGES, "zh")],
)
def test_a_language_without_its_part_is_named(nav: list[Any], code: str) -> None:
    with pytest.raises(
        WeaveError, match=rf"^mkdocs\.yml:2: nav has no part for {code}/"
    ):
        add_both(nav, "对照")
