"""The drawings of relu_fitting: networks, and the rings that two of them learned."""

from itertools import pairwise
from types import SimpleNamespace

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from assets.figures.drawing import Point, arrow, canvas, node

# The curve of an activation function, drawn inside its node.
CURVES = {
    "hard sigmoid": ((-0.3, -0.12, 0.12, 0.3), (-0.2, -0.2, 0.2, 0.2)),
    "relu": ((-0.3, 0, 0.24), (-0.16, -0.16, 0.22)),
}


def same_model(run: SimpleNamespace) -> Figure:
    """Draw three hard sigmoids, and the six ReLUs that replace them."""
    fig, ax = canvas(9, 13)
    sigmoids = [(4.5, 12.2 - 1.3 * i) for i in range(3)]
    relus = [(4.5, 6.4 - 1.12 * i) for i in range(6)]
    _branch(ax, sigmoids, "hard sigmoid", "C0")
    _branch(ax, relus, "relu", "C1")
    arrow(ax, (4.5, 9.5), (4.5, 7.3))
    old = r"$\sum_i\ c_i\,\sigma(b_i + w_i x_1)$"
    new = r"$\sum_{2i}\ c_i\,\max(0,\ b_i + w_i x_1)$"
    ax.text(8.9, 9.2, old, ha="right", color="C0")
    ax.text(8.9, 0.2, new, ha="right", color="C1")
    ax.text(0.1, 12.4, "hard sigmoids", color="C0")
    ax.text(0.1, 6.9, "twice as many\nReLUs", color="C1", va="top")
    return fig


def _branch(ax: Axes, nodes: list[Point], kind: str, color: str) -> None:
    """x₁ goes into each node, and what comes out is added up."""
    middle = (nodes[0][1] + nodes[-1][1]) / 2
    for at in nodes:
        arrow(ax, (1.2, middle), at)
        arrow(ax, at, (7.8, middle))
        _activation(ax, at, kind, color)
    node(ax, 1.2, middle, "$x_1$", "C5")
    node(ax, 7.8, middle, "$+$", "C2")


def _activation(ax: Axes, at: Point, kind: str, color: str) -> None:
    """A node with the curve of its activation function."""
    (x, y), (dx, dy) = at, CURVES[kind]
    node(ax, x, y, "", color)
    ax.plot([x + u for u in dx], [y + v for v in dy], color=color, zorder=4)


def layers(run: SimpleNamespace) -> Figure:
    """Draw a network of two hidden layers, with the names of its parts."""
    fig, ax = canvas(10.4, 8.1)
    places = (1, 3), (3.8, 4), (6.6, 4), (9.4, 1)  # x, and how many nodes
    columns = [
        [(x, 4.2 + 1.5 * (i - (k - 1) / 2)) for i in range(k)] for x, k in places
    ]
    for left, right in pairwise(columns):
        for one in left:
            for other in right:
                arrow(ax, one, other)
    for i, (x, y) in enumerate(reversed(columns[0]), start=1):
        node(ax, x, y, f"$x_{i}$", "C5")
    for at in columns[1] + columns[2]:
        _activation(ax, at, "relu", "C0")
    node(ax, *columns[3][0], "$y$", "C2")
    _names(ax)
    return fig


def _names(ax: Axes) -> None:
    """Write the words around the deep network."""
    for x, a, name in ((3.8, r"\mathbf{a}", "1"), (6.6, r"\mathbf{a}'", "2")):
        ax.text(x, 1.2, f"hidden\nlayer {name}", ha="center", va="top", color="C0")
        ax.text(x, 7.4, f"${a}$", ha="center", va="center", color="C0")
    ax.text(1, 1.2, "input", ha="center", va="top")
    ax.text(9.4, 1.2, "output", ha="center", va="top")
    line = {"arrowstyle": "-", "color": "C5"}
    ax.annotate("neuron", (7.05, 6.75), (9.2, 7.3), ha="center", arrowprops=line)


def learned_rings(run: SimpleNamespace) -> Figure:
    """Draw the rings, and what the wide and the deep network of median error found."""
    side = torch.linspace(-1, 1, 60)
    square = torch.cartesian_prod(side, side).T.flip(0)  # x_1 changes fastest
    fig, axes = plt.subplots(1, 3, figsize=(4.5, 2))
    images = {
        "rings": run.standardise(run.rings(square)),
        "wide": _median(run, square, run.wide_errors[0], run.wide_theta[0], run.WIDE),
        "deep": _median(run, square, run.deep_errors[0], run.deep_theta[0], run.DEEP),
    }
    for ax, (title, image) in zip(axes, images.items(), strict=True):
        pixels = image.reshape(60, 60).numpy()
        ax.imshow(pixels, vmin=-1.6, vmax=1.6, origin="lower")
        ax.set(title=title, xlabel="$x_1$", xticks=[], yticks=[])
    axes[0].set_ylabel("$x_2$")
    return fig


def _median(
    run: SimpleNamespace,
    X: torch.Tensor,
    errors: torch.Tensor,
    theta: torch.Tensor,
    widths: list[int],
) -> torch.Tensor:
    """What the network with the median error makes of the points X (2, n)."""
    y: torch.Tensor = run.network(X, run.cut(theta, widths))
    return y[errors.median(0).indices]
