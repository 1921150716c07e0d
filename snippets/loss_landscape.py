# %% [markdown] lang="zh"
# # 损失的地形：训练到底停在哪里
#
# 把一个小网络训练很多次，每次都走到底。它们停在局部最小值，还是鞍点？用牛顿法专门去找，
# 又能找到哪些临界点？给网络添一个神经元，能不能从坏的局部最小值里走出来？最后看一种假
# 象：损失不动了，梯度却一点也不小。
# %% [markdown] lang="en"
# # The loss landscape: where training really ends
#
# Train a small network many times, each time until nothing moves. Do the runs end at
# local minima, or at saddle points? Which critical points does Newton's method find
# when we go looking for them? Does one more neuron lead out of a bad local minimum? And
# a false alarm: the loss stands still, yet the gradient is not small at all.

# %%
"""Where training ends: minima and saddles of a small network, edge of stability."""

from collections.abc import Callable
from functools import partial

import matplotlib.pyplot as plt
import torch
from torch import Tensor

torch.set_num_threads(1)  # the same sums, the same last digits, on every machine

Gradient = Callable[[Tensor], Tensor]  # θ (…, P) -> g (…, P)

# %% name="parameters"
SEED = 0  # where every random number below starts from
DRAWS = 5  # data sets
STARTS = 24  # random starts for each data set
NEURONS = 3  # k
DECAY = 3e-3  # δ, the strength of the term δ‖θ‖²
UPDATES = 12_000  # gradient descent until nothing moves
SEARCHES = 48  # descents from which Newton's method sets out
MATRICES = 100_000  # random symmetric matrices of each size
RATES = [0.2, 0.3, 0.4]  # learning rates, η
EDGE_STARTS = 6  # random starts for each η
EDGE_UPDATES = 4000

# %% [markdown] lang="zh"
# ## 一个小网络
#
# $k$ 个 tanh 神经元拟合 20 个点：$y = b_0 + \sum_i c_i \tanh(w_i x + b_i)$，共
# $P = 3k + 1$ 个参数。损失是均方误差加上 $\delta\lVert\theta\rVert^2$。梯度手算，用反向
# 传播的办法；海森矩阵 $H$ 是梯度的导数，交给自动微分。
# %% [markdown] lang="en"
# ## A small network
#
# $k$ tanh neurons fit 20 points: $y = b_0 + \sum_i c_i \tanh(w_i x + b_i)$, with
# $P = 3k + 1$ parameters. The loss is the mean squared error plus
# $\delta\lVert\theta\rVert^2$. The gradient is worked out by hand, as in
# backpropagation; the Hessian $H$ is the derivative of the gradient and is left to
# automatic differentiation.


# %%
def normal(rows: int, columns: int, seed: int) -> Tensor:
    """Random numbers, (rows, columns), from the standard normal distribution."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(rows, columns, generator=generator, dtype=torch.float64)


def wave(x: Tensor, waves: float, seed: int) -> Tensor:
    """Noisy values of sin(waves · x), of x's shape (N,)."""
    return torch.sin(waves * x) + 0.1 * normal(1, len(x), seed)[0]


