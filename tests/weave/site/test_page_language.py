"""The interface speaks the language of the page."""

import pytest
from mkdocs.config.base import load_config
from mkdocs.config.defaults import MkDocsConfig

from weave.errors import WeaveError
from weave.languages import LANGUAGES
from weave.site.page_language import in_each_language, words


@pytest.fixture
def config() -> MkDocsConfig:
    return load_config(config_file_path="mkdocs.yml", plugins=[])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_theme_speaks_the_language_of_the_page(
    language: str, config: MkDocsConfig
) -> None:
    words, own = config.extra["languages"][language], in_each_language(config)[language]
    assert own.theme["language"] == language
    assert own.site_name == words["site_name"]
    assert own.site_description == words["description"]
    assert own.copyright == words["copyright"]


def test_the_configuration_of_the_build_stays_as_it_is(config: MkDocsConfig) -> None:
    name, language = config.site_name, config.theme["language"]
    in_each_language(config)
    assert (config.site_name, config.theme["language"]) == (name, language)


def test_both_languages_have_the_same_words(config: MkDocsConfig) -> None:
    zh, en = (config.extra["languages"][code] for code in LANGUAGES)
    assert zh.keys() == en.keys()
    assert all(zh[word] != en[word] for word in zh)


def test_the_words_are_those_of_the_configuration(config: MkDocsConfig) -> None:
    assert words(config) == config.extra["languages"]


@pytest.mark.parametrize("word", ["lab", "site_name", "modes"])
def test_a_word_that_one_language_lacks_is_named(
    word: str, config: MkDocsConfig
) -> None:
    del config.extra["languages"]["en"][word]
    said = rf"^mkdocs\.yml:\d+: extra\.languages\.en has no word for {word}$"
    with pytest.raises(WeaveError, match=said):
        words(config)


def test_a_mode_without_a_name_is_named(config: MkDocsConfig) -> None:
    del config.extra["languages"]["zh"]["modes"]["both"]
    with pytest.raises(WeaveError, match=r"languages\.zh has no word for modes\.both$"):
        words(config)


def test_a_configuration_without_words_is_told_which(config: MkDocsConfig) -> None:
    del config.extra["languages"]
    with pytest.raises(WeaveError, match=r"zh has no word for .*site_name$"):
        words(config)
