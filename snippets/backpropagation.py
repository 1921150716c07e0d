# %% [markdown] lang="zh"
# # 反向传播：把网络倒过来跑
#
# 网络有上百万个权重，每个都要一个偏导数 $\partial C / \partial w$。
# 一个一个算太慢。这里把前向传播和后向传播一行一行写出来，在课上那个小网络上跑，
# 与自动微分和有限差分核对，再数一数到底省了多少次乘法。
# %% [markdown] lang="en"
# # Backpropagation: running the network backwards
#
# A network has millions of weights, and each needs its partial derivative
# $\partial C / \partial w$. One at a time is far too slow. Here the forward and the
# backward pass are written out line by line, run on the lecture's small network,
# checked against automatic differentiation and finite differences, and the
# multiplications they save are counted.

# %%
"""Forward pass, backward pass, and their product: the gradient, by hand."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Polygon
from torch import Tensor

torch.set_num_threads(1)  # the same sums, the same last digits, on every machine

Layer = tuple[Tensor, Tensor]  # W (k, d), b (k,)
Function = Callable[[Tensor], Tensor]

# %% [markdown] lang="zh"
# ## 前向传播
#
# 一层一层算 $z = W a + b$ 和 $a' = \sigma(z)$，并记住每一层的输出：
# 从 $w$ 进来的值就是 $\partial z / \partial w$，后面要用。
# $\sigma'(z) = a\,(1 - a)$ 也能直接从输出 $a$ 得到。
# %% [markdown] lang="en"
# ## Forward pass
#
# Layer by layer compute $z = W a + b$ and $a' = \sigma(z)$, and keep every output:
# the value that comes in through $w$ is $\partial z / \partial w$ and will be needed.
# $\sigma'(z) = a\,(1 - a)$ is had from the output $a$ as well.


# %%
def sigmoid(z: Tensor) -> Tensor:
    """σ(z) = 1 / (1 + e⁻ᶻ), element by element; no overflow at any z."""
    e = torch.exp(-z.abs())
    return torch.where(z < 0, e, 1) / (1 + e)


def sigmoid_slope(a: Tensor) -> Tensor:
    """σ′(z) from the output a = σ(z): a (1 − a), at most 1/4."""
    return a * (1 - a)


def relu(z: Tensor) -> Tensor:
    """max(0, z), element by element."""
    return z.clamp(min=0)


def relu_slope(a: Tensor) -> Tensor:
    """The slope of ReLU from its output: 1 where it is on, 0 where it is off."""
    return (a > 0).to(a.dtype)


def forward(
    x: Tensor, layers: Sequence[Layer], activation: Function = sigmoid
) -> list[Tensor]:
    """Return x and the output a = σ(W a + b) of every layer; the last one is y."""
    activations = [x]
    for W, b in layers:
        activations.append(activation(W @ activations[-1] + b))  # (k, d) @ (d,) -> (k,)
    return activations


def cost(y: Tensor, y_hat: Tensor) -> Tensor:
    """C = Σᵢ (yᵢ − ŷᵢ)², the squared distance from the target ŷ."""
    return (y - y_hat).square().sum()


# %% [markdown] lang="zh"
# ## 后向传播
#
# 从输出层开始：$\partial C / \partial z = \sigma'(z)\,\partial C / \partial y$。
# 每往前一层，乘上权重矩阵的转置，再乘 $\sigma'(z)$：
# 这正是同一个网络倒过来跑，$\sigma'(z)$ 是前向传播时就定下的常数。
# %% [markdown] lang="en"
# ## Backward pass
#
# Start at the output layer:
# $\partial C / \partial z = \sigma'(z)\,\partial C / \partial y$.
# For every layer further back multiply by the transposed weights, then by
# $\sigma'(z)$: this is the same network run backwards, and the $\sigma'(z)$ are
# constants, fixed by the forward pass.


# %%
def backward(
    activations: Sequence[Tensor],
    layers: Sequence[Layer],
    y_hat: Tensor,
    slope: Function = sigmoid_slope,
) -> list[Tensor]:
    """Return ∂C/∂z of every layer, first layer first; C is the squared distance."""
    y = activations[-1]
    dz = [slope(y) * 2 * (y - y_hat)]
    for (W, _), a in zip(layers[:0:-1], activations[-2:0:-1], strict=True):
        dz.append(slope(a) * (W.T @ dz[-1]))  # (d, k) @ (k,) -> (d,)
    return dz[::-1]


def gradients(activations: Sequence[Tensor], dz: Sequence[Tensor]) -> list[Layer]:
    """∂C/∂W = ∂C/∂z · aᵀ and ∂C/∂b = ∂C/∂z for every layer, a being its input."""
    return [(torch.outer(d, a), d) for d, a in zip(dz, activations[:-1], strict=True)]


def update(layers: Sequence[Layer], grads: Sequence[Layer], eta: float) -> list[Layer]:
    """Move every weight at once; the gradients all belong to the old weights."""
    return [
        (W - eta * dW, b - eta * db)
        for (W, b), (dW, db) in zip(layers, grads, strict=True)
    ]


# %% [markdown] lang="zh"
# ## 核对，以及代价
#
# 最笨的办法是有限差分：把一个权重拨动一点点，整个网络重跑一遍，看 $C$ 变了多少。
# 每个权重要跑两遍前向传播，而反向传播一共只要一遍前向、一遍后向。
# %% [markdown] lang="en"
# ## A check, and the price
#
# The plain way is a finite difference: nudge one weight, run the whole network again,
# and see how $C$ changes. That takes two forward passes for every weight, while
# backpropagation takes one forward and one backward pass in all.


# %%
def finite_differences(
    x: Tensor, y_hat: Tensor, layers: Sequence[Layer], h: float = 1e-6
) -> list[Layer]:
    """(C(w + h) − C(w − h)) / 2h for every single weight and bias."""

    def slope(parameter: Tensor) -> Tensor:
        result = torch.zeros_like(parameter)
        for i in range(parameter.numel()):
            ends = []
            for step in (h, -h):
                parameter.view(-1)[i] += step
                ends.append(cost(forward(x, layers)[-1], y_hat))
                parameter.view(-1)[i] -= step
            result.view(-1)[i] = (ends[0] - ends[1]) / (2 * h)
        return result

    layers = [(W.clone(), b.clone()) for W, b in layers]
    return [(slope(W), slope(b)) for W, b in layers]


def autograd(x: Tensor, y_hat: Tensor, layers: Sequence[Layer]) -> list[Layer]:
    """The same gradients from PyTorch's automatic differentiation."""
    leaves = [p.clone().requires_grad_() for layer in layers for p in layer]
    own = list(zip(leaves[::2], leaves[1::2], strict=True))
    grads = torch.autograd.grad(cost(forward(x, own)[-1], y_hat), leaves)
    return list(zip(grads[::2], grads[1::2], strict=True))


