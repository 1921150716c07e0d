# %% [markdown] lang="zh"
# # 用 sigmoid 拼出任意曲线
#
# 直线 $y = b + w x_1$ 太简单，弯不了。把许多条 S 形曲线 $c\,\sigma(b + w x_1)$
# 加起来，能得到多复杂的函数？先看一条 sigmoid，再用硬 sigmoid
# *一点不差*地拼出一条折线，最后让梯度下降自己去拼一条光滑曲线，
# 看误差怎样随 sigmoid 的个数下降。
# %% [markdown] lang="en"
# # Any curve out of sigmoids
#
# A straight line $y = b + w x_1$ is too simple: it cannot bend. How complex a function
# do many S-shaped curves $c\,\sigma(b + w x_1)$ make when they are added up? First look
# at one sigmoid, then build a piecewise-linear curve out of hard sigmoids
# *exactly*, and at last let gradient descent build a smooth curve and watch the
# error fall with the number of sigmoids.

# %%
"""One sigmoid, exact sums of ramps, and smooth curves fitted with more and more."""

import math
from collections.abc import Callable, Sequence

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

# %% [markdown] lang="zh"
# ## 一条 S 形曲线
#
# $\sigma(z) = 1 / (1 + e^{-z})$。直接照抄公式，$z = -300$ 时 $e^{300}$
# 在单精度里就溢出了，所以只算 $e^{-\lvert z\rvert} \le 1$。
# 硬 sigmoid 用三段直线代替它，中间一段的斜率是 $1/6$。
# %% [markdown] lang="en"
# ## One S-shaped curve
#
# $\sigma(z) = 1 / (1 + e^{-z})$. Typed as it stands, $e^{300}$ overflows in single
# precision at $z = -300$, so only $e^{-\lvert z\rvert} \le 1$ is ever computed.
# The hard sigmoid replaces it by three straight lines, the middle one of slope $1/6$.


# %%
def sigmoid(z: Tensor) -> Tensor:
    """σ(z) = 1 / (1 + e⁻ᶻ), element by element; no overflow at any z."""
    e = torch.exp(torch.where(z < 0, z, -z))  # e^-|z|, never above 1
    return torch.where(z < 0, e, 1) / (1 + e)


def hard_sigmoid(z: Tensor) -> Tensor:
    """0 up to z = −3, 1 from z = 3 on, a straight line of slope 1/6 between."""
    return torch.clamp(z / 6 + 1 / 2, 0, 1)


def largest_gap(z: Tensor) -> tuple[float, float]:
    """Return the largest |σ(z) − hard σ(z)| over the points z, and where it is."""
    gap = (sigmoid(z) - hard_sigmoid(z)).abs()
    at = gap.argmax()
    return gap[at].item(), z[at].item()


def s_curve(x: Tensor, w: float, b: float, c: float) -> Tensor:
    """c·σ(b + w x): w is the slope, b the shift, c the height of the S."""
    return c * sigmoid(b + w * x)


# %% [markdown] lang="zh"
# ## 新的模型
#
# 把 $k$ 条 sigmoid 加起来，再允许 $d$ 个特征：
# $y = b + \sum_i c_i\,\sigma\bigl(b_i + \sum_j w_{ij} x_j\bigr)$。
# 写成矩阵就是 $r = b + W x$、$a = \sigma(r)$、$y = b + c^{T} a$，
# 所有未知数排成一个长向量 $\theta$。
# %% [markdown] lang="en"
# ## The new model
#
# Add up $k$ sigmoids and let in $d$ features:
# $y = b + \sum_i c_i\,\sigma\bigl(b_i + \sum_j w_{ij} x_j\bigr)$.
# With matrices this is $r = b + W x$, $a = \sigma(r)$, $y = b + c^{T} a$,
# and all the unknowns stand in one long vector $\theta$.


