"""The drawings of autograd_engine: graphs with values, gradients, local derivatives."""

from types import SimpleNamespace
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from assets.figures.drawing import Point, arrow, canvas, label, node, number

COLORS = {"value": "C0", "grad": "C1"}
# The neuron from top to bottom: what is computed on the right, what enters on the left.
PLACES = {
    "w": (6.0, 11.0),
    "x": (3.2, 11.0),
    "wx": (6.0, 8.9),
    "b": (3.2, 8.9),
    "z": (6.0, 6.8),
    "a": (6.0, 4.7),
    "ŷ": (3.2, 4.7),
    "e": (6.0, 2.6),
    "C": (6.0, 0.6),
}
SYMBOLS = {"ŷ": r"$\hat{y}$"}


def graph(run: SimpleNamespace) -> Figure:
    """Draw the graph of one neuron and its loss, after the walk backwards."""
    fig, ax = canvas(9.2, 11.8)
    for name, at in PLACES.items():
        left = at[0] < 5
        place = (at[0] - 0.7, at[1]) if left else (at[0] + 0.7, at[1])
        _value(ax, at, SYMBOLS.get(name, f"${name}$"), run.neuron[name], place)
    names = {id(value): name for name, value in run.neuron.items()}
    for name, value in run.neuron.items():
        for parent, local in value.edges:
            _edge(ax, PLACES[names[id(parent)]], PLACES[name], local)
    return fig


def twice(run: SimpleNamespace) -> Figure:
    """Draw the graph of f = (x + 1) x: two paths lead from x to f."""
    fig, ax = canvas(9.2, 4.9)
    (s, to_s), (x, to_x) = run.f.edges
    at_x, at_s, at_f = (1.3, 1.9), (4.4, 4.1), (7.5, 1.9)
    _edge(ax, at_x, at_s, s.edges[0][1])
    _edge(ax, at_s, at_f, to_s)
    _edge(ax, at_x, at_f, to_x)
    _value(ax, at_x, "$x$", x, (1.3, 0.75), ha="center")
    _value(ax, at_s, "$x+1$", s, (5.1, 4.4))
    _value(ax, at_f, "$f$", run.f, (7.5, 0.75), ha="center")
    share = s.edges[0][1] * to_s
    sums = rf"$\partial f/\partial x = {s.edges[0][1]:g} \cdot {to_s:g} + {to_x:g}"
    ax.text(4.4, 0.45, f"{sums} = {share + to_x:g}$", ha="center", va="center")
    return fig


def _value(
    ax: Axes, at: Point, symbol: str, value: Any, place: Point, ha: str = ""
) -> None:
    """A node, and beside it its value and its gradient."""
    node(ax, *at, symbol, "C0" if value.edges else "C5")
    ha = ha or ("left" if place[0] > at[0] else "right")
    for name, amount, up in ("value", value.data, 0.3), ("grad", value.grad, -0.3):
        words = f"{name} {number(amount, '.3g')}"
        ax.text(place[0], place[1] + up, words, ha=ha, va="center", color=COLORS[name])


def _edge(ax: Axes, start: Point, end: Point, local: float) -> None:
    """An arrow from a number to what is computed from it, with the local derivative."""
    arrow(ax, start, end)
    middle = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    label(ax, *middle, number(local, ".3g"))
