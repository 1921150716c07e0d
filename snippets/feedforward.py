# %% [markdown] lang="zh"
# # 全连接前馈网络：一层一次矩阵运算
#
# 神经网络就是一个函数：输入一个向量，输出另一个向量。中间到底算了什么？
# 从一个神经元开始，一笔一笔算；再排成一层，再一层接一层，就是课上那个带数字的网络。
# 然后把同一个计算换几种写法，看看换了参数、去掉激活函数会怎样，最后数一数要算多少。
# %% [markdown] lang="en"
# # A fully connected feedforward network: one matrix operation a layer
#
# A neural network is a function: a vector goes in, another comes out. What is computed
# on the way? We start with one neuron and work it out by hand, make a layer of such
# neurons, and put layer after layer, until we have the lecture's network with its
# numbers. Then we write the same computation in other ways, see what other parameters
# or no activation function do to it, and count how much there is to compute.

# %%
"""A feedforward network: by hand, neuron by neuron, by matrices, by nn.Sequential."""

import math
from collections.abc import Sequence
from itertools import pairwise

import matplotlib.pyplot as plt
import torch
from torch import Tensor, nn

torch.set_num_threads(1)  # the same sums, the same last digits, on every machine

# %% name="parameters"
SEED = 0  # where every random number below starts from
BATCH = 100  # examples that go through a network at once
RANDOM = 5  # random choices of the parameters, beside the lecture's
SCALE = 3  # how large random weights are

# %% [markdown] lang="zh"
# ## 一个神经元
#
# 一个神经元就是一个逻辑回归：先求加权和 $z = \sum_j w_j x_j + b$，再过激活函数，
# $a = \sigma(z)$。权重是 $(1, -2)$，偏置是 $1$，输入是 $(1, -1)$，输出是多少？先心算。
# %% [markdown] lang="en"
# ## One neuron
#
# A neuron is a logistic regression: first the weighted sum $z = \sum_j w_j x_j + b$,
# then the activation function, $a = \sigma(z)$. With the weights $(1, -2)$, the bias
# $1$ and the input $(1, -1)$, what is the output? Try it in your head first.


