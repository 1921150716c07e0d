"""The picture of the architecture: what it reads in the code, and that it is new."""

import re
from pathlib import Path

import pytest
from lxml import etree

from weave.dev.architecture import (
    GROUND,
    PICTURE,
    Edge,
    draw,
    imports,
    modules,
    room_imports,
    room_map,
    room_of,
)
from weave.errors import WeaveError
from weave.paths import WEAVE

FILES = {
    "__init__.py": '"""A house.\n\n    site/   the pages\n    run/    runs\n'
    '    (here)  the ground: a\n"""\n',
    "a.py": "import os.path\n",
    "run/__init__.py": "",
    "run/one.py": "from house.a import x\n",
    "run/two.py": "from . import one\nfrom .. import a\n",
    "site/__init__.py": "from .page import Page\n",
    "site/page.py": "def f():\n    import house.run.one\n    from house import run, a",
    "site/text.py": 'CODE = """\nfrom house.run.two import x\n"""\nNAME = "house.a"\n'
    '"from house.b import x"; "house"\n',
}


@pytest.fixture
def house(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / "house" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "house"


def _from(house: Path, name: str) -> set[str]:
    return {edge.imported for edge in imports(house) if edge.importer == name}


def test_modules_and_packages_have_dotted_names(house: Path) -> None:
    assert {"house", "house.a", "house.run", "house.run.one"} < modules(house).keys()
    assert modules(house)["house.site.page"] == house / "site" / "page.py"


@pytest.mark.parametrize(
    ("name", "imported"),
    [
        ("house.a", {"os.path"}),  # of another package, as it stands
        ("house.run.one", {"house.a"}),  # a name out of a module
        ("house.run.two", {"house.run.one", "house.a"}),  # from where it stands
        ("house.site", {"house.site.page"}),  # a package's own file
        ("house.site.page", {"house.run.one", "house.run", "house.a"}),  # late
        ("house.site.text", {"house.run.two", "house.a"}),  # for another process
    ],
)
def test_every_way_to_import_is_seen(
    name: str, imported: set[str], house: Path
) -> None:
    assert _from(house, name) == imported


@pytest.mark.parametrize(
    ("name", "room"),
    [
        ("house", GROUND),
        ("house.a", GROUND),
        ("house.run", "run"),
        ("house.run.one", "run"),
    ],
)
def test_a_module_stands_in_its_folder(name: str, room: str, house: Path) -> None:
    assert room_of(name, house) == room


def test_the_map_is_read_from_the_ground_up(house: Path) -> None:
    assert room_map(house) == {
        GROUND: "the ground: a",
        "run": "runs",
        "site": "the pages",
    }


def test_rooms_import_what_their_modules_do(house: Path) -> None:
    assert room_imports(house) == {
        Edge("run", GROUND),
        Edge("site", GROUND),
        Edge("site", "run"),
    }


def test_an_arrow_that_points_up_is_not_drawn(house: Path) -> None:
    (house / "run" / "one.py").write_text("import house.site.page", encoding="utf-8")
    with pytest.raises(WeaveError, match=r"^run imports site/ above it"):
        room_imports(house)


def test_a_room_that_is_not_on_the_map_is_not_drawn(house: Path) -> None:
    (house / "attic").mkdir()
    (house / "attic" / "box.py").write_text("import house.a", encoding="utf-8")
    with pytest.raises(WeaveError, match=r"^The map of house/ lacks attic/"):
        room_imports(house)


def test_the_picture_has_every_room_module_and_arrow() -> None:
    page = etree.fromstring(draw().encode())
    text = " ".join(page.itertext())
    for name, path in modules(WEAVE).items():
        room, leaf = room_of(name, WEAVE), name.rpartition(".")[2]
        assert (f"{room}/" if path.stem == "__init__" else leaf) in text
    arrows = page.findall(".//{*}path[@class='line import']/{*}title")
    assert len(arrows) == len(room_imports(WEAVE))


def test_every_arrow_points_down() -> None:
    paths = re.findall(r'class="line import" d="M\d+ (\d+)\S+ .*?V(\d+)', draw())
    assert len(paths) == len(room_imports(WEAVE))
    assert all(int(start) < int(end) for start, end in paths)


def test_the_picture_is_todays() -> None:
    now = PICTURE.read_text(encoding="utf-8") == draw()
    assert now, "The code has changed: python -m weave.dev.architecture"
