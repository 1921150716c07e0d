# %% [markdown] lang="zh"
# # ReLU：更简单的零件，更深的网络
#
# 硬 sigmoid 可以用两个更简单的零件拼出来：ReLU。换了零件，拟合得更好还是更差？
# 再问一个更大的问题：参数一样多，为什么要把网络变深（deep），而不是变胖（fat）？
# 先看深的网络*能表示*什么，再看*训练*找得到什么。
# %% [markdown] lang="en"
# # ReLU: simpler parts, deeper networks
#
# A hard sigmoid can be built from two parts that are even simpler: ReLUs. Do we fit
# better or worse with them? And the larger question: with the same number of
# parameters, why make a network deep, and not fat? We look first at what a deep network
# *can represent*, then at what *training* finds.

# %%
"""ReLUs in place of sigmoids, and deep networks against wide ones."""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import matplotlib.pyplot as plt
import torch
from torch import Tensor

torch.set_num_threads(1)  # the same sums, the same last digits, on every machine

# %% name="parameters"
SEED = 0
RUNS = 7  # each with its own data and its own start; odd: the median is one of them
NUMBERS = (2, 6, 18)  # of sigmoids; of ReLUs there are twice as many
RATES = (0.01, 0.03, 0.1, 0.3)  # learning rates to choose from
TRAIN, BATCH = 500, 64  # training points a run, and how many of them an update sees
UPDATES = 1500

# %% [markdown] lang="zh"
# ## 两个 ReLU = 一个硬 sigmoid
#
# ReLU 就是 $\max(0, z)$：$z < 0$ 时是零，$z > 0$ 时是 $z$ 自己。
# %% [markdown] lang="en"
# ## Two ReLUs = one hard sigmoid
#
# ReLU is $\max(0, z)$: zero where $z < 0$, and $z$ itself where $z > 0$.


# %%
def relu(z: Tensor) -> Tensor:
    """max(0, z), element by element: the rectified linear unit."""
    return torch.clamp(z, min=0)


def hard_sigmoid(z: Tensor) -> Tensor:
    """0 up to z = −3, 1 from z = 3 on, a straight line of slope 1/6 between."""
    return torch.clamp(z / 6 + 1 / 2, 0, 1)


# %% [markdown] lang="zh"
# 第一个 ReLU 从 $z = -3$ 开始上升，第二个从 $z = 3$ 开始下降。
# 它们的和离硬 sigmoid 多远？
# %% [markdown] lang="en"
# One ReLU starts to climb at $z = -3$, another starts to fall at $z = 3$. How far is
# their sum from the hard sigmoid?

# %% name="ramp"
if __name__ == "__main__":
    z = torch.linspace(-6, 6, 1201, dtype=torch.float64)
    first, second = relu(z + 3) / 6, -relu(z - 3) / 6
    ramp_gap = (first + second - hard_sigmoid(z)).abs().max().item()
    print(f"largest distance from the hard sigmoid: {ramp_gap:.1e}")

    fig, (above, below) = plt.subplots(2, 1, figsize=(4.5, 5.4))
    above.plot(z, 0.8 * relu(z + 1), color="C0")
    above.set_xticks([-1], ["$-b/w$"])
    above.set(title=r"$c\,\max(0,\ b + w x_1)$", xlabel="$x_1$", ylabel="$y$")
    below.plot(z, first, "--", color="C0")
    below.plot(z, second, ":", color="C2")
    below.plot(z, first + second, color="C1")
    below.text(5.4, 1.5, "first", color="C0", ha="right")
    below.text(4.2, -0.4, "second", color="C2", ha="right")
    below.text(-4, 0.12, "sum", color="C1")
    below.set(title="two ReLUs = one hard sigmoid", xlabel="$z$", ylabel="$y$")
    plt.show()

# %% [markdown] lang="zh"
# 一点不差，只剩浮点数的舍入。
#
# 整个模型呢？一层是 $\boldsymbol{a} = \sigma(\boldsymbol{b} + W \boldsymbol{x})$，
# $X$ 的一列是一个样本；最后一层不加激活函数。把每个硬 sigmoid 换成两个 ReLU：
# %% [markdown] lang="en"
# Exactly the same, up to the rounding of floating-point numbers.
#
# And a whole model? A layer is
# $\boldsymbol{a} = \sigma(\boldsymbol{b} + W \boldsymbol{x})$, and each column of $X$
# is an example; the last layer has no activation function. Replace every hard sigmoid
# by two ReLUs:

