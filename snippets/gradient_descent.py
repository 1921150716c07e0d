# %% [markdown] lang="zh"
# # 梯度下降：一步一步走下山
#
# 训练就是找一组参数，让损失 $L$ 最小。闭着眼睛站在山坡上，只知道脚下的坡度：该往哪边
# 走？一步走多大？什么时候停？会不会停在一个小坑里？先只调一个参数，再调两个，再调许多
# 个。
# %% [markdown] lang="en"
# # Gradient descent: downhill, step by step
#
# To train a model is to look for the parameters that make the loss $L$ smallest. You
# stand on a slope with your eyes closed and feel only how steep it is. Which way? How
# long a step? When do you stop? Could you get stuck in a small hollow? We start with
# one parameter, then take two, then many.

# %%
"""Gradient descent: one parameter, two, many; learning rates, minima, batches."""

import math
from collections.abc import Callable
from functools import partial

import matplotlib.pyplot as plt
import torch
from torch import Tensor

torch.set_num_threads(1)  # the same sums, the same last digits, on every machine

# %% name="parameters"
SEED = 0  # where every random number below starts from
POINTS = 200  # examples of the line
EXAMPLES = 1000  # examples that are split into batches
SETS = 5  # data sets, and as many orders of the batches for each
UPDATES = 600  # how long batch sizes are compared
YEARS = 20  # made-up pairs of years of daily views

# %% [markdown] lang="zh"
# ## 数据
#
# 沿着直线 $\hat{y} = 1 + 2x$ 撒一些点，再加上噪声。模型 $y = b + wx$ 要从这些点里找出
# $b$ 和 $w$。
# %% [markdown] lang="en"
# ## The data
#
# Points scattered along the line $\hat{y} = 1 + 2x$, with noise. The model $y = b + wx$
# has to find $b$ and $w$ from the points alone.


# %%
def line_data(n: int, seed: int) -> tuple[Tensor, Tensor]:
    """Return n noisy points of ŷ = 1 + 2x, x between −1 and 1: x and ŷ, (n,) each."""
    generator = torch.Generator().manual_seed(seed)
    x = 2 * torch.rand(n, generator=generator) - 1
    return x, 1 + 2 * x + 0.3 * torch.randn(n, generator=generator)


# %% name="points"
if __name__ == "__main__":
    x, y_hat = line_data(POINTS, SEED)
    for n in range(3):
        print(f"x = {x[n]:5.2f}   ŷ = {y_hat[n]:5.2f}")

# %% [markdown] lang="zh"
# ## 损失：误差的平方，还是绝对值？
#
# 误差是预测减去答案，$e^n = b + w x^n - \hat{y}^n$。均方误差（MSE）取平方再平均，平均绝
# 对误差（MAE）取绝对值再平均。有一个答案抄错了的时候，哪一个更沉得住气？
# %% [markdown] lang="en"
# ## The loss: squares or absolute values?
#
# An error is prediction minus answer, $e^n = b + w x^n - \hat{y}^n$. The mean squared
# error (MSE) averages the squares, the mean absolute error (MAE) the absolute values.
# Which of them keeps calm when one answer was copied wrongly?


# %%
def mse(error: Tensor) -> Tensor:
    """Mean squared error: (…, N) errors give (…) losses."""
    return (error**2).mean(dim=-1)


def mae(error: Tensor) -> Tensor:
    """Mean absolute error: (…, N) errors give (…) losses."""
    return error.abs().mean(dim=-1)


# %% name="two_losses"
if __name__ == "__main__":
    lines = [(0.0, 0.0), (1.0, 1.0), (1.0, 2.0)]
    mse_of_line = [mse(b0 + w0 * x - y_hat).item() for b0, w0 in lines]
    mae_of_line = [mae(b0 + w0 * x - y_hat).item() for b0, w0 in lines]
    print("                 MSE    MAE")
    for line, square, absolute in zip(lines, mse_of_line, mae_of_line, strict=True):
        print(f"b = {line[0]:g}, w = {line[1]:g}   {square:.3f}  {absolute:.3f}")