def gap(first: Sequence[Layer], second: Sequence[Layer]) -> float:
    """The largest difference between two sets of gradients."""
    ours, theirs = ([p for layer in grads for p in layer] for grads in (first, second))
    return max((p - q).abs().max().item() for p, q in zip(ours, theirs, strict=True))


def multiplications(sizes: Sequence[int]) -> dict[str, int]:
    """Count the products of weights: forward pass, backward pass, finite differences.

    A layer of d inputs and k outputs takes d·k forward, d·k to pass ∂C/∂z back (not
    through the first layer), d·k for ∂C/∂W; a finite difference two forward passes.
    """
    weights = [d * k for d, k in pairwise(sizes)]
    once, parameters = sum(weights), sum((d + 1) * k for d, k in pairwise(sizes))
    return {
        "parameters": parameters,
        "forward": once,
        "backward": 2 * once - weights[0],
        "differences": 2 * parameters * once,
    }


# %%
def lecture_network() -> list[Layer]:
    """The network of the lecture: three layers of two sigmoid neurons each."""
    numbers = (
        ([[1, -2], [-1, 1]], [1, 0]),
        ([[2, -1], [-2, -1]], [0, 0]),
        ([[3, -1], [-1, 4]], [-2, 2]),
    )
    double = torch.float64
    return [(torch.tensor(W, dtype=double), torch.tensor(b, dtype=double))
            for W, b in numbers]  # fmt: skip


def random_network(
    sizes: Sequence[int], generator: torch.Generator, gain: float = 1.0
) -> list[Layer]:
    """Weights of variance gain²/d, biases zero, in double precision."""
    layers = []
    for d, k in pairwise(sizes):
        W = torch.randn(k, d, generator=generator, dtype=torch.float64)
        layers.append((gain * W / d**0.5, torch.zeros(k, dtype=torch.float64)))
    return layers


