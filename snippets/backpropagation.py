# %% [markdown] lang="zh"
# # 反向传播：把网络倒过来跑
#
# 网络有上百万个参数，每个都要一个偏导数 $\partial C / \partial w$，一个一个算太慢。这里
# 把前向传播和后向传播一行一行写出来，在课上那个小网络上跑，与自动微分和有限差分核对，再
# 数一数省了多少次乘法。最后看网络很深的时候，传到最前面的还剩多少。
# %% [markdown] lang="en"
# # Backpropagation: running the network backwards
#
# A network has millions of parameters, and each needs its own derivative
# $\partial C / \partial w$. One at a time would take forever. Here the forward and the
# backward pass are written out line by line, run on the lecture's small network, and
# checked against automatic differentiation and finite differences. Then we count the
# multiplications they save, and see how much reaches the front of a very deep network.

# %%
"""Forward pass, backward pass, and their product: the gradient, by hand."""

import math
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from typing import NamedTuple

import matplotlib.pyplot as plt
import torch
from torch import Tensor

torch.set_num_threads(1)  # the same sums, the same last digits, on every machine

Layer = tuple[Tensor, Tensor]  # W (k, d), b (k,)
Function = Callable[[Tensor], Tensor]

# %% name="parameters"
SEED = 0  # where every random number below starts from
NETWORKS = 50  # random networks that are checked
UPDATES = 200  # of the lecture's network
DEPTH = 20  # layers of a deep random network
WIDTH = 64  # neurons in each of its layers
RUNS = 10  # such networks of each kind

# %% [markdown] lang="zh"
# ## 前向传播
#
# 一层一层算：加权和 $z = W a + b$，输出 $\sigma(z)$，下一层再拿它当输入。每一层的输出都
# 记下来：从 $w$ 进来的值就是 $\partial z / \partial w$。一批 $B$ 个样本可以一起算，一行
# 一个样本：$Z = A W^T + b$。
# %% [markdown] lang="en"
# ## Forward pass
#
# Layer by layer: the weighted sum $z = W a + b$, then $\sigma(z)$, which is the next
# layer's input. Every output is kept: the value that comes in through $w$ is
# $\partial z / \partial w$. A batch of $B$ examples goes through at once, an example a
# row: $Z = A W^T + b$.


# %%
def forward(
    x: Tensor,
    layers: Sequence[Layer],
    activation: Function = torch.sigmoid,
    output: Function = torch.sigmoid,
) -> list[Tensor]:
    """Return x (B, d) and the output (B, k) of every layer; the last one is y.

    `activation` is that of the hidden layers, `output` that of the last one.
    """
    functions = [activation] * (len(layers) - 1) + [output]
    activations = [x]
    for (W, b), function in zip(layers, functions, strict=True):
        z = activations[-1] @ W.T + b  # (B, d) @ (d, k) -> (B, k)
        activations.append(function(z))
    return activations


# %%
def lecture_network() -> list[Layer]:
    """The network of the lecture: three layers of two sigmoid neurons each."""
    numbers = [
        ([[1, -2], [-1, 1]], [1, 0]),
        ([[2, -1], [-2, -1]], [0, 0]),
        ([[3, -1], [-1, 4]], [-2, 2]),
    ]
    return [(torch.tensor(W).double(), torch.tensor(b).double()) for W, b in numbers]


# %% name="two_inputs"
if __name__ == "__main__":
    x_pair = torch.tensor([[1.0, -1.0], [0.0, 0.0]], dtype=torch.float64)  # B = 2
    activations_pair = forward(x_pair, lecture_network())
    for n in range(2):
        rows = [a[n].tolist() for a in activations_pair]
        print(" -> ".join(f"({u:.2f}, {v:.2f})" for u, v in rows))