# %%
def predict_by_sums(
    x: Tensor, W: Tensor, b_vec: Tensor, c: Tensor, b: Tensor
) -> Tensor:
    """y = b + Σᵢ cᵢ σ(bᵢ + Σⱼ wᵢⱼ xⱼ) for one example x (d,), sum by sum."""
    y = b
    for i in range(len(c)):
        r_i = b_vec[i]
        for j in range(len(x)):
            r_i = r_i + W[i, j] * x[j]
        y = y + c[i] * sigmoid(r_i)
    return y


def predict(
    X: Tensor,
    W: Tensor,
    b_vec: Tensor,
    c: Tensor,
    b: Tensor,
    activation: Callable[[Tensor], Tensor] = sigmoid,
) -> Tensor:
    """y = b + cᵀ σ(b_vec + W x) for every row x of X: the same sums as matrices.

    X (n, d), W (k, d), b_vec (k,), c (k,), b () give y (n,).
    """
    r = b_vec + X @ W.T  # (n, d) @ (d, k) -> (n, k)
    a = activation(r)
    return b + a @ c  # (n, k) @ (k,) -> (n,)


# %%
def stack(W: Tensor, b_vec: Tensor, c: Tensor, b: Tensor) -> Tensor:
    """θ, (k·d + 2k + 1,): the rows of W, the vector b, cᵀ, and at last the scalar b."""
    return torch.cat([W.flatten(), b_vec, c, b.reshape(1)])


