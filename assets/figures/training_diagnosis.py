"""The drawings of training_diagnosis: the decision tree, and every run's losses."""

from types import SimpleNamespace

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from assets.figures.drawing import Point, box, canvas, label, pointer

_HALF = 0.95  # of a box's height


def tree(run: SimpleNamespace) -> Figure:
    """Draw the decision tree of `diagnose`: four questions, and what they lead to."""
    fig, ax = canvas(12.8, 13.8)
    train, simpler, test, validation = (6.4, 12.7), (3.2, 8.8), (9.6, 8.8), (11.2, 4.9)
    branches = [
        (train, simpler, "large"),
        (train, test, "small"),
        (simpler, (1.6, 4.9), "no"),
        (simpler, (4.8, 4.9), "yes"),
        (test, (8.0, 4.9), "small"),
        (test, validation, "large"),
        (validation, (8.0, 1.0), "large"),
        (validation, (11.2, 1.0), "small"),
    ]
    for (x, y), (x_next, y_next), answer in branches:
        pointer(ax, (x, y - _HALF), (x_next, y_next + _HALF))
        label(ax, (x + x_next) / 2, (y + y_next) / 2, answer)
    _named(ax, train, 4.8, "loss on\ntraining data?", "C0")
    _named(ax, simpler, 5.6, "smaller with a\nsimpler model?", "C0")
    _named(ax, test, 4.8, "loss on\ntest data?", "C0")
    _named(ax, validation, 3, "validation\nloss?", "C0")
    _named(ax, (1.6, 4.9), 3, "model\nbias", "C1")
    _named(ax, (4.8, 4.9), 3, "optimi-\nzation", "C1")
    _named(ax, (8.0, 4.9), 3, "fine\n(*^▽^*)", "C2")
    _named(ax, (8.0, 1.0), 3, "over-\nfitting", "C1")
    _named(ax, (11.2, 1.0), 3, "mis-\nmatch", "C1")
    return fig


def _named(ax: Axes, centre: Point, width: float, text: str, color: str) -> None:
    """A box round a centre, and the text in it."""
    x, y = centre
    box(ax, (x - width / 2, y - _HALF), width, 2 * _HALF, color)
    ax.text(x, y, text, ha="center", va="center", linespacing=1.3)


def losses(run: SimpleNamespace) -> Figure:
    """Draw the losses of every run, a row a case, and the loss wanted."""
    fig, ax = plt.subplots(figsize=(4.5, 5))
    marks = {"train": "C0o", "test": "C1^", "simpler": "C3D", "validation": "C2s"}
    for name, mark in marks.items():
        shift = 0.13 if name in ("train", "validation") else -0.13
        known = [(y, c[name]) for y, c in enumerate(run.cases.values()) if name in c]
        for y, values in known:
            ax.plot(values, [y + shift] * len(values), mark, mfc="none")
        ax.plot([], [], mark, mfc="none", label=_KINDS[name])
    ax.axvline(run.WANTED, color="C5", ls=":")
    ax.annotate("wanted", (run.WANTED, 4.65), ha="center", va="bottom", color="C5")
    rows = [f"{c}:\n{v}" for c, v in zip(run.cases, run.verdicts, strict=True)]
    ax.set_yticks(range(len(rows)), rows)
    ax.set(xscale="log", xlabel="loss", ylabel="case", ylim=(len(rows) - 0.3, -0.5))
    fig.legend(loc="outside upper center", ncols=2)
    return fig


_KINDS = {
    "train": "training",
    "test": "test",
    "simpler": "training, simpler",
    "validation": "validation",
}
