"""The lecture's network with its numbers, networks in general, and their matrices."""

from collections.abc import Sequence
from types import SimpleNamespace

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from assets.figures import drawing
from assets.figures.drawing import (
    arrow,
    biases,
    box,
    canvas,
    label,
    layers_at,
    node,
    number,
)

Matrix = Sequence[Sequence[str]]  # what is written, row by row


def neuron(run: SimpleNamespace) -> Figure:
    """The lecture's first neuron: multiply, add, squash."""
    fig, ax = canvas(9, 4.2)
    (W, b), total = run.LECTURE[0], (3.6, 2.7)
    for x_j, w_j, y in zip(run.from_one[0], W[0], (3.5, 1.9), strict=True):
        node(ax, 0.7, y, number(x_j), "C5")
        arrow(ax, (0.7, y), total)
        label(ax, 2, y + 0.45 * (total[1] - y), number(w_j), "C0")
    node(ax, *total, "+", "C0")
    biases(ax, [total], [number(b[0])])
    arrow(ax, total, (6.2, 2.7))
    label(ax, 4.85, 2.7, f"$z=${number(run.first_z)}", "C3")
    node(ax, 6.2, 2.7, r"$\sigma$", "C2")
    arrow(ax, (6.2, 2.7), (7.7, 2.7))
    ax.text(7.2, 2.7, f"$a=${number(run.first_a, '.2f')}", va="center")
    for x, text, color in (
        (0.7, "inputs", "C5"),
        (2.2, "weights", "C0"),
        (3.7, "bias", "C1"),
        (6.2, "activation\nfunction", "C2"),
    ):
        ax.text(x, 1.0, text, ha="center", va="top", color=color)
    return fig


def network(run: SimpleNamespace) -> Figure:
    """The lecture's network at work on (1, −1)."""
    return _numbers(run.LECTURE, run.from_one)


def network_zero(run: SimpleNamespace) -> Figure:
    """The same network, the same parameters, at work on (0, 0)."""
    return _numbers(run.LECTURE, run.from_zero)


def _numbers(layers: Sequence[tuple[Tensor, Tensor]], values: list[Tensor]) -> Figure:
    """A network with its weights, its biases and the values in its nodes."""
    fig, ax = canvas(9, 5.3)
    places = layers_at([len(a) for a in values], 0.7, 8.3, middle=2.8)
    inside = [_column(a, ".2f" if i else ".0f") for i, a in enumerate(values)]
    weights = [[_column(row) for row in W] for W, _ in layers]
    drawing.network(ax, places, inside, weights)
    for nodes, (_, b) in zip(places[1:], layers, strict=True):
        biases(ax, nodes, _column(b))
    for nodes, name in zip(places, ("x", "a^1", "a^2", "y"), strict=True):
        ax.text(nodes[0][0], 4.9, f"${name}$", ha="center", va="center")
    return fig


def _column(values: Tensor, form: str = ".0f") -> list[str]:
    return [number(value, form) for value in values.tolist()]


def general(run: SimpleNamespace) -> Figure:
    """Input layer, hidden layers 1, 2, …, D − 1, output layer; all connected."""
    fig, ax = canvas(10, 7)
    xs, ys = (0.9, 2.7, 4.5, 7.3, 9.1), (5.5, 4.2, 1.9)
    columns = [[(x, y) for y in ys] for x in xs]
    for left, right in ((0, 1), (1, 2), (3, 4)):
        drawing.connect(ax, columns[left], columns[right])
    for y in ys:
        ax.text(5.9, y, "…", ha="center", va="center", size=16)
    for i, (nodes, name) in enumerate(
        zip(columns, ("x", "", "", "", "y"), strict=True)
    ):
        color = "C5" if i == 0 else "C1" if i == 4 else "C0"
        for (x, y), index in zip(nodes, ("1", "2", "M" if i else "d"), strict=True):
            node(ax, x, y, f"${name}_{index}$" if name else "", color)
        ax.text(nodes[0][0], 3.08, "⋮", ha="center", va="center", size=16)
    for x, index in ((2.7, "1"), (4.5, "2"), (9.1, "D")):
        ax.text(x, 6.5, f"$W^{index}, b^{index}$", ha="center", va="center")
    _bracket(ax, 0.4, 1.4, "input\nlayer", "C5")
    _bracket(ax, 2.2, 7.8, "hidden layers", "C0")
    _bracket(ax, 8.6, 9.6, "output\nlayer", "C1")
    return fig


