# %% [markdown] lang="zh"
# # 选模型：训练集、验证集与 N 折交叉验证
#
# 三个模型，选哪一个？训练损失总是偏爱最复杂的那个，测试集又不许碰。
# 办法是从训练数据里留出一部分来验证，再轮流换着留，取 $N$ 次的平均。
# 最后看两件不该做的事会怎样：让验证数据参与了训练之前的步骤（数据泄漏），
# 以及按公开测试集的分数选模型。
# %% [markdown] lang="en"
# # Choosing a model: training, validation and N-fold cross-validation
#
# Three models: which one? The training loss always favours the most complex, and the
# test set must not be touched. So hold back part of the training data to validate
# on, take turns at what is held back, and average the $N$ errors.
# At the end, see what two forbidden things do: letting the validation data take
# part in a step before training (data leakage), and choosing by the public score.

# %%
"""Splits, N folds from scratch, a model chosen on real data, and two ways to cheat."""

from collections.abc import Sequence
from itertools import combinations_with_replacement

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from sklearn.datasets import load_diabetes
from torch import Tensor

torch.set_num_threads(1)  # the same sums, the same last digits, on every machine

# %% [markdown] lang="zh"
# ## 分数据
#
# 先打乱，再切开。测试集只在最后用一次。
# 剩下的 $n$ 个样本分成 $N$ 份：$n$ 不能被 $N$ 整除时，余下的 $n \bmod N$ 个样本
# 不能丢掉，前 $n \bmod N$ 份每份多拿一个。
# 第 $i$ 轮用第 $i$ 份验证，用其余的训练。
# %% [markdown] lang="en"
# ## Splitting the data
#
# Shuffle first, then cut. The test set is used once, at the end.
# The remaining $n$ examples fall into $N$ parts: if $N$ does not divide $n$, the
# $n \bmod N$ examples left over must not be dropped, so each of the first
# $n \bmod N$ parts takes one more.
# Round $i$ validates on part $i$ and trains on the rest.


# %%
def split(
    n: int, n_validation: int, n_test: int, generator: torch.Generator
) -> tuple[Tensor, Tensor, Tensor]:
    """Shuffle the indices 0 … n−1 and cut them into training, validation and testing.

    Raises ValueError unless at least one example is left to train on.
    """
    n_train = n - n_validation - n_test
    if min(n_validation, n_test) < 0 or n_train < 1:
        raise ValueError(
            f"{n_validation} + {n_test} examples held back of {n} leave {n_train} "
            "to train on: hold back fewer, and no negative number"
        )
    shuffled = torch.randperm(n, generator=generator)
    train, validation, test = shuffled.split([n_train, n_validation, n_test])
    return train, validation, test


# %%
def folds(n: int, N: int) -> list[Tensor]:
    """Cut the indices 0 … n−1, in their order, into N parts of (almost) equal size.

    The first n mod N parts are one longer, as in scikit-learn's `KFold`.
    """
    if not 2 <= N <= n:
        raise ValueError(f"N = {N} folds of n = {n} examples: choose N from 2 to n")
    size, longer = divmod(n, N)
    sizes = [size + 1] * longer + [size] * (N - longer)
    return list(torch.arange(n).split(sizes))


def rounds(n: int, N: int) -> list[tuple[Tensor, Tensor]]:
    """N times (training indices, validation indices): every part validates once."""
    parts = folds(n, N)
    return [
        (torch.cat(parts[:i] + parts[i + 1 :]), part) for i, part in enumerate(parts)
    ]


# %% [markdown] lang="zh"
# ## 三个模型
#
# 数据是真的：442 位糖尿病患者的 10 项指标，预测一年后病情的指数。
# 模型是这些指标的多项式，次数为 0、1、2：
# 常数太简单，二次式有 66 个参数。
# 先把每个特征标准化：减去均值，除以标准差。这两个数是从*训练用的*样本里算出来的，
# 验证的样本只拿来用，不参与计算。
# %% [markdown] lang="en"
# ## Three models
#
# The data are real: 10 measurements of each of 442 diabetes patients, from which to
# predict an index of the disease one year later. The models are polynomials of these
# measurements, of degree 0, 1 and 2: a constant is too simple, the quadratic has 66
# parameters. Every feature is standardized first: minus its mean, over its standard
# deviation. These two are computed from the examples *trained on*;
# the validation examples are scaled with them and have no say in them.


