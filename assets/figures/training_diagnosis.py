"""The drawings of training_diagnosis: the decision tree, and every run's losses."""

from types import SimpleNamespace

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from assets.figures.drawing import block, canvas, label, pointer

_HEIGHT = 1.9  # of a box


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
        pointer(ax, (x, y - _HEIGHT / 2), (x_next, y_next + _HEIGHT / 2))
        label(ax, (x + x_next) / 2, (y + y_next) / 2, answer)
    block(ax, train, 4.8, _HEIGHT, "loss on\ntraining data?", "C0")
    block(ax, simpler, 5.6, _HEIGHT, "smaller with a\nsimpler model?", "C0")
    block(ax, test, 4.8, _HEIGHT, "loss on\ntest data?", "C0")
    block(ax, validation, 3, _HEIGHT, "validation\nloss?", "C0")
    block(ax, (1.6, 4.9), 3, _HEIGHT, "model\nbias", "C1")
    block(ax, (4.8, 4.9), 3, _HEIGHT, "optimi-\nzation", "C1")
    block(ax, (8.0, 4.9), 3, _HEIGHT, "fine\n(*^▽^*)", "C2")
    block(ax, (8.0, 1.0), 3, _HEIGHT, "over-\nfitting", "C1")
    block(ax, (11.2, 1.0), 3, _HEIGHT, "mis-\nmatch", "C1")
    return fig


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
