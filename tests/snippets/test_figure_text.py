"""The pictures of all snippets: their colours, and the list of their texts.

Matplotlib writes each line of text into an SVG a second time, as a comment.
"""

import re
from functools import cache
from html import unescape

import matplotlib
import pytest
from matplotlib.colors import to_hex

from weave.paths import ARTIFACTS, STYLES
from weave.run.artifacts import modules, refresh
from weave.run.figure_text import ALL, NAMES, WORD, pattern, read_list
from weave.run.pictures import dark_twins

MODULES = [path.stem for path in modules()]
LIST = read_list()
SECTIONS = [name for name in LIST if name not in (ALL, NAMES)]
MAP = matplotlib.colormaps["cividis"]  # of the style sheet
COLOR = re.compile(r": (#[0-9a-f]{6})\b")


@pytest.fixture(scope="module", autouse=True)
def _artifacts() -> None:
    refresh(report=lambda line: None)


@cache
def _pictures(module: str) -> dict[str, str]:
    """Return the light SVGs in English."""
    found = (ARTIFACTS / module).glob("*.en.light.svg")
    return {path.name: path.read_text(encoding="utf-8") for path in found}


def _lines(*names: str) -> set[str]:
    """Return every line of text in the pictures of these modules."""
    svgs = "".join(svg for name in names for svg in _pictures(name).values())
    return set(map(unescape, re.findall(r"<!-- (.*?) -->", svgs)))


@pytest.mark.parametrize("module", MODULES)
def test_every_colour_is_of_the_palette_or_of_the_colour_map(module: str) -> None:
    known = {*dark_twins(STYLES), *map(to_hex, MAP(range(MAP.N)))}
    found = {name: {*COLOR.findall(svg)} for name, svg in _pictures(module).items()}
    assert {
        name: colors - known for name, colors in found.items() if colors - known
    } == {}


def _unused(keys: dict[str, str], lines: set[str]) -> list[str]:
    """Return the English texts that no picture shows."""
    return [
        key
        for key in keys
        if not all(any(map(pattern(part).fullmatch, lines)) for part in key.split("\n"))
    ]


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_is_of_a_module_and_holds_what_its_figures_say(section: str) -> None:
    assert section in MODULES
    assert _unused(LIST[section], _lines(section)) == []


def test_what_all_share_is_said_by_several() -> None:
    for key in LIST[ALL]:
        users = [name for name in MODULES if not _unused({key: ""}, _lines(name))]
        assert len(users) > 1, key


def test_every_name_is_used() -> None:
    words = {word for line in _lines(*MODULES) for word in WORD.findall(line)}
    assert set(LIST[NAMES]) - words == set()
