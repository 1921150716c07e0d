# %% [markdown] lang="zh"
# # ReLU：更简单的零件，更深的网络
#
# 两个 ReLU 恰好拼出一个*硬* sigmoid，所以上一个实验的模型换成 ReLU 只要把
# $\sum_i$ 换成 $\sum_{2i}$。换了以后拟合得怎样？再问一个更大的问题：
# 参数一样多，为什么要把网络变深，而不是变宽（fat）？
# 这里分别看*能表示什么*和*训练得出什么*，也给出一个变深没有好处的例子。
# %% [markdown] lang="en"
# # ReLU: simpler parts, deeper networks
#
# Two ReLUs make exactly one *hard* sigmoid, so the model of the experiment before needs
# only $\sum_{2i}$ in place of $\sum_i$. How well does it fit then? And the larger
# question: with the same number of parameters, why deep and not wide (fat)?
# We look at *what can be represented* and at *what training finds*, and
# show a case in which depth does not help, too.

# %%
"""ReLUs in place of sigmoids, and deep networks against wide ones."""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

Model = tuple[Tensor, Tensor, Tensor, Tensor]  # W, b_vec, c, b
Layers = Sequence[tuple[Tensor, Tensor]]  # W, b of every layer

# %% [markdown] lang="zh"
# ## 两个 ReLU = 一个硬 sigmoid
#
# $\max(0, z)$ 在 $z = 0$ 处转弯。第一个 ReLU 在 $z = -3$ 开始上升，
# 第二个在 $z = 3$ 开始把它拉平：
# $\bigl(\max(0, z + 3) - \max(0, z - 3)\bigr) / 6$。
# %% [markdown] lang="en"
# ## Two ReLUs = one hard sigmoid
#
# $\max(0, z)$ bends at $z = 0$. A first ReLU starts to rise at $z = -3$, a second one,
# from $z = 3$ on, levels it off:
# $\bigl(\max(0, z + 3) - \max(0, z - 3)\bigr) / 6$.


# %%
def relu(z: Tensor) -> Tensor:
    """max(0, z), element by element: the rectified linear unit."""
    return z.clamp(min=0)


def hard_sigmoid(z: Tensor) -> Tensor:
    """0 up to z = −3, 1 from z = 3 on, a straight line of slope 1/6 between."""
    return torch.clamp(z / 6 + 1 / 2, 0, 1)


def two_relus(z: Tensor) -> tuple[Tensor, Tensor]:
    """Return the two ReLUs whose sum is the hard sigmoid of z."""
    return relu(z + 3) / 6, -relu(z - 3) / 6


def predict(
    X: Tensor,
    W: Tensor,
    b_vec: Tensor,
    c: Tensor,
    b: Tensor,
    activation: Callable[[Tensor], Tensor] = relu,
) -> Tensor:
    """y = b + Σᵢ cᵢ max(0, bᵢ + Σⱼ wᵢⱼ xⱼ) for every row of X.

    X (n, d), W (k, d), b_vec (k,), c (k,), b () give y (n,).
    """
    a = activation(b_vec + X @ W.T)  # (n, d) @ (d, k) -> (n, k)
    return b + a @ c  # (n, k) @ (k,) -> (n,)


def to_relus(W: Tensor, b_vec: Tensor, c: Tensor, b: Tensor) -> Model:
    """Turn k hard sigmoids into the 2k ReLUs that compute the same function."""
    return (
        torch.cat([W, W]),
        torch.cat([b_vec + 3, b_vec - 3]),
        torch.cat([c, -c]) / 6,
        b,
    )


# %% [markdown] lang="zh"
# ## $n$ 个 sigmoid 对 $2n$ 个 ReLU
#
# 同一条曲线，同一个起点（过 $n + 1$ 个点的折线），同样的步数。
# %% [markdown] lang="en"
# ## $n$ sigmoids against $2n$ ReLUs
#
# The same curve, the same start (the ramps through $n + 1$ of its points), the same
# number of steps.


# %%
def smooth_curve(x: Tensor) -> Tensor:
    """f(x) = x / 3 + sin 2x, the curve to be fitted."""
    return x / 3 + torch.sin(2 * x)