def signals(
    depth: int, activation: Function, slope: Function, gain: float, runs: int = 20
) -> Tensor:
    """Mean size of ∂C/∂z in each layer (depth,) of random networks 50 wide."""
    generator = torch.Generator().manual_seed(0)
    sizes = []
    for _ in range(runs):
        layers = random_network([50] * (depth + 1), generator, gain)
        x = torch.randn(50, generator=generator, dtype=torch.float64)
        a = forward(x, layers, activation)
        dz = backward(a, layers, a[-1] - 1, slope)  # ∂C/∂y = 2 everywhere
        sizes.append(torch.stack([d.square().mean().sqrt() for d in dz]))
    return torch.stack(sizes).mean(dim=0)


# %% [markdown] lang="zh"
# ## 画图
# %% [markdown] lang="en"
# ## Figures


# %%
TOUCH = (0.03, 0.03)  # inches free at the ends of an arrow between two amplifiers


def _canvas(height: float) -> tuple[Figure, Axes]:
    """An empty sheet, 4.5 wide, on which one unit is one inch."""
    fig = plt.figure(figsize=(4.5, height))
    fig.set_layout_engine("none")
    ax = fig.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, 4.5), ylim=(0, height), aspect="equal")
    ax.axis("off")
    return fig, ax


def _node(ax: Axes, x: float, y: float, text: str = "", color: str = "C0") -> None:
    face = plt.rcParams["axes.facecolor"]
    ax.add_patch(Circle((x, y), 0.29, fc=face, ec=color, lw=1.8, zorder=3))
    ax.text(x, y, text, ha="center", va="center", zorder=4)


def _amplifier(ax: Axes, x: float, y: float, color: str = "C3") -> None:
    """A triangle that points left: the backward pass runs from right to left."""
    face = plt.rcParams["axes.facecolor"]
    corners = [(x - 0.3, y), (x + 0.23, y + 0.29), (x + 0.23, y - 0.29)]
    ax.add_patch(Polygon(corners, fc=face, ec=color, lw=1.8, zorder=3))


def _arrow(
    ax: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    color: str = "C5",
    gaps: tuple[float, float] = (0.31, 0.31),
) -> None:
    """A straight arrow that leaves `gaps` inches free at its two ends."""
    look = {"arrowstyle": "-|>", "color": color, "lw": 1.3}
    shrink = {"shrinkA": 72 * gaps[0], "shrinkB": 72 * gaps[1]}
    ax.annotate("", end, start, arrowprops=look | shrink, zorder=1)


def _label(
    ax: Axes, x: float, y: float, text: str, color: str = "C5", size: int = 12
) -> None:
    """Text on the background's colour, so that a line below it is interrupted."""
    box = {"fc": plt.rcParams["axes.facecolor"], "ec": "none", "pad": 1.2}
    ax.text(
        x, y, text, ha="center", va="center", color=color, size=size, bbox=box, zorder=5
    )


def _rule(ax: Axes, x: float, y: float, formula: str) -> None:
    """A formula in display size, centred at (x, y)."""
    ax.text(x, y, formula, ha="center", va="center", size=13)


def _number(value: float, digits: int = 0) -> str:
    """A number with a true minus sign."""
    return f"{value:.{digits}f}".replace("-", "−")


# %%
def plot_descent() -> Figure:
    """θ⁰ → θ¹ → θ², and the gradient each step needs: a vector as long as θ."""
    fig, ax = _canvas(3.3)
    for i, x in enumerate((0.4, 1.75, 3.1)):
        _node(ax, x, 2.7, rf"$\theta^{i}$", "C0")
        _arrow(ax, (x, 2.7), (x + 1.35, 2.7), gaps=(0.31, 0.31 if i < 2 else 0.45))
        _label(ax, x + 0.67, 3.1, rf"$-\eta\nabla L(\theta^{i})$", "C1")
    ax.text(4.25, 2.7, "$\\dots$", ha="center", va="center")
    entries = (r"$\partial L/\partial w_1$", r"$\partial L/\partial w_2$",
               r"$\vdots$", r"$\partial L/\partial b_1$", r"$\vdots$")  # fmt: skip
    ax.text(0.68, 1.15, r"$\nabla L(\theta)\ =$", ha="center", va="center", size=13)
    for k, entry in enumerate(entries):
        ax.text(1.85, 1.95 - 0.4 * k, entry, ha="center", va="center")
    for x, tip in ((1.35, 0.1), (2.35, -0.1)):
        ax.plot([x + tip, x, x, x + tip], [2.2, 2.2, 0.1, 0.1], color="C5", lw=1.5)
    ax.text(2.6, 1.15, "one entry for every\nweight and bias:\nmillions of them",
            va="center", color="C1")  # fmt: skip
    return fig