# %% [markdown] lang="zh"
# ## 最后一层和损失
#
# 后向传播从 $\delta = \partial C / \partial z$ 开始，它取决于最后一层用什么函数、损失是
# 什么。三种常用的搭配：
#
# - sigmoid 配平方误差：$\delta = 2(y - \hat{y}) \odot y \odot (1 - y)$，
# - sigmoid 配二元交叉熵：$\delta = y - \hat{y}$，
# - softmax 配交叉熵：$\delta = y - \hat{y}$。
#
# 后两种里激活函数的导数和损失的导数消掉了。输出错得离谱、$y$ 却饱和在 $0$ 附近的时候，
# 平方误差的 $\delta$ 还剩多少？
# %% [markdown] lang="en"
# ## The last layer and the loss
#
# The backward pass begins with $\delta = \partial C / \partial z$, and that depends on
# the function of the last layer and on the loss. Three common pairs:
#
# - sigmoid with squared error: $\delta = 2(y - \hat{y}) \odot y \odot (1 - y)$,
# - sigmoid with binary cross-entropy: $\delta = y - \hat{y}$,
# - softmax with cross-entropy: $\delta = y - \hat{y}$.
#
# In the last two the derivative of the activation cancels against that of the loss. If
# an output is badly wrong and $y$ is stuck near $0$, how much $\delta$ is left with the
# squared error?


# %%
def squared_error(y: Tensor, y_hat: Tensor) -> Tensor:
    """C = Σᵢ (yᵢ − ŷᵢ)²: y and ŷ (…, M) give (…)."""
    return ((y - y_hat) ** 2).sum(-1)


def binary_cross_entropy(y: Tensor, y_hat: Tensor) -> Tensor:
    """C = −Σᵢ [ŷᵢ ln yᵢ + (1 − ŷᵢ) ln(1 − yᵢ)], with 0 ln 0 = 0."""
    return -(torch.xlogy(y_hat, y) + torch.xlogy(1 - y_hat, 1 - y)).sum(-1)


def cross_entropy(y: Tensor, y_hat: Tensor) -> Tensor:
    """C = −Σᵢ ŷᵢ ln yᵢ, with 0 ln 0 = 0; ŷ is a distribution."""
    return -torch.xlogy(y_hat, y).sum(-1)


# %%
class Output(NamedTuple):
    """The last layer: y = function(z), the loss C of y and ŷ, and δ = ∂C/∂z."""

    function: Function
    loss: Callable[[Tensor, Tensor], Tensor]
    delta: Callable[[Tensor, Tensor], Tensor]


def difference(y: Tensor, y_hat: Tensor) -> Tensor:
    """δ = y − ŷ."""
    return y - y_hat


def difference_times_slope(y: Tensor, y_hat: Tensor) -> Tensor:
    """δ = 2 (y − ŷ) σ′(z), with σ′(z) = y (1 − y)."""
    return 2 * (y - y_hat) * y * (1 - y)


SQUARES = Output(torch.sigmoid, squared_error, difference_times_slope)
BINARY = Output(torch.sigmoid, binary_cross_entropy, difference)
SOFTMAX = Output(partial(torch.softmax, dim=-1), cross_entropy, difference)

# %% name="saturated"
if __name__ == "__main__":
    wrong, right = torch.tensor([[0.5], [0.1], [0.01]]), torch.ones(3, 1)
    delta_squares = SQUARES.delta(wrong, right)[:, 0]
    delta_binary = BINARY.delta(wrong, right)[:, 0]
    print("target 1    squares   cross-entropy")
    for value, s, c in zip(wrong[:, 0], delta_squares, delta_binary, strict=True):
        print(f"y = {value:.2f}   {s:8.4f}   {c:13.4f}")

# %% [markdown] lang="zh"
# 用平方误差，错得最离谱的时候 $\delta$ 反而最小；用交叉熵，错得越多，$\delta$ 越大。
#
# ## 后向传播
#
# 从最后一层的 $\delta$ 开始往前：乘权重矩阵的转置，再乘 $\sigma'(z)$。这正是同一个网络
# 倒过来跑，$\sigma'(z) = a(1 - a)$ 在前向传播时就定下了。
# %% [markdown] lang="en"
# With squares, $\delta$ is smallest where the output is most wrong; with cross-entropy,
# the more wrong, the larger.
#
# ## Backward pass
#
# Start from the last layer's $\delta$ and go towards the front: multiply by the
# transposed weights, then by $\sigma'(z)$. It is the same network run backwards, and
# $\sigma'(z) = a(1 - a)$ was fixed in the forward pass.


# %%
def sigmoid_slope(a: Tensor) -> Tensor:
    """σ′(z) from the output a = σ(z): a (1 − a), at most 1/4."""
    return a * (1 - a)


