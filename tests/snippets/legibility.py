"""What every figure owes its reader: labels, room, contrast, size; and its lack.

Each is looked at in both languages. It is drawn in light colours; what the dark ones
are is known from them.
"""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any, NamedTuple

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.cbook import is_math_text
from matplotlib.colors import to_rgb, to_rgba
from matplotlib.figure import Figure
from matplotlib.mathtext import MathTextParser
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from weave.paths import STYLES
from weave.run.chinese import in_chinese
from weave.run.figure_text import FigureText
from weave.run.pictures import dark_twins

WIDTH = 4.5  # inches
PHONE = 358  # CSS pixels that a figure has on a phone of 390
SMALLEST = 9  # CSS pixels there, of any letter
CONTRAST = 4.5  # WCAG 2.2 level AA
TINT = 0.012  # that a mixture may be off, of 1: pixels are whole numbers
FORMULAS = MathTextParser("path")
TOUCH = 1.5  # points that the boxes of two texts may share: they are wider than the ink


def style() -> AbstractContextManager[None]:
    """Draw as the build does."""
    return plt.style.context([STYLES / "base.mplstyle", STYLES / "light.mplstyle"])


# What is drawn


class Drawn(NamedTuple):
    """A text on the canvas, and its box in pixels."""

    text: Text
    box: Bbox

    def __str__(self) -> str:
        return repr(self.text.get_text())


def box(text: Text) -> Bbox:
    """Where it is at this moment, without the arrow of an annotation."""
    full = Text.get_window_extent(text)
    # the upright box around a slanted text is mostly empty
    return full if text.get_rotation() % 90 == 0 else full.expanded(0.5, 0.5)


def drawn_texts(figure: Figure) -> list[Drawn]:
    """Every text that reaches the canvas; ticks out of view, say, do not."""
    texts: dict[int, Drawn] = {}
    draw = Text.draw

    def record(text: Text, *args: Any, **kwargs: Any) -> None:
        if text.get_visible() and text.get_text().strip():
            # a text of a 3-D plot is in its place only while it is drawn
            texts[id(text)] = Drawn(text, box(text))
        draw(text, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Text, "draw", record)
        figure.canvas.draw()
    return list(texts.values())


# Colours