def rmse(prediction: Tensor, target: Tensor) -> Tensor:
    """Root of the mean square error over the last dimension, in the units of y."""
    return (prediction - target).square().mean(dim=-1).sqrt()


def ramps(knots: Tensor, heights: Tensor) -> Model:
    """W, b_vec, c, b of the hard sigmoids that draw the line through the points."""
    w = 6 / knots.diff()
    middle = (knots[1:] + knots[:-1]) / 2
    return w.unsqueeze(1), -w * middle, heights.diff(), heights[0]


def fit(
    x: Tensor,
    y: Tensor,
    start: Model,
    activation: Callable[[Tensor], Tensor],
    steps: int = 400,
    eta: float = 0.03,
) -> Model:
    """Train W, b_vec, c, b from `start` on the points (x, y), (n,) each.

    Gradient descent (Adam) on the mean square error; eta falls to a hundredth.
    """
    parameters = [p.clone().requires_grad_() for p in start]
    W, b_vec, c, b = parameters
    optimizer = torch.optim.Adam(parameters, lr=eta, fused=True)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1, 0.01, steps)
    for _ in range(steps):
        prediction = predict(x.unsqueeze(1), W, b_vec, c, b, activation)
        loss = (prediction - y).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return W.detach(), b_vec.detach(), c.detach(), b.detach()


# %% [markdown] lang="zh"
# ## 一层接一层
#
# 把 $a = \sigma(b + W x)$ 再当作输入，$a' = \sigma(b' + W' a)$，反复做几次。
# 最能说明"深"的函数是对折：$1 - \lvert 1 - 2x\rvert$ 只要两个 ReLU，
# 而每多对折一层，直线段的数目翻一倍。
# 只有一个隐藏层的网络，$m$ 个 ReLU 至多弯 $m$ 次，也就是至多 $m + 1$ 段。
# %% [markdown] lang="en"
# ## Layer upon layer
#
# Take $a = \sigma(b + W x)$ for an input again, $a' = \sigma(b' + W' a)$, and repeat.
# The function that shows best what depth does is folding:
# $1 - \lvert 1 - 2x\rvert$ takes two ReLUs, and every further fold doubles the number
# of straight pieces.
# With a single hidden layer, $m$ ReLUs bend at most $m$ times: at most $m + 1$ pieces.


# %%
def network(X: Tensor, layers: Layers) -> Tensor:
    """a = relu(b + W a), layer by layer; the last one, the output, without the relu.

    X (n, d). Each W is (k, d), each b (k,), or (s, k, d) and (s, k) for s networks at
    once; the last k is 1. Returns y, (n,) or (s, n).
    """
    a = X.T  # one column an example
    for W, b in layers[:-1]:
        z = b.unsqueeze(-1) + W @ a  # (k, 1) + (k, d) @ (d, n) -> (k, n)
        a = torch.relu(z)  # as relu above, with a faster gradient
    W, b = layers[-1]
    return (b.unsqueeze(-1) + W @ a).squeeze(-2)  # (1, n) -> (n,)


def count(widths: Sequence[int]) -> int:
    """Weights and biases of a fully connected network with these layer widths."""
    return sum((d + 1) * k for d, k in pairwise(widths))


def folds(n: int) -> Layers:
    """Return n hidden layers of two ReLUs each that fold [0, 1] n times: 2ⁿ pieces."""
    if n < 1:
        raise ValueError("folding takes at least one hidden layer: n >= 1")
    bends, fold = torch.tensor([0.0, -0.5]), torch.tensor([[2.0, -4.0]])
    first = [(torch.ones(2, 1), bends)]
    return first + [(fold.repeat(2, 1), bends)] * (n - 1) + [(fold, torch.zeros(1))]


def pieces(y: Tensor) -> int:
    """Number of straight pieces of a curve, from its values at equal steps (n,)."""
    slopes = y.diff()
    return 1 + int((slopes.diff().abs() > 1e-4 * slopes.abs().max()).sum())


