"""The interface in the language of a page: the theme's words, and ours."""

from copy import copy, deepcopy

from mkdocs.config.defaults import MkDocsConfig

from weave.languages import LANGUAGES


def in_each_language(config: MkDocsConfig) -> dict[str, MkDocsConfig]:
    """Return the configuration as the templates of each language's pages see it."""
    return {language: _in(config, language) for language in LANGUAGES}


def _in(config: MkDocsConfig, language: str) -> MkDocsConfig:
    words = config.extra["languages"][language]
    own = copy(config)
    own.theme = deepcopy(config.theme)
    own.theme["language"] = language
    own.site_name = words["site_name"]
    own.site_description = words["description"]
    own.copyright = words["copyright"]
    return own