def backward(
    activations: Sequence[Tensor],
    layers: Sequence[Layer],
    delta: Tensor,
    slope: Function = sigmoid_slope,
) -> list[Tensor]:
    """Return δ = ∂C/∂z (B, k) of every layer, first layer first, given the last one.

    `slope` gives the activation function's derivative from its output a.
    """
    deltas = [delta]
    for layer in reversed(range(1, len(layers))):
        W, a = layers[layer][0], activations[layer]  # W takes a to the next layer
        delta = slope(a) * (delta @ W)  # (B, k) @ (k, d) -> (B, d)
        deltas.append(delta)
    return deltas[::-1]


# %%
def gradients(activations: Sequence[Tensor], deltas: Sequence[Tensor]) -> list[Layer]:
    """∂L/∂W = δᵀA (k, d) and ∂L/∂b = Σₙ δⁿ (k,) of every layer; A is its input."""
    return [
        (delta.T @ A, delta.sum(0))  # (k, B) @ (B, d): the sum over the batch
        for delta, A in zip(deltas, activations[:-1], strict=True)
    ]


def backpropagate(
    layers: Sequence[Layer], x: Tensor, y_hat: Tensor, output: Output = SQUARES
) -> list[Layer]:
    """∂L/∂W and ∂L/∂b of every layer, L = Σₙ Cⁿ: forward, backward, multiply."""
    activations = forward(x, layers, output=output.function)
    delta = output.delta(activations[-1], y_hat)
    return gradients(activations, backward(activations, layers, delta))


# %% name="both_passes"
if __name__ == "__main__":
    x, y_hat = x_pair[:1], torch.tensor([[1.0, 0.0]], dtype=torch.float64)  # B = 1
    activations = forward(x, lecture_network())
    last_delta = SQUARES.delta(activations[-1], y_hat)
    deltas = backward(activations, lecture_network(), last_delta)
    print("layer   a                δ")
    for i, (a, delta) in enumerate(zip(activations[1:], deltas, strict=True), start=1):
        print(f"  {i}  ", "{:7.4f} {:7.4f}  {:7.4f} {:7.4f}".format(*a[0], *delta[0]))
    slopes = [sigmoid_slope(a) for a in activations[1:]]
    weight_gradients = [dW for dW, _ in gradients(activations, deltas)]

# %% [markdown] lang="zh"
# ## 对不对？
#
# 最直接的核对是有限差分：把一个参数拨动一点点，整个网络重跑一遍，看 $L$ 变了多少。为此
# 把所有参数排成一个向量 $\theta$。还有 PyTorch 的自动微分。三者应该一样，输入全是零的时
# 候也一样。
# %% [markdown] lang="en"
# ## Is it right?
#
# The most direct check is a finite difference: nudge one parameter, run the whole
# network again, and see how much $L$ changes. For that, put all parameters into one
# vector $\theta$. And there is PyTorch's automatic differentiation. All three should
# agree, also when the input is all zeros.


# %%
def flatten(layers: Sequence[Layer]) -> Tensor:
    """All parameters as one vector θ (P,)."""
    return torch.cat([parameter.flatten() for layer in layers for parameter in layer])


def unflatten(theta: Tensor, sizes: Sequence[int]) -> list[Layer]:
    """Cut θ (P,) into layers again; sizes are the numbers of neurons, input first."""
    layers = []
    for d, k in pairwise(sizes):
        W, b, theta = theta.split([k * d, k, len(theta) - k * (d + 1)])
        layers.append((W.view(k, d), b))
    return layers


def loss_at(
    theta: Tensor, sizes: Sequence[int], x: Tensor, y_hat: Tensor, output: Output
) -> Tensor:
    """L(θ) = Σₙ Cⁿ, one number."""
    y = forward(x, unflatten(theta, sizes), output=output.function)[-1]
    return output.loss(y, y_hat).sum()


# %%
def finite_differences(loss: Function, theta: Tensor, h: float = 1e-5) -> Tensor:
    """(L(θ + h eᵢ) − L(θ − h eᵢ)) / 2h for every single parameter θᵢ: (P,)."""
    steps = h * torch.eye(len(theta), dtype=theta.dtype)
    return torch.stack([(loss(theta + s) - loss(theta - s)) / (2 * h) for s in steps])


