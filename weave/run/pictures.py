"""The pictures of one drawing: in each language, in both colour schemes.

A figure is drawn in the light palette. The dark picture is the same SVG, each colour
of the palette exchanged for its dark twin.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from weave.languages import LANGUAGES

SCHEMES = ("light", "dark")
COLOR = re.compile(r"#[0-9a-f]{6}\b")
# Without the version in it, the file repeats byte for byte on the next release.
PNG: dict[str, Any] = {
    "dpi": 110,
    "facecolor": "white",
    "transparent": False,
    "metadata": {"Software": ""},
}


def save(figure: Figure, name: str, folder: Path, styles: Path) -> None:
    """Write ``<name>.<language>.{light,dark}.svg`` and ``<name>.<language>.png``.

    Raises ValueError, with the figure's name, at a warning, as of a missing glyph.
    """
    for language in LANGUAGES:
        picture = folder / f"{name}.{language}.light.svg"
        _save(figure, picture, metadata={"Date": None})
        dark = _darkened(picture.read_text(encoding="utf-8"), styles)
        (folder / f"{name}.{language}.dark.svg").write_text(dark, encoding="utf-8")
        _save(figure, folder / f"{name}.{language}.png", **PNG)


def _save(figure: Figure, picture: Path, **options: Any) -> None:
    try:
        figure.savefig(picture, **options)
    except UserWarning as warning:
        name = picture.name.partition(".")[0]
        raise ValueError(f"figure {name}: {warning}") from None


def _darkened(svg: str, styles: Path) -> str:
    twins = dark_twins(styles)
    return COLOR.sub(lambda color: twins.get(color[0], color[0]), svg)


@cache
def dark_twins(styles: Path) -> dict[str, str]:
    """Return the dark colour for each colour of the light palette."""
    light, dark = (_palette(styles / f"{scheme}.mplstyle") for scheme in SCHEMES)
    return dict(zip(light, dark, strict=True))


def _palette(sheet: Path) -> list[str]:
    read = matplotlib.rc_params_from_file(sheet, use_default_template=False)
    parameters = dict(read)
    cycle = parameters.pop("axes.prop_cycle").by_key()["color"]
    return [to_hex(color) for color in [*parameters.values(), *cycle]]
