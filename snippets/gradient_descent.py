# %% [markdown] lang="zh"
# # 梯度下降：一步一步走下山
#
# 训练就是找一组参数，让损失 $L$ 最小。闭着眼睛站在山坡上，只知道脚下的坡度，
# 该往哪里走、每步走多大、会不会走进一个小坑就出不来？这里把这些问题都跑一遍。
# %% [markdown] lang="en"
# # Gradient descent: downhill, step by step
#
# To train is to look for the parameters that make the loss $L$ smallest. Standing on a
# slope with closed eyes, feeling only how steep it is underfoot: which way, how far a
# step, and what if there is a small hollow on the way? Here each question is run.

# %%
"""Gradient descent: batches, updates, epochs, learning rates, local minima."""

import math
from collections.abc import Callable, Sequence

import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure
from torch import Tensor

# %% [markdown] lang="zh"
# ## 线性模型和它的损失
#
# 模型 $y = b + w x_1$ 有两个未知参数，损失取均方误差
# $L(b, w) = \frac{1}{N}\sum_n (b + w x^n - \hat{y}^n)^2$。梯度就是两个偏导数。
# %% [markdown] lang="en"
# ## The linear model and its loss
#
# The model $y = b + w x_1$ has two unknown parameters; as loss we take the mean square
# error $L(b, w) = \frac{1}{N}\sum_n (b + w x^n - \hat{y}^n)^2$. The gradient is its two
# partial derivatives.


