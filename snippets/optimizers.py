# %% [markdown] lang="zh"
# # 优化器与初始化：怎样走，从哪里出发
#
# 前面几章的训练大多用 Adam，初始权重都照 PyTorch 的规则随机抽取。为什么？这里把梯度下
# 降、动量法和 Adam 各写成几行，与 `torch.optim` 核对；每种都调好，放到山谷、鞍点和网络
# 上比一比。再看初始权重多大才合适：一层一层推导，一层一层量，最后看起点错了会怎样。
# %% [markdown] lang="en"
# # Optimizers and initialization: how to walk, and from where
#
# Most of the training so far used Adam, and the first weights were drawn as PyTorch
# draws them. Why? Here gradient descent, momentum and Adam are written out, a few lines
# each, and checked against `torch.optim`. Each is tuned, and they meet in a valley, at
# a saddle and on networks. Then: how large should the first weights be? We derive it,
# measure it layer by layer, and see what a wrong start does.

# %%
"""Gradient descent, momentum and Adam by hand, and the size of the first weights."""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits
from torch import Generator, Tensor
from torch.nn.functional import one_hot

torch.set_num_threads(1)  # the same sums, the same last digits, on every machine

# %% name="parameters"
SEED = 0  # where every random number below starts from
RUNS = 5  # random starts of everything; networks have data of their own in each
CURVATURES = [10, 30, 100, 300]  # c, of the valleys
BETAS = [0.1, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95]  # to choose from, each with 12 rates
DEPTH = 30  # hidden layers of a deep network

# %% [markdown] lang="zh"
# ## 三种优化器
#
# 每个优化器都有一个 `step`：给它参数 $\theta$ 和梯度 $g$，它给出新的参数。动量法记
# 着 $m$，Adam 还记着 $v$，都从零开始。
# %% [markdown] lang="en"
# ## Three optimizers
#
# Each has a `step`: it takes the parameters $\theta$ and their gradient $g$ and returns
# new parameters. Momentum remembers $m$, Adam $v$ as well, and both begin at zero.


# %%
Rate = float | Tensor  # a tensor: many settings at once, broadcast against θ
Function = Callable[[Tensor], Tensor]  # a loss, an activation function


class Optimizer:
    """Makes new parameters out of old ones and their gradient; η is the rate."""

    def __init__(self, eta: Rate) -> None:
        self.eta = eta

    def step(self, theta: Tensor, g: Tensor) -> Tensor:
        """Return θ after one update, given the gradient g at θ; same shape."""
        raise NotImplementedError


# %%
class Descent(Optimizer):
    """Gradient descent, θ ← θ − η g."""

    def step(self, theta: Tensor, g: Tensor) -> Tensor:
        return theta - self.eta * g


# %%
class Momentum(Optimizer):
    """Gradient descent with momentum (Polyak, 1964): m ← β m + g, θ ← θ − η m."""

    def __init__(self, eta: Rate, beta: Rate = 0.9) -> None:
        super().__init__(eta)
        self.beta = beta
        self.m: Rate = 0.0

    def step(self, theta: Tensor, g: Tensor) -> Tensor:
        self.m = self.beta * self.m + g
        return theta - self.eta * self.m


# %%
class Adam(Optimizer):
    """Adam (Kingma & Ba, 2015): the mean gradient over its root mean square."""

    def __init__(
        self, eta: Rate, beta1: Rate = 0.9, beta2: Rate = 0.999, epsilon: float = 1e-8
    ) -> None:
        super().__init__(eta)
        self.beta1, self.beta2, self.epsilon = beta1, beta2, epsilon
        self.m: Rate = 0.0
        self.v: Rate = 0.0
        self.t = 0

    def step(self, theta: Tensor, g: Tensor) -> Tensor:
        self.t += 1
        self.m = self.beta1 * self.m + (1 - self.beta1) * g
        self.v = self.beta2 * self.v + (1 - self.beta2) * g**2
        m_hat = self.m / (1 - self.beta1**self.t)  # as they began at zero
        v_hat = self.v / (1 - self.beta2**self.t)
        return theta - self.eta * m_hat / (v_hat**0.5 + self.epsilon)


