"""The drawings of backpropagation: the chain rule, both passes, the reversed network.

What belongs to the forward pass points right, what belongs to the backward pass left.
"""

from types import SimpleNamespace

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from assets.figures.drawing import (
    Point,
    arrow,
    canvas,
    connect,
    label,
    layers_at,
    network,
    node,
    number,
)


def descent(run: SimpleNamespace) -> Figure:
    """Draw θ⁰ → θ¹ → θ², and the gradient that each step needs, as long as θ."""
    fig, ax = canvas(9, 6.6)
    for i, x in enumerate((0.8, 3.5, 6.2)):
        arrow(ax, (x, 5.2), (x + 2.7, 5.2))
        label(ax, x + 1.35, 6.1, rf"$-\eta\nabla L(\theta^{i})$", "C1")
        node(ax, x, 5.2, rf"$\theta^{i}$", "C0")
    ax.text(8.7, 5.2, r"$\cdots$", ha="center", va="center")
    entries = (
        r"$\partial L/\partial w_1$",
        r"$\partial L/\partial w_2$",
        r"$\vdots$",
        r"$\partial L/\partial b_1$",
        r"$\vdots$",
    )
    _formula(ax, 1.3, 2.1, r"\nabla L(\theta)\ =")
    for k, entry in enumerate(entries):
        ax.text(3.7, 3.7 - 0.8 * k, entry, ha="center", va="center")
    for x, tip in ((2.7, 0.2), (4.7, -0.2)):
        ax.plot([x + tip, x, x, x + tip], [4.2, 4.2, 0, 0], color="C5", lw=1.5)
    words = "one entry for every\nweight and bias:\nmillions of them"
    ax.text(5.1, 2.1, words, va="center", color="C1")
    return fig


def chain_rule(run: SimpleNamespace) -> Figure:
    """Draw case 1, one path from x to z, and case 2, two paths from s to z."""
    fig, ax = canvas(9, 9)
    for x, name in ((1, "x"), (4.5, "y"), (8, "z")):
        node(ax, x, 7.8, f"${name}$", "C0")
    for x, derivative in ((1, r"$dy/dx$"), (4.5, r"$dz/dy$")):
        arrow(ax, (x, 7.8), (x + 3.5, 7.8))
        label(ax, x + 1.75, 8.5, derivative, "C1")
    _formula(ax, 4.5, 6.3, r"\dfrac{dz}{dx} = \dfrac{dz}{dy}\,\dfrac{dy}{dx}")
    for y, name, side in ((4.4, "x", 0.6), (2.0, "y", -0.6)):
        arrow(ax, (1, 3.2), (4.5, y))
        arrow(ax, (4.5, y), (8, 3.2))
        middle = (y + 3.2) / 2 + side
        label(ax, 2.3, middle, rf"$d{name}/ds$", "C1")
        label(ax, 6.8, middle, rf"$\partial z/\partial {name}$", "C1")
        node(ax, 4.5, y, f"${name}$", "C0")
    node(ax, 1, 3.2, "$s$", "C0")
    node(ax, 8, 3.2, "$z$", "C0")
    paths = (
        r"\dfrac{\partial z}{\partial x}\,\dfrac{dx}{ds}",
        r"\dfrac{\partial z}{\partial y}\,\dfrac{dy}{ds}",
    )
    _formula(ax, 4.5, 0.6, rf"\dfrac{{dz}}{{ds}} = {paths[0]} + {paths[1]}")
    return fig


