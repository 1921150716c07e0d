"""Makes the Chinese of a printed PDF searchable.

A font draws 用 and the radical ⽤ with one glyph, and Chromium notes as the meaning of
a glyph the lowest of its characters: the radical, which nobody types into a search
box.
"""

import re
import unicodedata
from pathlib import Path

import pikepdf

# Radicals to which Unicode's compatibility forms give no character.
SIMPLIFIED = str.maketrans(
    "⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
    "母民虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟",
)
BLOCK = re.compile(r"\d+ beginbf(char|range)\n(.*?)endbf\1", re.DOTALL)
LARGEST = 100  # entries that a block of such a map may hold


def make_searchable(path: Path) -> None:
    """Note the character in the place of the radical, in all fonts of the PDF.

    When it was printed is not noted: the same book gives the same bytes.
    """
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        for found in pdf.objects:
            if isinstance(found, pikepdf.Dictionary) and "/ToUnicode" in found:
                cmap = found.ToUnicode
                cmap.write(without_radicals(cmap.read_bytes().decode()).encode())
        for date in ("/CreationDate", "/ModDate"):
            del pdf.docinfo[date]
        pdf.save(path, deterministic_id=True)


def without_radicals(cmap: str) -> str:
    """Return a ToUnicode map that means characters where it meant their radicals."""
    return BLOCK.sub(_block, cmap)


def _block(match: re.Match[str]) -> str:
    lines = match[2].splitlines()
    if match[1] == "range":
        lines = [entry for line in lines for entry in _entries(line)]
    lines = [re.sub(r"<(\w{4})>$", _character, line) for line in lines]
    starts = range(0, len(lines), LARGEST)
    return "\n".join(_chars(lines[start : start + LARGEST]) for start in starts)


def _chars(lines: list[str]) -> str:
    return "\n".join([f"{len(lines)} beginbfchar", *lines, "endbfchar"])


def _entries(line: str) -> list[str]:
    """Return a range, ``<first> <last> <meaning of the first>``, glyph by glyph."""
    first, last, meaning = re.findall(r"\w+", line)
    return [
        f"<{glyph:0{len(first)}X}> <{int(meaning, 16) + step:04X}>"
        for step, glyph in enumerate(range(int(first, 16), int(last, 16) + 1))
    ]


def _character(match: re.Match[str]) -> str:
    letter = chr(int(match[1], 16))
    if "\u2e80" <= letter <= "\u2fdf":
        letter = unicodedata.normalize("NFKC", letter).translate(SIMPLIFIED)
    return f"<{ord(letter):04X}>"