# %%
def line_data(n: int, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Return n noisy points of the line y = 1 + 2 x, with x from −1 to 1."""
    generator = torch.Generator().manual_seed(seed)
    x = 2 * torch.rand(n, generator=generator, dtype=torch.float64) - 1
    noise = torch.randn(n, generator=generator, dtype=torch.float64)
    return x, 1 + 2 * x + 0.3 * noise


def loss(theta: Tensor, X: Tensor, y: Tensor) -> Tensor:
    """Mean square error of y = b + w·x, X (n, d); theta = (b, w₁, …), or many of them.

    theta (d + 1,) gives one loss, (m, d + 1) gives m losses.
    """
    prediction = theta[..., :1] + theta[..., 1:] @ X.T  # (m, d) @ (d, n) -> (m, n)
    return ((prediction - y) ** 2).mean(dim=-1)


def gradient(theta: Tensor, X: Tensor, y: Tensor) -> Tensor:
    """∂L/∂b and ∂L/∂w, by the formula, at theta (d + 1,)."""
    error = theta[0] + X @ theta[1:] - y
    db = 2 * error.mean()
    dw = 2 * X.T @ error / len(y)  # (d, n) @ (n,) -> (d,)
    return torch.cat([db[None], dw])


# %% [markdown] lang="zh"
# ## 一步、又一步
#
# 每次更新都往梯度的反方向走：$\theta \leftarrow \theta - \eta\,\nabla L(\theta)$。
# %% [markdown] lang="en"
# ## A step, and another
#
# Every update goes against the gradient:
# $\theta \leftarrow \theta - \eta\,\nabla L(\theta)$.


# %%
def descend(
    slope: Callable[[Tensor], Tensor], start: Tensor, eta: float, updates: int
) -> Tensor:
    """Return the whole path θ⁰, θ¹, …: (updates + 1, parameters)."""
    path = [start]
    for _ in range(updates):
        path.append(path[-1] - eta * slope(path[-1]))
    return torch.stack(path)


# %% [markdown] lang="zh"
# ## 批次、更新、轮次
#
# 把 $N$ 个样本随机分成每组 $B$ 个，一组叫一个批次；看一个批次，更新一次；
# 把所有批次都看过一遍，叫一个 epoch。所以一个 epoch 更新 $\lceil N/B \rceil$ 次；
# 丢掉不足 $B$ 个的最后一批，就是 $\lfloor N/B \rfloor$ 次。
# %% [markdown] lang="en"
# ## Batch, update, epoch
#
# Split the $N$ examples at random into groups of $B$; a group is a batch. One batch,
# one update; all batches seen once, one epoch. So an epoch has $\lceil N/B \rceil$
# updates, or $\lfloor N/B \rfloor$ if a last batch of fewer than $B$ is dropped.


# %%
def batches(
    n: int, size: int, generator: torch.Generator, drop_last: bool = False
) -> list[Tensor]:
    """Shuffle the indices 0 … n − 1 and split them into batches of `size`.

    Raises ValueError if `size` is not positive.
    """
    if size < 1:
        raise ValueError(f"batch size {size}: a batch holds at least one example.")
    parts = list(torch.randperm(n, generator=generator).split(size)) if n else []
    return parts[:-1] if drop_last and n % size else parts


def updates_per_epoch(n: int, size: int, drop_last: bool = False) -> int:
    """⌈n / size⌉, or ⌊n / size⌋ when an incomplete last batch is dropped."""
    return n // size if drop_last else math.ceil(n / size)


def train(
    X: Tensor, y: Tensor, size: int, eta: float, epochs: int, seed: int = 0
) -> Tensor:
    """Return the loss on all data before training and after each update."""
    generator = torch.Generator().manual_seed(seed)
    theta = torch.zeros(1 + X.shape[1], dtype=X.dtype)
    losses = [loss(theta, X, y)]
    for _ in range(epochs):
        for batch in batches(len(y), size, generator):
            theta = theta - eta * gradient(theta, X[batch], y[batch])
            losses.append(loss(theta, X, y))
    return torch.stack(losses)


# %% [markdown] lang="zh"
# ## 局部最小值
#
# 一条有两个谷的一维损失：$L(w) = \tfrac14 w^4 - w^2 + 0.3\,w$。
# 从不同的地方出发，会走到不同的谷底。
# %% [markdown] lang="en"
# ## Local minima
#
# A loss of one parameter with two valleys:
# $L(w) = \tfrac14 w^4 - w^2 + 0.3\,w$. Where one starts decides in which one ends.


# %%
def valleys(w: Tensor) -> Tensor:
    """L(w) = w⁴/4 − w² + 0.3 w: two valleys, the left one deeper."""
    return w**4 / 4 - w**2 + 0.3 * w


def valleys_slope(w: Tensor) -> Tensor:
    """dL/dw = w³ − 2 w + 0.3."""
    return w**3 - 2 * w + 0.3


# %% [markdown] lang="zh"
# ## 训练之后再看数据
#
# 课上预测的是频道每天的观看人数。看着预测发现：数据每七天一个周期。
# 那就换一个模型，让它看过去七天，再训练一次。这里用造出来的数据重演这一步。
# %% [markdown] lang="en"
# ## After training, look at the data again
#
# The lecture predicts a channel's daily views. Looking at the predictions one finds
# that the data repeat every seven days. So change the model, let it see seven days,
# and train again. Here this step is replayed on data that are made up.


# %%
def daily_views(days: int, seed: int = 0) -> Tensor:
    """Made-up daily views (thousands): high on weekdays, low on two days of a week."""
    generator = torch.Generator().manual_seed(seed)
    week = torch.tensor([5.2, 5.5, 5.4, 5.1, 4.6, 2.9, 2.6], dtype=torch.float64)
    noise = torch.randn(days, generator=generator, dtype=torch.float64)
    return week.repeat(days // 7 + 1)[:days] + 0.3 * noise


def past(views: Tensor, days: int) -> tuple[Tensor, Tensor]:
    """Return the views of the past `days` days, and of the day that follows them."""
    return views.unfold(0, days, 1)[:-1], views[days:]  # (n − days, days), (n − days,)


def views_error(views: Tensor, days: int) -> float:
    """Train y = b + Σ wⱼ xⱼ on the past `days` days; return its training error (RMSE).

    The views are centred first: around their mean, the descent takes fewer updates.
    """
    X, y = past(views - views.mean(), days)
    start = torch.zeros(1 + days, dtype=X.dtype)
    theta = descend(lambda t: gradient(t, X, y), start, eta=0.1, updates=600)[-1]
    return loss(theta, X, y).sqrt().item()


# %% [markdown] lang="zh"
# ## 画图
# %% [markdown] lang="en"
# ## Figures


# %%
def plot_path(X: Tensor, y: Tensor, path: Tensor) -> Figure:
    """Contours of the loss over (w, b), and the way downhill."""
    w, b = torch.linspace(-0.6, 4, 80), torch.linspace(-0.6, 2.4, 60)
    grid = torch.cartesian_prod(b.double(), w.double())
    heights = loss(grid, X, y).reshape(60, 80)
    fig, ax = plt.subplots()
    levels = [0.15, 0.3, 0.6, 1, 1.6, 2.4, 3.4]
    lines = ax.contour(w, b, heights, levels=levels, colors="C5", linewidths=1.2)
    ax.clabel(lines, levels[2:], fmt="%g", fontsize=10)
    ax.plot(path[:, 1], path[:, 0], "o-", color="C1", markersize=4)
    for t, offset in enumerate([(-17, -14), (-15, 5)]):
        point = (path[t, 1].item(), path[t, 0].item())
        ax.annotate(rf"$\theta^{t}$", point, offset, textcoords="offset points")
    # one scale for both axes: only then do right angles look like right angles
    ax.set(xlabel="$w$", ylabel="$b$", aspect="equal")
    return fig


def plot_learning_rates(curves: Sequence[tuple[str, Tensor]]) -> Figure:
    """Loss against updates for several learning rates."""
    fig, ax = plt.subplots()
    for (label, losses), style in zip(curves, ("--", "-", ":"), strict=True):
        ax.plot(losses, style, label=label)
    ax.set(xlabel="updates", ylabel="loss $L$", yscale="log")
    ax.legend()
    return fig


def plot_valleys(paths: Sequence[Tensor]) -> Figure:
    """The loss with two valleys, and where descents from two starts end."""
    w = torch.linspace(-2.1, 2.0, 200, dtype=torch.float64)
    fig, ax = plt.subplots()
    ax.plot(w, valleys(w), color="C5")
    for path, color, marker in zip(paths, ("C0", "C1"), ("o", "s"), strict=True):
        ax.plot(path, valleys(path), marker, color=color, alpha=0.5)
        ax.plot(path[-1], valleys(path[-1]), marker, color=color, markersize=11)
    for path, name in zip(paths, ("global minimum", "local minimum"), strict=True):
        ax.annotate(name, (path[-1, 0], valleys(path[-1])[0]), (0, -24),
                    textcoords="offset points", ha="center")  # fmt: skip
    ax.set(xlabel="$w$", ylabel="$L(w)$", ylim=(-1.9, 0.9))
    return fig


def plot_batches(curves: Sequence[tuple[str, Tensor]]) -> Figure:
    """Loss against epochs: many small updates an epoch, or one."""
    fig, ax = plt.subplots()
    for (label, losses), style in zip(curves, ("-", "--"), strict=True):
        epochs = torch.linspace(0, 1, len(losses)) * 5
        ax.plot(epochs, losses, style, label=label, linewidth=1.8)
    ax.set(xlabel="epochs", ylabel="loss $L$", yscale="log")
    ax.legend()
    return fig


def plot_views(views: Tensor, days: Sequence[int], errors: Sequence[float]) -> Figure:
    """Four weeks of the data, and the error of models that look further back."""
    fig, (top, bottom) = plt.subplots(2, figsize=(6, 5))
    top.plot(range(1, 29), views[:28], "o-", markersize=4)
    top.set(xlabel="day", ylabel="views (thousands)", xticks=range(7, 29, 7))
    bars = bottom.bar([str(d) for d in days], errors, color="C1", width=0.5)
    bottom.bar_label(bars, fmt="%.2f", padding=2)
    bottom.set(xlabel="days the model looks back", ylabel="training error")
    bottom.margins(y=0.15)
    return fig


# %% [markdown] lang="zh"
# ## 跑一遍
# %% [markdown] lang="en"
# ## Run it


# %%
def show_path() -> dict[str, object]:
    """Descend the loss of the line; compare with the closed form."""
    x, y = line_data(200)
    X = x[:, None]
    path = descend(lambda t: gradient(t, X, y), torch.zeros(2).double(), 0.3, 40)
    best = torch.linalg.lstsq(torch.cat([torch.ones_like(X), X], 1), y).solution
    print("The line y = b + w x, learning rate 0.3, 40 updates")
    print(f"  by gradient descent  b = {path[-1, 0]:.4f}  w = {path[-1, 1]:.4f}")
    print(f"  in closed form       b = {best[0]:.4f}  w = {best[1]:.4f}")
    plot_path(X, y, path)
    losses = {"loss_start": loss(path[0], X, y), "loss_end": loss(path[-1], X, y)}
    ends = {"b": path[-1, 0], "w": path[-1, 1]} | losses
    return {name: value.item() for name, value in ends.items()}


def show_learning_rates() -> dict[str, object]:
    """Three learning rates on the same loss."""
    x, y = line_data(200)
    X = x[:, None]
    rates, curves = (0.01, 0.3, 1.02), []
    print("\nLoss after 40 updates")
    for eta, word in zip(rates, ("too small", "right", "too large"), strict=True):
        path = descend(lambda t: gradient(t, X, y), torch.zeros(2).double(), eta, 40)
        losses = loss(path, X, y)
        print(f"  learning rate {eta:<5} {word:10} {losses[-1]:10.4f}")
        curves.append((f"η = {eta}, {word}", losses))
    plot_learning_rates(curves)
    return {"rates": list(rates), "rate_losses": [c[-1].item() for _, c in curves]}


def show_valleys() -> dict[str, object]:
    """Two starts, two minima."""
    starts = (-0.3, 0.6)
    paths = [
        descend(valleys_slope, torch.tensor([w], dtype=torch.float64), 0.05, 80)
        for w in starts
    ]
    print("\nTwo valleys, learning rate 0.05, 80 updates")
    for start, path in zip(starts, paths, strict=True):
        end = path[-1, 0]
        print(f"  from w = {start:4.1f} to w = {end:7.4f}, loss {valleys(end):7.4f}")
    plot_valleys(paths)
    ends = [path[-1, 0] for path in paths]
    return {
        "starts": list(starts),
        "ends": [end.item() for end in ends],
        "end_losses": [valleys(end).item() for end in ends],
    }


def show_batches() -> dict[str, object]:
    """A thousand examples in batches of ten, against all at once."""
    x, y = line_data(1000)
    X = x[:, None]
    small, whole = train(X, y, 10, 0.05, 5), train(X, y, 1000, 0.05, 5)
    updates = updates_per_epoch(1000, 10)
    print("\n1000 examples, batches of 10")
    print(f"  updates an epoch: {updates}, in 5 epochs: {len(small) - 1}")
    odd = updates_per_epoch(1005, 10)
    dropped = updates_per_epoch(1005, 10, drop_last=True)
    print(f"  with 1005 examples: {odd}, or {dropped} if the last is dropped")
    print(f"  loss after 5 epochs: {small[-1]:.4f}; one batch of 1000: {whole[-1]:.4f}")
    plot_batches([("batches of 10", small), ("one batch of 1000", whole)])
    return {
        "updates": updates,
        "updates_5": len(small) - 1,
        "updates_odd": odd,
        "updates_dropped": dropped,
        "batch_loss": small[-1].item(),
        "whole_loss": whole[-1].item(),
    }


def show_views() -> dict[str, object]:
    """Look at the data, find the week, change the model, train again."""
    views, days = daily_views(365), (1, 3, 7, 14)
    errors = [views_error(views, d) for d in days]
    print("\nDaily views (thousands): training error (RMSE), looking back")
    for d, error in zip(days, errors, strict=True):
        print(f"  {d:2d} days, {1 + d:2d} parameters: {error:.3f}")
    plot_views(views, days, errors)
    return {"days": list(days), "views_errors": errors}


def main() -> dict[str, object]:
    """Run every experiment."""
    values = (
        show_path() | show_learning_rates() | show_valleys()
        | show_batches() | show_views()
    )  # fmt: skip
    plt.show()
    return values


# %%
if __name__ == "__main__":
    main()