def one_weight(run: SimpleNamespace) -> Figure:
    """Draw one neuron of the network: C depends on w only through z."""
    fig, ax = canvas(9, 6.4)
    for y, j, side in ((5.7, 1, 0.85), (3.7, 2, -0.85)):
        arrow(ax, (0.8, y), (3.2, 4.7))
        label(ax, 2.05, 4.7 + side, f"$w_{j}$", "C0")
        node(ax, 0.8, y, f"$x_{j}$", "C5")
    arrow(ax, (3.2, 2.6), (3.2, 4.7), "C1")
    label(ax, 3.2, 2.9, "$b$", "C1")
    for left, right in ((3.2, 5.3), (5.3, 7.0), (6.6, 8.3)):
        arrow(ax, (left, 4.7), (right, 4.7))
    label(ax, 4.2, 5.2, "$z$", "C3")
    label(ax, 6.8, 4.7, r"$\cdots$")
    node(ax, 3.2, 4.7, "+", "C0")
    node(ax, 5.3, 4.7, r"$\sigma$", "C2")
    node(ax, 8.3, 4.7, "$C$", "C3")
    factors = (
        r"\dfrac{\partial z}{\partial w}",
        r"\dfrac{\partial C}{\partial z}",
    )
    _formula(ax, 4.5, 1.7, rf"\dfrac{{\partial C}}{{\partial w}} = {' '.join(factors)}")
    words = "the first from the forward pass,\nthe second from the backward"
    ax.text(4.5, 0.4, words, ha="center", va="center")
    return fig


def forward_graph(run: SimpleNamespace) -> Figure:
    """Draw the lecture's network; on every arrow what comes in through it: ∂z/∂w."""
    fig, ax = canvas(9, 4.9)
    layers = layers_at([2, 2, 2, 2], 0.8, 8.2, 2.6)
    rows = [a[0].tolist() for a in run.activations]
    values = [
        [number(v, ".2f" if i else ".0f") for v in row] for i, row in enumerate(rows)
    ]
    network(ax, layers, values, [[row, row] for row in values[:-1]])
    for (x, _), name in zip(next(zip(*layers, strict=True)), _NAMES, strict=True):
        ax.text(x, 4.6, f"${name}$", ha="center", va="center")
    words = r"on each line: $\partial z/\partial w$, the value that enters"
    ax.text(4.5, 0.3, words, ha="center", va="center", color="C0")
    return fig


_NAMES = ("x", "a^1", "a^2", "y")


def one_step(run: SimpleNamespace) -> Figure:
    """Draw the step from z to a = σ(z), and the rest of the network up to C."""
    fig, ax = canvas(9, 4.6)
    for left, right in ((1, 4), (4, 6.4), (6.2, 8)):
        arrow(ax, (left, 3.7), (right, 3.7))
    label(ax, 2.5, 4.25, r"$\partial a/\partial z = \sigma'(z)$", "C1")
    label(ax, 6.2, 4.25, r"$\partial C/\partial a$", "C1")
    label(ax, 6.2, 3.7, r"$\cdots$")
    for x, name, color in ((1, "z", "C0"), (4, "a", "C2"), (8, "C", "C3")):
        node(ax, x, 3.7, f"${name}$", color)
    ax.text(2.5, 2.5, "easy: fixed in\nthe forward pass", ha="center", va="center")
    ax.text(6.2, 2.5, "the hard part:\nall that follows", ha="center", va="center")
    slope = r"\dfrac{\partial a}{\partial z}\ \dfrac{\partial C}{\partial a}"
    _formula(ax, 4.5, 0.8, rf"\dfrac{{\partial C}}{{\partial z}} = {slope}")
    return fig


def fan_out(run: SimpleNamespace) -> Figure:
    """Draw the two paths from a to C, through the two neurons of the next layer."""
    fig, ax = canvas(9, 5.6)
    for y, weight, mark in ((4.8, 3, "'"), (2.2, 4, "''")):
        arrow(ax, (1, 3.5), (4.3, y))
        arrow(ax, (4.3, y), (6.7, 0.55 * y + 0.45 * 3.5))
        arrow(ax, (5.7, 0.78 * y + 0.22 * 3.5), (8, 3.5))
        label(ax, 2.5, (y + 3.5) / 2, f"$w_{weight}$", "C0")
        label(ax, 6.1, 0.72 * y + 0.28 * 3.5, r"$\cdots$")
        node(ax, 4.3, y, f"$z{mark}$", "C0")
    node(ax, 1, 3.5, "$a$", "C2")
    node(ax, 8, 3.5, "$C$", "C3")
    paths = (
        r"w_3\,\dfrac{\partial C}{\partial z'}",
        r"w_4\,\dfrac{\partial C}{\partial z''}",
    )
    _formula(
        ax, 4.5, 0.7, rf"\dfrac{{\partial C}}{{\partial a}} = {paths[0]} + {paths[1]}"
    )
    return fig


