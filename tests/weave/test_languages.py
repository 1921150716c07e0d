"""Two languages: whose page it is, and nothing of the other in it."""

from itertools import chain, pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from mkdocs.config.base import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation, get_navigation

from weave import languages
from weave.errors import WeaveError
from weave.run.notebook import LANGUAGES

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
    return load_config(config_file_path="mkdocs.yml", plugins=[], hooks=[])


@pytest.fixture
def nav(config: MkDocsConfig) -> Navigation:
    config.nav = languages.add_both(NAV)
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


@pytest.mark.parametrize(
    ("src_uri", "mode"),
    [
        ("zh/index.md", "zh"),
        ("en/labs/x.ipynb", "en"),
        ("both/a.md", "both"),
        ("index.md", None),
        ("zh.md", None),
        ("de/index.md", None),
        ("english/index.md", None),
    ],
)
def test_the_mode_of_a_page_is_its_first_folder(src_uri: str, mode: str | None) -> None:
    assert languages.mode_of(src_uri) == mode


@pytest.mark.parametrize(
    ("src_uri", "mode", "other"),
    [
        ("zh/a.md", "en", "en/a.md"),
        ("zh/a.md", "both", "both/a.md"),
        ("both/a.md", "zh", "zh/a.md"),
        ("en/labs/x.ipynb", "zh", "zh/labs/x.ipynb"),
        ("en/labs/x.ipynb", "both", "both/labs/x.md"),
        ("both/labs/x.md", "en", "en/labs/x.ipynb"),
        ("zh/a.md", "zh", "zh/a.md"),
        ("index.md", "en", "en/index.md"),
    ],
)
def test_a_counterpart_is_the_same_page_in_another_mode(
    src_uri: str, mode: str, other: str
) -> None:
    assert languages.counterpart(src_uri, mode) == other


@pytest.mark.parametrize(("missing", "there"), [("zh", "en"), ("en", "zh")])
def test_a_page_in_one_language_only_is_named(
    missing: str, there: str, tmp_path: Path
) -> None:
    for path in (f"{there}/a.md", "zh/index.md", "en/index.md"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).touch()
    with pytest.raises(WeaveError, match=rf"^docs/{missing}/a\.md: missing"):
        languages.require_both(tmp_path)
    (tmp_path / missing / "a.md").touch()
    languages.require_both(tmp_path)


def test_the_third_part_of_the_navigation_is_like_the_chinese() -> None:
    *first, third = languages.add_both(NAV)
    assert first == NAV
    assert third == {
        "对照": ["both/index.md", "both/a.md", {"实验": ["both/labs/x.md"]}]
    }


def test_reading_on_ends_where_the_mode_ends(nav: Navigation) -> None:
    assert ("zh/labs/x.ipynb", "en/index.md") in _neighbours(nav)
    languages.separate(nav)
    assert _neighbours(nav) == [
        pair for paths in PATHS.values() for pair in pairwise(paths)
    ]
    assert all(_page(nav, paths[0]).previous_page is None for paths in PATHS.values())


@pytest.mark.parametrize("mode", languages.MODES)
def test_a_page_s_navigation_is_in_its_mode_only(mode: str, nav: Navigation) -> None:
    own = languages.own_nav(nav, mode)
    assert [page.file.src_uri for page in own.pages] == PATHS[mode]
    assert len(own.items) == 3
    assert own.homepage is own.pages[0]
    assert all(item.parent is None for item in own.items)


def test_a_page_without_a_mode_leads_to_the_home_page_of_each(nav: Navigation) -> None:
    uris = [page.file.src_uri for page in languages.doors(nav).items]
    assert uris == ["zh/index.md", "en/index.md", "both/index.md"]


@pytest.mark.parametrize(
    ("src_uri", "language"),
    [("zh/a.md", "zh"), ("en/a.md", "en"), ("both/a.md", "zh"), ("index.md", "zh")],
)
def test_the_theme_speaks_the_language_of_the_page(
    src_uri: str, language: str, config: MkDocsConfig, nav: Navigation
) -> None:
    words = config.extra["languages"][language]
    languages.speak(config, _page(nav, src_uri), nav)
    assert config.theme["language"] == language
    assert config.site_name == words["site_name"]
    assert config.site_description == words["description"]
    assert config.copyright == words["copyright"]
    assert config.extra["words"] == words


def test_both_languages_have_the_same_words(config: MkDocsConfig) -> None:
    zh, en = (config.extra["languages"][code] for code in LANGUAGES)
    assert zh.keys() == en.keys()
    assert all(zh[word] != en[word] for word in zh)


@pytest.mark.parametrize("mode", languages.MODES)
def test_every_mode_leads_to_the_same_page(
    mode: str, config: MkDocsConfig, nav: Navigation
) -> None:
    page = _page(nav, PATHS[mode][2])
    urls = {mode: f"{mode}/labs/x/" for mode in languages.MODES}
    languages.speak(config, page, nav)
    assert config.extra["modes"] == urls


def test_a_page_absent_from_another_s_navigation_is_named(nav: Navigation) -> None:
    page: Any = SimpleNamespace(file=SimpleNamespace(src_uri="zh/b.md"))
    with pytest.raises(WeaveError, match=r"^mkdocs\.yml: .*zh/b\.md"):
        languages.modes(page, nav)