# %%
def split(theta: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """θ = (w, b, c, b₀), (…, 3k + 1), in its parts: (…, k) three times and (…, 1)."""
    k = theta.shape[-1] // 3
    w, b, c, b0 = theta.split([k, k, k, 1], dim=-1)
    return w, b, c, b0


def network(theta: Tensor, x: Tensor) -> tuple[Tensor, Tensor]:
    """y = b₀ + Σᵢ cᵢ tanh(wᵢx + bᵢ) for x (N,), and the activations.

    They are (…, N) and (…, N, k) for θ (…, 3k + 1).
    """
    w, b, c, b0 = split(theta)
    a = torch.tanh(x[:, None] * w[..., None, :] + b[..., None, :])
    return b0 + (a @ c[..., None]).squeeze(-1), a


# %%
def loss(theta: Tensor, x: Tensor, y_hat: Tensor, decay: float = DECAY) -> Tensor:
    """Mean squared error + decay · ‖θ‖², (…), for θ (…, P), x (N,) and ŷ (…, N)."""
    error = network(theta, x)[0] - y_hat
    return error.square().mean(-1) + decay * theta.square().sum(-1)


def gradient(theta: Tensor, x: Tensor, y_hat: Tensor, decay: float = DECAY) -> Tensor:
    """The gradient g of the loss, (…, P), by backpropagation."""
    y, a = network(theta, x)
    c = split(theta)[2]
    dy = 2 * (y - y_hat) / len(x)  # ∂L/∂y, (…, N)
    dz = dy[..., None] * c[..., None, :] * (1 - a.square())  # ∂L/∂z, (…, N, k)
    dc = (dy[..., None, :] @ a).squeeze(-2)
    parts = [x @ dz, dz.sum(-2), dc, dy.sum(-1, keepdim=True)]  # w, b, c, b₀
    return torch.cat(parts, dim=-1) + 2 * decay * theta


def hessian(grad: Gradient, theta: Tensor) -> Tensor:
    """H, (…, P, P), at every θ (…, P): the derivatives of the gradient."""
    theta = theta.detach().requires_grad_()
    total = grad(theta).reshape(-1, theta.shape[-1]).sum(0)  # (P,); runs do not mix
    rows = [torch.autograd.grad(g, theta, retain_graph=True)[0] for g in total]
    return torch.stack(rows, dim=-2)


# %% [markdown] lang="zh"
# ## 走到底，停在哪里？
#
# 五份数据，每份从 24 个随机起点出发，用普通的梯度下降走到梯度几乎为零。停下的地方是局部
# 最小值，还是鞍点？都在同一处吗？
# %% [markdown] lang="en"
# ## Down to the end: where is that?
#
# Five data sets, and 24 random starts for each: plain gradient descent until the
# gradient is almost zero. Do the runs end at local minima, or at saddle points? All at
# the same place?


# %%
def descend(
    grad: Gradient, theta: Tensor, eta: float | Tensor, updates: int, every: int = 1
) -> Tensor:
    """Gradient descent: θ at updates 0, every, 2 · every, …: (1 + …, *θ's shape)."""
    path = [theta]
    for t in range(1, updates + 1):
        theta = theta - eta * grad(theta)
        if t % every == 0:
            path.append(theta)
    return torch.stack(path)


# %% name="ends"
if __name__ == "__main__":
    x = torch.linspace(-2, 2, 20, dtype=torch.float64)
    draws = torch.stack([wave(x, 2, SEED + i) for i in range(DRAWS)])
    y_hat = draws.repeat_interleave(STARTS, dim=0)  # (runs, N)
    grad = partial(gradient, x=x, y_hat=y_hat)
    starts = normal(DRAWS * STARTS, 3 * NEURONS + 1, SEED)
    path = descend(grad, starts, 0.07, UPDATES, every=10)  # (1 + …, runs, P)
    ends, runs = path[-1], len(starts)
    end_losses = loss(ends, x, y_hat).view(DRAWS, STARTS)
    times_lowest = end_losses / end_losses.amin(1, keepdim=True)
    is_high = times_lowest > 1.2  # well above the lowest of the same data
    for i in range(DRAWS):
        print(f"data {i}: lowest {end_losses[i].min():.4f}", end="")
        print(f", {int(is_high[i].sum())} of {STARTS} runs higher")

# %% name="which_kind"
if __name__ == "__main__":
    end_norm = grad(ends).norm(dim=-1).max().item()
    end_smallest = torch.linalg.eigvalsh(hessian(grad, ends))[:, 0]
    at_minima, stuck_high = int((end_smallest > 0).sum()), int(is_high.sum())
    print(f"‖g‖ at most {end_norm:.0e}")
    print(f"local minima: {at_minima} of {runs}, {stuck_high} of them high")

# %% name="descents"
if __name__ == "__main__":
    shown = int(is_high.sum(1).argmax())  # the data with most runs at the high one
    curves = loss(path[1:], x, y_hat).unflatten(1, (DRAWS, STARTS))[:, shown]
    updates = 10 * torch.arange(1, len(curves) + 1)
    fig, ax = plt.subplots()
    ax.plot(updates, curves[:, ~is_high[shown]], "C0", lw=1)
    ax.plot(updates, curves[:, is_high[shown]], "C1--")
    ax.set(xlabel="updates", ylabel="loss $L$", xscale="log", ylim=(0, 0.8))
    plt.show()

# %% [markdown] lang="zh"
# 全停在局部最小值，没有一次停在鞍点；不过有几次停在高的那一个，再也下不来。
#
# 图上有些曲线中途几乎走平，过一阵才又落下去。走平的地方是什么？量一量：梯度的长度曾经小
# 到后来的三分之一以下，就算经过一段平台。
# %% [markdown] lang="en"
# They all end at local minima, none at a saddle point; but a few end in the higher one,
# and never leave it.
#
# Some of the curves are almost flat for a while and then fall again. What is at such a
# place? Let us call it a plateau if the gradient was once less than a third as long as
# it became later.

# %% name="plateaus"
if __name__ == "__main__":
    early = path[:301]  # the first 3000 updates
    norms = grad(early).norm(dim=-1)  # (301, runs)
    longest_later = norms.flip(0).cummax(0).values.flip(0)
    dip, when = (norms / longest_later).min(0)
    plateau = dip < 1 / 3
    on_plateau = early[when, torch.arange(runs)]
    plateau_smallest = torch.linalg.eigvalsh(hessian(grad, on_plateau))[plateau, 0]
    passed, way_down = int(plateau.sum()), int((plateau_smallest < 0).sum())
    print(f"{passed} plateaus, negative eigenvalue on {way_down}")

# %% [markdown] lang="zh"
# 平台上都有负的特征值：像在鞍点附近那样，有路往下，只是梯度太小，走得慢。
#
# ## 专门去找临界点
#
# 梯度下降不会停在鞍点，要找就得换一种办法：用牛顿法解 $g(\theta) = 0$，
# $\theta \leftarrow \theta - H^{-1} g$。它奔向*任何*临界点，不管是不是最小值。若把特征
# 值都换成绝对值，它就只往下走。
# %% [markdown] lang="en"
# On every plateau there is a negative eigenvalue: as near a saddle, there is a way
# down. It only takes long, because the gradient is so small.
#
# ## Looking for critical points
#
# Gradient descent does not stop at saddles, so finding them takes another method:
# Newton's method for $g(\theta) = 0$, $\theta \leftarrow \theta - H^{-1} g$. It heads
# for *any* critical point, minimum or not. With every eigenvalue replaced by its
# absolute value, it only goes down.


# %%
def newton_step(g: Tensor, H: Tensor, downhill: bool = False) -> Tensor:
    """−H⁻¹g, (…, P), for g (…, P) and H (…, P, P); no step along eigenvalues of zero.

    With `downhill` every eigenvalue counts with its size, so that all steps lead down
    (saddle-free Newton, Dauphin et al. 2014).
    """
    eigenvalues, V = torch.linalg.eigh(H)
    size = eigenvalues.abs()
    flat = size <= 1e-12 * size.amax(-1, keepdim=True)
    along = (V.mT @ g[..., None]).squeeze(-1) / (size if downhill else eigenvalues)
    return -(V @ along.masked_fill(flat, 0)[..., None]).squeeze(-1)


def newton(grad: Gradient, theta: Tensor, steps: int, downhill: bool = False) -> Tensor:
    """Newton's method for g = 0: the path, (steps + 1, …, P), from every θ (…, P).

    Steps longer than 0.5 are shortened to that length.
    """
    path = [theta]
    for _ in range(steps):
        step = newton_step(grad(path[-1]), hessian(grad, path[-1]), downhill)
        size = step.norm(dim=-1, keepdim=True)
        path.append(path[-1] + step * 0.5 / size.clamp(min=0.5))
    return torch.stack(path)


# %% [markdown] lang="zh"
# 交换两个神经元，或者把一个神经元的 $w$、$b$、$c$ 一起变号，网络还是同一个函数。所以先
# 把每个点换成一种标准的写法，再来数。
# %% [markdown] lang="en"
# Swap two neurons, or change the signs of $w$, $b$ and $c$ of one neuron, and the
# network is still the same function. So every point is written in one standard form
# before we count.


# %%
def standard_form(theta: Tensor) -> Tensor:
    """θ (…, P) with its neurons' signs and order fixed: the same function of x."""
    w, b, c, b0 = split(theta)
    neurons = torch.stack([w, b, c], dim=-1)  # (…, k, 3)
    key = 0.9 * w + 0.4 * b + 0.2 * c  # one number a neuron; the weights are arbitrary
    order = key.abs().argsort(dim=-1)[..., None].expand_as(neurons)
    ordered = (neurons * key.sign()[..., None]).gather(-2, order)
    return torch.cat([ordered.mT.flatten(-2), b0], dim=-1)


def distinct(theta: Tensor, tol: float = 1e-4) -> tuple[Tensor, Tensor]:
    """Of the points (m, P), the first of each kind, and how often each kind occurs.

    Points are of one kind if swapping neurons and signs makes them equal up to `tol`.
    """
    form = standard_form(theta)
    same = (form[:, None] - form).abs().amax(-1) < tol  # (m, m)
    first, counts = same.int().argmax(1).unique(return_counts=True)
    return theta[first], counts


# %% [markdown] lang="zh"
# 极小值比例：正的特征值占几成。怎样才算“正”？大于零，还是大于 $\delta$ 那一项给每个特征
# 值加上的 $2\delta$？两种都数一数。
# %% [markdown] lang="en"
# The minimum ratio is the share of positive eigenvalues. But what counts as positive:
# more than zero, or more than $2\delta$, which the term with $\delta$ adds to every
# eigenvalue? We count both ways.


# %%
def minimum_ratio(H: Tensor, zero: float = 1e-8) -> Tensor:
    """The share of eigenvalues above `zero`, (…), for H (…, P, P): 1 at a minimum."""
    return (torch.linalg.eigvalsh(H) > zero).double().mean(-1)


# %% name="searches"
if __name__ == "__main__":
    search_grad = partial(gradient, x=x, y_hat=draws[0])
    begin = normal(SEARCHES, 3 * NEURONS + 1, SEED + 1)
    descents = descend(search_grad, begin, 0.05, 3000, every=10)
    stations = descents[[0, 1, 3, 10, 30, 100, 300]].flatten(0, 1)  # (searches, P)
    arrived = newton(search_grad, stations, 60)[-1]
    converged = search_grad(arrived).norm(dim=-1) < 1e-10
    points, found = distinct(arrived[converged])
    searches, arrivals, different = len(stations), int(found.sum()), len(points)
    print(f"{searches} searches: {arrivals} arrive, at {different} points")

# %% name="critical_points"
if __name__ == "__main__":
    heights = loss(points, x, draws[0])
    H = hessian(search_grad, points)
    ratios, strict_ratios = minimum_ratio(H), minimum_ratio(H, zero=2 * DECAY + 1e-8)
    is_saddle = (torch.linalg.eigvalsh(H) < -1e-8).any(-1)
    minima, saddles = int((ratios == 1).sum()), int(is_saddle.sum())
    undecided = different - minima - saddles
    correlation = torch.corrcoef(torch.stack([heights, ratios]))[0, 1].item()
    print("  loss           ratio  > 2δ  found")
    for i in heights.argsort():
        kind = "saddle " if is_saddle[i] else "minimum"
        print(f"{heights[i]:.4f}  {kind}  {ratios[i]:5.1f}", end="")
        print(f"  {strict_ratios[i]:4.1f}  {found[i]:5}")
    print(f"minima {minima}, saddles {saddles}, undecided {undecided}")

# %% name="ratio_and_loss"
if __name__ == "__main__":
    fig, ax = plt.subplots()
    ax.plot(ratios[is_saddle], heights[is_saddle], "C1X", ms=10, label="saddle")
    ax.plot(ratios[~is_saddle], heights[~is_saddle], "C0o", ms=10, label="minimum")
    ax.set(xlabel="minimum ratio", ylabel="loss $L$")
    ax.legend()
    plt.show()

# %% [markdown] lang="zh"
# 大体上，损失越高，往下的方向越多；可是高的那个最小值一个也没有。这个坏的最小值长什么
# 样？它有两个神经元一模一样：三个只顶两个用。
# %% [markdown] lang="en"
# On the whole, the higher the loss, the more directions lead down; but at the higher
# minimum none does. What is wrong with that one? Two of its neurons are equal: three do
# the work of two.

# %% name="twins"
if __name__ == "__main__":
    y_high = y_hat[is_high.flatten()]
    high_grad = partial(gradient, x=x, y_hat=y_high)
    traps = newton(high_grad, ends[is_high.flatten()], 20)[-1]  # the last digits
    neurons = torch.stack(split(standard_form(traps))[:3], dim=-1)  # (runs, k, 3)
    twins = int((neurons.diff(dim=1).abs().amax(2) < 1e-6).any(1).sum())
    print("w, b, c of the neurons of the first:", neurons[0].float(), sep="\n")
    print(f"two equal neurons: {twins} of {stuck_high} runs")

# %% [markdown] lang="zh"
# ## 添一个神经元
#
# 给停在局部最小值的网络添一个神经元，它的 $w$、$b$、$c$ 全取零。函数没变，损失没变，梯
# 度仍是零；海森矩阵多了三维。多出来的特征值是哪些？
# %% [markdown] lang="en"
# ## One more neuron
#
# Add a neuron to a network at a local minimum, its $w$, $b$ and $c$ all zero. The
# function is the same, so is the loss, and the gradient is still zero; the Hessian has
# three more dimensions. Which are the new eigenvalues?


# %%
def add_neuron(theta: Tensor) -> Tensor:
    """θ (…, 3k + 1) with one more neuron of w = b = c = 0, (…, 3k + 4)."""
    w, b, c, b0 = split(theta)
    zero = torch.zeros_like(b0)
    return torch.cat([w, zero, b, zero, c, zero, b0], dim=-1)


def new_eigenvalues(theta: Tensor, x: Tensor, y_hat: Tensor) -> Tensor:
    """The three eigenvalues that add_neuron brings, (…, 3): 2δ − 2r, 2δ, 2δ + 2r.

    r is the length of (mean of e, mean of e·x), with the errors e = y − ŷ (…, N).
    """
    error = network(theta, x)[0] - y_hat
    r = torch.hypot(error.mean(-1), (error * x).mean(-1))
    return 2 * DECAY + 2 * r[..., None] * torch.tensor([-1.0, 0.0, 1.0], dtype=x.dtype)


def push_down(grad: Gradient, theta: Tensor) -> Tensor:
    """θ (…, P) moved by 0.1 along the eigenvector of its smallest eigenvalue."""
    return theta + 0.1 * torch.linalg.eigh(hessian(grad, theta)).eigenvectors[..., 0]


# %% name="way_out"
if __name__ == "__main__":
    wider = add_neuron(traps)
    measured = torch.linalg.eigvalsh(hessian(high_grad, wider))[:, 0]
    formula = new_eigenvalues(traps, x, y_high)[:, 0]
    freed = newton(high_grad, push_down(high_grad, wider), 60, downhill=True)[-1]
    trapped, free = loss(traps, x, y_high), loss(freed, x, y_high)
    print(f"eigenvalue {measured[0]:.4f}, by formula {formula[0]:.4f}")
    print(f"mean loss of all {stuck_high}: {trapped.mean():.4f} -> {free.mean():.4f}")

# %% [markdown] lang="zh"
# 坏的最小值成了鞍点，从那里能一直走到低处。再从一个神经元开始，每走到最小值就添一个：
# %% [markdown] lang="en"
# The bad minimum has become a saddle, and from there the way leads far down. Now from a
# single neuron on, with one more added at every minimum:

# %% name="stairs"
if __name__ == "__main__":
    stairs_grad = partial(gradient, x=x, y_hat=draws)
    theta = normal(DRAWS, 4, SEED + 2)  # one neuron for each data set
    walks, doors = [], []
    print("k    loss  smallest eigenvalue, one more")
    for k in range(1, 5):
        walk = newton(stairs_grad, theta, 60, downhill=True)
        walks.append(loss(walk, x, draws))  # (61, DRAWS)
        doors.append(new_eigenvalues(walk[-1], x, draws)[:, 0])
        print(f"{k}  {walks[-1][-1].mean():.4f}", end="")
        print(f"  {doors[-1].min():.4f} to {doors[-1].max():.4f}")
        theta = push_down(stairs_grad, add_neuron(walk[-1]))
    fig, ax = plt.subplots()
    ax.plot(torch.cat(walks).mean(1))
    ax.vlines([61, 122, 183], 0, 0.6, ls=":", color="C5")  # one more neuron
    ax.set(xlabel="steps downhill", ylabel="loss $L$", ylim=(0, 0.6))
    plt.show()

# %% [markdown] lang="zh"
# 第四个神经元几乎没有带来什么：有路，不等于路通向很远的地方。
#
# ## 抛硬币
#
# 如果每个特征值像抛硬币一样决定正负，$P$ 个全为正的机会是 $2^{-P}$。随机的对称矩阵呢？
# %% [markdown] lang="en"
# The fourth neuron brings almost nothing: that there is a way does not mean that it
# leads far.
#
# ## Tossing coins
#
# If every eigenvalue tossed a coin for its sign, all $P$ would be positive with a
# probability of $2^{-P}$. What about random symmetric matrices?


# %%
def all_positive(size: int, matrices: int, seed: int) -> int:
    """Count those of many random A + Aᵀ that have only positive eigenvalues.

    The entries of A (size, size) come from a normal distribution.
    """
    A = normal(matrices * size, size, seed).view(matrices, size, size)
    return int((torch.linalg.eigvalsh(A + A.mT)[:, 0] > 0).sum())


# %% name="coins"
if __name__ == "__main__":
    positive = [all_positive(size, MATRICES, SEED) for size in range(1, 6)]
    print(f"P  coins: of {MATRICES}  counted")
    for size, count in enumerate(positive, start=1):
        print(f"{size}  {MATRICES / 2**size:16.0f}  {count:7}")

# %% [markdown] lang="zh"
# ## 损失不动，梯度却不小
#
# 现在换一条更难的曲线 $\sin 3x$，五个神经元，不加 $\delta$，学习率大一些：从同样的起点
# 出发，各走几千次更新。$\lambda_{\max}$ 是 $H$ 最大的特征值。在抛物线上，
# $\eta > 2/\lambda_{\max}$ 就发散；这里会怎样？
# %% [markdown] lang="en"
# ## The loss stands still, the gradient does not
#
# Now a harder curve, $\sin 3x$, five neurons, no $\delta$ and larger learning rates: a
# few thousand updates with each, from the same starts. Let $\lambda_{\max}$ be the
# largest eigenvalue of $H$. On a parabola, $\eta > 2/\lambda_{\max}$ diverges; what
# happens here?

# %% name="edge"
if __name__ == "__main__":
    target = wave(x, 3, SEED)
    edge_grad = partial(gradient, x=x, y_hat=target, decay=0)
    begin = 0.5 * normal(EDGE_STARTS, 16, SEED + 3).repeat(len(RATES), 1)
    eta = torch.tensor(RATES, dtype=x.dtype).repeat_interleave(EDGE_STARTS)[:, None]
    edge_path = descend(edge_grad, begin, eta, EDGE_UPDATES)
    largest = torch.linalg.eigvalsh(hessian(edge_grad, edge_path[::40]))[..., -1:]
    of_limit = (largest * eta / 2)[-34:]  # λ_max / (2/η) in the last third
    near_limit = ((of_limit - 1).abs() < 0.1).double().mean().item()
    sharpness = largest.view(-1, len(RATES), EDGE_STARTS)  # (101, rates, starts)
    sharpness_first, sharpness_last = sharpness[0], sharpness[-1]
    print("  η   2/η  λ_max at first   in the end")
    for rate, first, final in zip(RATES, sharpness_first, sharpness_last, strict=True):
        print(f"{rate}  {2 / rate:4.1f}  {first.median():14.1f}", end="")
        print(f"  {final.min():4.1f} to {final.max():4.1f}")
    print(f"within 10% of 2/η, last third: {near_limit:.0%}")
    fig, ax = plt.subplots()
    for i, style in enumerate(("-", "--", "-.")):
        at_update = 40 * torch.arange(len(sharpness))
        ax.plot(at_update, sharpness[:, i, 0], style, label=rf"$\eta = {RATES[i]}$")
        ax.axhline(2 / RATES[i], ls=":", color=f"C{i}")
    ax.set(xlabel="updates", ylabel=r"$\lambda_{\max}$", ylim=(0, 17))
    ax.legend(loc="upper right")
    plt.show()

# %% [markdown] lang="zh"
# $\lambda_{\max}$ 走到 $2/\eta$ 附近，就停在那里：这叫稳定性边缘。这时损失和梯度怎样？
# 把学习率减到四分之一呢？
# %% [markdown] lang="en"
# $\lambda_{\max}$ moves to about $2/\eta$ and stays there: the edge of stability. What
# do loss and gradient do meanwhile? And with a quarter of the learning rate?

# %% name="bouncing"
if __name__ == "__main__":
    edge_losses = loss(edge_path, x, target, decay=0).unflatten(1, (-1, EDGE_STARTS))
    before, last = edge_losses[-2000:-1000].mean(0), edge_losses[-1000:].mean(0)
    rises = (edge_losses[-1000:].diff(dim=0) > 0).double().mean((0, 2))
    slopes = edge_grad(edge_path[-1000:])
    turns = torch.cosine_similarity(slopes[:-1], slopes[1:], dim=-1)
    cosine = turns.mean(0).view(-1, EDGE_STARTS).median(1).values
    cut = descend(edge_grad, edge_path[-1], eta / 4, 300)  # and with a smaller η?
    cut_losses = loss(cut[-1], x, target, decay=0).view(-1, EDGE_STARTS)
    print("  η  loss then, last  rises    cos  at η/4")
    for i in range(len(RATES)):
        print(f"{RATES[i]}  {before[i].median():.4f}  {last[i].median():.4f}", end="")
        print(f"  {rises[i]:4.0%}  {cosine[i]:.2f}  {cut_losses[i].median():.4f}")
    run = torch.cat([edge_path[-300:, -1], cut[1:, -1]])  # one of the largest η
    lengths = edge_grad(run).norm(dim=-1)
    fig, ax = plt.subplots()
    ax.plot(loss(run, x, target, decay=0), label="loss $L$")
    ax.plot(lengths, "--", label=r"$\Vert g \Vert$")
    ax.axvline(300, ls=":", color="C5")  # from here on a quarter of η
    ax.set(xlabel="updates", ylabel=r"$L$ and $\Vert g \Vert$", yscale="log")
    ax.legend()
    plt.show()

# %% [markdown] lang="zh"
# ## 三个数，说出卡在哪里
#
# 损失不再下降时，量梯度的长度 $\lVert g \rVert$、$\eta\lambda_{\max}$ 和最小的特征值。
# %% [markdown] lang="en"
# ## Three numbers tell where it is stuck
#
# When the loss no longer falls, measure the length of the gradient $\lVert g \rVert$,
# $\eta\lambda_{\max}$ and the smallest eigenvalue.


# %%
def measure(grad: Gradient, theta: Tensor, eta: float) -> tuple[float, float, float]:
    """‖g‖, η · λ_max and the smallest eigenvalue of H, at one point θ (P,)."""
    eigenvalues = torch.linalg.eigvalsh(hessian(grad, theta))
    smallest, largest = eigenvalues[0].item(), eigenvalues[-1].item()
    return grad(theta).norm().item(), eta * largest, smallest


# %% name="measured"
if __name__ == "__main__":
    slow = int(dip.argmin())  # the run with the deepest plateau
    slow_grad = partial(gradient, x=x, y_hat=y_hat[slow])
    on_slow = measure(slow_grad, on_plateau[slow], 0.07)
    at_end = measure(slow_grad, ends[slow], 0.07)
    at_bounce = measure(edge_grad, edge_path[-1, -1], RATES[-1])
    print("              ‖g‖  η·λ_max  smallest")
    kinds = ("plateau ", on_slow), ("minimum ", at_end), ("bouncing", at_bounce)
    for name, (length, times, smallest) in kinds:
        print(f"{name}  {length:7.1e}  {times:7.2f}  {smallest:8.4f}")

# %% [markdown] lang="zh"
# 在平台上：梯度小，有负的特征值，往下还有路，等一等，或者推一把。在最小值：梯度几乎为
# 零，特征值全为正，再等也没有用。弹跳时：梯度不小，$\eta\lambda_{\max}$ 约等于 $2$，该
# 减小学习率。
# %% [markdown] lang="en"
# On a plateau the gradient is small and an eigenvalue negative: there is a way down, so
# wait, or give it a push. At a minimum the gradient is almost zero and all eigenvalues
# are positive: waiting is no use. When it bounces, the gradient is not small and
# $\eta\lambda_{\max}$ is about $2$: make the learning rate smaller.