# %%
Layers = Sequence[tuple[Tensor, Tensor]]  # W (k, d) and b (k, 1) of every layer
Activation = Callable[[Tensor], Tensor]


def network(X: Tensor, layers: Layers, activation: Activation = torch.relu) -> Tensor:
    """a = σ(b + W a), layer by layer, and at last y = b + W a, for the columns of X.

    X (d, n) gives y (n,). Many networks at once: X (…, d, n), W (…, k, d), b (…, k, 1)
    give y (…, n).
    """
    a = X
    for W, b in layers[:-1]:
        a = activation(b + W @ a)  # (k, 1) + (k, d) @ (d, n) -> (k, n)
    W, b = layers[-1]
    return (b + W @ a).squeeze(-2)  # (1, n) -> (n,)


def to_relus(layers: Layers) -> Layers:
    """Turn one hidden layer of k hard sigmoids into 2k ReLUs: the same function."""
    (W, b), (c, constant) = layers
    hidden = torch.cat([W, W]), torch.cat([b + 3, b - 3])
    return [hidden, (torch.cat([c, -c], dim=1) / 6, constant)]


# %% [markdown] lang="zh"
# 随便取 8 个硬 sigmoid、3 个特征，在 1000 个点上比一比。
# %% [markdown] lang="en"
# Take any 8 hard sigmoids of 3 features, and compare at 1000 points.

# %% name="model"
if __name__ == "__main__":
    torch.manual_seed(SEED)
    shapes = (8, 3), (8, 1), (1, 8), (1, 1)
    W, b, c, constant = (torch.randn(shape, dtype=torch.float64) for shape in shapes)
    X = torch.randn(3, 1000, dtype=torch.float64)
    sigmoid_layers = [(W, b), (c, constant)]
    with_sigmoids = network(X, sigmoid_layers, hard_sigmoid)
    with_relus = network(X, to_relus(sigmoid_layers))
    model_gap = (with_relus - with_sigmoids).abs().max().item()
    print(f"8 hard sigmoids against 16 ReLUs: largest distance {model_gap:.1e}")

# %% [markdown] lang="zh"
# 同一个函数：$\sum_i$ 变成 $\sum_{2i}$。
#
# ## $n$ 个 sigmoid 对 $2n$ 个 ReLU
#
# 训练出来，哪一种更近？也许要看曲线的样子，所以取两类曲线，每次运行各画一条：
# 光滑的，是三个正弦波之和；带尖角的，是折线。
# %% [markdown] lang="en"
# The same function: $\sum_i$ has become $\sum_{2i}$.
#
# ## $n$ sigmoids against $2n$ ReLUs
#
# After training, which comes closer? It may depend on the curve, so take two kinds, and
# draw one of each for every run: smooth ones, sums of three sine waves, and kinked
# ones, points joined by straight lines.


# %%
def smooth_curves(x: Tensor) -> Tensor:
    """Σ aₘ sin(m x + φₘ), m = 1, 2, 3, at x (s, n): s curves, random a and φ each."""
    m = torch.arange(1, 4).reshape(3, 1)
    a = torch.randn(len(x), 3, 1) / m.sqrt()
    phase = 2 * math.pi * torch.rand(len(x), 3, 1)
    return (a * torch.sin(m * x.unsqueeze(1) + phase)).sum(1)


def kinked_curves(x: Tensor) -> Tensor:
    """Random heights at 0, 1, …, 6 joined by straight lines, at x (s, n) in [0, 6]."""
    heights = torch.randn(len(x), 7)
    left = x.long().clamp(max=5)
    return torch.lerp(heights.gather(1, left), heights.gather(1, left + 1), x - left)


def standardise(y: Tensor) -> Tensor:
    """Give y (…, n) mean 0 and standard deviation 1: always guessing 0 errs by 1."""
    return (y - y.mean(-1, keepdim=True)) / y.std(-1, keepdim=True)


