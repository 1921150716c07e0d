# %% [markdown] lang="zh"
# # 手写数字分类：隐藏层当特征提取器
#
# 一张 $8 \times 8$ 的手写数字是 $64$ 个数，网络输出十个类别的概率。
# 这里从零写出 softmax 和交叉熵，用梯度下降修改每一个参数，
# 在没见过的数字上看准确率；再看隐藏层把数据变成了什么样，
# 并如实列出认错的每一张。
# %% [markdown] lang="en"
# # Handwritten digits: hidden layers as a feature extractor
#
# A handwritten digit of $8 \times 8$ pixels is $64$ numbers; the network gives the
# probabilities of ten classes. Softmax and cross entropy are written from
# scratch, gradient descent changes every parameter, and the accuracy is that on digits
# never seen. Then look at what the hidden layers made of the data, and at every
# digit the network gets wrong.

# %%
"""Softmax, cross entropy and gradient descent from scratch, on real digits."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import Tensor, nn

torch.set_num_threads(1)  # the same sums, the same last digits, on every machine

# %% [markdown] lang="zh"
# ## Softmax 与交叉熵
#
# $y_i = e^{z_i} / \sum_j e^{z_j}$ 把任意的得分（logits）变成正的、和为 $1$ 的概率；
# $C(y, \hat y) = -\sum_i \hat y_i \ln y_i$，$\hat y$ 是独热的目标。
# 直接照抄公式，$e^{1000}$ 会溢出，$\ln 0$ 是 $-\infty$；
# 所以先减去最大的 $z$，并直接算 $\ln y_i = z_i - \ln\sum_j e^{z_j}$，不先求 $y_i$。
# %% [markdown] lang="en"
# ## Softmax and cross entropy
#
# $y_i = e^{z_i} / \sum_j e^{z_j}$ turns any scores (logits) into positive numbers
# that sum to $1$; in $C(y, \hat y) = -\sum_i \hat y_i \ln y_i$ the target $\hat y$ is
# one-hot. Typed as they stand, $e^{1000}$ overflows and $\ln 0$ is $-\infty$; so
# subtract the largest $z$ first, and compute $\ln y_i = z_i - \ln\sum_j e^{z_j}$
# directly, not by way of $y_i$.


# %%
def log_softmax(z: Tensor) -> Tensor:
    """ln y of the logits z (..., k), over the last dimension; stable at any z."""
    z = z - z.max(dim=-1, keepdim=True).values  # the largest becomes 0
    return z - z.exp().sum(dim=-1, keepdim=True).log()


def softmax(z: Tensor) -> Tensor:
    """yᵢ = exp(zᵢ) / Σⱼ exp(zⱼ), over the last dimension; stable at any z."""
    return log_softmax(z).exp()


def one_hot(labels: Tensor, k: int) -> Tensor:
    """Targets ŷ: integer labels (n,) from 0 to k − 1 -> (n, k), a 1 in every row."""
    if labels.min() < 0 or labels.max() >= k:
        raise ValueError(f"labels must lie in 0 … {k - 1}: count the classes from 0")
    return (labels.unsqueeze(1) == torch.arange(k)).float()  # (n, 1) == (k,) -> (n, k)


def cross_entropy(z: Tensor, y_hat: Tensor) -> Tensor:
    """C = −Σᵢ ŷᵢ ln yᵢ with y = softmax(z), from the *logits*: (..., k) -> (...)."""
    return -(y_hat * log_softmax(z)).sum(dim=-1)


def naive_cross_entropy(y: Tensor, y_hat: Tensor) -> Tensor:
    """−Σᵢ ŷᵢ ln yᵢ, letter by letter, from the *probabilities*; nan where a yᵢ is 0."""
    return -(y_hat * y.log()).sum(dim=-1)


def total_loss(z: Tensor, y_hat: Tensor) -> Tensor:
    """L = Σₙ Cⁿ over all examples, the rows of z (n, k)."""
    return cross_entropy(z, y_hat).sum()


def lowest_loss_after_softmax(k: int) -> float:
    """The best that a k-class loss can do if softmax is applied before it by mistake.

    The loss expects logits; probabilities never get better than a 1 and zeros.
    """
    perfect = one_hot(torch.tensor([0]), k)
    return cross_entropy(perfect, perfect).item()


# %% [markdown] lang="zh"
# ## 数据与网络
#
# scikit-learn 自带 $1797$ 张手写数字。训练集用来求参数，验证集用来选结构，
# 测试集只在最后用一次。像素值除以已知的最大值 $16$，不从数据里估计任何东西。
# 网络最后一层只给 logits，softmax 在损失里。
# %% [markdown] lang="en"
# ## Data and network
#
# scikit-learn brings $1797$ handwritten digits. The training set finds the parameters,
# the validation set chooses the structure, the testing set is used once, at the end.
# Pixels are divided by $16$, their known maximum; nothing is estimated from the data.
# The last layer of the network gives logits only: the softmax is in the loss.


# %%
class Digits(NamedTuple):
    """Pictures X (n, 64), values 0 to 1, and their labels (n,), 0 to 9."""

    X: Tensor
    labels: Tensor


def _split(X: np.ndarray, labels: np.ndarray) -> list[np.ndarray]:
    """Keep 360 digits apart, every class in proportion: X, X kept, labels, kept."""
    return train_test_split(X, labels, test_size=360, stratify=labels, random_state=0)


def load_splits() -> tuple[Digits, Digits, Digits]:
    """Return training, validation and test digits: 1077, 360 and 360 of them."""
    X, X_test, labels, test = _split(*load_digits(return_X_y=True))
    X, X_validation, labels, validation = _split(X, labels)

    def digits(X: np.ndarray, labels: np.ndarray) -> Digits:
        return Digits(torch.tensor(X / 16).float(), torch.tensor(labels))

    return digits(X, labels), digits(X_validation, validation), digits(X_test, test)


def build(sizes: Sequence[int], seed: int) -> nn.Sequential:
    """nn.Linear layers of these sizes with ReLU between them; logits come out."""
    torch.manual_seed(seed)
    modules: list[nn.Module] = []
    for n_in, n_out in pairwise(sizes):
        modules += [nn.Linear(n_in, n_out), nn.ReLU()]
    return nn.Sequential(*modules[:-1])  # no activation after the last layer


def parameter_count(model: nn.Module) -> int:
    """How many numbers θ is made of."""
    return sum(p.numel() for p in model.parameters())


@torch.no_grad()
def features(model: nn.Sequential, data: Digits, depth: int) -> Digits:
    """The same digits as hidden layer `depth` gives them; 0 leaves the pixels."""
    # nn.Linear and nn.ReLU are two modules a layer; the output layer is the last one
    if not 0 <= depth <= len(model) // 2:
        raise ValueError(f"the hidden layers are 1 … {len(model) // 2}, 0 the pixels")
    return Digits(model[: 2 * depth](data.X), data.labels)


# %% [markdown] lang="zh"
# ## 梯度下降：每一个参数都动
#
# 对每一个参数，$\theta_i \leftarrow \theta_i - \eta\,\partial L / \partial\theta_i$。
# 先在旧的参数上求出所有偏导数，再一起更新；偏导数怎样高效地求，是下一章的反向传播。
# 每次只看一个批次，看完所有批次是一个 epoch。
# %% [markdown] lang="en"
# ## Gradient descent: every parameter moves
#
# For every parameter,
# $\theta_i \leftarrow \theta_i - \eta\,\partial L / \partial\theta_i$.
# All derivatives are taken at the old parameters, then all parameters move at once; how
# to compute the derivatives efficiently is backpropagation, the next chapter.
# Each update sees one batch; all batches seen is one epoch.


# %%
def gradient_step(parameters: Sequence[Tensor], loss: Tensor, eta: float) -> None:
    """Move every parameter by −η ∂L/∂θ, in place, after all gradients are known."""
    gradients = torch.autograd.grad(loss, parameters)
    with torch.no_grad():
        for theta, gradient in zip(parameters, gradients, strict=True):
            theta -= eta * gradient


def train(
    model: nn.Module,
    data: Digits,
    validation: Digits | None = None,
    epochs: int = 40,
    batch_size: int = 128,
    eta: float = 0.5,
    seed: int = 0,
) -> list[tuple[float, float]]:
    """Gradient descent on batches; return (training, validation) loss, epoch by epoch.

    Without a validation set nothing is recorded, which is faster. Losses are means:
    L / N has the same minimum as L, and its gradient does not grow with N.
    """
    generator = torch.Generator().manual_seed(seed)
    parameters = list(model.parameters())
    y_hat = one_hot(data.labels, 10)
    history = []
    for _ in range(epochs):
        for n in torch.randperm(len(data.X), generator=generator).split(batch_size):
            loss = total_loss(model(data.X[n]), y_hat[n]) / len(n)
            gradient_step(parameters, loss, eta)
        if validation is not None:
            history.append((mean_loss(model, data), mean_loss(model, validation)))
    return history


@torch.no_grad()
def mean_loss(model: nn.Module, data: Digits) -> float:
    """L / N over the whole set."""
    return (total_loss(model(data.X), one_hot(data.labels, 10)) / len(data.X)).item()


@torch.no_grad()
def accuracy(model: nn.Module, data: Digits) -> float:
    """Share of the pictures whose largest logit is that of the right class."""
    return (model(data.X).argmax(dim=1) == data.labels).float().mean().item()


# %% [markdown] lang="zh"
# ## 隐藏层之前与之后
#
# 用主成分分析（PCA）把 $64$ 维的像素和最后一个隐藏层的输出各画到平面上。
# 平面只是影子，所以另外量一个数：在原来的维数里，
# 只按“离哪一类的均值最近”来分，能分对多少。
# %% [markdown] lang="en"
# ## Before and after the hidden layers
#
# Principal component analysis (PCA) draws the $64$ pixels, and the output of the last
# hidden layer, on a plane. A plane is only a shadow, so a number is measured besides,
# in the full space: how many are right if the class with the nearest mean is chosen.


# %%
def pca(X: Tensor, k: int = 2) -> tuple[Tensor, Tensor]:
    """Mean (d,) and the k directions of largest variance (d, k) of the rows of X.

    The plane's coordinates are (X − mean) @ directions. A direction's sign is
    arbitrary; here its largest entry is made positive.
    """
    mean = X.mean(dim=0)
    V = torch.linalg.svd(X - mean, full_matrices=False).Vh[:k].T  # (k, d) -> (d, k)
    largest = V.gather(0, V.abs().argmax(dim=0, keepdim=True))
    return mean, V * largest.sign()


def nearest_mean_accuracy(known: Digits, new: Digits) -> float:
    """Share of `new` that is right if the class with the nearest mean is chosen.

    The means, one a class, are those of `known`.
    """
    classes = known.labels.unique()
    means = torch.stack([known.X[known.labels == c].mean(dim=0) for c in classes])
    chosen = classes[torch.cdist(new.X, means).argmin(dim=1)]
    return (chosen == new.labels).float().mean().item()


# %% [markdown] lang="zh"
# ## 几层？每层几个神经元？
#
# 试。每种结构用两个随机起点各训练一次，记下训练集和验证集上准确率的平均值，
# 按验证集选；一样好时选参数少的。
# %% [markdown] lang="en"
# ## How many layers? How many neurons?
#
# Try. Every structure is trained from two random starts; the means of its
# training and validation accuracy are kept, and the validation accuracy chooses, the
# smaller network if two are equally good.


# %%
class Trial(NamedTuple):
    """A structure, and its mean accuracy on the training and validation sets."""

    sizes: tuple[int, ...]
    training: float
    validation: float


def measure(
    sizes: tuple[int, ...], data: Digits, validation: Digits, seeds: Sequence[int]
) -> Trial:
    """Train this structure once a seed and average its accuracies."""
    right = []
    for seed in seeds:
        model = build(sizes, seed)
        train(model, data, seed=seed)
        right.append((accuracy(model, data), accuracy(model, validation)))
    first, second = (sum(column) / len(seeds) for column in zip(*right, strict=True))
    return Trial(sizes, first, second)


def choose(trials: Sequence[Trial]) -> Trial:
    """The best on the validation set; of equals the one with the fewest parameters."""

    def key(trial: Trial) -> tuple[float, int]:
        return trial.validation, -sum(i * o + o for i, o in pairwise(trial.sizes))

    return max(trials, key=key)


# %% [markdown] lang="zh"
# ## 画图
# %% [markdown] lang="en"
# ## Figures


# %%
def _canvas(height: float) -> tuple[Figure, Axes]:
    """An empty sheet, 6 units wide, which are 4.5 inches."""
    fig = plt.figure(figsize=(4.5, 0.75 * height))
    fig.set_layout_engine("none")
    ax = fig.add_axes((0, 0, 1, 1))
    _sheet(ax, height)
    return fig, ax


def _sheet(ax: Axes, height: float) -> None:
    ax.set(xlim=(0, 6), ylim=(0, height), aspect="equal")
    ax.axis("off")


def _ink() -> LinearSegmentedColormap:
    """From the page's colour (a pixel of 0) to that of its text (a pixel of 1)."""
    ends = [plt.rcParams["axes.facecolor"], plt.rcParams["text.color"]]
    return LinearSegmentedColormap.from_list(
        "ink", [e if e.startswith("#") or e.isalpha() else f"#{e}" for e in ends]
    )