def _bracket(ax: Axes, left: float, right: float, text: str, color: str) -> None:
    """A bracket below some layers, and what they are called."""
    ax.plot([left, left, right, right], [1.15, 1.05, 1.05, 1.15], color=color, lw=1.5)
    ax.text((left + right) / 2, 0.9, text, ha="center", va="top", color=color)


def layer(run: SimpleNamespace) -> Figure:
    """σ(W x + b) = σ(z) = a for the first layer, every number written out."""
    fig, ax = canvas(9, 2.5)
    (W, b), (x, a, *_) = run.LECTURE[0], run.from_one
    rows = [_column(row) for row in W]
    columns = [[[text] for text in _column(v)] for v in (x, b)]
    z = [[text] for text in _column(run.z1)]
    out = [[text] for text in _column(a, ".2f")]
    end = 0.1
    for sign, room, entries, width, name, color in (
        (r"$\sigma($", 0.6, rows, 0.62, "$W^1$", "C0"),
        ("", 0.2, columns[0], 0.62, "$x$", "C5"),
        ("+", 0.5, columns[1], 0.55, "$b^1$", "C1"),
        (r"$) = \sigma($", 1.35, z, 0.62, "$z^1$", "C3"),
        ("$) =$", 0.8, out, 0.9, "$a^1$", "C2"),
    ):
        ax.text(end + room / 2, 1.5, sign, ha="center", va="center", size=14)
        start = end + room
        end = _matrix(ax, start, 1.5, entries, width)
        ax.text((start + end) / 2, 0.35, name, ha="center", color=color, size=13)
    return fig


def _matrix(ax: Axes, x: float, y: float, rows: Matrix, width: float) -> float:
    """Write a matrix with square brackets from x on; return where it ends."""
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            at = x + 0.1 + width * (j + 0.5), y + 0.56 * ((len(rows) - 1) / 2 - i)
            ax.text(*at, text, ha="center", va="center")
    end, half = x + 0.2 + width * len(rows[0]), 0.29 * len(rows)
    for edge, inner in ((x, x + 0.1), (end, end - 0.1)):
        ys = [y + half, y + half, y - half, y - half]
        ax.plot([inner, edge, edge, inner], ys, color="C5", lw=1.4)
    return end


def chain(run: SimpleNamespace) -> Figure:
    """The layers in a row, and the same thing as one formula, a box in a box."""
    fig, ax = canvas(9, 5.4)
    xs, names = (0.6, 3, 5.4, 8.4), ("$x$", "$a^1$", "$a^2$", "$y$")
    for i, (x, name) in enumerate(zip(xs, names, strict=True)):
        box(ax, (x - 0.3, 3.5), 0.6, 1.4, "C2" if i else "C5")
        ax.text(x, 4.2, name, ha="center", va="center")
    for i, (index, middle) in enumerate((("1", 1.8), ("2", 4.2), ("D", 7.3))):
        arrow(ax, (xs[i] - 0.15, 4.2), (xs[i + 1] + 0.15, 4.2))
        ax.text(middle, 4.5, f"$W^{index}, b^{index}$", ha="center", color="C0")
        ax.text(middle, 3.8, r"$\sigma$", ha="center", va="center", color="C0")
    label(ax, 6.25, 4.2, "…", "C5")
    _nested(ax)
    return fig