# %% name="outlier"
if __name__ == "__main__":
    spoilt = y_hat.clone()
    spoilt[x.argmax()] += 30  # one answer, copied wrongly
    candidates = torch.linspace(0, 4, 401)  # values of w to try, with b = 1
    best_mse, best_mae = [], []
    for answers, name in (y_hat, "as drawn"), (spoilt, "one answer wrong"):
        error = 1 + candidates[:, None] * x - answers  # (401, N)
        best_mse.append(candidates[mse(error).argmin()].item())
        best_mae.append(candidates[mae(error).argmin()].item())
        print(f"{name:16}  w by MSE {best_mse[-1]:.2f}, by MAE {best_mae[-1]:.2f}")

# %% [markdown] lang="zh"
# 一个大误差平方以后大得多，所以 MSE 被它拉走；MAE 几乎不动。不过平方处处可导，绝对值在
# $e = 0$ 处有个尖角；下面用 MSE。
#
# ## 一个参数：斜率的符号说往哪边走
#
# 先把 $b = 1$ 固定，只剩 $w$。损失 $L(w)$ 是一条抛物线，它的导数是
# $\frac{\mathrm{d}L}{\mathrm{d}w} = \frac{2}{N}\sum_n (b + w x^n - \hat{y}^n)\, x^n$，
# 也就是切线的斜率。站在谷底左边和右边，斜率的符号各是什么？
# %% [markdown] lang="en"
# One large error becomes huge when squared, so it drags MSE along; MAE hardly moves.
# But a square has a derivative everywhere, an absolute value has a corner at $e = 0$.
# From here on we use MSE.
#
# ## One parameter: the sign of the slope says which way
#
# Hold $b = 1$ fixed, so that only $w$ is left. The loss $L(w)$ is a parabola, and its
# derivative is
# $\frac{\mathrm{d}L}{\mathrm{d}w} = \frac{2}{N}\sum_n (b + w x^n - \hat{y}^n)\, x^n$,
# the slope of the tangent. What is its sign to the left of the bottom, and to the
# right?


# %%
def slope(w: Tensor, x: Tensor, y_hat: Tensor, b: float = 1.0) -> Tensor:
    """dL/dw with b held fixed: one number, for x and ŷ (N,)."""
    error = b + w * x - y_hat
    return 2 * (error * x).mean()


# %% name="tangent"
if __name__ == "__main__":
    fig, ax = plt.subplots()
    ws = torch.linspace(-0.6, 4.6, 101)
    ax.plot(ws, mse(1 + ws[:, None] * x - y_hat), color="C5")
    for at, marker in zip(torch.tensor([0.5, 4.0]), "os", strict=True):
        L, rise = mse(1 + at * x - y_hat), slope(at, x, y_hat)
        way = "right" if rise < 0 else "left"
        print(f"w = {at:.1f}: slope {rise:5.2f}, so step to the {way}")
        near = at + torch.tensor([-0.6, 0.6])  # the tangent, a little to either side
        (tangent_line,) = ax.plot(near, L + rise * (near - at))
        ax.plot(at, L, marker, color=tangent_line.get_color(), markersize=9)
        ax.annotate(f"slope {rise:.2f}", (at - rise.sign(), L), ha="center")
    ax.set(xlabel="$w$", ylabel="loss $L$")
    plt.show()

# %% [markdown] lang="zh"
# 左边斜率为负，该往右走；右边斜率为正，该往左走。总之走向
# $-\frac{\mathrm{d}L}{\mathrm{d}w}$。
#
# ## 一步、又一步，到什么时候停
#
# 每次更新走 $-\eta\,\frac{\mathrm{d}L}{\mathrm{d}w}$，$\eta$ 是学习率。斜率几乎为零就
# 停。要走几步？
# %% [markdown] lang="en"
# On the left the slope is negative: go right. On the right it is positive: go left.
# Either way, go along $-\frac{\mathrm{d}L}{\mathrm{d}w}$.
#
# ## A step, another step, and when to stop
#
# Each update moves $w$ by $-\eta\,\frac{\mathrm{d}L}{\mathrm{d}w}$, where $\eta$ is the
# learning rate. Stop when the slope is almost zero. How many steps does that take?