def _digit(ax: Axes, image: Tensor, x: float, y: float, size: float) -> None:
    """The picture, framed, with its centre at (x, y)."""
    extent = (x - size / 2, x + size / 2, y - size / 2, y + size / 2)
    ax.imshow(image.reshape(8, 8).numpy(), cmap=_ink(), vmin=0, vmax=1, extent=extent)
    left, right, low, high = extent
    outline = [left, right, right, left, left], [low, low, high, high, low]
    ax.plot(*outline, color="C5", lw=1)


def _box(
    ax: Axes, x: float, y: float, w: float, h: float, text: str, color: str
) -> None:
    """A rounded box with its centre at (x, y) and text in it."""
    shape = FancyBboxPatch(
        (x - w / 2, y - h / 2), w, h,
        boxstyle="round,pad=0,rounding_size=0.08", fc="none", ec=color, lw=1.8,
    )  # fmt: skip
    ax.add_patch(shape)
    ax.text(x, y, text, ha="center", va="center", linespacing=1.4)


def _arrow(ax: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    look = {"arrowstyle": "-|>", "color": "C5", "lw": 1.4, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", end, start, arrowprops=look)


# %%
def plot_classifier(image: Tensor, y: Tensor) -> Figure:
    """Pixels, hidden layers (feature extractor), softmax output (classifier), y."""
    fig, ax = _canvas(3.5)
    middle = 2.2
    _digit(ax, image, 0.6, middle, 0.9)
    _arrow(ax, (1.1, middle), (1.4, middle))
    _box(ax, 2.05, middle, 1.25, 1.9, "hidden\nlayers", "C0")
    _arrow(ax, (2.7, middle), (3.0, middle))
    _box(ax, 3.8, middle, 1.55, 1.9, "output layer\nsoftmax", "C1")
    for label, p in enumerate(y.tolist()):
        height = middle + 1.1 - 0.245 * label
        ax.text(4.95, height, str(label), ha="center", va="center", size=11)
        ax.plot(
            [5.15, 5.15 + 0.7 * p],
            [height] * 2,
            color="C2",
            lw=7,
            solid_capstyle="butt",
        )
    ax.plot([5.15, 5.15], [middle - 1.22, middle + 1.22], color="C5", lw=1)
    for x, text, color in (
        (0.6, "pixels $x$", "C5"), (2.05, "feature\nextractor", "C0"),
        (3.8, "multi-class\nclassifier", "C1"), (5.4, "$y$", "C2"),
    ):  # fmt: skip
        ax.text(x, 0.85, text, ha="center", va="top", color=color)
    return fig


def plot_softmax(z: Tensor, y: Tensor) -> Figure:
    """Scores z, their exponentials, and the exponentials divided by their sum."""
    fig, ax = _canvas(2.7)
    ax.text(0.45, 2.45, "$z_i$", ha="center")
    ax.text(2.35, 2.45, "$\\exp z_i$", ha="center")
    ax.text(5.4, 2.45, "$y_i$", ha="center")
    _box(ax, 4.05, 1.35, 0.95, 1.9, "$\\div$ sum", "C1")
    for n, (score, p) in enumerate(zip(z.tolist(), y.tolist(), strict=True)):
        h = 2.05 - 0.7 * n
        ax.text(0.45, h, f"{score:.0f}".replace("-", "−"), ha="center", va="center")
        _arrow(ax, (0.75, h), (1.75, h))
        ax.text(1.2, h + 0.08, "exp", ha="center", color="C0", size=11)
        ax.text(2.35, h, f"{math.exp(score):.2f}", ha="center", va="center")
        _arrow(ax, (2.9, h), (3.5, h))
        _arrow(ax, (4.6, h), (5.05, h))
        ax.text(5.4, h, f"{p:.3f}", ha="center", va="center", color="C2")
    ax.text(2.35, 0.12, f"sum {z.exp().sum().item():.2f}", ha="center", color="C1")
    return fig


# %%
def plot_example_loss(image: Tensor, y: Tensor, y_hat: Tensor, loss: float) -> Figure:
    """One picture, the probabilities y above its target, and the cross entropy C."""
    fig, axes = plt.subplot_mosaic(
        [["picture", "y"], ["loss", "target"]], figsize=(4.5, 3.6), width_ratios=(1, 2)
    )
    axes["picture"].imshow(image.reshape(8, 8).numpy(), cmap=_ink(), vmin=0, vmax=1)
    axes["picture"].set(xticks=[], yticks=[], xlabel="$x$")
    axes["picture"].spines[["top", "right"]].set_visible(True)
    axes["loss"].axis("off")
    text = f"$C(y, \\hat y)$\n$= -\\ln$ {y[y_hat.argmax()]:.3f}\n$=$ {loss:.3f}"
    axes["loss"].text(0.5, 0.5, text, ha="center", va="center", linespacing=1.6)
    for name, p, color in (("y", y, "C2"), ("target", y_hat, "C1")):
        axes[name].bar(range(len(p)), p.tolist(), color=color)
        axes[name].set(xticks=range(len(p)), ylim=(0, 1.05), yticks=[0, 0.5, 1])
    axes["y"].set(ylabel="$y_i$")
    axes["y"].tick_params(labelbottom=False)
    axes["target"].set(ylabel="$\\hat y_i$", xlabel="class $i$")
    return fig


def _short(value: float) -> str:
    """Three decimals; below a thousandth, as a power of ten."""
    if value >= 0.001:
        return f"{value:.3f}"
    mantissa, exponent = f"{value:.0e}".split("e")
    return rf"${mantissa} \times 10^{{{int(exponent)}}}$"


def plot_total_loss(
    images: Tensor, before: Tensor, after: Tensor, totals: tuple[float, float, int]
) -> Figure:
    """A few examples with their losses before and after training, and the sums L.

    `totals` holds both sums over all examples and their number N.
    """
    fig, ax = _canvas(4.5)
    rows, names = (3.45, 2.75, 2.05, 0.95), ("1", "2", "3", "N")
    for x, text in ((4.15, "$C^n$ before\ntraining"), (5.35, "$C^n$ after\ntraining")):
        ax.text(x, 3.83, text, ha="center")
    for n, (h, name) in enumerate(zip(rows, names, strict=True)):
        ax.text(0.3, h, f"$x^{name}$", ha="center", va="center")
        _digit(ax, images[n], 0.85, h, 0.54)
        _arrow(ax, (1.2, h), (1.5, h))
        _box(ax, 1.85, h, 0.66, 0.46, "NN", "C0")
        _arrow(ax, (2.22, h), (2.5, h))
        ax.text(2.72, h, f"$y^{name}$", ha="center", va="center")
        _arrow(ax, (2.95, h), (3.4, h))
        for x, C in ((4.15, before[n]), (5.35, after[n])):
            ax.text(x, h, _short(C.item()), ha="center", va="center")
    for x in (0.85, 1.85, 2.72, 4.15, 5.35):
        ax.text(x, 1.5, "⋮", ha="center", va="center", size=14)
    ax.plot([3.55, 5.9], [0.62, 0.62], color="C5", lw=1.2)
    ax.text(
        3.4, 0.35, f"total loss $L$ over $N =$ {totals[2]}", ha="right", va="center"
    )
    for x, L in ((4.15, totals[0]), (5.35, totals[1])):
        ax.text(x, 0.35, f"{L:.1f}", ha="center", va="center", color="C1", size=13)
    _sheet(ax, 4.5)
    return fig


# %%
def plot_gradient_descent(
    names: Sequence[str], path: Sequence[Sequence[float]]
) -> Figure:
    """Three parameters over two updates; path[i] are the values of one of them."""
    fig, ax = _canvas(3.5)
    columns, rows = (1.25, 3.3, 5.35), (2.75, 2.0, 0.75)
    for n, x in enumerate(columns):
        ax.text(x, 3.2, f"$\\theta^{n}$", ha="center")
    for x in (0.38, *columns):
        ax.text(x, 1.38, "⋮", ha="center", va="center", size=14)
    for i, h in enumerate(rows):
        ax.text(0.38, h, names[i], ha="center", va="center")
        for n, x in enumerate(columns):
            _box(ax, x, h, 0.95, 0.42, f"{path[i][n]:.4f}".replace("-", "−"), "C0")
        for n, x in enumerate(columns[:-1]):
            _arrow(ax, (x + 0.5, h), (columns[n + 1] - 0.5, h))
            text = f"{path[i][n + 1] - path[i][n]:+.4f}".replace("-", "−")
            ax.text(x + 1.0, h + 0.08, text, ha="center", color="C1", size=11)
    for x in (2.25, 4.3):
        rule = r"$-\eta\,\partial L / \partial\theta_i$"
        ax.text(x, 0.12, rule, ha="center", color="C1")
    return fig


def plot_training(history: Sequence[tuple[float, float]]) -> Figure:
    """Mean loss on the training and the validation set, epoch by epoch."""
    fig, ax = plt.subplots()
    epochs = range(1, len(history) + 1)
    for column, (name, ls) in enumerate((("training", "-"), ("validation", "--"))):
        losses = [pair[column] for pair in history]
        ax.plot(epochs, losses, ls=ls, color=f"C{column}")
        ax.annotate(
            name, (epochs[-1], losses[-1]), (6, 0), textcoords="offset points",
            va="center", color=f"C{column}",
        )  # fmt: skip
    ax.set(xlabel="epoch", ylabel="mean loss $L/N$", yscale="log")
    ax.set_xlim(0, 1.27 * len(history))
    ax.set_xticks(range(0, len(history) + 1, 10))
    return fig


# %%
def plot_features(before: Tensor, after: Tensor, labels: Tensor) -> Figure:
    """Digits at their two PCA coordinates: raw pixels above, hidden layer below."""
    fig, axes = plt.subplots(2, 1, figsize=(4.5, 6.4))
    titles = "raw pixels", "output of the last hidden layer"
    for ax, points, title in zip(axes, (before, after), titles, strict=True):
        for c in labels.unique().tolist():
            # A digit is its own marker, so the classes are told apart without colour.
            ax.plot(
                *points[labels == c].T, ls="none", marker=f"${c}$", ms=8,
                color=f"C{c % 6}", mew=0.2,
            )  # fmt: skip
        ax.set(xticks=[], yticks=[], xlabel="1st component", ylabel="2nd component")
        ax.set_title(title)
    return fig


def plot_mistakes(
    images: Tensor, labels: Tensor, predictions: Tensor, y: Tensor
) -> Figure:
    """Pictures with their right class, the network's choice and its probability."""
    rows = max(1, math.ceil(len(images) / 5))
    fig, axes = plt.subplots(rows, 5, figsize=(4.5, 1.55 * rows), squeeze=False)
    for ax in axes.flat:
        ax.axis("off")
    for n, (ax, image) in enumerate(zip(axes.flat, images, strict=False)):
        ax.imshow(image.reshape(8, 8).numpy(), cmap=_ink(), vmin=0, vmax=1)
        title = f"{labels[n]} → {predictions[n]}\n{y[n]:.2f}"
        ax.set_title(title, size=11)
    return fig


# %% [markdown] lang="zh"
# ## 跑起来
#
# 依次：损失的三种算法，各种结构的成绩，选中的网络在测试集上的成绩。
# %% [markdown] lang="en"
# ## Run it
#
# In turn: the loss computed three ways, the structures and how they do, and the chosen
# network on the testing set.


# %%
def show_losses() -> dict[str, float | list[float]]:
    """Print softmax and cross entropy on small and on huge logits."""
    z = torch.tensor([3.0, 1.0, -3.0])
    print("logits (3, 1, -3)")
    print("  softmax          ", "  ".join(f"{p:.3f}" for p in softmax(z).tolist()))
    huge = torch.tensor([[1000.0, 0.0, -1000.0]])
    label = torch.tensor([1])
    y_hat = one_hot(label, 3)
    ours = cross_entropy(huge, y_hat).item()
    theirs = nn.functional.cross_entropy(huge, label).item()
    print("logits (1000, 0, -1000), right class 1 (counted from 0)")
    naive = naive_cross_entropy(softmax(huge), y_hat).item()
    print(f"  -sum y_hat ln y    {naive:.1f}")
    print(f"  from the logits    {ours:.1f}")
    print(f"  PyTorch            {theirs:.1f}")
    floor = lowest_loss_after_softmax(10)
    print(f"10 classes, a softmax too many: never below {floor:.3f}\n")
    return {"softmax": softmax(z).tolist(), "huge": ours, "floor": floor}


def show_structures(data: Digits, validation: Digits) -> list[Trial]:
    """Measure 0 to 3 hidden layers of 4, 16 or 64 neurons; print the table."""
    print("hidden layers  neurons  parameters   training  validation")
    shapes = [(0, 0)] + [(depth, n) for n in (4, 16, 64) for depth in (1, 2, 3)]
    trials = []
    for depth, n in shapes:
        trial = measure((64, *[n] * depth, 10), data, validation, seeds=(0, 1))
        trials.append(trial)
        count = parameter_count(build(trial.sizes, 0))
        rates = f"{trial.training:11.1%}{trial.validation:12.1%}"
        print(f"{depth:13}{n:9}{count:12,}{rates}")
    return trials


# %%
def first_moves(
    model: nn.Sequential, data: Digits, eta: float = 0.5, steps: int = 2
) -> tuple[list[str], list[list[float]]]:
    """Follow three parameters through gradient descent on all the data at once.

    Of the first W, the last W and the last b, the entry with the largest derivative.
    Returns their names and their values at θ⁰, θ¹, …; the model is changed.
    """
    theta = list(model.parameters())
    y_hat = one_hot(data.labels, 10)
    before = [p.detach().clone() for p in theta]
    states = [before]
    for _ in range(steps):
        gradient_step(theta, total_loss(model(data.X), y_hat) / len(data.X), eta)
        states.append([p.detach().clone() for p in theta])
    names, path = [], []
    for letter, n in (("w", 0), ("w", -2), ("b", -1)):
        moves = (states[1][n] - before[n]).abs()
        at = np.unravel_index(int(moves.argmax()), moves.shape)
        layer = len(theta) // 2 if n else 1
        index = ",".join(str(i + 1) for i in at)
        names.append(f"${letter}^{layer}_{{{index}}}$")
        path.append([state[n][at].item() for state in states])
    return names, path


@torch.no_grad()
def example_losses(model: nn.Module, data: Digits) -> Tensor:
    """Cⁿ of every example, (n,)."""
    return cross_entropy(model(data.X), one_hot(data.labels, 10))


@torch.no_grad()
def hardest_right(model: nn.Module, data: Digits) -> int:
    """Index of the example that is classified rightly with the smallest probability."""
    y = softmax(model(data.X))
    p, chosen = y.max(dim=1)
    return int(torch.where(chosen == data.labels, p, 2).argmin())


# %%
def draw_losses(
    start: nn.Module, model: nn.Module, data: Digits, validation: Digits
) -> dict[str, float]:
    """Figures of one example's loss, and of the total before and after training."""
    with torch.no_grad():
        y = softmax(model(validation.X))
    n = hardest_right(model, validation)
    loss = example_losses(model, validation)[n].item()
    y_hat = one_hot(validation.labels, 10)
    plot_classifier(validation.X[n], y[n])
    z = torch.tensor([3.0, 1.0, -3.0])
    plot_softmax(z, softmax(z))
    plot_example_loss(validation.X[n], y[n], y_hat[n], loss)
    before, after = example_losses(start, data), example_losses(model, data)
    shown = torch.tensor([0, 1, 2, len(data.X) - 1])
    sums = before.sum().item(), after.sum().item()
    plot_total_loss(data.X[shown], before[shown], after[shown], (*sums, len(data.X)))
    return {"example_loss": loss, "total_before": sums[0], "total_after": sums[1]}


def draw_features(data: Digits, test: Digits) -> dict[str, list[float]]:
    """Figure of the test digits before and after three hidden layers.

    Returns how many the nearest class mean gets right after 0, 1, 2, 3 hidden layers:
    in the full space, and (first and last only) on the plane of the figure.
    """
    model = build((64, 64, 64, 64, 10), 0)
    train(model, data)
    stages = [[features(model, d, depth) for d in (data, test)] for depth in range(4)]
    planes = []
    for known, new in (stages[0], stages[-1]):
        mean, V = pca(known.X)
        planes.append([Digits((d.X - mean) @ V, d.labels) for d in (known, new)])
    plot_features(planes[0][1].X, planes[1][1].X, test.labels)
    return {
        "nearest": [nearest_mean_accuracy(*stage) for stage in stages],
        "nearest_plane": [nearest_mean_accuracy(*plane) for plane in planes],
    }


def draw_mistakes(model: nn.Module, test: Digits) -> int:
    """Figure of every test digit that the network gets wrong; return how many."""
    with torch.no_grad():
        p, chosen = softmax(model(test.X)).max(dim=1)
    wrong = chosen != test.labels
    plot_mistakes(test.X[wrong], test.labels[wrong], chosen[wrong], p[wrong])
    return int(wrong.sum())


# %%
def show_test(model: nn.Sequential, test: Digits) -> dict[str, float]:
    """Print how the chosen network does on the testing set; figure of its mistakes."""
    rate, wrong = accuracy(model, test), draw_mistakes(model, test)
    print(f"  test digits right        {rate:.1%}")
    print(f"  test digits wrong        {wrong} of {len(test.X)}")
    return {"test": rate, "wrong": wrong, "parameters": parameter_count(model)}


def show_features(data: Digits, test: Digits) -> dict[str, list[float]]:
    """Print what the nearest class mean gets right, hidden layer by hidden layer."""
    seen = draw_features(data, test)
    print("\ntest digits right if only the nearest class mean is asked")
    for depth, share in enumerate(seen["nearest"]):
        name = f"after hidden layer {depth}" if depth else "raw pixels"
        print(f"  {name:<25}{share:.1%}")
    for name, share in zip(("pixels", "layer 3"), seen["nearest_plane"], strict=True):
        print(f"  plane of {name:<16}{share:.1%}")
    return seen


# %%
def table(trials: Sequence[Trial]) -> dict[str, float | list[float]]:
    """The table's rows as named lists: the accuracies with 1, 2, 3 hidden layers."""
    rows: dict[str, float | list[float]] = {
        f"{kind}_{n}": [getattr(t, kind) for t in trials if t.sizes[1] == n]
        for n in (4, 16, 64)
        for kind in ("training", "validation")
    }
    return rows | {
        "linear_training": trials[0].training,
        "linear_validation": trials[0].validation,
    }


def main() -> dict[str, float | list[float]]:
    """Choose a structure on the validation set, look inside, and test it once."""
    data, validation, test = load_splits()
    values = show_losses()
    trials = show_structures(data, validation)
    best = choose(trials)
    start, model = build(best.sizes, 0), build(best.sizes, 0)
    history = train(model, data, validation)
    depth, neurons = len(best.sizes) - 2, best.sizes[1]
    print(f"\nchosen: {depth} hidden layer(s) of {neurons} neurons")

    values |= draw_losses(start, model, data, validation)
    plot_gradient_descent(*first_moves(start, data))
    plot_training(history)
    values |= show_test(model, test)
    values |= show_features(data, test)
    plt.show()
    return (
        values
        | table(trials)
        | {
            "train_size": len(data.X),
            "validation_size": len(validation.X),
            "test_size": len(test.X),
            "layers": depth,
            "neurons": neurons,
            "loss_first": history[0][0],
            "loss_last": history[-1][0],
            "validation_loss_last": history[-1][1],
        }
    )


# %%
if __name__ == "__main__":
    main()