# %% [markdown] lang="zh"
# 和 `torch.optim` 一样吗？从同一点出发，喂同样的随机梯度，走 $500$ 步。
# %% [markdown] lang="en"
# Are they the same as in `torch.optim`? From the same point, with the same random
# gradients, $500$ updates:

# %% name="check"
if __name__ == "__main__":
    generator = Generator().manual_seed(SEED)
    first = torch.randn(7, generator=generator, dtype=torch.float64)
    copies = [first.clone() for _ in range(3)]
    pairs: list[tuple[Optimizer, torch.optim.Optimizer]] = [
        (Descent(0.1), torch.optim.SGD(copies[:1], lr=0.1)),
        (Momentum(0.1, 0.9), torch.optim.SGD(copies[1:2], lr=0.1, momentum=0.9)),
        (Adam(0.1), torch.optim.Adam(copies[2:], lr=0.1)),
    ]
    gaps = []
    for (ours, theirs), copy in zip(pairs, copies, strict=True):
        theta = first
        for _ in range(500):
            copy.grad = torch.randn(7, generator=generator, dtype=torch.float64)
            theta = ours.step(theta, copy.grad)
            theirs.step()
        gaps.append((theta - copy).abs().max().item())
        print(f"{type(ours).__name__:8}  largest gap {gaps[-1]:.0e}")

# %% [markdown] lang="zh"
# 只差舍入。它们的步子有多大？先喂四种梯度：一直是 $1$、正负交替、很大、很小。
# %% [markdown] lang="en"
# Rounding only. How large are their steps? Feed them four kinds of gradients: always
# $1$, alternating $\pm 1$, huge, tiny.


# %% name="steps"
if __name__ == "__main__":
    ones, zero = torch.ones(200, dtype=torch.float64), torch.zeros(()).double()
    fed = {"1, 1, 1": ones, "1, -1, 1": ones * (-1) ** torch.arange(200)}
    fed |= {f"all {size:g}": size * ones for size in (1e3, 1e-3, 1e-8, 1e-12)}
    steps = []  # the last one of each, for descent, momentum and Adam
    print("gradients   descent  momentum     Adam")
    for name, gradients in fed.items():
        trio: list[Optimizer] = [Descent(0.01), Momentum(0.01), Adam(0.01)]
        last = [[o.step(zero, g) for g in gradients][-1] for o in trio]
        steps.append([abs(step.item()) for step in last])
        print("{:9}  {:8.2g}  {:8.2g} {:8.2g}".format(name, *steps[-1]))

# %% [markdown] lang="zh"
# 梯度一致，动量法的步子是梯度下降的十倍；正负交替，只有约一半。Adam 不管梯度是大是小，
# 步子总是 $\eta$，直到梯度小得和 $\epsilon = 10^{-8}$ 差不多。
#
# ## 山谷
#
# $L = \frac12(\theta_1^2 + c\,\theta_2^2)$：$\theta_2$ 方向比 $\theta_1$ 方向
# 弯 $c$ 倍。学习率太大，弯的方向就来回跳；那么平的方向要走多久？
#
# 公平的比法：每种优化器都试 $96$ 种设置，取最好的，数更新次数。下面的函数一次跑许多设
# 置、许多起点：它们占参数的前几维，最后一维才是 $\theta$。
# %% [markdown] lang="en"
# Where gradients agree, momentum's step is ten times that of gradient descent; where
# they alternate, about half of it. Adam's step is $\eta$ whether gradients are large or
# small, until they are as small as $\epsilon = 10^{-8}$.
#
# ## A valley
#
# $L = \frac12(\theta_1^2 + c\,\theta_2^2)$ is $c$ times as curved along $\theta_2$ as
# along $\theta_1$. With too high a rate we jump to and fro across the curved direction;
# how long, then, does the flat one take?
#
# The fair way to compare: every optimizer tries $96$ settings and keeps the best; then
# count updates. The function below runs many settings and many starts at once: they are
# the leading dimensions, and only the last one is $\theta$.