# %% [markdown] lang="zh"
# ## 深对宽：训练出来的结果
#
# 两个有两个特征的函数。圆环 $\cos(3\pi\lVert x\rVert)$ 是复合函数：
# 先算到原点的距离，再算波。山脊 $g(x_1) + g(x_2)$ 只是两条锯齿相加，
# 没有可复用的中间结果。参数个数（几乎）相同，一个隐藏层对三个隐藏层，每种五个随机起点。
# %% [markdown] lang="en"
# ## Deep against wide: what training finds
#
# Two functions of two features. The rings $\cos(3\pi\lVert x\rVert)$ are a composition:
# first the distance from the origin, then a wave. The ridges $g(x_1) + g(x_2)$ are only
# two zigzags added up, with nothing in between to use twice.
# (Nearly) the same number of parameters, one hidden layer against three, five
# random starts each.


# %%
def rings(X: Tensor) -> Tensor:
    """cos(3π‖x‖): a wave of the distance from the origin, X (n, 2) to (n,)."""
    return torch.cos(3 * torch.pi * X.norm(dim=1))


def ridges(X: Tensor) -> Tensor:
    """g(x₁) + g(x₂), g a zigzag of four straight pieces on [−1, 1]; X (n, 2)."""
    once = 1 - X.abs()
    return (1 - (1 - 2 * once).abs()).sum(dim=1)


def initialise(widths: Sequence[int], seeds: int, generator: torch.Generator) -> Layers:
    """Random layers of s = `seeds` networks at once: W (s, k, d), b (s, k).

    W has variance 2/d (He et al., 2015), b a spread of 1/2,
    so that the first bends lie apart.
    """
    return [
        (
            torch.randn(seeds, k, d, generator=generator) * math.sqrt(2 / d),
            torch.randn(seeds, k, generator=generator) / 2,
        )
        for d, k in pairwise(widths)
    ]


def train(
    X: Tensor, y: Tensor, layers: Layers, steps: int = 400, eta: float = 0.02
) -> Layers:
    """Train every one of the s networks in `layers` on X (n, d), y (n,); return them.

    The losses are summed, so no network's gradient depends on another network.
    """
    layers = [
        (W.clone().requires_grad_(), b.clone().requires_grad_()) for W, b in layers
    ]
    parameters = [p for layer in layers for p in layer]
    optimizer = torch.optim.Adam(parameters, lr=eta, fused=True)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1, 0.01, steps)
    for _ in range(steps):
        loss = (network(X, layers) - y).square().mean(dim=-1).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return [(W.detach(), b.detach()) for W, b in layers]


# %% [markdown] lang="zh"
# ## 画图
# %% [markdown] lang="en"
# ## Figures


# %%
def plot_relu(x: Tensor, one: Tensor, first: Tensor, second: Tensor) -> Figure:
    """Above one ReLU, bent at x = −b/w; below two of them and their sum."""
    fig, (top, low) = plt.subplots(2, 1, figsize=(6, 5.8))
    top.plot(x, one, color="C0")
    top.set_xticks([x[one == 0][-1].item()], ["$-b/w$"])
    top.set_yticks([0])
    top.set_title(r"$c\,\max(0,\ b + w x_1)$")
    low.plot(x, first, "--", color="C0")
    low.plot(x, second, ":", color="C2")
    low.plot(x, first + second, color="C1")
    labels = (
        (first, "first", "C0"),
        (second, "second", "C2"),
        (first + second, "sum", "C1"),
    )
    for y, text, color in labels:
        at = (x[-1].item(), y[-1].item())
        low.annotate(
            text, at, (5, 0), textcoords="offset points", va="center", color=color
        )
    low.set_title("two ReLUs = one hard sigmoid")
    for ax in (top, low):
        ax.set(xlabel="$x_1$", ylabel="$y$")
    low.set_xlabel("$z$")
    return fig


