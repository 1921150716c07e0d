# %% [markdown] lang="zh"
# # 选模型：验证集、交叉验证，以及两种自欺的做法
#
# 几个模型，该选哪一个？训练损失几乎总是偏爱最灵活的，测试集又不许碰。办法是从训练数据里
# 留出一部分来验证，再轮流换着留，取平均。最后看看两件不该做的事：让验证的样本混进了训练
# 之前的步骤（数据泄漏），以及按公开分数选模型。
# %% [markdown] lang="en"
# # Choosing a model: validation, cross-validation, and two ways to fool yourself
#
# Several models: which one? The training loss nearly always favours the most flexible,
# and the test set must not be touched. So hold back part of the training data to
# validate on, take turns at what is held back, and average. At the end, two things not
# to do: letting the validation examples into a step before training (data leakage), and
# choosing by the public score.

# %%
"""Cross-validation from scratch, a model and a λ chosen, and two ways to cheat."""

import math
from collections.abc import Callable
from itertools import combinations_with_replacement

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_diabetes
from sklearn.neighbors import NearestCentroid
from torch import Generator, Tensor
from torch.func import vmap

torch.set_num_threads(1)  # the same sums, the same last digits, on every machine

# %% name="parameters"
SEED = 0  # where every random number below starts from
TEST = 88  # patients that nobody looks at before the end
VALIDATION = 118  # patients to choose with, where there is one validation set
K = 5  # parts of cross-validation
SHUFFLES = 100  # orders of the data
SPLITS = 100  # choices of the test set
UNTUNED = 1.0  # λ where nobody has chosen one
LAMBDAS = [10 ** (power / 2) for power in range(-2, 9)]  # from 0.1 to 10 000
SETS = 60  # data sets of pure noise
CONTESTS = 100  # times that the best of many models is taken
TRIED = [1, 4, 16, 64, 256]  # how many of them

# %% [markdown] lang="zh"
# ## 数据：442 位糖尿病患者
#
# 由 10 项指标预测一年后病情的指数。先打乱，再切开；测试集只在最后用一次。
# %% [markdown] lang="en"
# ## The data: 442 diabetes patients
#
# Ten measurements, from which to predict an index of the disease one year later.
# Shuffle first, then cut; the test set is used once, at the end.


# %%
def load() -> tuple[Tensor, Tensor]:
    """X (442, 10) and the targets ŷ (442,), in raw units.

    Not scikit-learn's ready-scaled X, which was scaled with all 442 of them.
    """
    X, y_hat = load_diabetes(return_X_y=True, scaled=False)
    return torch.tensor(X), torch.tensor(y_hat)


def shuffles(count: int, N: int, generator: Generator) -> Tensor:
    """Orders of N examples: indices (count, N), every row a permutation of 0 … N−1."""
    return torch.stack([torch.randperm(N, generator=generator) for _ in range(count)])


def split(
    N: int, validation: int, test: int, generator: Generator
) -> tuple[Tensor, Tensor, Tensor]:
    """Shuffle the indices 0 … N−1; cut them into training, validation and test set.

    Raises ValueError unless at least one example is left to train on.
    """
    training = N - validation - test
    if min(validation, test) < 0 or training < 1:
        raise ValueError(f"{validation} + {test} of {N} leave {training} to train on")
    shuffled = torch.randperm(N, generator=generator)
    train, validate, tests = shuffled.split([training, validation, test])
    return train, validate, tests


# %% name="sizes"
if __name__ == "__main__":
    patients, targets = load()
    generator = Generator().manual_seed(SEED)
    train, validate, test = split(len(targets), VALIDATION, TEST, generator)
    rest = torch.cat([train, validate])  # all that is not for the test
    X, y_hat = patients[rest], targets[rest]
    sizes = [len(train), len(validate), len(test)]
    print(f"train {sizes[0]}, validate {sizes[1]}, test {sizes[2]}")

# %% [markdown] lang="zh"
# ## K 折：轮流验证
#
# $N$ 个样本分成 $K$ 份，第 $i$ 轮用第 $i$ 份验证，用其余的训练。$N$ 不能被 $K$ 整除时，
# 多出来的样本不能丢，前几份各多拿一个。10 个样本分 3 份，各是几个？
# %% [markdown] lang="en"
# ## K folds: everyone validates once
#
# Cut $N$ examples into $K$ parts; round $i$ validates on part $i$ and trains on the
# rest. If $K$ does not divide $N$, nothing is dropped: the first few parts take one
# more. Ten examples in three parts: how many in each?


