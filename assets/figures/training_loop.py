"""One step of training as a ring of five lines."""

from types import SimpleNamespace

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from assets.figures.drawing import canvas, pointer

STEPS = (  # code, what it does, what it gives to the next line
    ("optimizer.zero_grad()", "clear the gradients", "batch $x$, $y$"),
    ("prediction = model(x)", "forward pass", "prediction"),
    ("loss = loss_fn(...)", "how wrong is it?", "loss $L$"),
    ("loss.backward()", "backward pass", r"gradients $\nabla L$"),
    ("optimizer.step()", "update", ""),
)
TOP, GAP = 9.7, 2.2  # where the first box is, and how far apart they are
LEFT, MIDDLE = 1.9, 5.9  # where the way back and the boxes are
WIDTH, HEIGHT = 5.6, 1.3  # of a box


def loop(run: SimpleNamespace) -> Figure:
    """The five lines of a training step: once round is one update."""
    fig, ax = canvas(9, 10.6)
    heights = [TOP - GAP * i for i in range(len(STEPS))]
    for (code, meaning, gives), y in zip(STEPS, heights, strict=True):
        _box(ax, y, code, meaning)
        if gives:
            bottom = y - HEIGHT / 2
            pointer(ax, (MIDDLE, bottom), (MIDDLE, bottom - GAP + HEIGHT))
            ax.text(MIDDLE + 0.25, y - GAP / 2, gives, va="center")
    side, last = MIDDLE - WIDTH / 2, heights[-1]
    ax.plot([side, LEFT, LEFT], [last, last, TOP], color="C5", lw=1.6)
    pointer(ax, (LEFT, TOP), (side, TOP))
    for text, x in ("next batch", LEFT - 0.4), ("once round:\none update", LEFT - 1.3):
        ax.text(x, (TOP + last) / 2, text, ha="center", va="center", rotation=90)
    return fig


def _box(ax: Axes, y: float, code: str, meaning: str) -> None:
    """A line of code and what it does, in a box at height y."""
    face = plt.rcParams["axes.facecolor"]
    corner = (MIDDLE - WIDTH / 2, y - HEIGHT / 2)
    ax.add_patch(plt.Rectangle(corner, WIDTH, HEIGHT, fc=face, ec="C0", lw=1.8))
    ax.text(MIDDLE, y + 0.28, code, ha="center", va="center", family="monospace")
    ax.text(MIDDLE, y - 0.3, meaning, ha="center", va="center")