# %%
def _node(ax: Axes, x: float, y: float, label: str, color: str) -> None:
    """A circle with a label; for the labels "S" and "ReLU", with the curve in it."""
    curves = {"S": ((-0.28, -0.1, 0.1, 0.28), (-0.2, -0.2, 0.2, 0.2)),
              "ReLU": ((-0.28, 0, 0.24), (-0.16, -0.16, 0.22))}  # fmt: skip
    face = plt.rcParams["axes.facecolor"]
    ax.add_patch(plt.Circle((x, y), 0.45, fc=face, ec=color, lw=1.8, zorder=3))
    if label in curves:
        dx, dy = curves[label]
        ax.plot([x + u for u in dx], [y + v for v in dy], color=color, zorder=4)
    else:
        ax.text(x, y, label, ha="center", va="center_baseline", zorder=4)


def _arrow(ax: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    """An arrow from centre to centre of two nodes, drawn between their rims."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    rim = 0.5 / math.hypot(dx, dy)
    tail = (start[0] + rim * dx, start[1] + rim * dy)
    head = (end[0] - rim * dx, end[1] - rim * dy)
    style = {"arrowstyle": "-|>", "color": "C5", "lw": 1.1, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", head, tail, arrowprops=style)


def _canvas(width: float, height: float) -> tuple[Figure, Axes]:
    """An empty drawing of `width` x `height` units, 6 inches wide."""
    fig, ax = plt.subplots(figsize=(6, 6 * height / width))
    ax.set(xlim=(0, width), ylim=(0, height))
    ax.set_aspect("equal")
    ax.axis("off")
    return fig, ax


# %%
def plot_same_model() -> Figure:
    """Three hard sigmoids on the left, the six ReLUs that replace them on the right."""
    fig, ax = _canvas(12, 9.4)
    sigmoids = [(2.7, 6.9 - 2.4 * i) for i in range(3)]
    relus = [(9.2, 7.5 - 2.4 * i - 1.2 * j) for i in range(3) for j in range(2)]
    for nodes, kind, color in ((sigmoids, "S", "C0"), (relus, "ReLU", "C1")):
        x = nodes[0][0]
        for node in nodes:
            _arrow(ax, (x - 2.2, 4.5), node)
            _arrow(ax, node, (x + 2.2, 4.5))
            _node(ax, *node, kind, color)
        _node(ax, x - 2.2, 4.5, "$x_1$", "C5")
        _node(ax, x + 2.2, 4.5, "+", "C2")
    ax.annotate("", (6.5, 4.5), (5.5, 4.5), arrowprops={"arrowstyle": "-|>", "lw": 2.4})
    ax.text(2.7, 8.7, "hard sigmoids", ha="center", color="C0")
    ax.text(9.2, 8.7, "twice as many ReLUs", ha="center", color="C1")
    old = r"$\sum_i\ c_i\,\sigma(b_i + w_i x_1)$"
    new = r"$\sum_{2i}\ c_i\,\max(0,\ b_i + w_i x_1)$"
    ax.text(2.7, 0.4, old, ha="center")
    ax.text(9.0, 0.4, new, ha="center")
    return fig


def plot_layers() -> Figure:
    """A deep network with its names: neuron, layer, hidden layer, deep."""
    fig, ax = _canvas(12, 9)
    columns = [(1.0, (6.6, 5.0, 3.4)), (4.2, (7.4, 5.8, 4.2, 2.6)),
               (7.4, (7.4, 5.8, 4.2, 2.6)), (10.6, (5.0,))]  # fmt: skip
    for (x, rows), (x_next, rows_next) in pairwise(columns):
        for y in rows:
            for y_next in rows_next:
                _arrow(ax, (x, y), (x_next, y_next))
    for (x, rows), color in zip(columns, ("C5", "C0", "C0", "C2"), strict=True):
        for y in rows:
            _node(ax, x, y, "ReLU" if color == "C0" else "", color)
    for i, y in enumerate(columns[0][1], start=1):
        ax.text(1.0, y, f"$x_{i}$", ha="center", va="center_baseline", zorder=4)
    ax.text(10.6, 5.0, "$y$", ha="center", va="center_baseline", zorder=4)
    for x in (4.2, 7.4):
        box = plt.Rectangle(
            (x - 0.7, 1.9), 1.4, 6.2, fill=False, ec="C0", ls="--", lw=1.2
        )
        ax.add_patch(box)
        ax.text(x, 8.35, "layer", ha="center", color="C0")
    ax.annotate("neuron", (4.6, 7.65), (5.8, 8.35), ha="center",
                arrowprops={"arrowstyle": "-", "color": "C5"})  # fmt: skip
    names = {1.0: "input", 4.2: "hidden layer 1", 7.4: "hidden layer 2", 10.6: "output"}
    for x, name in names.items():
        ax.text(x, 1.35, name, ha="center")
    ax.text(4.2, 0.7, r"$\mathbf{a} = \sigma(\mathbf{b} + W\mathbf{x})$", ha="center")
    ax.text(
        7.8, 0.7, r"$\mathbf{a}' = \sigma(\mathbf{b}' + W'\mathbf{a})$", ha="center"
    )
    ax.text(5.8, 0.0, "many hidden layers = deep", ha="center", color="C0")
    return fig


# %%
def plot_fits(x: Tensor, y: Tensor, panels: Sequence[tuple[str, Tensor]]) -> Figure:
    """One panel a model: its title, and what it makes of the curve y."""
    fig, axes = plt.subplots(len(panels), 1, sharex=True, sharey=True, figsize=(6, 4.8))
    for ax, (title, prediction) in zip(axes, panels, strict=True):
        (curve,) = ax.plot(x, y, color="C1", lw=5, alpha=0.4)
        (fitted,) = ax.plot(x, prediction, color="C0", lw=1.8)
        ax.set_title(title)
        ax.set_ylabel("$y$")
    axes[-1].set_xlabel("$x_1$")
    names = ["the curve", "fitted"]
    fig.legend([curve, fitted], names, loc="outside upper center", ncols=2)
    return fig


def plot_errors(
    numbers: Sequence[int], sigmoids: Sequence[float], relus: Sequence[float]
) -> Figure:
    """Error against n: n sigmoids, 2n ReLUs."""
    fig, ax = plt.subplots()
    ax.loglog(numbers, relus, "s--", color="C1", label="$2n$ ReLUs")
    ax.loglog(numbers, sigmoids, "o-", color="C0", label="$n$ sigmoids")
    ax.set_xticks(list(numbers), [str(n) for n in numbers])
    ax.minorticks_off()
    ax.legend(loc="lower left")
    ax.set(xlabel="$n$", ylabel="error (RMSE)")
    return fig


def plot_folds(x: Tensor, curves: Sequence[Tensor]) -> Figure:
    """What 1, 2, 3, 4 layers of two ReLUs make of x, one panel each."""
    fig, axes = plt.subplots(2, 2, sharex=True, sharey=True, figsize=(6, 4.6))
    for n, (ax, y) in enumerate(zip(axes.flat, curves, strict=True), start=1):
        ax.plot(x, y, color="C0")
        ax.set_title(f"{n} layer{'s' * (n > 1)}: {pieces(y)} pieces")
    for ax in axes[:, 0]:
        ax.set_ylabel("$y$")
    for ax in axes[1]:
        ax.set_xlabel("$x_1$")
    return fig


# %%
def plot_rings(images: Sequence[tuple[str, Tensor]]) -> Figure:
    """A title and a square image (m, m) of the function over [−1, 1]² each."""
    fig, axes = plt.subplots(1, 3, figsize=(6, 2.5))
    for ax, (title, image) in zip(axes, images, strict=True):
        ax.imshow(image.numpy(), vmin=-1, vmax=1, origin="lower", extent=(-1, 1, -1, 1))
        ax.set(xlabel="$x_1$", xticks=[], yticks=[])
        ax.set_title(title)
    axes[0].set_ylabel("$x_2$")
    return fig


def plot_deep_or_wide(
    panels: Sequence[tuple[str, Sequence[tuple[str, Sequence[int], Tensor]]]],
) -> Figure:
    """One panel a function: for each shape its parameters and errors (sizes, seeds)."""
    fig, axes = plt.subplots(len(panels), 1, sharex=True, figsize=(6, 6))
    styles = (("o-", "C0"), ("s--", "C1"))
    for ax, (title, shapes) in zip(axes, panels, strict=True):
        for (name, parameters, errors), (style, color) in zip(
            shapes, styles, strict=True
        ):
            ax.plot(
                parameters, errors.median(dim=1).values, style, color=color, label=name
            )
            ax.plot(parameters, errors, style[0], color=color, ms=4, alpha=0.4)
        ax.set(title=title, ylabel="error / spread", ylim=(0, 1.1))
    axes[0].legend(loc="lower left")
    axes[-1].set_xlabel("number of parameters")
    return fig


# %% [markdown] lang="zh"
# ## 运行
#
# 二维实验的误差在没有训练过的点上测量，再除以函数本身的标准差：
# 永远猜平均值的模型得 1。
# %% [markdown] lang="en"
# ## Run it
#
# The errors of the experiment in two dimensions are measured on points not trained on
# and divided by the function's own standard deviation: always guessing
# the mean scores 1.


# %%
def show_two_relus() -> dict[str, float]:
    """Part 1: two ReLUs against the hard sigmoid, alone and as a whole model."""
    z = torch.linspace(-6, 6, 1201, dtype=torch.float64)
    first, second = two_relus(z)
    gap = (first + second - hard_sigmoid(z)).abs().max().item()
    knots = torch.linspace(0, 6, 9, dtype=torch.float64)
    model, x = ramps(knots, smooth_curve(knots)), knots[-1] * (z.unsqueeze(1) + 6) / 12
    same = predict(x, *to_relus(*model)) - predict(x, *model, activation=hard_sigmoid)
    plot_relu(z, 0.8 * relu(z + 1), first, second)
    plot_same_model()
    print("Two ReLUs against one hard sigmoid: largest distance")
    print(f"  one hard sigmoid           {gap:.1e}")
    print(f"  8 of them, or 16 ReLUs     {same.abs().max():.1e}")
    return {"two_relus_gap": gap, "model_gap": same.abs().max().item()}


def show_fits() -> dict[str, object]:
    """Part 2: n sigmoids against 2n ReLUs, from the same ramps."""
    x = torch.linspace(0, 6, 65, dtype=torch.float64)
    grid = torch.linspace(0, 6, 601, dtype=torch.float64)
    target, numbers = smooth_curve(grid), [2, 4, 8, 16]
    curves: dict[str, list[Tensor]] = {"sigmoid": [], "relu": []}
    for n in numbers:
        knots = torch.linspace(0, 6, n + 1, dtype=torch.float64)
        W, b_vec, c, b = ramps(knots, smooth_curve(knots))
        starts = {"sigmoid": (W / 2, b_vec / 2, c, b), "relu": to_relus(W, b_vec, c, b)}
        for name, activation in (("sigmoid", torch.sigmoid), ("relu", relu)):
            model = fit(x, smooth_curve(x), starts[name], activation)
            curves[name].append(
                predict(grid.unsqueeze(1), *model, activation=activation)
            )
    sigmoids, relus = (
        [rmse(y, target).item() for y in curves[name]] for name in ("sigmoid", "relu")
    )
    plot_fits(grid, target, [
        ("4 sigmoids", curves["sigmoid"][1]), ("8 ReLUs", curves["relu"][1]),
    ])  # fmt: skip
    plot_errors(numbers, sigmoids, relus)
    print("\nError (RMSE) of n sigmoids and 2n ReLUs on a smooth curve")
    print("   n  sigmoids  parameters    2n ReLUs  parameters")
    for n, s, r in zip(numbers, sigmoids, relus, strict=True):
        print(f"  {n:2d}  {s:8.4f}  {3 * n + 1:10d}    {r:8.4f}  {6 * n + 1:10d}")
    return {
        "numbers": numbers,
        "sigmoid_errors": sigmoids,
        "relu_errors": relus,
        "sigmoid_parameters": [3 * n + 1 for n in numbers],
        "relu_parameters": [6 * n + 1 for n in numbers],
    }


def show_folds() -> dict[str, object]:
    """Part 3: what layers of two ReLUs can represent, counted."""
    x = torch.linspace(0, 1, 1025)
    depths = [1, 2, 3, 4, 5, 6]
    curves = [network(x.unsqueeze(1), folds(n)) for n in depths]
    plot_layers()
    plot_folds(x, curves[:4])
    counted = [pieces(y) for y in curves]
    deep = [count([1, *[2] * n, 1]) for n in depths]
    # one hidden layer: m ReLUs make at most m + 1 pieces
    wide = [count([1, p - 1, 1]) for p in counted]
    print("\nFolding: straight pieces, and the parameters they take")
    print("  hidden layers   ReLUs   pieces   deep   one hidden layer (at least)")
    for n, p, few, many in zip(depths, counted, deep, wide, strict=True):
        print(f"  {n:13d}   {2 * n:5d}   {p:6d}   {few:4d}   {many:16d}")
    return {"depths": depths, "pieces": counted, "fold_deep": deep, "fold_wide": wide}


# %%
SHAPES = {
    "wide": [[2, 25, 1], [2, 50, 1], [2, 100, 1]],
    "deep": [[2, 6, 6, 5, 1], [2, 9, 8, 9, 1], [2, 13, 13, 12, 1]],
}


def compare(
    function: Callable[[Tensor], Tensor],
    shapes: Sequence[Sequence[int]],
    seeds: int = 5,
) -> tuple[Tensor, Layers]:
    """Train networks of each shape; return errors (sizes, seeds), last layers."""
    generator = torch.Generator().manual_seed(0)
    X, X_new = (2 * torch.rand(n, 2, generator=generator) - 1 for n in (400, 2000))
    errors = []
    for widths in shapes:
        layers = train(X, function(X), initialise(widths, seeds, generator))
        y = function(X_new)
        errors.append(rmse(network(X_new, layers), y) / y.std())
    return torch.stack(errors), layers


def median_network(X: Tensor, layers: Layers, errors: Tensor) -> Tensor:
    """Predictions (n,) for X of the network whose error (seeds,) is the median."""
    chosen = errors.median(dim=0).indices
    return network(X, layers)[chosen]


def show_deep_or_wide() -> dict[str, object]:
    """Part 4: deep against wide with the same number of parameters, trained."""
    axis = torch.linspace(-1, 1, 60)
    grid = torch.cartesian_prod(axis, axis).flip(1)  # x_1 changes fastest
    images, panels = [("the function", rings(grid))], []
    counts = {name: [count(widths) for widths in SHAPES[name]] for name in SHAPES}
    values: dict[str, object] = {f"parameters_{n}": c for n, c in counts.items()}
    print("\nDeep (3 hidden layers) against wide (1): error / spread on new")
    print("points, median (smallest to largest) of five random starts")
    for function in (rings, ridges):
        lines = []
        for name, shapes in SHAPES.items():
            errors, layers = compare(function, shapes)
            lines.append((name, counts[name], errors))
            print_errors(f"{function.__name__}, {name}", counts[name], errors)
            values[f"{function.__name__}_{name}"] = errors.median(dim=1).values.tolist()
            values[f"{function.__name__}_{name}_min"] = errors.amin(dim=1).tolist()
            values[f"{function.__name__}_{name}_max"] = errors.amax(dim=1).tolist()
            if function is rings:
                images.append((name, median_network(grid, layers, errors[-1])))
        panels.append((function.__name__, lines))
    plot_rings([(title, image.reshape(60, 60)) for title, image in images])
    plot_deep_or_wide(panels)
    return values


def print_errors(title: str, parameters: Sequence[int], errors: Tensor) -> None:
    """Print one line a size: parameters, median, smallest and largest error."""
    for number, row in zip(parameters, errors, strict=True):
        low, middle, high = row.min(), row.median(), row.max()
        print(f"  {title:13}  {number:3d} parameters  ", end="")
        print(f"{middle:.3f}  ({low:.3f} to {high:.3f})")


# %%
def main() -> dict[str, object]:
    """Run all four parts; return the values that the notes quote."""
    values = {**show_two_relus(), **show_fits(), **show_folds(), **show_deep_or_wide()}
    plt.show()
    return values


# %%
if __name__ == "__main__":
    main()
