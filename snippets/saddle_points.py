# %% [markdown] lang="zh"
# # 局部最小值还是鞍点
#
# 损失降不下去，梯度几乎为零：停在了局部最小值，还是鞍点？二阶导数（海森矩阵 $H$）能回
# 答：先看它怎样描出脚下的形状，什么时候又答不出；再手算一个只有两个参数的网络，从它的鞍
# 点上走下来；最后看参数很多的时候怎么办。
# %% [markdown] lang="en"
# # Local minimum or saddle point
#
# The loss no longer falls and the gradient is almost zero: a local minimum, or a saddle
# point? The second derivatives (the Hessian $H$) tell. First we see how they describe
# the shape of the ground, and when they cannot; then we work out a network of two
# parameters by hand and walk down from its saddle; at the end, what to do when there
# are many parameters.

# %%
"""Critical points: Taylor expansion, the Hessian's eigenvalues, ways off a saddle."""

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import Tensor

torch.set_num_threads(1)  # the same sums, the same last digits, on every machine

Loss = Callable[[Tensor], Tensor]  # θ (P,) -> L (); or a batch, (…, P) -> (…)

# %% name="parameters"
SEED = 0  # where every random number below starts from
DRAWS = 200  # random points; random pushes
ETA = 0.05  # learning rate near the saddle
NEURONS = 5  # of the network that starts with zeros
WIDE = 50  # neurons of the networks whose Hessian is larger
NETWORKS = 20  # of those

# %% [markdown] lang="zh"
# ## 梯度为零的三个地方
#
# $L = \frac14\theta_1^4 - \frac12\theta_1^2 + \frac1{10}\theta_1 + \frac12\theta_2^2$
# 有两个山谷，中间一道山口。令两个偏导数为零，就是 $\theta_2 = 0$ 和一个三次方程：有几
# 个解？各是什么形状？
# %% [markdown] lang="en"
# ## Three places of zero gradient
#
# $L = \frac14\theta_1^4 - \frac12\theta_1^2 + \frac1{10}\theta_1 + \frac12\theta_2^2$
# has two valleys and a pass between them. Set both partial derivatives to zero: that
# leaves $\theta_2 = 0$ and a cubic equation. How many solutions are there, and what
# does the ground look like at each?


# %%
def valleys(theta: Tensor) -> Tensor:
    """L = θ₁⁴/4 − θ₁²/2 + θ₁/10 + θ₂²/2, (…), of θ (…, 2)."""
    a, b = theta.unbind(-1)
    return a**4 / 4 - a**2 / 2 + a / 10 + b**2 / 2


def grid(a: float, b: float, n: int = 25) -> Tensor:
    """Points (n, n, 2) of a grid, from −a to a and from −b to b."""
    rows, columns = (torch.linspace(-s, s, n, dtype=torch.float64) for s in (a, b))
    return torch.stack(torch.meshgrid(rows, columns, indexing="ij"), dim=-1)


def draw_surface(ax: Any, loss: Loss, points: Tensor, color: str) -> None:
    """The loss over points (n, n, 2) on 3-D axes: a net of lines, no walls."""
    x, y, height = points[..., 0].numpy(), points[..., 1].numpy(), loss(points).numpy()
    look = {"color": plt.rcParams["axes.facecolor"], "edgecolor": color, "lw": 0.7}
    look |= {"rstride": 1, "cstride": 1, "shade": False, "clip_on": False}
    ax.plot_surface(x, y, height, **look)
    ax.set_axis_off()


# %% name="surface"
if __name__ == "__main__":
    roots = sorted(np.roots([1, 0, -1, 0.1]).tolist())  # of θ₁³ − θ₁ + 1/10
    critical = torch.tensor([[a, 0.0] for a in roots], dtype=torch.float64)
    fig = plt.figure(figsize=(4.5, 3))
    ax = fig.add_subplot(projection="3d", computed_zorder=False)
    draw_surface(ax, valleys, grid(1.6, 1), "C5")
    box = {"fc": plt.rcParams["axes.facecolor"], "ec": "none", "pad": 1}
    for theta, marker, color in zip(critical, "oXo", ("C0", "C1", "C0"), strict=True):
        name, lift = ("saddle point", 0.3) if marker == "X" else ("local minimum", -0.3)
        spot = (*theta.tolist(), valleys(theta).item())
        ax.plot(*spot, marker, color=color, markersize=10, zorder=5)
        ax.text(*spot[:2], spot[2] + lift, name, ha="center", zorder=6, bbox=box)
    ax.view_init(elev=38, azim=-68)
    ax.set_box_aspect((4, 3, 2), zoom=1.75)
    plt.show()

