"""Tensors as cells: their shapes, memory, broadcasting, sums and gradients."""

from types import SimpleNamespace
from typing import Any

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle
from torch import Tensor

from assets.figures.drawing import Point, canvas, number, pointer

SIDE = 0.36  # of a cell
SMALL = 0.29  # of a cell of the picture of shapes
BACK = (0.16, 0.13)  # where the next matrix of a stack lies, right and up
CODE: dict[str, Any] = {"family": "DejaVu Sans Mono", "ha": "left", "va": "center"}


def shapes(run: SimpleNamespace) -> Figure:
    """One, two and three dimensions as cells, with an arrow along each dimension."""
    fig, ax = canvas(6, 3.8)
    names = {"vector": run.vector, "matrix": run.matrix, "stack of matrices": run.stack}
    for left, (name, values) in zip((0.1, 2.15, 4.2), names.items(), strict=True):
        depth, rows, columns = (1,) * (3 - values.dim()) + tuple(values.shape)
        _block(ax, left, 2.5, (depth, rows, columns))
        _dims(ax, left, 2.5, (depth, rows, columns), values.dim())
        middle = left + (columns * SMALL + (depth > 1) * depth * BACK[0]) / 2
        _shape(ax, middle, 3.6, values, plt.rcParams["text.color"])
        ax.text(middle, 0.25, name, color="C5", ha="center", va="center")
    return fig


def constructors(run: SimpleNamespace) -> Figure:
    """From a list; from an array that is then written to; from a shape."""
    fig, ax = canvas(6, 6.2)
    ax.text(0.2, 5.95, f"torch.tensor({run.listed.tolist()})", **CODE)
    _grid(ax, 0.2, 5.73, run.listed, "C2")
    ax.text(0.2, 4.5, f"after a[0] = {run.a[0]:g} is written:")
    ax.text(0.2, 4.05, "x = torch.from_numpy(a)", **CODE)
    ax.text(0.2, 3.45, "one block, two names", color="C5")
    _named(ax, 4.4, 3.8, run.shared, {"a": 3.8, "x": 3.4})
    ax.text(0.2, 2.6, "x = torch.tensor(a)", **CODE)
    ax.text(0.2, 2.1, "two blocks: a copy", color="C5")
    _named(ax, 4.4, 3.0, torch.from_numpy(run.a), {"a": 2.82})
    _named(ax, 4.4, 2.3, run.copied, {"x": 2.12})
    for x, name, values in (0.2, "zeros", run.zeros), (3.2, "ones", run.ones):
        ax.text(x, 1.3, f"torch.{name}(2, 3)", **CODE)
        _grid(ax, x, 1.05, values, "C2")
    return fig


def operations(run: SimpleNamespace) -> Figure:
    """unsqueeze, transpose and cat, before and after: where do the numbers go?"""
    fig, ax = canvas(6, 6.1)
    x, extra = torch.tensor([1, 2, 3]), torch.tensor([[7, 8, 9]])
    matrix = run.memory.view(2, 3)
    _shaped(ax, 0.3, 5.3, x)
    _shaped(ax, 3.9, 5.9, x.unsqueeze(0))
    _shaped(ax, 3.9, 5.05, x.unsqueeze(1))
    _step(ax, (1.5, 5.2), (3.8, 5.7), "unsqueeze(0)", above=0.5)
    _step(ax, (1.5, 5.05), (3.8, 4.5), "unsqueeze(1)", above=-0.5)
    _shaped(ax, 0.3, 3.2, matrix)
    _shaped(ax, 3.9, 3.4, matrix.T)
    _step(ax, (1.5, 2.84), (3.8, 2.84), "transpose(0, 1)")
    _grid(ax, 0.3, 1.7, matrix)
    _grid(ax, 0.3, 0.8, extra, "C1")
    _step(ax, (1.5, 1.0), (3.8, 1.0), "cat(…, dim=0)")
    _grid(ax, 3.9, 1.55, matrix)
    _grid(ax, 3.9, 1.55 - 2 * SIDE, extra, "C1")
    joined = torch.cat([matrix, extra], dim=0)
    _shape(ax, 3.9 + 1.5 * SIDE, 1.35 - 3 * SIDE, joined, "C5")
    return fig


def strides(run: SimpleNamespace) -> Figure:
    """One line of memory, two ways to read it, and the copy that reshape makes."""
    fig, ax = canvas(6, 4.8)
    x = run.memory.view(2, 3)
    _reading(ax, 0.75, 4.1, x, "x", "C0")
    _reading(ax, 4.0, 4.1, x.T, "x.T", "C2")
    pointer(ax, (1.29, 3.3), (2.3, 2.4), "C0")
    pointer(ax, (4.36, 2.95), (3.5, 2.4), "C2")
    ax.text(0.2, 2.16, "memory", color="C5", va="center")
    _grid(ax, 1.8, 2.34, run.memory, "C5")
    for i in range(len(run.memory)):
        ax.text(1.98 + SIDE * i, 1.8, str(i), color="C5", ha="center", va="center")
    ax.text(0.2, 1.05, "x.T.reshape(6): other memory, a copy", va="center")
    _grid(ax, 1.8, 0.75, x.T.reshape(6), "C1")
    return fig


