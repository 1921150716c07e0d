"""What the drawings share: a canvas, nodes, boxes, arrows, labels, whole networks."""

import math
from collections.abc import Sequence
from itertools import pairwise

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

WIDTH = 4.5  # inches: as wide as a phone shows a figure without shrinking its text much
RADIUS = 0.5  # of a node, in the units of the canvas
Point = tuple[float, float]


def canvas(width: float, height: float) -> tuple[Figure, Axes]:
    """An empty drawing of width × height units, 4.5 inches wide."""
    fig, ax = plt.subplots(figsize=(WIDTH, WIDTH * height / width))
    ax.set(xlim=(0, width), ylim=(0, height), aspect="equal")
    ax.axis("off")
    return fig, ax


def node(ax: Axes, x: float, y: float, label: str, color: str) -> None:
    """A circle with a label in it: an input, a sum, an activation."""
    face = plt.rcParams["axes.facecolor"]
    ax.add_patch(plt.Circle((x, y), RADIUS, fc=face, ec=color, lw=1.8, zorder=3))
    ax.text(x, y, label, ha="center", va="center_baseline", zorder=4)


def arrow(ax: Axes, start: Point, end: Point, color: str = "C5") -> None:
    """An arrow between two nodes, given their centres, from rim to rim."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    rim = 1.08 * RADIUS / math.hypot(dx, dy)
    tail = (start[0] + rim * dx, start[1] + rim * dy)
    head = (end[0] - rim * dx, end[1] - rim * dy)
    pointer(ax, tail, head, color)


def pointer(ax: Axes, tail: Point, head: Point, color: str = "C5") -> None:
    """An arrow from one point to another."""
    style = {"arrowstyle": "-|>", "color": color, "lw": 1.3, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", head, tail, arrowprops=style)


def box(ax: Axes, corner: Point, width: float, height: float, color: str) -> None:
    """An empty box with round corners, given its lower left one."""
    style = "round,pad=0,rounding_size=0.1"
    edge = FancyBboxPatch(corner, width, height, style, fc="none", ec=color, lw=1.7)
    ax.add_patch(edge)


def block(
    ax: Axes, centre: Point, width: float, height: float, text: str, color: str
) -> None:
    """A box with round corners about a centre, and text in it."""
    x, y = centre
    box(ax, (x - width / 2, y - height / 2), width, height, color)
    ax.text(x, y, text, ha="center", va="center", linespacing=1.4)


def label(ax: Axes, x: float, y: float, text: str, color: str | None = None) -> None:
    """Text on top of an arrow, with the page's colour behind it."""
    box = {"fc": plt.rcParams["axes.facecolor"], "ec": "none", "pad": 0.8}
    ax.text(x, y, text, ha="center", va="center", color=color, zorder=3, bbox=box)


def number(value: float, form: str = ".0f") -> str:
    """A number in one of Python's formats, with a true minus sign."""
    return f"{value:{form}}".replace("-", "−")


# A network, layer by layer. On a canvas 9 units wide there is room for four layers, for
# 0.98 in a node and for a number on each arrow.


def layers_at(
    sizes: Sequence[int], left: float, right: float, middle: float, gap: float = 2.3
) -> list[list[Point]]:
    """The centres of each layer's nodes, from the top down, `gap` apart.

    The layers' columns are spread from x = left to x = right, about y = middle.
    """
    step = (right - left) / (len(sizes) - 1)
    return [
        [(left + step * i, middle + gap * ((k - 1) / 2 - j)) for j in range(k)]
        for i, k in enumerate(sizes)
    ]


def connect(
    ax: Axes,
    layer: Sequence[Point],
    after: Sequence[Point],
    texts: Sequence[Sequence[str]] = (),
    color: str = "C0",
) -> None:
    """An arrow from every node of a layer to every node of the one after it.

    texts[i][j], if given, stands on the arrow from node j to node i: a row of W is what
    goes into one neuron. Labels keep clear of the middle, where arrows cross.
    """
    for start in layer:
        for end in after:
            arrow(ax, start, end)
    for (x_end, y_end), row in zip(after, texts, strict=bool(texts)):
        for (x, y), text in zip(layer, row, strict=True):
            share = 0.5 if y == y_end else 0.35
            at = x + share * (x_end - x), y + share * (y_end - y)
            label(ax, *at, text, color)


def network(
    ax: Axes,
    layers: Sequence[Sequence[Point]],
    values: Sequence[Sequence[str]],
    weights: Sequence[Sequence[Sequence[str]]] = (),
) -> None:
    """A fully connected network: values[l][j] in node j of layer l, 0 is the input.

    weights[l][i][j] stands on the arrow to node i from node j of the layer before.
    """
    for i, (layer, after) in enumerate(pairwise(layers)):
        connect(ax, layer, after, weights[i] if weights else ())
    for i, (layer, texts) in enumerate(zip(layers, values, strict=True)):
        for (x, y), text in zip(layer, texts, strict=True):
            node(ax, x, y, text, "C2" if i else "C5")


def biases(ax: Axes, layer: Sequence[Point], texts: Sequence[str]) -> None:
    """Each neuron's bias, on an arrow that comes from below."""
    for (x, y), text in zip(layer, texts, strict=True):
        arrow(ax, (x, y - 1.6), (x, y), "C1")
        label(ax, x, y - 1.15, text, "C1")