# %%
def folds(N: int, K: int) -> list[Tensor]:
    """Cut the indices 0 … N−1, in their order, into K parts of (almost) equal size.

    The first N mod K parts are one longer, as in scikit-learn's `KFold`.
    """
    if not 2 <= K <= N:
        raise ValueError(f"K = {K} parts of N = {N} examples: choose K from 2 to N")
    size, longer = divmod(N, K)
    return list(torch.arange(N).split([size + 1] * longer + [size] * (K - longer)))


def rounds(N: int, K: int) -> list[tuple[Tensor, Tensor]]:
    """K times (training indices, validation indices): every part validates once."""
    parts = folds(N, K)
    return [
        (torch.cat(parts[:i] + parts[i + 1 :]), part) for i, part in enumerate(parts)
    ]


# %% name="ten_in_three"
if __name__ == "__main__":
    part_sizes = [len(part) for part in folds(10, 3)]
    for training, validation in rounds(10, 3):
        print(training.tolist(), "|", validation.tolist())

# %% [markdown] lang="zh"
# ## 模型：岭回归
#
# 模型是指标的多项式，次数是 0、1 或 2：常数，线性，二次。岭回归（ridge regression）的权
# 重有公式解，$\lambda = 0$ 就是最小二乘。特征先标准化：均值和标准差*只*从训练的样本里
# 算。
# %% [markdown] lang="en"
# ## The models: ridge regression
#
# The models are polynomials of the measurements, of degree 0, 1 or 2: constant, linear,
# quadratic. The weights of ridge regression have a closed form; $\lambda = 0$ is least
# squares. Features are standardized first, with a mean and a standard deviation
# computed from the examples trained on, *and no others*.


# %%
def polynomial(Z: Tensor, degree: int) -> Tensor:
    """1 and all products of up to `degree` columns of Z (N, d), side by side: (N, P).

    P is 1, d + 1 or (d + 1)(d + 2)/2 for degree 0, 1 or 2.
    """
    columns = [torch.ones_like(Z[:, :1])]
    for order in range(1, degree + 1):
        factors = list(combinations_with_replacement(range(Z.shape[1]), order))
        columns.append(Z[:, torch.tensor(factors)].prod(dim=2))  # (N, products, order)
    return torch.cat(columns, dim=1)


def fit(
    X: Tensor, y_hat: Tensor, degree: int, lam: float | Tensor
) -> Callable[[Tensor], Tensor]:
    """Ridge regression on X (N, d) and ŷ (N,); return the function that predicts.

    Its weights w minimize Σ(ŷ − Φw)² + λ‖w‖², the constant's weight not counted in
    ‖w‖². No column of X may be constant.
    """
    mean, std = X.mean(dim=0), X.std(dim=0)  # of the examples trained on, no others

    def features(X: Tensor) -> Tensor:
        return polynomial((X - mean) / std, degree)

    Phi = features(X)  # (N, P)
    penalty = torch.eye(Phi.shape[1], dtype=X.dtype)
    penalty[0, 0] = 0
    w = torch.linalg.solve(Phi.mT @ Phi + lam * penalty, Phi.mT @ y_hat)
    return lambda X: features(X) @ w


def rmse(y: Tensor, y_hat: Tensor) -> Tensor:
    """Root mean squared error, in the units of ŷ."""
    return (y - y_hat).square().mean().sqrt()


# %%
def cross_validate(
    X: Tensor, y_hat: Tensor, degree: int, lam: float | Tensor, K: int
) -> Tensor:
    """The K validation errors (K,) of one model, trained anew in every round."""
    errors = []
    for train, validate in rounds(len(X), K):
        model = fit(X[train], y_hat[train], degree, lam)
        errors.append(rmse(model(X[validate]), y_hat[validate]))
    return torch.stack(errors)


def shuffled_rounds(
    X: Tensor, y_hat: Tensor, orders: Tensor, degree: int, lam: float, K: int
) -> Tensor:
    """The errors (shuffles, K) for each order of the data, a row of orders."""
    return vmap(lambda o: cross_validate(X[o], y_hat[o], degree, lam, K))(orders)


# %% [markdown] lang="zh"
# ## 先打乱
#
# 如果数据是按目标从小到大排好的，交叉验证会说什么？
# %% [markdown] lang="en"
# ## Shuffle first
#
# If the data come sorted by the target, what does cross-validation say?

