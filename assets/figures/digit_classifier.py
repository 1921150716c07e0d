"""The drawings of digit_classifier: from pixels to probabilities, losses, updates."""

from collections.abc import Iterator
from types import SimpleNamespace

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from assets.figures.drawing import block, canvas, number, pointer


def classifier(run: SimpleNamespace) -> Figure:
    """Pixels, hidden layers (feature extractor), output layer (classifier), y."""
    fig, ax = canvas(6, 3.5)
    middle = 2.2
    _digit(ax, run.validation.X[0, run.doubtful], 0.6, middle, 0.9)
    pointer(ax, (1.1, middle), (1.4, middle))
    block(ax, (2.05, middle), 1.25, 1.9, "hidden\nlayers", "C0")
    pointer(ax, (2.7, middle), (3.0, middle))
    block(ax, (3.8, middle), 1.55, 1.9, "output layer\nsoftmax", "C1")
    for label, p in enumerate(run.y_validation[run.doubtful].tolist()):
        height = middle + 1.1 - 0.245 * label
        ax.text(4.95, height, str(label), ha="center", va="center", size=11)
        ax.barh(height, 0.7 * p, 0.16, left=5.15, color="C2")
    ax.plot([5.15, 5.15], [middle - 1.22, middle + 1.22], color="C5", lw=1)
    for x, text, color in (
        (0.6, "pixels $x$", "C5"),
        (2.05, "feature\nextractor", "C0"),
        (3.8, "multi-class\nclassifier", "C1"),
        (5.4, "$y$", "C2"),
    ):
        ax.text(x, 0.85, text, ha="center", va="top", color=color)
    return fig


def probabilities(run: SimpleNamespace) -> Figure:
    """Scores z, their exponentials, and the exponentials divided by their sum."""
    fig, ax = canvas(6, 2.8)
    for x, text in ((0.45, "$z_i$"), (2.35, r"$\exp z_i$"), (5.4, "$y_i$")):
        ax.text(x, 2.5, text, ha="center")
    block(ax, (4.05, 1.4), 0.95, 1.9, r"$\div$ sum", "C1")
    for i, (z, y) in enumerate(zip(run.z, run.y, strict=True)):
        h = 2.1 - 0.7 * i
        ax.text(0.45, h, number(z), ha="center", va="center")
        pointer(ax, (0.75, h), (1.75, h))
        ax.text(1.2, h + 0.08, "exp", ha="center", color="C0", size=11)
        ax.text(2.35, h, f"{z.exp():.2f}", ha="center", va="center")
        pointer(ax, (2.9, h), (3.5, h))
        pointer(ax, (4.6, h), (5.05, h))
        ax.text(5.4, h, f"{y:.3f}", ha="center", va="center", color="C2")
    ax.text(2.35, 0.12, f"sum {run.z.exp().sum():.2f}", ha="center", color="C1")
    return fig


def example_loss(run: SimpleNamespace) -> Figure:
    """The image that the network doubts, y above its target, and the cross-entropy."""
    fig, axes = plt.subplot_mosaic(
        [["picture", "y"], ["loss", "target"]], figsize=(4.5, 3.6), width_ratios=(1, 2)
    )
    label = int(run.validation.labels[0, run.doubtful])
    y = run.y_validation[run.doubtful]
    axes["picture"].imshow(run.validation.X[0, run.doubtful].reshape(8, 8).numpy())
    axes["picture"].set(xticks=[], yticks=[], xlabel="$x$")
    axes["loss"].axis("off")
    text = f"$C(y, \\hat y)$\n$= -\\ln$ {y[label]:.3f}\n$=$ {run.doubtful_loss:.3f}"
    axes["loss"].text(0.5, 0.5, text, ha="center", va="center", color="C1")
    axes["y"].bar(range(10), y.tolist(), color="C2")
    axes["target"].bar(label, 1, color="C4")
    axes["target"].set_xlim(axes["y"].get_xlim())
    for name, symbol in (("y", "$y$"), ("target", r"$\hat y$")):
        axes[name].set(ylim=(0, 1.05), yticks=(0, 1), xticks=range(10), ylabel=symbol)
        axes[name].set_xlabel("class $i$")
    return fig