# %% [markdown] lang="zh"
# 两边同样的起点规则、同样多的更新、同样的四个学习率。许多网络一起训练：
# 每个网络的参数排成一个 $\theta$，再按层切开。
# 起点：权重的方差是 $2/d$（何恺明等，2015），第一层的每个转弯处都经过一个训练点。
# %% [markdown] lang="en"
# Both sides get the same rule for the start, the same number of updates, the same four
# learning rates. Many networks are trained at once: each has its parameters in one
# $\theta$, which is cut into layers. The start: weights of variance $2/d$ (He et al.,
# 2015), and each bend of the first layer goes through a training point.


# %%
def count(widths: Sequence[int]) -> int:
    """Weights and biases of a fully connected network with these layer widths."""
    return sum((d + 1) * k for d, k in pairwise(widths))


def start(widths: Sequence[int], X: Tensor) -> Tensor:
    """θ (s, count(widths)) of s networks, for the points X (s, d, n)."""
    parts = []
    for layer, (d, k) in enumerate(pairwise(widths)):
        W = torch.randn(len(X), k, d) * math.sqrt(2 / d)
        through = X[..., :k].mT if layer == 0 else torch.zeros(k, d)
        parts += [W.flatten(1), -(W * through).sum(-1)]
    return torch.cat(parts, dim=1)


def cut(theta: Tensor, widths: Sequence[int]) -> Layers:
    """Cut θ (…, count(widths)) into the layers: W (…, k, d) and b (…, k, 1)."""
    layers = []
    for d, k in pairwise(widths):
        W, b, theta = theta.tensor_split([k * d, k * d + k], dim=-1)
        layers.append((W.unflatten(-1, (k, d)), b.unsqueeze(-1)))
    return layers


# %% [markdown] lang="zh"
# 优化器是 Adam，梯度下降的一种，步子的大小只由学习率定、与梯度的大小无关（第 6 章）。
# 所以可以让它以 1 为学习率去找“走了多远”，再乘上每个网络自己的学习率 $\eta$。
# 学习率直线下降到百分之一；每次更新看 64 个随机的训练点。
# %% [markdown] lang="en"
# The optimizer is Adam, a kind of gradient descent whose steps are as large as the
# learning rate says, however large the gradient is (chapter 6). So let it find how far
# to move with rate 1, and multiply by each network's own rate $\eta$. The rate falls in
# a straight line to a hundredth; each update sees 64 random training points.


# %%
def train(
    X: Tensor, Y: Tensor, widths: Sequence[int], activation: Activation
) -> Tensor:
    """Train s networks on each of t targets with each of the r RATES: θ (t, r, s, p).

    X (s, d, n), Y (t, s, n), of which the first TRAIN points are seen. The losses are
    added up, so no network knows of another.
    """
    theta = start(widths, X)
    rates = torch.tensor(RATES).reshape(-1, 1, 1)
    moved = torch.zeros(len(Y), len(RATES), *theta.shape, requires_grad=True)
    optimizer = torch.optim.Adam([moved], lr=1)
    schedule = torch.optim.lr_scheduler.LinearLR(
        optimizer, start_factor=1, end_factor=0.01, total_iters=UPDATES
    )
    for _ in range(UPDATES):
        batch = torch.randint(TRAIN, (BATCH,))
        y = network(X[..., batch], cut(theta + rates * moved, widths), activation)
        loss = (y - Y[:, None, :, batch]).square().mean(-1).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return (theta + rates * moved).detach()


# %% [markdown] lang="zh"
# 点分三份：训练；验证，用来选学习率；测试，最后量误差
# （均方根误差，以曲线自己的标准差为单位）。
# %% [markdown] lang="en"
# The points come in three parts: for training; for validation, which chooses the
# learning rate; and for testing, where the error is measured at the end (root mean
# squared error, in units of the curve's own standard deviation).


# %%
def tune(
    X: Tensor, Y: Tensor, widths: Sequence[int], activation: Activation = torch.relu
) -> tuple[Tensor, Tensor]:
    """Return test errors (t, s) and θ (t, s, p) at the best rate for each target.

    X (s, d, n), Y (t, s, n): the first TRAIN points train, half of the rest choose the
    rate with the smallest median error over the s runs, the other half test.
    """
    theta = train(X, Y, widths, activation)
    y = network(X[..., TRAIN:], cut(theta, widths), activation)
    squares = (y - Y[:, None, :, TRAIN:]).square()
    validation, test = (part.mean(-1).sqrt() for part in squares.chunk(2, dim=-1))
    best = validation.median(-1).values.argmin(1)
    targets = torch.arange(len(Y))
    return test[targets, best], theta[targets, best]


