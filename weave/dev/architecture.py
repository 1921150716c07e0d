"""Draws assets/architecture.svg: the rooms of the build, and which imports which.

``python -m weave.dev.architecture`` writes it. Rooms, modules and arrows are read from
the code; only the way of a page, at the left, is told here.
"""

import ast
import re
import textwrap
from collections.abc import Collection, Iterator
from html import escape
from importlib.util import resolve_name
from pathlib import Path
from typing import NamedTuple

from weave.errors import WeaveError
from weave.paths import WEAVE

PICTURE = WEAVE.parent / "assets" / "architecture.svg"
GROUND = ""  # the room of the modules that stand in no room
ON_MAP = re.compile(r"^    (?:\(here\)|(\w+)/) +(.+)$", re.M)
# Code that a string holds for another process to run.
IN_STRING = re.compile(r"^from ([\w.]+) import", re.M)


class Edge(NamedTuple):
    """That one module, or room, imports another."""

    importer: str
    imported: str


# What the code says.


def modules(package: Path) -> dict[str, Path]:
    """Return the file of every module by its dotted name; a package has its own."""
    paths = sorted(package.rglob("*.py"))
    return {_dotted(path.relative_to(package.parent)): path for path in paths}


def _dotted(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def imports(package: Path) -> set[Edge]:
    """Return what each module imports, wherever in the file: its own kind or others.

    One of the package's modules is called by its name, all else as the file has it.
    """
    known = modules(package)
    return {
        Edge(name, imported)
        for name, path in known.items()
        for imported in _imported(name, path, known.keys())
    }


def _imported(name: str, path: Path, known: Collection[str]) -> Iterator[str]:
    here = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                base = resolve_name("." * level + (module or ""), here)
                parts = (f"{base}.{alias.name}" for alias in names)
                yield from (part if part in known else base for part in parts)
            case ast.Constant(value=str(text)):
                named = [*IN_STRING.findall(text), text if "." in text else ""]
                yield from (word for word in named if word in known)


def room_of(name: str, package: Path) -> str:
    """Return the folder in which a module of the package stands, or GROUND."""
    room = name.split(".")[1:2]
    return room[0] if room and (package / room[0]).is_dir() else GROUND


def room_map(package: Path) -> dict[str, str]:
    """Return what the package says of its rooms, from the ground up."""
    text = ast.get_docstring(ast.parse((package / "__init__.py").read_bytes()), False)
    lines = re.sub(r"\n {8,}", " ", text or "")  # one that goes on further in
    return dict(reversed(ON_MAP.findall(lines)))


def room_imports(package: Path) -> set[Edge]:
    """Return which rooms import which others; raise WeaveError if one may not."""
    order, known = list(room_map(package)), modules(package)
    inner = [edge for edge in imports(package) if edge.imported in known]
    between = {Edge(*(room_of(name, package) for name in edge)) for edge in inner}
    between = {edge for edge in between if edge.importer != edge.imported}
    if strangers := {room for edge in between for room in edge} - set(order):
        raise WeaveError(f"The map of {package.name}/ lacks {min(strangers)}/")
    for importer, imported in sorted(between):
        if order.index(importer) < order.index(imported):
            raise WeaveError(f"{importer or 'the ground'} imports {imported}/ above it")
    return between


# What is drawn. All in pixels of a picture 720 wide.

WIDTH, TOP, GAP, PAD, LINE = 720, 52, 24, 13, 17
LEFT, RIGHT = 196, 614  # of a room
PILL, PILL_HEIGHT = (10, 150), 26  # of a folder on the way of a page
TRACK, LANE, ROUND, HEAD = 173, 20, 8, 9
NAME = 104  # kept for a room's name
LETTER = 6.4  # as wide as letters are taken to be, on the safe side

STYLE = """
  text { font: 12.5px system-ui, sans-serif; fill: #1f2933; }
  .name { font-size: 14.5px; font-weight: 650; }
  .says { fill-opacity: .75; }
  .head { font-weight: 600; }
  .paper { fill: #fff; }
  .room { fill: #0069a8; fill-opacity: .06; stroke: #d5dae0; }
  .ground { fill-opacity: .14; }
  .folder { fill: #fff; stroke: #bf4a00; }
  .line { fill: none; stroke-width: 1.75; }
  .import { stroke: #0069a8; }
  .page { stroke: #bf4a00; }
  .import-tip { fill: #0069a8; }
  .page-tip { fill: #bf4a00; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e4e8ec; }
    .paper, .folder { fill: #14191f; }
    .room { fill: #62b5eb; fill-opacity: .08; stroke: #36404b; }
    .ground { fill-opacity: .18; }
    .import { stroke: #62b5eb; }
    .page, .folder { stroke: #f59a5b; }
    .import-tip { fill: #62b5eb; }
    .page-tip { fill: #f59a5b; }
  }
"""


class Box(NamedTuple):
    """A room as it is drawn."""

    room: str
    says: list[str]
    names: list[str]
    top: int

    @property
    def height(self) -> int:
        return 2 * PAD + LINE * (len(self.says) + len(self.names)) + 4

    def at(self, part: float) -> int:
        return self.top + round(part * self.height)


def draw(package: Path = WEAVE) -> str:
    """Return the picture, as SVG."""
    boxes, edges = _boxes(package), room_imports(package)
    ground = boxes[GROUND]
    height = ground.at(1) + 12
    parts = [
        f'<rect class="paper" width="{WIDTH}" height="{height}" rx="8"/>',
        _text(PILL[0], 30, "The way of a page ↑", "head page-tip"),
        _text(LEFT, 30, f"The rooms of {package.name}/", "head"),
        '<g text-anchor="end">',
        _text(WIDTH - 10, 30, "imports ↓", "head import-tip"),
        "</g>",
        *_arrows(boxes, edges),
        *(_room(box) for box in boxes.values()),
        *_way(boxes),
    ]
    return "\n".join([*_opening(package, edges, height), *parts, "</svg>", ""])


def _opening(package: Path, edges: set[Edge], height: int) -> Iterator[str]:
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        'role="img" aria-labelledby="title desc">'
    )
    yield f'<title id="title">The rooms of {package.name}/, and a page\'s way</title>'
    yield f'<desc id="desc">{escape(_told(package, edges))}</desc>'
    yield f"<style>{STYLE}</style>"