# %%
def descend(
    grad: Callable[[Tensor], Tensor],
    theta: Tensor,
    eta: float,
    updates: int,
    stop: float = 0.0,
) -> Tensor:
    """Return the path θ⁰, θ¹, …: (steps + 1, …) for a start of any shape (…).

    It ends after `updates` steps, or as soon as ‖∇L‖ < stop.
    """
    path = [theta]
    while len(path) <= updates and (g := grad(path[-1])).norm() >= stop:
        path.append(path[-1] - eta * g)
    return torch.stack(path)


# %% name="steps"
if __name__ == "__main__":
    slope_at = partial(slope, x=x, y_hat=y_hat)
    way_down = descend(slope_at, torch.tensor(0.0), eta=1.0, updates=100, stop=0.01)
    for t, w_t in enumerate(way_down):
        print(f"t = {t}   w = {w_t:.3f}   slope {slope_at(w_t):6.3f}")

# %% [markdown] lang="zh"
# 学习率没有变，步子却越来越小：越靠近谷底，斜率越小。
#
# ## 两个参数：误差曲面
#
# 放开 $b$，损失 $L(b, w)$ 就成了一片山谷。对每个参数求一次偏导数，另一个当作常数：
#
# $$
# \frac{\partial L}{\partial b} = \frac{2}{N}\sum_n e^n, \qquad
# \frac{\partial L}{\partial w} = \frac{2}{N}\sum_n e^n x^n
# $$
# %% [markdown] lang="en"
# The learning rate never changed, and still the steps get shorter: the nearer the
# bottom, the smaller the slope.
#
# ## Two parameters: the error surface
#
# Let $b$ go as well, and the loss $L(b, w)$ becomes a valley. Take one partial
# derivative for each parameter, with the other held constant:
#
# $$
# \frac{\partial L}{\partial b} = \frac{2}{N}\sum_n e^n, \qquad
# \frac{\partial L}{\partial w} = \frac{2}{N}\sum_n e^n x^n
# $$


# %%
def gradient(b: Tensor, w: Tensor, x: Tensor, y_hat: Tensor) -> tuple[Tensor, Tensor]:
    """∂L/∂b and ∂L/∂w: two numbers, for x and ŷ (N,)."""
    error = b + w * x - y_hat
    return 2 * error.mean(), 2 * (error * x).mean()


# %% name="descent"
if __name__ == "__main__":
    b = w = torch.tensor(0.0)
    visited = [(0.0, 0.0)]  # (w, b)
    for _ in range(40):
        db, dw = gradient(b, w, x, y_hat)  # both at the old b and w
        b = b - 0.3 * db
        w = w - 0.3 * dw
        visited.append((w.item(), b.item()))
    first_loss, last_loss = mse(0 * x - y_hat), mse(b + w * x - y_hat)
    print(f"b = {b:.3f}, w = {w:.3f}: loss {first_loss:.3f} -> {last_loss:.3f}")

# %% [markdown] lang="zh"
# 两个偏导数都在旧的 $b$ 和 $w$ 处算好，再一起更新。画成等高线看看它走的路：
# %% [markdown] lang="en"
# Both derivatives are taken at the old $b$ and $w$; then both parameters move. Here is
# the way it went, on a map of contour lines:

# %% name="surface"
if __name__ == "__main__":
    w_axis, b_axis = torch.linspace(-0.6, 4, 80), torch.linspace(-0.6, 2.4, 60)
    grid_b, grid_w = torch.meshgrid(b_axis, w_axis, indexing="ij")
    surface_loss = mse(grid_b[..., None] + grid_w[..., None] * x - y_hat)  # (60, 80)
    levels = [0.15, 0.3, 0.6, 1, 1.6, 2.4, 3.4]
    fig, ax = plt.subplots()
    contours = ax.contour(w_axis, b_axis, surface_loss, levels, colors="C5")
    ax.clabel(contours, levels[2:5], fontsize=11)
    ax.plot(*zip(*visited, strict=True), "o-", color="C1", markersize=4)
    ax.set(xlabel="$w$", ylabel="$b$", aspect="equal")  # right angles look right
    plt.show()