def plot_chain_rule() -> Figure:
    """Case 1: one way from x to z. Case 2: two ways from s to z, added up."""
    fig, ax = _canvas(4.4)
    for x, name in ((0.5, "$x$"), (2.25, "$y$"), (4.0, "$z$")):
        _node(ax, x, 3.7, name)
    _arrow(ax, (0.5, 3.7), (2.25, 3.7))
    _arrow(ax, (2.25, 3.7), (4.0, 3.7))
    _label(ax, 1.37, 4.02, r"$dy/dx$", "C1")
    _label(ax, 3.13, 4.02, r"$dz/dy$", "C1")
    _rule(ax, 2.25, 3.0, r"$\dfrac{dz}{dx} = \dfrac{dz}{dy}\,\dfrac{dy}{dx}$")
    for x, y, name in ((0.5, 1.6, "$s$"), (2.25, 2.2, "$x$"), (2.25, 1.0, "$y$"),
                       (4.0, 1.6, "$z$")):  # fmt: skip
        _node(ax, x, y, name)
    for y, name in ((2.2, "x"), (1.0, "y")):
        _arrow(ax, (0.5, 1.6), (2.25, y))
        _arrow(ax, (2.25, y), (4.0, 1.6))
        side = 0.3 if y > 1.6 else -0.3
        middle = (y + 1.6) / 2 + side
        _label(ax, 1.2, middle, rf"$d{name}/ds$", "C1")
        _label(ax, 3.3, middle, rf"$\partial z/\partial {name}$", "C1")
    case2 = (
        r"$\dfrac{dz}{ds} = \dfrac{\partial z}{\partial x}\,\dfrac{dx}{ds}"
        r" + \dfrac{\partial z}{\partial y}\,\dfrac{dy}{ds}$"
    )
    _rule(ax, 2.25, 0.35, case2)
    return fig


# %%
def plot_one_weight() -> Figure:
    """One neuron of the network: C depends on w only through z."""
    fig, ax = _canvas(3.3)
    for y, name in ((2.9, "1"), (1.9, "2")):
        _node(ax, 0.4, y, f"$x_{name}$", "C5")
        _arrow(ax, (0.4, y), (1.6, 2.4))
        _label(ax, 1.02, 2.4 + (0.46 if name == "1" else -0.46), f"$w_{name}$", "C0")
    _arrow(ax, (1.6, 1.55), (1.6, 2.4), "C1", (0.1, 0.31))
    _label(ax, 1.6, 1.48, "$b$", "C1")
    _node(ax, 1.6, 2.4, "+")
    _arrow(ax, (1.6, 2.4), (2.65, 2.4))
    _label(ax, 2.1, 2.62, "$z$", "C3")
    _node(ax, 2.65, 2.4, r"$\sigma$", "C2")
    _arrow(ax, (2.65, 2.4), (3.5, 2.4), gaps=(0.31, 0.2))
    ax.text(3.46, 2.4, "$\\cdots$", ha="center", va="center", size=14)
    _arrow(ax, (3.5, 2.4), (4.15, 2.4), gaps=(0.1, 0.31))
    _node(ax, 4.15, 2.4, "$C$", "C3")
    rule = (
        r"$\dfrac{\partial C}{\partial w} = \dfrac{\partial z}{\partial w}"
        r"\ \dfrac{\partial C}{\partial z}$"
    )
    _rule(ax, 2.25, 0.95, rule)
    ax.text(2.25, 0.3, "the first from the forward pass,\nthe second from the backward",
            ha="center", va="center")  # fmt: skip
    return fig


def plot_forward(activations: Sequence[Tensor]) -> Figure:
    """The lecture's network; on every line what comes in through it: ∂z/∂w."""
    fig, ax = _canvas(2.8)
    step = 1.23
    xs, ys = [0.4 + step * n for n in range(len(activations))], [2.05, 0.75]
    for left, right in pairwise(range(len(activations))):
        for j, value in enumerate(activations[left].tolist()):
            for i in range(2):
                _arrow(ax, (xs[left], ys[j]), (xs[right], ys[i]))
                t = 0.48 if i == j else 0.36
                spot = xs[left] + t * step, ys[j] + t * (ys[i] - ys[j])
                _label(ax, *spot, _number(value, 2 if left else 0), "C3", 11)
    for n, (x, a) in enumerate(zip(xs, activations, strict=True)):
        ax.text(x, 2.58, "$x$" if n == 0 else f"$a^{n}$" if n < 3 else "$y$",
                ha="center", va="center")  # fmt: skip
        for y, value in zip(ys, a.tolist(), strict=True):
            _node(ax, x, y, _number(value, 2 if n else 0), "C2" if n else "C5")
    ax.text(2.25, 0.16, r"on each line: $\partial z/\partial w$, the value that enters",
            ha="center", va="center", color="C3")  # fmt: skip
    return fig