def summary(errors: Tensor) -> str:
    """The median of errors (s,), and the smallest and the largest."""
    return f"{errors.median():.3f} ({errors.min():.3f} to {errors.max():.3f})"


# %% name="training"
if __name__ == "__main__":
    torch.manual_seed(SEED)
    x = 6 * torch.rand(RUNS, 1, TRAIN + 800)
    kinds = smooth_curves, kinked_curves
    y = standardise(torch.stack([curves(x.squeeze(1)) for curves in kinds]))
    sigmoids = [tune(x, y, [1, n, 1], torch.sigmoid) for n in NUMBERS]
    relus = [tune(x, y, [1, 2 * n, 1]) for n in NUMBERS]
    sigmoid_errors = torch.stack([errors for errors, _ in sigmoids], dim=1)
    relu_errors = torch.stack([errors for errors, _ in relus], dim=1)

    print("curve    n  n sigmoids              2n ReLUs")
    for kind, name in enumerate(("smooth", "kinked")):
        for i, n in enumerate(NUMBERS):
            both = summary(sigmoid_errors[kind, i]), summary(relu_errors[kind, i])
            print(f"{name}  {n:2d}  {both[0]}  {both[1]}")

# %% [markdown] lang="zh"
# 误差是各次运行的中位数，括号里是最小和最大的一次。光滑的曲线，两边不分高下，
# 虽然 sigmoid 的个数只有一半。带尖角的曲线，2 个对 4 个时也不分高下；18 个对 36 个时，
# ReLU 近得多：ReLU 自己就是一个尖角。
#
# 画出第一次运行里，6 个 sigmoid 和 12 个 ReLU 的拟合。
# %% [markdown] lang="en"
# An error is the median of the runs, with the smallest and the largest in brackets. On
# smooth curves neither side wins, though there are half as many sigmoids. On kinked
# curves neither wins with 2 against 4; with 18 against 36, the ReLUs come much closer:
# a ReLU is a kink itself.
#
# Draw what 6 sigmoids and 12 ReLUs made of the curves of the first run.

# %% name="fits"
if __name__ == "__main__":
    at, order = x[0, 0].sort()
    fig, axes = plt.subplots(2, 1, sharex=True, figsize=(4.5, 5.6))
    for kind, ax in enumerate(axes):
        six = network(x, cut(sigmoids[1][1][kind], [1, 6, 1]), torch.sigmoid)
        twelve = network(x, cut(relus[1][1][kind], [1, 12, 1]))
        ax.plot(at, y[kind, 0, order], color="C5", lw=5, alpha=0.4, label="the curve")
        ax.plot(at, six[0, order], color="C0", lw=1.8, label="6 sigmoids")
        ax.plot(at, twelve[0, order], "--", color="C1", lw=1.8, label="12 ReLUs")
        ax.set_ylabel("$y$")
    axes[1].set_xlabel("$x_1$")
    fig.legend(*ax.get_legend_handles_labels(), loc="outside upper center", ncols=2)
    plt.show()

# %% [markdown] lang="zh"
# sigmoid 的和是光滑的，尖角被磨圆；ReLU 的和是折线，圆弧被削成段。
# 误差随个数怎样变？色带从误差最小的一次到最大的一次。
# %% [markdown] lang="en"
# A sum of sigmoids is smooth and rounds the kinks off; a sum of ReLUs is piecewise
# linear and cuts the arcs into pieces. How does the error change with the number? The
# bands go from the smallest error of the runs to the largest.

# %% name="errors"
if __name__ == "__main__":
    fig, axes = plt.subplots(2, 1, sharex=True, sharey=True, figsize=(4.5, 5.6))
    for errors, style, color, label in (
        (sigmoid_errors, "o-", "C0", "$n$ sigmoids"),
        (relu_errors, "s--", "C1", "$2n$ ReLUs"),
    ):
        for ax, e in zip(axes, errors, strict=True):  # e (numbers, runs)
            ax.fill_between(NUMBERS, e.amin(1), e.amax(1), color=color, alpha=0.15)
            ax.loglog(NUMBERS, e.median(1).values, style, color=color, label=label)
            ax.set(ylabel="error")
    axes[0].set_title("smooth curves")
    axes[1].set(title="kinked curves", xlabel="$n$")
    axes[1].set_xticks(NUMBERS, [str(n) for n in NUMBERS])
    axes[1].set_yticks([0.001, 0.01, 0.1, 1], ["0.001", "0.01", "0.1", "1"])
    axes[1].minorticks_off()
    axes[1].legend(loc="lower left")
    plt.show()

