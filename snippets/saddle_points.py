# %% [markdown] lang="zh"
# # 局部最小值还是鞍点
#
# 损失降不下去，梯度几乎为零：卡在了局部最小值，还是鞍点？
# 这里用二阶导数（海森矩阵 $H$）来回答：先手算一个只有两个参数的网络，
# 从它的鞍点上走下来；再到真正的网络里，找出几十个临界点逐一分类；
# 最后看一种假象：损失不动了，梯度却一点也不小。
# %% [markdown] lang="en"
# # Local minimum or saddle point
#
# The loss no longer falls and the gradient is almost zero: stuck at a local minimum, or
# at a saddle point? The second derivatives (the Hessian $H$) answer. First a network
# of two parameters, by hand, and a way down from its saddle; then a real network, whose
# critical points are found by the dozen and classified; at last a false alarm: the loss
# stands still, and the gradient is not small at all.

# %%
"""Critical points told apart by the Hessian; saddles left behind; flat losses."""

import math
from collections.abc import Callable, Sequence

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

torch.set_num_threads(1)  # the same sums, the same last digits, on every machine

Loss = Callable[[Tensor], Tensor]  # θ (n,) -> L (); or a batch, (m, n) -> (m,)

# %% [markdown] lang="zh"
# ## 泰勒展开
#
# 在 $\theta'$ 附近，损失近似为
# $L(\theta) \approx L(\theta') + u^{T} g + \frac{1}{2} u^{T} H u$，
# 其中 $u = \theta - \theta'$ 是走出的一步，$g$ 是梯度，$H$ 是海森矩阵，
# $H_{ij} = \partial^2 L / \partial\theta_i\,\partial\theta_j$。两者都交给自动微分。
# %% [markdown] lang="en"
# ## Taylor expansion
#
# Near $\theta'$ the loss is about
# $L(\theta) \approx L(\theta') + u^{T} g + \frac{1}{2} u^{T} H u$,
# where $u = \theta - \theta'$ is the step away, $g$ the gradient and $H$ the Hessian,
# $H_{ij} = \partial^2 L / \partial\theta_i\,\partial\theta_j$. Both come from automatic
# differentiation.


# %%
def gradient(loss: Loss, theta: Tensor) -> Tensor:
    """g = ∇L(θ), of θ's shape; for a batch of θ, (m, n), the gradient of every row."""
    theta = theta.detach().requires_grad_()
    return torch.autograd.grad(loss(theta).sum(), theta)[0]


def hessian(loss: Loss, theta: Tensor) -> Tensor:
    """H, (n, n): all second partial derivatives of the loss at θ (n,)."""
    return torch.func.jacrev(torch.func.jacrev(loss))(theta)


def taylor(L: Tensor, g: Tensor, H: Tensor, u: Tensor) -> Tensor:
    """L + uᵀg + ½ uᵀHu: the loss one step u (n,) away, up to terms of third order."""
    return L + u @ g + u @ H @ u / 2


# %%
def valleys(theta: Tensor) -> Tensor:
    """L = θ₁⁴/4 − θ₁²/2 + θ₁/10 + θ₂²/2: two valleys with a pass between them."""
    p, q = theta[..., 0], theta[..., 1]
    return p**4 / 4 - p**2 / 2 + p / 10 + q**2 / 2


def grid(p: float, q: float, n: int = 25) -> Tensor:
    """Points (n, n, 2) of a grid, from −p to p and from −q to q."""
    a = torch.linspace(-p, p, n, dtype=torch.float64)
    b = torch.linspace(-q, q, n, dtype=torch.float64)
    return torch.stack(torch.meshgrid(a, b, indexing="ij"), dim=-1)


# %% [markdown] lang="zh"
# ## 看特征值就够了
#
# 临界点上 $g = 0$，地形只看 $v^{T} H v$：它对所有 $v$ 为正、为负，还是有正有负？
# 不必试遍所有的 $v$，看 $H$ 的特征值就够了。只要有特征值为零，而其余的同号
# （半正定、半负定），就什么也断定不了。
# %% [markdown] lang="en"
# ## The eigenvalues suffice
#
# At a critical point $g = 0$, and the landscape is $v^{T} H v$: positive for all $v$,
# negative for all, or now this, now that? There is no need to try every $v$: the
# eigenvalues of $H$ tell. But if some are zero and the others have one sign
# (semi-definite), nothing is decided.


# %%
def classify(H: Tensor, tol: float = 1e-8) -> str:
    """Tell what kind of critical point has the Hessian H, a symmetric (n, n) matrix.

    Eigenvalues of size up to ``tol`` count as zero. Raises ValueError unless H is
    symmetric.
    """
    if H.ndim != 2 or H.shape[0] != H.shape[1] or not torch.allclose(H, H.T):
        raise ValueError("a Hessian is symmetric: pass hessian(loss, theta)")
    eigenvalues = torch.linalg.eigvalsh(H)
    up, down = eigenvalues > tol, eigenvalues < -tol
    if up.any() and down.any():
        return "saddle point"
    if up.all():
        return "local minimum"
    return "local maximum" if down.all() else "undecided"