# %%
def plot_fan_out() -> Figure:
    """A neuron feeds two neurons of the next layer: two ways to C, added up."""
    fig, ax = _canvas(3.9)
    _arrow(ax, (0.05, 2.8), (0.8, 2.8), gaps=(0, 0.31))
    _label(ax, 0.25, 3.03, "$z$", "C3")
    _node(ax, 0.8, 2.8, r"$\sigma$", "C2")
    _label(ax, 1.22, 2.8, "$a$", "C2")
    ways = ((3.5, "3", "'"), (2.1, "4", "''"))
    for y, weight, prime in ways:
        _arrow(ax, (0.8, 2.8), (2.05, y))
        _label(ax, 1.48, (y + 2.8) / 2 + (0.24 if y > 2.8 else -0.24),
               f"$w_{weight}$", "C0")  # fmt: skip
        _node(ax, 2.05, y, "+")
        _arrow(ax, (2.05, y), (3.15, y))
        _label(ax, 2.58, y + 0.24, f"$z{prime}$", "C3")
        _node(ax, 3.15, y, r"$\sigma$", "C2")
        _arrow(ax, (3.15, y), (4.15, 2.8))
    _node(ax, 4.15, 2.8, "$C$", "C3")
    first = (
        r"$\dfrac{\partial C}{\partial z} = \dfrac{\partial a}{\partial z}"
        r"\ \dfrac{\partial C}{\partial a}$"
    )
    second = (
        r"$\dfrac{\partial C}{\partial a} = w_3\,\dfrac{\partial C}{\partial z'}"
        r" + w_4\,\dfrac{\partial C}{\partial z''}$"
    )
    _rule(ax, 2.25, 1.3, first)
    _rule(ax, 2.25, 0.4, second)
    return fig


def plot_op_amp() -> Figure:
    """The same read from right to left: weighted sum, then a gain σ′(z)."""
    fig, ax = _canvas(3.2)
    _amplifier(ax, 1.6, 2.0)
    _arrow(ax, (1.6, 2.0), (0.65, 2.0), gaps=(0.32, 0))
    ax.text(0.4, 2.0, r"$\dfrac{\partial C}{\partial z}$", ha="center", va="center",
            size=13, color="C3")  # fmt: skip
    for y, weight, prime in ((2.7, "3", "'"), (1.3, "4", "''")):
        _arrow(ax, (3.85, y), (1.6, 2.0), gaps=(0.1, 0.27))
        _label(ax, 2.75, (y + 2.0) / 2, f"$w_{weight}$", "C0")
        derivative = rf"$\dfrac{{\partial C}}{{\partial z{prime}}}$"
        ax.text(4.1, y, derivative, ha="center", va="center", size=13, color="C3")
    ax.text(1.5, 2.5, r"gain $\sigma'(z)$", ha="center", va="center", color="C3")
    rule = (
        r"$\dfrac{\partial C}{\partial z} = \sigma'(z)\,"
        r"\left[w_3\,\dfrac{\partial C}{\partial z'}"
        r" + w_4\,\dfrac{\partial C}{\partial z''}\right]$"
    )
    _rule(ax, 2.25, 0.45, rule)
    return fig


# %%
def plot_output_layer() -> Figure:
    """Case 1: the next layer is the output layer, and its ∂C/∂z is known at once."""
    fig, ax = _canvas(2.9)
    for y, k, prime in ((2.4, "1", "'"), (1.3, "2", "''")):
        _arrow(ax, (0.1, y), (1.1, y), gaps=(0, 0.31))
        _label(ax, 0.42, y + 0.24, f"$z{prime}$", "C3")
        _node(ax, 1.1, y, r"$\sigma$", "C2")
        _arrow(ax, (1.1, y), (2.1, y))
        _node(ax, 2.1, y, f"$y_{k}$", "C2")
        _arrow(ax, (2.1, y), (3.2, 1.85))
    _node(ax, 3.2, 1.85, "$C$", "C3")
    ax.text(4.0, 1.85, "the end:\nstart here", ha="center", va="center", color="C1")
    rule = (
        r"$\dfrac{\partial C}{\partial z'} = \dfrac{\partial y_1}{\partial z'}"
        r"\ \dfrac{\partial C}{\partial y_1}"
        r" = \sigma'(z')\ \dfrac{\partial C}{\partial y_1}$"
    )
    _rule(ax, 2.25, 0.45, rule)
    return fig