def unstack(theta: Tensor, k: int, d: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Cut θ back into W (k, d), b_vec (k,), c (k,), b (): the reverse of `stack`."""
    if len(theta) != k * d + 2 * k + 1:
        raise ValueError(
            f"k = {k} sigmoids of d = {d} features need {k * d + 2 * k + 1} "
            f"parameters, theta has {len(theta)}: pass the k and d it was stacked with"
        )
    W, b_vec, c, b = theta.split([k * d, k, k, 1])
    return W.reshape(k, d), b_vec, c, b.squeeze()


# %% [markdown] lang="zh"
# ## 折线 = 常数 + 一段一个硬 sigmoid
#
# 常数取折线与 $y$ 轴的交点。每一段配一个硬 sigmoid：
# 这一段开始之前是 $0$，在这一段里升（或降）$c_i$，之后保持不变。
# 于是每一段里只有一个硬 sigmoid 在动，加起来恰好就是折线。
# %% [markdown] lang="en"
# ## Piecewise linear = a constant + one hard sigmoid a segment
#
# The constant is where the curve meets the $y$ axis. Every segment gets one hard
# sigmoid: $0$ before the segment, rising (or falling) by $c_i$ within it, level after.
# So within a segment just one of them moves, and the sum is the curve itself.


# %%
def ramps(knots: Tensor, heights: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return W, b_vec, c, b with which hard sigmoids draw the line through the points.

    `knots` (k+1,) increase from 0 or later, `heights` (k+1,) are the curve's values
    there. Ramp i climbs by c_i from knot i to knot i+1, where b_i + w_i x runs from −3
    to 3. The constant b is the y-intercept. Left and right of the knots the curve is
    level. Source: the lecture's "red curve = constant + sum of a set of blue curves".
    """
    if knots.shape != heights.shape or len(knots) < 2:
        raise ValueError("give one height for every knot, and at least two knots")
    if knots[0] < 0 or (knots.diff() <= 0).any():
        raise ValueError(
            "knots must increase and not begin below 0: sort or shift them"
        )
    w = 6 / knots.diff()
    middle = (knots[1:] + knots[:-1]) / 2
    return w.unsqueeze(1), -w * middle, heights.diff(), heights[0]


# %% [markdown] lang="zh"
# ## 光滑曲线：让梯度下降去拼
#
# 要拟合的曲线是 $f(x) = x/3 + \sin 2x$。起点 $\theta^0$ 就用上面的折线：
# 在曲线上取 $k + 1$ 个点，把硬 sigmoid 换成光滑的，斜率减半使相邻的 S 相互重叠；
# 然后由梯度下降（用它的自适应版本 Adam）同时修改所有的 $w$、$b$、$c$。
# %% [markdown] lang="en"
# ## A smooth curve: let gradient descent do it
#
# The curve to fit is $f(x) = x/3 + \sin 2x$. The start $\theta^0$ is the construction
# above: take $k + 1$ points of the curve, replace the hard sigmoids by smooth ones of
# half the slope, so that neighbours overlap; then gradient descent (in its
# adaptive form, Adam) changes all the $w$, $b$ and $c$ at once.


# %%
def smooth_curve(x: Tensor) -> Tensor:
    """f(x) = x / 3 + sin 2x, the curve to be fitted."""
    return x / 3 + torch.sin(2 * x)


def rmse(prediction: Tensor, target: Tensor) -> float:
    """Root of the mean square error, in the units of y."""
    return (prediction - target).square().mean().sqrt().item()


def line_fit(x: Tensor, y: Tensor) -> Tensor:
    """Return the old model's best y = b + w x at the points x (n,): least squares."""
    w = ((x - x.mean()) * (y - y.mean())).sum() / (x - x.mean()).square().sum()
    return y.mean() + w * (x - x.mean())


def fit(
    x: Tensor, y: Tensor, k: int, steps: int = 1000, eta: float = 0.03
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Fit k sigmoids to the points (x, y), (n,) each; return W, b_vec, c, b.

    x increases from 0 or later. Starts at the ramps through k + 1 of the points. The
    loss is the mean square error over all points; eta falls linearly to a hundredth.
    """
    chosen = torch.linspace(0, len(x) - 1, k + 1).round().long()
    W, b_vec, c, b = ramps(x[chosen], y[chosen])
    theta = stack(W / 2, b_vec / 2, c, b).requires_grad_()
    optimizer = torch.optim.Adam([theta], lr=eta, fused=True)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1, 0.01, steps)
    for _ in range(steps):
        loss = (predict(x.unsqueeze(1), *unstack(theta, k, 1)) - y).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return unstack(theta.detach(), k, 1)


# %% [markdown] lang="zh"
# ## 画图
# %% [markdown] lang="en"
# ## Figures


# %%
def plot_curve(x: Tensor, y: Tensor, middle: float, height: float) -> Figure:
    """One S-curve y over x, its two limits 0 and c, and its middle at x = −b/w."""
    fig, ax = plt.subplots()
    for limit in (0, height):
        ax.axhline(limit, color="C5", lw=1.2, ls="--")
    ax.plot([middle, middle], [0, height / 2], color="C5", lw=1.2, ls=":")
    ax.plot(x, y, color="C0")
    ax.plot(middle, height / 2, "o", color="C0")
    ax.annotate(
        r"$y = c\,\mathrm{sigmoid}(b + w x_1)$",
        (middle, height / 2), (14, -4), textcoords="offset points",
    )  # fmt: skip
    ax.set_yticks([0, height / 2, height], ["$0$", "$c/2$", "$c$"])
    ax.set_xticks([middle], ["$-b/w$"])
    ax.set(xlabel="$x_1$", ylabel="$y$", ylim=(-0.1 * height, 1.15 * height))
    return fig


def plot_parameters(
    x: Tensor, panels: Sequence[tuple[str, Sequence[tuple[str, Tensor]]]]
) -> Figure:
    """One panel a parameter: its title, then a label and a curve for each value."""
    fig, axes = plt.subplots(len(panels), 1, sharex=True, sharey=True, figsize=(6, 6.2))
    for ax, (title, curves) in zip(axes, panels, strict=True):
        for (label, y), style in zip(curves, ("--", "-", ":"), strict=True):
            ax.plot(x, y, ls=style, label=label)
        ax.legend(loc="upper left", handlelength=2.4)
        ax.set_title(title, loc="right")
        ax.set_ylabel("$y$")
    axes[-1].set_xlabel("$x_1$")
    return fig


def plot_hard(z: Tensor, soft: Tensor, hard: Tensor, at: float) -> Figure:
    """σ and the hard sigmoid over z, and the size of the gap between them below."""
    fig, (top, low) = plt.subplots(
        2, 1, sharex=True, figsize=(6, 4.6), height_ratios=(2, 1)
    )
    top.plot(z, soft, color="C0")
    top.plot(z, hard, color="C1", ls="--")
    top.text(-2.4, 0.21, r"$\sigma(z)$", color="C0", ha="right")
    top.text(2.2, 0.72, "hard sigmoid", color="C1")
    gap = (soft - hard).abs()
    low.plot(z, gap, color="C2")
    low.plot([-at, at], [gap.max(), gap.max()], "o", color="C2", ls="none")
    top.set_ylabel("$y$")
    low.set(xlabel="$z$", ylabel="distance", ylim=(0, 0.085))
    return fig


# %%
def _end_label(ax: Axes, x: Tensor, y: Tensor, text: str, color: str) -> None:
    """Write the name of a curve to the right of its last point."""
    at = (x[-1].item(), y[-1].item())
    ax.annotate(text, at, (5, 0), textcoords="offset points", va="center", color=color)


def plot_pieces(
    x: Tensor, pieces: Tensor, total: Tensor, constant: float, knots: Tensor
) -> Figure:
    """The red curve `total`; below it its pieces: the constant and the ramps (k, n)."""
    fig, (top, low) = plt.subplots(2, 1, sharex=True, figsize=(6, 5.6))
    top.plot(x, total, color="C1")
    top.plot(knots, total[torch.searchsorted(x, knots)], "o", color="C1")
    level = torch.full_like(x, constant)
    low.plot(x, level, color="C2", ls="--")
    _end_label(low, x, level, "constant", "C2")
    for i, piece in enumerate(pieces, start=1):
        low.plot(x, piece, color="C0")
        _end_label(low, x, piece, f"ramp {i}", "C0")
    for ax in (top, low):
        for knot in knots.tolist():
            ax.axvline(knot, color="C5", lw=0.8, ls=":", zorder=0)
    top.set(ylabel="$y$", title="the sum")
    low.set(xlabel="$x_1$", ylabel="$y$", title="its pieces")
    return fig


def plot_new_model(
    x: Tensor, line: Tensor, constant: float, pieces: Tensor, total: Tensor
) -> Figure:
    """Above the old model, a line; below the new one: constant + the pieces (k, n)."""
    fig, (old, new) = plt.subplots(2, 1, sharex=True, figsize=(6, 5.6))
    old.plot(x, line, color="C1")
    old.set_title("old model:  $y = b + w x_1$")
    level = torch.full_like(x, constant)
    new.plot(x, level, color="C2", lw=1.4, ls=":")
    _end_label(new, x, level, "$b$", "C2")
    for i, piece in enumerate(pieces, start=1):
        new.plot(x, piece, color="C0", lw=1.4, ls="--")
        _end_label(new, x, piece, f"$i = {i}$", "C0")
    new.plot(x, total, color="C1")
    new.set_title(
        r"new model:  $y = b + \sum_i c_i\,\mathrm{sigmoid}(b_i + w_i x_1)$", pad=14
    )
    old.set_ylabel("$y$")
    new.set(xlabel="$x_1$", ylabel="$y$")
    return fig


# %%
def _node(ax: Axes, x: float, y: float, label: str, color: str) -> None:
    """A circle with a label: an input, a sum or a sigmoid."""
    face = plt.rcParams["axes.facecolor"]
    ax.add_patch(plt.Circle((x, y), 0.5, fc=face, ec=color, lw=1.8, zorder=3))
    ax.text(x, y, label, ha="center", va="center_baseline", zorder=4)


def _arrow(ax: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    """An arrow from centre to centre of two nodes, drawn between their rims."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    rim = 0.54 / math.hypot(dx, dy)
    tail = (start[0] + rim * dx, start[1] + rim * dy)
    head = (end[0] - rim * dx, end[1] - rim * dy)
    style = {"arrowstyle": "-|>", "color": "C5", "lw": 1.2, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", head, tail, arrowprops=style)


def _label(ax: Axes, x: float, y: float, text: str) -> None:
    """Text on top of an arrow, with the page's colour behind it."""
    box = {"fc": plt.rcParams["axes.facecolor"], "ec": "none", "pad": 0.8}
    ax.text(x, y, text, ha="center", va="center", zorder=3, fontsize=11, bbox=box)


def _canvas(width: float, height: float) -> tuple[Figure, Axes]:
    """An empty drawing of `width` x `height` units, 6 inches wide."""
    fig, ax = plt.subplots(figsize=(6, 6 * height / width))
    ax.set(xlim=(0, width), ylim=(0, height))
    ax.set_aspect("equal")
    ax.axis("off")
    return fig, ax


# %%
def plot_network() -> Figure:
    """Three features, three sums: every w_ij and b_i of r = b + W x on its arrow."""
    fig, ax = _canvas(10, 8.6)
    rows = (7.7, 5.1, 2.5)
    for i, y in enumerate(rows, start=1):
        for j, y_in in enumerate(rows, start=1):
            _arrow(ax, (1, y_in), (6, y))
            _label(ax, 2.2, y_in + 0.24 * (y - y_in), f"$w_{{{i}{j}}}$")
        _arrow(ax, (6, y - 1.7), (6, y))
        ax.text(6.25, y - 1.05, f"$b_{i}$", va="center")
        _arrow(ax, (6, y), (8.6, y))
        ax.text(8.3, y, f"$r_{i}$", va="center")
        _node(ax, 1, y, f"$x_{i}$", "C5")
        _node(ax, 6, y, "+", "C2")
    formula = (
        r"$r_i = b_i + \sum_j w_{ij}\,x_j$      $\mathbf{r} = \mathbf{b} + W\mathbf{x}$"
    )
    ax.text(5, 0.4, formula, ha="center", va="center")
    return fig


def _draw_theta(ax: Axes) -> None:
    """Draw θ as 16 cells: the rows of W, the vector b, cᵀ and the scalar b."""
    rows = [[f"$w_{{{i}{j}}}$" for j in (1, 2, 3)] for i in (1, 2, 3)]
    vectors = [[f"$b_{i}$" for i in (1, 2, 3)], [f"$c_{i}$" for i in (1, 2, 3)]]
    names = [
        "row 1 of $W$",
        "row 2",
        "row 3",
        r"$\mathbf{b}$",
        r"$\mathbf{c}^T$",
        "$b$",
    ]
    colors = ["C2", "C2", "C2", "C4", "C0", "C3"]
    ax.text(0.1, 1.7, r"$\theta^T =$", va="center", ha="left")
    x = 1.3
    for cells, name, color in zip(
        [*rows, *vectors, ["$b$"]], names, colors, strict=True
    ):
        for i, cell in enumerate(cells):
            corner, face = (x + 0.62 * i, 1.3), plt.rcParams["axes.facecolor"]
            ax.add_patch(plt.Rectangle(corner, 0.62, 0.8, fc=face, ec=color, lw=1.6))
            ax.text(corner[0] + 0.31, 1.7, cell, ha="center", va="center", fontsize=11)
        width = 0.62 * len(cells)
        ax.text(
            x + width / 2, 0.7, name, ha="center", va="center", color=color, fontsize=11
        )
        x += width + 0.14


def plot_function() -> Figure:
    """The whole y = b + cᵀσ(b + W x) as a network, and its unknowns as one vector θ."""
    fig, ax = _canvas(12, 10)
    rows, middle = (9.2, 7.2, 5.2), 7.2
    for i, y in enumerate(rows, start=1):
        for y_in in rows:
            _arrow(ax, (0.7, y_in), (3.6, y))
        _arrow(ax, (3.6, y), (6.4, y))
        _arrow(ax, (6.4, y), (9.6, middle))
        _label(ax, 5.0, y, f"$r_{i}$")
        _label(ax, 7.6, y + 0.375 * (middle - y), f"$a_{i}$")
        _label(ax, 8.5, y + 0.66 * (middle - y), f"$c_{i}$")
        _node(ax, 0.7, y, f"$x_{i}$", "C5")
        _node(ax, 3.6, y, "+", "C2")
        _node(ax, 6.4, y, r"$\sigma$", "C0")
    _arrow(ax, (9.6, middle - 1.8), (9.6, middle))
    ax.text(9.85, middle - 1.1, "$b$", va="center")
    _arrow(ax, (9.6, middle), (11.7, middle))
    ax.text(11.35, middle, "$y$", va="center")
    _node(ax, 9.6, middle, "+", "C2")
    steps = {
        3.6: r"$\mathbf{r} = \mathbf{b} + W\mathbf{x}$",
        6.4: r"$\mathbf{a} = \sigma(\mathbf{r})$",
        9.6: r"$y = b + \mathbf{c}^T\mathbf{a}$",
    }
    for x, text in steps.items():
        ax.text(x, 3.9, text, ha="center", va="center")
    _draw_theta(ax)
    return fig


# %%
def plot_fits(x: Tensor, y: Tensor, fits: Sequence[tuple[int, Tensor]]) -> Figure:
    """One small panel a fit: the curve y, and what k sigmoids make of it."""
    fig, axes = plt.subplots(3, 2, sharex=True, sharey=True, figsize=(6, 6.6))
    for ax, (k, prediction) in zip(axes.flat, fits, strict=True):
        (curve,) = ax.plot(x, y, color="C1", lw=5, alpha=0.4)
        (fitted,) = ax.plot(x, prediction, color="C0", lw=1.8)
        ax.set_title(f"{k} sigmoid" + "s" * (k > 1))
    for ax in axes[:, 0]:
        ax.set_ylabel("$y$")
    for ax in axes[-1]:
        ax.set_xlabel("$x_1$")
    names = ["the curve", "the sum of sigmoids"]
    fig.legend([curve, fitted], names, loc="outside upper center", ncols=2)
    return fig


def plot_ramps(x: Tensor, y: Tensor, lines: Sequence[tuple[int, Tensor]]) -> Figure:
    """One panel a number of ramps: the smooth curve y, and the line through it."""
    size = (6, 2 * len(lines))
    fig, axes = plt.subplots(len(lines), 1, sharex=True, sharey=True, figsize=size)
    for ax, (k, line) in zip(axes, lines, strict=True):
        (curve,) = ax.plot(x, y, color="C1", lw=5, alpha=0.4)
        (ramped,) = ax.plot(x, line, color="C0", lw=1.8)
        ax.set_title(f"{k} ramps")
        ax.set_ylabel("$y$")
    axes[-1].set_xlabel("$x_1$")
    names = ["a smooth curve", "constant + ramps"]
    fig.legend([curve, ramped], names, loc="outside upper center", ncols=2)
    return fig


def plot_errors(
    numbers: Sequence[int],
    fitted: Sequence[float],
    ramped: Sequence[float],
    line: float,
) -> Figure:
    """Error against the number: fitted sigmoids, untrained ramps, one straight line."""
    fig, ax = plt.subplots()
    ax.axhline(line, color="C5", ls=":", lw=1.6)
    ax.annotate(
        "straight line",
        (numbers[-1], line),
        (0, 5),
        color="C5",
        ha="right",
        textcoords="offset points",
    )
    ax.loglog(numbers, ramped, "s--", color="C1", label="ramps, not trained")
    ax.loglog(numbers, fitted, "o-", color="C0", label="sigmoids, fitted")
    ax.set_xticks(list(numbers), [str(k) for k in numbers])
    ax.minorticks_off()
    ax.legend(loc="lower left")
    ax.set(xlabel="number of sigmoids", ylabel="error (RMSE)")
    return fig


# %% [markdown] lang="zh"
# ## 运行
#
# 误差在训练点之间的细网格上测量（没有噪声，只看模型够不够灵活）。
# %% [markdown] lang="en"
# ## Run it
#
# Errors are measured on a fine grid between the training points (there is no noise:
# the only question is whether the model is flexible enough).


# %%
def show_one_sigmoid() -> dict[str, float]:
    """Part 1: limits, the effect of w, b, c, the distance to the hard sigmoid."""
    x = torch.linspace(-6, 6, 241)
    w, b, c = 1.5, -1.5, 1.0
    plot_curve(x, s_curve(x, w, b, c), -b / w, c)
    panels = [
        (
            "$w$ changes the slope",
            [(f"$w = {v:g}$", s_curve(x, v, 0, 1)) for v in (0.5, 1, 3)],
        ),
        ("$b$ shifts it", [(f"$b = {v:g}$", s_curve(x, 1, v, 1)) for v in (-3, 0, 3)]),
        (
            "$c$ changes the height",
            [(f"$c = {v:g}$", s_curve(x, 1, 0, v)) for v in (0.5, 1, 1.5)],
        ),
    ]
    plot_parameters(x, panels)
    z = torch.linspace(-6, 6, 120_001, dtype=torch.float64)
    gap, at = largest_gap(z)
    plot_hard(z[::400], sigmoid(z[::400]), hard_sigmoid(z[::400]), abs(at))
    ends = sigmoid(torch.tensor([-300.0, 300.0]))
    print("One sigmoid")
    print(f"  sigmoid(-300) = {ends[0]:.3g}, sigmoid(300) = {ends[1]:.3g}")
    print(f"  farthest from the hard sigmoid: {gap:.4f} at z = +-{abs(at):.3f}")
    return {"hard_gap": gap, "hard_gap_at": abs(at)}


def show_pieces() -> dict[str, float | int]:
    """Part 2: a piecewise-linear curve is a constant and one ramp a segment."""
    knots = torch.tensor([0, 1, 2.5, 4], dtype=torch.float64)
    heights = torch.tensor([0.5, 2, 0.8, 1.6], dtype=torch.float64)
    x = torch.linspace(0, 5, 501, dtype=torch.float64)
    W, b_vec, c, b = ramps(knots, heights)
    pieces = c.unsqueeze(1) * hard_sigmoid(b_vec.unsqueeze(1) + W * x)  # (k, n)
    total = predict(x.unsqueeze(1), W, b_vec, c, b, hard_sigmoid)
    curve = torch.from_numpy(np.interp(x, knots, heights))
    error = (total - curve).abs().max().item()
    plot_pieces(x, pieces, total, b.item(), knots)
    print("\nA piecewise-linear curve out of hard sigmoids")
    print(f"  constant (y-intercept) {b:.2f}")
    for i in range(len(c)):
        print(
            f"  ramp {i + 1}: c = {c[i]:5.2f}  w = {W[i, 0]:.2f}  b = {b_vec[i]:6.2f}"
        )
    print(f"  largest distance from the curve: {error:.1e}")
    return {"constant": b.item(), "ramps": len(c), "ramp_error": error}


def show_new_model() -> None:
    """Part 3: the old model is one line, the new one a sum of sigmoids."""
    x = torch.linspace(0, 6, 301)
    W = torch.tensor([[3.0], [4.0], [3.0]])
    b_vec, c = torch.tensor([-3.0, -11.0, -15.0]), torch.tensor([2.0, -3.2, 1.6])
    pieces = c.unsqueeze(1) * sigmoid(b_vec.unsqueeze(1) + W * x)  # (k, n)
    total = predict(x.unsqueeze(1), W, b_vec, c, torch.tensor(0.5))
    plot_new_model(x, 0.5 + 0.25 * x, 0.5, pieces, total)


def show_network() -> dict[str, float | int | list[float]]:
    """Part 4: three features, three sigmoids, sum by sum and as matrices."""
    x = torch.tensor([1.0, -1.0, 2.0])
    W = torch.tensor([[1.0, -2.0, 0.5], [0.0, 1.0, -1.0], [2.0, 0.5, 1.0]])
    b_vec, c = torch.tensor([1.0, 0.0, -1.0]), torch.tensor([2.0, -1.0, 0.5])
    b = torch.tensor(0.5)
    r = b_vec + W @ x
    y, y_sums = (
        predict(x.unsqueeze(0), W, b_vec, c, b),
        predict_by_sums(x, W, b_vec, c, b),
    )
    theta = stack(W, b_vec, c, b)
    plot_network()
    plot_function()
    print("\nThree features, three sigmoids, x = (1, -1, 2)")
    print("  r = b + W x      " + "  ".join(f"{v:7.4f}" for v in r))
    print("  a = sigmoid(r)   " + "  ".join(f"{v:7.4f}" for v in sigmoid(r)))
    print(f"  y = b + c^T a    {y.item():7.4f}   (sum by sum: {y_sums.item():.4f})")
    print(f"  theta has {len(theta)} numbers: 3 x 3 + 3 + 3 + 1")
    return {
        "r": r.tolist(),
        "a": sigmoid(r).tolist(),
        "y": y.item(),
        "y_sums": y_sums.item(),
        "theta_size": len(theta),
    }


def show_fits() -> dict[str, float | list[int] | list[float]]:
    """Part 5: a smooth curve fitted by 1, 2, 4, ... sigmoids, and the errors."""
    x = torch.linspace(0, 6, 65, dtype=torch.float64)
    grid = torch.linspace(0, 6, 601, dtype=torch.float64)
    target, column = smooth_curve(grid), grid.unsqueeze(1)
    numbers = [1, 2, 4, 8, 16, 32]
    fits, lines, errors, ramp_errors = [], [], [], []
    line_error = rmse(line_fit(grid, target), target)
    for k in numbers:
        prediction = predict(column, *fit(x, smooth_curve(x), k))
        fits.append((k, prediction))
        errors.append(rmse(prediction, target))
        knots = torch.linspace(0, 6, k + 1, dtype=torch.float64)
        ramped = predict(column, *ramps(knots, smooth_curve(knots)), hard_sigmoid)
        lines.append((k, ramped))
        ramp_errors.append(rmse(ramped, target))
    plot_ramps(grid, target, lines[2:5])
    plot_fits(grid, target, fits)
    plot_errors(numbers, errors, ramp_errors, line_error)
    print("\nA smooth curve: error (RMSE) against the number of sigmoids")
    print(f"  straight line, the old model: {line_error:.4f}")
    print("  sigmoids  parameters  ramps, not trained  sigmoids, fitted")
    for k, ramp_error, error in zip(numbers, ramp_errors, errors, strict=True):
        print(f"  {k:8d}  {3 * k + 1:10d}  {ramp_error:18.4f}  {error:16.4f}")
    named = {f"error_{k}": error for k, error in zip(numbers, errors, strict=True)}
    return {
        "numbers": numbers,
        "parameters": [3 * k + 1 for k in numbers],
        "errors": errors,
        "ramp_errors": ramp_errors,
        "line_error": line_error,
        **named,
    }


# %%
def main() -> dict[str, float | int | list[int] | list[float]]:
    """Run all five parts; return the values that the notes quote."""
    one, pieces = show_one_sigmoid(), show_pieces()
    show_new_model()
    network, fits = show_network(), show_fits()
    plt.show()
    return {**one, **pieces, **network, **fits}


# %%
if __name__ == "__main__":
    main()