def minimum_ratio(H: Tensor, tol: float = 1e-8) -> float:
    """Positive eigenvalues / all eigenvalues: 1 at a minimum, 0 at a maximum."""
    return (torch.linalg.eigvalsh(H) > tol).double().mean().item()


# %% [markdown] lang="zh"
# ## 例子：史上最小的网络
#
# $y = w_1 w_2 x$，只有一个样本 $x = 1$、$\hat{y} = 1$，所以
# $L = (1 - w_1 w_2)^2$。手算出来的 $g$ 和 $H$ 写在这里，再与自动微分对照。
# %% [markdown] lang="en"
# ## Example: the smallest network ever
#
# $y = w_1 w_2 x$ with a single example $x = 1$, $\hat{y} = 1$, so
# $L = (1 - w_1 w_2)^2$. Here are $g$ and $H$ worked out by hand, to be compared with
# automatic differentiation.


# %%
def example_loss(w: Tensor) -> Tensor:
    """L = (1 − w₁w₂)², the loss of the network y = w₁w₂x at x = 1, ŷ = 1."""
    return (1 - w[..., 0] * w[..., 1]) ** 2


def example_by_hand(w1: float, w2: float) -> tuple[Tensor, Tensor]:
    """Return g (2,) and H (2, 2) of L = (1 − w₁w₂)², derived on paper."""
    error = 1 - w1 * w2
    g = [-2 * error * w2, -2 * error * w1]
    mixed = -2 + 4 * w1 * w2
    H = [[2 * w2**2, mixed], [mixed, 2 * w1**2]]
    return torch.tensor(g, dtype=torch.float64), torch.tensor(H, dtype=torch.float64)


# %% [markdown] lang="zh"
# ## 离开鞍点
#
# 设 $\lambda < 0$ 是 $H$ 的特征值，$u$ 是对应的特征向量，那么
# $u^{T} H u = \lambda \lVert u \rVert^2 < 0$：沿着 $u$ 走一小步，损失就变小。
# 梯度下降自己不会算 $u$，不过只要没有*恰好*站在鞍点上，它也会慢慢滑下去。
# %% [markdown] lang="en"
# ## Leaving a saddle
#
# Let $\lambda < 0$ be an eigenvalue of $H$ and $u$ its eigenvector. Then
# $u^{T} H u = \lambda \lVert u \rVert^2 < 0$: a small step along $u$ lowers the loss.
# Gradient descent does not work out $u$, but unless it stands *exactly* on the saddle
# it slides down by itself, slowly.


# %%
def escape_direction(H: Tensor) -> Tensor:
    """Return the unit eigenvector of the most negative eigenvalue, sign chosen so that
    its largest entry is positive.

    Raises ValueError if no eigenvalue is negative: there is no such way down.
    """
    eigenvalues, vectors = torch.linalg.eigh(H)
    if eigenvalues[0] >= 0:
        raise ValueError("no negative eigenvalue: H shows no way down from here")
    u = vectors[:, 0]
    return u * u[u.abs().argmax()].sign()


def descend(loss: Loss, start: Tensor, eta: float, updates: int) -> Tensor:
    """Gradient descent: the whole path θ⁰, θ¹, …, (updates + 1, n)."""
    path = [start]
    for _ in range(updates):
        path.append(path[-1] - eta * gradient(loss, path[-1]))
    return torch.stack(path)


def updates_to_leave(losses: Tensor) -> int | None:
    """Count the updates until the loss is below half of what it was; None if never."""
    left = (losses < losses[0] / 2).nonzero()
    return int(left[0]) if len(left) else None


def random_push(n: int, size: float, seed: int = 0) -> Tensor:
    """Return a step of length ``size`` in a random direction of n dimensions."""
    generator = torch.Generator().manual_seed(seed)
    push = torch.randn(n, generator=generator, dtype=torch.float64)
    return size * push / push.norm()


# %% [markdown] lang="zh"
# ## 一个真正的网络
#
# 一层 $k$ 个 tanh 神经元拟合 20 个点：$y = b_0 + \sum_i c_i \tanh(w_i x + b_i)$，
# 共 $n = 3k + 1$ 个参数。损失是均方误差加上 $\delta \lVert\theta\rVert^2$。
# 这一项很小，却有用：没有它，许多方向是完全平的，特征值恰好是零，什么也断定不了。
# 临界点用牛顿法解 $g(\theta) = 0$ 来找：$\theta \leftarrow \theta - H^{-1} g$。
# 牛顿法奔向*任何*临界点，不管是不是最小值，这里正要如此。
# 若把 $H$ 的特征值都换成绝对值，它就只往下走，不再停在鞍点上。
# %% [markdown] lang="en"
# ## A real network
#
# One layer of $k$ tanh neurons fits 20 points:
# $y = b_0 + \sum_i c_i \tanh(w_i x + b_i)$, with $n = 3k + 1$ parameters. The loss is
# the mean squared error plus $\delta \lVert\theta\rVert^2$, a small term with a
# purpose: without it many directions are flat, their eigenvalues are zero, and nothing
# is decided. Critical points are found by Newton's method for $g(\theta) = 0$:
# $\theta \leftarrow \theta - H^{-1} g$. It runs to *any* critical point, minimum or
# not: just what is wanted here. With the size of every eigenvalue in its place, it only
# goes down, and no longer stops at saddles.