def _told(package: Path, edges: set[Edge]) -> str:
    """Say the arrows, for those who do not see them."""
    sentences = []
    for room in reversed(room_map(package)):
        others = sorted(edge.imported for edge in edges if edge.importer == room)
        if others:
            names = ", ".join(other or "the ground" for other in others)
            sentences.append(f"{room} imports {names}.")
    way = "A page: snippets, run, .cache/artifacts; with docs, extensions, site."
    return " ".join([*sentences, way])


def _boxes(package: Path) -> dict[str, Box]:
    boxes: dict[str, Box] = {}
    top = TOP
    for room, says in reversed(room_map(package).items()):
        says = says if room else f"{package.name}/*.py, which every room may use"
        box = Box(room, _says(says), _names(package, room), top)
        boxes[room] = box
        top = box.at(1) + GAP
    return boxes


def _says(text: str) -> list[str]:
    return textwrap.wrap(text, int((RIGHT - LEFT - NAME - 2 * PAD) / LETTER))


def _names(package: Path, room: str) -> list[str]:
    own = [name for name in modules(package) if room_of(name, package) == room]
    leaves = [name.rpartition(".")[2] for name in own if name.count(".") > bool(room)]
    joined = " · ".join(leaves).replace(" ·", "\N{NO-BREAK SPACE}·")
    rows = textwrap.wrap(joined, int((RIGHT - LEFT - 2 * PAD) / LETTER))
    return [row.removesuffix("\N{NO-BREAK SPACE}·") for row in rows]


def _room(box: Box) -> str:
    right = RIGHT if box.room else WIDTH - 10
    kind = "room" if box.room else "room ground"
    x, y = LEFT + PAD, box.top + PAD + 12
    name = f"{box.room}/" if box.room else "the ground"
    below = y + LINE * len(box.says) + 4
    return "\n".join(
        [
            f'<rect class="{kind}" x="{LEFT}" y="{box.top}" width="{right - LEFT}" '
            f'height="{box.height}" rx="6"/>',
            _text(x, y, name, "name"),
            *(
                _text(x + NAME, y + LINE * i, row, "says")
                for i, row in enumerate(box.says)
            ),
            *(_text(x, below + LINE * i, row) for i, row in enumerate(box.names)),
        ]
    )


