"""The interface in the language of a page: the theme's words, and ours."""

from copy import copy, deepcopy
from typing import Any

from mkdocs.config.defaults import MkDocsConfig

from weave.errors import WeaveError
from weave.languages import LANGUAGES, MODES
from weave.paths import CONFIG
from weave.text import line_of, read

OURS = {"site_name", "description", "copyright", "modes"}  # what the build itself needs


def words(config: MkDocsConfig) -> dict[str, dict[str, Any]]:
    """Return the words of the interface. Raises WeaveError if one is missing."""
    found = config.extra.get("languages") or {}
    own = {code: found.get(code) or {} for code in LANGUAGES}
    needed = OURS.union(*own.values())
    for code, said in own.items():
        missing = sorted(needed - said.keys())
        missing += [f"modes.{m}" for m in MODES if m not in said.get("modes", MODES)]
        if missing:
            line = line_of(read(CONFIG), f"    {code}:") or 1
            where = f"{CONFIG}:{line}: extra.languages.{code}"
            raise WeaveError(f"{where} has no word for {', '.join(missing)}")
    return own


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
