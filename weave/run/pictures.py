"""The pictures of one drawing: in each language, in both colour schemes.

A figure is drawn in the light palette, in English. The Chinese picture is the same
drawing with its texts exchanged; the dark one is the same SVG, each colour of the
palette exchanged for its dark twin.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from matplotlib import rc_params_from_file
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from weave.run import figure_text
from weave.run.chinese import in_chinese

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

    ``folder`` has the module's name. Raises ValueError, with the figure's name, at a
    warning, as of a missing glyph, and at words without Chinese.
    """
    try:
        with _raising("matplotlib.mathtext"):
            _write(figure, folder / f"{name}.en", styles)
            with in_chinese(figure, figure_text.load(folder.name)):
                _write(figure, folder / f"{name}.zh", styles)
    except (UserWarning, ValueError) as error:
        raise ValueError(f"figure {name}: {error}") from None


def _write(figure: Figure, picture: Path, styles: Path) -> None:
    light, dark = (Path(f"{picture}.{scheme}.svg") for scheme in SCHEMES)
    figure.savefig(light, metadata={"Date": None})
    svg = light.read_text(encoding="utf-8")
    dark.write_text(darkened(svg, styles), encoding="utf-8")
    figure.savefig(f"{picture}.png", **PNG)


class _Refusal(logging.Handler):
    """Makes an error of what is logged."""

    def emit(self, record: logging.LogRecord) -> None:
        raise ValueError(record.getMessage())


@contextmanager
def _raising(name: str) -> Iterator[None]:
    """Raise what this logger says: so formulas tell of a glyph that is missing."""
    logger, refusal = logging.getLogger(name), _Refusal(logging.WARNING)
    logger.addHandler(refusal)
    try:
        yield
    finally:
        logger.removeHandler(refusal)


def darkened(svg: str, styles: Path) -> str:
    """Return the picture with each colour of the light palette made dark."""
    twins = dark_twins(styles)
    return COLOR.sub(lambda color: twins.get(color[0], color[0]), svg)


@cache
def dark_twins(styles: Path) -> dict[str, str]:
    """Return the dark colour for each colour of the light palette."""
    light, dark = (_palette(styles / f"{scheme}.mplstyle") for scheme in SCHEMES)
    return dict(zip(light, dark, strict=True))


def _palette(sheet: Path) -> list[str]:
    parameters = dict(rc_params_from_file(sheet, use_default_template=False))
    cycle = parameters.pop("axes.prop_cycle").by_key()["color"]
    return [to_hex(color) for color in [*parameters.values(), *cycle]]