def gaps(
    theta: Tensor, sizes: Sequence[int], x: Tensor, y_hat: Tensor, output: Output
) -> tuple[float, float]:
    """How far ours is from autograd and from differences: the largest of all θᵢ."""
    ours = flatten(backpropagate(unflatten(theta, sizes), x, y_hat, output))
    loss = partial(loss_at, sizes=sizes, x=x, y_hat=y_hat, output=output)
    others = torch.func.grad(loss)(theta), finite_differences(loss, theta)
    from_autograd, from_differences = ((ours - o).abs().max().item() for o in others)
    return from_autograd, from_differences


def random_case(seed: int) -> tuple[Tensor, list[int], Tensor, Tensor]:
    """θ, sizes, x (B, d) and ŷ (B, M), all random; the rows of ŷ are distributions."""
    generator = torch.Generator().manual_seed(seed)
    B, depth = torch.randint(1, 6, (2,), generator=generator).tolist()
    sizes = torch.randint(1, 9, (depth + 1,), generator=generator).tolist()
    draw = partial(torch.randn, generator=generator, dtype=torch.float64)
    theta = draw(sum((d + 1) * k for d, k in pairwise(sizes)))
    return theta, sizes, draw(B, sizes[0]), draw(B, sizes[-1]).softmax(-1)


# %% name="check"
if __name__ == "__main__":
    theta, sizes = flatten(lecture_network()), [2, 2, 2, 2]
    gap_table = [gaps(theta, sizes, row[None], y_hat, SQUARES) for row in x_pair]
    for output in (SQUARES, BINARY, SOFTMAX):
        found = [gaps(*random_case(SEED + i), output) for i in range(NETWORKS)]
        gap_table.append(tuple(map(max, zip(*found, strict=True))))
    checked = ["input (1, -1)", "input (0, 0)"]
    checked += ["random, squares", "random, binary", "random, softmax"]
    print("largest gap to     autograd  differences")
    for name, (from_autograd, from_differences) in zip(checked, gap_table, strict=True):
        print(f"{name:17}  {from_autograd:8.0e}  {from_differences:11.0e}")

# %% [markdown] lang="zh"
# 与自动微分只差浮点数的舍入；与有限差分的差别是差分自己的误差。
#
# ## 训练：算好梯度，所有参数一起走一步
#
# 反向传播给出梯度，梯度下降拿它去更新。拿课上的网络和一个样本试试，目标是 $(1, 0)$。
# %% [markdown] lang="en"
# From autograd ours differs by floating-point rounding only; finite differences are off
# by their own error.
#
# ## Training: the whole gradient first, then one step of all parameters
#
# Backpropagation gives the gradient, gradient descent takes the step. Let us try it on
# the lecture's network, with one example of target $(1, 0)$.

# %% name="training"
if __name__ == "__main__":
    costs = []
    for _ in range(UPDATES + 1):
        costs.append(loss_at(theta, sizes, x, y_hat, SQUARES).item())
        gradient = flatten(backpropagate(unflatten(theta, sizes), x, y_hat))
        theta = theta - 0.5 * gradient  # η = 0.5, all at once
    for t in (0, 1, UPDATES):
        print(f"after {t:3} updates   C = {costs[t]:.4f}")

# %% [markdown] lang="zh"
# 只动一个权重，把 $C$ 画成它的函数，是什么形状？（目标换成 $(0.3, 0)$，好让最小值不在无
# 穷远处。）
# %% [markdown] lang="en"
# Move one weight alone: what does $C$ look like as a function of it? (The target is now
# $(0.3, 0)$, so that the minimum is not at infinity.)