def broadcasting(run: SimpleNamespace) -> Figure:
    """A column plus a row: each is repeated, in thought, to the shape of the sum."""
    fig, ax = canvas(6, 2.5)
    column, row = run.column, run.row
    wide, tall = torch.broadcast_tensors(column, row)
    _grid(ax, 0.2, 1.85, wide, "C0", real=(3, 1))
    _grid(ax, 2.2, 1.85, tall, "C1", real=(1, 4))
    _grid(ax, 4.2, 1.85, column + row, "C2")
    for left, values, color in (0.2, column, "C0"), (2.2, row, "C1"):
        _shape(ax, left + 2 * SIDE, 2.2, values, color)
    _shape(ax, 4.2 + 2 * SIDE, 2.2, column + row, "C2")
    for x, sign in (1.92, "+"), (3.92, "="):
        ax.text(x, 1.31, sign, ha="center", va="center", fontsize=15)
    ax.text(3, 0.3, "dotted cells are never stored", ha="center", color="C5")
    return fig


def reduction(run: SimpleNamespace) -> Figure:
    """A matrix, its sum over dim 0 (down) and its sum over dim 1 (across)."""
    fig, ax = canvas(6, 2.6)
    x = run.memory.view(2, 3)
    left, top = 0.3, 2.4
    right, low = left + 3 * SIDE, top - 2 * SIDE
    _grid(ax, left, top, x)
    for j in range(3):
        middle = left + (j + 0.5) * SIDE
        pointer(ax, (middle, low - 0.05), (middle, low - 0.5), "C1")
    for i in range(2):
        middle = top - (i + 0.5) * SIDE
        pointer(ax, (right + 0.05, middle), (right + 0.6, middle), "C2")
    _grid(ax, left, low - 0.55, x.sum(0), "C1")
    _grid(ax, right + 0.65, top, x.sum(1, keepdim=True), "C2")
    ax.text(left, low - 1.2, "x.sum(0)  (3,)", color="C1", **CODE)
    ax.text(right + 1.2, top - SIDE, "x.sum(1)  (2,)", color="C2", **CODE)
    return fig


def autograd(run: SimpleNamespace) -> Figure:
    """x, its squares s and their sum z to the right; the gradients back again."""
    fig, ax = canvas(6, 3.7)
    gradient = run.grad_once
    x = gradient / 2  # as it was before the step: ∂z/∂x = 2x
    one = torch.ones(1, 1)
    _row(ax, 3.5, [x, x**2, (x**2).sum().view(1, 1)], "C0")
    _row(ax, 1.6, [gradient, torch.ones(2, 2), one], "C1")
    steps = [(1.6, "square", r"$\times\,2x$"), (3.7, "sum", r"$\times\,1$")]
    for left, forward, back in steps:
        _step(ax, (left, 3.14), (left + 1, 3.14), forward, "C0")
        _step(ax, (left + 1, 1.24), (left, 1.24), back, "C1")
    for middle, name, of in (1.0, "x", "x"), (3.1, "u = x^2", "u"), (5.2, "z", "z"):
        ax.text(middle, 2.45, f"${name}$", color="C0", ha="center", va="center")
        below = rf"$\partial z\,/\,\partial {of}$"
        ax.text(middle, 0.5, below, color="C1", ha="center", va="center")
    return fig


def _block(ax: Axes, x: float, y: float, shape: tuple[int, int, int]) -> None:
    """Cells in depth, rows and columns; the front face has its top left at (x, y)."""
    depth, rows, columns = shape
    low, right = y - rows * SMALL, x + columns * SMALL
    for i in range(rows):
        for j in range(columns):
            corner = (x + j * SMALL, low + i * SMALL)
            _face(ax, corner, (SMALL, 0), (0, SMALL), 0.16)
    for k in range(depth if depth > 1 else 0):
        for j in range(columns):
            corner = (x + j * SMALL + k * BACK[0], y + k * BACK[1])
            _face(ax, corner, (SMALL, 0), BACK, 0.3)
        for i in range(rows):
            corner = (right + k * BACK[0], low + i * SMALL + k * BACK[1])
            _face(ax, corner, (0, SMALL), BACK, 0.45)


def _face(ax: Axes, corner: Point, u: Point, v: Point, alpha: float) -> None:
    """A parallelogram with sides u and v."""
    (x, y), (p, q), (r, s) = corner, u, v
    points = [(x, y), (x + p, y + q), (x + p + r, y + q + s), (x + r, y + s)]
    ax.add_patch(Polygon(points, fc="C0", alpha=alpha, lw=0))
    ax.add_patch(Polygon(points, fill=False, ec="C0", lw=1.1, joinstyle="round"))