# %% name="sorted_first"
if __name__ == "__main__":
    orders = shuffles(SHUFFLES, len(X), generator)
    by_target = y_hat.argsort()
    errors = shuffled_rounds(X, y_hat, orders, 1, UNTUNED, 3).mean(dim=1)
    sorted_rounds = cross_validate(X[by_target], y_hat[by_target], 1, UNTUNED, 3)
    sorted_error = sorted_rounds.mean().item()
    shuffled_mean, shuffled_spread = errors.mean().item(), errors.std().item()
    print(f"sorted    {sorted_error:.1f}")
    print(f"shuffled  {shuffled_mean:.1f} ± {shuffled_spread:.1f}")

# %% [markdown] lang="zh"
# 没有打乱时，每一轮都要预测一段从没见过的目标，误差大得多。
#
# ## 三个模型，三折
#
# 都用 $\lambda = 1$。训练误差选谁？交叉验证选谁？
# %% [markdown] lang="en"
# Unshuffled, every round has to predict targets of a range it has never seen, and the
# error is far larger.
#
# ## Three models, three folds
#
# All with $\lambda = 1$. Which of them does the training error choose, and which does
# cross-validation?


# %%
def choose(errors: Tensor) -> int:
    """The row of errors (J, K) with the smallest average; the first at a tie."""
    return int(errors.mean(dim=1).argmin())


# %% name="table"
if __name__ == "__main__":
    names = ["constant", "linear", "quadratic"]
    fold_errors = torch.stack(
        [cross_validate(X, y_hat, degree, UNTUNED, 3) for degree in range(3)]
    )  # (J, K)
    models = [fit(X, y_hat, degree, UNTUNED) for degree in range(3)]
    training_errors = torch.stack([rmse(model(X), y_hat) for model in models])
    rows = {f"round {i + 1}": row for i, row in enumerate(fold_errors.T)}
    rows |= {"average": fold_errors.mean(dim=1), "training": training_errors}
    print("         " + "".join(f"{name:>10}" for name in names))
    for row_name, row in rows.items():
        print(f"{row_name:9}" + "".join(f"{error:10.1f}" for error in row))
    print(f"chosen: {names[choose(fold_errors)]}")

# %% [markdown] lang="zh"
# 训练误差偏爱二次模型，交叉验证选线性模型。不过这样比公平吗？二次模型的 $\lambda$ 没有
# 调过。
#
# ## 选 λ
#
# 每个模型，每个 $\lambda$，都做交叉验证，换许多种打乱的顺序。
# %% [markdown] lang="en"
# The training error favours the quadratic model, cross-validation chooses the linear
# one. But is that fair? Nobody has tuned the quadratic model's $\lambda$.
#
# ## Choosing λ
#
# Cross-validate each model with each $\lambda$, for many orders of the data.


# %%
def validation_curve(X: Tensor, y_hat: Tensor, degree: int, K: int) -> Tensor:
    """Validation errors (λs, K) of one degree at every λ."""
    lambdas = torch.tensor(LAMBDAS, dtype=X.dtype)
    return vmap(lambda lam: cross_validate(X, y_hat, degree, lam, K))(lambdas)


# %% name="strength"
if __name__ == "__main__":
    curve_mean, best_lambda = [], []
    fig, ax = plt.subplots()
    for degree, style, marker in (1, "--", "s"), (2, "-", "o"):
        curves = [validation_curve(X[o], y_hat[o], degree, K) for o in orders]
        averages = torch.stack(curves).mean(dim=2)  # (shuffles, λs)
        mean, spread = averages.mean(dim=0), averages.std(dim=0)
        best = int(mean.argmin())
        curve_mean.append(mean.tolist())
        best_lambda.append(LAMBDAS[best])
        color = f"C{degree - 1}"
        ax.plot(LAMBDAS, mean, style, color=color, label=names[degree])
        ax.fill_between(LAMBDAS, mean - spread, mean + spread, color=color, alpha=0.2)
        ax.plot(LAMBDAS[best], mean[best], marker, color=color, ms=9)
        print(f"{names[degree]:9}  λ {LAMBDAS[best]:5.1f}, error {mean[best]:.1f}")
    ax.set(xscale="log", xlabel=r"$\lambda$", ylabel="validation error", ylim=(50, 70))
    ax.legend(loc="lower left")
    plt.show()