# %% [markdown] lang="zh"
# 三处的梯度都是零，形状却不同。只看脚下一点，怎么分辨？
#
# ## 泰勒展开
#
# 在 $\theta'$ 附近，$L(\theta) \approx L(\theta') + u^{T} g + \frac12 u^{T} H u$，其中
# $u = \theta - \theta'$ 是走出的一步，$g$ 是梯度，$H$ 是海森矩阵，
# $H_{ij} = \partial^2 L / \partial\theta_i\,\partial\theta_j$。两者都交给自动微分。
# %% [markdown] lang="en"
# All three have a gradient of zero, yet their shapes differ. How can we tell from what
# is known at that one point?
#
# ## Taylor expansion
#
# Near $\theta'$, $L(\theta) \approx L(\theta') + u^{T} g + \frac12 u^{T} H u$, where
# $u = \theta - \theta'$ is the step away, $g$ the gradient and $H$ the Hessian,
# $H_{ij} = \partial^2 L / \partial\theta_i\,\partial\theta_j$. Automatic
# differentiation computes both.


# %%
def gradient(loss: Loss, theta: Tensor) -> Tensor:
    """g = ∇L(θ), of θ's shape; of a batch of θ, (…, P), the gradient of every row."""
    return torch.func.grad(lambda theta: loss(theta).sum())(theta)


# %%
def hessian(loss: Loss, theta: Tensor) -> Tensor:
    """H, (P, P): all second partial derivatives of the loss at θ (P,)."""
    return torch.func.jacrev(torch.func.jacrev(loss))(theta)


# %%
def taylor(L: Tensor, g: Tensor, H: Tensor, u: Tensor) -> Tensor:
    """L + uᵀg + ½ uᵀHu for steps u (…, P): losses (…), up to terms of third order."""
    return L + u @ g + (u @ H * u).sum(-1) / 2


# %% name="approximation"
if __name__ == "__main__":
    t = torch.linspace(-0.5, 0.5, 81, dtype=torch.float64)
    steps = torch.stack([t, 0 * t], dim=1)  # (81, 2): along θ₁
    slope = torch.tensor([1.3, 0.0], dtype=torch.float64)
    titles = r"on a slope: $g \neq 0$", "at the saddle: $g = 0$"
    fig, axes = plt.subplots(2, sharex=True, figsize=(4.5, 5.6))
    for ax, theta, title in zip(axes, (slope, critical[1]), titles, strict=True):
        L, g, H = valleys(theta), gradient(valleys, theta), hessian(valleys, theta)
        ax.plot(t, valleys(theta + steps), color="C5", lw=5, alpha=0.6, label="$L$")
        ax.plot(t, taylor(L, g, 0 * H, steps), "--", color="C2", label="up to $g$")
        ax.plot(t, taylor(L, g, H, steps), "-.", color="C1", label="up to $H$")
        ax.set(title=title, xlabel="$t$", ylabel="$L$")
    axes[0].legend()
    plt.show()

# %% [markdown] lang="zh"
# 丢掉的第一项是三阶的，所以步长加倍，误差应该变成大约 $2^3 = 8$ 倍；只算到 $g$，就是
# $2^2 = 4$ 倍。随机取许多点和方向，量一量：
# %% [markdown] lang="en"
# The first term left out is of third order, so doubling the step should multiply the
# error by about $2^3 = 8$; without $H$, by $2^2 = 4$. Measured at many random points
# and in as many random directions:

# %% name="orders"
if __name__ == "__main__":
    generator = torch.Generator().manual_seed(SEED)
    draw = partial(torch.randn, generator=generator, dtype=torch.float64)
    starts, ways = draw(2, DRAWS, 2)  # (DRAWS, 2) each

    def off(theta: Tensor, u: Tensor, order: int) -> Tensor:
        g, H = gradient(valleys, theta), hessian(valleys, theta)
        about = taylor(valleys(theta), g, (order - 1) * H, u)  # 1: no H
        return (about - valleys(theta + u)).abs()

    error_growth = []
    print("error of a double step / of a single one")
    print("          10%  median   90%")
    for order, name in enumerate(("up to g", "up to H"), start=1):
        error = torch.vmap(partial(off, order=order))
        ratios = error(starts, 0.02 * ways) / error(starts, 0.01 * ways)
        low, median, high = np.quantile(ratios, [0.1, 0.5, 0.9]).tolist()
        error_growth.append([low, median, high])
        print(f"{name} {low:6.2f} {median:7.2f} {high:5.2f}")