# %% name="one_weight_moves"
if __name__ == "__main__":
    target = torch.tensor([[0.3, 0.0]], dtype=torch.float64)
    start = flatten(lecture_network())
    w_here, w_slope = (
        start[12],
        flatten(backpropagate(lecture_network(), x, target))[12],
    )
    w_tried = torch.linspace(-8, 12, 401, dtype=torch.float64)
    thetas = start.repeat(len(w_tried), 1)  # (401, 18)
    thetas[:, 12] = w_tried  # the first weight of the last layer
    curve = torch.stack([loss_at(t, sizes, x, target, SQUARES) for t in thetas])
    bent_down = (curve.diff().diff() < 0).double().mean().item()
    w_best, height = w_tried[curve.argmin()], loss_at(start, sizes, x, target, SQUARES)
    print(f"slope at w = {w_here:.0f}: {w_slope:.3f}; minimum at w = {w_best:.2f}")
    print(f"bends down on {bent_down:.0%} of the range")
    fig, ax = plt.subplots()
    ax.plot(w_tried, curve)
    near = torch.tensor([-1.6, 1.6])
    ax.plot(w_here + near, height + w_slope * near, "--")
    ax.plot(w_here, height, "o", color="C1", markersize=9)
    ax.annotate("now", (w_here + 0.8, height), va="top", color="C1")
    ax.set(xlabel="one weight $w$", ylabel="$C$")
    plt.show()

# %% [markdown] lang="zh"
# 谷底附近像 U 形，两头却平了，中间还有向下弯的地方：不是凸函数。
#
# ## 省了多少？
#
# 数一数乘法。一层有 $d$ 个输入、$k$ 个神经元：前向传播乘 $dk$ 次；后向传播为
# $\partial L / \partial W$ 乘 $dk$ 次，再为传到前一层乘 $dk$ 次（第一层不用传）。有限差
# 分每个参数要跑两遍前向传播。
#
# 也可以沿着一条条路算：从第一层的一个权重到 $C$，每条路上的导数相乘，各条路再相加。有多
# 少条路？
# %% [markdown] lang="en"
# Near its lowest point it is a U, but both ends are flat, and in between it bends down:
# it is not convex.
#
# ## How much does it save?
#
# Count multiplications. A layer of $d$ inputs and $k$ neurons takes $dk$ in the forward
# pass; in the backward pass $dk$ for $\partial L / \partial W$ and $dk$ more to pass
# $\delta$ on to the layer before (the first layer has none). Finite differences take
# two forward passes for every parameter.
#
# Or go path by path: from one weight of the first layer to $C$, multiply along each
# path, and add up the paths. How many are there?


# %%
class Count(NamedTuple):
    """Numbers of parameters, and of multiplications by or for a weight."""

    parameters: int
    forward: int
    backward: int
    differences: int


def multiplications(sizes: Sequence[int]) -> Count:
    """For one example and one gradient; activation functions are not counted."""
    weights = [d * k for d, k in pairwise(sizes)]
    parameters = sum(weights) + sum(sizes[1:])
    backward = 2 * sum(weights) - weights[0]
    return Count(parameters, sum(weights), backward, 2 * parameters * sum(weights))


def paths(sizes: Sequence[int]) -> int:
    """How many paths lead from one weight of the first layer to C."""
    return math.prod(sizes[2:])


# %% name="cost"
if __name__ == "__main__":
    counts = [multiplications([n] * 4) for n in (10, 30, 100, 300, 1000)]
    passes = [c.forward + c.backward for c in counts]
    print("parameters  two passes  differences")
    for c, both in zip(counts, passes, strict=True):
        print(f"{c.parameters:10,d}  {both:10,d}  {c.differences:11.1e}")
    backward_ratio = counts[-1].backward / counts[-1].forward
    difference_ratio = counts[-1].differences / passes[-1]
    fig, ax = plt.subplots(figsize=(4.5, 3.8))
    size = [c.parameters for c in counts]
    ax.loglog(size, [c.differences for c in counts], "s--", label="finite differences")
    ax.loglog(size, passes, "o-", label="forward + backward pass")
    ax.set(xlabel="parameters", ylabel="multiplications")
    fig.legend(loc="outside upper center")
    plt.show()

# %% name="all_paths"
if __name__ == "__main__":
    depths = [2, 5, 10, 20]
    paths_at = [paths([10] * (D + 1)) for D in depths]
    passes_at = [sum(multiplications([10] * (D + 1))[1:3]) for D in depths]
    print("layers   paths of one weight   both passes")
    for D, path_count, products in zip(depths, paths_at, passes_at, strict=True):
        print(f"{D:6}   {path_count:19.0e}   {products:11,d}")