def op_amp(run: SimpleNamespace) -> Figure:
    """Draw the amplifier: weighted derivatives come in on the right and leave left."""
    fig, ax = canvas(9, 5.9)
    arrow(ax, (3.2, 3.7), (1.0, 3.7), "C3")
    _formula(ax, 0.8, 3.7, r"\dfrac{\partial C}{\partial z}", "C3")
    for y, weight, mark in ((4.9, 3, "'"), (2.5, 4, "''")):
        arrow(ax, (8.1, y), (3.3, 3.7))
        label(ax, 5.9, 0.5 * (y + 3.7), f"$w_{weight}$", "C0")
        derivative = rf"\dfrac{{\partial C}}{{\partial z{mark}}}"
        _formula(ax, 8.3, y, derivative, "C3")
    _amplifier(ax, (3.2, 3.7))
    ax.text(2.9, 4.8, r"gain $\sigma'(z)$", ha="center", va="center", color="C3")
    paths = (
        r"w_3\,\dfrac{\partial C}{\partial z'}",
        r"w_4\,\dfrac{\partial C}{\partial z''}",
    )
    left = r"\dfrac{\partial C}{\partial z} = \sigma'(z)"
    _formula(ax, 4.5, 0.9, rf"{left}\,\left[{paths[0]} + {paths[1]}\right]")
    return fig


def output_layer(run: SimpleNamespace) -> Figure:
    """Draw case 1: the next layer is the output layer, where ∂C/∂z is known at once."""
    fig, ax = canvas(9, 5.8)
    for y, i, mark in ((4.9, 1, "'"), (2.7, 2, "''")):
        for x_left, x_right in ((-0.3, 2.4), (2.4, 4.4)):
            arrow(ax, (x_left, y), (x_right, y))
        arrow(ax, (4.4, y), (6.6, 3.8))
        label(ax, 0.8, y + 0.5, f"$z{mark}$", "C0")
        node(ax, 2.4, y, r"$\sigma$", "C2")
        node(ax, 4.4, y, f"$y_{i}$", "C2")
    node(ax, 6.6, 3.8, "$C$", "C3")
    ax.text(8.1, 3.8, "the end:\nstart here", ha="center", va="center", color="C1")
    left, factor = (
        r"\dfrac{\partial C}{\partial z'}",
        r"\dfrac{\partial C}{\partial y_1}",
    )
    middle = r"\dfrac{\partial y_1}{\partial z'}"
    _formula(ax, 4.5, 0.8, rf"{left} = {middle}\ {factor} = \sigma'(z')\ {factor}")
    return fig


def recursion(run: SimpleNamespace) -> Figure:
    """Draw case 2: each ∂C/∂z asks the next layer for its own, up to the output."""
    fig, ax = canvas(9, 5.6)
    layers = layers_at([2, 2, 2], 1.1, 6.5, 3.0, gap=2.0)
    _connect_backwards(ax, layers)
    for layer, name in zip(layers, ("z", "z'", "z^D"), strict=True):
        x = layer[0][0]
        ax.text(x, 5.1, rf"$\partial C/\partial {name}$", ha="center", color="C3")
    for (x, y), i in zip(layers[-1], (1, 2), strict=True):
        arrow(ax, (x + 1.7, y), (x, y), "C1")
        ax.text(x + 1.2, y, rf"$\partial C/\partial y_{i}$", va="center", color="C1")
    answers = ("asks the\nnext,", "which asks\nthe next, …", "knows")
    for layer, words in zip(layers, answers, strict=True):
        ax.text(layer[0][0], 1.2, words, ha="center", va="top")
    return fig