def plot_recursion() -> Figure:
    """Case 2: each ∂C/∂z asks the next layer for its own, on to the output layer."""
    fig, ax = _canvas(2.8)
    xs = (0.55, 1.9, 3.25)
    for n, x in enumerate(xs):
        for y in (2.0, 1.0):
            _amplifier(ax, x, y)
            for other in (2.0, 1.0):
                if n < 2:
                    _arrow(ax, (xs[n + 1] - 0.3, other), (x + 0.23, y), gaps=TOUCH)
    for x, name in zip(xs, ("z", "z'", "z^{(L)}"), strict=True):
        ax.text(x, 2.5, rf"$\partial C/\partial {name}$", ha="center", color="C3")
    for y, k in ((2.0, 1), (1.0, 2)):
        _arrow(ax, (3.85, y), (3.25, y), "C1", gaps=(0.02, 0.27))
        ax.text(3.84, y, rf"$\partial C/\partial y_{k}$", va="center", color="C1")
    answers = ("asks the\nnext,", "which asks\nthe next, …", "knows")
    for x, text in zip(xs, answers, strict=True):
        ax.text(x, 0.52, text, ha="center", va="top")
    return fig


# %%
def plot_reversed(layers: Sequence[Layer], dz: Sequence[Tensor], dy: Tensor) -> Figure:
    """The lecture's network turned round: ∂C/∂y goes in, every ∂C/∂z comes out."""
    fig, ax = _canvas(3.6)
    step = 1.25
    xs, ys = [0.5 + step * n for n in range(3)], [2.4, 1.1]
    for n, (x, row) in enumerate(zip(xs, dz, strict=True)):
        ax.text(x, 3.32, rf"$\partial C/\partial z^{n + 1}$", ha="center", va="center",
                color="C3")  # fmt: skip
        for y, value in zip(ys, row.tolist(), strict=True):
            _amplifier(ax, x, y)
            above = 0.48 if y == max(ys) else -0.48
            _label(ax, x, y + above, _number(value, 3), "C3", 11)
    for n in (1, 2):
        for i, row in enumerate(layers[n][0].tolist()):
            for j, w in enumerate(row):
                tip, side = (xs[n] - 0.3, ys[i]), (xs[n - 1] + 0.23, ys[j])
                _arrow(ax, tip, side, gaps=TOUCH)
                t = 0.5 if i == j else 0.3
                spot = tip[0] + t * (side[0] - tip[0]), tip[1] + t * (side[1] - tip[1])
                _label(ax, *spot, _number(w), "C0", 11)
    for y, value in zip(ys, dy.tolist(), strict=True):
        _arrow(ax, (3.95, y), (xs[2], y), "C1", gaps=(0.03, 0.27))
        ax.text(3.97, y, _number(value, 2), va="center", color="C1")
    ax.text(4.1, 3.32, r"$\partial C/\partial y$", ha="center", va="center", color="C1")
    ax.text(2.25, 0.17, r"triangles: times $\sigma'(z)$; lines: times $w$",
            ha="center", va="center")  # fmt: skip
    return fig


def plot_summary(a: float, dz: float, dw: float) -> Figure:
    """One weight: the value from the forward pass times that of the backward pass."""
    fig, ax = _canvas(2.9)
    for y, name in ((2.4, "forward pass"), (1.4, "backward pass")):
        ax.text(0.1, y, name, va="center")
    _node(ax, 1.75, 2.4, _number(a, 2), "C2")
    _arrow(ax, (1.75, 2.4), (3.2, 2.4))
    _label(ax, 2.45, 2.4, "$w$", "C0")
    _node(ax, 3.2, 2.4, "+")
    ax.text(3.58, 2.4, r"$\dfrac{\partial z}{\partial w} = a$", va="center", color="C2",
            size=13)  # fmt: skip
    _amplifier(ax, 3.2, 1.4)
    _arrow(ax, (3.2, 1.4), (1.5, 1.4), "C3", gaps=(0.32, 0.1))
    _label(ax, 2.3, 1.4, _number(dz, 3), "C3")
    ax.text(3.58, 1.4, r"$\dfrac{\partial C}{\partial z}$", va="center", color="C3",
            size=13)  # fmt: skip
    product = f"{_number(a, 2)} × ({_number(dz, 3)}) = {_number(dw, 3)}"
    rule = r"$\dfrac{\partial C}{\partial w} = a\ \dfrac{\partial C}{\partial z}\ =\ $"
    ax.text(0.25, 0.45, rule, va="center", size=13)
    ax.text(1.85, 0.45, product, va="center")
    return fig