# %%
def polynomial(Z: Tensor, degree: int) -> Tensor:
    """1 and all products of up to `degree` columns of Z (n, d), side by side.

    That is 1, d + 1 or (d + 1)(d + 2)/2 columns for degree 0, 1 or 2.
    """
    columns = [Z.new_ones(len(Z), 1)]
    for order in range(1, degree + 1):
        chosen = combinations_with_replacement(range(Z.shape[1]), order)
        columns.append(Z[:, torch.tensor(list(chosen))].prod(dim=2))  # (n, m, order)
    return torch.cat(columns, dim=1)


def fit(
    X: Tensor, y: Tensor, degree: int, lam: float = 1.0
) -> tuple[Tensor, Tensor, Tensor]:
    """Return mean (d,), std (d,) and weights w (m,) found from the examples X (n, d).

    w minimises Σ(y − Φw)² + λ Σⱼ wⱼ², Φ the polynomial of the scaled X, with the
    constant term not penalised: (ΦᵀΦ + λI)w = Φᵀy. A column must not be constant.
    """
    mean, std = X.mean(dim=0), X.std(dim=0)
    Phi = polynomial((X - mean) / std, degree)  # (n, d) -> (n, m)
    penalty = lam * torch.eye(Phi.shape[1], dtype=X.dtype)
    penalty[0, 0] = 0
    return mean, std, torch.linalg.solve(Phi.T @ Phi + penalty, Phi.T @ y)


def predict(X: Tensor, degree: int, mean: Tensor, std: Tensor, w: Tensor) -> Tensor:
    """Return the model's output (n,) for X (n, d), scaled as the training data were."""
    return polynomial((X - mean) / std, degree) @ w


def rmse(prediction: Tensor, target: Tensor) -> float:
    """Root of the mean squared error, in the units of the target."""
    return (prediction - target).square().mean().sqrt().item()


# %% [markdown] lang="zh"
# ## N 折交叉验证
#
# 每个模型训练 $N$ 次，每次从头训练，*包括标准化*，得到 $N$ 个误差。
# 选平均误差最小的模型，然后用全部训练数据重新训练它。
#
# 为什么要取平均？只用一份验证，结果要看运气：把数据打乱 200 次，
# 看看一份和 $N$ 份各有多少次看走眼。
# %% [markdown] lang="en"
# ## N-fold cross-validation
#
# Every model is trained $N$ times, each time from scratch, *scaling included*, and has
# $N$ errors. Choose the model of the smallest average, then train it again on all the
# training data.
#
# Why average? With one part to validate on, the outcome is a matter of luck: shuffle
# the data 200 times, and count how often one part misjudges, and how often $N$ do.


# %%
def cross_validate(X: Tensor, y: Tensor, degree: int, N: int) -> list[float]:
    """Return the N validation errors (RMSE) of one model, one a round."""
    errors = []
    for train, validation in rounds(len(X), N):
        model = fit(X[train], y[train], degree)
        errors.append(rmse(predict(X[validation], degree, *model), y[validation]))
    return errors


def choose(errors: Sequence[Sequence[float]]) -> int:
    """Return which model (row) has the smallest average error; the first at a tie."""
    averages = [sum(row) / len(row) for row in errors]
    return averages.index(min(averages))


# %%
def lead(X: Tensor, y: Tensor, N: int, times: int, seed: int = 0) -> Tensor:
    """Linear's lead over the quadratic model, (times, N): shuffle, N folds, repeat.

    Entry (t, i): quadratic error minus linear error in round i of shuffle t.
    Below 0, that round on its own would choose the quadratic model.
    """
    generator = torch.Generator().manual_seed(seed)
    leads = []
    for _ in range(times):
        order = torch.randperm(len(X), generator=generator)
        linear, quadratic = (cross_validate(X[order], y[order], d, N) for d in (1, 2))
        leads.append([q - p for p, q in zip(linear, quadratic, strict=True)])
    return torch.tensor(leads)


# %% [markdown] lang="zh"
# ## 数据泄漏
#
# 标签是抛硬币得来的，特征是纯噪声：谁也不可能猜得比一半更准。
# 从 1000 个特征里挑出与标签最相关的 20 个，再交叉验证一个最简单的分类器。
# 唯一的区别是挑特征用的是*全部*样本（泄漏），还是每一折里训练用的样本。
# %% [markdown] lang="en"
# ## Leakage
#
# The labels are coin flips, the features pure noise: nobody can do better than one
# half. Pick, out of 1000 features, the 20 most correlated with the label, then
# cross-validate the simplest of classifiers. The only difference: whether *all*
# examples pick the features (leakage), or just those trained on, in every fold anew.