# %%
def wave_data(n: int = 20, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Return n noisy points of y = sin 2x, x from −2 to 2."""
    generator = torch.Generator().manual_seed(seed)
    x = torch.linspace(-2, 2, n, dtype=torch.float64)
    noise = torch.randn(n, generator=generator, dtype=torch.float64)
    return x, torch.sin(2 * x) + 0.1 * noise


def network(theta: Tensor, x: Tensor, k: int) -> Tensor:
    """y = b₀ + Σᵢ cᵢ tanh(wᵢx + bᵢ) at every x (N,); θ = (w, b, c, b₀), 3k + 1."""
    w, b, c, b0 = theta.split([k, k, k, 1], dim=-1)
    a = torch.tanh(x[:, None] * w[..., None, :] + b[..., None, :])  # (..., N, k)
    return b0 + (a * c[..., None, :]).sum(-1)  # (..., N)


def network_loss(x: Tensor, y: Tensor, k: int, decay: float = 0) -> Loss:
    """Return the loss as a function of θ: mean squared error + decay · |θ|²."""

    def loss(theta: Tensor) -> Tensor:
        error = network(theta, x, k) - y
        return error.square().mean(-1) + decay * theta.square().sum(-1)

    return loss


def newton_step(
    g: Tensor, H: Tensor, downhill: bool = False, longest: float = 0.5
) -> Tensor:
    """−H⁻¹g for every g (m, n) and H (m, n, n), shortened to ``longest`` if longer.

    With ``downhill`` every eigenvalue of H is replaced by its size, so that the step
    leads down along all eigenvectors (saddle-free Newton, Dauphin et al. 2014).
    """
    eigenvalues, V = torch.linalg.eigh(H)
    if downhill:
        eigenvalues = eigenvalues.abs()
    along = (V.mT @ g[..., None])[..., 0] / eigenvalues  # g in the eigenvectors' frame
    step = -(V @ along[..., None])[..., 0]
    return step * longest / step.norm(dim=-1, keepdim=True).clamp(min=longest)


def newton(
    loss: Loss, starts: Tensor, steps: int, downhill: bool = False, longest: float = 0.5
) -> Tensor:
    """Newton steps from every row of ``starts`` (m, n): the path, (steps + 1, m, n)."""
    hessians = torch.func.vmap(torch.func.jacrev(torch.func.jacrev(loss)))
    path = [starts]
    for _ in range(steps):
        g, H = gradient(loss, path[-1]), hessians(path[-1])
        path.append(path[-1] + newton_step(g, H, downhill, longest))
    return torch.stack(path)


def arrived(loss: Loss, points: Tensor, tol: float = 1e-10) -> Tensor:
    """Of the points (m, n), those whose gradient norm is below tol, by rising loss;
    of points of the same loss (to 8 digits) only one: neurons may swap places.
    """
    points = points[gradient(loss, points).norm(dim=-1) < tol]
    losses = loss(points)
    order = losses.argsort()
    new = losses[order].diff(prepend=losses.new_tensor([-1.0])) > 1e-8
    return points[order[new]]


# %% [markdown] lang="zh"
# ## 从三维看封闭，从高维看有路
#
# 给一个停在局部最小值的网络添一个神经元，它的 $w$、$b$、$c$ 全取零：
# 函数没变，损失没变，梯度仍是零，海森矩阵却多了三维，出现了负的特征值。
# 墙上开了一扇门。另一边是最简单的“掷硬币”：随机的对称矩阵，特征值全为正的有多少？
# %% [markdown] lang="en"
# ## Closed in three dimensions, open in more
#
# Add a neuron to a network that sits at a local minimum, its $w$, $b$, $c$ all zero:
# the function is the same, so is the loss, the gradient is still zero; but the Hessian
# has three more dimensions, and a negative eigenvalue. A door in the wall. Beside it,
# the simplest toss of coins: of random symmetric matrices, how many have only positive
# eigenvalues?


# %%
def add_neuron(theta: Tensor, k: int) -> Tensor:
    """Append a neuron of w = b = c = 0 to θ (3k + 1,): (3k + 4,), the same function."""
    w, b, c, b0 = theta.split([k, k, k, 1])
    zero = torch.zeros_like(b0)
    return torch.cat([w, zero, b, zero, c, zero, b0])


def positive_share(n: int, samples: int, seed: int = 0) -> float:
    """Share of random symmetric n x n matrices whose eigenvalues are all positive."""
    generator = torch.Generator().manual_seed(seed)
    A = torch.randn(samples, n, n, generator=generator, dtype=torch.float64)
    smallest = torch.linalg.eigvalsh(A + A.mT)[:, 0]
    return (smallest > 0).double().mean().item()


# %% [markdown] lang="zh"
# ## 画图
# %% [markdown] lang="en"
# ## Figures


# %%
def _surface(ax: Axes, points: Tensor, heights: Tensor, color: str) -> None:
    """A surface without walls, ticks or axes, its lines drawn in one colour."""
    face = plt.rcParams["axes.facecolor"]
    surface = ax.plot_surface(  # type: ignore[attr-defined]
        *(t.numpy() for t in (points[..., 0], points[..., 1], heights)),
        color=face, edgecolor=color, lw=0.7, shade=False, rstride=1, cstride=1,
    )  # fmt: skip
    surface.set_clip_on(False)
    ax.set_axis_off()


def plot_surface(
    points: Tensor, heights: Tensor, found: Sequence[tuple[str, Tensor, Tensor]]
) -> Figure:
    """A loss surface over θ, and its critical points: name, place (2,), loss."""
    fig = plt.figure(figsize=(4.5, 3))
    ax = fig.add_subplot(projection="3d", computed_zorder=False)
    _surface(ax, points, heights, "C5")
    box = {"fc": plt.rcParams["axes.facecolor"], "ec": "none", "pad": 1}
    for name, at, height in found:
        saddle = name == "saddle point"
        color, marker = ("C1", "X") if saddle else ("C0", "o")
        spot = (*at.tolist(), height.item())
        ax.plot(*spot, marker, color=color, markersize=10, zorder=5)
        ax.text(*spot[:2], spot[2] + (0.3 if saddle else -0.3), name, color=color,
                ha="center", zorder=6, bbox=box)  # fmt: skip
    ax.view_init(elev=38, azim=-68)
    ax.set_box_aspect((4, 3, 2), zoom=1.75)
    return fig


def plot_taylor(
    t: Tensor, panels: Sequence[tuple[str, Tensor, Tensor, Tensor]]
) -> Figure:
    """For each place: its name, the loss along a line, and the two approximations."""
    fig, axes = plt.subplots(len(panels), 1, sharex=True, figsize=(4.5, 5.6))
    for ax, (name, exact, first, second) in zip(axes, panels, strict=True):
        ax.plot(t, exact, color="C5", lw=3, alpha=0.6, label=r"$L(\theta' + tu)$")
        ax.plot(t, first, "--", color="C2", label="up to $g$")
        ax.plot(t, second, "-.", color="C1", label="up to $H$")
        middle = len(t) // 2
        ax.plot(t[middle], exact[middle], "o", color=plt.rcParams["text.color"])
        ax.set(title=name, ylabel="$L$")
        ax.set_ylim(exact.min().item() - 0.15, exact.max().item() + 0.15)
    axes[0].legend()
    axes[-1].set_xlabel("$t$")
    return fig


def plot_curvature(points: Tensor, shapes: Sequence[tuple[str, str, Tensor]]) -> Figure:
    """Each case of vᵀHv: its name, what vᵀHv is, and its surface."""
    fig = plt.figure(figsize=(4.5, 2.3))
    for i, (name, sign, heights) in enumerate(shapes):
        ax = fig.add_subplot(1, 3, i + 1, projection="3d")
        _surface(ax, points, heights, f"C{(0, 2, 1)[i]}")
        ax.set_title(f"{name}\n{sign}")
        ax.view_init(elev=24, azim=-58)
        ax.set_box_aspect((1, 1, 0.8), zoom=1.3)
    return fig


# %%
def plot_example(
    points: Tensor,
    losses: Tensor,
    arrows: Tensor,
    slopes: Tensor,
    path: Tensor,
    u: Tensor,
) -> Figure:
    """Contours of (1 − w₁w₂)², downhill arrows −g, and the way out of the saddle."""
    fig, ax = plt.subplots(figsize=(4.5, 4.5))
    axis = points[:, 0, 0]
    levels = [0.25, 0.6, 1, 1.6, 3, 6]
    ax.contour(axis, axis, losses.T, levels=levels, colors="C5", linewidths=1)
    ax.contour(axis, axis, points.prod(-1).T, levels=[1], colors="C2", linewidths=2)
    length = slopes.norm(dim=-1, keepdim=True).clamp(min=1e-9)
    unit = -slopes / length
    ax.quiver(*arrows.unbind(-1), *unit.unbind(-1), color="C5", alpha=0.7, width=0.004)
    ax.plot(path[:, 0], path[:, 1], ".-", color="C0", markersize=7)
    ax.plot(0, 0, "X", color="C1", markersize=12)
    ax.plot(path[-1, 0], path[-1, 1], "o", color="C0", markersize=10)
    box = {"fc": plt.rcParams["axes.facecolor"], "ec": "none", "pad": 1}
    tip = (0.75 * path[-1, 0].item(), 0.75 * path[-1, 1].item())
    for text, at, offset, color in (
        ("saddle", (0, 0), (14, -19), "C1"),
        (f"$u = ({u[0]:.2f}, {u[1]:.2f})$", tip, (-118, 12), "C0"),
        ("$w_1 w_2 = 1$", (-1, -1), (12, -4), "C2"),
    ):
        ax.annotate(text, at, offset, textcoords="offset points", color=color,
                    bbox=box)  # fmt: skip
    ax.set(xlabel="$w_1$", ylabel="$w_2$", aspect="equal")
    return fig


def plot_slices(t: Tensor, slices: Sequence[tuple[str, Tensor]]) -> Figure:
    """The loss through the saddle along each eigenvector: one up, one down."""
    fig, ax = plt.subplots()
    for (name, losses), color, style in zip(
        slices, ("C0", "C1"), ("-", "--"), strict=True
    ):
        ax.plot(t, losses, style, color=color, label=name)
    ax.plot(0, slices[0][1][len(t) // 2], "X", color=plt.rcParams["text.color"])
    ax.set(xlabel="$t$", ylabel=r"$L(\theta' + tu)$")
    ax.legend(loc="upper center")
    return fig


def plot_escape(curves: Sequence[tuple[str, Tensor]]) -> Figure:
    """Loss over updates, started at the saddle and pushed by different amounts."""
    fig, ax = plt.subplots(figsize=(4.5, 4))
    styles = ("-", "--", "-.", ":", "-")
    for i, ((name, losses), style) in enumerate(zip(curves, styles, strict=True)):
        ax.plot(losses, style, color=f"C{i}", label=name)
    ax.set(xlabel="updates", ylabel="loss $L$", ylim=(-0.05, 1.12))
    fig.legend(title="push", loc="outside upper center", ncols=3)
    return fig


# %%
def plot_spectrum(before: Tensor, after: Tensor, tol: float) -> Figure:
    """All eigenvalues in rising order, before and after training."""
    fig, ax = plt.subplots(figsize=(4.5, 3.8))
    ax.axhspan(-tol, tol, color="C5", alpha=0.25, lw=0)
    rank = range(1, len(before) + 1)
    ax.plot(rank, before, "x", color="C5", markersize=5, label="before training")
    ax.plot(rank, after, "o", color="C0", markersize=4, label="after training")
    ax.set_yscale("symlog", linthresh=tol)
    ticks = [-10, -0.1, 0, 0.1, 10]
    ax.set_yticks(ticks, ["$-10$", "$-0.1$", "$0$", "$0.1$", "$10$"])
    ax.minorticks_off()
    ax.set(xlabel="eigenvalue number", ylabel=r"eigenvalue $\lambda$ of $H$")
    ax.legend(loc="upper left")
    return fig


def plot_minimum_ratio(
    ratios: Sequence[float], losses: Sequence[float], kinds: Sequence[str]
) -> Figure:
    """Loss against minimum ratio, one point for every critical point found."""
    fig, ax = plt.subplots(figsize=(4.5, 3.8))
    for kind, marker, color in (
        ("saddle point", "X", "C1"),
        ("local minimum", "o", "C0"),
    ):
        chosen = [i for i, name in enumerate(kinds) if name == kind]
        ax.plot(
            [ratios[i] for i in chosen], [losses[i] for i in chosen], marker,
            color=color, markersize=8, alpha=0.7, label=kind,
        )  # fmt: skip
    ax.set(xlabel="minimum ratio", ylabel="loss $L$", yscale="log")
    ax.set_yticks([0.03, 0.1, 0.3], ["0.03", "0.1", "0.3"])
    ax.minorticks_off()
    ax.legend()
    return fig


def plot_wider(losses: Tensor, doors: Sequence[int]) -> Figure:
    """Loss over steps; at every door a neuron is added, and a way down opens."""
    fig, ax = plt.subplots(figsize=(4.5, 3.6))
    ax.plot(losses, color="C0")
    for k, door in enumerate(doors, start=1):
        ax.axvline(door, color="C5", lw=1.2, ls=":")
        at = (door, losses[door].item())
        ax.annotate(f"$k = {k}$", at, (5, 8), textcoords="offset points")
    ax.set(xlabel="steps", ylabel="loss $L$", yscale="log")
    ax.set_yticks([0.03, 0.1, 0.3, 1], ["0.03", "0.1", "0.3", "1"])
    ax.minorticks_off()
    return fig


def plot_flat(losses: Tensor, norms: Tensor, changed: int) -> Figure:
    """Loss and gradient norm over updates; where the learning rate was cut."""
    fig, (top, low) = plt.subplots(2, 1, sharex=True, figsize=(4.5, 5))
    top.plot(losses, color="C0")
    low.plot(norms, color="C1")
    for ax in (top, low):
        ax.axvline(changed, color="C5", lw=1.2, ls=":")
    top.annotate(r"$\eta / 10$", (changed, losses.max().item()), (5, -12),
                 textcoords="offset points")  # fmt: skip
    for ax, ticks in ((top, (0.01, 0.1, 1)), (low, (0.01, 0.1, 1))):
        ax.set_yscale("log")
        ax.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
        ax.minorticks_off()
    top.set(ylabel="loss $L$")
    low.set(xlabel="updates", ylabel=r"gradient norm $\|g\|$")
    return fig


# %% [markdown] lang="zh"
# ## 跑一遍
# %% [markdown] lang="en"
# ## Run it


# %%
def show_surface() -> dict[str, object]:
    """Find and name the critical points of a surface with two valleys."""
    starts = torch.tensor([[-1.0, 0.3], [0.0, 0.3], [1.0, 0.3]], dtype=torch.float64)
    points = newton(valleys, starts, 20)[-1]
    kinds = [classify(hessian(valleys, point)) for point in points]
    print("Critical points of a loss with two valleys")
    for point, kind in zip(points, kinds, strict=True):
        print(f"  theta = ({point[0]:6.3f}, {point[1]:6.3f})"
              f"  L = {valleys(point):6.3f}  {kind}")  # fmt: skip
    net = grid(1.6, 1.1)
    plot_surface(
        net, valleys(net), list(zip(kinds, points, valleys(points), strict=True))
    )
    return {"valley_kinds": kinds, "valley_losses": valleys(points).tolist()}


def along(
    loss: Loss, theta: Tensor, u: Tensor, t: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Return the loss at θ + tu for every t, and its two Taylor approximations."""
    L, g, H = loss(theta), gradient(loss, theta), hessian(loss, theta)
    flat = torch.zeros_like(H)
    first, second = (
        torch.stack([taylor(L, g, A, s * u) for s in t]) for A in (flat, H)
    )
    return loss(theta + t[:, None] * u), first, second


def show_taylor() -> dict[str, object]:
    """The approximation on a slope and at a critical point; the cases of vᵀHv."""
    t = torch.linspace(-0.5, 0.5, 81, dtype=torch.float64)
    u = torch.tensor([1.0, 0.0], dtype=torch.float64)
    slope = torch.tensor([1.3, 0.0], dtype=torch.float64)
    pass_ = newton(valleys, torch.zeros(1, 2, dtype=torch.float64), 20)[-1, 0]
    panels = [along(valleys, place, u, t) for place in (slope, pass_)]
    names = (r"on a slope: $g \neq 0$", "at a critical point: $g = 0$")
    plot_taylor(t, [(n, *p) for n, p in zip(names, panels, strict=True)])
    gaps = [(p[2] - p[0])[[44, 48]].abs() for p in panels]  # at t = 0.05 and 0.1
    growth = [(gap[1] / gap[0]).item() for gap in gaps]
    print("\nTwice the step, the error of the Taylor expansion grows by")
    print(f"  {growth[0]:.1f} on the slope, {growth[1]:.1f} at the critical point")
    net = grid(1, 1, 15)
    p, q = net[..., 0], net[..., 1]
    plot_curvature(net, [
        ("minimum", "$v^T H v > 0$", p**2 + q**2),
        ("maximum", "$v^T H v < 0$", -(p**2) - q**2),
        ("saddle", r"$v^T H v \gtrless 0$", p**2 - q**2),
    ])  # fmt: skip
    return {"taylor_growth": growth}


# %%
def show_example() -> dict[str, object]:
    """The network y = w₁w₂x at (0, 0) and at a minimum; two ways through the saddle."""
    origin = torch.zeros(2, dtype=torch.float64)
    g, H = gradient(example_loss, origin), hessian(example_loss, origin)
    eigenvalues, vectors = torch.linalg.eigh(H)
    at_minimum = hessian(example_loss, torch.ones(2, dtype=torch.float64))
    print("\nL = (1 - w1 w2)^2 at (0, 0)")
    print(f"  g = {g.tolist()}   H = {H.tolist()}")
    print(f"  eigenvalues {[round(v, 9) for v in eigenvalues.tolist()]}"
          f"  ->  {classify(H)}")  # fmt: skip
    zero_two = [round(abs(v), 9) for v in torch.linalg.eigvalsh(at_minimum).tolist()]
    print(f"  at (1, 1), where L = 0: eigenvalues {zero_two}"
          f"  ->  {classify(at_minimum)}")  # fmt: skip
    t = torch.linspace(-1.3, 1.3, 101, dtype=torch.float64)
    names = ("along $(1, -1)$: a minimum", "along $(1, 1)$: a maximum")
    across, u = vectors[:, 1], escape_direction(H)
    plot_slices(t, [
        (name, example_loss(t[:, None] * v))
        for name, v in zip(names, (across, u), strict=True)
    ])  # fmt: skip
    return {
        "g": g.tolist(), "H": H.flatten().tolist(), "kind": classify(H),
        "eigenvalues": eigenvalues.tolist(), "u": u.tolist(),
        "minimum_eigenvalues": zero_two, "minimum_kind": classify(at_minimum),
    }  # fmt: skip


def show_semidefinite() -> dict[str, object]:
    """The same g = 0 and H = 0 at 0, and yet x⁴ has a minimum there and x³ has none."""
    zero = torch.zeros(1, dtype=torch.float64)
    losses: dict[str, Loss] = {
        "x^4": lambda x: (x**4).sum(-1),
        "x^3": lambda x: (x**3).sum(-1),
    }
    print("\nA zero eigenvalue decides nothing: at x = 0")
    for name, loss in losses.items():
        H = hessian(loss, zero)
        left, right = loss(zero - 0.1).item(), loss(zero + 0.1).item()
        print(f"  {name}: H = {H.item():.0f}  ->  {classify(H)};"
              f"  L(-0.1) = {left:7.4f}, L(0.1) = {right:.4f}")  # fmt: skip
    return {"semidefinite": classify(hessian(losses["x^4"], zero))}


def show_escape() -> dict[str, object]:
    """Out of the saddle along u; and by gradient descent from pushes of all sizes."""
    eta, origin = 0.05, torch.zeros(2, dtype=torch.float64)
    u = escape_direction(hessian(example_loss, origin))
    path = descend(example_loss, 0.1 * u, eta, 60)
    net, arrows = grid(1.6, 1.6, 81), grid(1.4, 1.4, 9)
    plot_example(
        net, example_loss(net), arrows, gradient(example_loss, arrows),
        torch.cat([origin[None], path]), u,
    )  # fmt: skip
    sizes, curves = (1e-1, 1e-3, 1e-6, 1e-9, 0.0), []
    for size in sizes:
        start = random_push(2, 1) * size
        curves.append(example_loss(descend(example_loss, start, eta, 300)))
    counts = [updates_to_leave(losses) for losses in curves]
    names = ("$10^{-1}$", "$10^{-3}$", "$10^{-6}$", "$10^{-9}$", "none")
    plot_escape(list(zip(names, curves, strict=True)))
    print(f"\nLeaving the saddle (0, 0), learning rate {eta}")
    print(f"  a step of 0.1 along u: L from 1 to {example_loss(0.1 * u):.6f}")
    print("  random push   updates until L < 1/2")
    for size, count in zip(sizes, counts, strict=True):
        print(f"  {size:11g}   {'never (300 tried)' if count is None else count}")
    growth = 1 + 2 * eta
    return {
        "eta": eta, "step_loss": example_loss(0.1 * u).item(),
        "pushes": list(sizes), "updates": [c for c in counts if c is not None],
        "stayed_loss": curves[-1][-1].item(), "growth": growth,
        "per_decade": math.log(10) / math.log(growth),
    }  # fmt: skip


# %%
def show_spectrum() -> dict[str, object]:
    """All eigenvalues of the Hessian of a small network, before and after training."""
    k, tol = 20, 1e-3
    loss = network_loss(*wave_data(), k)
    start = random_push(3 * k + 1, 0.5 * math.sqrt(3 * k + 1), seed=1)
    end = descend(loss, start, 0.05, 2000)[-1]
    before, after = (torch.linalg.eigvalsh(hessian(loss, t)) for t in (start, end))
    plot_spectrum(before, after, tol)
    norm = gradient(loss, end).norm().item()
    counts = [int((after < -tol).sum()), int((after.abs() <= tol).sum()),
              int((after > tol).sum())]  # fmt: skip
    print(f"\nA network of {len(end)} parameters after 2000 updates")
    print(f"  loss {loss(end):.4f}, gradient norm {norm:.4f}")
    print(f"  eigenvalues below -{tol}: {counts[0]}, within: {counts[1]},"
          f" above {tol}: {counts[2]}")  # fmt: skip
    print(f"  smallest {after[0]:.4f}, largest {after[-1]:.2f}")
    return {
        "spectrum_parameters": len(end), "spectrum_counts": counts,
        "spectrum_loss": loss(end).item(), "spectrum_norm": norm,
        "spectrum_smallest": after[0].item(), "spectrum_largest": after[-1].item(),
        "spectrum_before": before[0].item(),
    }  # fmt: skip


def critical_points(loss: Loss, n: int, runs: int = 24) -> Tensor:
    """What Newton finds from stations along gradient descent, and downhill at last."""
    generator = torch.Generator().manual_seed(0)
    theta = torch.randn(runs, n, generator=generator, dtype=torch.float64)
    lowest = newton(loss, theta, 80, downhill=True, longest=0.3)[-1]
    stations = []
    for updates in (0, 10, 20, 70, 200, 700):  # after 0, 10, 30, 100, 300, 1000
        theta = descend(loss, theta, 0.1, updates)[-1]
        stations.append(theta)
    return arrived(loss, torch.cat([newton(loss, torch.cat(stations), 60)[-1], lowest]))


def show_minimum_ratio() -> dict[str, object]:
    """Critical points of a small network: how high, and how much like a minimum."""
    k, decay = 5, 1e-3
    loss = network_loss(*wave_data(), k, decay)
    points = critical_points(loss, 3 * k + 1)
    losses = loss(points).tolist()
    hessians = [hessian(loss, point) for point in points]
    ratios = [minimum_ratio(H) for H in hessians]
    kinds = [classify(H) for H in hessians]
    plot_minimum_ratio(ratios, losses, kinds)
    minima = kinds.count("local minimum")
    correlation = torch.corrcoef(torch.tensor([losses, ratios]))[0, 1].item()
    print(f"\n{len(points)} critical points of a network of {3 * k + 1} parameters")
    print(f"  {kinds.count('saddle point')} saddle points, {minima} local minima, "
          f"{kinds.count('undecided')} undecided")  # fmt: skip
    print("  minimum ratio   points   lowest loss   highest loss")
    for ratio in sorted(set(ratios), reverse=True):
        here = [v for v, r in zip(losses, ratios, strict=True) if r == ratio]
        print(
            f"  {ratio:13.2f}   {len(here):6d}   {min(here):11.5f}   {max(here):12.5f}"
        )
    strict = min(minimum_ratio(H, 2 * decay + 1e-6) for H in hessians)
    print(f"  lowest ratio {min(ratios):.2f}; counting only eigenvalues "
          f"above 2 delta: {strict:.2f}")  # fmt: skip
    return {
        "strict_ratio": strict,
        "decay": decay,
        "found": len(points), "saddles": kinds.count("saddle point"), "minima": minima,
        "ratio_parameters": 3 * k + 1, "lowest_ratio": min(ratios),
        "correlation": correlation, "minima_losses": losses[:minima],
        "highest_loss": max(losses),
    }  # fmt: skip


# %%
def show_wider() -> dict[str, object]:
    """From a minimum of k neurons through the door that one more neuron opens."""
    x, y = wave_data()
    theta, rows = random_push(4, 1), []
    losses: list[Tensor] = []
    doors: list[int] = []
    print("\nDownhill to a minimum; then one more neuron, of zeros")
    print("  neurons     loss   kind            one more:      smallest eigenvalue")
    for k in (1, 2, 3, 4):
        loss, wider = (network_loss(x, y, j, decay=1e-3) for j in (k, k + 1))
        path = newton(loss, theta[None], 60, downhill=True, longest=0.2)[:, 0]
        doors.append(sum(len(part) for part in losses))
        losses.append(loss(path))
        wide = add_neuron(path[-1], k)
        H = hessian(wider, wide)
        kinds = classify(hessian(loss, path[-1])), classify(H)
        rows.append((wider(wide).item(), *kinds, torch.linalg.eigvalsh(H)[0].item()))
        print(f"  {k:7d}  {rows[-1][0]:.5f}   {kinds[0]:13s}   {kinds[1]:13s}"
              f"  {rows[-1][3]:19.4f}")  # fmt: skip
        theta = wide + 0.1 * escape_direction(H)
    plot_wider(torch.cat(losses), doors)
    names = ("wider_losses", "wider_kinds", "wider_after", "wider_smallest")
    columns = [list(column) for column in zip(*rows, strict=True)]
    return dict(zip(names, columns, strict=True))


def show_random() -> dict[str, object]:
    """Random symmetric matrices: how rarely all eigenvalues are positive."""
    sizes = (1, 2, 3, 4, 5)
    shares = [positive_share(n, 50_000) for n in sizes]
    print("\nRandom symmetric n x n matrices with positive eigenvalues only")
    for n, share in zip(sizes, shares, strict=True):
        print(f"  n = {n}: {share:8.3%}")
    return {"shares": shares}


def show_flat() -> dict[str, object]:
    """A loss that no longer falls, far from any critical point."""
    k, eta, updates = 5, 0.45, 800
    loss = network_loss(*wave_data(), k)
    start = random_push(3 * k + 1, 2, seed=1)
    stuck = descend(loss, start, eta, updates)
    freed = descend(loss, stuck[-1], eta / 10, 200)
    path = torch.cat([stuck, freed[1:]])
    losses, slopes = loss(path), gradient(loss, path)
    norms = slopes.norm(dim=-1)
    turns = torch.cosine_similarity(slopes[:-1], slopes[1:])  # of each g and the next
    plot_flat(losses, norms, updates)
    late, early = slice(updates - 200, updates), slice(20, 40)
    print(f"\nLearning rate {eta}: two stretches of a flat loss")
    print("  updates     lowest loss   highest loss   gradient norm   cosine")
    for part in (early, late):
        low, high = losses[part].min(), losses[part].max()
        print(f"  {part.start:3d} - {part.stop:3d}   {low:11.3f}   {high:12.3f}"
              f"   {norms[part].mean():13.3f}   {turns[part].mean():6.2f}")  # fmt: skip
    smallest = torch.linalg.eigvalsh(hessian(loss, path[30]))[0].item()
    print(f"  smallest eigenvalue at update 30: {smallest:.3f}")
    print(f"  then learning rate {eta / 10:g}: loss {losses[-1]:.4f}, "
          f"gradient norm {norms[-1]:.3f}")  # fmt: skip
    return {
        "flat_eta": eta, "flat_loss": losses[updates].item(),
        "flat_norm": norms[late].mean().item(), "flat_start_norm": norms[0].item(),
        "flat_low": losses[late].min().item(), "flat_high": losses[late].max().item(),
        "flat_cosine": turns[late].mean().item(),
        "early_norm": norms[early].mean().item(),
        "early_loss": losses[early].mean().item(), "early_smallest": smallest,
        "freed_loss": losses[-1].item(), "freed_norm": norms[-1].item(),
    }  # fmt: skip


def main() -> dict[str, object]:
    """Run every experiment; return the values that the notes quote."""
    values = (
        show_surface() | show_taylor() | show_example() | show_semidefinite()
        | show_escape() | show_spectrum() | show_minimum_ratio() | show_wider()
        | show_random() | show_flat()
    )  # fmt: skip
    plt.show()
    return values


# %%
if __name__ == "__main__":
    main()