# %%
def minimize(
    loss: Function, theta: Tensor, optimizer: Optimizer, updates: int
) -> tuple[Tensor, Tensor]:
    """Losses before each update (updates, …), and θ (…, P) after the last.

    `loss` takes θ (…, P) to (…). The leading dimensions of θ are runs that have nothing
    to do with each other.
    """

    def total(theta: Tensor) -> tuple[Tensor, Tensor]:
        each = loss(theta)
        return each.sum(), each  # the gradient of the sum is each run's own

    losses = []
    for _ in range(updates):
        g, each = torch.func.grad(total, has_aux=True)(theta)
        losses.append(each)
        theta = optimizer.step(theta, g)
    return torch.stack(losses), theta


# %%
def arrivals(losses: Tensor, goal: float) -> Tensor:
    """Updates until the loss stays below the goal, ∞ if never: (updates, …) to (…)."""
    time = torch.arange(1, len(losses) + 1).view(-1, *[1] * (losses.ndim - 1))
    last = (time * ~(losses < goal)).amax(0)  # the last time above it, or NaN
    return torch.where(last == len(losses), math.inf, last)


def compare(
    loss: Function, theta: Tensor, trio: list[Optimizer], updates: int, goal: float
) -> tuple[Tensor, Tensor]:
    """Updates that each optimizer needs at the best of its settings.

    The best by the median over runs: θ is (…, settings, runs, P). Return the updates
    (optimizers, …, runs), and which setting it is (optimizers, …).
    """
    losses = (minimize(loss, theta, optimizer, updates)[0] for optimizer in trio)
    counts = torch.stack([arrivals(each, goal) for each in losses])
    best = counts.median(-1).values.argmin(-1)
    return counts.take_along_dim(best[..., None, None], -2).squeeze(-2), best


# %%
def candidates(low: float, high: float) -> tuple[Tensor, Tensor, Tensor]:
    """96 rates; or 12 rates with 8 β each, η and β: (96, 1, 1), all three."""
    ends = math.log10(low), math.log10(high)
    rates = torch.logspace(*ends, 12, dtype=torch.float64)
    pairs = torch.cartesian_prod(rates, torch.tensor(BETAS, dtype=torch.float64))
    alone = torch.logspace(*ends, len(pairs), dtype=torch.float64)
    return alone.view(-1, 1, 1), pairs[:, :1, None], pairs[:, 1:, None]


def quadratic(H: Tensor) -> Function:
    """L = ½ θᵀHθ, for symmetric H (…, P, P) and θ (…, runs, P)."""
    return lambda theta: ((theta @ H) * theta).sum(-1) / 2


# %% [markdown] lang="zh"
# 山谷也斜着放（转约 $37°$），起点跟着转：哪一种优化器会看出不同？
# %% [markdown] lang="en"
# The valleys are also turned, by about $37°$, and the starts with them: which of the
# optimizers notices?

