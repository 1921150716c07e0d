# %% [markdown] lang="zh"
# # 全连接前馈网络：一层一次矩阵运算
#
# 神经网络就是一个函数：输入一个向量，输出另一个向量。这里取课上那个带数字的网络，
# 把 $(1, -1)$ 和 $(0, 0)$ 一层一层送进去；再看同一个计算的三种写法
# （逐个神经元的循环、矩阵 $\sigma(W x + b)$、`nn.Sequential`）为什么结果一样；
# 最后换掉参数，看一个结构里装着多少个函数。
# %% [markdown] lang="en"
# # A fully connected feedforward network: one matrix operation a layer
#
# A neural network is a function: a vector goes in, another comes out. Take the
# lecture's network, with its numbers, and send $(1, -1)$ and $(0, 0)$ through it layer
# by layer; see why three ways to write the computation (a loop over neurons, the
# matrices $\sigma(W x + b)$, `nn.Sequential`) agree; then change the
# parameters and see how many functions one structure holds.

# %%
"""A feedforward network computed by loops, by matrices, and by nn.Sequential."""

import math
from collections.abc import Sequence
from itertools import pairwise

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch, Rectangle
from torch import Tensor, nn

Layer = tuple[Tensor, Tensor]  # weights W (n_out, n_in) and biases b (n_out,)

# %% [markdown] lang="zh"
# ## 一个神经元，一层，整个网络
#
# 一个神经元就是一个逻辑回归：$z = \sum_j w_j x_j + b$，$a = \sigma(z)$。
# 把一层里各个神经元的权重各写成一行，叠成矩阵 $W$，
# 整层就是一次矩阵运算 $a = \sigma(W x + b)$；
# 上一层的输出是下一层的输入，一层套一层，就是整个网络。
# %% [markdown] lang="en"
# ## One neuron, one layer, the whole network
#
# One neuron is one logistic regression: $z = \sum_j w_j x_j + b$, $a = \sigma(z)$.
# Write the weights of each neuron of a layer as a row, stack the rows to a matrix $W$,
# and the layer is one matrix operation, $a = \sigma(W x + b)$.
# The output of a layer is the input of the next; layer upon layer, that is the network.


# %%
def sigmoid(z: Tensor) -> Tensor:
    """σ(z) = 1 / (1 + e⁻ᶻ), element by element; no overflow at any z."""
    e = torch.exp(-z.abs())  # never above 1
    return torch.where(z < 0, e, 1) / (1 + e)


