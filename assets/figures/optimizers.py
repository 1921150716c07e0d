"""The paths of three optimizers down one valley."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure
from torch import Tensor


def paths(run: SimpleNamespace) -> Figure:
    """Draw twelve updates of each in the valley of c = 20, from the same start."""
    curved = torch.tensor(
        [1.0, 20.0], dtype=torch.float64
    )  # the gradient is curved * θ
    start = torch.tensor([-2.0, 0.6], dtype=torch.float64)
    names = ["descent", "momentum", "Adam"]
    fig, ax = plt.subplots(figsize=(4.5, 3.7))
    across, up = torch.linspace(-2.2, 0.7, 60), torch.linspace(-0.8, 0.8, 60)
    height = (across**2 + 20 * up[:, None] ** 2) / 2  # (60, 60)
    ax.contour(across, up, height, [0.1, 0.5, 1.5, 3, 5], colors="C5", linewidths=1)
    walkers = zip(_fastest(run, curved, start), names, ("o-", "s--", "^:"), strict=True)
    for walker, name, style in walkers:
        path = [start]
        for _ in range(12):
            path.append(walker.step(path[-1], curved * path[-1]))
        ax.plot(*torch.stack(path).T, style, ms=5, lw=1.5, label=name)
    ax.plot(0, 0, "*", color="C4", ms=14)
    ax.set(xlabel=r"$\theta_1$", ylabel=r"$\theta_2$")
    fig.legend(loc="outside upper center", ncols=3, columnspacing=1, handlelength=1.8)
    return fig


def _fastest(run: SimpleNamespace, curved: Tensor, start: Tensor) -> Iterator[Any]:
    """Of the valley's settings, those that take the fewest updates from this start."""
    alone, eta, beta = run.candidates(0.25, 4)
    c = curved[1]
    settings = [(alone / c,), (eta / c, beta), run.candidates(0.02, 4)[1:]]
    kinds = run.Descent, run.Momentum, run.Adam
    trio = [kind(*options) for kind, options in zip(kinds, settings, strict=True)]
    starts = start.expand(len(alone), 1, 2)
    best = run.compare(run.quadratic(curved.diag()), starts, trio, 800, 1e-4)[1]
    for kind, options, i in zip(kinds, settings, best, strict=True):
        yield kind(*(values.flatten()[i].item() for values in options))