# %% name="valley"
if __name__ == "__main__":
    c = torch.tensor(CURVATURES, dtype=torch.float64)[:, None, None, None]
    turns = torch.tensor([[[1, 0], [0, 1]], [[0.8, -0.6], [0.6, 0.8]]]).double()
    turns = turns[:, None, None]  # (2, 1, 1, 2, 2)
    straight = torch.eye(2, dtype=torch.float64) * torch.cat([c**0, c], -1)
    valleys = quadratic(turns @ straight @ turns.mT)  # H is (2, c, 1, 2, 2)
    start = torch.randn(RUNS, 2, generator=generator, dtype=torch.float64) @ turns.mT
    start = start.expand(-1, len(CURVATURES), 12 * len(BETAS), -1, -1)
    alone, eta, beta = candidates(0.25, 4)
    trio = [Descent(alone / c), Momentum(eta / c, beta), Adam(*candidates(0.02, 4)[1:])]
    counts, valley_choice = compare(valleys, start, trio, 800, 1e-4)
    in_valley = counts.median(-1).values  # (optimizers, turned, c)
    columns = [*in_valley[:, 0], in_valley[2, 1]]
    print("  c  descent  momentum  Adam  Adam turned")
    for row in zip(CURVATURES, *columns, strict=True):
        print("{:3}  {:7.0f}  {:8.0f}  {:4.0f}  {:11.0f}".format(*row))
    fig, ax = plt.subplots(figsize=(4.5, 4))
    names = ["descent", "momentum", "Adam", "Adam, valley turned"]
    for name, counts, style in zip(names, columns, "os^v", strict=True):
        ax.loglog(CURVATURES, counts, style, ms=8, label=name)
    for u in (c.flatten(), c.flatten() ** 0.5):  # updates to a hundredth of the start
        ax.loglog(CURVATURES, math.log(100) / ((u + 1) / (u - 1)).log(), "--", c="C5")
    ax.set(xlabel="curvature ratio $c$", ylabel="updates")
    fig.legend(loc="outside upper center", ncols=2, columnspacing=1)
    plt.show()

# %% [markdown] lang="zh"
# 梯度下降的更新次数与 $c$ 成正比，动量法与 $\sqrt c$ 成正比（虚线是公式）。Adam 几乎不
# 管 $c$ 是多少，可是山谷一转，它的好处就没了：它是一个坐标一个坐标地调步长的。另外两个
# 看不出山谷转没转。
#
# ## 鞍点
#
# $L = (1 - w_1 w_2)^2$ 在 $(0, 0)$ 有一个鞍点。从离它很近的地方出发，多久能走开？
# %% [markdown] lang="en"
# The updates of gradient descent grow like $c$, those of momentum like $\sqrt c$ (the
# dashed lines are the formulas). Adam hardly cares about $c$; but turn the valley, and
# its advantage is gone: it sets its steps coordinate by coordinate. The other two do
# not notice the turn.
#
# ## A saddle
#
# $L = (1 - w_1 w_2)^2$ has a saddle point at $(0, 0)$. From a point very close to it,
# how long does it take to get away?


# %%
def saddle(theta: Tensor) -> Tensor:
    """L = (1 − w₁ w₂)², for θ = (w₁, w₂): (…, 2) to (…)."""
    return (1 - theta.prod(-1)) ** 2


# %% name="at_saddle"
if __name__ == "__main__":
    directions = torch.randn(RUNS, 2, generator=generator, dtype=torch.float64)
    pushes = torch.tensor([1e-2, 1e-4, 1e-6]).double()[:, None, None, None]
    start = (pushes * directions).expand(-1, 12 * len(BETAS), -1, -1)
    alone, eta, beta = candidates(0.03, 1)
    trio = [Descent(alone), Momentum(eta, beta), Adam(eta, beta)]
    counts, saddle_choice = compare(saddle, start, trio, 200, 0.01)
    from_saddle = counts.median(-1).values  # (optimizers, pushes)
    print(" push  descent  momentum  Adam")
    for row in zip(pushes.flatten(), *from_saddle, strict=True):
        print("{:5.0e}  {:7.0f}  {:8.0f}  {:4.0f}".format(*row))

# %% [markdown] lang="zh"
# 梯度下降和动量法：起点离鞍点近 $100$ 倍，就多几次更新，每次一样多，因为梯度和距离成正
# 比，离开是指数式的。Adam 的步长与梯度大小无关，远近都差不多。
#
# ## 网络
#
# 两个任务：用两层 tanh 拟合 $30$ 个点，一层 ReLU 分类 $100$ 张手写数字。每种优化器都试
# 同样的学习率（$\beta$ 用默认值），数训练损失降到 $0.05$ 以下要更新几次。
# %% [markdown] lang="en"
# Gradient descent and momentum take some more updates for every factor of $100$ that
# the start is closer, always equally many: the gradient is proportional to the
# distance, and the escape exponential. The length of Adam's steps does not depend on
# the gradient's, and close or not makes little difference.
#
# ## Networks
#
# Two tasks: two layers of tanh fit $30$ points, one layer of ReLU classifies $100$
# handwritten digits. Every optimizer tries the same learning rates (with the default
# $\beta$); count the updates until the training loss is below $0.05$.