# %%
def neuron(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """One logistic regression: a = σ(Σⱼ wⱼ xⱼ + b), for x (d,), w (d,), b ()."""
    z = b
    for j in range(len(x)):
        z = z + w[j] * x[j]
    return torch.sigmoid(z)


# %% name="by_hand"
if __name__ == "__main__":
    x = torch.tensor([1.0, -1.0])
    w, b = torch.tensor([1.0, -2.0]), torch.tensor(1.0)
    first_z = (w[0] * x[0] + w[1] * x[1] + b).item()
    first_a = neuron(x, w, b).item()
    terms = " + ".join(f"({w_j:g})({x_j:g})" for w_j, x_j in zip(w, x, strict=True))
    print(f"z = {terms} + {b:g} = {first_z:g}")
    print(f"a = 1 / (1 + e^-{first_z:g}) = {first_a:.4f}")

# %% [markdown] lang="zh"
# 相乘、相加，再压到 $0$ 和 $1$ 之间，就这些。
#
# ## 一层：同样的输入，各自的权重
#
# 把每个神经元的权重各写成一行，叠成矩阵 $W$，$k$ 行 $d$ 列；整层就是一次矩阵运算
# $a = \sigma(W x + b)$。它和逐个神经元的循环算得一样吗？
# %% [markdown] lang="en"
# Multiply, add, squash between $0$ and $1$: that is all.
#
# ## A layer: the same inputs, weights of their own
#
# Write the weights of each neuron as a row and stack the rows to a matrix $W$ of $k$
# rows and $d$ columns. Then the whole layer is one matrix operation,
# $a = \sigma(W x + b)$. Does it give what a loop over the neurons gives?


# %%
def layer_by_loop(x: Tensor, W: Tensor, b: Tensor) -> Tensor:
    """One neuron after the other: x (d,), W (k, d), b (k,) give a (k,)."""
    return torch.stack([neuron(x, W[i], b[i]) for i in range(len(W))])


def layer(x: Tensor, W: Tensor, b: Tensor) -> Tensor:
    """The same layer as one matrix operation, a = σ(W x + b)."""
    return torch.sigmoid(W @ x + b)  # (k, d) @ (d,) -> (k,)


# %% name="one_layer"
if __name__ == "__main__":
    W = torch.tensor([[1.0, -2.0], [-1.0, 1.0]])  # a row for each of two neurons
    b = torch.tensor([1.0, 0.0])
    z1 = W @ x + b
    print("W x + b =", z1)
    print("matrix   ", layer(x, W, b))
    print("loop     ", layer_by_loop(x, W, b))

# %% [markdown] lang="zh"
# ## 网络：一层接一层
#
# 上一层的输出就是下一层的输入。课上的网络有三层，每层两个神经元，激活函数都是
# sigmoid。输入 $(1, -1)$，一层一层变成什么？换成 $(0, 0)$ 呢？
# %% [markdown] lang="en"
# ## The network: layer after layer
#
# The output of a layer is the input of the next. The lecture's network has three
# layers of two neurons, all with the sigmoid. What becomes of $(1, -1)$, layer by
# layer? And of $(0, 0)$?

# %%
LECTURE = [  # the weights W and the biases b of each layer
    (torch.tensor([[1.0, -2.0], [-1.0, 1.0]]), torch.tensor([1.0, 0.0])),
    (torch.tensor([[2.0, -1.0], [-2.0, -1.0]]), torch.tensor([0.0, 0.0])),
    (torch.tensor([[3.0, -1.0], [-1.0, 4.0]]), torch.tensor([-2.0, 2.0])),
]

# %%
Layer = tuple[Tensor, Tensor]  # W (k, d) and b (k,)


def forward(x: Tensor, layers: Sequence[Layer]) -> list[Tensor]:
    """Return x and the output a of every layer; the last one is y = f(x)."""
    activations = [x]
    for W, b in layers:
        activations.append(layer(activations[-1], W, b))
    return activations


# %% name="two_inputs"
if __name__ == "__main__":
    from_one = forward(torch.tensor([1.0, -1.0]), LECTURE)
    from_zero = forward(torch.tensor([0.0, 0.0]), LECTURE)
    print("input (1, -1)    input (0, 0)")
    names = ["x", "a1", "a2", "y"]
    for name, one, zero in zip(names, from_one, from_zero, strict=True):
        print(f"{name:2} {one[0]:5.2f} {one[1]:5.2f}", end="   ")
        print(f"{name:2} {zero[0]:5.2f} {zero[1]:5.2f}")

# %% [markdown] lang="zh"
# 参数一样，输入不同，输出就不同：这是一个函数。输入全是零，输出却不是零，
# 因为有偏置，而且 $\sigma(0) = 0.5$。
#
# ## 一批样本：矩阵乘矩阵
#
# 一次送进 $B$ 个样本，每个样本是 $X$ 的一行，一层写成 $A = \sigma(X W^T + b)$，
# 同一个 $b$ 加到每一行上。PyTorch 的 `nn.Linear` 就是这样算的，
# `nn.Sequential` 把一层一层串起来。
# %% [markdown] lang="en"
# The same parameters, another input, another output: that is a function. And an input
# of zeros does not give zeros, because of the biases, and because $\sigma(0) = 0.5$.
#
# ## A batch of examples: matrix times matrix
#
# Send in $B$ examples at once, each a row of $X$, and a layer becomes
# $A = \sigma(X W^T + b)$, with the same $b$ added to every row. This is what PyTorch's
# `nn.Linear` computes; `nn.Sequential` puts layer after layer.


# %%
def forward_batch(X: Tensor, layers: Sequence[Layer]) -> Tensor:
    """Send every row of X (B, d) through the network at once: Y (B, M)."""
    A = X
    for W, b in layers:
        A = torch.sigmoid(A @ W.T + b)  # (B, d) @ (d, k) -> (B, k)
    return A


# %%
def as_sequential(layers: Sequence[Layer]) -> nn.Sequential:
    """The same network as PyTorch modules: nn.Linear and nn.Sigmoid in turn."""
    modules: list[nn.Module] = []
    for W, b in layers:
        k, d = W.shape
        linear = nn.Linear(d, k, dtype=W.dtype)
        linear.load_state_dict({"weight": W, "bias": b})
        modules += [linear, nn.Sigmoid()]
    return nn.Sequential(*modules)


# %% [markdown] lang="zh"
# 拿一个随机的网络和一批随机的样本试一试：5 个输入，各层有 7、4、3 个神经元。
# 一批一次算完，和一个样本一个样本地循环，结果一样吗？
# %% [markdown] lang="en"
# Try it on a random network and a batch of random examples: 5 inputs, and layers of 7,
# 4 and 3 neurons. Does the whole batch at once give what a loop over the examples
# gives?


# %%
def random_network(sizes: Sequence[int], generator: torch.Generator) -> list[Layer]:
    """Draw the parameters of layers of these sizes: W (k, d) and b (k,) of each."""
    layers = []
    for d, k in pairwise(sizes):
        W = SCALE * torch.randn(k, d, generator=generator)
        middle = torch.rand(d, generator=generator)  # where every z of the layer is 0
        layers.append((W, -W @ middle))
    return layers


# %% name="same_function"
if __name__ == "__main__":
    generator = torch.Generator().manual_seed(SEED)
    layers = random_network([5, 7, 4, 3], generator)
    X = torch.randn(BATCH, 5, generator=generator)
    Y = forward_batch(X, layers)

    by_neuron = []
    for a in X:
        for W, b in layers:
            a = layer_by_loop(a, W, b)
        by_neuron.append(a)
    others = {
        "neuron by neuron": torch.stack(by_neuron),
        "example by example": torch.stack([forward(x_n, layers)[-1] for x_n in X]),
        "nn.Sequential": as_sequential(layers)(X).detach(),
    }
    same = {name: torch.allclose(Y, other) for name, other in others.items()}
    print(f"X {tuple(X.shape)} -> Y {tuple(Y.shape)}")
    for name, equal in same.items():
        print(f"{name:18}  the same: {equal}")

# %% [markdown] lang="zh"
# 四种写法，一个函数。
#
# ## 结构定一组函数，参数从中选一个
#
# 结构不变（2-2-2-2），换几组随机的参数，画出第一个输出 $y_1$ 在输入平面上的高低。
# 会有多不一样？
# %% [markdown] lang="en"
# Four ways to write it, one function.
#
# ## A structure is a set of functions; parameters pick one
#
# Keep the structure, 2-2-2-2, take other parameters at random, and draw how high the
# first output $y_1$ is over the plane of the inputs. How different will they be?

# %% name="functions"
if __name__ == "__main__":
    side = torch.linspace(-4, 4, 81)
    plane = torch.cartesian_prod(side, side).flip(1)  # (81², 2), x_1 changes fastest
    generator = torch.Generator().manual_seed(SEED)
    choices = {"lecture": LECTURE}
    for i in range(RANDOM):
        choices[f"random {i + 1}"] = random_network([2, 2, 2, 2], generator)
    six = [forward_batch(plane, layers)[:, 0] for layers in choices.values()]

    fig, axes = plt.subplots(2, 3, sharex=True, sharey=True, figsize=(4.5, 4.4))
    for ax, name, y1 in zip(axes.flat, choices, six, strict=True):
        pixels = y1.reshape(81, 81).numpy()
        image = ax.imshow(pixels, origin="lower", extent=(-4, 4, -4, 4), clim=(0, 1))
        ax.set(title=name, aspect="auto", xticks=(-3, 0, 3), yticks=(-3, 0, 3))
    for ax in axes[:, 0]:
        ax.set_ylabel("$x_2$")
    for ax in axes[-1]:
        ax.set_xlabel("$x_1$")
    fig.colorbar(image, ax=axes, location="top", shrink=0.7, label="$y_1$")
    plt.show()

    gaps = [(a - b).abs().max() for i, a in enumerate(six) for b in six[:i]]
    smallest_gap = min(gaps).item()
    print(f"any two differ somewhere by {smallest_gap:.2f} or more")

# %% [markdown] lang="zh"
# 一个结构，六组参数，六个函数。训练，就是从这一组函数里选一个。
#
# ## 去掉激活函数会怎样？
#
# 参数还是课上的，去掉 $\sigma$，每一层只算 $W x + b$。三层还剩下多少本事？
# %% [markdown] lang="en"
# One structure, six choices of parameters, six functions. To train is to pick one out
# of this set.
#
# ## What if there is no activation function?
#
# The lecture's parameters again, but without $\sigma$: each layer computes only
# $W x + b$. How much is left of what three layers can do?


# %%
def without_activation(X: Tensor, layers: Sequence[Layer]) -> Tensor:
    """The network with nothing between its linear layers: X (B, d) to Y (B, M)."""
    for W, b in layers:
        X = X @ W.T + b  # (B, d) @ (d, k) -> (B, k)
    return X


# %% name="linear"
if __name__ == "__main__":
    (W1, b1), (W2, b2), (W3, b3) = LECTURE
    W_all = W3 @ W2 @ W1
    b_all = W3 @ (W2 @ b1 + b2) + b3
    three_layers = without_activation(plane, LECTURE)
    one_layer_gap = (three_layers - (plane @ W_all.T + b_all)).abs().max().item()
    print("W3 W2 W1 =", W_all.tolist())
    print("bias     =", b_all.tolist())
    print(f"largest difference: {one_layer_gap:.4f}")

# %% [markdown] lang="zh"
# 三层合起来，只是一层。画出来看：随机的 2-8-8-1，每条线上 $y$ 处处相等。
# %% [markdown] lang="en"
# Three layers together are only one. In a picture, for a random 2-8-8-1: along each
# line $y$ is the same.

# %% name="contours"
if __name__ == "__main__":
    layers = random_network([2, 8, 8, 1], torch.Generator().manual_seed(SEED))
    heights = {
        r"with $\sigma$": forward_batch(plane, layers),
        r"without $\sigma$": without_activation(plane, layers),
    }
    fig, axes = plt.subplots(1, 2, sharey=True, figsize=(4.5, 2.6))
    for ax, (title, y) in zip(axes, heights.items(), strict=True):
        ax.contour(side, side, y.reshape(81, 81), colors="C0", linestyles="-")
        ax.set(title=title, xlabel="$x_1$", aspect="equal", xticks=(-4, 0, 4))
    axes[0].set_ylabel("$x_2$")
    plt.show()

# %% [markdown] lang="zh"
# 没有 $\sigma$，等高线全是平行的直线，多少层都一样：弯曲全靠激活函数。
#
# ## 为什么要用 GPU：数一数
#
# 计时因机器而异，运算量不会。一层里的乘法互不相干，可以同时做；
# $m$ 个数相加，两两配对只要 $\lceil\log_2 m\rceil$ 轮。
# 非得一个接一个的有多少步？
# %% [markdown] lang="en"
# Without $\sigma$ all the lines are straight and parallel, however many layers there
# are: only the activation function bends them.
#
# ## Why a GPU: count
#
# Timings differ from machine to machine, counts do not. The products within a layer do
# not depend on one another and can be formed at the same time; $m$ numbers are added
# two by two in $\lceil\log_2 m\rceil$ rounds. How many steps really have to wait for
# one another?


# %%
def parameter_count(sizes: Sequence[int]) -> int:
    """Weights and biases of a fully connected network with layers of these sizes."""
    return sum(k * d + k for d, k in pairwise(sizes))


def multiplications(sizes: Sequence[int], batch: int = 1) -> int:
    """Products needed to send a batch through: one a weight and an example."""
    return batch * sum(k * d for d, k in pairwise(sizes))


def steps_in_a_row(sizes: Sequence[int]) -> int:
    """Longest chain of operations that wait for one another, whatever the batch.

    A layer of d inputs takes one step for all its products, ⌈log₂(d + 1)⌉ rounds to
    add them and the bias, two by two, and one step for σ.
    """
    return sum(1 + math.ceil(math.log2(d + 1)) + 1 for d in sizes[:-1])


# %% name="counts"
if __name__ == "__main__":
    small, large = [2, 2, 2, 2], [784, 1000, 1000, 10]
    products, steps = [], []
    print("structure        batch    products  steps")
    for sizes, batch in (small, 1), (large, 1), (large, BATCH):
        products.append(multiplications(sizes, batch))
        steps.append(steps_in_a_row(sizes))
        name = "-".join(str(size) for size in sizes)
        print(f"{name:16}{batch:6}{products[-1]:12,}{steps[-1]:7}")
    large_parameters = parameter_count(large)
    print(f"parameters of the large one: {large_parameters:,}")

# %% [markdown] lang="zh"
# 样本多了，乘法跟着多，非得先后做的步数却不变：人手够多，就能一起算。
# 这正是 GPU 的长处。
#
# ## 自己设计结构：卷积
#
# 卷积也是一层，只是 $W$ 里大多数权重固定为 $0$，其余的由各行共用。
# 写成矩阵，它和 PyTorch 的卷积一样吗？
# %% [markdown] lang="en"
# With more examples there is more to multiply, but no more steps have to wait for one
# another: with enough hands it is all done at once. This is what a GPU is good at.
#
# ## Designing the structure: convolution
#
# A convolution is a layer, too, but most of its $W$ is fixed at $0$, and its rows share
# the rest. As a matrix, is it the same as PyTorch's convolution?


# %%
def convolution_matrix(kernel: Tensor, d: int) -> Tensor:
    """W (d − K + 1, d) of a convolution: row i holds the kernel (K,), shifted by i.

    Raises ValueError for an empty kernel, or one with more than d weights.
    """
    K = len(kernel)
    if not 1 <= K <= d:
        raise ValueError(f"a kernel of {K} does not fit {d} inputs: shorten it")
    W = torch.zeros(d - K + 1, d, dtype=kernel.dtype)
    for i in range(len(W)):
        W[i, i : i + K] = kernel
    return W


# %% name="convolution"
if __name__ == "__main__":
    kernel = torch.tensor([1.0, -2.0, 1.0])
    W_shared = convolution_matrix(kernel, 5)
    dense_weights, shared_weights = W_shared.numel(), kernel.numel()
    signal = torch.tensor([0.0, 1.0, 4.0, 9.0, 16.0])
    by_matrix = W_shared @ signal
    by_torch = nn.functional.conv1d(signal[None, None], kernel[None, None])[0, 0]
    print(W_shared)
    print("W x    =", by_matrix)
    print("conv1d =", by_torch)

# %% [markdown] lang="zh"
# 同样多的神经元，要学的权重少得多。
# %% [markdown] lang="en"
# As many neurons, and far fewer weights to learn.