def total_loss(run: SimpleNamespace) -> Figure:
    """A few examples with their losses before and after training, and the sums L."""
    fig, ax = canvas(6, 4.5)
    N = run.train_size
    rows = (3.45, 0, "1"), (2.75, 1, "2"), (2.05, 2, "3"), (0.95, N - 1, "N")
    for x, text in ((4.15, "$C^n$ before\ntraining"), (5.35, "$C^n$ after\ntraining")):
        ax.text(x, 3.83, text, ha="center")
    for h, n, name in rows:
        ax.text(0.3, h, f"$x^{name}$", ha="center", va="center")
        _digit(ax, run.training.X[0, n], 0.85, h, 0.54)
        pointer(ax, (1.2, h), (1.5, h))
        block(ax, (1.85, h), 0.66, 0.46, "NN", "C0")
        pointer(ax, (2.22, h), (2.5, h))
        ax.text(2.72, h, f"$y^{name}$", ha="center", va="center")
        pointer(ax, (2.95, h), (3.4, h))
        for x, C in ((4.15, run.before[0, n]), (5.35, run.after[0, n])):
            ax.text(x, h, _short(C.item()), ha="center", va="center")
    for x in (0.85, 1.85, 2.72, 4.15, 5.35):
        ax.text(x, 1.5, "⋮", ha="center", va="center", size=14)
    ax.plot([3.55, 5.9], [0.62, 0.62], color="C5", lw=1.2)
    ax.text(3.4, 0.35, f"total loss $L$ over $N =$ {N}", ha="right", va="center")
    for x, L in ((4.15, run.total_before), (5.35, run.total_after)):
        ax.text(x, 0.35, f"{L:.1f}", ha="center", va="center", color="C1", size=13)
    return fig


def gradient_descent(run: SimpleNamespace) -> Figure:
    """Three parameters over two updates, with the change on every arrow."""
    fig, ax = canvas(6, 3.5)
    columns, rows = (1.4, 3.4, 5.4), (2.75, 2.0, 0.75)
    names, paths = zip(*_movers(torch.stack(run.states)), strict=True)
    for t, x in enumerate(columns):
        ax.text(x, 3.2, rf"$\theta^{t}$", ha="center")
    for x in (0.38, *columns):
        ax.text(x, 1.38, "⋮", ha="center", va="center", size=14)
    for name, h, path in zip(names, rows, paths, strict=True):
        ax.text(0.38, h, name, ha="center", va="center")
        for t, x in enumerate(columns):
            block(ax, (x, h), 1.12, 0.42, number(path[t], ".4f"), "C0")
        for t, x in enumerate(columns[:-1]):
            pointer(ax, (x + 0.58, h), (columns[t + 1] - 0.58, h))
            change = number(path[t + 1] - path[t], "+.4f")
            ax.text(x + 1.0, h + 0.25, change, ha="center", color="C1", size=11)
    for x in (2.4, 4.4):
        rule = r"$-\eta\,\partial L / \partial\theta_i$"
        ax.text(x, 0.12, rule, ha="center", color="C1")
    return fig


def _movers(theta: Tensor) -> Iterator[tuple[str, list[float]]]:
    """Of the first W, the last W and the last b, the entry that moves most, θ (3, …).

    θ begins with the 64 × 64 numbers of W¹ and ends with W⁴ (10 × 64) and b⁴ (10).
    """
    spans = (0, 4096, "w^1"), (-650, -10, "w^4"), (-10, None, "b^4")
    for begin, end, name in spans:
        path = theta[:, begin:end]
        at = int((path[1] - path[0]).abs().argmax())
        row, column = divmod(at, 64)
        index = f"{row + 1},{column + 1}" if "w" in name else at + 1
        yield f"${name}_{{{index}}}$", path[:, at].tolist()


def _short(value: float) -> str:
    """Three decimals; below a thousandth, as a power of ten."""
    if value >= 0.001:
        return f"{value:.3f}"
    mantissa, exponent = f"{value:.0e}".split("e")
    return rf"${mantissa} \times 10^{{{int(exponent)}}}$"


def _digit(ax: Axes, image: Tensor, x: float, y: float, size: float) -> None:
    """An image of 8 × 8 pixels with its centre at (x, y)."""
    view = ax.axis()
    half = size / 2
    ax.imshow(
        image.reshape(8, 8).numpy(), extent=(x - half, x + half, y - half, y + half)
    )
    ax.axis(view)  # imshow would show the image and nothing else