# %% [markdown] lang="zh"
# ## 一层接一层：能表示什么
#
# `network` 可以有许多层。最能说明“深”的函数是对折：
# $1 - \lvert 1 - 2x\rvert$ 只要两个 ReLU，再叠一层就再折一次。
# 对折 $n$ 次，有几段直线？
# %% [markdown] lang="en"
# ## Layer upon layer: what can be represented
#
# A `network` may have many layers. The function that shows best what depth can do is
# folding: $1 - \lvert 1 - 2x\rvert$ takes just two ReLUs, and one more layer folds once
# more. How many straight pieces are there after $n$ folds?


# %%
def folds(n: int) -> Layers:
    """Fold [0, 1] n ≥ 1 times: n hidden layers of two ReLUs each, and the output."""
    bends, fold = torch.tensor([[0.0], [-0.5]]), torch.tensor([[2.0, -4.0]])
    deeper = [(fold.repeat(2, 1), bends)] * (n - 1)
    return [(torch.ones(2, 1), bends), *deeper, (fold, torch.zeros(1, 1))]


def pieces(y: Tensor) -> int:
    """Number of straight pieces of a curve, from its values at equal steps (n,)."""
    slopes = y.diff()
    return 1 + int((slopes.diff().abs() > 1e-4 * slopes.abs().max()).sum())


# %% [markdown] lang="zh"
# 只有一个隐藏层时，每个 ReLU 至多弯一次：$m$ 个 ReLU 至多 $m + 1$ 段。
# 要同样多的段数，它至少要多少参数？
# %% [markdown] lang="en"
# In a network of one hidden layer, each ReLU bends at most once: $m$ ReLUs, at most
# $m + 1$ pieces. How many parameters does it need, at the least, for as many pieces?

# %% name="folding"
if __name__ == "__main__":
    axis = torch.linspace(0, 1, 1025)
    depths = [1, 2, 3, 4, 5, 6]
    folded = [network(axis[None], folds(n)) for n in depths]
    piece_counts = [pieces(y) for y in folded]
    deep_parameters = [count([1, *[2] * n, 1]) for n in depths]
    flat_parameters = [count([1, p - 1, 1]) for p in piece_counts]

    print("                         parameters")
    print("layers  ReLUs  pieces    deep  one layer, at least")
    for i, n in enumerate(depths):
        print(f"{n:6d}  {2 * n:5d}  {piece_counts[i]:6d}    ", end="")
        print(f"{deep_parameters[i]:4d}  {flat_parameters[i]:19d}")

    fig, axes = plt.subplots(4, 1, sharex=True, figsize=(4.5, 6.4))
    for ax, n, y in zip(axes, depths, folded, strict=False):
        ax.plot(axis, y, color="C0")
        ax.set(title=f"{n} × 2 ReLUs: {pieces(y)} pieces", ylabel="$y$")
    axes[-1].set_xlabel("$x_1$")
    plt.show()

# %% [markdown] lang="zh"
# 每加一层，段数翻一番，参数却只多六个；只用一层，参数也得跟着段数翻番。
#
# ## 深对宽：训练找得到什么
#
# 能表示，不等于训练找得到。三个目标，每个有两个特征：
#
# - *圆环*：到原点的距离的余弦，一层套一层；
# - *折痕*：12 道折痕 $\pm\lvert \boldsymbol{u}\cdot\boldsymbol{x} - t\rvert$ 之和，
#   方向和位置都是随机的，每次运行另画一组；一个隐藏层恰好够用，没有什么可以复用；
# - *山丘*：光滑，没有尖角，起伏不多。
# %% [markdown] lang="en"
# Each layer doubles the pieces and costs only six parameters more; with one layer, the
# parameters have to double with the pieces.
#
# ## Deep against wide: what training finds
#
# What can be represented need not be found by training. Three targets, with two
# features each:
#
# - *rings*: the cosine of the distance from the origin, one function inside another;
# - *creases*: the sum of 12 creases
#   $\pm\lvert \boldsymbol{u}\cdot\boldsymbol{x} - t\rvert$, in random directions and
#   places, new ones for every run; one hidden layer is just what it takes, and there is
#   nothing to reuse;
# - *hills*: smooth, without kinks, with few ups and downs.