# %% [markdown] lang="zh"
# 每一步都垂直于脚下的等高线。
#
# ## 许多参数：排成一个向量
#
# 把所有参数排成 $\theta = (b, w_1, w_2, \dots)$，给每个样本的特征前面添一个 $1$，预测就
# 是 $X\theta$。梯度 $\nabla L$ 是所有偏导数排成的向量；更新写成一行：
# $\theta \leftarrow \theta - \eta\,\nabla L(\theta)$。三种算法的结果一样吗？
# %% [markdown] lang="en"
# Every step is at right angles to the contour line under it.
#
# ## Many parameters: one vector
#
# Put all parameters into $\theta = (b, w_1, w_2, \dots)$ and a $1$ before the features
# of every example; then the predictions are $X\theta$. The gradient $\nabla L$ is the
# vector of all partial derivatives, and an update is one line:
# $\theta \leftarrow \theta - \eta\,\nabla L(\theta)$. Do three ways of computing it
# agree?


# %%
def predict(theta: Tensor, X: Tensor) -> Tensor:
    """y = Xθ, (…, N), for X (…, N, d) and θ (…, d)."""
    return (X @ theta[..., None]).squeeze(-1)


def nabla(theta: Tensor, X: Tensor, y_hat: Tensor) -> Tensor:
    """∇L(θ) of the mean squared error, (…, d), for X (…, N, d) and ŷ (…, N)."""
    error = predict(theta, X) - y_hat
    return 2 * (X.mT @ error[..., None]).squeeze(-1) / X.shape[-2]


# %% name="three_ways"
if __name__ == "__main__":
    X = torch.stack([torch.ones_like(x), x], dim=1)  # (N, 2)
    theta = torch.zeros(2)
    by_autograd = torch.func.grad(lambda t: mse(predict(t, X) - y_hat))(theta)
    print("two formulas", torch.stack(gradient(theta[0], theta[1], x, y_hat)))
    print("one vector  ", nabla(theta, X, y_hat))
    print("autograd    ", by_autograd)

# %% [markdown] lang="zh"
# ## 学习率定多大？
#
# 回到一个参数。抛物线的弯曲程度处处一样，
# $\lambda = \frac{\mathrm{d}^2 L}{\mathrm{d}w^2}$。设谷底在 $w^*$，斜率就是
# $\lambda\,(w - w^*)$，所以每次更新都把到谷底的距离乘以同一个数：
#
# $$
# w^{t+1} - w^* = (1 - \eta\lambda)\,(w^t - w^*)
# $$
#
# $\eta\lambda$ 多大，走得最快？多大，就走不到谷底了？
# %% [markdown] lang="en"
# ## How large a learning rate?
#
# Back to one parameter. A parabola is curved equally everywhere,
# $\lambda = \frac{\mathrm{d}^2 L}{\mathrm{d}w^2}$. With its bottom at $w^*$ the slope
# is $\lambda\,(w - w^*)$, so every update multiplies the distance from the bottom by
# the same number:
#
# $$
# w^{t+1} - w^* = (1 - \eta\lambda)\,(w^t - w^*)
# $$
#
# Which $\eta\lambda$ is fastest? And beyond which does $w$ never get there?

# %% name="learning_rates"
if __name__ == "__main__":
    curvature = 2 * (x**2).mean().item()  # λ
    bottom = ((y_hat - 1) * x).mean() / (x**2).mean()  # w*, where the slope is 0
    fig, ax = plt.subplots()
    for times, style in (0.05, "--"), (0.4, "-"), (1.9, "-."), (2.1, ":"):
        ws = descend(slope_at, torch.tensor(0.0), times / curvature, updates=20)
        ax.plot((ws - bottom).abs(), style, label=rf"$\eta\lambda = {times}$")
    ax.set(xlabel="updates", ylabel="distance from the bottom", yscale="log")
    ax.yaxis.set_major_formatter("{x:g}")
    ax.legend()
    plt.show()