def luminance(rgb: np.ndarray) -> float:
    """Relative luminance, WCAG 2.2; rgb from 0 to 1."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one: np.ndarray, other: np.ndarray) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def background(pixels: np.ndarray, where: Bbox) -> np.ndarray:
    """The most frequent colour in the box: ink covers less than half of it."""
    height, width = pixels.shape[:2]
    x0, x1 = np.clip([int(where.x0), int(where.x1) + 1], 0, width)
    y0, y1 = np.clip([int(where.y0), int(where.y1) + 1], 0, height)
    part = pixels[height - y1 : height - y0, x0:x1, :3].reshape(-1, 3)
    colors, counts = np.unique(part, axis=0, return_counts=True)
    return colors[counts.argmax()] / 255


def in_dark(color: np.ndarray) -> np.ndarray:
    """What a colour, or a tint of one on paper, is in the dark picture.

    Any other, as of an image, stays the same there.
    """
    twins = dark_twins(STYLES)
    light, dark = (
        np.array([*map(to_rgb, colors)]) for colors in (twins, twins.values())
    )
    paper, night = np.ones(3), np.array(to_rgb(twins["#ffffff"]))
    inks = light - paper  # (n, 3)
    shares = inks @ (color - paper) / np.maximum((inks**2).sum(axis=1), 1e-9)
    errors = np.abs(paper + shares[:, None] * inks - color).max(axis=1)
    best = errors.argmin()
    if errors[best] > TINT or shares[best] > 1 + TINT:
        return color
    return night + shares[best] * (dark[best] - night)


# The rules: each yields what breaks it


def cut_off(figure: Figure, texts: list[Drawn]) -> Iterator[str]:
    slack = figure.dpi / 72
    for text in texts:
        b, canvas = text.box, figure.bbox
        out = max(
            canvas.x0 - b.x0, canvas.y0 - b.y0, b.x1 - canvas.x1, b.y1 - canvas.y1
        )
        if out > slack:
            yield f"{text} is cut off by {out * 72 / figure.dpi:.1f} pt"


def overlapping(figure: Figure, texts: list[Drawn]) -> Iterator[str]:
    touch = TOUCH * figure.dpi / 72
    boxes = np.array([text.box.extents for text in texts]).reshape(-1, 4)
    low = np.maximum(boxes[:, None, :2], boxes[:, :2])  # (n, n, 2)
    high = np.minimum(boxes[:, None, 2:], boxes[:, 2:])
    shared = (high - low).min(axis=2)
    for one, other in np.argwhere(np.triu(shared > touch, k=1)):
        yield f"{texts[one]} and {texts[other]} overlap"


def smallest_letter(text: Text) -> float:
    """Points of the smallest letter, exponents and indices included."""
    sizes = [float(text.get_fontsize())]
    for line in filter(is_math_text, text.get_text().split("\n")):
        glyphs = FORMULAS.parse(line, 72, text.get_fontproperties()).glyphs
        sizes += [size for _, size, *_ in glyphs]
    return min(sizes)


def too_small(figure: Figure, texts: list[Drawn]) -> Iterator[str]:
    if (width := figure.get_figwidth()) > WIDTH:
        yield f"{width:g} inches wide, more than {WIDTH}"
    pixels = min(96, PHONE / width) / 72  # a point, on a phone
    for text in texts:
        if (size := smallest_letter(text.text) * pixels) < SMALLEST:
            yield f"{text} has letters of {size:.1f} px on a phone"


def too_faint(figure: Figure, texts: list[Drawn]) -> Iterator[str]:
    assert isinstance(figure.canvas, FigureCanvasAgg)
    pixels = np.asarray(figure.canvas.buffer_rgba())  # type: ignore[no-untyped-call]
    for text in texts:
        if not text.box.overlaps(figure.bbox):
            continue  # nothing to see: cut_off says so
        behind = background(pixels, text.box)
        *rgb, alpha = to_rgba(text.text.get_color(), text.text.get_alpha())
        for scheme, twin in (("light", np.array), ("dark", in_dark)):
            ground = twin(behind)
            ink = alpha * twin(np.array(rgb)) + (1 - alpha) * ground
            if (found := contrast(ink, ground)) < CONTRAST:
                yield f"{text} has a contrast of {found:.1f} : 1 ({scheme})"


def unlabelled(figure: Figure, texts: list[Drawn]) -> Iterator[str]:
    drawn = {id(text.text) for text in texts}
    for ax in figure.axes:
        for axis in (ax.xaxis, ax.yaxis):
            ticks = [t for t in axis.get_ticklabels(which="both") if id(t) in drawn]
            numbers = [n for t in ticks if re.search(r"\d", n := t.get_text())]
            if numbers and id(axis.label) not in drawn:
                yield f"{axis.axis_name} axis with ticks at {numbers[0]!r}: no label"


def legend_on_data(figure: Figure, texts: list[Drawn]) -> Iterator[str]:
    for ax in figure.axes:
        if (legend := ax.get_legend()) is None:
            continue
        for line in ax.lines:
            path = line.get_path().transformed(line.get_transform())
            if path.intersects_bbox(legend.get_window_extent(), filled=False):
                yield f"the legend lies on the line {line.get_label()!r}"


RULES = (cut_off, overlapping, too_small, too_faint, unlabelled, legend_on_data)


def defects(figure: Figure) -> list[str]:
    texts = drawn_texts(figure)
    return [defect for rule in RULES for defect in rule(figure, texts)]


def defects_in_both(figure: Figure, texts: FigureText) -> list[str]:
    """What breaks a rule in English, and then, with the list's texts, in Chinese."""
    english = defects(figure)
    try:
        with in_chinese(figure, texts):
            return english + defects(figure)
    except ValueError as error:
        return [*english, str(error)]
