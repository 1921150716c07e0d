"""The new model as a network: its weighted sums, the whole function, and θ."""

from types import SimpleNamespace

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from assets.figures.drawing import arrow, canvas, label, node

CELL = 0.96  # width and height of a number of θ


def network(run: SimpleNamespace) -> Figure:
    """Three features, three sums: every w_ij and b_i of r = b + W x on its arrow."""
    fig, ax = canvas(10, 9.2)
    rows = (8.5, 5.9, 3.3)
    for i, y in enumerate(rows, start=1):
        for j, feature in enumerate(rows, start=1):
            arrow(ax, (1, feature), (6, y))
            label(ax, 2.3, feature + 0.26 * (y - feature), f"$w_{{{i}{j}}}$")
        arrow(ax, (6, y - 1.7), (6, y))
        ax.text(6.25, y - 1.05, f"$b_{i}$", va="center")
        arrow(ax, (6, y), (8.8, y))
        ax.text(8.5, y, f"$r_{i}$", va="center")
        node(ax, 1, y, f"$x_{i}$", "C5")
        node(ax, 6, y, "+", "C2")
    ax.text(5, 1.2, r"$r_i = b_i + \sum_j w_{ij}\,x_j$", ha="center", va="center")
    ax.text(5, 0.3, r"$\mathbf{r} = \mathbf{b} + W\mathbf{x}$", ha="center")
    return fig


def function(run: SimpleNamespace) -> Figure:
    """The whole y = b + cᵀσ(b + W x) as a network, and its unknowns as one vector θ."""
    fig, ax = canvas(12, 11.2)
    rows, middle = (10.6, 8.6, 6.6), 8.6
    for i, y in enumerate(rows, start=1):
        for feature in rows:
            arrow(ax, (0.7, feature), (3.6, y))
        arrow(ax, (3.6, y), (6.4, y))
        arrow(ax, (6.4, y), (9.6, middle))
        label(ax, 5, y, f"$r_{i}$")
        label(ax, 7.5, y + 0.34 * (middle - y), f"$a_{i}$")
        label(ax, 8.5, y + 0.66 * (middle - y), f"$c_{i}$")
        node(ax, 0.7, y, f"$x_{i}$", "C5")
        node(ax, 3.6, y, "+", "C2")
        node(ax, 6.4, y, r"$\sigma$", "C0")
    arrow(ax, (9.6, middle - 1.8), (9.6, middle))
    ax.text(9.85, middle - 1.1, "$b$", va="center")
    arrow(ax, (9.6, middle), (11.7, middle))
    ax.text(11.35, middle, "$y$", va="center")
    node(ax, 9.6, middle, "+", "C2")
    ax.text(3.4, 5.2, r"$\mathbf{r} = \mathbf{b} + W\mathbf{x}$", ha="center")
    ax.text(6.7, 5.2, r"$\mathbf{a} = \sigma(\mathbf{r})$", ha="center")
    ax.text(10.1, 5.2, r"$y = b + \mathbf{c}^T\mathbf{a}$", ha="center")
    _theta(ax)
    return fig


def _theta(ax: Axes) -> None:
    """Draw θ in two rows of cells: first the rows of W; then b, c and the scalar b."""
    weights = [[f"$w_{{{i}{j}}}$" for j in (1, 2, 3)] for i in (1, 2, 3)]
    vectors = [[f"${name}_{i}$" for i in (1, 2, 3)] for name in "bc"]
    ax.text(0.1, 3.8, r"$\theta^T =$", va="center")
    for i, row in enumerate(weights):
        _cells(ax, 1.9 + 3.4 * i, 3.8, row, f"row {i + 1} of $W$", "C2")
    _cells(ax, 1.9, 1.5, vectors[0], r"$\mathbf{b}$", "C4")
    _cells(ax, 5.3, 1.5, vectors[1], r"$\mathbf{c}^T$", "C0")
    _cells(ax, 8.7, 1.5, ["$b$"], "$b$", "C3")


def _cells(
    ax: Axes, x: float, y: float, numbers: list[str], name: str, color: str
) -> None:
    """Numbers in a row of boxes that begins at x, with their common name below."""
    face = plt.rcParams["axes.facecolor"]
    for i, number in enumerate(numbers):
        corner = (x + CELL * i, y - CELL / 2)
        ax.add_patch(plt.Rectangle(corner, CELL, CELL, fc=face, ec=color, lw=1.6))
        ax.text(corner[0] + CELL / 2, y, number, ha="center", va="center")
    center = x + CELL * len(numbers) / 2
    ax.text(center, y - 0.65, name, ha="center", va="top", color=color)