def _arrows(boxes: dict[str, Box], edges: set[Edge]) -> Iterator[str]:
    """Draw the imports at the right: those of one room run together in one lane."""
    lanes = _lanes(boxes, edges)
    for importer, imported in sorted(edges):
        start, end, x = boxes[importer].at(0.7), boxes[imported], lanes[imported]
        path = f"M{RIGHT} {start}H{x - ROUND}q{ROUND} 0 {ROUND} {ROUND}"
        told = f"{importer} imports {imported or 'the ground'}"
        if imported == GROUND:
            yield _line(f"{path}V{end.top - HEAD}", "import", told)
            yield _tip(x, end.top, "down", "import")
        else:
            y = end.at(0.3)
            turn = f"V{y - ROUND}q0 {ROUND} -{ROUND} {ROUND}H{RIGHT + HEAD}"
            yield _line(path + turn, "import", told)
            yield _tip(RIGHT, y, "left", "import")


def _lanes(boxes: dict[str, Box], edges: set[Edge]) -> dict[str, int]:
    """Return where each imported room's lane stands; lanes that never meet share."""
    free: list[int] = []  # by lane, from where on it is free
    lanes = {}
    for room, box in boxes.items():
        sources = [boxes[edge.importer].top for edge in edges if edge.imported == room]
        if not sources:
            continue
        fits = [i for i, y in enumerate(free) if y <= min(sources) and room != GROUND]
        lane = fits[0] if fits else len(free)
        free[lane : lane + 1] = [box.at(1)]
        lanes[room] = RIGHT + HEAD + 7 + LANE * lane
    return lanes


def _way(boxes: dict[str, Box]) -> Iterator[str]:
    """Draw what becomes a page at the left, from the bottom up."""
    run, extensions, site = (boxes[room] for room in ("run", "extensions", "site"))
    (left, right), half = PILL, PILL_HEIGHT // 2
    snippets, artifacts, docs = run.at(0.76), run.at(0.2), extensions.at(0.48)
    made, out = extensions.at(0.88), site.at(0.3)
    for y, name in (
        (snippets, "snippets/"),
        (artifacts, ".cache/artifacts/"),
        (docs, "docs/"),
    ):
        yield _folder(y - half, PILL_HEIGHT, [name])
    yield _folder(out - 22, 44, ["site/", "zh/ · en/ · both/"])
    for y in (snippets, docs):
        yield _line(f"M{right} {y}H{LEFT - HEAD}", "page")
        yield _tip(LEFT, y, "right", "page")
    for y in (artifacts, out):
        yield _line(f"M{LEFT} {y}H{right + HEAD}", "page")
        yield _tip(right, y, "left", "page")
    x = (left + right) // 2
    rise = f"M{x} {artifacts - half}V{made + ROUND}q0 -{ROUND} {ROUND} -{ROUND}"
    yield _line(f"{rise}H{LEFT - HEAD}", "page")
    yield _tip(LEFT, made, "right", "page")
    start, end = extensions.at(0.14), site.at(0.76)
    past = f"M{LEFT} {start}H{TRACK + ROUND}q-{ROUND} 0 -{ROUND} -{ROUND}"
    turn = f"V{end + ROUND}q0 -{ROUND} {ROUND} -{ROUND}H{LEFT - HEAD}"
    yield _line(past + turn, "page")
    yield _tip(LEFT, end, "right", "page")


def _folder(top: int, height: int, rows: list[str]) -> str:
    left, right = PILL
    first = top + height // 2 + 4 - LINE * (len(rows) - 1) // 2
    return "\n".join(
        [
            f'<rect class="folder" x="{left}" y="{top}" width="{right - left}" '
            f'height="{height}" rx="{PILL_HEIGHT // 2}"/>',
            '<g text-anchor="middle">',
            *(
                _text((left + right) // 2, first + LINE * i, row)
                for i, row in enumerate(rows)
            ),
            "</g>",
        ]
    )


def _text(x: int, y: int, text: str, kind: str = "") -> str:
    mark = f' class="{kind}"' if kind else ""
    return f'<text x="{x}" y="{y}"{mark}>{escape(text, quote=False)}</text>'


def _line(path: str, kind: str, told: str = "") -> str:
    title = f"<title>{escape(told)}</title>" if told else ""
    return f'<path class="line {kind}" d="{path}">{title}</path>'


def _tip(x: int, y: int, way: str, kind: str) -> str:
    """Draw an arrow's head whose point is at (x, y)."""
    back, side = HEAD + 1, 4.5
    path = {
        "left": f"m0 0l{back} -{side}v{2 * side}z",
        "right": f"m0 0l-{back} -{side}v{2 * side}z",
        "down": f"m0 0l-{side} -{back}h{2 * side}z",
    }[way]
    return f'<path class="{kind}-tip" d="M{x} {y}{path}"/>'


def main() -> None:
    """Write the picture."""
    PICTURE.write_text(draw(), encoding="utf-8")


if __name__ == "__main__":
    main()