# %%
def plot_u_shape(w: Tensor, costs: Tensor, here: float, now: float, slope: float,
                 best: float) -> Figure:  # fmt: skip
    """C against one weight, all others fixed; the tangent at the present value."""
    fig, ax = plt.subplots()
    ax.plot(w, costs, color="C0")
    near = torch.linspace(here - 1.6, here + 1.6, 2)
    ax.plot(near, now + slope * (near - here), "--", color="C1")
    ax.plot(here, now, "o", color="C1", ms=9)
    ax.plot(best, costs.min(), "s", color="C2", ms=8)
    ax.annotate("now", (here, now), (12, -6), textcoords="offset points", color="C1")
    ax.annotate("minimum", (best, costs.min().item()), (-8, -18), color="C2",
                textcoords="offset points", ha="right")  # fmt: skip
    ax.margins(y=0.2)
    ax.set(xlabel="one weight $w$", ylabel="$C$")
    return fig


def plot_cost(rows: Sequence[dict[str, int]]) -> Figure:
    """Multiplications for one gradient, against the number of parameters."""
    fig, ax = plt.subplots(figsize=(4.5, 3.8))
    x = [row["parameters"] for row in rows]
    both = [row["forward"] + row["backward"] for row in rows]
    ax.loglog(x, [row["differences"] for row in rows], "s--", color="C1",
              label="finite differences")  # fmt: skip
    ax.loglog(x, both, "o-", color="C0", label="forward + backward pass")
    ax.set(xlabel="parameters", ylabel="multiplications")
    fig.legend(loc="outside upper center")
    return fig


def plot_vanishing(curves: Sequence[tuple[str, Tensor]]) -> Figure:
    """Size of ∂C/∂z from the last layer back to the first."""
    fig, ax = plt.subplots(figsize=(4.5, 3.8))
    styles = (("o-", "C0"), ("s--", "C1"), ("^:", "C2"))
    for (name, sizes), (style, color) in zip(curves, styles, strict=True):
        layers = range(1, len(sizes) + 1)
        ax.semilogy(layers, sizes, style, color=color, label=name)
    ax.set(xlabel="layer", ylabel=r"size of $\partial C/\partial z$")
    ax.set_xticks(range(1, len(curves[0][1]) + 1))
    fig.legend(loc="outside upper center", ncols=2)
    return fig


# %% [markdown] lang="zh"
# ## 运行
# %% [markdown] lang="en"
# ## Run it


# %%
def show_passes() -> dict[str, object]:
    """The lecture's network: both passes, the gradients, and the two checks."""
    layers = lecture_network()
    x, y_hat = (torch.tensor(v, dtype=torch.float64) for v in ((1, -1), (1, 0)))
    a = forward(x, layers)
    dz = backward(a, layers, y_hat)
    grads = gradients(a, dz)
    print("The lecture's network, x = (1, -1), target (1, 0)")
    for n, (out, d, (dW, _)) in enumerate(zip(a[1:], dz, grads, strict=True), start=1):
        print(f"  layer {n}: a  " + "  ".join(f"{v:8.4f}" for v in out))
        print("           dz " + "  ".join(f"{v:8.4f}" for v in d))
        print("           dW " + "  ".join(f"{v:8.4f}" for v in dW.flatten()))
    exact = gap(grads, autograd(x, y_hat, layers))
    nearly = gap(grads, finite_differences(x, y_hat, layers))
    print(f"  farthest from autograd: {exact:.1e}, from differences: {nearly:.1e}")
    for plot in (plot_descent, plot_chain_rule, plot_one_weight):
        plot()
    plot_forward(a)
    for plot in (plot_fan_out, plot_op_amp, plot_output_layer, plot_recursion):
        plot()
    plot_reversed(layers, dz, 2 * (a[-1] - y_hat))
    one = {"a": a[1][0].item(), "dz": dz[1][0].item(), "dw": grads[1][0][0, 0].item()}
    plot_summary(**one)
    return {
        "y": a[-1].tolist(),
        "cost": cost(a[-1], y_hat).item(),
        "autograd_gap": exact,
        "difference_gap": nearly,
        **one,
    }