# %% [markdown] lang="zh"
# 二次模型非要 $\lambda$ 不可；线性模型有没有都一样。太大的 $\lambda$ 把两个都压坏了。
#
# ## 一份的运气
#
# 现在两个模型只差一点。只用一份验证，会选哪个？用 $K$ 份的平均呢？
# %% [markdown] lang="en"
# The quadratic model needs its $\lambda$; the linear one does as well without. Too
# large a $\lambda$ spoils both.
#
# ## One part is luck
#
# Now the two models differ by little. Which one does a single part choose, and which
# the average of $K$?

# %% name="luck"
if __name__ == "__main__":
    linear, quadratic = (
        shuffled_rounds(X, y_hat, orders, degree, lam, K)
        for degree, lam in enumerate(best_lambda, start=1)
    )  # (shuffles, K) each
    lead = quadratic - linear  # below 0: quadratic looks better
    by_one, by_all = lead[:, 0], lead.mean(dim=1)
    luck_one, luck_all = ((by < 0).double().mean().item() for by in (by_one, by_all))
    print(f"one part chooses quadratic  {luck_one:4.0%}")
    print(f"{K} parts choose quadratic   {luck_all:4.0%}")
    fig, ax = plt.subplots()
    edges = torch.linspace(-8, 8, 33).tolist()
    ax.hist(by_one.clamp(-8, 8), edges, label="one part")
    ax.hist(by_all, edges, histtype="step", lw=2, label="their average")
    ax.axvline(0, color="C5", ls="--")
    ax.set(xlabel="error of quadratic − error of linear", ylabel="shuffles")
    ax.legend(loc="upper left")
    plt.show()

# %% [markdown] lang="zh"
# 一份常常看走眼，平均就少得多。选定以后，用全部训练数据重新训练，测试集用一次：
# %% [markdown] lang="en"
# One part often misjudges, the average far less often. Once it is chosen, train the
# model again on all training data, and use the test set once:

# %% name="final"
if __name__ == "__main__":
    degree = 1 + choose(torch.tensor(curve_mean).amin(dim=1, keepdim=True))
    model = fit(X, y_hat, degree, best_lambda[degree - 1])
    test_error = rmse(model(patients[test]), targets[test]).item()
    print(f"{names[degree]}, test error {test_error:.1f}")

# %% [markdown] lang="zh"
# ## 选得好不好：换许多个测试集
#
# 每次另抽一个测试集，用其余的样本选模型和 $\lambda$，再用全部训练数据重新训练，测试一
# 次。另一种选法：在平均误差不超过最小值加一个标准误的 $\lambda$ 里，取最大的（一倍标准
# 误规则）。
# %% [markdown] lang="en"
# ## Was the choice good? Many test sets
#
# Draw a new test set every time, choose model and $\lambda$ on the rest, train again on
# all of that, test once. Another way to choose: of all $\lambda$ whose average is
# within one standard error of the smallest, take the largest (one-standard-error rule).


# %%
def one_standard_error(errors: Tensor) -> int:
    """The last row of errors (λs, K), λ ascending, within one standard error.

    That is: its average is at most the smallest average plus that row's standard
    error, the standard deviation of its K errors over √K.
    Source: Hastie et al., The Elements of Statistical Learning, section 7.10.1.
    """
    averages = errors.mean(dim=1)
    smallest = averages.argmin()
    limit = averages[smallest] + errors[smallest].std() / math.sqrt(errors.shape[1])
    return int((averages <= limit).nonzero().max())


def recipes(X: Tensor, y_hat: Tensor, K: int) -> dict[str, tuple[int, float]]:
    """Degree and λ: the cross-validated choice first, and what to compare it with."""
    curves = [validation_curve(X, y_hat, degree, K) for degree in (1, 2)]
    linear, quadratic = (choose(curve) for curve in curves)
    i = choose(torch.stack([curves[0][linear], curves[1][quadratic]]))
    return {
        "chosen": (i + 1, LAMBDAS[(linear, quadratic)[i]]),
        "one standard error": (i + 1, LAMBDAS[one_standard_error(curves[i])]),
        "linear, λ = 1": (1, UNTUNED),
        "quadratic, λ = 1": (2, UNTUNED),
        "quadratic, λ chosen": (2, LAMBDAS[quadratic]),
    }


