"""The words that lead to sections: of the terms, and of docs/search.yml."""

from pathlib import Path

import pytest

from weave import glossary
from weave.errors import WeaveError
from weave.search import keywords
from weave.search.keywords import Keywords


def test_every_name_of_a_term_leads_to_where_it_is_taught() -> None:
    terms = glossary.load()
    found = keywords.of_terms(terms)
    assert [lead.section for lead in found] == [term.taught for term in terms]
    for lead, term in zip(found, terms, strict=True):
        assert {term.name["zh"], term.name["en"]} <= set(lead.words)
        assert lead.source == f"docs/glossary.yml:{term.line}: {term.id}"


def test_words_are_read_section_by_section(tmp_path: Path) -> None:
    path = tmp_path / "search.yml"
    path.write_text("a.md#b: [一, one]\nc.md: [two]\n", encoding="utf-8")
    assert keywords.load(path) == [
        Keywords(("一", "one"), "a.md#b", f"{path}:1"),
        Keywords(("two",), "c.md", f"{path}:2"),
    ]


def test_a_site_needs_no_such_words(tmp_path: Path) -> None:
    assert keywords.load(tmp_path / "search.yml") == []


@pytest.mark.parametrize("words", ["one", "[1]", "{a: b}"])
def test_what_is_no_list_of_words_is_named(words: str, tmp_path: Path) -> None:
    path = tmp_path / "search.yml"
    path.write_text(f"c.md: [x]\na.md#b: {words}\n", encoding="utf-8")
    with pytest.raises(WeaveError, match=r"search\.yml:2: a\.md#b: .* \[one, two\]"):
        keywords.load(path)


@pytest.mark.parametrize("text", ["", "one", "- a.md#b\n"])
def test_what_is_no_list_of_sections_is_named(text: str, tmp_path: Path) -> None:
    path = tmp_path / "search.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WeaveError, match=r"search\.yml:1: must be lines of the form"):
        keywords.load(path)


def test_a_word_leads_to_one_section() -> None:
    found = [*keywords.of_terms(glossary.load()), *keywords.load()]
    sections: dict[str, set[str]] = {}
    for lead in found:
        for word in lead.words:
            sections.setdefault(word.lower(), set()).add(lead.section)
    assert not {word: at for word, at in sections.items() if len(at) > 1}