def show_random(networks: int = 20) -> dict[str, object]:
    """Random networks of random depth and width against autograd."""
    generator = torch.Generator().manual_seed(0)
    worst = 0.0
    for _ in range(networks):
        depth = int(torch.randint(1, 7, (), generator=generator))
        sizes = torch.randint(1, 9, (depth + 1,), generator=generator).tolist()
        layers = random_network(sizes, generator, gain=2.0)
        x, y_hat = (
            torch.randn(k, generator=generator, dtype=torch.float64)
            for k in (sizes[0], sizes[-1])
        )
        a = forward(x, layers)
        own = gradients(a, backward(a, layers, y_hat))
        worst = max(worst, gap(own, autograd(x, y_hat, layers)))
    print(f"\n{networks} random networks: farthest from autograd {worst:.1e}")
    return {"networks": networks, "random_gap": worst}


def show_training(updates: int = 200, eta: float = 0.5) -> dict[str, object]:
    """Forward, backward, move; again and again."""
    layers = lecture_network()
    x, y_hat = (torch.tensor(v, dtype=torch.float64) for v in ((1, -1), (1, 0)))
    costs = []
    for _ in range(updates + 1):
        a = forward(x, layers)
        costs.append(cost(a[-1], y_hat).item())
        layers = update(layers, gradients(a, backward(a, layers, y_hat)), eta)
    print(f"\nC after 0, 1, {updates} updates: ", end="")
    print(", ".join(f"{c:.4f}" for c in (costs[0], costs[1], costs[-1])))
    return {"updates": updates, "costs": [costs[0], costs[1], costs[-1]]}


def show_u_shape() -> dict[str, object]:
    """C against the first weight of the last layer, all else as it is."""
    layers = lecture_network()
    x, y_hat = (torch.tensor(v, dtype=torch.float64) for v in ((1, -1), (0.3, 0)))
    *before, (W, b) = layers
    a = forward(x, layers)
    slope = gradients(a, backward(a, layers, y_hat))[-1][0][0, 0].item()
    ws, costs = torch.linspace(-8, 12, 401, dtype=torch.float64), []
    for w in ws:
        changed = W.clone()
        changed[0, 0] = w
        costs.append(cost(forward(x, [*before, (changed, b)])[-1], y_hat))
    curve = torch.stack(costs)
    best, here = ws[curve.argmin()].item(), W[0, 0].item()
    bent_down = (curve.diff().diff() < 0).double().mean().item()
    plot_u_shape(ws, curve, here, cost(a[-1], y_hat).item(), slope, best)
    print(f"\nOne weight: now {here:.2f}, slope {slope:.4f}, best {best:.2f};")
    print(f"  the curve bends down on {bent_down:.0%} of the range: not convex")
    return {"w_now": here, "w_slope": slope, "w_best": best, "bent_down": bent_down}


def show_cost() -> dict[str, object]:
    """Count multiplications for networks of growing width."""
    rows = [multiplications([n, n, n, n]) for n in (2, 10, 30, 100, 300, 1000)]
    plot_cost(rows)
    print("\nMultiplications for one gradient, four columns of n neurons")
    print("  parameters  one forward pass  and backward  finite differences")
    for row in rows:
        print(f"  {row['parameters']:10,d}  {row['forward']:16,d}", end="")
        print(f"  {row['backward']:12,d}  {row['differences']:18.2e}")
    last = rows[-1]
    return {
        "parameters": last["parameters"],
        "backward_ratio": last["backward"] / last["forward"],
        "difference_ratio": last["differences"] / (last["forward"] + last["backward"]),
    }


def show_vanishing(depth: int = 10) -> dict[str, object]:
    """How much of ∂C/∂z is left in the first of ten layers."""
    kinds = (
        ("sigmoid", sigmoid, sigmoid_slope, 1.0),
        ("sigmoid, weights × 4", sigmoid, sigmoid_slope, 4.0),
        ("ReLU", relu, relu_slope, 2**0.5),
    )
    curves = [(name, signals(depth, f, slope, gain)) for name, f, slope, gain in kinds]
    plot_vanishing(curves)
    print(f"\nSize of dz in the first of {depth} layers, as a part of the last one's")
    left = [(sizes[0] / sizes[-1]).item() for _, sizes in curves]
    for (name, _), part in zip(curves, left, strict=True):
        print(f"  {name:22} {part:.1e}")
    return {"depth": depth, "left": left}


# %%
def main() -> dict[str, object]:
    """Run every experiment; return the values that the notes quote."""
    values = {**show_passes(), **show_random(), **show_training()}
    values |= show_u_shape() | show_cost() | show_vanishing()
    plt.show()
    return values


# %%
if __name__ == "__main__":
    main()