# %% name="outer"
if __name__ == "__main__":
    tested, chosen_degrees = [], []
    for _ in range(SPLITS):
        train, empty, fresh = split(len(targets), 0, TEST, generator)
        options = recipes(patients[train], targets[train], K)
        models = [fit(patients[train], targets[train], *o) for o in options.values()]
        tested.append([rmse(m(patients[fresh]), targets[fresh]) for m in models])
        chosen_degrees.append(options["chosen"][0])
    test_errors = torch.tensor(tested)  # (splits, recipes)
    difference = test_errors - test_errors[:, :1]  # in pairs: from the one chosen
    mean, spread = difference.mean(dim=0), difference.std(dim=0)
    print("test error          mean    difference")
    table = zip(options, test_errors.mean(dim=0), mean, spread, strict=True)
    for row in table:
        print("{:19}{:5.1f}  {:+6.1f} ± {:.1f}".format(*row))
    print(f"linear chosen {chosen_degrees.count(1)} times of {SPLITS}")

# %% [markdown] lang="zh"
# 选出来的和最好的那一行差不多；一倍标准误规则选得更保守，误差略大。
#
# ## 数据泄漏
#
# 标签是抛硬币得来的，特征是纯噪声：平均起来，谁也不可能猜得比一半更准。从 1000 个特征里
# 挑出与标签最相关的 20 个，再交叉验证一个最简单的分类器。唯一的区别是：挑特征用*全部*样
# 本（泄漏），还是只用每一轮训练的样本。
# %% [markdown] lang="en"
# The choice is about as good as the best row; the one-standard-error rule is
# more cautious, with a slightly larger error.
#
# ## Leakage
#
# Labels are coin flips, features pure noise: on average nobody can be right more than
# half of the time. Pick the 20 of 1000 features most correlated with the label, then
# cross-validate the simplest of classifiers. The only difference: *all* examples pick
# the features (leakage), or just those that a round trains on.


# %%
def most_correlated(X: Tensor, labels: Tensor, count: int) -> Tensor:
    """The columns (count,) of X (N, d) of largest |correlation| with the labels."""
    X, labels = X - X.mean(dim=0), labels - labels.mean()
    correlation = (X.mT @ labels) / (X.norm(dim=0) * labels.norm())  # (d,)
    return correlation.abs().topk(count).indices


def selected_accuracy(
    X: Tensor, labels: Tensor, count: int, K: int, leak: bool
) -> float:
    """Cross-validated accuracy with `count` features picked from X (N, d).

    All examples pick them if `leak`, else in every round those trained on.
    Source: Hastie et al., The Elements of Statistical Learning, section 7.10.2.
    """
    accuracies = []
    for train, validate in rounds(len(X), K):
        seen = torch.arange(len(X)) if leak else train
        picked = X[:, most_correlated(X[seen], labels[seen], count)]
        model = NearestCentroid().fit(picked[train], labels[train])
        accuracies.append(model.score(picked[validate], labels[validate]))
    return sum(accuracies) / K


# %% name="leakage"
if __name__ == "__main__":
    honest, leaky = [], []
    for _ in range(SETS):
        noise = torch.randn(50, 1000, generator=generator)
        labels = torch.randint(2, (50,), generator=generator).float()
        honest.append(selected_accuracy(noise, labels, 20, K, leak=False))
        leaky.append(selected_accuracy(noise, labels, 20, K, leak=True))
    fig, ax = plt.subplots(figsize=(4.5, 2.6))
    edges = torch.linspace(0.2, 1.0, 33).tolist()
    ways = (honest, "in each round", ""), (leaky, "on all data", "//")
    for accuracy, name, hatch in ways:
        ax.hist(accuracy, edges, hatch=hatch, label=name, alpha=0.6)
        spread = torch.tensor(accuracy).std()
        print(f"{name:13}  {sum(accuracy) / SETS:.2f} ± {spread:.2f}")
    ax.set(xlabel="cross-validated accuracy", ylabel="data sets", yticks=[0, 10, 20])
    ax.legend(title="features picked")
    plt.show()

# %% [markdown] lang="zh"
# 全是噪声，泄漏却让它看起来很准。
#
# ## 按公开分数选：抛硬币
#
# $J$ 个“模型”，个个在抛硬币，公开的题有 100 道。最好的公开分数有多高？$J$ 个准确率里最
# 大的，平均不超过 $\frac12 + \sqrt{\ln J / (2N)}$。
# %% [markdown] lang="en"
# It is all noise, and leakage makes it look accurate.
#
# ## Choosing by the public score: coins
#
# $J$ "models", each of them a coin, and 100 public questions. How high is the best
# public score? The largest of $J$ accuracies is on average at most
# $\frac12 + \sqrt{\ln J / (2N)}$.