def _nested(ax: Axes) -> None:
    """y = σ(Wᴰ … σ(W² σ(W¹ x + b¹) + b²) … + bᴰ), every layer boxed in the next."""
    for left, right, half, name in (
        (3.25, 5.5, 0.5, "$a^1$"),
        (2.0, 6.65, 0.85, "$a^2$"),
        (0.4, 8.6, 1.2, "$y$"),
    ):
        box(ax, (left, 1.5 - half), right - left, 2 * half, "C2")
        label(ax, left + 0.35, 1.5 - half, name, "C2")
    for x, text in (
        (1.05, r"$\sigma(W^D$"),
        (1.75, "…"),
        (2.6, r"$\sigma(W^2$"),
        (4.37, r"$\sigma(W^1 x + b^1)$"),
        (6.07, r"$+\, b^2)$"),
        (6.95, "…"),
        (7.8, r"$+\, b^D)$"),
    ):
        ax.text(x, 1.5, text, ha="center", va="center")


def batch(run: SimpleNamespace) -> Figure:
    """Shapes: X (B, d) times Wᵀ (d, k), plus b in every row, gives A (B, k)."""
    fig, ax = canvas(9, 3.7)
    for left, rows, columns, name, shape, color in (
        (1.2, 5, 2, "$X$", r"$B \times d$", "C5"),
        (2.5, 2, 3, "$W^T$", r"$d \times k$", "C0"),
        (4.6, 1, 3, "$b$", "$k$", "C1"),
        (7.0, 5, 3, "$A$", r"$B \times k$", "C2"),
    ):
        _cells(ax, left, (rows, columns), color)
        middle, below = left + 0.2 * columns, 2.85 - 0.4 * rows
        ax.text(middle, 3.1, name, ha="center", color=color, size=13)
        ax.text(middle, below, shape, ha="center", va="top")
    ax.text(5.2, 1.9, "in every row", ha="center", va="top")
    for x, sign in ((0.8, r"$\sigma($"), (4.15, "+"), (6.4, "$) =$")):
        ax.text(x, 2.8, sign, ha="center", va="center", size=14)
    return fig


def _cells(ax: Axes, left: float, shape: tuple[int, int], color: str) -> None:
    """A matrix as empty cells; the first example's row is filled, in X and in A."""
    rows, columns = shape
    for i in range(rows):
        for j in range(columns):
            corner = left + 0.4 * j, 3.0 - 0.4 * (i + 1)
            fill = color if i == 0 and rows == 5 else "none"
            cell = plt.Rectangle(corner, 0.4, 0.4, fc=fill, ec=color, lw=1.2)
            ax.add_patch(cell)


def structures(run: SimpleNamespace) -> Figure:
    """Fully connected above, convolution below: the same neurons, wired differently."""
    fig, ax = canvas(9, 7.4)
    dense = torch.ones_like(run.W_shared)
    for bottom, W, count, name in (
        (4.2, dense, run.dense_weights, "fully connected"),
        (0.6, run.W_shared, run.shared_weights, "convolution"),
    ):
        _wires(ax, W, bottom, shared=W is not dense)
        ax.text(7.4, bottom + 1.5, name, ha="center", va="center")
        ax.text(7.4, bottom + 0.8, f"{count} weights", ha="center", va="center")
    return fig


def _wires(ax: Axes, W: Tensor, bottom: float, shared: bool) -> None:
    """Neurons above their inputs, and a line for every weight that is not 0."""
    k, d = W.shape
    inputs = [(0.6 + 1.3 * j, bottom) for j in range(d)]
    neurons = [(0.6 + 1.3 * (i + (d - k) / 2), bottom + 2.3) for i in range(k)]
    looks = (("C0", "-"), ("C1", "--"), ("C3", ":"))  # one for each shared weight
    for i, j in W.nonzero().tolist():
        color, style = looks[j - i] if shared else ("C5", "-")
        ends = zip(inputs[j], neurons[i], strict=True)
        ax.plot(*ends, color=color, ls=style, lw=2.2 if shared else 1.2)
    for places, color in ((inputs, "C5"), (neurons, "C2")):
        for x, y in places:
            node(ax, x, y, "", color)