# %% [markdown] lang="zh"
# ## 看特征值就够了
#
# 临界点上 $g = 0$，脚下的形状全看 $v^{T} H v$：它对所有的 $v$ 为正、为负，还是有正有
# 负？不必试遍所有的 $v$，看 $H$ 的特征值就够了。
# %% [markdown] lang="en"
# ## The eigenvalues suffice
#
# At a critical point $g = 0$, and the shape is that of $v^{T} H v$: is it positive for
# every $v$, negative for every $v$, or sometimes one, sometimes the other? There is no
# need to try every $v$: the eigenvalues of $H$ tell.


# %%
def classify(H: Tensor, tol: float = 1e-8) -> str:
    """Tell what kind of critical point has the Hessian H (P, P).

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


# %% name="kinds"
if __name__ == "__main__":
    kinds = []
    for theta in critical:
        H = hessian(valleys, theta)
        kinds.append(classify(H))
        numbers = (theta[0], *torch.linalg.eigvalsh(H))
        print("θ₁ = {:5.2f}: λ {:5.2f}, {:.2f}:".format(*numbers), kinds[-1])


# %%
def draw_shapes(losses: dict[str, Loss], colors: str) -> None:
    """Small surfaces side by side, of losses over −1 ≤ θ₁, θ₂ ≤ 1, with titles."""
    fig = plt.figure(figsize=(4.5, 2.3))
    for i, (title, loss) in enumerate(losses.items()):
        ax = fig.add_subplot(1, len(losses), i + 1, projection="3d")
        draw_surface(ax, loss, grid(1, 1, 15), f"C{colors[i]}")
        line = grid(1, 1, 15)[7]  # θ₁ = 0: the θ₂ axis
        ax.plot(*line.T, loss(line), color=plt.rcParams["text.color"], zorder=9)
        ax.set_title(title)
        ax.view_init(elev=24, azim=-30)
        ax.set_box_aspect((1, 1, 0.8), zoom=1.3)


# %% name="curvature"
if __name__ == "__main__":
    shapes: dict[str, Loss] = {
        "minimum\n$v^T H v > 0$": lambda v: v.square().sum(-1),
        "maximum\n$v^T H v < 0$": lambda v: -v.square().sum(-1),
        "saddle\n$v^T H v \\gtrless 0$": lambda v: v[..., 0] ** 2 - v[..., 1] ** 2,
    }
    draw_shapes(shapes, colors="021")
    plt.show()

# %% [markdown] lang="zh"
# ## $H$ 答不出的时候
#
# 有的特征值是零、其余同号，二阶项就断定不了：沿着那个平的方向，由三阶、四阶的项说了
# 算。下面三个损失在原点都有 $g = 0$，连 $H$ 都一模一样，$\theta_2$ 轴是平的。沿着它一阶
# 一阶地求导，第一个不是零的导数说明什么？
# %% [markdown] lang="en"
# ## When $H$ cannot tell
#
# If some eigenvalues are zero and the others have one sign, the second order cannot
# tell: along the flat direction it is up to the terms of third and fourth order. The
# three losses below all have $g = 0$ at the origin, and even the same $H$, flat along
# the $\theta_2$ axis. Differentiate along it, order by order: what does the first
# derivative that is not zero say?


# %%
def derivatives(loss: Loss, theta: Tensor, u: Tensor, orders: int) -> list[float]:
    """The first, second, … derivative of t ↦ L(θ + tu) at t = 0, for θ and u (P,)."""

    def along(t: Tensor) -> Tensor:
        return loss(theta + t * u)

    found, derivative = [], along
    for _ in range(orders):
        derivative = torch.func.grad(derivative)
        found.append(derivative(torch.zeros((), dtype=theta.dtype)).item())
    return found


HIGHER = {
    "θ₁² + θ₂⁴": lambda theta: theta[..., 0] ** 2 + theta[..., 1] ** 4,
    "θ₁² − θ₂⁴": lambda theta: theta[..., 0] ** 2 - theta[..., 1] ** 4,
    "θ₁² + θ₂³": lambda theta: theta[..., 0] ** 2 + theta[..., 1] ** 3,
}


# %% name="flat_direction"
if __name__ == "__main__":
    origin, flat = torch.tensor([[0, 0], [0, 1]], dtype=torch.float64)  # flat: λ = 0
    verdicts, along = [], []
    print("L          H says     3rd  4th  along θ₂")
    for name, loss in HIGHER.items():
        verdicts.append(classify(hessian(loss, origin)))
        third, fourth = derivatives(loss, origin, flat, 4)[2:]
        along.append("both ways" if third else "up" if fourth > 0 else "down")
        print(f"{name:10} {verdicts[-1]} {third:4g} {fourth:4g}  {along[-1]}")

# %% name="same_hessian"
if __name__ == "__main__":
    formulas = (rf"$\theta_1^2 {s} \theta_2^{n}$" for s, n in ("+4", "-4", "+3"))
    draw_shapes(dict(zip(formulas, HIGHER.values(), strict=True)), colors="011")
    plt.show()

# %% [markdown] lang="zh"
# 第一个不是零的导数若是奇数阶的，一边高一边低；若是负的，两边都低：都不是最小值。三个曲
# 面的 $H$ 相同，只有第一个是最小值（粗线是 $\theta_2$ 轴上的损失）。
#
# ## 手算：史上最小的网络
#
# $y = w_1 w_2 x$，只有一个样本 $x = 1$、$\hat{y} = 1$，所以
# $L = (1 - w_1 w_2)^2$。在纸上求出 $g$ 和 $H$，写成程序，与自动微分对照。
# %% [markdown] lang="en"
# If the first derivative that is not zero is of odd order, one side goes up and the
# other down; if it is negative, both go down: no minimum in either case. All three
# surfaces have the same $H$, and only the first has a minimum (the thick line is the
# loss on the $\theta_2$ axis).
#
# ## By hand: the smallest network ever
#
# $y = w_1 w_2 x$ with a single example, $x = 1$ and $\hat{y} = 1$, so
# $L = (1 - w_1 w_2)^2$. Here are $g$ and $H$ as worked out on paper, compared with
# automatic differentiation.


# %%
def example_loss(w: Tensor) -> Tensor:
    """L = (1 − w₁w₂)², (…), of w (…, 2): y = w₁w₂x at x = 1, ŷ = 1."""
    return (1 - w[..., 0] * w[..., 1]) ** 2


def example_by_hand(w: Tensor) -> tuple[Tensor, Tensor]:
    """g (2,) and H (2, 2) of L = (1 − w₁w₂)² at w (2,), derived on paper."""
    w1, w2 = w
    mixed = -2 + 4 * w1 * w2
    g = torch.stack([-2 * (1 - w1 * w2) * w2, -2 * (1 - w1 * w2) * w1])
    return g, torch.stack([2 * w2**2, mixed, mixed, 2 * w1**2]).view(2, 2)


# %% name="by_hand"
if __name__ == "__main__":
    by_hand_kinds, by_hand_gaps = [], []
    for w in torch.tensor([[0, 0], [1, 1], [2, 0.5]], dtype=torch.float64):
        g, H = example_by_hand(w)
        gaps = g - gradient(example_loss, w), H - hessian(example_loss, w)
        by_hand_gaps += [gap.abs().max().item() for gap in gaps]
        by_hand_kinds.append(classify(H))
        numbers = (*w, *torch.linalg.eigvalsh(H))
        print("({:g}, {:3g}): λ {:5.2f}, {:.2f}:".format(*numbers), by_hand_kinds[-1])
    print(f"largest gap to autograd: {max(by_hand_gaps):.0e}")

# %% [markdown] lang="zh"
# 原点是鞍点。$(1, 1)$ 和 $(2, \frac12)$ 的损失是零，不可能更低，可是曲线
# $w_1 w_2 = 1$ 是平的，只看 $H$ 断定不了。
#
# ## 离开鞍点
#
# 设 $\lambda < 0$ 是 $H$ 的特征值，$u$ 是对应的特征向量，那么
# $u^{T} H u = \lambda \lVert u \rVert^2 < 0$：沿着 $u$ 走一小步，损失就变小。走出这一
# 步，再交给梯度下降：它会走到哪里？
# %% [markdown] lang="en"
# The origin is a saddle. At $(1, 1)$ and $(2, \frac12)$ the loss is zero and cannot be
# lower, but along the curve $w_1 w_2 = 1$ it is flat, and $H$ alone cannot tell.
#
# ## Leaving a saddle
#
# Let $\lambda < 0$ be an eigenvalue of $H$ and $u$ its eigenvector. Then
# $u^{T} H u = \lambda \lVert u \rVert^2 < 0$: a small step along $u$ lowers the loss.
# Take that step and leave the rest to gradient descent: where does it go?


# %%
def escape_direction(H: Tensor) -> Tensor:
    """Unit eigenvector (P,) of the most negative eigenvalue, largest entry positive.

    Raises ValueError if no eigenvalue is negative: H shows no way down.
    """
    eigenvalues, vectors = torch.linalg.eigh(H)
    if eigenvalues[0] >= 0:
        raise ValueError("no negative eigenvalue: H shows no way down from here")
    u = vectors[:, 0]
    return u * u[u.abs().argmax()].sign()


# %%
def descend(loss: Loss, start: Tensor, eta: float, updates: int) -> Tensor:
    """Gradient descent from θ⁰ = start (…, P): θ⁰, θ¹, …, (updates + 1, …, P)."""
    path = [start]
    for _ in range(updates):
        path.append(path[-1] - eta * gradient(loss, path[-1]))
    return torch.stack(path)


# %% name="first_step"
if __name__ == "__main__":
    u = escape_direction(hessian(example_loss, torch.zeros(2, dtype=torch.float64)))
    path = descend(example_loss, 0.1 * u, ETA, 100)
    first_losses = example_loss(path[[0, -1]])
    print("u = ({:.2f}, {:.2f})".format(*u))
    print("L after the step {:.4f}, at the end {:.4f}".format(*first_losses))
    points = grid(1.5, 1.5, 61)
    w1, w2 = points.unbind(-1)
    some = points[1::4, 1::4]  # one arrow for 4 × 4 points
    downhill = torch.nn.functional.normalize(-gradient(example_loss, some), dim=-1)
    fig, ax = plt.subplots(figsize=(4.5, 4.8))
    ax.contour(w1, w2, example_loss(points).sqrt(), 6, colors="C5", linewidths=1)
    ax.contour(w1, w2, w1 * w2, [1], colors="C2")
    ax.quiver(*some.unbind(-1), *downhill.unbind(-1), color="C5", alpha=0.7)
    ax.plot(*path.T, ".-", color="C0", label="gradient descent")
    ax.plot(0, 0, "X", color="C1", markersize=12, label="saddle point")
    ax.set(xlabel="$w_1$", ylabel="$w_2$", aspect="equal")
    fig.legend(loc="outside upper center", ncols=2)
    plt.show()

# %% [markdown] lang="zh"
# 粗线是 $w_1 w_2 = 1$，损失在那里是零：一步离开鞍点，剩下的路梯度下降自己会走。
#
# ## 不算 $u$，只靠扰动
#
# 没有 $H$，梯度下降不知道 $u$。可是只要没有*恰好*站在鞍点上，扰动沿 $u$ 的那一份每次更
# 新就乘以 $1 - \eta\lambda$。扰动从 $10^{-1}$ 缩小到 $10^{-9}$，要多等多久？
# %% [markdown] lang="en"
# The thick line is $w_1 w_2 = 1$, where the loss is zero: after one step off the
# saddle, gradient descent finds the rest of the way by itself.
#
# ## A push instead of $u$
#
# Without $H$, gradient descent does not know $u$. But unless it stands *exactly* on the
# saddle, every update multiplies the part of the push along $u$ by $1 - \eta\lambda$.
# How much longer does a push of $10^{-9}$ take than one of $10^{-1}$?


# %%
def updates_to_leave(losses: Tensor) -> Tensor:
    """Updates until the loss is below half of its start, of losses (updates + 1, …).

    One number a run, (…); −1 where that never happens.
    """
    left = losses < losses[0] / 2
    return torch.where(left.any(0), left.int().argmax(0), -1)


# %% name="escape"
if __name__ == "__main__":
    direction = torch.nn.functional.normalize(draw(2), dim=0)
    sizes = torch.tensor([1e-1, 1e-3, 1e-6, 1e-9, 0.0], dtype=torch.float64)
    losses = example_loss(descend(example_loss, sizes[:, None] * direction, ETA, 300))
    waits = updates_to_leave(losses)
    names = "$10^{-1}$", "$10^{-3}$", "$10^{-6}$", "$10^{-9}$", "none"
    fig, ax = plt.subplots(figsize=(4.5, 4))
    for i, style in enumerate(("-", "--", "-.", ":", "-")):
        ax.plot(losses[:, i], style, label=names[i])
        print(f"push {sizes[i]:5.0e}: {waits[i] if waits[i] >= 0 else 'never'}")
    ax.set(xlabel="updates", ylabel="loss $L$")
    fig.legend(title="push", loc="outside upper center", ncols=3)
    plt.show()

# %% [markdown] lang="zh"
# 没有扰动的永远不动，其余的都离开了。扰动每缩小到十分之一，公式说要多等
# $\ln 10 / \ln(1 + \eta \lvert \lambda \rvert)$ 次更新。换几个学习率、许多随机的方向
# 量一量（从 $10^{-2}$ 到 $10^{-12}$）：
# %% [markdown] lang="en"
# Without a push it never moves; all the others leave. For every factor of ten, says the
# formula, the wait grows by $\ln 10 / \ln(1 + \eta \lvert \lambda \rvert)$ updates.
# Measured for several learning rates and many random directions (from $10^{-2}$ to
# $10^{-12}$):

# %% name="waiting"
if __name__ == "__main__":
    ways = torch.nn.functional.normalize(draw(DRAWS, 2), dim=-1)
    per_decade = []  # formula, least, most
    print("updates for each factor of ten\n   η   formula  least   most")
    for eta in (0.01, 0.05, 0.1, 0.3):
        formula = math.log(10) / math.log(1 + 2 * eta)
        pushes = torch.stack([1e-2 * ways, 1e-12 * ways])  # (2, DRAWS, 2)
        losses = example_loss(descend(example_loss, pushes, eta, int(20 * formula)))
        more = updates_to_leave(losses).diff(dim=0) / 10  # for one factor of ten
        least, most = more.min().item(), more.max().item()
        per_decade.append([formula, least, most])
        print(f"{eta:5.2f} {formula:8.1f} {least:6.1f} {most:6.1f}")

# %% [markdown] lang="zh"
# 公式说准了。那么“反正有舍入误差，总会被推开”，对不对？两个起点都在 $w_2 = -w_1$ 上，只
# 是第二个的 $w_2$ 写成 $-0.1 \times 3$：
# %% [markdown] lang="en"
# The formula is right. “There is always some rounding to push us off”: is that right,
# too? Two starts on $w_2 = -w_1$, but in the second $w_2$ is computed as
# $-0.1 \times 3$:

# %% name="rounding"
if __name__ == "__main__":
    pair = torch.tensor([[0.3, -0.3], [0.3, -0.1 * 3]], dtype=torch.float64)
    rounded_ends = descend(example_loss, pair, ETA, 600)[-1].round(decimals=3) + 0
    for name, (w1, w2) in zip(("-0.3)", "-0.1 * 3)"), rounded_ends, strict=True):
        print(f"(0.3, {name:9} ends at ({w1:g}, {w2:g})")

# %% [markdown] lang="zh"
# 第一个起点的舍入误差左右对称，一直走到鞍点，就停在那里；第二个差了最后一位，终于滑了下
# 去。舍入有时会推一把，但靠不住。
#
# ## 全零的网络
#
# $k$ 个 tanh 神经元，$y = b_0 + \sum_i c_i \tanh(w_i x + b_i)$，所有参数从零开始。
# 训练以后，哪些参数动了？
# %% [markdown] lang="en"
# From the first start rounding is the same on both sides: it walks into the saddle and
# stays. The second is off by one last digit and slides down in the end. Rounding may
# push, but do not count on it.
#
# ## A network of zeros
#
# $k$ tanh neurons, $y = b_0 + \sum_i c_i \tanh(w_i x + b_i)$, and all parameters start
# at zero. After training, which of them have moved?


# %%
def network(theta: Tensor, x: Tensor) -> Tensor:
    """y = b₀ + Σᵢ cᵢ tanh(wᵢx + bᵢ) at every x (N,); θ = (w, b, c, b₀), (3k + 1,)."""
    w, b, c = theta[:-1].view(3, -1)
    a = torch.tanh(x[:, None] @ w[None] + b)  # (N, 1) @ (1, k) -> (N, k)
    return theta[-1] + (a @ c[:, None])[:, 0]  # (N,)


# %% name="zeros"
if __name__ == "__main__":
    x = torch.linspace(-2, 2, 20, dtype=torch.float64)
    y_hat = torch.sin(2 * x) + 0.1 * draw(20)

    def fit_loss(theta: Tensor) -> Tensor:
        return (network(theta, x) - y_hat).square().mean()

    zeros = torch.zeros(3 * NEURONS + 1, dtype=torch.float64)  # w, b, c, b₀
    stuck = descend(fit_loss, zeros, 0.1, 500)[-1]
    H = hessian(fit_loss, stuck)
    stuck_kind = classify(H)
    freed = descend(fit_loss, stuck + 0.1 * escape_direction(H), 0.1, 500)[-1]
    zero_losses = [fit_loss(theta).item() for theta in (stuck, freed)]
    others_moved = stuck[:-1].abs().max().item()
    print(f"w, b, c moved at most {others_moved:g}")
    print(f"b0 = {stuck[-1]:.4f}, mean of targets = {y_hat.mean():.4f}")
    print(f"{stuck_kind}: " + "L = {:.3f}, then {:.3f}".format(*zero_losses))

# %% [markdown] lang="zh"
# 只有输出层的偏置动了，停在答案的平均值，那里是鞍点；沿 $u$ 推一下，损失就降下去。
#
# ## 参数很多的时候
#
# $H$ 有 $P^2$ 个元素，写不下。不过求乘积 $Hv$ 不必写出 $H$：$v$ 固定不动，$g^{T} v$ 是
# 一个数，它的梯度就是 $Hv$。一遍遍地乘，绝对值最大的特征值就浮现出来；减去它再乘，得到
# 另一头的特征值，也就是最负的那一个。要乘多少遍？许多个随机的网络，误差的中位数：
# %% [markdown] lang="en"
# Only the output bias moved, to the mean of the targets, and there it stands on a
# saddle; after a push along $u$ the loss falls.
#
# ## Many parameters
#
# $H$ has $P^2$ entries, too many to write down. But the product $Hv$ can be computed
# without $H$: hold $v$ fixed, then $g^{T} v$ is one number, and its gradient is $Hv$.
# Multiply again and again, and the eigenvalue of the largest size emerges; subtract it,
# multiply again, and the one at the other end appears: the most negative one. How many
# rounds does it take? The median error over many random networks:


# %%
def hvp(loss: Loss, theta: Tensor, v: Tensor) -> Tensor:
    """Hv (P,) of the loss at θ (P,), without H: the gradient of g·v, v held fixed."""
    return torch.func.grad(lambda theta: gradient(loss, theta) @ v)(theta)


def power_iteration(
    multiply: Loss, v: Tensor, rounds: int, shift: Tensor | float = 0
) -> Tensor:
    """vᵀHv after many rounds of v ← (H − shift·I)v, length 1: the eigenvalue of H
    farthest from shift. ``multiply`` gives Hv; v (P,) is the start.
    """
    for _ in range(rounds):
        v = multiply(v) - shift * v
        v = v / v.norm()
    return v @ multiply(v)


# %% name="many_parameters"
if __name__ == "__main__":
    thetas, starts = draw(2, NETWORKS, 3 * WIDE + 1)  # P = 151
    exact = torch.linalg.eigvalsh(torch.vmap(partial(hessian, fit_loss))(thetas))

    def both_ends(theta: Tensor, v: Tensor, rounds: int) -> Tensor:
        multiply = partial(hvp, fit_loss, theta)
        largest = power_iteration(multiply, v, rounds)
        return torch.stack([largest, power_iteration(multiply, v, rounds, largest)])

    median_off = []
    print("rounds   largest   most negative")
    for rounds in (3, 10, 30, 100):
        found = torch.vmap(partial(both_ends, rounds=rounds))(thetas, starts)
        off_by = (found / exact[:, [-1, 0]] - 1).abs()  # (NETWORKS, 2)
        largest, most_negative = off_by.median(dim=0).values.tolist()
        median_off.append([largest, most_negative])
        print(f"{rounds:6} {largest:9.2%} {most_negative:15.2%}")

# %% [markdown] lang="zh"
# 最大的特征值很快就准了。最负的要慢得多：减去一个很大的数以后，它与旁边的特征值就相差无
# 几了。
# %% [markdown] lang="en"
# The largest eigenvalue is soon right. The most negative one takes much longer: with so
# large a number subtracted, it hardly differs from its neighbours.