def reversed_network(run: SimpleNamespace) -> Figure:
    """Draw the lecture's network turned round: ∂C/∂y goes in, every ∂C/∂z comes out."""
    fig, ax = canvas(9, 6.9)
    layers = layers_at([2, 2, 2], 1.0, 6.3, 3.4, gap=2.6)
    _connect_backwards(ax, layers)
    for i, after in enumerate(layers[1:], start=1):
        W = run.lecture_network()[i][0].tolist()
        for (x_end, y_end), row in zip(after, W, strict=True):
            for (x, y), w in zip(layers[i - 1], row, strict=True):
                share = 0.5 if y == y_end else 0.68
                at = x + share * (x_end - x), y + share * (y_end - y)
                label(ax, *at, number(w), "C0")
    for i, (layer, delta) in enumerate(zip(layers, run.deltas, strict=True), start=1):
        name = rf"$\partial C/\partial z^{i}$"
        ax.text(layer[0][0], 6.4, name, ha="center", va="center", color="C3")
        for (x, y), value, side in zip(layer, delta[0].tolist(), (1, -1), strict=True):
            label(ax, x, y + 0.95 * side, number(value, ".4f"), "C3")
    dy = 2 * (run.activations[-1] - run.y_hat)[0]
    ax.text(8.1, 6.4, r"$\partial C/\partial y$", ha="center", va="center", color="C1")
    for (x, y), value in zip(layers[-1], dy.tolist(), strict=True):
        arrow(ax, (x + 1.9, y), (x, y), "C1")
        ax.text(x + 1.4, y, number(value, ".2f"), va="center", color="C1")
    words = r"triangles: times $\sigma'(z)$; lines: times $w$"
    ax.text(4.5, 0.4, words, ha="center", va="center")
    return fig


def summary(run: SimpleNamespace) -> Figure:
    """Draw one weight: the value of the forward pass times that of the backward."""
    fig, ax = canvas(9, 5.8)
    a = run.activations[1][0, 0].item()
    delta, dw = run.deltas[1][0, 0].item(), run.weight_gradients[1][0, 0].item()
    for y, name in ((4.9, "forward pass"), (2.9, "backward pass")):
        ax.text(0.1, y, name, va="center")
    arrow(ax, (3.9, 4.9), (6.5, 4.9))
    label(ax, 5.2, 4.9, "$w$", "C0")
    node(ax, 3.9, 4.9, number(a, ".2f"), "C2")
    node(ax, 6.5, 4.9, "+", "C0")
    _formula(ax, 8.1, 4.9, r"\dfrac{\partial z}{\partial w} = a", "C2")
    arrow(ax, (6.5, 2.9), (3.4, 2.9), "C3")
    label(ax, 5.0, 2.9, number(delta, ".4f"), "C3")
    _amplifier(ax, (6.5, 2.9))
    _formula(ax, 8.1, 2.9, r"\dfrac{\partial C}{\partial z}", "C3")
    left = r"\dfrac{\partial C}{\partial w} = a\,\dfrac{\partial C}{\partial z}"
    values = f"{number(a, '.4f')} × ({number(delta, '.4f')}) = {number(dw, '.4f')}"
    ax.text(4.5, 0.8, f"${left}$ = {values}", ha="center", va="center")
    return fig


# What several of them need


def _formula(
    ax: Axes, x: float, y: float, formula: str, color: str | None = None
) -> None:
    """A formula, a little larger than the labels, centred at (x, y)."""
    ax.text(x, y, f"${formula}$", ha="center", va="center", size=13, color=color)


def _amplifier(ax: Axes, at: Point) -> None:
    """A triangle that points left: the backward pass runs from right to left."""
    x, y = at
    corners = [(x - 0.55, y), (x + 0.45, y + 0.55), (x + 0.45, y - 0.55)]
    face = plt.rcParams["axes.facecolor"]
    ax.add_patch(plt.Polygon(corners, fc=face, ec="C3", lw=1.8, zorder=3))


def _connect_backwards(ax: Axes, layers: list[list[Point]]) -> None:
    """Amplifiers in place of the neurons, with arrows from each layer to the former."""
    for i in range(1, len(layers)):
        connect(ax, layers[i], layers[i - 1])
    for layer in layers:
        for at in layer:
            _amplifier(ax, at)
