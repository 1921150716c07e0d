"""The rooms of the build: who may know whom, and that the map tells what there is."""

import ast
import os
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import weave as package
from weave.dev.architecture import GROUND, Edge, imports, modules, room_map, room_of
from weave.paths import WEAVE

ROOT = WEAVE.parent
MODULES = modules(WEAVE)
IMPORTS = imports(WEAVE)
INNER = [edge for edge in IMPORTS if edge.imported in MODULES]
ORDER = list(room_map(WEAVE))  # from the ground up
RUN = [name for name in MODULES if room_of(name, WEAVE) == "run"]
# What belongs to MkDocs, and what belongs to Markdown.
MKDOCS = re.compile(r"(mkdocs\w*|material)(\.|$)")
MARKDOWN = re.compile(r"(markdown|pymdownx)(\.|$)")
# They read mkdocs.yml, as MkDocs does; all else of MkDocs is for site/.
READERS = ["weave.dev.successor", "weave.editions.pdf"]


def _rooms(edge: Edge) -> tuple[str, ...]:
    return tuple(room_of(name, WEAVE) for name in edge)


def _foreign(pattern: re.Pattern[str], *rooms: str) -> list[str]:
    """Return the modules of these rooms that import what the pattern names."""
    found = {edge.importer for edge in IMPORTS if pattern.match(edge.imported)}
    return sorted(name for name in found if room_of(name, WEAVE) in rooms)


def _python(*arguments: str, path: Path = ROOT, folder: Path = ROOT) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": f"{path}{os.pathsep}{ROOT}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.mark.parametrize("room", ORDER)
def test_a_room_imports_only_what_stands_below_it(room: str) -> None:
    may = ORDER[: ORDER.index(room) + 1]
    own = [edge for edge in INNER if _rooms(edge)[0] == room]
    assert [edge for edge in own if _rooms(edge)[1] not in may] == []


def test_no_module_imports_itself_by_way_of_others() -> None:
    graph: dict[str, set[str]] = {}
    for importer, imported in INNER:
        graph.setdefault(importer, set()).add(imported)
    TopologicalSorter(graph).prepare()  # raises CycleError, and says which


def test_the_run_and_the_ground_know_neither_mkdocs_nor_markdown() -> None:
    assert _foreign(MKDOCS, GROUND, "run") == []
    assert _foreign(MARKDOWN, GROUND, "run") == []


def test_the_extensions_work_without_mkdocs() -> None:
    assert _foreign(MKDOCS, "extensions") == []
    assert _foreign(MARKDOWN, "extensions") != []  # what is searched for can be found


def test_only_the_site_knows_mkdocs_and_two_others_its_file() -> None:
    others = [room for room in ORDER if room != "site"]
    assert _foreign(MKDOCS, *others) == READERS


def test_importing_the_run_brings_no_mkdocs() -> None:
    code = f"import {', '.join(RUN)}, sys; print(*sys.modules, sep='\\n')"
    loaded = _python("-c", code).splitlines()
    assert set(RUN) <= set(loaded)
    assert [name for name in loaded if MKDOCS.match(name)] == []


@pytest.fixture
def without_mkdocs(tmp_path: Path) -> Path:
    """Return a folder to import from, in which nothing of MkDocs can be imported."""
    for name in ("mkdocs", "mkdocs_jupyter", "material", "markdown", "pymdownx"):
        text = f"raise ImportError({name!r} ' is not for the run')\n"
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_snippet_runs_where_there_is_no_mkdocs(without_mkdocs: Path) -> None:
    snippet = ROOT / "tests/weave/site/tiny/snippets/square.py"
    folder = without_mkdocs / "snippets"
    folder.mkdir()
    (folder / snippet.name).write_bytes(snippet.read_bytes())
    place = {"path": without_mkdocs, "folder": without_mkdocs}
    said = _python("-m", "weave.run", **place)
    assert re.match(r"square +[\d.]+ s  run\n$", said)
    made = without_mkdocs / ".cache/artifacts/square"
    assert (made / "zh/labs/square.ipynb").exists()


def test_where_there_is_no_mkdocs_importing_it_fails(without_mkdocs: Path) -> None:
    with pytest.raises(AssertionError, match="mkdocs is not for the run"):
        _python("-c", "import mkdocs", path=without_mkdocs)


def _starts_mkdocs_build(path: Path) -> bool:
    """Say whether code in the file names the command, as a list or as one string."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.List | ast.Tuple):
            words = [item.value for item in node.elts if isinstance(item, ast.Constant)]
            if {"mkdocs", "build"} <= set(words):
                return True
        if isinstance(node, ast.Call):
            texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
            if any("mkdocs build" in str(text) for text in texts):
                return True
    return False


def test_one_place_calls_a_build() -> None:
    found = [name for name, path in MODULES.items() if _starts_mkdocs_build(path)]
    assert found == ["weave.editions.build"]


def test_the_map_names_the_rooms_that_exist() -> None:
    rooms = {room_of(name, WEAVE) for name in MODULES}
    assert set(ORDER) == rooms


def test_the_map_names_the_modules_of_the_ground() -> None:
    own = {name for name in MODULES if room_of(name, WEAVE) == GROUND}
    told = room_map(WEAVE)[GROUND].partition(": ")[2].split(", ")
    assert sorted(f"weave.{name}" for name in told) == sorted(own - {"weave"})


def test_the_map_has_no_line_that_is_not_read() -> None:
    lines = re.findall(r"^ {1,7}\S", package.__doc__ or "", re.M)
    assert len(lines) == len(ORDER)


def _programs() -> set[str]:
    """Return the modules that some text of the project runs with -m."""
    texts = [ROOT / "Makefile", *MODULES.values()]
    found = [re.findall(r"-m (weave[\w.]+)", path.read_text("utf-8")) for path in texts]
    names = {name for names in found for name in names}
    return {f"{n}.__main__" if f"{n}.__main__" in MODULES else n for n in names}


def _named() -> set[str]:
    """Return the modules that MkDocs is told of."""
    texts = [
        (ROOT / name).read_text("utf-8") for name in ("mkdocs.yml", "pyproject.toml")
    ]
    return {name for text in texts for name in re.findall(r"\bweave\.[\w.]+", text)}


@pytest.mark.parametrize("name", [n for n in MODULES if MODULES[n].stem != "__init__"])
def test_a_module_is_used(name: str) -> None:
    imported = {edge.imported for edge in INNER if edge.importer != name}
    assert name in imported | _programs() | _named()


def test_the_tests_have_the_same_rooms() -> None:
    folders = {path.parent for path in (ROOT / "tests/weave").glob("*/test_*.py")}
    assert {folder.name for folder in folders} == set(ORDER) - {GROUND}