# %% [markdown] lang="zh"
# 路的条数随层数指数增长，两遍传播的代价只成正比：每一个 $\delta$ 都把后面所有的路已经加
# 好了。
#
# ## 消失与爆炸
#
# 每往前一层，$\delta$ 就要乘一次权重和一次 $\sigma'(z)$。层数很多，会怎样？权重取标准差
# 为 $g / \sqrt{d}$ 的随机数，$g$ 叫增益。sigmoid 的斜率最大 $1/4$；ReLU 的斜率是 $0$ 或
# $1$。
# %% [markdown] lang="en"
# The number of paths grows exponentially with the number of layers, the cost of the two
# passes only in proportion: every $\delta$ has already added up all the paths behind
# it.
#
# ## Vanishing and exploding
#
# Each layer further to the front multiplies $\delta$ by weights and by $\sigma'(z)$
# once more. In a deep network, what is left at the front? The weights are random, with
# a standard deviation of $g / \sqrt{d}$; call $g$ the gain. The slope of the sigmoid is
# at most $1/4$; that of ReLU is $0$ or $1$.


# %%
def relu_slope(a: Tensor) -> Tensor:
    """The slope of ReLU from its output: 1 where it is on, 0 where it is off."""
    return (a > 0).to(a.dtype)


def delta_sizes(activation: Function, slope: Function, gain: float) -> Tensor:
    """Root mean square of δ in each layer, the last one's being 1: (DEPTH,).

    The median over RUNS random networks without biases, each with 32 random inputs.
    """
    found = []
    for seed in range(SEED, SEED + RUNS):
        generator = torch.Generator().manual_seed(seed)
        draw = partial(torch.randn, generator=generator, dtype=torch.float64)
        zero = torch.zeros(WIDTH, dtype=torch.float64)
        layers = [(gain * draw(WIDTH, WIDTH) / WIDTH**0.5, zero) for _ in range(DEPTH)]
        activations = forward(draw(32, WIDTH), layers, activation)
        deltas = backward(activations, layers, draw(32, WIDTH), slope)
        rms = torch.stack(deltas).square().mean((1, 2)).sqrt()
        found.append(rms / rms[-1])
    return torch.stack(found).median(0).values


# %% name="through_layers"
if __name__ == "__main__":
    kinds = [(torch.sigmoid, sigmoid_slope), (torch.relu, relu_slope)]
    gains = [[1.0, 10.0, 64.0], [0.5 * 2**0.5, 2**0.5, 2 * 2**0.5]]
    left_over = []  # δ of the first layer, the last one's being 1
    fig, axes = plt.subplots(2, figsize=(4.5, 6))
    for ax, (activation, slope), three in zip(axes, kinds, gains, strict=True):
        for gain, style in zip(three, ("v--", "o-", "^:"), strict=True):
            rms = delta_sizes(activation, slope, gain)
            left_over.append(rms[0].item())
            (line,) = ax.semilogy(range(1, DEPTH + 1), rms, style)
            side, rise = ("top", -4) if rms[0] < rms[-1] / 10 else ("bottom", 4)
            place = {"xytext": (6, rise), "textcoords": "offset points", "va": side}
            ax.annotate(
                f"$g = {gain:.2g}$", (6, rms[5]), color=line.get_color(), **place
            )
            name = activation.__name__
            print(f"{name:8} g = {gain:4.2g}   first δ {left_over[-1]:.0e}")
        ax.set(
            xlabel="layer", ylabel=r"size of $\delta$", xticks=range(2, DEPTH + 1, 3)
        )
        ax.margins(y=0.1)
    axes[0].set_title("sigmoid")
    axes[1].set_title("ReLU")
    plt.show()

# %% [markdown] lang="zh"
# 增益小，越往前越小（梯度消失）；增益大，越往前越大（梯度爆炸）；中间有一个临界值，两层
# 之间大小不变。ReLU 的临界值是 $\sqrt{2}$，因为约有一半的斜率是零；sigmoid 的斜率不到
# $1/4$，临界的权重就要大得多。
# %% [markdown] lang="en"
# With a small gain $\delta$ shrinks towards the front (vanishing gradients); with a
# large one it grows (exploding gradients); at a critical gain in between it keeps its
# size. For ReLU that is $\sqrt{2}$, since about half of the slopes are zero; the slope
# of the sigmoid is below $1/4$, and its critical weights are much larger.
