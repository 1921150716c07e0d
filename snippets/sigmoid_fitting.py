# %% [markdown] lang="zh"
# # 用 sigmoid 拼出任意曲线
#
# 直线 $y = b + w x_1$ 弯不了。怎样得到弯的函数？先用一组斜坡*一点不差*地拼出一条折线，
# 再把斜坡换成光滑的 sigmoid，最后让梯度下降自己去拼一条光滑曲线：
# sigmoid 越多，误差越小吗？从哪里起步要紧吗？
# %% [markdown] lang="en"
# # Any curve out of sigmoids
#
# A straight line $y = b + w x_1$ cannot bend. What can? First we build a piecewise
# linear curve out of ramps, *exactly*; then we replace the ramps by smooth sigmoids;
# and finally we let gradient descent build a smooth curve by itself. Do more sigmoids
# mean a smaller error? Does it matter where training starts?

# %%
"""Exact sums of ramps, the sigmoid, and curves fitted with more and more sigmoids."""

import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import Tensor
from torch.func import grad, vmap

torch.set_num_threads(1)  # the same sums, the same last digits, on every machine

# %% name="parameters"
SEED = 0
STARTS = 9  # random starts; an odd number, so that the median is one of them
NUMBERS = (1, 2, 4, 8, 16, 32)  # of sigmoids
RATES = (0.01, 0.03, 0.1, 0.3)  # learning rates to choose from
UPDATES = 1000

# %% [markdown] lang="zh"
# ## 折线 = 常数 + 一段一个斜坡
#
# 一个斜坡先是平的，然后升（或降），然后又是平的，这就是硬 sigmoid $h(z)$：
# 中间一段的斜率是 $1/6$，从 $z = -3$ 升到 $z = 3$。
# %% [markdown] lang="en"
# ## Piecewise linear = a constant + one ramp a segment
#
# A ramp is level, then climbs (or falls), then is level again. That is the hard sigmoid
# $h(z)$: its middle part has slope $1/6$ and climbs from $z = -3$ to $z = 3$.


# %%
def hard_sigmoid(z: Tensor) -> Tensor:
    """0 up to z = −3, 1 from z = 3 on, a straight line of slope 1/6 between."""
    return torch.clamp(z / 6 + 1 / 2, 0, 1)


# %% [markdown] lang="zh"
# 给定折线的转折点，常数取折线与 $y$ 轴的交点。每一段配一个斜坡
# $c_i\, h(b_i + w_i x_1)$：在这一段里从 $0$ 变到 $c_i$，
# 也就是 $b_i + w_i x_1$ 在这一段里从 $-3$ 走到 $3$。
# %% [markdown] lang="en"
# Given the points where the curve bends, the constant is where it meets the $y$ axis.
# Every segment gets a ramp $c_i\, h(b_i + w_i x_1)$ that goes from $0$ to $c_i$
# within it: there, $b_i + w_i x_1$ runs from $-3$ to $3$.


