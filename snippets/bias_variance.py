# %% [markdown] lang="zh"
# # 复杂程度：偏差、方差与双下降
#
# 模型越复杂，训练误差越小。测试误差呢？它由三部分组成：偏差、方差和噪声。这里用多项式把
# 它们一一测出来，再让参数比样本还多，看看会怎样。
# %% [markdown] lang="en"
# # Complexity: bias, variance and double descent
#
# The more complex the model, the smaller the training error. And the test error? It has
# three parts: bias, variance and noise. Here they are measured, with polynomials; and
# then we take more parameters than there are examples.

# %%
"""What the test error is made of, and what becomes of it with ever more parameters."""

from typing import NamedTuple

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits
from torch import Generator, Tensor
from torch.nn.functional import one_hot

torch.set_num_threads(1)  # the same sums, the same last digits, on every machine

# %% name="parameters"
SEED = 0  # where every random number below starts from
NOISE = 0.3  # standard deviation of the noise on the curve
POINTS = 20  # points of the curve
DRAWS = 1000  # data sets drawn from it
DEGREES = list(range(13))
EXAMPLES = 100  # digits to fit
TEST = 597  # digits to test with
RUNS = 8  # draws of the digits, each with its own features
FEATURES = [10, 20, 40, 60, 80, 90, 100, 110, 120, 150, 200, 400, 1000, 2000]

# %% [markdown] lang="zh"
# ## 偏差、方差和噪声
#
# 用多项式拟合 $\sin 3x$ 上带噪声的点，次数一级一级往上加。$x$ 不动，噪声重抽许多遍，每
# 遍拟合一次。所有这些拟合的平均离真正的曲线有多远，是偏差；各次拟合离这个平均有多远，是
# 方差。
# %% [markdown] lang="en"
# ## Bias, variance and noise
#
# Fit polynomials to noisy points on $\sin 3x$, degree by degree. The $x$ stay where
# they are, the noise is drawn many times, and each draw is fitted. How far the mean of
# all these fits is from the true curve is the bias; how far the fits are from their
# mean is the variance.


# %%
def curve(x: Tensor) -> Tensor:
    """f(x) = sin 3x, an odd function."""
    return torch.sin(3 * x)


def draw(x: Tensor, draws: int, generator: Generator) -> Tensor:
    """Noisy values of the curve at x (N,), drawn `draws` times: (draws, N)."""
    noise = torch.randn(draws, len(x), generator=generator, dtype=x.dtype)
    return curve(x) + NOISE * noise


def basis(x: Tensor, degree: int) -> Tensor:
    """Chebyshev polynomials T₀ … T_degree, Tₖ(x) = cos(k arccos x): (N, degree + 1)."""
    return torch.cos(torch.arange(degree + 1) * torch.arccos(x)[:, None])


def fits(x: Tensor, y: Tensor, new: Tensor, degree: int) -> Tensor:
    """Least-squares polynomials of y (draws, N), evaluated at new (n,): (draws, n)."""
    w = torch.linalg.pinv(basis(x, degree)) @ y.T  # (degree + 1, draws)
    return (basis(new, degree) @ w).T


# %%
class Parts(NamedTuple):
    """Mean squared errors over all draws, and what the one on test data is made of."""

    training: float
    test: float
    bias: float  # squared
    variance: float


def decompose(x: Tensor, y: Tensor, new: Tensor, fresh: Tensor, degree: int) -> Parts:
    """The parts for fits to y (draws, N) at x, tested on fresh (draws, n) at new."""
    outputs = fits(x, y, new, degree)
    mean = outputs.mean(0)
    training = (fits(x, y, x, degree) - y).square().mean()
    test = (outputs - fresh).square().mean()
    bias = (mean - curve(new)).square().mean()
    variance = (outputs - mean).square().mean()
    return Parts(*(part.item() for part in (training, test, bias, variance)))


# %% name="complexity"
if __name__ == "__main__":
    generator = Generator().manual_seed(SEED)
    x = torch.linspace(-1, 1, POINTS, dtype=torch.float64)
    new = torch.linspace(-1, 1, 201, dtype=torch.float64)
    y, fresh = draw(x, DRAWS, generator), draw(new, DRAWS, generator)
    parts = [decompose(x, y, new, fresh, degree) for degree in DEGREES]
    training_error, test_error, bias, variance = map(list, zip(*parts, strict=True))
    best_degree = test_error.index(min(test_error))
    print("degree  bias²  variance  sum + s²  test")
    for k in (0, 1, 2, 3, 5, 8, 12):
        total = bias[k] + variance[k] + NOISE**2
        print(f"{k:6} {bias[k]:6.3f}  {variance[k]:8.3f}", end="  ")
        print(f"{total:8.3f} {test_error[k]:5.3f}")
    fig, (above, below) = plt.subplots(2, 1, figsize=(4.5, 6.5), sharex=True)
    above.plot(training_error, "s--", label="training")
    above.plot(test_error, "o-", label="test")
    circle = {"ms": 14, "mfc": "none", "mew": 2.5, "color": "C2"}
    above.plot(best_degree, test_error[best_degree], "o", **circle)
    above.set(ylabel="mean squared error")
    above.legend()
    below.plot(bias, "v-", color="C3", label="bias²")
    below.plot(variance, "^-", color="C4", label="variance")
    below.axhline(NOISE**2, color="C5", ls=":", label="noise")
    below.set(xlabel="degree", ylabel="part of the test error")
    below.legend()
    plt.show()