# %%
def layers_of(theta: Tensor, sizes: Sequence[int]) -> list[tuple[Tensor, Tensor]]:
    """Cut θ (…, P) into W (…, k, d) and b (…, 1, k) of each layer, input size first."""
    shapes = [shape for d, k in pairwise(sizes) for shape in ((k, d), (1, k))]
    parts = theta.split([math.prod(shape) for shape in shapes], dim=-1)
    tensors = [p.unflatten(-1, shape) for p, shape in zip(parts, shapes, strict=True)]
    return list(zip(tensors[::2], tensors[1::2], strict=True))


def forward(
    theta: Tensor, X: Tensor, sizes: Sequence[int], activation: Function
) -> list[Tensor]:
    """X (…, N, d), then what each layer makes of it, (…, N, k); the last one is y."""
    *hidden, (W_out, b_out) = layers_of(theta, sizes)
    A = [X]
    for W, b in hidden:
        A.append(activation(A[-1] @ W.mT + b))
    return [*A, A[-1] @ W_out.mT + b_out]


def random_start(sizes: Sequence[int], scale: float, generator: Generator) -> Tensor:
    """θ (RUNS, P): normal weights with Var(w) = scale / d, biases zero."""
    parts = []
    for d, k in pairwise(sizes):
        W = torch.randn(RUNS, k * d, generator=generator)
        parts += [W * (scale / d) ** 0.5, torch.zeros(RUNS, k)]
    return torch.cat(parts, dim=-1)


# %%
class Task(NamedTuple):
    """What a network is to learn: inputs X (RUNS, N, d), targets ŷ (RUNS, N, k)."""

    sizes: list[int]
    activation: Function
    X: Tensor
    y_hat: Tensor
    classify: bool = False  # by cross-entropy; else mean squared error

    def loss(self, theta: Tensor) -> Tensor:
        """Training loss of each run, θ (…, RUNS, P) to (…, RUNS)."""
        y = forward(theta, self.X, self.sizes, self.activation)[-1]
        if self.classify:
            return -(self.y_hat * y.log_softmax(-1)).sum(-1).mean(-1)
        return (y - self.y_hat).square().mean((-2, -1))


def curve(
    hidden: list[int], activation: Function, N: int, w: float, generator: Generator
) -> Task:
    """N points on ŷ = sin(w x), −√3 < x < √3, so that Var(x) = 1."""
    x = 3**0.5 * (2 * torch.rand(RUNS, N, 1, generator=generator) - 1)
    return Task([1, *hidden, 1], activation, x, torch.sin(w * x))


def digits(hidden: list[int], N: int, generator: Generator) -> Task:
    """N handwritten digits, pixels from 0 to 1, for layers of ReLU."""
    images, labels = load_digits(return_X_y=True)
    rows = torch.rand(RUNS, len(labels), generator=generator).argsort(-1)[:, :N]
    X, y_hat = torch.tensor(images / 16).float(), one_hot(torch.tensor(labels)).float()
    return Task([64, *hidden, 10], torch.relu, X[rows], y_hat[rows], classify=True)


# %% name="networks"
if __name__ == "__main__":
    tasks = {"curve": curve([16, 16], torch.tanh, 30, 3.0, generator)}
    tasks["digits"] = digits([16], 100, generator)
    rates = torch.tensor([0.01 * 2**i for i in range(9)]).view(-1, 1, 1)
    medians, best_rates = [], []  # of each task, for descent, momentum and Adam
    print("         descent  momentum  Adam")
    for (name, task), updates in zip(tasks.items(), (400, 200), strict=True):
        start = random_start(task.sizes, 1, generator).expand(len(rates), -1, -1)
        trio = [Descent(rates), Momentum(rates), Adam(rates)]
        counts, best = compare(task.loss, start, trio, updates, 0.05)
        medians.append(counts.median(-1).values.tolist())
        best_rates.append(rates.flatten()[best].tolist())
        for run in [*counts.T.tolist(), medians[-1]]:
            label = "median" if run is medians[-1] else name
            print("{:7}  {:7.0f}  {:8.0f}  {:4.0f}".format(label, *run))