# %%
def most_correlated(X: Tensor, y: Tensor, m: int) -> Tensor:
    """Indices (m,) of the columns of X (n, d) with the largest |correlation| with y."""
    X, y = X - X.mean(dim=0), y - y.mean()
    correlation = (X.T @ y) / (X.norm(dim=0) * y.norm())  # (d, n) @ (n,) -> (d,)
    return correlation.abs().topk(m).indices


def nearest_centroid(X_train: Tensor, y_train: Tensor, X: Tensor) -> Tensor:
    """Label (n,) of each row of X: 1 if class 1's mean is nearer than class 0's."""
    centroids = torch.stack([X_train[y_train == c].mean(dim=0) for c in (0, 1)])
    return torch.cdist(X, centroids).argmin(dim=1).to(y_train.dtype)


def selected_accuracy(X: Tensor, y: Tensor, m: int, N: int, leak: bool) -> float:
    """Share of the examples that N-fold cross-validation classifies correctly.

    m features are picked from all examples if `leak`, else in every fold from the
    examples trained on.
    Source: Hastie et al., The Elements of Statistical Learning, section 7.10.2.
    """
    right = 0
    for train, validation in rounds(len(X), N):
        seen = torch.arange(len(X)) if leak else train
        picked = X[:, most_correlated(X[seen], y[seen], m)]
        guess = nearest_centroid(picked[train], y[train], picked[validation])
        right += int((guess == y[validation]).sum())
    return right / len(X)


# %% [markdown] lang="zh"
# ## 按公开分数选模型
#
# 1000 个"模型"，个个都是抛硬币。测试集一半公开（分数立刻看到），一半不公开。
# 交得越多，最好的公开分数越高，而它在不公开的那一半上仍然只是抛硬币。
# %% [markdown] lang="en"
# ## Choosing by the public score
#
# 1000 "models", each of them a coin. Half of the test set is public (its score is
# seen at once), half is private. The more one submits, the higher the best public
# score; on the private half the winner is still a coin.


# %%
def coin_scores(models: int, examples: int, generator: torch.Generator) -> Tensor:
    """Accuracy (models,) of models that flip a coin for each two-class example."""
    labels = torch.randint(2, (examples,), generator=generator)
    guesses = torch.randint(2, (models, examples), generator=generator)
    return (guesses == labels).double().mean(dim=1)


def winner(public: Tensor, private: Tensor, m: int) -> tuple[float, float]:
    """Public and private score of the best public score among the first m models."""
    best = public[:m].argmax()
    return public[best].item(), private[best].item()


# %% [markdown] lang="zh"
# ## 画图
# %% [markdown] lang="en"
# ## Figures


# %%
def _box(ax: Axes, x: float, y: float, width: float, text: str, color: str) -> None:
    """A tinted box with the lower left corner (x, y), one unit high, and its text."""
    for alpha, fill in ((0.16, True), (1.0, False)):
        patch = plt.Rectangle(
            (x, y), width, 1, facecolor=color, edgecolor=color, alpha=alpha, fill=fill
        )
        patch.set_linewidth(0 if fill else 1.4)
        ax.add_patch(patch)
    middle = (x + width / 2, y + 0.5)
    ax.text(*middle, text, ha="center", va="center_baseline", size=11)


def _canvas(width: float, height: float) -> tuple[Figure, Axes]:
    """An empty drawing of `width` x `height` units, 4.5 inches wide."""
    fig, ax = plt.subplots(figsize=(4.5, 4.5 * height / width))
    ax.set(xlim=(0, width), ylim=(0, height))
    ax.set_aspect("equal")
    ax.axis("off")
    return fig, ax


def plot_split(n_train: int, n_validation: int, n_test: int) -> Figure:
    """One bar: training, validation and test set, as long as they are large."""
    fig, ax = _canvas(12, 2.7)
    parts = [("train", n_train, "C0", "fit\nparameters"),
             ("validate", n_validation, "C1", "choose\nthe model"),
             ("test", n_test, "C5", "once, at\nthe end")]  # fmt: skip
    x, unit = 0.1, 11.8 / (n_train + n_validation + n_test)
    for name, size, color, use in parts:
        _box(ax, x, 1.6, size * unit, f"{name} {size}", color)
        ax.text(x + size * unit / 2, 1.3, use, ha="center", va="top")
        x += size * unit
    return fig