def neuron(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """One logistic regression: σ(Σⱼ wⱼ xⱼ + b) for x (n,), w (n,), b ()."""
    z = b
    for j in range(len(x)):
        z = z + w[j] * x[j]
    return sigmoid(z)


def layer_by_loop(x: Tensor, W: Tensor, b: Tensor) -> Tensor:
    """One neuron after the other: x (n_in,) -> a (n_out,)."""
    return torch.stack([neuron(x, W[i], b[i]) for i in range(len(W))])


def layer(x: Tensor, W: Tensor, b: Tensor) -> Tensor:
    """The same layer as one matrix operation, a = σ(W x + b)."""
    return sigmoid(W @ x + b)  # (n_out, n_in) @ (n_in,) -> (n_out,)


def forward(x: Tensor, layers: Sequence[Layer]) -> list[Tensor]:
    """Return x and the output of every layer; the last one is y = f(x)."""
    activations = [x]
    for W, b in layers:
        activations.append(layer(activations[-1], W, b))
    return activations


# %%
def lecture_network() -> list[Layer]:
    """The network of the lecture: three layers of two sigmoid neurons each."""
    W1, b1 = torch.tensor([[1.0, -2.0], [-1.0, 1.0]]), torch.tensor([1.0, 0.0])
    W2, b2 = torch.tensor([[2.0, -1.0], [-2.0, -1.0]]), torch.tensor([0.0, 0.0])
    W3, b3 = torch.tensor([[3.0, -1.0], [-1.0, 4.0]]), torch.tensor([-2.0, 2.0])
    return [(W1, b1), (W2, b2), (W3, b3)]


# %% [markdown] lang="zh"
# ## 一批样本：矩阵乘矩阵
#
# 一次送进 $n$ 个样本：每个样本是矩阵 $X$ 的一行，于是一层写成
# $\sigma(X W^{T} + b)$，同一个 $b$ 加到每一行上。
# PyTorch 的 `nn.Linear` 就是这样算的。
# %% [markdown] lang="en"
# ## A batch of examples: matrix times matrix
#
# Send $n$ examples in at once: each is a row of the matrix $X$, and a layer becomes
# $\sigma(X W^{T} + b)$, the same $b$ being added to every row.
# This is what PyTorch's `nn.Linear` computes.


# %%
def forward_batch(X: Tensor, layers: Sequence[Layer]) -> Tensor:
    """Send every row of X (n, n_in) through the network at once: Y (n, n_out)."""
    A = X
    for W, b in layers:
        A = sigmoid(A @ W.T + b)  # (n, n_in) @ (n_in, n_out) -> (n, n_out)
    return A


def as_sequential(layers: Sequence[Layer]) -> nn.Sequential:
    """The same network as PyTorch modules: nn.Linear and nn.Sigmoid in turn."""
    modules: list[nn.Module] = []
    for W, b in layers:
        n_out, n_in = W.shape
        linear = nn.Linear(n_in, n_out, dtype=W.dtype)
        linear.load_state_dict({"weight": W, "bias": b})
        modules += [linear, nn.Sigmoid()]
    return nn.Sequential(*modules)


# %% [markdown] lang="zh"
# ## 为什么要用 GPU：数一数
#
# 计时因机器而异，运算量不会。一层里的乘法互不相干，可以同时做；
# $m$ 个数相加，两两配对只要 $\lceil\log_2 m\rceil$ 轮。
# 真正要排队等的只有“下一层等上一层”，所以乘法再多，*必须一个接一个*的步数也很少。
# %% [markdown] lang="en"
# ## Why a GPU: count
#
# Timings differ from machine to machine, counts do not. The products within a layer
# do not depend on one another and can be formed at the same time; $m$ numbers are
# added in $\lceil\log_2 m\rceil$ rounds, two by two. Only the next layer has to wait
# for the one before: however many products there are, few steps *must* follow
# one another.


# %%
def parameter_count(sizes: Sequence[int]) -> int:
    """Weights and biases of a fully connected network with these layer sizes."""
    return sum(n_out * n_in + n_out for n_in, n_out in pairwise(sizes))


def multiplications(sizes: Sequence[int], n: int = 1) -> int:
    """Products needed to send n examples through: one a weight and an example."""
    return n * sum(n_out * n_in for n_in, n_out in pairwise(sizes))


def steps_in_a_row(sizes: Sequence[int]) -> int:
    """Longest chain of operations that must wait for each other, for any batch size.

    A layer takes one step for all its products, ⌈log₂(n_in + 1)⌉ rounds of additions
    in pairs (n_in products and the bias), and one step for σ.
    """
    return sum(1 + math.ceil(math.log2(n_in + 1)) + 1 for n_in in sizes[:-1])


# %% [markdown] lang="zh"
# ## 结构定一组函数，参数挑其中一个
#
# 只定结构、不定参数，得到的是一*组*函数；每选一组参数 $\theta$，就从中挑出一个。
# 结构也可以自己设计：卷积层就是大多数权重固定为 $0$、
# 其余权重共用的一层。
# %% [markdown] lang="en"
# ## A structure is a set of functions; parameters pick one
#
# A structure without its parameters is a *set* of functions; every choice of $\theta$
# picks one of them. A structure can also be designed: a convolutional layer is a
# layer most of whose weights are fixed at $0$ while the others are shared.


# %%
def random_network(
    sizes: Sequence[int], generator: torch.Generator, scale: float = 4.0
) -> list[Layer]:
    """Draw every weight and bias from a normal distribution of that scale."""
    return [
        (
            scale * torch.randn(n_out, n_in, generator=generator),
            scale * torch.randn(n_out, generator=generator),
        )
        for n_in, n_out in pairwise(sizes)
    ]


def convolution_matrix(kernel: Tensor, n_in: int) -> Tensor:
    """W (n_out, n_in) of a 1-D convolution: row i holds the kernel, shifted by i.

    No padding, stride 1, so n_out = n_in − len(kernel) + 1.
    """
    k = len(kernel)
    if not 1 <= k <= n_in:
        raise ValueError(f"a kernel of {k} does not fit {n_in} inputs: shorten it")
    W = torch.zeros(n_in - k + 1, n_in, dtype=kernel.dtype)
    for i in range(len(W)):
        W[i, i : i + k] = kernel
    return W


# %% [markdown] lang="zh"
# ## 画图
# %% [markdown] lang="en"
# ## Figures


# %%
def _canvas(height: float) -> tuple[Figure, Axes]:
    """An empty sheet, 6 units wide, which are 4.5 inches."""
    fig = plt.figure(figsize=(4.5, 0.75 * height))
    fig.set_layout_engine("none")  # the sheet is the whole figure
    ax = fig.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, 6), ylim=(0, height), aspect="equal")
    ax.axis("off")
    return fig, ax


