"""The notes' sources: both languages say the same, and say what they are about."""

import re
from pathlib import Path

import pytest
import yaml

from tests.glossary_variants import variants
from weave import glossary
from weave.extensions import symbol_list
from weave.run.artifacts import modules
from weave.run.lab import in_language
from weave.run.notebook import read
from weave.site import letters
from weave.site.skeleton import require_both_languages, require_one_skeleton

DOCS = Path("docs")
PAGES = sorted(str(p.relative_to(DOCS / "zh")) for p in (DOCS / "zh").rglob("*.md"))


def _read(language: str, page: str) -> str:
    return (DOCS / language / page).read_text(encoding="utf-8")


def test_both_languages_have_one_skeleton_and_every_heading_its_id() -> None:
    require_both_languages(DOCS)
    require_one_skeleton(DOCS)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("page", PAGES)
class TestPage:
    def test_it_describes_itself(self, page: str, language: str) -> None:
        text = _read(language, page)
        assert text.startswith("---\n")
        matter = yaml.safe_load(text.split("---\n")[1])
        assert len(matter["description"]) >= 5


TERMS = glossary.load()
CODE = re.compile(r"```.*?```|`[^`\n]+`|\{ *#[\w-]+ *\}", re.S)
# Quotes the notes as they were, mistakes and all.
QUOTING = {"errata.md"}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("page", sorted(set(PAGES) - QUOTING))
def test_a_page_uses_the_names_of_the_glossary(page: str, language: str) -> None:
    text = CODE.sub("", _read(language, page))
    assert variants(TERMS, text, language) == []


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", modules(), ids=lambda path: path.stem)
def test_a_lab_uses_the_names_of_the_glossary(path: Path, language: str) -> None:
    notebook = in_language(read(path.read_text(encoding="utf-8"), str(path)), language)
    text = "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    assert variants(TERMS, CODE.sub("", text), language) == []


@pytest.mark.parametrize("path", ["figure_text.yml", "symbols.yml", "claims.yml"])
def test_a_list_uses_the_names_of_the_glossary(path: str) -> None:
    text = (DOCS / path).read_text(encoding="utf-8")
    assert variants(TERMS, text, "zh") == []


def test_the_glossary_explains_with_its_own_names() -> None:
    text = "\n".join(meaning for term in TERMS for meaning in term.meaning.values())
    assert variants(TERMS, text, "zh") == []


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_gives_the_other_name_of_what_it_teaches(
    page: str, language: str
) -> None:
    text = CODE.sub("", _read(language, page))
    other = {"zh": "en", "en": "zh"}[language]
    taught = [t.name for t in TERMS if t.taught.partition("#")[0] == page]
    assert [n for n in taught if not glossary.pattern(n[other]).search(text)] == []


SYMBOLS = symbol_list.load()
assert SYMBOLS
LISTED = letters.listed(SYMBOLS)


@pytest.mark.parametrize(("number", "stem"), list(enumerate(SYMBOLS.chapters, 1)))
def test_no_symbol_is_listed_for_a_chapter_without_it(number: int, stem: str) -> None:
    there = letters.used(stem)
    named = [letter for n, letter in LISTED if n == number]
    assert [letter for letter in named if letter not in there] == []