# %% name="polynomials"
if __name__ == "__main__":
    fig, axes = plt.subplots(3, 1, sharex=True, sharey=True, figsize=(4.5, 6))
    for ax, degree in zip(axes, (1, best_degree, DEGREES[-1]), strict=True):
        ax.plot(new[::4], fits(x, y[:12], new[::4], degree).T, color="C0", lw=1)
        ax.plot(new[::4], curve(new[::4]), "--", color="C1", lw=3)
        ax.set(ylabel="$y$", ylim=(-2, 2), title=f"degree {degree}")
    axes[-1].set_xlabel("$x$")
    plt.show()

# %% [markdown] lang="zh"
# 次数越高，训练误差越小；偏差越来越小，方差越来越大，加上噪声正好是测试误差。二次不比一
# 次好，因为 $\sin 3x$ 是奇函数：$x^2$ 这一项减不了偏差，只添方差。
#
# ## 参数再多下去？
#
# 参数比样本多的时候，训练误差是零的解有无穷多个。取其中参数最小的一个。数据是手写数字，
# 特征是随机的：$P$ 个随机方向上的 ReLU，只有后面的 $P$ 个权重用最小二乘来求。
# %% [markdown] lang="en"
# The higher the degree, the smaller the training error. The bias shrinks, the variance
# grows, and with the noise they add up to the test error. Degree 2 is no better than
# degree 1, since $\sin 3x$ is odd: a term in $x^2$ cannot lower the bias and only adds
# variance.
#
# ## And with still more parameters?
#
# With more parameters than examples, infinitely many solutions have a training error of
# zero. Take the one with the smallest parameters. The data are handwritten digits. The
# features are random, ReLUs of $P$ random directions; only the $P$ weights behind them
# come from least squares.


# %%
def load(generator: Generator) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Centred digits (runs, N, 64), their targets (runs, N, 10), and those to test."""
    images, labels = load_digits(return_X_y=True)
    X, y = torch.tensor(images) / 16, one_hot(torch.tensor(labels), 10).double()
    order = torch.randperm(len(y), generator=generator)
    test, rest = order[:TEST], order[TEST:]
    draws = [torch.randperm(len(rest), generator=generator) for _ in range(RUNS)]
    rows = rest[torch.stack(draws)[:, :EXAMPLES]]  # (runs, N)
    center = X[rest].mean(0)
    return X[rows] - center, y[rows], X[test] - center, y[test]


def interpolate(phi: Tensor, targets: Tensor) -> Tensor:
    """Smallest-norm least squares: φ (runs, N, P), (runs, N, k) give (runs, P, k)."""
    return torch.linalg.pinv(phi) @ targets


# %% name="descent"
if __name__ == "__main__":
    generator = Generator().manual_seed(SEED)
    X, targets, X_test, test_targets = load(generator)
    W = torch.randn(RUNS, 64, max(FEATURES), generator=generator, dtype=X.dtype)
    descent_error = []
    for P in FEATURES:
        phi, test_phi = (torch.relu(pixels @ W[:, :, :P]) for pixels in (X, X_test))
        w = interpolate(phi, targets)  # (runs, P, 10)
        squares = (test_phi @ w - test_targets).square()
        descent_error.append(squares.mean((1, 2)).median().item())
    for P, error in zip(FEATURES, descent_error, strict=True):
        print(f"P = {P:4}   test error {error:.3f}")
    fig, ax = plt.subplots()
    ax.loglog(FEATURES, descent_error, "o-")
    ax.axvline(EXAMPLES, color="C5", ls=":")
    ax.text(1.1 * EXAMPLES, min(descent_error), "$P = N$")
    ax.set(xlabel="parameters of an output, $P$", ylabel="test error")
    plt.show()

# %% [markdown] lang="zh"
# 测试误差先降，到 $P = N$ 附近升成一座尖峰，过了它又降下来，最后比左边的最低点还低。这
# 叫双下降。
# %% [markdown] lang="en"
# The test error falls, rises to a sharp peak near $P = N$, and then falls again, in the
# end below its lowest point on the left. This is double descent.
