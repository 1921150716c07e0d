"""What the drawings share: an empty canvas, nodes, arrows, and labels on arrows."""

import math

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

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


def arrow(ax: Axes, start: Point, end: Point) -> None:
    """An arrow between two nodes, given their centres, from rim to rim."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    rim = 1.08 * RADIUS / math.hypot(dx, dy)
    tail = (start[0] + rim * dx, start[1] + rim * dy)
    head = (end[0] - rim * dx, end[1] - rim * dy)
    style = {"arrowstyle": "-|>", "color": "C5", "lw": 1.2, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", head, tail, arrowprops=style)


def label(ax: Axes, x: float, y: float, text: str) -> None:
    """Text on top of an arrow, with the page's colour behind it."""
    box = {"fc": plt.rcParams["axes.facecolor"], "ec": "none", "pad": 0.8}
    ax.text(x, y, text, ha="center", va="center", zorder=3, bbox=box)