def _node(
    ax: Axes, x: float, y: float, text: str = "", color: str = "C0", r: float = 0.31
) -> None:
    face = plt.rcParams["axes.facecolor"]
    ax.add_patch(Circle((x, y), r, fc=face, ec=color, lw=1.8, zorder=3))
    ax.text(x, y, text, ha="center", va="center", zorder=4)


def _arrow(
    ax: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    color: str = "C5",
    gaps: tuple[float, float] = (0.31, 0.31),
    style: str = "-|>",
    ls: str = "-",
) -> None:
    """A straight arrow that leaves `gaps` free at its two ends."""
    look = {"arrowstyle": style, "color": color, "lw": 1.2, "ls": ls}
    shrink = {"shrinkA": 54 * gaps[0], "shrinkB": 54 * gaps[1]}  # in points
    ax.annotate("", end, start, arrowprops=look | shrink, zorder=1)


def _number(value: float, digits: int = 0) -> str:
    """A number with a true minus sign."""
    return f"{value:.{digits}f}".replace("-", "−")


def _label(ax: Axes, x: float, y: float, text: str, color: str) -> None:
    """Text on the background's colour, so that a line below it is interrupted."""
    box = {"fc": plt.rcParams["axes.facecolor"], "ec": "none", "pad": 1.2}
    ax.text(
        x, y, text, ha="center", va="center", color=color, size=11, bbox=box, zorder=2
    )


def _connect(ax: Axes, W: Tensor, xs: tuple[float, float], ys: Sequence[float]) -> None:
    """Draw the weights between two columns of neurons, each with its number."""
    left, right = xs
    for i, row in enumerate(W.tolist()):
        for j, w in enumerate(row):
            _arrow(ax, (left, ys[j]), (right, ys[i]))
            t = 0.5 if i == j else 0.34  # the slanted ones cross in the middle
            spot = left + t * (right - left), ys[j] + t * (ys[i] - ys[j])
            _label(ax, *spot, _number(w), "C0")


# %%
def _draw_network(
    ax: Axes, layers: Sequence[Layer], activations: Sequence[Tensor]
) -> None:
    """Columns of two neurons with their outputs, weights in blue, biases in orange."""
    xs = [0.45 + 1.7 * n for n in range(len(activations))]
    ys = [2.1, 0.85]
    for n, (W, b) in enumerate(layers):
        _connect(ax, W, (xs[n], xs[n + 1]), ys)
        for y, bias in zip(ys, b.tolist(), strict=True):
            _arrow(ax, (xs[n + 1], y - 0.62), (xs[n + 1], y), "C1", (0, 0.31))
            _label(ax, xs[n + 1], y - 0.64, _number(bias), "C1")
    for n, (x, a) in enumerate(zip(xs, activations, strict=True)):
        name = "$x$" if n == 0 else f"$a^{n}$" if n < len(layers) else "$y$"
        ax.text(x, 2.68, name, ha="center", va="center")
        for y, value in zip(ys, a.tolist(), strict=True):
            text = _number(value, 2 if n else 0)
            _node(ax, x, y, text, "C2" if n else "C5")


def plot_network(layers: Sequence[Layer], activations: Sequence[Tensor]) -> Figure:
    """The lecture's network with all its numbers, for one input."""
    fig, ax = _canvas(2.9)
    _draw_network(ax, layers, activations)
    return fig


def plot_network_zero(layers: Sequence[Layer], activations: Sequence[Tensor]) -> Figure:
    """The same network, the same parameters, another input."""
    fig, ax = _canvas(2.9)
    _draw_network(ax, layers, activations)
    return fig