# %%
def coin_scores(J: int, N: int, generator: Generator) -> Tensor:
    """Accuracy (J,) of J models that flip a coin for each of N yes-no questions."""
    answers = torch.randint(2, (N,), generator=generator)
    guesses = torch.randint(2, (J, N), generator=generator)
    return (guesses == answers).double().mean(dim=1)


def winners(public: Tensor, private: Tensor, tried: list[int]) -> Tensor:
    """(tried, 2): of the first 1, 2, … models, the winner's public and private score.

    The scores, (J,) each, are such that larger is better.
    """
    best = [int(public[:count].argmax()) for count in tried]
    return torch.stack([public[best], private[best]], dim=1)


# %% name="coins"
if __name__ == "__main__":
    contests = []
    for _ in range(CONTESTS):
        public, private = (coin_scores(TRIED[-1], 100, generator) for _ in range(2))
        contests.append(winners(public, private, TRIED))
    coin_public, coin_private = torch.stack(contests).mean(dim=0).T  # (tried,) each
    bounds = [0.5 + math.sqrt(math.log(J) / (2 * 100)) for J in TRIED]
    print("tried  public  private  bound")
    for row in zip(TRIED, coin_public, coin_private, bounds, strict=True):
        print("{:5}  {:6.2f}  {:7.2f}  {:5.2f}".format(*row))
    fig, ax = plt.subplots()
    ax.plot(TRIED, bounds, ":", color="C5", label="bound")
    ax.plot(TRIED, coin_public, "o-", color="C1", label="public score")
    ax.plot(TRIED, coin_private, "s--", color="C0", label="private score")
    ax.set(xscale="log", xlabel="models tried", ylim=(0.45, 0.75))
    ax.set(ylabel="score of the winner")
    ax.legend(loc="upper left")
    plt.show()

# %% [markdown] lang="zh"
# 试得越多，公开分数越高，私有分数还是一半。
#
# ## 换成真的模型
#
# 线性模型，每次随机取 200 位患者中的 50 位来训练，得到 $J$ 个模型；用另外 50 位给它们打
# 分，取最好的。再看它在其余患者身上的误差。
# %% [markdown] lang="en"
# The more are tried, the higher the public score; the private one stays at one half.
#
# ## With real models
#
# A linear model, trained each time on a random 50 of 200 patients: $J$ models. Score
# them on another 50, take the best, and look at its error on all the other patients.


# %%
def retrained(X: Tensor, y_hat: Tensor, draws: Tensor, parts: list[Tensor]) -> Tensor:
    """Errors (parts, J), on each part, of linear models trained on the rows of draws.

    draws (J, examples) and each of the parts hold indices of examples.
    """

    def errors(draw: Tensor) -> Tensor:
        model = fit(X[draw], y_hat[draw], 1, UNTUNED)
        return torch.stack([rmse(model(X[part]), y_hat[part]) for part in parts])

    return vmap(errors, out_dims=1)(draws)


# %% name="real_models"
if __name__ == "__main__":
    contests = []
    for _ in range(CONTESTS):
        train, *parts = split(len(targets), 50, 192, generator)
        draws = train[shuffles(TRIED[-1], len(train), generator)[:, :50]]
        seen, fresh = retrained(patients, targets, draws, parts)
        contests.append(-winners(-seen, -fresh, TRIED))  # a small error is a good score
    seen_error, fresh_error = torch.stack(contests).mean(dim=0).T
    print("       error of the winner")
    print("tried  chosen on  fresh")
    for row in zip(TRIED, seen_error, fresh_error, strict=True):
        print("{:5}  {:9.1f}  {:5.1f}".format(*row))

# %% [markdown] lang="zh"
# 在用来选的那 50 位患者身上，赢家的误差一路变小；在没见过的患者身上，很快就几乎不变。
# 选是有用的；选出来的那个分数，不能信。
# %% [markdown] lang="en"
# On the 50 patients used for choosing, the winner's error gets ever smaller; on fresh
# ones it soon hardly changes. Choosing helps; the winner's score is not to be believed.