# %% name="limit"
if __name__ == "__main__":
    rate_limit = 2 / curvature
    print(f"λ = {curvature:.4f}, 2/λ = {rate_limit:.4f}; after 500 updates:")
    ends = []
    for share in (0.99, 1.01):
        ws = descend(slope_at, torch.tensor(0.0), share * rate_limit, updates=500)
        ends.append((ws[-1] - bottom).abs().item())
        print(f"η = {share} · 2/λ: {ends[-1]:.1e} from the bottom")

# %% [markdown] lang="zh"
# 乘数 $1 - \eta\lambda$ 在 $-1$ 和 $1$ 之间就收敛，也就是 $\eta < 2/\lambda$；
# $\eta\lambda$ 大于 $1$ 时每步都跨到谷底的另一边。
#
# ## 局部最小值
#
# 抛物线只有一个谷。如果有两个呢？$L(w) = \tfrac14 w^4 - w^2 + 0.3\,w$ 有两个，左边的更
# 深。从七个地方出发，各走到哪里？
# %% [markdown] lang="en"
# It converges as long as the factor $1 - \eta\lambda$ lies between $-1$ and $1$, that
# is for $\eta < 2/\lambda$; with $\eta\lambda$ above $1$ every step crosses over to the
# other side of the bottom.
#
# ## Local minima
#
# A parabola has one valley. What if there are two? $L(w) = \tfrac14 w^4 - w^2 + 0.3\,w$
# has two, and the left one is deeper. Where does the descent end from each of seven
# starts?


# %%
def valleys(w: Tensor) -> Tensor:
    """L(w) = w⁴/4 − w² + 0.3 w: two valleys, the left one deeper."""
    return w**4 / 4 - w**2 + 0.3 * w


def valleys_slope(w: Tensor) -> Tensor:
    """dL/dw = w³ − 2w + 0.3."""
    return w**3 - 2 * w + 0.3


# %% name="two_valleys"
if __name__ == "__main__":
    starts = torch.linspace(-1.8, 1.8, 7)
    paths = descend(valleys_slope, starts, eta=0.05, updates=200)  # (201, 7)
    end_losses = valleys(paths[-1])
    for start, end, height in zip(starts, paths[-1], end_losses, strict=True):
        print(f"from w = {start:4.1f} to w = {end:6.3f}, loss {height:6.3f}")
    fig, ax = plt.subplots()
    ws = torch.linspace(-2.1, 2.0, 200)
    ax.plot(ws, valleys(ws), color="C5")
    for i, marker, name in (2, "o", "global minimum"), (4, "s", "local minimum"):
        path, end = paths[::4, i], paths[-1, i]
        (dots,) = ax.plot(path, valleys(path), marker, markersize=5)
        ax.plot(end, valleys(end), marker, color=dots.get_color(), markersize=11)
        ax.annotate(name, (end, valleys(end) - 0.2), ha="center", va="top")
    ax.set(xlabel="$w$", ylabel="loss $L$", xlim=(-2.8, 2.4), ylim=(-2.1, 0.9))
    plt.show()

# %% [markdown] lang="zh"
# 从山脊左边出发的都到左边的谷，从右边出发的都停在右边的谷：梯度下降不知道别处还有更低的
# 地方。
#
# ## 训练之后，看数据
#
# 课上预测的是频道每天的观看人数。看看数据：七天一个循环。那么该让模型看前几天？这里的数
# 据是造出来的：两年，一年用来训练，另一年是新的。为了不让结果取决于走了多少步，线性模型
# 的谷底用最小二乘直接算出来（`torch.linalg.lstsq`）。
# %% [markdown] lang="en"
# Every start to the left of the ridge ends in the left valley, every start to the right
# of it in the right one: gradient descent cannot know that it is lower elsewhere.
#
# ## After training, look at the data
#
# The lecture predicts a channel's daily views. Look at the data, and they repeat every
# seven days. So how many days should the model see? The data here are made up: one year
# to train on, and one that is new. So that nothing depends on the number of steps, the
# bottom of the valley is computed directly, by least squares (`torch.linalg.lstsq`).