# %%
def plot_neuron(x: Tensor, w: Tensor, b: Tensor, a: Tensor) -> Figure:
    """One neuron with two inputs: multiply, add, squash; with the numbers of a run."""
    fig, ax = _canvas(2.4)
    z = w @ x + b
    for j, y in enumerate((1.95, 1.05)):
        _node(ax, 0.6, y, _number(x[j].item()), "C5")
        _arrow(ax, (0.6, y), (2.3, 1.5), gaps=(0.31, 0.3))
        _label(ax, 1.35, y + 0.44 * (1.5 - y), _number(w[j].item()), "C0")
    _arrow(ax, (2.3, 0.72), (2.3, 1.5), "C1", (0, 0.3))
    _label(ax, 2.3, 0.74, _number(b.item()), "C1")
    _node(ax, 2.3, 1.5, "+", "C0", 0.3)
    _arrow(ax, (2.3, 1.5), (4.1, 1.5), gaps=(0.3, 0.3))
    _label(ax, 3.15, 1.5, f"$z=${_number(z.item())}", "C3")
    _node(ax, 4.1, 1.5, r"$\sigma$", "C2", 0.3)
    _arrow(ax, (4.1, 1.5), (5.0, 1.5), gaps=(0.3, 0))
    ax.text(5.05, 1.5, f"$a=${_number(a.item(), 2)}", va="center")
    for place, text, color in (
        (0.6, "inputs", "C5"), (1.42, "weights", "C0"),
        (2.3, "bias", "C1"), (4.1, "activation\nfunction", "C2"),
    ):  # fmt: skip
        ax.text(place, 0.56, text, ha="center", va="top", color=color, size=11)
    return fig


# %%
def plot_general() -> Figure:
    """Input layer, hidden layers 1, 2, …, L − 1, output layer; all connected."""
    fig, ax = _canvas(3.9)
    xs, ys = [0.5, 1.65, 2.8, 4.3, 5.45], [3.1, 2.45, 1.2]
    for here, there in ((0, 1), (1, 2), (3, 4)):
        for start in ys:
            for end in ys:
                _arrow(ax, (xs[here], start), (xs[there], end), gaps=(0.24, 0.24))
    for y in ys:
        ax.text(3.55, y, "…", ha="center", va="center", size=16)
    names = [("x", "N"), ("", ""), ("", ""), ("", ""), ("y", "M")]
    for n, (x, (name, last)) in enumerate(zip(xs, names, strict=True)):
        color = "C5" if n == 0 else "C1" if n == 4 else "C0"
        for y, index in zip(ys, ("1", "2", last), strict=True):
            _node(ax, x, y, f"${name}_{index}$" if name else "", color, 0.24)
        ax.text(x, 1.83, "⋮", ha="center", va="center", size=16)
    for x, text in zip(xs[1:], ("1", "2", "L-1", "L"), strict=True):
        ax.text(x, 3.57, f"$W^{{{text}}}, b^{{{text}}}$", ha="center")
    for left, right, text, color in (
        (0.2, 0.8, "input\nlayer", "C5"),
        (1.35, 4.6, "hidden layers", "C0"),
        (5.15, 5.75, "output\nlayer", "C1"),
    ):
        bracket = [left, left, right, right]
        ax.plot(bracket, [0.82, 0.74, 0.74, 0.82], color=color, lw=1.5)
        ax.text((left + right) / 2, 0.62, text, ha="center", va="top", color=color)
    return fig


# %%
def _bracketed(
    ax: Axes, x: float, y: float, rows: Sequence[Sequence[str]], width: float
) -> float:
    """Write a matrix with square brackets from x on; return where it ends."""
    n = len(rows[0])
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            spot = x + 0.06 + width * (j + 0.5), y + 0.36 * ((len(rows) - 1) / 2 - i)
            ax.text(*spot, text, ha="center", va="center")
    end, half = x + 0.12 + n * width, 0.19 * len(rows)
    for edge, inner in ((x, x + 0.07), (end, end - 0.07)):
        ys = [y + half, y + half, y - half, y - half]
        ax.plot([inner, edge, edge, inner], ys, color="C5", lw=1.4)
    return end