# %%
def plot_folds(
    names: Sequence[str], errors: Sequence[Sequence[float]], chosen: int
) -> Figure:
    """Rounds as rows, models as columns; averages, the choice, the last training.

    `errors[m][i]` is the error of model m in round i; N and the number of models are
    read off it (made for three and three).
    """
    N = len(errors[0])
    fig, ax = _canvas(12, 1.5 * N + 5.4)
    top, width, column = 1.5 * N + 3.9, 6.1 / N, 5.6 / len(names)
    ax.text(3.1, top + 0.9, "training data", ha="center", size=11)
    for m, name in enumerate(names):
        x = 6.3 + column * (m + 0.5)
        ax.text(x, top + 0.9, name, ha="center", size=11)
    for i in range(N):
        y = top - 1.5 * i - 0.6
        for part in range(N):
            text, color = ("validate", "C1") if part == i else ("train", "C0")
            _box(ax, 0.1 + part * width, y, width - 0.1, text, color)
        for m, row in enumerate(errors):
            x = 6.3 + column * (m + 0.5)
            ax.text(x, y + 0.5, f"{row[i]:.1f}", ha="center", va="center_baseline")
    _draw_choice(ax, errors, chosen, top - 1.5 * N - 0.1)
    return fig


def _draw_choice(
    ax: Axes, errors: Sequence[Sequence[float]], chosen: int, y: float
) -> None:
    """The averages, a frame round the chosen one, and the training on everything."""
    column = 5.6 / len(errors)
    ax.plot([6.3, 11.9], [y + 0.65, y + 0.65], color="C5", lw=1.2)
    ax.text(5.5, y - 0.2, "average error", ha="right", va="center_baseline")
    for m, row in enumerate(errors):
        x, average = 6.3 + column * (m + 0.5), sum(row) / len(row)
        ax.text(x, y - 0.2, f"{average:.1f}", ha="center", va="center_baseline")
    left = 6.3 + column * chosen
    ax.add_patch(
        plt.Rectangle(
            (left + 0.2, y - 0.75), column - 0.4, 1.1, fill=False, ec="C2", lw=2
        )
    )
    start, end = (left + column / 2, y - 0.8), (left + column / 2, y - 2.5)
    ax.annotate(
        "", end, start, arrowprops={"arrowstyle": "-|>", "color": "C2", "lw": 2}
    )
    ax.text(end[0] + 0.3, y - 1.65, "smallest", va="center_baseline", color="C2")
    _box(ax, 0.1, y - 3.6, 11.8, "train it once more, on all the training data", "C0")


# %%
def plot_luck(leads: Tensor) -> Figure:
    """How far linear leads, (times, N): judged by one part, and by all N parts."""
    fig, axes = plt.subplots(2, 1, sharex=True, figsize=(4.5, 5))
    edges = torch.linspace(-6, 15, 43).tolist()
    N = leads.shape[1]
    panels = ((leads[:, 0], "one part validates"),
              (leads.mean(dim=1), f"average of N = {N} parts"))  # fmt: skip
    for ax, (values, title) in zip(axes, panels, strict=True):
        wrong = values[values < 0]
        right = values[values >= 0]
        for part, color, hatch in ((wrong, "C1", "///"), (right, "C0", "")):
            ax.hist(part.tolist(), edges, histtype="stepfilled", fc="none",
                    ec=color, hatch=hatch, hatchcolor=color, lw=1.8)  # fmt: skip
        ax.axvline(0, color="C5", lw=1.2, ls="--")
        ax.set_title(title, loc="left")
        for at, name, part in ((0.02, "quadratic", wrong), (0.75, "linear", right)):
            color = "C1" if part is wrong else "C0"
            ax.text(at, 0.75, f"{name}:\n{len(part)} times", color=color,
                    transform=ax.transAxes)  # fmt: skip
        ax.set_ylabel("shuffles")
    axes[-1].set_xlabel("error of quadratic − error of linear")
    return fig


