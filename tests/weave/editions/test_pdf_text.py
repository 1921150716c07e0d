"""The maps of a PDF's glyphs: characters for radicals, all else as it was."""

import re
import time
from pathlib import Path

import pikepdf
from hypothesis import given
from hypothesis import strategies as st

from weave.editions.pdf_text import make_searchable, without_radicals

HEAD = "begincmap\n"


def _chars(*meanings: str) -> str:
    lines = [f"<{glyph:04X}> <{m}>" for glyph, m in enumerate(meanings)]
    return "\n".join([f"{len(lines)} beginbfchar", *lines, "endbfchar"])


def _code(letter: str) -> str:
    return f"{ord(letter):04X}"


def test_a_radical_becomes_its_character() -> None:
    assert without_radicals(HEAD + _chars(_code("⽤"))) == HEAD + _chars(_code("用"))


def test_a_radical_without_compatible_form_becomes_its_character() -> None:
    assert without_radicals(_chars(_code("⻓"))) == _chars(_code("长"))


def test_a_range_is_written_one_by_one() -> None:
    text = f"1 beginbfrange\n<0000> <0002> <{_code('⽃')}>\nendbfrange"
    assert without_radicals(text) == _chars(*map(_code, "斗斤方"))


def test_letters_beyond_the_first_plane_stay() -> None:
    text = "1 beginbfrange\n<0000> <0001> <D835DC4E>\nendbfrange"
    assert without_radicals(text) == _chars("D835DC4E", "D835DC4F")


def test_no_block_holds_more_than_a_hundred() -> None:
    text = "1 beginbfrange\n<0000> <0100> <4E00>\nendbfrange"
    sizes = re.findall(r"(\d+) beginbfchar", without_radicals(text))
    assert sizes == ["100", "100", "57"]


@given(st.lists(st.characters(max_codepoint=0x2E7F), min_size=1, max_size=100))
def test_other_letters_stay(letters: list[str]) -> None:
    text = _chars(*map(_code, letters))
    assert without_radicals(text) == text


def test_a_book_does_not_say_when_it_was_printed(tmp_path: Path) -> None:
    printed = []
    for year in ("2021", "2022"):
        with pikepdf.new() as pdf:
            pdf.add_blank_page()
            pdf.docinfo["/Title"] = "Notes"
            for date in ("/CreationDate", "/ModDate"):
                pdf.docinfo[date] = f"D:{year}0203040506+00'00'"
            pdf.save(book := tmp_path / f"{year}.pdf", static_id=True)
        time.sleep(1.1)  # a PDF's time is in seconds
        make_searchable(book)
        printed.append(book.read_bytes())
    assert printed[0] == printed[1]
    assert b"Notes" in printed[0]