def _dims(ax: Axes, x: float, y: float, shape: tuple[int, int, int], dims: int) -> None:
    """An arrow along each of the last `dims` dimensions of a block, with its number."""
    depth, rows, columns = shape
    right, low = x + columns * SMALL, y - rows * SMALL
    center: dict[str, Any] = {"ha": "center", "va": "center"}
    pointer(ax, (x, low - 0.1), (right, low - 0.1), "C1")
    ax.text((x + right) / 2, low - 0.32, f"dim {dims - 1}", color="C1", **center)
    if dims > 1:
        pointer(ax, (x - 0.1, y), (x - 0.1, low), "C2")
        text = f"dim {dims - 2}"
        ax.text(x - 0.3, (y + low) / 2, text, color="C2", rotation=90, **center)
    if dims > 2:
        start = (x - 0.08, y + 0.08)
        end = (start[0] + depth * BACK[0], start[1] + depth * BACK[1])
        pointer(ax, start, end, "C3")
        ax.text(x - 0.05, y + 0.6, "dim 0", color="C3", **center)


def _grid(
    ax: Axes,
    x: float,
    y: float,
    values: Tensor,
    color: str = "C0",
    real: tuple[int, int] | None = None,
) -> None:
    """A matrix (or a vector, as one row) of cells whose top left corner is (x, y).

    Cells outside the first real[0] rows and real[1] columns are dotted.
    """
    rows = values.view(-1, values.shape[-1]).tolist()
    height, width = real or (len(rows), len(rows[0]))
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            stored = i < height and j < width
            corner = (x + j * SIDE, y - (i + 1) * SIDE)
            _cell(ax, corner, number(value, "g"), color, stored)


def _cell(ax: Axes, corner: Point, text: str, color: str, stored: bool) -> None:
    """A square with a number in it; dotted if it is not stored."""
    if stored:
        ax.add_patch(Rectangle(corner, SIDE, SIDE, fc=color, alpha=0.16))
    edge = Rectangle(corner, SIDE, SIDE, fill=False, ec=color, lw=1.3)
    edge.set(linestyle="-" if stored else ":", zorder=3 if stored else 2)
    ax.add_patch(edge)
    ink = plt.rcParams["text.color"] if stored else color
    center = (corner[0] + SIDE / 2, corner[1] + SIDE / 2)
    ax.text(*center, text, color=ink, ha="center", va="center", fontsize=11)


def _shape(ax: Axes, x: float, y: float, values: Tensor, color: str) -> None:
    """The shape of a tensor, centred at (x, y)."""
    text = str(tuple(values.shape))
    ax.text(x, y, text, color=color, ha="center", va="center")


def _shaped(ax: Axes, x: float, y: float, values: Tensor) -> None:
    """A grid with its shape below it."""
    _grid(ax, x, y, values)
    rows = values.numel() // values.shape[-1]
    _shape(ax, x + SIDE * values.shape[-1] / 2, y - SIDE * rows - 0.2, values, "C5")


def _row(ax: Axes, y: float, tensors: list[Tensor], color: str) -> None:
    """Three tensors of the graph from left to right, their middles in line."""
    for middle, values in zip((1.0, 3.1, 5.2), tensors, strict=True):
        half = SIDE * len(values) / 2
        _grid(ax, middle - half, y - SIDE + half, values, color)


def _step(
    ax: Axes,
    start: Point,
    end: Point,
    name: str,
    color: str = "C5",
    above: float = 0.2,
) -> None:
    """An arrow with the name of the operation above its middle."""
    pointer(ax, start, end, color)
    x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2 + above
    family = "DejaVu Sans Mono" if "(" in name else None
    ax.text(x, y, name, family=family, ha="center", va="center")


def _named(
    ax: Axes, x: float, y: float, values: Tensor, names: dict[str, float]
) -> None:
    """A vector, and the names that point to it from the left, each at its height."""
    _grid(ax, x, y, values)
    for name, height in names.items():
        color = "C1" if name == "a" else "C0"
        ax.text(x - 0.85, height, name, color=color, **CODE)
        pointer(ax, (x - 0.6, height), (x - 0.05, y - SIDE / 2), color)


def _reading(
    ax: Axes, x: float, y: float, values: Tensor, name: str, color: str
) -> None:
    """A matrix with its strides on arrows across and down."""
    rows, columns = values.shape
    down, across = values.stride()
    right, low = x + SIDE * columns, y - SIDE * rows
    _grid(ax, x, y, values, color)
    ax.text((x + right) / 2 - 0.2, y + 0.5, name, color=color, **CODE)
    pointer(ax, (x, y + 0.1), (right, y + 0.1))
    ax.text(right + 0.25, y + 0.1, f"+{across}", ha="center", va="center")
    pointer(ax, (x - 0.1, y), (x - 0.1, low))
    ax.text(x - 0.4, (y + low) / 2, f"+{down}", ha="center", va="center")