# %%
def plot_leakage(honest: Sequence[float], leaky: Sequence[float]) -> Figure:
    """Accuracy on coin-flip labels, one dot a data set: picked inside, or outside."""
    fig, ax = plt.subplots(figsize=(4.5, 3))
    rows = ((1.0, honest, "C0", "o"), (0.0, leaky, "C1", "s"))
    for y, scores, color, marker in rows:
        spread = [y + 0.09 * (i % 5 - 2) for i in range(len(scores))]
        ax.plot(scores, spread, marker, color=color, mfc="none", ls="none")
    ax.axvline(0.5, color="C5", lw=1.2, ls="--")
    ax.text(0.51, 1.42, "chance", color="C5", va="center")
    ax.set_yticks([1, 0], ["inside\neach fold", "on all data\n(leak)"])
    ax.set(xlabel="cross-validated accuracy", ylabel="features picked")
    ax.set(xlim=(0.2, 1.03), ylim=(-0.5, 1.6))
    return fig


# %%
def plot_public(
    public: Tensor,
    private: Tensor,
    numbers: Sequence[int],
    best: Sequence[float],
    after: Sequence[float],
) -> Figure:
    """Public and private score of every model; below, the winner among the first m."""
    fig, (ax, low) = plt.subplots(2, 1, figsize=(4.5, 7), height_ratios=(3, 2))
    top = public.argmax()
    ax.plot(public, private, "o", color="C0", ms=4, alpha=0.3, mew=0)
    ax.plot(public[top], private[top], "*", color="C1", ms=16)
    at = (public[top], private[top])
    ax.annotate("best\npublic\nscore", at, (12, -12), textcoords="offset points",
                ha="right", va="top", color="C1")  # fmt: skip
    ax.axhline(0.5, color="C5", lw=1.2, ls="--")
    ax.axvline(0.5, color="C5", lw=1.2, ls="--")
    ax.set(xlabel="public score", ylabel="private score")
    low.plot(numbers, best, "o-", color="C1")
    low.plot(numbers, after, "s--", color="C0")
    ends = ((best[-1], 10, "bottom", "C1", "public"),
            (after[-1], 10, "bottom", "C0", "private"))  # fmt: skip
    for y, dy, va, color, name in ends:
        low.annotate(f"its {name} score", (numbers[-1], y), (0, dy), va=va, ha="right",
                     textcoords="offset points", color=color)  # fmt: skip
    low.set_xscale("log")
    low.set(xlabel="models tried", ylabel="score of the winner")
    low.set_ylim(0.45, 0.7)
    return fig


# %% [markdown] lang="zh"
# ## 运行
# %% [markdown] lang="en"
# ## Run it


# %%
def load() -> tuple[Tensor, Tensor]:
    """442 diabetes patients, in raw units: X (442, 10), y (442,).

    Not scikit-learn's ready-scaled X: that was scaled with all 442, a small leak.
    """
    X, y = load_diabetes(return_X_y=True, scaled=False)
    return torch.tensor(X), torch.tensor(y)


def show_choice(X: Tensor, y: Tensor) -> dict[str, object]:
    """Part 1: hold a test set back, cross-validate three models, choose, test once."""
    generator = torch.Generator().manual_seed(0)
    train, validation, test = split(len(X), 118, 88, generator)
    plot_split(len(train), len(validation), len(test))
    rest = torch.cat([train, validation])
    names, N = ["constant", "linear", "quadratic"], 3
    errors = [cross_validate(X[rest], y[rest], degree, N) for degree in range(3)]
    chosen = choose(errors)
    plot_folds(names, errors, chosen)
    models = [fit(X[rest], y[rest], degree) for degree in range(3)]
    trained = [rmse(predict(X[rest], d, *m), y[rest]) for d, m in enumerate(models)]
    tested = rmse(predict(X[test], chosen, *models[chosen]), y[test])
    print(f"{len(X)} patients: {len(rest)} to train and validate, {len(test)} to test")
    print(f"{len(rest)} in {N} folds: {[len(f) for f in folds(len(rest), N)]};"
          f" 10 in 3 folds: {[len(f) for f in folds(10, 3)]}")  # fmt: skip
    print("\nError (RMSE)     " + "".join(f"{name:>10}" for name in names))
    print("  parameters     " + "".join(f"{len(m[2]):10d}" for m in models))
    for i in range(N):
        row = "".join(f"{e[i]:10.1f}" for e in errors)
        print(f"  validate on {i + 1}  {row}")
    averages = [sum(row) / N for row in errors]
    print("  average        " + "".join(f"{a:10.1f}" for a in averages))
    print("  on what it saw " + "".join(f"{t:10.1f}" for t in trained))
    print(
        f"  chosen: {names[chosen]}, trained again on all {len(rest)};"
        f" tested once: {tested:.1f}"
    )
    return {"n": len(X), "n_rest": len(rest), "n_train": len(train),
            "n_validation": len(validation), "n_test": len(test), "names": names,
            "parameters": [len(m[2]) for m in models], "fold_errors": errors,
            "fold_sizes_10_3": [len(f) for f in folds(10, 3)], "averages": averages,
            "chosen": names[chosen], "train_errors": trained,
            "by_training": names[trained.index(min(trained))],
            "test_error": tested}  # fmt: skip


