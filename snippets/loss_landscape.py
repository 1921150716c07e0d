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
# 传播的办法；海森矩阵 $H$ 是梯度的导数，交给自动求导。
# %% [markdown] lang="en"
# ## A small network
#
# $k$ tanh neurons fit 20 points: $y = b_0 + \sum_i c_i \tanh(w_i x + b_i)$, with
# $P = 3k + 1$ parameters. The loss is the mean squared error plus
# $\delta\lVert\theta\rVert^2$. The gradient is worked out by hand, as in
# backpropagation; the Hessian $H$ is the derivative of the gradient and is left to
# automatic differentiation.


# %%
def wave(x: Tensor, waves: float, seed: int) -> Tensor:
    """Noisy values of sin(waves · x), of x's shape (N,)."""
    generator = torch.Generator().manual_seed(seed)
    noise = torch.randn(len(x), generator=generator, dtype=x.dtype)
    return torch.sin(waves * x) + 0.1 * noise


def normal(runs: int, size: int, seed: int) -> Tensor:
    """Random starts, (runs, size), every number from a normal distribution."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(runs, size, generator=generator, dtype=torch.float64)


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
    total = grad(theta).reshape(-1, theta.shape[-1]).sum(0)  # (P,); runs are independent
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
    ends = path[-1]
    end_losses = loss(ends, x, y_hat)
    of_draw = end_losses.view(DRAWS, STARTS)
    high_of_draw = of_draw > 1.2 * of_draw.amin(1, keepdim=True)  # well above the best
    for i in range(DRAWS):
        high_here = of_draw[i][high_of_draw[i]]
        print(
            f"data {i}: {STARTS - len(high_here)} runs at {of_draw[i].min():.4f}",
            end="",
        )
        print(f", {len(high_here)} at {high_here.mean():.4f}" if len(high_here) else "")

# %% name="which_kind"
if __name__ == "__main__":
    end_norm = grad(ends).norm(dim=-1).max().item()
    end_smallest = torch.linalg.eigvalsh(hessian(grad, ends))[:, 0]
    runs, at_minima = len(ends), int((end_smallest > 0).sum())
    high = high_of_draw.flatten()
    stuck_high = int(high.sum())
    print(f"‖g‖ at most {end_norm:.0e}")
    print(f"smallest eigenvalue positive: {at_minima} of {runs}")
    print(f"of them in the higher minimum: {stuck_high}")

# %% name="descents"
if __name__ == "__main__":
    shown = int(high_of_draw.sum(1).argmax())  # the data with most runs at the high one
    shown_runs = slice(shown * STARTS, (shown + 1) * STARTS)
    curves = loss(path[1:, shown_runs], x, draws[shown])  # (1200, STARTS)
    updates = 10 * torch.arange(1, len(curves) + 1)
    fig, ax = plt.subplots()
    for i, is_high in enumerate(high_of_draw[shown]):
        style, color = ("--", "C1") if is_high else ("-", "C0")
        ax.plot(updates, curves[:, i], style, color=color, lw=1)
    ax.set(xlabel="updates", ylabel="loss $L$", xscale="log", yscale="log")
    ax.set_yticks([0.1, 0.2, 0.4, 0.8], ["0.1", "0.2", "0.4", "0.8"])
    ax.yaxis.minorticks_off()
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
    print(f"{passed} of {runs} runs pass a plateau;")
    print(f"negative eigenvalue there: {way_down} of {passed}")

# %% [markdown] lang="zh"
# 平台上都有负的特征值：像在鞍点附近那样，有路往下，只是梯度太小，走得慢。
#
# ## 专门去找临界点
#
# 梯度下降不会停在鞍点，要找就得换一种办法：用牛顿法解 $g(\theta) = 0$，
# $\theta \leftarrow \theta - H^{-1} g$。它奔向*任何*临界点，不管是不是最小值。若把特征
# 值都换成绝对值，它就只往下走。
# %% [markdown] lang="en"
# On every plateau there is a negative eigenvalue: there is a way down, as near a saddle.
# It only takes long, because the gradient is so small.
#
# ## Looking for critical points
#
# Gradient descent does not stop at saddles, so finding them takes another method:
# Newton's method for $g(\theta) = 0$, $\theta \leftarrow \theta - H^{-1} g$. It heads for
# *any* critical point, minimum or not. With every eigenvalue replaced by its absolute
# value, it only goes down.


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


def newton(
    grad: Gradient,
    theta: Tensor,
    steps: int,
    downhill: bool = False,
    longest: float = 0.5,
) -> Tensor:
    """Newton's method for g = 0: the path, (steps + 1, …, P), from every θ (…, P).

    A step longer than `longest` is shortened to that length.
    """
    path = [theta]
    for _ in range(steps):
        step = newton_step(grad(path[-1]), hessian(grad, path[-1]), downhill)
        size = step.norm(dim=-1, keepdim=True)
        path.append(path[-1] + step * longest / size.clamp(min=longest))
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
    points, times_found = distinct(arrived[converged])
    searches, arrivals = len(stations), int(converged.sum())
    failures, different = searches - arrivals, len(points)
    print(f"searches   {searches}")
    print(f"failed     {failures}")
    print(f"converged  {arrivals}, to {different} different points")

# %% name="critical_points"
if __name__ == "__main__":
    by_loss = loss(points, x, draws[0]).argsort()
    points, found = points[by_loss], times_found[by_loss]
    heights = loss(points, x, draws[0])
    H = hessian(search_grad, points)
    ways_down = (torch.linalg.eigvalsh(H) < -1e-8).sum(-1)
    ratios, strict_ratios = minimum_ratio(H), minimum_ratio(H, zero=2 * DECAY + 1e-8)
    minima = int((ratios == 1).sum())
    saddles = int((ways_down > 0).sum())
    undecided = different - minima - saddles
    correlation = torch.corrcoef(torch.stack([heights, ratios]))[0, 1].item()
    print("  loss  kind     ratio  > 2δ  found")
    for i in range(different):
        kind = "saddle " if ways_down[i] else "minimum" if ratios[i] == 1 else "?      "
        print(f"{heights[i]:.4f}  {kind}  {ratios[i]:5.1f}", end="")
        print(f"  {strict_ratios[i]:4.1f}  {found[i]:5}")

# %% name="ratio_and_loss"
if __name__ == "__main__":
    fig, ax = plt.subplots()
    is_saddle = ways_down > 0
    for chosen, marker, name in (
        (is_saddle, "X", "saddle"),
        (~is_saddle, "o", "minimum"),
    ):
        ax.plot(ratios[chosen], heights[chosen], marker, markersize=10, label=name)
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
    high_grad = partial(gradient, x=x, y_hat=y_hat[high])
    traps = newton(high_grad, ends[high], 20)[-1]  # the last digits
    still_to_fall = (end_losses[high] - loss(traps, x, y_hat[high])).max().item()
    neurons = torch.stack(split(standard_form(traps))[:3], dim=-1)  # (runs, k, 3)
    twin_gap = neurons.diff(dim=1).abs().amax(2).amin(1)  # of the two most alike
    twins = int((twin_gap < 1e-6).sum())
    print("neuron      w       b       c")
    for i, (w_i, b_i, c_i) in enumerate(neurons[0]):
        print(f"{i + 1:6}  {w_i:6.3f}  {b_i:6.3f}  {c_i:6.3f}")
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
    wider_smallest = torch.linalg.eigvalsh(hessian(high_grad, wider))[:, 0]
    formula = new_eigenvalues(traps, x, y_hat[high])[:, 0]
    freed = newton(high_grad, push_down(high_grad, wider), 60, downhill=True)[-1]
    freed_losses = loss(freed, x, y_hat[high])
    trapped_losses = loss(traps, x, y_hat[high])
    print("smallest eigenvalue, formula;  loss")
    for i in range(stuck_high):
        print(f"{wider_smallest[i]:19.4f}  {formula[i]:.4f}", end="")
        print(f"  {trapped_losses[i]:.4f} -> {freed_losses[i]:.4f}")

# %% [markdown] lang="zh"
# 坏的最小值成了鞍点，从那里能一直走到低处。再从一个神经元开始，每走到最小值就添一个：
# %% [markdown] lang="en"
# The bad minimum has become a saddle, and from there the way leads far down. Now from a
# single neuron on, with one more added at every minimum:

# %% name="stairs"
if __name__ == "__main__":
    stairs_grad = partial(gradient, x=x, y_hat=draws)
    theta = normal(DRAWS, 4, SEED + 2)  # one neuron for each data set
    walks, stairs, doors = [], [], []
    print("k    loss  smallest eigenvalue, one more")
    for k in range(1, 5):
        walk = newton(stairs_grad, theta, 60, downhill=True, longest=0.3)
        walks.append(loss(walk, x, draws))  # (61, DRAWS)
        stairs.append(walks[-1][-1])
        doors.append(new_eigenvalues(walk[-1], x, draws)[:, 0])
        print(f"{k}  {stairs[-1].mean():.4f}", end="")
        print(f"  {doors[-1].min():.4f} to {doors[-1].max():.4f}")
        theta = push_down(stairs_grad, add_neuron(walk[-1]))
    fig, ax = plt.subplots()
    ax.plot(torch.cat(walks).mean(1))
    for k in range(1, 4):
        ax.axvline(61 * k, ls=":", color="C5")
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
    generator = torch.Generator().manual_seed(seed)
    A = torch.randn(matrices, size, size, generator=generator, dtype=torch.float64)
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
    eta = torch.tensor(RATES, dtype=x.dtype).repeat_interleave(EDGE_STARTS)
    edge_path = descend(edge_grad, begin, eta[:, None], EDGE_UPDATES)
    sharpness = torch.linalg.eigvalsh(hessian(edge_grad, edge_path[::40]))[..., -1]
    against_limit = (sharpness * eta / 2).unflatten(1, (-1, EDGE_STARTS))
    last_third = against_limit[-len(against_limit) // 3 :]  # (34, rates, starts)
    at_edge = int(((last_third - 1).abs() < 0.1).all(0).sum())
    print("  η   2/η  λ_max at first  in the end")
    for i, rate in enumerate(RATES):
        first, final = sharpness.unflatten(1, (-1, EDGE_STARTS))[[0, -1], i]
        print(
            f"{rate}  {2 / rate:4.1f}  {first.min():4.1f} to {first.max():4.1f}", end=""
        )
        print(f"  {final.min():5.1f} to {final.max():4.1f}")

# %% name="sharpness"
if __name__ == "__main__":
    fig, ax = plt.subplots()
    at_update = 40 * torch.arange(len(sharpness))
    for i, (rate, style) in enumerate(zip(RATES, ("-", "--", "-."), strict=True)):
        ax.plot(
            at_update, sharpness[:, i * EDGE_STARTS], style, label=rf"$\eta = {rate}$"
        )
        ax.axhline(2 / rate, ls=":", color=f"C{i}")
    ax.set(xlabel="updates", ylabel=r"$\lambda_{\max}$", ylim=(0, 14))
    ax.legend()
    plt.show()

# %% name="bouncing"
if __name__ == "__main__":
    edge_losses = loss(edge_path, x, target, decay=0).unflatten(1, (-1, EDGE_STARTS))
    slopes = edge_grad(edge_path[-1001:])
    turns = torch.cosine_similarity(slopes[:-1], slopes[1:], dim=-1)
    cosine = turns.mean(0).view(-1, EDGE_STARTS).median(1).values
    rises = (edge_losses[-1001:].diff(dim=0) > 0).double().mean((0, 2))
    middle = edge_losses[EDGE_UPDATES // 2 : -1000].mean(0).median(1).values
    latest = edge_losses[-1000:].mean(0).median(1).values
    length = slopes.norm(dim=-1).mean(0).view(-1, EDGE_STARTS).median(1).values
    print("  η  loss: then, last  rises   ‖g‖    cos")
    for i, rate in enumerate(RATES):
        print(f"{rate}  {middle[i]:10.4f} {latest[i]:.4f}", end="")
        print(f"  {rises[i]:5.0%}  {length[i]:.2f}  {cosine[i]:5.2f}")

# %% name="smaller_steps"
if __name__ == "__main__":
    cut = descend(edge_grad, edge_path[-1], eta[:, None] / 4, 300)
    cut_losses = loss(cut, x, target, decay=0).unflatten(1, (-1, EDGE_STARTS))
    cut_to = (cut_losses[-1] / edge_losses[-500:].mean(0)).median(1).values
    for rate, share in zip(RATES, cut_to, strict=True):
        print(f"η from {rate} to {rate / 4:g}: loss times {share:.2f}")

# %% name="two_flats"
if __name__ == "__main__":
    slow = int(dip.argmin())  # the run with the deepest plateau
    slow_run = early[:, slow]
    bounce = -EDGE_STARTS  # the first start with the largest learning rate
    bounce_run = torch.cat([edge_path[-500:, bounce], cut[1:, bounce]])
    fig, axes = plt.subplots(2, 1, figsize=(4.5, 5.6))
    slow_curves = loss(slow_run, x, y_hat[slow]), gradient(slow_run, x, y_hat[slow])
    bounce_curves = loss(bounce_run, x, target, decay=0), edge_grad(bounce_run)
    shown_curves = (slow_curves, 10, "near a saddle"), (bounce_curves, 1, "bouncing")
    for ax, ((L, g), step, name) in zip(axes, shown_curves, strict=True):
        at_update = step * torch.arange(len(L))
        ax.plot(at_update, L, label="loss $L$")
        ax.plot(at_update, g.norm(dim=-1), "--", label=r"$\Vert g \Vert$")
        ax.set(title=name, yscale="log")
    axes[1].axvline(500, ls=":", color="C5")
    axes[0].legend()
    axes[1].set_xlabel("updates")
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
    size = grad(theta).norm()
    return size.item(), eta * eigenvalues[-1].item(), eigenvalues[0].item()


# %% name="measured"
if __name__ == "__main__":
    slow_grad = partial(gradient, x=x, y_hat=y_hat[slow])
    on_slow = measure(slow_grad, on_plateau[slow], 0.07)
    at_end = measure(slow_grad, ends[slow], 0.07)
    at_bounce = measure(edge_grad, edge_path[-1, bounce], RATES[-1])
    print("             ‖g‖  η·λ_max  smallest")
    for name, (size, times, smallest) in (
        ("on a plateau", on_slow),
        ("at the end", at_end),
        ("bouncing", at_bounce),
    ):
        print(f"{name:12}  {size:.0e}  {times:6.2f}  {smallest:8.4f}")