# %%
def daily_views(days: int, seed: int) -> Tensor:
    """Made-up daily views (thousands), (days,): lower on two days of the week."""
    generator = torch.Generator().manual_seed(seed)
    week = torch.tensor([5.2, 5.5, 5.4, 5.1, 4.6, 2.9, 2.6])
    noise = 0.3 * torch.randn(days, generator=generator)
    return week.repeat(days // 7 + 1)[:days] + noise


def past(views: Tensor, days: int, skip: int) -> tuple[Tensor, Tensor]:
    """Return X (N, 1 + days): 1 and the `days` days before; and ŷ (N,): the day itself.

    The first `skip` days, skip ≥ days, are not predicted.
    """
    windows = views[skip - days :].unfold(0, days, 1)[:-1].flip(1)
    return torch.cat([torch.ones(len(windows), 1), windows], 1), views[skip:]


def errors(year: Tensor, new_year: Tensor, days: int) -> Tensor:
    """Least squares on one year: root mean squared errors on it and on the other, (2,).

    All models predict the same days, from the 29th on.
    """
    old, new = (past(views, days, skip=28) for views in (year, new_year))
    theta = torch.linalg.lstsq(*old).solution
    losses = [mse(predict(theta, X) - y_hat) for X, y_hat in (old, new)]
    return torch.stack(losses).sqrt()


# %% name="weeks"
if __name__ == "__main__":
    days = [1, 3, 7, 14, 21, 28]
    years = [daily_views(2 * 365, SEED + i).split(365) for i in range(YEARS)]
    of_year = [torch.stack([errors(y[0], y[1], d) for d in days]) for y in years]
    found = torch.stack(of_year)  # (YEARS, days, 2)
    (seen, fresh), (spread_seen, spread_fresh) = found.mean(0).T, found.std(0).T
    print("mean error ± standard deviation")
    print("days  training year   new year")
    for i, d in enumerate(days):
        print(f"{d:4}  {seen[i]:.3f} ± {spread_seen[i]:.3f}", end="   ")
        print(f"{fresh[i]:.3f} ± {spread_fresh[i]:.3f}")
    fig, (top, below) = plt.subplots(2, figsize=(4.5, 5))
    top.plot(range(1, 29), years[0][0][:28], "o-", markersize=4)
    top.set(xlabel="day", ylabel="views (thousands)", xticks=range(7, 29, 7))
    names = [str(d) for d in days]
    below.plot(names, seen, "o-", label="training year")
    below.plot(names, fresh, "s--", label="new year")
    below.set(xlabel="days the model sees", ylabel="error", ylim=(0, None))
    below.legend()
    plt.show()

# %% [markdown] lang="zh"
# 看到第七天，两条线一起陡降。再往后，模型越来越大，训练误差只会降，新的一年却降得少，差
# 距越拉越大。
#
# ## 批次、更新、轮次
#
# 把 $N$ 个样本随机分成每组 $B$ 个，一组叫一个批次；看一个批次，更新一次；把所有批次都看
# 过一遍，叫一个 epoch。一个 epoch 更新几次？
# %% [markdown] lang="en"
# At the seventh day both lines drop sharply. After that the models keep growing: the
# training error can only fall, the new year's falls less, and the gap opens.
#
# ## Batch, update, epoch
#
# Split the $N$ examples at random into groups of $B$; a group is a batch. One batch,
# one update; all batches seen once, one epoch. How many updates does an epoch have?


# %%
def batches(
    n: int, size: int, generator: torch.Generator, drop_last: bool = False
) -> list[Tensor]:
    """Shuffle the indices 0 … n − 1 and split them into batches of `size`."""
    parts = list(torch.randperm(n, generator=generator).split(size))
    return parts[:-1] if drop_last and n % size else parts


def updates_per_epoch(n: int, size: int, drop_last: bool = False) -> int:
    """⌈n / size⌉, or ⌊n / size⌋ when an incomplete last batch is dropped."""
    return n // size if drop_last else math.ceil(n / size)


# %% name="count"
if __name__ == "__main__":
    counts = [updates_per_epoch(n, 10) for n in (1000, 1005)]
    dropped = updates_per_epoch(1005, 10, drop_last=True)
    print(f"1000 examples: {counts[0]} updates; 1005: {counts[1]}, or {dropped}")

# %% [markdown] lang="zh"
# ## 小批次，还是整批？
#
# 同一个模型、同样的数据，都从 $\theta = 0$ 出发：每批 10 个，或者 1000 个一批。要公平，
# 两边就各自从同一张表里挑学习率：哪个学习率最先让损失（五组数据、每组五种打乱顺序的平
# 均）比最小值高出不到 2%，并且不再回去？挑好以后，换新的数据比较。
# %% [markdown] lang="en"
# ## Small batches, or all at once?
#
# One model, the same data, both from $\theta = 0$: batches of 10, or all 1000 in one.
# To be fair, both choose their learning rate from the same table: which rate is the
# first to bring the loss (averaged over five data sets, five orders each) to within 2%
# of its minimum, and keep it there? Then they are compared on new data.


# %%
def many_lines(seed: int) -> tuple[Tensor, Tensor]:
    """Return SETS sets of line data, 1 before each x: X (SETS, N, 2), ŷ (SETS, N)."""
    sets = [line_data(EXAMPLES, seed + i) for i in range(SETS)]
    x, y_hat = (torch.stack(part) for part in zip(*sets, strict=True))
    return torch.stack([torch.ones_like(x), x], dim=-1), y_hat


def train(
    X: Tensor, y_hat: Tensor, size: int, etas: Tensor, updates: int, seed: int
) -> Tensor:
    """Stochastic gradient descent from θ = 0, on each data set and with each rate.

    X (sets, N, d), ŷ (sets, N), etas (rates,); returns θ at the start and after every
    update: (updates + 1, rates, sets, d).
    """
    shuffler = torch.Generator().manual_seed(seed)
    theta = X.new_zeros(len(etas), len(X), X.shape[-1])
    path = [theta]
    while len(path) <= updates:
        for batch in batches(X.shape[1], size, shuffler):
            step = nabla(theta, X[:, batch], y_hat[:, batch])
            theta = theta - etas[:, None, None] * step
            path.append(theta)
    return torch.stack(path[: updates + 1])


# %%
def excess(theta: Tensor, X: Tensor, y_hat: Tensor) -> Tensor:
    """How far the loss is above its minimum, as a share of the minimum: (…, sets)."""
    best = torch.linalg.lstsq(X, y_hat[..., None]).solution.squeeze(-1)
    loss, least = (mse(predict(t, X) - y_hat) for t in (theta, best))
    return (loss / least - 1).clamp(min=0)  # below the minimum is only rounding


def runs(size: int, etas: Tensor, seed: int) -> Tensor:
    """Excess loss after each update, in all runs: (UPDATES + 1, rates, SETS · SETS)."""
    X, y_hat = many_lines(seed)
    orders = range(seed, seed + SETS)
    paths = [train(X, y_hat, size, etas, UPDATES, order) for order in orders]
    return torch.cat([excess(path, X, y_hat) for path in paths], dim=-1)


def updates_needed(curve: Tensor) -> int:
    """First update at which a curve (UPDATES + 1,) is below 2% and stays there.

    To stay is to be below 2% on average over 100 updates. UPDATES + 1 means never.
    """
    stays = curve.unfold(0, 100, 1).mean(-1) < 0.02  # (UPDATES − 98,)
    found = (stays & (curve[: len(stays)] < 0.02)).nonzero()
    return int(found[0]) if len(found) else UPDATES + 1


# %% name="tuning"
if __name__ == "__main__":
    etas = 0.0125 * 2.0 ** torch.arange(7)  # 0.0125, 0.025, …, 0.8
    small, whole = (runs(size, etas, SEED).mean(-1) for size in (10, EXAMPLES))
    needed_small = [updates_needed(curve) for curve in small.T]
    needed_whole = [updates_needed(curve) for curve in whole.T]
    floor_small, floor_whole = small[-100:].mean(0), whole[-100:].mean(0)
    print("        updates until     above the minimum,")
    print("        below 2%          last 100 updates")
    print("rate    B = 10  B = 1000     B = 10   B = 1000")
    for i, eta in enumerate(etas):
        cells = (
            n if n <= UPDATES else "never" for n in (needed_small[i], needed_whole[i])
        )
        print(f"{eta:.4f}", *(f"{cell:>8}" for cell in cells), end="      ")
        print(f"{floor_small[i]:7.2%}   {floor_whole[i]:8.2%}")
    eta_small = etas[needed_small.index(min(needed_small))].item()
    eta_whole = etas[needed_whole.index(min(needed_whole))].item()

# %% [markdown] lang="zh"
# 学习率小的时候，两边需要的更新次数差不多，可是整批的一次更新要看 100 倍的样本。学习率
# 大了以后，小批次的损失降到某个高度就不再降：每个批次的梯度都带着噪声。整批没有这种噪
# 声，可以用更大的学习率。各用挑好的学习率，换新的数据：
# %% [markdown] lang="en"
# With the same small rate both need about the same number of updates, but an update of
# the whole batch looks at 100 times as many examples. With a larger rate the loss of
# the small batches stops falling at some height: each batch's gradient is noisy. The
# whole batch has no such noise and can use a larger rate. Now, with the chosen rates,
# on new data:

# %% name="batch_sizes"
if __name__ == "__main__":
    fig, (above, below) = plt.subplots(2, figsize=(4.5, 6))
    done = torch.arange(UPDATES + 1)
    reached, looked_at, floor_of_runs = [], [], []
    for size, eta, style in (10, eta_small, "-"), (EXAMPLES, eta_whole, "--"):
        curves = 100 * runs(size, torch.tensor([eta]), SEED + SETS)[:, 0]
        low, high = curves.quantile(torch.tensor([0.1, 0.9]), dim=-1)
        for ax, cost in (above, done), (below, done * size):
            ax.plot(cost[1:], curves.mean(-1)[1:], style, label=f"$B = {size}$")
            ax.fill_between(cost[1:], low[1:], high[1:], alpha=0.25)
        reached.append(updates_needed(curves.mean(-1) / 100))
        looked_at.append(reached[-1] * size)
        floor_of_runs.append(curves[-100:].mean(0).tolist())
        print(f"B = {size}, rate {eta:.2f}, 25 runs:")
        print(f"   below 2% after {reached[-1]} updates, {looked_at[-1]} examples")
        floor = floor_of_runs[-1]
        print(f"   last 100 updates: {min(floor):.2f}% to {max(floor):.2f}%")
    for ax, name in (above, "updates"), (below, "examples looked at"):
        ax.set(xlabel=name, ylabel="% above the minimum")
        ax.set(xscale="log", yscale="log", ylim=(0.1, 5000))
        ax.xaxis.set_major_formatter("{x:g}")
        ax.yaxis.set_major_formatter("{x:g}")
    below.set_xlim(5, 50_000)
    above.legend()
    plt.show()

# %% [markdown] lang="zh"
# 数更新次数，整批快；数看过的样本，小批次快得多。学习率不变时，小批次最后停在一个高度上
# 来回抖动，整批一直走到谷底。
# %% [markdown] lang="en"
# Counted in updates, the whole batch is faster; counted in examples looked at, small
# batches are, by far. With a rate that stays the same they end up jittering at some
# height, while the whole batch goes all the way down.