def _column(values: Tensor, digits: int = 0) -> list[list[str]]:
    return [[_number(v, digits)] for v in values.tolist()]


def plot_layer(x: Tensor, W: Tensor, b: Tensor, z: Tensor, a: Tensor) -> Figure:
    """σ(W x + b) = σ(z) = a, for the first layer, every number written out."""
    fig, ax = _canvas(1.7)
    y = 0.95
    rows = [[_number(w) for w in row] for row in W.tolist()]
    # the sign before a matrix and its room, the entries and theirs, name, colour
    parts: list[tuple[str, float, Sequence[Sequence[str]], float, str, str]] = [
        (r"$\sigma($", 0.32, rows, 0.38, "$W^1$", "C0"),
        ("", 0.1, _column(x), 0.38, "$x$", "C5"),
        ("+", 0.34, _column(b), 0.34, "$b^1$", "C1"),
        (r"$) = \sigma($", 0.8, _column(z), 0.38, "$z^1$", "C3"),
        ("$) =$", 0.5, _column(a, 2), 0.52, "$a^1$", "C2"),
    ]
    end = 0.42
    for sign, room, entries, width, name, color in parts:
        ax.text(end + room / 2, y, sign, ha="center", va="center", size=14)
        start = end + room
        end = _bracketed(ax, start, y, entries, width)
        ax.text((start + end) / 2, 0.3, name, ha="center", color=color, size=13)
    return fig


# %%
def plot_chain() -> Figure:
    """The layers in a row, and the same thing as one nested expression."""
    fig, ax = _canvas(3.6)
    xs, names = [0.4, 2.0, 3.6, 5.6], ["x", "a^1", "a^2", "y"]
    for n, (x, name) in enumerate(zip(xs, names, strict=True)):
        color = "C5" if n == 0 else "C2"
        box = Rectangle((x - 0.18, 2.35), 0.36, 0.95, fc="none", ec=color, lw=1.8)
        ax.add_patch(box)
        ax.text(x, 2.82, f"${name}$", ha="center", va="center")
    for left, right, index in ((0, 1, "1"), (1, 2, "2"), (2, 3, "L")):
        _arrow(ax, (xs[left], 2.82), (xs[right], 2.82), gaps=(0.22, 0.22))
        x = (xs[left] + xs[right]) / 2 if index != "L" else 4.85
        ax.text(x, 3.03, f"$W^{index}, b^{index}$", ha="center", color="C0")
        ax.text(x, 2.55, r"$\sigma$", ha="center", va="center", color="C0")
    _label(ax, 4.15, 2.82, "…", "C5")
    _dolls(ax)
    return fig


def _dolls(ax: Axes) -> None:
    """y = σ(Wᴸ … σ(W² σ(W¹ x + b¹) + b²) … + bᴸ), every layer boxed in the next."""
    boxes = [(2.2, 3.6, 0.34, "a^1"), (1.35, 4.3, 0.55, "a^2"), (0.35, 5.65, 0.78, "y")]
    face = plt.rcParams["axes.facecolor"]
    for left, right, half, name in boxes:
        outline = FancyBboxPatch(
            (left, 1.0 - half), right - left, 2 * half,
            boxstyle="round,pad=0,rounding_size=0.1", fc="none", ec="C2", lw=1.5,
        )  # fmt: skip
        ax.add_patch(outline)
        ax.text(
            left + 0.14, 1.0 - half, f"${name}$", va="center", color="C2",
            bbox={"fc": face, "ec": "none", "pad": 1},
        )  # fmt: skip
    for x, text in (
        (2.9, r"$\sigma(W^1 x + b^1)$"), (1.8, r"$\sigma(W^2$"), (3.93, "$+\\, b^2)$"),
        (0.78, r"$\sigma(W^L$"), (1.19, "…"), (4.52, "…"), (5.12, "$+\\, b^L)$"),
    ):  # fmt: skip
        ax.text(x, 1.0, text, ha="center", va="center")


