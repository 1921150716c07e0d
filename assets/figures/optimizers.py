"""The paths of three optimizers down one valley."""

from types import SimpleNamespace

import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure


def paths(run: SimpleNamespace) -> Figure:
    """Draw twelve updates of each in the valley of c = 20, from the same start."""
    curved = torch.tensor([1.0, 20.0])  # the gradient is curved * θ
    # of the valley's settings, those that take the fewest updates from this start
    walkers = [run.Descent(0.0936), run.Momentum(0.121, 0.5), run.Adam(0.222, 0.6)]
    names = ["descent", "momentum", "Adam"]
    fig, ax = plt.subplots(figsize=(4.5, 3.7))
    across, up = torch.linspace(-2.2, 0.7, 60), torch.linspace(-0.8, 0.8, 60)
    height = (across**2 + 20 * up[:, None] ** 2) / 2  # (60, 60)
    ax.contour(across, up, height, [0.1, 0.5, 1.5, 3, 5], colors="C5", linewidths=1)
    for walker, name, style in zip(walkers, names, ("o-", "s--", "^:"), strict=True):
        path = [torch.tensor([-2.0, 0.6])]
        for _ in range(12):
            path.append(walker.step(path[-1], curved * path[-1]))
        ax.plot(*torch.stack(path).T, style, ms=5, lw=1.5, label=name)
    ax.plot(0, 0, "*", color="C4", ms=14)
    ax.set(xlabel=r"$\theta_1$", ylabel=r"$\theta_2$")
    fig.legend(loc="outside upper center", ncols=3, columnspacing=1, handlelength=1.8)
    return fig