# %% [markdown] lang="zh"
# 梯度下降在两个任务上都最慢；动量法和 Adam 相差很小。
#
# ## 初始权重：不能都一样
#
# 先看一个极端：所有参数从零开始，或者都从 $0.3$ 开始，学得会吗？
# %% [markdown] lang="en"
# Gradient descent is the slowest on both tasks. Between momentum and Adam there is
# little difference.
#
# ## First weights must not be equal
#
# An extreme to begin with: all parameters start at zero, or all at $0.3$. Will the
# network learn?

# %% name="symmetry"
if __name__ == "__main__":
    task = tasks["curve"]
    equal, random = (random_start(task.sizes, s, generator) for s in (0, 1))
    equal_losses, differences = [], []
    print("start    loss  neurons differ by")
    for name, start in (("zeros", equal), ("0.3", equal + 0.3), ("random", random)):
        losses, theta = minimize(task.loss, start, Adam(0.02), 150)
        W = layers_of(theta, task.sizes)[0][0]  # (RUNS, k, d), of the first layer
        equal_losses.append(losses[-1].median().item())
        differences.append((W - W[:, :1]).abs().max().item())
        print(f"{name:6}  {equal_losses[-1]:5.3f}  {differences[-1]:17.2g}")

# %% [markdown] lang="zh"
# 一样的神经元得到一样的梯度，走一样的步，永远一样：一层有多少个都只算一个。随机的起点打
# 破这种对称。
#
# ## 初始权重：多大？
#
# 一层 $d$ 个输入，权重独立、均值为零，那么 $\operatorname{Var}(z)$
# 是 $d\,\operatorname{Var}(w)$ 乘 $a^2$ 的平均。要让每层的大小不变，$\tanh$ 在零附近需
# 要 $\operatorname{Var}(w) = 1/d$（Xavier），ReLU 丢掉一半，需要 $2/d$（He）。PyTorch
# 的 `nn.Linear` 默认取多少？
# %% [markdown] lang="en"
# Equal neurons get equal gradients, take equal steps, and stay equal for ever: however
# many there are in a layer, they count as one. A random start breaks the symmetry.
#
# ## How large should first weights be?
#
# In a layer of $d$ inputs, with independent weights of mean zero,
# $\operatorname{Var}(z)$ is $d\,\operatorname{Var}(w)$ times the mean of $a^2$. To keep
# the size from one layer to the next, $\tanh$ near zero needs
# $\operatorname{Var}(w) = 1/d$ (Xavier). ReLU drops one half, and needs $2/d$ (He). And
# what is the default of PyTorch's `nn.Linear`?

# %% name="default"
if __name__ == "__main__":
    torch.manual_seed(SEED)
    layer = torch.nn.Linear(1000, 1000)  # d = 1000
    default_scale = 1000 * layer.weight.var().item()
    print(f"d Var(w) = {default_scale:.3f}")

# %% [markdown] lang="zh"
# 默认的方差是 $1/(3d)$，比两种规则都小。穿过三十层，会差多少？
# %% [markdown] lang="en"
# By default the variance is $1/(3d)$, less than by either rule. What does that amount
# to after thirty layers?

# %%
SCALES = {"1/(3d)": 1 / 3, "1/d": 1.0, "2/d": 2.0, "4/d": 4.0}  # Var(w), and times d