# %%
def plot_batch() -> Figure:
    """Shapes: X (n, d) times Wᵀ (d, k), plus b in every row, gives A (n, k)."""
    fig, ax = _canvas(2.3)
    cell, top = 0.25, 1.85
    blocks = [
        (0.85, 5, 2, "$X$", "$n \\times d$", "C5"),
        (1.6, 2, 3, "$W^T$", "$d \\times k$", "C0"),
        (2.95, 1, 3, "$b$", "$k$\nin every row", "C1"),
        (4.5, 5, 3, "$A$", "$n \\times k$", "C2"),
    ]
    for left, rows, columns, name, shape, color in blocks:
        for i in range(rows):
            for j in range(columns):
                corner = left + cell * j, top - cell * (i + 1)
                # The first example's row is filled: it becomes the first row of A.
                fill = color if i == 0 and rows == 5 else "none"
                ax.add_patch(Rectangle(corner, cell, cell, fc=fill, ec=color, lw=1.2))
        middle = left + cell * columns / 2
        ax.text(middle, top + 0.1, name, ha="center", color=color, size=13)
        below = top - cell * rows - 0.1
        ax.text(middle, below, shape, ha="center", va="top", size=11)
    for x, sign in ((0.6, r"$\sigma($"), (2.65, "+"), (4.1, "$) =$")):
        ax.text(x, top - cell / 2, sign, ha="center", va="center", size=14)
    return fig