# %%
def show_luck(X: Tensor, y: Tensor) -> dict[str, object]:
    """Part 2: how often one validation set misleads, and how often the average does."""
    N, times = 5, 200
    leads = lead(X, y, N, times)
    plot_luck(leads)
    alone, average = leads[:, 0], leads.mean(dim=1)
    print(f"\n{times} shuffles: which of linear and quadratic looks better?")
    for name, values in ((f"one part of {N}", alone), (f"average of {N}", average)):
        wrong = int((values < 0).sum())
        print(f"  {name:<14} quadratic {wrong:3d} times,"
              f" lead of linear {values.mean():.1f} +- {values.std():.1f}")  # fmt: skip
    return {"luck_N": N, "luck_times": times,
            "luck_one": (alone < 0).double().mean().item(),
            "luck_average": (average < 0).double().mean().item(),
            "luck_one_std": alone.std().item(),
            "luck_average_std": average.std().item()}  # fmt: skip


def show_leakage() -> dict[str, object]:
    """Part 3: 40 data sets of noise, features picked inside and outside the folds."""
    generator = torch.Generator().manual_seed(0)
    n, d, m, N, sets = 50, 1000, 20, 5, 40
    honest, leaky = [], []
    for _ in range(sets):
        X = torch.randn(n, d, generator=generator)
        y = torch.randint(2, (n,), generator=generator).float()
        honest.append(selected_accuracy(X, y, m, N, leak=False))
        leaky.append(selected_accuracy(X, y, m, N, leak=True))
    plot_leakage(honest, leaky)
    means = [sum(scores) / sets for scores in (honest, leaky)]
    print(f"\nNoise: {n} examples, {d} features, coin-flip labels, {sets} data sets")
    print(f"  {m} features picked inside each fold  {means[0]:.1%}")
    print(f"  {m} features picked on all the data   {means[1]:.1%}  <- leakage")
    return {"leak_n": n, "leak_features": d, "leak_picked": m, "leak_sets": sets,
            "leak_N": N, "honest_accuracy": means[0], "leaky_accuracy": means[1],
            "leaky_worst": min(leaky)}  # fmt: skip


def show_public() -> dict[str, object]:
    """Part 4: many coins, the best public score, and its private score."""
    generator = torch.Generator().manual_seed(0)
    models, examples, contests = 1000, 100, 200
    numbers = [1, 3, 10, 30, 100, 300, 1000]
    total = torch.zeros(len(numbers), 2, dtype=torch.float64)
    for _ in range(contests):
        public = coin_scores(models, examples, generator)
        private = coin_scores(models, examples, generator)
        scores = [winner(public, private, m) for m in numbers]
        total += torch.tensor(scores, dtype=torch.float64)
    best, after = (total / contests).T.tolist()
    plot_public(public, private, numbers, best, after)
    top, then = winner(public, private, models)
    print(f"\n{models} coins, {examples} public and {examples} private examples")
    print(f"  the best public score {top:.2f}, the same model in private {then:.2f}")
    print(f"  mean of {contests} contests   tried  public  private")
    for m, a, b in zip(numbers, best, after, strict=True):
        print(f"  {m:27d}  {a:6.3f}  {b:7.3f}")
    return {"models": models, "public_examples": examples, "contests": contests,
            "best_public": top, "its_private": then, "tried": numbers,
            "mean_public": best, "mean_private": after}  # fmt: skip


# %%
def main() -> dict[str, object]:
    """Run the four parts; return the values that the notes quote."""
    X, y = load()
    values = show_choice(X, y) | show_luck(X, y) | show_leakage() | show_public()
    plt.show()
    return values


# %%
if __name__ == "__main__":
    main()