# %%
def ramps(knots: Tensor, heights: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return w, b_vec, c (k,) and b () whose ramps draw the line through the points.

    knots (k + 1,) increase from 0 or later; heights (k + 1,) are the curve's values
    there; beyond the outermost knots it is level. ValueError if the knots do not
    increase or begin below 0.
    """
    if knots[0] < 0 or (knots.diff() <= 0).any():
        raise ValueError("knots must increase, and begin at 0 or later")
    w = 6 / knots.diff()
    middle = (knots[1:] + knots[:-1]) / 2
    return w, -w * middle, heights.diff(), heights[0]


def climbs(x: Tensor, w: Tensor, b_vec: Tensor, c: Tensor) -> Tensor:
    """Return the k ramps cᵢ h(bᵢ + wᵢ x) one by one, (k, n), for x (n,)."""
    return c[:, None] * hard_sigmoid(b_vec[:, None] + w[:, None] * x)


# %% [markdown] lang="zh"
# 拼一条三段的折线，看看和直接连线（NumPy 的 `interp`）差多少。
# %% [markdown] lang="en"
# Build a curve of three segments. How far is it from the line that NumPy's `interp`
# draws through the same points?

# %% name="pieces"
if __name__ == "__main__":
    knots = torch.tensor([0.0, 1.0, 2.5, 4.0], dtype=torch.float64)
    heights = torch.tensor([0.5, 2.0, 0.8, 1.6], dtype=torch.float64)
    w, b_vec, c, b = ramps(knots, heights)

    x = torch.linspace(0, 5, 501, dtype=torch.float64)
    each = climbs(x, w, b_vec, c)
    total = b + each.sum(0)
    constant = b.item()
    line = torch.from_numpy(np.interp(x, knots, heights))
    distance = (total - line).abs().max().item()

    print(f"constant {constant}")
    for i in range(len(c)):
        print(f"ramp {i + 1}:  w {w[i]:.1f}  b {b_vec[i]:5.1f}  c {c[i]:4.1f}")
    print(f"largest distance from the curve: {distance:.1e}")

    fig, (above, below) = plt.subplots(2, 1, sharex=True, figsize=(4.5, 4.8))
    above.plot(x, total, color="C1")
    above.plot(knots, heights, "o", color="C1")
    above.set(title="the sum", ylabel="$y$")
    below.axhline(constant, color="C2", ls="--")
    below.text(5, constant - 0.12, "constant", color="C2", ha="right", va="top")
    below.plot(x, each.T, color="C0")
    for i in range(len(c)):
        below.text(5, c[i] + 0.08, f"ramp {i + 1}", color="C0", ha="right")
    below.set(title="its pieces", xlabel="$x_1$", ylabel="$y$")
    plt.show()

# %% [markdown] lang="zh"
# 每一段里只有一个斜坡在动，所以加起来恰好就是折线，差的只是浮点数的舍入。
#
# 光滑的曲线也可以这样来：在曲线上取点，连成折线。斜坡的个数翻一番，误差会怎样？
# 误差用均方根误差（RMSE）量，单位和 $y$ 一样。
# %% [markdown] lang="en"
# Within each segment just one ramp moves, so the sum is the curve itself, up to the
# rounding of floating-point numbers.
#
# A smooth curve can be approached in the same way: take points on it and join them.
# What happens to the error if the number of ramps is doubled? We measure it as the root
# mean squared error (RMSE), which has the unit of $y$.


# %%
def smooth_curve(x: Tensor) -> Tensor:
    """f(x) = x / 3 + sin 2x, the curve to be fitted on [0, 6]."""
    return x / 3 + torch.sin(2 * x)


def rmse(prediction: Tensor, target: Tensor) -> Tensor:
    """Root mean squared error over the last axis: (…, n) and (n,) give (…)."""
    return (prediction - target).square().mean(-1).sqrt()


# %% name="more_ramps"
if __name__ == "__main__":
    x = torch.linspace(0, 6, 601)
    target = smooth_curve(x)
    joined = {}
    for k in NUMBERS:
        knots = torch.linspace(0, 6, k + 1)
        w, b_vec, c, b = ramps(knots, smooth_curve(knots))
        joined[k] = b + climbs(x, w, b_vec, c).sum(0)
    ramp_errors = [rmse(joined[k], target).item() for k in NUMBERS]

    print("ramps   error")
    for k, error in zip(NUMBERS, ramp_errors, strict=True):
        print(f"{k:5d}  {error:.4f}")

    fig, axes = plt.subplots(3, 1, sharex=True, sharey=True, figsize=(4.5, 6))
    for ax, k in zip(axes, (4, 8, 16), strict=True):
        ax.plot(x, target, color="C1", lw=5, alpha=0.4, label="a smooth curve")
        ax.plot(x, joined[k], color="C0", lw=1.8, label="constant + ramps")
        ax.set(title=f"{k} ramps", ylabel="$y$")
    axes[-1].set_xlabel("$x_1$")
    fig.legend(*ax.get_legend_handles_labels(), loc="outside upper center", ncols=2)
    plt.show()

# %% [markdown] lang="zh"
# 斜坡够窄以后，个数每翻一番，误差降到四分之一左右：
# 宽为 $h$ 的一段里，曲线离连线大约 $\lvert f'' \rvert h^2 / 8$，
# $h$ 减半，它就剩四分之一。
# %% [markdown] lang="en"
# Once the ramps are narrow, twice as many leave about a quarter of the error: over a
# segment of width $h$ the curve is about $\lvert f'' \rvert h^2 / 8$ away from the
# line that joins its ends. With half the $h$, a quarter is left.

# %% [markdown] lang="zh"
# ## sigmoid：光滑的斜坡
#
# $\sigma(z) = 1 / (1 + e^{-z})$。照公式写一行，和 PyTorch 的 `torch.sigmoid` 一样吗？
# 求导呢？
# %% [markdown] lang="en"
# ## The sigmoid: a smooth ramp
#
# $\sigma(z) = 1 / (1 + e^{-z})$. Written as one line, does it agree with
# PyTorch's `torch.sigmoid`? And its derivative?


# %%
def sigmoid(z: Tensor) -> Tensor:
    """σ(z) = 1 / (1 + e⁻ᶻ), element by element."""
    return 1 / (1 + torch.exp(-z))


# %% name="derivative"
if __name__ == "__main__":
    z = torch.tensor([-100.0, -2.0, 0.0, 2.0])
    for name, function in ("ours", sigmoid), ("torch", torch.sigmoid):
        slope = vmap(grad(function))(z)
        print(f"{name:5} value " + "".join(f"{v:8.4f}" for v in function(z)))
        print(f"{name:5} slope " + "".join(f"{v:8.4f}" for v in slope))

# %% [markdown] lang="zh"
# 值处处相同，斜率却不是：$z = -100$ 时 $e^{100}$ 在单精度里是无穷大，
# 函数值 $1/\infty = 0$ 还对，导数却成了 $\infty/\infty$，也就是 nan（不是一个数）。
# 所以训练时用 `torch.sigmoid`。
#
# 一条 $y = c\,\sigma(b + w x_1)$ 长什么样？
# %% [markdown] lang="en"
# The values agree everywhere, the slopes do not: at $z = -100$, $e^{100}$ is infinite
# in single precision. The value $1/\infty = 0$ is still right, but the derivative
# becomes $\infty/\infty$, which is nan (not a number). So for training we use
# `torch.sigmoid`.
#
# What does one $y = c\,\sigma(b + w x_1)$ look like?

# %% name="curve"
if __name__ == "__main__":
    x = torch.linspace(-4, 6, 201)
    fig, ax = plt.subplots(figsize=(4.5, 3.2))
    ax.axhline(0, color="C5", lw=1.2, ls="--")
    ax.axhline(2, color="C5", lw=1.2, ls="--")
    ax.plot(x, 2 * torch.sigmoid(-1.5 + 1.5 * x), color="C0")
    ax.plot(1, 1, "o", color="C0")
    ax.vlines(1, -0.2, 1, color="C5", lw=1.2, ls=":")
    ax.text(1.5, 0.92, r"$y = c\,\sigma(b + w x_1)$")
    ax.set_xticks([1], ["$-b/w$"])
    ax.set_yticks([0, 1, 2], ["$0$", "$c/2$", "$c$"])
    ax.set(xlabel="$x_1$", ylabel="$y$", ylim=(-0.2, 2.3))
    plt.show()

# %% [markdown] lang="zh"
# 一边趋近 $0$，另一边趋近 $c$，中点在 $b + w x_1 = 0$ 处。$w$、$b$、$c$ 各管什么？
# %% [markdown] lang="en"
# It tends to $0$ on one side and to $c$ on the other; its middle is where
# $b + w x_1 = 0$. What do $w$, $b$ and $c$ each change?

# %% name="effects"
if __name__ == "__main__":
    x = torch.linspace(-6, 6, 241)
    panels = [
        ("w", "$w$ changes the slope", (0.5, 1, 3)),
        ("b", "$b$ shifts it", (-3, 0, 3)),
        ("c", "$c$ changes the height", (0.5, 1, 1.5)),
    ]
    fig, axes = plt.subplots(3, 1, sharex=True, sharey=True, figsize=(4.5, 6.6))
    for ax, (name, title, values) in zip(axes, panels, strict=True):
        for value, style in zip(values, ("--", "-", ":"), strict=True):
            p = {"w": 1.0, "b": 0.0, "c": 1.0} | {name: value}
            y = p["c"] * torch.sigmoid(p["b"] + p["w"] * x)
            ax.plot(x, y, ls=style, label=f"${name} = {value:g}$")
        ax.legend(loc="upper left")
        ax.set(title=title, ylabel="$y$")
    axes[-1].set_xlabel("$x_1$")
    plt.show()

# %% [markdown] lang="zh"
# 光滑的 sigmoid 和硬 sigmoid 相差多少？
# %% [markdown] lang="en"
# How far is the smooth sigmoid from the hard one?

# %% name="hard"
if __name__ == "__main__":
    z = torch.linspace(-6, 6, 12_001, dtype=torch.float64)
    gap = (torch.sigmoid(z) - hard_sigmoid(z)).abs()
    largest_gap = gap.max().item()
    gap_at = z[gap.argmax()].abs().item()
    print(f"largest distance: {largest_gap:.4f}, at z = ±{gap_at:.2f}")

    fig, (above, below) = plt.subplots(
        2, 1, sharex=True, figsize=(4.5, 4.4), height_ratios=(2, 1)
    )
    above.plot(z, torch.sigmoid(z), color="C0")
    above.plot(z, hard_sigmoid(z), color="C1", ls="--")
    above.text(-2.4, 0.21, r"$\sigma(z)$", color="C0", ha="right")
    above.text(2.2, 0.7, "hard sigmoid", color="C1")
    above.set_ylabel("$y$")
    below.plot(z, gap, color="C2")
    below.plot([-gap_at, gap_at], [largest_gap] * 2, "o", color="C2")
    below.set(xlabel="$z$", ylabel="distance", ylim=(0, 0.09))
    plt.show()

# %% [markdown] lang="zh"
# 很近，但不是同一个函数。
# %% [markdown] lang="en"
# Close, but not the same function.

# %% [markdown] lang="zh"
# ## 新的模型
#
# 把 $k$ 条 sigmoid 加起来，再允许 $d$ 个特征：
# $y = b + \sum_i c_i\,\sigma\bigl(b_i + \sum_j w_{ij} x_j\bigr)$。
# 先照着求和写成循环，再写成矩阵：
# $\boldsymbol{r} = \boldsymbol{b} + W \boldsymbol{x}$、
# $\boldsymbol{a} = \sigma(\boldsymbol{r})$、
# $y = b + \boldsymbol{c}^{T} \boldsymbol{a}$。
# %% [markdown] lang="en"
# ## The new model
#
# Add up $k$ sigmoids and let in $d$ features:
# $y = b + \sum_i c_i\,\sigma\bigl(b_i + \sum_j w_{ij} x_j\bigr)$. First the
# sums as loops, then as matrices:
# $\boldsymbol{r} = \boldsymbol{b} + W \boldsymbol{x}$,
# $\boldsymbol{a} = \sigma(\boldsymbol{r})$,
# $y = b + \boldsymbol{c}^{T} \boldsymbol{a}$.


# %%
def predict_by_sums(
    x: Tensor, W: Tensor, b_vec: Tensor, c: Tensor, b: Tensor
) -> Tensor:
    """y = b + Σᵢ cᵢ σ(bᵢ + Σⱼ wᵢⱼ xⱼ) for one example x (d,), sum by sum."""
    y = b
    for i in range(len(c)):
        r = b_vec[i]
        for j in range(len(x)):
            r = r + W[i, j] * x[j]
        y = y + c[i] * torch.sigmoid(r)
    return y


def predict(X: Tensor, W: Tensor, b_vec: Tensor, c: Tensor, b: Tensor) -> Tensor:
    """y = b + cᵀ σ(b_vec + W x) for every row x of X: the same sums as matrices.

    X (n, d), W (k, d), b_vec (k,), c (k,), b () give y (n,).
    """
    r = b_vec + X @ W.T  # (n, d) @ (d, k) -> (n, k)
    a = torch.sigmoid(r)
    return b + a @ c  # (n, k) @ (k,) -> (n,)


# %% [markdown] lang="zh"
# 所有未知数排成一个长向量 $\theta$：先是 $W$ 的每一行，再是 $\boldsymbol{b}$、
# $\boldsymbol{c}$，最后是 $b$。
# %% [markdown] lang="en"
# All the unknowns form one long vector $\theta$: the rows of $W$, then
# $\boldsymbol{b}$, $\boldsymbol{c}$, and finally $b$.


# %%
def stack(W: Tensor, b_vec: Tensor, c: Tensor, b: Tensor) -> Tensor:
    """Return θ (k·d + 2k + 1,) of W (k, d), b_vec (k,), c (k,) and b ()."""
    return torch.cat([W.flatten(), b_vec, c, b[None]])


def unstack(theta: Tensor, d: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Cut θ of a model of d features back into W (k, d), b_vec (k,), c (k,), b ()."""
    k = (len(theta) - 1) // (d + 2)
    W, b_vec, c, b = theta.split([k * d, k, k, 1])
    return W.reshape(k, d), b_vec, c, b.squeeze()


# %% [markdown] lang="zh"
# 三个特征、三个 sigmoid，可以动手核对：
# $r_1 = 1 + 1 \cdot 1 - 2 \cdot (-1) + 0.5 \cdot 2 = 5$。
# %% [markdown] lang="en"
# Three features and three sigmoids, small enough to check by hand:
# $r_1 = 1 + 1 \cdot 1 - 2 \cdot (-1) + 0.5 \cdot 2 = 5$.

# %% name="example"
if __name__ == "__main__":
    features = torch.tensor([1.0, -1.0, 2.0])
    W = torch.tensor([[1.0, -2.0, 0.5], [0.0, 1.0, -1.0], [2.0, 0.5, 1.0]])
    b_vec = torch.tensor([1.0, 0.0, -1.0])
    c = torch.tensor([2.0, -1.0, 0.5])
    b = torch.tensor(0.5)

    r = b_vec + W @ features
    y_matrix = predict(features[None], W, b_vec, c, b).item()
    y_loops = predict_by_sums(features, W, b_vec, c, b).item()
    theta_size = len(stack(W, b_vec, c, b))
    print("r = b + W x    " + "".join(f"{v:8.4f}" for v in r))
    print("a = sigmoid(r) " + "".join(f"{v:8.4f}" for v in torch.sigmoid(r)))
    print(f"y = b + c^T a  {y_matrix:8.4f}")
    print(f"y with loops   {y_loops:8.4f}")
    print(f"theta has {theta_size} numbers: 3 x 3 + 3 + 3 + 1")

# %% [markdown] lang="zh"
# 只有一个特征时可以画出来：旧模型是一条直线，新模型是一个常数加几条 sigmoid。
# %% [markdown] lang="en"
# With one feature it can be drawn: the old model is a straight line, the new one a
# constant plus a few sigmoids.

# %% name="new_model"
if __name__ == "__main__":
    x = torch.linspace(0, 6, 301)
    W = torch.tensor([[3.0], [4.0], [3.0]])
    b_vec, c = torch.tensor([-3.0, -11.0, -15.0]), torch.tensor([2.4, -3.2, 1.4])
    b = torch.tensor(0.5)

    fig, (above, below) = plt.subplots(2, 1, sharex=True, figsize=(4.5, 5))
    above.plot(x, 0.5 + 0.25 * x, color="C1")
    above.set(title="$y = b + w x_1$", ylabel="$y$")
    below.plot([0, 6], [0.5, 0.5], ":", color="C2")
    below.text(6.1, 0.5, "$b$", color="C2", va="center")
    for i, height in enumerate(c):
        below.plot(x, height * torch.sigmoid(b_vec[i] + W[i] * x), "--", color="C0")
        below.text(6.1, height, f"$i = {i + 1}$", color="C0", va="center")
    below.plot(x, predict(x[:, None], W, b_vec, c, b), color="C1")
    below.set_title(r"$y = b + \sum_i c_i\,\sigma(b_i + w_i x_1)$")
    below.set(xlabel="$x_1$", ylabel="$y$")
    plt.show()

# %% [markdown] lang="zh"
# ## sigmoid 越多越好吗？
#
# 让训练同时修改所有的 $w$、$b$、$c$，去拟合上面那条光滑曲线。起点有两种：
#
# - *手工摆好*：把上面的斜坡换成 sigmoid，斜率减半，使相邻的 S 相互重叠；
# - *随机*：每条 S 的位置、斜率、高度都随机抽取。
# %% [markdown] lang="en"
# ## Are more sigmoids better?
#
# Let training change all the $w$, $b$ and $c$ at once to fit the smooth curve above. It
# starts in one of two ways:
#
# - *laid by hand*: the ramps from above, as sigmoids of half the slope, so that
#   neighbours overlap;
# - *at random*: the place, the slope and the height of every S are random.


# %%
def start_by_hand(k: int) -> Tensor:
    """Return θ (1, 3k + 1): k sigmoids along the ramps through k + 1 points."""
    knots = torch.linspace(0, 6, k + 1)
    w, b_vec, c, b = ramps(knots, smooth_curve(knots))
    return stack(w[:, None] / 2, b_vec / 2, c, b)[None]


def start_at_random(k: int, starts: int, generator: torch.Generator) -> Tensor:
    """Return θ (starts, 3k + 1): every S somewhere on [0, 6], of random shape."""
    w, c = torch.randn(2, starts, k, generator=generator)
    middle = 6 * torch.rand(starts, k, generator=generator)
    b = torch.randn(starts, 1, generator=generator)
    w = w * k / 2  # about as steep as those laid by hand
    return torch.cat([w, -w * middle, c / k**0.5, b], dim=1)


# %% [markdown] lang="zh"
# 许多起点一起训练：`vmap` 把只为一个 $\theta$ 写的函数用到每一个 $\theta$ 上。
# 优化器是 Adam，梯度下降的一种，它给每个参数各自的步长（第 6 章）；
# 学习率从 $\eta$ 直线降到它的百分之一。四种 $\eta$ 都试，才不会冤枉哪一种起点。
# %% [markdown] lang="en"
# Many starts are trained at once: `vmap` applies a function written for one $\theta$ to
# each of many. The optimizer is Adam, a kind of gradient descent that gives every
# parameter a step size of its own (chapter 6); the learning rate falls in a straight
# line from $\eta$ to a hundredth of it. All four $\eta$ are tried, to be fair to both
# starts.


# %%
def curves(thetas: Tensor, x: Tensor) -> Tensor:
    """Return y (s, n) at the points x (n,) for every θ (s, 3k + 1)."""
    return vmap(lambda theta: predict(x[:, None], *unstack(theta, 1)))(thetas)


def fit(starts: Tensor, x: Tensor, y: Tensor, updates: int = UPDATES) -> Tensor:
    """Fit the points x, y (n,) from each start (s, 3k + 1) with each of the RATES.

    Returns θ (rates, s, 3k + 1). No run knows of another: their losses are added up,
    and Adam treats every number by itself.
    """
    runs = [starts.clone().requires_grad_() for _ in RATES]
    optimizer = torch.optim.Adam(
        [{"params": [run], "lr": eta} for run, eta in zip(runs, RATES, strict=True)]
    )
    schedule = torch.optim.lr_scheduler.LinearLR(
        optimizer, start_factor=1, end_factor=0.01, total_iters=updates
    )
    for _ in range(updates):
        loss = (curves(torch.cat(runs), x) - y).square().mean(1).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return torch.stack(runs).detach()


# %% [markdown] lang="zh"
# 在 65 个点上训练，误差在它们之间的细网格上量（没有噪声，只看模型够不够灵活）。
# 随机起点的学习率，由另外一组随机起点的误差中位数来选。
# %% [markdown] lang="en"
# Training sees 65 points; the error is measured on a fine grid between them (there is
# no noise: the only question is whether the model is flexible enough). The learning
# rate for random starts is chosen by the median error of other random starts.

# %% name="training"
if __name__ == "__main__":
    x, grid = torch.linspace(0, 6, 65), torch.linspace(0, 6, 601)
    target = smooth_curve(grid)
    generator = torch.Generator().manual_seed(SEED)
    hand_errors, random_errors, random_fits = [], [], []

    print("          by hand        random starts")
    print("sigmoids  rate   error   rate  median (smallest to largest)")
    for k in NUMBERS:
        starts = [start_by_hand(k), start_at_random(k, 2 * STARTS, generator)]
        thetas = fit(torch.cat(starts), x, smooth_curve(x))
        fitted = torch.stack([curves(theta, grid) for theta in thetas])
        hand, others, errors = rmse(fitted, target).split([1, STARTS, STARTS], dim=1)

        best_hand = hand[:, 0].argmin()
        best = others.median(1).values.argmin()
        error, middle = errors[best].median(0)
        hand_errors.append(hand[best_hand, 0].item())
        random_errors.append(errors[best].sort().values.tolist())
        random_fits.append(fitted[best, 1 + STARTS + middle])
        print(
            f"{k:8d}  {RATES[best_hand]:.2f}  {hand_errors[-1]:.4f}"
            f"   {RATES[best]:.2f}  {error:.4f}"
            f" ({errors[best].min():.4f} to {errors[best].max():.4f})"
        )

# %% [markdown] lang="zh"
# 随机起点里误差排在正中间的那一次，拟合出来是什么样子？
# %% [markdown] lang="en"
# What does the fit look like in the random start whose error is the median?

# %% name="fits"
if __name__ == "__main__":
    fig, axes = plt.subplots(3, 2, sharex=True, sharey=True, figsize=(4.5, 5.8))
    for ax, k, y in zip(axes.flat, NUMBERS, random_fits, strict=True):
        ax.plot(grid, target, color="C1", lw=5, alpha=0.4, label="the curve")
        ax.plot(grid, y, color="C0", lw=1.8, label="sum of sigmoids")
        ax.set_title(f"{k} sigmoid" + "s" * (k > 1))
    for ax in axes[:, 0]:
        ax.set_ylabel("$y$")
    for ax in axes[-1]:
        ax.set(xlabel="$x_1$", xticks=(0, 2, 4, 6))
    fig.legend(*ax.get_legend_handles_labels(), loc="outside upper center", ncols=2)
    plt.show()

# %% [markdown] lang="zh"
# 误差与个数：两种起点，再加上没有训练的斜坡。
# 色带从随机起点里误差最小的一次到最大的一次。
# %% [markdown] lang="en"
# Error against number, for both starts and for the ramps that were not trained. The
# light band goes from the smallest to the largest error of the random starts.

# %% name="errors"
if __name__ == "__main__":
    medians = [errors[STARTS // 2] for errors in random_errors]
    smallest = [errors[0] for errors in random_errors]
    largest = [errors[-1] for errors in random_errors]

    fig, ax = plt.subplots(figsize=(4.5, 4.2))
    ax.fill_between(NUMBERS, smallest, largest, color="C0", alpha=0.2, lw=0)
    ax.loglog(NUMBERS, medians, "o-", color="C0", label="random starts")
    ax.loglog(NUMBERS, ramp_errors, "s:", color="C1", label="ramps, not trained")
    ax.loglog(NUMBERS, hand_errors, "^--", color="C2", label="laid by hand")
    ax.set_xticks(NUMBERS, [str(k) for k in NUMBERS])
    ax.set_yticks(
        [0.003, 0.01, 0.03, 0.1, 0.3], ["0.003", "0.01", "0.03", "0.1", "0.3"]
    )
    ax.minorticks_off()
    fig.legend(loc="outside upper center", ncols=2)
    ax.set(xlabel="number of sigmoids", ylabel="error (RMSE)")
    plt.show()

# %% [markdown] lang="zh"
# 手工摆好的，个数每翻一番误差都降一大截。随机的要难一些：中位数从 2 个起也逐次下降，
# 但从 8 个起，最好的一次也不如手工摆好的近。模型能做到什么是一回事，
# 训练从哪里出发、找得到什么，是另一回事。
# %% [markdown] lang="en"
# Laid by hand, every doubling takes a large part of the error away. At random it is
# harder: from 2 sigmoids on the median falls with each doubling too, but from 8 on even
# the best of the random starts does not come as close as those laid by hand. What a
# model can do is one thing; what training finds, and from where, is another.