# %%
def rings(X: Tensor) -> Tensor:
    """cos(5π/2 ‖x‖), a wave of the distance from the origin; X (…, 2, n) to (…, n)."""
    return torch.cos(2.5 * math.pi * X.norm(dim=-2))


def creases(X: Tensor) -> Tensor:
    """Σ ±|u·x − t|, 12 random unit vectors u and offsets t a run; X (s, 2, n)."""
    angle = math.pi * torch.rand(len(X), 12)
    U = torch.stack([angle.cos(), angle.sin()], dim=2)
    t = 1.4 * torch.rand(len(X), 12, 1) - 0.7
    signs = torch.tensor([1.0, -1.0]).repeat(6)
    return signs @ (U @ X - t).abs()


def hills(X: Tensor) -> Tensor:
    """sin(3 x₁) cos(2 x₂), smooth; X (…, 2, n) to (…, n)."""
    return torch.sin(3 * X[..., 0, :]) * torch.cos(2 * X[..., 1, :])


# %% [markdown] lang="zh"
# 一个隐藏层（宽）对三个隐藏层（深），参数几乎一样多，其余都和上面一样：
# 起点规则、Adam、更新次数、四个学习率由验证误差选。同一次运行里，两边学同一批点。
# %% [markdown] lang="en"
# One hidden layer (wide) against three (deep), with almost the same number of
# parameters. All else is as above: the rule for the start, Adam, the number of updates,
# four rates to choose from by validation. Within a run, both learn from the same
# points.

# %%
WIDE, DEEP = [2, 100, 1], [2, 13, 13, 12, 1]

# %% name="deep_or_wide"
if __name__ == "__main__":
    torch.manual_seed(SEED)
    X = 2 * torch.rand(RUNS, 2, TRAIN + 2000) - 1
    Y = standardise(torch.stack([rings(X), creases(X), hills(X)]))
    wide_errors, wide_theta = tune(X, Y, WIDE)
    deep_errors, deep_theta = tune(X, Y, DEEP)
    wide_size, deep_size = count(WIDE), count(DEEP)
    deep_better = (deep_errors < wide_errors).sum(1).tolist()

    targets = "rings", "creases", "hills"
    print(f"parameters: wide {wide_size}, deep {deep_size}")
    print("               error: median (smallest to largest)")
    for i, name in enumerate(targets):
        print(f"{name:7}  wide  {summary(wide_errors[i])}")
        print(f"         deep  {summary(deep_errors[i])}")
        print(f"         deep is better in {deep_better[i]} of {RUNS} runs")

    fig, axes = plt.subplots(3, 1, sharex=True, figsize=(4.5, 5.4))
    for ax, name, wide, deep in zip(
        axes, targets, wide_errors, deep_errors, strict=True
    ):
        ax.plot(torch.stack([wide, deep]), [1, 0], color="C5", lw=1, alpha=0.5)
        ax.plot(wide, torch.ones(RUNS), "o", color="C0")
        ax.plot(deep, torch.zeros(RUNS), "s", color="C1")
        ax.set(title=name, ylabel="network", xscale="log", ylim=(-0.5, 1.5))
        ax.set_yticks([0, 1], ["deep", "wide"])
    axes[-1].set_xticks([0.01, 0.03, 0.1, 0.3, 1], ["0.01", "0.03", "0.1", "0.3", "1"])
    axes[-1].minorticks_off()
    axes[-1].set_xlabel("error")
    plt.show()

# %% [markdown] lang="zh"
# 每条细线连起同一次运行的两边。圆环：深的网络多数时候更近，但各次运行相差很多。
# 折痕：宽的更近。山丘：不分高下。
#
# 所以深不是总好：目标一层套一层时，深的网络用同样多的参数走得更近；
# 目标只是一层零件之和时，宽的更近。
# %% [markdown] lang="en"
# A thin line joins the two sides of a run. Rings: the deep network is closer in most
# runs, but from run to run it differs a lot. Creases: the wide one is closer. Hills:
# neither wins.
#
# So deep is not always better: where the target is layer upon layer, a deep network
# comes closer with as many parameters; where it is just a sum of parts, a wide one
# does.