def through_layers(
    activation: Function, scale: float, generator: Generator
) -> tuple[Tensor, Tensor]:
    """Root mean squares of a and of ∂C/∂a, layer by layer, the last ∂C/∂a being 1.

    DEPTH layers of 64 neurons, the input first; median over RUNS networks: (DEPTH + 1,)
    """
    sizes = [64] * (DEPTH + 1) + [1]
    theta = random_start(sizes, scale, generator)
    X = torch.randn(RUNS, 32, 64, generator=generator, requires_grad=True)
    A = forward(theta, X, sizes, activation)
    slopes = torch.autograd.grad(A[-1].sum(), A[:-1])

    def size(layers: Sequence[Tensor]) -> Tensor:
        squares = torch.stack([*layers]).square()  # (DEPTH + 1, RUNS, 32, 64)
        return squares.mean((-2, -1)).sqrt().median(-1).values

    return size(A[:-1]).detach(), size(slopes) / size(slopes)[-1]


# %% name="layers"
if __name__ == "__main__":
    ends = []  # for ReLU, then tanh, and each scale: the last a, the first ∂C/∂a
    functions = [("ReLU", torch.relu), ("tanh", torch.tanh)]
    fig, axes = plt.subplots(2, figsize=(4.5, 6.4), sharex=True)
    print("      Var(w)  last a  first slope")
    for ax, (name, activation) in zip(axes, functions, strict=True):
        for (variance, scale), style in zip(SCALES.items(), "vso^", strict=True):
            a, slope = through_layers(activation, scale, generator)
            ends.append([a[-1].item(), slope[0].item()])
            print(f"{name}  {variance:6}  {a[-1]:6.0e}  {slope[0]:11.0e}")
            ax.semilogy(a, f"{style}-", ms=5, label=f"${variance}$")
        ax.set(title=name, ylabel="size of activations")
    axes[1].set_xlabel("layer")
    axes[0].legend()
    plt.show()

# %% [markdown] lang="zh"
# 一层差一点，三十层就差许多个数量级。ReLU 要用 He 的方差，大小才往前、往回都不变；
# tanh 用 Xavier 的，两边都慢慢变小，再大，往回传就越来越大。
#
# ## 起点错了，训练得动吗？
#
# 三十层 ReLU，方差照 PyTorch 默认、Xavier、He；每种起点、每种优化器都试同样几个学习率。
# 几次运行能把训练损失降到 $0.1$ 以下？
# %% [markdown] lang="en"
# A little in one layer is many orders of magnitude in thirty. For ReLU it takes He's
# variance to keep the size, forward and back. For tanh, Xavier's loses a little both
# ways; with more, the slopes grow on the way back.
#
# ## Does a wrong start stop training?
#
# Thirty layers of ReLU, with the variance of PyTorch's default, of Xavier, of He; every
# start and optimizer tries the same few learning rates. In how many runs does the
# training loss get below $0.1$?

# %% name="deep"
if __name__ == "__main__":
    task = curve([16] * DEPTH, torch.relu, 16, 1.5, generator)
    names, scales = ["PyTorch", "Xavier", "He"], (1 / 3, 1, 2)
    start = torch.stack([random_start(task.sizes, s, generator) for s in scales])
    rates = torch.tensor([0.001, 0.004, 0.016]).view(-1, 1, 1)
    start = start[:, None].expand(-1, len(rates), -1, -1)  # (starts, rates, RUNS, P)
    trio = [Momentum(rates), Adam(rates)]
    counts, deep_choice = compare(task.loss, start, trio, 160, 0.1)
    arrived = counts.isfinite().sum(-1)  # (optimizers, starts)
    typical = counts.median(-1).values  # updates, as arrived
    print(f"of {RUNS} runs  momentum     Adam")
    for name, n, u in zip(names, arrived.T, typical.T, strict=True):
        print(f"{name:9}  {n[0]} ({u[0]:4.0f})  {n[1]} ({u[1]:4.0f})")

# %% [markdown] lang="zh"
# 有动量的梯度下降，从太小的起点出发，走不到。Adam 不看梯度的大小，Xavier 的起点它多半救
# 得回来，只是慢些；PyTorch 默认的起点，它也救不了几次。
# %% [markdown] lang="en"
# From too small a start, gradient descent with momentum does not arrive. Adam, which
# does not care about the size of gradients, mostly makes up for Xavier's start, if more
# slowly; for PyTorch's default even Adam is little help.