# %%
def plot_functions(
    t: Tensor, lecture: Tensor, others: Sequence[Tensor], marks: dict[float, float]
) -> Figure:
    """y₁ along the line x = (t, −t): the lecture's parameters, and random ones."""
    fig, ax = plt.subplots()
    styles = ["--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (8, 3))]
    for n, curve in enumerate(others):
        ax.plot(t, curve, color=f"C{n + 1}", ls=styles[n % len(styles)], lw=1.8)
    ax.plot(t, lecture, color="C0", lw=2.8)
    end = t[-1].item(), lecture[-1].item() + 0.03
    ax.text(*end, r"the lecture's $\theta$", ha="right", color="C0")
    ax.plot(list(marks), list(marks.values()), "o", color="C0", ms=7)
    for x, y in marks.items():
        ax.annotate(
            f"{y:.2f}", (x, y), (-8, 5), textcoords="offset points",
            ha="right", color="C0",
        )  # fmt: skip
    ax.set(xlabel="$t$, with $x = (t, -t)$", ylabel="$y_1$", ylim=(-0.03, 1.03))
    return fig


# %%
def _wires(ax: Axes, W: Tensor, left: float, shared: bool) -> None:
    """Neurons above their inputs, a line for every weight that is not 0."""
    n_out, n_in = W.shape
    inputs = [left + 0.55 * j for j in range(n_in)]
    neurons = [left + 0.55 * (i + (n_in - n_out) / 2) for i in range(n_out)]
    looks = (("C0", "-"), ("C1", "--"), ("C3", ":"))
    for i, j in torch.nonzero(W).tolist():
        # shared: same colour and dashes, same weight
        color, ls = looks[j - i] if shared else ("C5", "-")
        ends = [inputs[j], neurons[i]], [0.3, 1.5]
        ax.plot(*ends, color=color, ls=ls, lw=2.2 if shared else 1.2, zorder=1)
    for xs, y, color in ((inputs, 0.3, "C5"), (neurons, 1.5, "C2")):
        for x in xs:
            _node(ax, x, y, "", color, 0.15)


def plot_structures(
    dense: Tensor, convolution: Tensor, counts: tuple[int, int]
) -> Figure:
    """Fully connected beside convolution: the same neurons, wired differently."""
    fig, ax = _canvas(2.5)
    _wires(ax, dense, 0.3, shared=False)
    _wires(ax, convolution, 3.5, shared=True)
    names = (1.4, "fully connected"), (4.6, "convolution")
    for (x, name), count in zip(names, counts, strict=True):
        ax.text(x, 2.15, name, ha="center")
        ax.text(x, 1.85, f"{count} weights", ha="center")
    return fig


# %% [markdown] lang="zh"
# ## 跑起来
#
# 先看两个输入怎样一层层变化，再看三种写法是否一致，最后数运算量。
# %% [markdown] lang="en"
# ## Run it
#
# First the two inputs on their way through the layers, then whether the three ways
# to write it agree, then the counts.


# %%
def show_forward(x: Tensor, layers: Sequence[Layer]) -> list[Tensor]:
    """Print the vector after every layer; return all of them."""
    activations = forward(x, layers)
    for n, a in enumerate(activations):
        name = "x" if n == 0 else "y" if n == len(layers) else f"a{n}"
        print(f"  {name:<3}" + "".join(f"{value:8.2f}" for value in a.tolist()))
    return activations


def show_agreement(X: Tensor, layers: Sequence[Layer]) -> float:
    """Print how three ways compare on the rows of X; return the largest difference."""
    Y = forward_batch(X, layers)
    by_rows = torch.stack([forward(x, layers)[-1] for x in X])
    by_loop = []
    for a in X:
        for W, b in layers:
            a = layer_by_loop(a, W, b)
        by_loop.append(a)
    modules = as_sequential(layers)(X).detach()
    gaps = {
        "loop over neurons": (torch.stack(by_loop) - Y).abs().max().item(),
        "matrix times vector": (by_rows - Y).abs().max().item(),
        "nn.Sequential": (modules - Y).abs().max().item(),
    }
    print(f"\n{len(X)} random inputs as one batch, compared with:")
    for name, gap in gaps.items():
        print(f"  {name:<20} same to rounding: {gap < 1e-6}")
    return max(gaps.values())


def show_counts(table: Sequence[tuple[Sequence[int], int]]) -> None:
    """Print products, and steps that must follow one another, row by row."""
    print("\nstructure            batch       products   steps in a row")
    for sizes, n in table:
        name = "-".join(str(size) for size in sizes)
        cells = f"{multiplications(sizes, n):15,}{steps_in_a_row(sizes):17}"
        print(f"{name:<18}{n:8}{cells}")


# %%
def draw_set_of_functions(layers: Sequence[Layer], count: int = 5) -> None:
    """Figure of y₁ along x = (t, −t), for the lecture's θ and `count` random ones."""
    generator = torch.Generator().manual_seed(2)
    t = torch.linspace(-4, 4, 201)
    X = torch.stack([t, -t], dim=1)  # (201,) and (201,) -> (201, 2)
    others = [random_network([2, 2, 2, 2], generator) for _ in range(count)]
    marks = torch.tensor([[0.0, 0.0], [1.0, -1.0]])
    heights = forward_batch(marks, layers)[:, 0].tolist()
    plot_functions(
        t,
        forward_batch(X, layers)[:, 0],
        [forward_batch(X, other)[:, 0] for other in others],
        {0.0: heights[0], 1.0: heights[1]},
    )


# %%
def main() -> dict[str, float | list[float]]:
    """Both inputs through the network, three ways to compute it, and the counts."""
    layers = lecture_network()
    print("input (1, -1)")
    one = show_forward(torch.tensor([1.0, -1.0]), layers)
    print("input (0, 0)")
    zero = show_forward(torch.tensor([0.0, 0.0]), layers)
    X = torch.randn(1000, 2, generator=torch.Generator().manual_seed(0))
    show_agreement(X, layers)
    small, large, batch = [2, 2, 2, 2], [784, 1000, 1000, 10], 100
    show_counts([(small, 1), (large, 1), (large, batch)])

    W, b = layers[0]
    z = W @ one[0] + b
    plot_neuron(one[0], W[0], b[0], one[1][0])
    plot_network(layers, one)
    plot_network_zero(layers, zero)
    draw_set_of_functions(layers)
    plot_general()
    plot_layer(one[0], W, b, z, one[1])
    plot_chain()
    plot_batch()
    dense, kernel = torch.ones(3, 5), torch.ones(3)
    weights = dense.numel(), kernel.numel()
    plot_structures(dense, convolution_matrix(kernel, 5), weights)
    plt.show()
    return {
        "z1": z.tolist(),
        "a1": one[1].tolist(),
        "a2": one[2].tolist(),
        "y": one[3].tolist(),
        "zero_z1": b.tolist(),
        "zero_a1": zero[1].tolist(),
        "zero_a2": zero[2].tolist(),
        "zero_y": zero[3].tolist(),
        "batch": batch,
        "small_parameters": parameter_count(small),
        "small_products": multiplications(small),
        "small_steps": steps_in_a_row(small),
        "large_parameters": parameter_count(large),
        "large_products": multiplications(large),
        "large_steps": steps_in_a_row(large),
        "batch_products": multiplications(large, batch),
        "dense_weights": weights[0],
        "shared_weights": weights[1],
    }


# %%
if __name__ == "__main__":
    main()
