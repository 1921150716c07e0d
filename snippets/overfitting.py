# %% [markdown] lang="zh"
# # 过拟合：每一种办法都试一遍
#
# 训练损失小，测试损失大，就是过拟合。书上列了一串办法：更多数据、数据增强、
# 减少参数、共享参数、减少特征、早停、正则化、dropout。它们到底管不管用？
# 这里在同一个数据集上，每一种都实际训练、实际测量，不管用的也照实写出来。
# 最后再看模型的复杂程度与损失的关系。
# %% [markdown] lang="en"
# # Overfitting: every remedy, measured
#
# A small loss on the training data and a large one on the testing data is overfitting.
# The books list remedies: more data, data augmentation, fewer parameters, shared
# parameters, fewer features, early stopping, regularization, dropout. Do they help?
# Here each is trained and measured on one data set, and those that
# do not help are reported as well. At the end: loss against model complexity.

# %%
"""One data set, one overfitted model, and what each remedy does to it."""

import copy
import math
from collections.abc import Callable, Sequence

import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure
from sklearn.datasets import load_digits
from torch import Tensor, nn

torch.set_num_threads(1)  # the same sums, the same last digits, on every machine

Data = tuple[Tensor, Tensor]  # X (n, 64), labels (n,)
cross_entropy = nn.functional.cross_entropy

# %% [markdown] lang="zh"
# ## 数据：很少的手写数字
#
# 8×8 的手写数字，只拿 150 张来训练（“更多数据”那一组拿 600 张），其余 1197 张用来测试。
# %% [markdown] lang="en"
# ## The data: very few handwritten digits
#
# Handwritten digits of 8×8 pixels. Only 150 of them are for training (600 in the run
# with more data); the other 1197 are for testing.


# %%
def load(seed: int) -> tuple[Data, Data]:
    """Shuffle the digits; return 600 for training, of which runs take part, and the
    other 1197 for testing. Pixels go from 0 to 1."""
    images, labels = load_digits(return_X_y=True)
    X = torch.tensor(images / 16, dtype=torch.float32)
    y = torch.tensor(labels)
    order = torch.randperm(len(y), generator=torch.Generator().manual_seed(seed))
    first, rest = order[:600], order[600:]
    return (X[first], y[first]), (X[rest], y[rest])


def part(data: Data, start: int, stop: int) -> Data:
    """The examples from `start` up to `stop`."""
    return data[0][start:stop], data[1][start:stop]


# %% [markdown] lang="zh"
# ## 动数据：增强与更少的特征
# %% [markdown] lang="en"
# ## Changing the data: augmentation and fewer features


# %%
def shift(X: Tensor, rows: int, columns: int) -> Tensor:
    """Move every 8×8 image by whole pixels; what enters is empty. X (n, 64)."""
    images = torch.zeros(len(X), 10, 10, dtype=X.dtype)
    images[:, 1:9, 1:9] = X.reshape(-1, 8, 8)  # a rim of one empty pixel
    moved = images[:, 1 - rows : 9 - rows, 1 - columns : 9 - columns]
    return moved.reshape(-1, 64)


def augment(data: Data) -> Data:
    """Each image as it is and moved by a pixel up, down, left and right: 5 n images."""
    X, y = data
    moves = ((0, 0), (-1, 0), (1, 0), (0, -1), (0, 1))
    return torch.cat([shift(X, *move) for move in moves]), y.repeat(len(moves))


def coarse(data: Data) -> Data:
    """Average 2×2 pixels: 16 features in place of 64."""
    X, y = data
    blocks = X.reshape(-1, 4, 2, 4, 2).mean(dim=(2, 4))  # (n, 64) -> (n, 4, 4)
    return blocks.reshape(-1, 16), y


# %% [markdown] lang="zh"
# ## 动模型：宽的、窄的、共享参数的、带 dropout 的
# %% [markdown] lang="en"
# ## Changing the model: wide, narrow, with shared parameters, with dropout


# %%
def dense(width: int, features: int = 64, dropout: float = 0.0) -> nn.Sequential:
    """One hidden layer of ReLUs, ten logits."""
    return nn.Sequential(
        nn.Linear(features, width), nn.ReLU(), nn.Dropout(dropout), nn.Linear(width, 10)
    )


def convolutional() -> nn.Sequential:
    """Twelve 3×3 filters, each used at all 36 places: their parameters are shared."""
    return nn.Sequential(
        nn.Unflatten(1, (1, 8, 8)),
        nn.Conv2d(1, 12, 3),  # (n, 1, 8, 8) -> (n, 12, 6, 6)
        nn.ReLU(),
        nn.MaxPool2d(2),  # (n, 12, 6, 6) -> (n, 12, 3, 3)
        nn.Flatten(),
        nn.Linear(108, 10),
    )


def parameter_count(model: nn.Module) -> int:
    """All weights and biases."""
    return sum(p.numel() for p in model.parameters())


# %% [markdown] lang="zh"
# ## 训练：正则化与早停
#
# 正则化（权重衰减）在损失上加 $\lambda \lVert\theta\rVert^2$，把权重往零拉。
# 早停从训练数据里分出一部分作验证集，取验证损失最小的那一刻，绝不看测试集。
# %% [markdown] lang="en"
# ## Training: regularization and early stopping
#
# Regularization (weight decay) adds $\lambda \lVert\theta\rVert^2$ to the loss and
# pulls the weights towards zero. Early stopping puts part of the training data aside as
# a validation set and takes the moment of smallest validation loss. It never looks at
# the test set.


# %%
def train(
    model: nn.Module,
    data: Data,
    steps: int = 150,
    decay: float = 0.0,
    watch: Callable[[int], None] = lambda step: None,
) -> None:
    """Full-batch Adam on cross entropy + decay·‖θ‖²; `watch` sees every step."""
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01, fused=True)
    for step in range(steps):
        watch(step)
        model.train()
        loss = cross_entropy(model(data[0]), data[1])
        if decay:
            loss = loss + decay * sum(p.square().sum() for p in model.parameters())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    watch(steps)


@torch.no_grad()
def evaluate(model: nn.Module, data: Data) -> tuple[float, float]:
    """Return loss (mean cross entropy) and accuracy."""
    model.eval()
    z = model(data[0])
    accuracy = (z.argmax(dim=1) == data[1]).float().mean().item()
    return cross_entropy(z, data[1]).item(), accuracy


def train_stopping_early(model: nn.Module, data: Data, validation: Data) -> int:
    """Train, and go back to the step with the smallest validation loss; return it."""
    best, best_step, state = math.inf, 0, model.state_dict()

    def watch(step: int) -> None:
        nonlocal best, best_step, state
        loss, _ = evaluate(model, validation)
        if loss < best:
            best, best_step, state = loss, step, copy.deepcopy(model.state_dict())

    train(model, data, watch=watch)
    model.load_state_dict(state)
    return best_step


# %% [markdown] lang="zh"
# ## 八种办法
#
# 每一种只改一处，其余都和“什么也不做”一样。
# %% [markdown] lang="en"
# ## Eight remedies
#
# Each changes one thing; all else is as in the plain run.


# %%
def more_data(data: Data, test: Data) -> tuple[nn.Module, Data]:
    """Four times as many examples."""
    model = dense(64)
    train(model, data)
    return model, test


def augmentation(data: Data, test: Data) -> tuple[nn.Module, Data]:
    """Five images out of each."""
    model = dense(64)
    train(model, augment(part(data, 0, 150)))
    return model, test


def fewer_parameters(data: Data, test: Data) -> tuple[nn.Module, Data]:
    """8 hidden neurons in place of 64."""
    model = dense(8)
    train(model, part(data, 0, 150))
    return model, test


def shared_parameters(data: Data, test: Data) -> tuple[nn.Module, Data]:
    """A small convolutional network."""
    model = convolutional()
    train(model, part(data, 0, 150))
    return model, test


def fewer_features(data: Data, test: Data) -> tuple[nn.Module, Data]:
    """16 coarse pixels in place of 64."""
    model = dense(64, features=16)
    train(model, coarse(part(data, 0, 150)))
    return model, coarse(test)


def early_stopping(data: Data, test: Data) -> tuple[nn.Module, Data]:
    """120 examples to train on, 30 to decide when to stop."""
    model = dense(64)
    train_stopping_early(model, part(data, 0, 120), part(data, 120, 150))
    return model, test


def regularization(data: Data, test: Data) -> tuple[nn.Module, Data]:
    """Weight decay of 0.003."""
    model = dense(64)
    train(model, part(data, 0, 150), decay=0.003)
    return model, test


def dropout(data: Data, test: Data) -> tuple[nn.Module, Data]:
    """Half of the hidden neurons off, at random, in every step of training."""
    model = dense(64, dropout=0.5)
    train(model, part(data, 0, 150))
    return model, test


def plain(data: Data, test: Data) -> tuple[nn.Module, Data]:
    """No remedy: 64 hidden neurons, 150 examples."""
    model = dense(64)
    train(model, part(data, 0, 150))
    return model, test


REMEDIES = (plain, more_data, augmentation, fewer_parameters, shared_parameters,
            fewer_features, early_stopping, regularization, dropout)  # fmt: skip


def measure(
    remedy: Callable[[Data, Data], tuple[nn.Module, Data]], runs: int
) -> Tensor:
    """Testing loss and accuracy (runs, 2), each run with other data and weights."""
    results = []
    for seed in range(runs):
        torch.manual_seed(seed)
        results.append(evaluate(*remedy(*load(seed))))
    return torch.tensor(results)


# %% [markdown] lang="zh"
# ## 复杂程度与损失
#
# 换一个简单的例子，把“复杂程度”一级一级调上去：用多项式拟合 15 个带噪声的点，
# 次数从 0 到 12。重复许多次取平均，看训练误差和测试误差各怎样变。
# %% [markdown] lang="en"
# ## Complexity and loss
#
# Now a simple case in which complexity goes up degree by degree: polynomials of degree
# 0 to 12 fitted to 15 noisy points. Repeated many times and averaged: how do the
# training and the testing error change?


# %%
def noisy_points(n: int, generator: torch.Generator) -> Data:
    """n points of sin 3x with noise 0.3, x from −1 to 1, in double precision."""
    x = 2 * torch.rand(n, generator=generator, dtype=torch.float64) - 1
    noise = 0.3 * torch.randn(n, generator=generator, dtype=torch.float64)
    return x, torch.sin(3 * x) + noise


def basis(x: Tensor, degree: int) -> Tensor:
    """Chebyshev polynomials T₀ … T_degree of x: cos(k arccos x), (n, degree + 1)."""
    return torch.cos(torch.arange(degree + 1) * torch.arccos(x).unsqueeze(1))


def fit(x: Tensor, y: Tensor, degree: int) -> Tensor:
    """Coefficients of the least-squares polynomial, (degree + 1,)."""
    return torch.linalg.lstsq(basis(x, degree), y, driver="gelsd").solution


def rmse(x: Tensor, y: Tensor, w: Tensor) -> float:
    """Root of the mean square error of the polynomial with coefficients w."""
    return (basis(x, len(w) - 1) @ w - y).square().mean().sqrt().item()


def sweep(degrees: Sequence[int], n: int, draws: int) -> tuple[Tensor, Tensor]:
    """Median training and testing error for every degree, over many draws."""
    generator = torch.Generator().manual_seed(0)
    new = noisy_points(1000, generator)
    train_errors, test_errors = [], []
    for _ in range(draws):
        x, y = noisy_points(n, generator)
        fits = [fit(x, y, degree) for degree in degrees]
        train_errors.append([rmse(x, y, w) for w in fits])
        test_errors.append([rmse(*new, w) for w in fits])
    # The median: one polynomial that runs wild between two points moves any mean.
    both = (torch.tensor(errors) for errors in (train_errors, test_errors))
    low, high = (errors.median(dim=0).values for errors in both)
    return low, high


# %% [markdown] lang="zh"
# ## 画图
# %% [markdown] lang="en"
# ## Figures


# %%
def plot_gap(history: Tensor, stop: int) -> Figure:
    """Training and testing loss (steps, 2) of the plain model, and the early stop."""
    fig, ax = plt.subplots()
    ax.plot(history[:, 0], "--", color="C0", label="training loss")
    ax.plot(history[:, 1], "-", color="C1", label="testing loss")
    ax.axvline(stop, color="C5", ls=":")
    ax.annotate("early stop", (stop, 1.6), (6, 0), textcoords="offset points")
    ax.set(xlabel="updates", ylabel="loss", ylim=(0, 2.4))
    ax.legend(loc="upper right")
    return fig


def plot_remedies(names: Sequence[str], results: Sequence[Tensor]) -> Figure:
    """Testing loss, then accuracy: a dot a run, a bar for the mean; plain as a line."""
    fig, axes = plt.subplots(2, 1, sharex=False, figsize=(4.5, 7))
    rows = range(len(names))
    for ax, column, label in zip(axes, (0, 1), ("testing loss", "testing accuracy"),
                                 strict=True):  # fmt: skip
        means = [result[:, column].mean().item() for result in results]
        ax.axvline(means[0], color="C5", ls=":")
        for row, result in zip(rows, results, strict=True):
            values = result[:, column]
            ax.plot(values, [row] * len(values), "o", color="C0", ms=5, alpha=0.45)
        ax.plot(means, list(rows), "|", color="C1", ms=18, mew=3)
        ax.set_yticks(list(rows), names)
        ax.invert_yaxis()
        ax.locator_params(axis="x", nbins=5)
        ax.set(xlabel=label, ylabel="remedy")
    return fig


def plot_augmented(images: Tensor) -> Figure:
    """The five images that augmentation makes of one, (5, 8, 8)."""
    fig, axes = plt.subplots(1, 5, figsize=(4.5, 1.4))
    names = ("as it is", "up", "down", "left", "right")
    for ax, image, name in zip(axes, images, names, strict=True):
        ax.imshow(image.numpy(), cmap="gray_r", vmin=0, vmax=1)
        ax.set(xticks=[], yticks=[])
        ax.set_title(name)
    return fig


def plot_complexity(degrees: Sequence[int], low: Tensor, high: Tensor) -> Figure:
    """Training and testing error against the degree, the best one marked."""
    fig, ax = plt.subplots(figsize=(4.5, 3.6))
    best = int(high.argmin())
    ax.plot(degrees, low, "s--", color="C0", label="training")
    ax.plot(degrees, high, "o-", color="C1", label="testing")
    ax.plot(degrees[best], high[best], "o", color="C2", ms=13, mfc="none", mew=2.5)
    ax.annotate("best", (degrees[best], high[best]), (8, 14),
                textcoords="offset points", color="C2")  # fmt: skip
    ax.set(xlabel="model complexity (degree)", ylabel="error (RMSE)", ylim=(0, 1.0))
    ax.text(degrees[0], 0.86, "bias large")
    ax.text(degrees[-1], 0.86, "overfitting", ha="right")
    fig.legend(loc="outside upper center", ncols=2)
    return fig


def plot_polynomials(
    x: Tensor, y: Tensor, grid: Tensor, curves: Sequence[tuple[int, Tensor]]
) -> Figure:
    """The same points, fitted by polynomials of three degrees."""
    fig, axes = plt.subplots(3, 1, sharex=True, sharey=True, figsize=(4.5, 6))
    for ax, (degree, curve) in zip(axes, curves, strict=True):
        ax.plot(grid, torch.sin(3 * grid), "--", color="C5")
        ax.plot(grid, curve, color="C0")
        ax.plot(x, y, "o", color="C1", ms=5)
        ax.set(ylabel="$y$", ylim=(-2, 2))
        ax.set_title(f"degree {degree}")
    axes[-1].set_xlabel("$x$")
    return fig


# %% [markdown] lang="zh"
# ## 运行
# %% [markdown] lang="en"
# ## Run it


# %%
def show_gap() -> dict[str, object]:
    """The plain model step by step: the training loss falls, the testing loss turns."""
    torch.manual_seed(0)
    data, test = load(0)
    model, history = dense(64), []
    few, rest = part(data, 0, 150), part(data, 150, 300)

    def watch(step: int) -> None:
        history.append([evaluate(model, few)[0], evaluate(model, test)[0]])

    train(model, few, watch=watch)
    torch.manual_seed(0)
    stop = train_stopping_early(dense(64), few, rest)
    losses = torch.tensor(history)
    plot_gap(losses, stop)
    plot_augmented(augment(part(data, 0, 1))[0].reshape(5, 8, 8))
    best, last = losses[:, 1].min().item(), losses[-1]
    print("150 digits, 64 hidden neurons, no remedy")
    print(f"  training loss {last[0]:.4f}, testing loss {last[1]:.3f}", end=" ")
    print(f"(at best {best:.3f}, at update {int(losses[:, 1].argmin())})")
    return {
        "train_loss": last[0].item(),
        "test_loss": last[1].item(),
        "best_loss": best,
        "best_update": int(losses[:, 1].argmin()),
        "stop": stop,
    }


def show_remedies(runs: int = 5) -> dict[str, object]:
    """Every remedy, several times, with other data and other first weights."""
    results = [measure(remedy, runs) for remedy in REMEDIES]
    names = [remedy.__name__.replace("_", " ") for remedy in REMEDIES]
    plot_remedies(names, results)
    print(f"\nOn {len(load(0)[1][1])} testing digits: mean (spread) of {runs} runs")
    print("                       loss              accuracy")
    values: dict[str, object] = {"runs": runs, "n_test": len(load(0)[1][1])}
    for remedy, name, result in zip(REMEDIES, names, results, strict=True):
        (loss, rate), (dl, dr) = result.mean(dim=0), result.std(dim=0)
        print(f"  {name:18} {loss:6.3f} ({dl:.3f})     {rate:.3f} ({dr:.3f})")
        values[f"{remedy.__name__}_loss"] = loss.item()
        values[f"{remedy.__name__}_accuracy"] = rate.item()
    return values


def show_complexity() -> dict[str, object]:
    """Polynomials of growing degree on 15 noisy points."""
    degrees, n, draws = list(range(13)), 15, 200
    low, high = sweep(degrees, n, draws)
    best = int(high.argmin())
    x, y = noisy_points(n, torch.Generator().manual_seed(4))
    grid = torch.linspace(-1, 1, 301, dtype=torch.float64)
    chosen = (1, degrees[best], degrees[-1])
    curves = [(d, basis(grid, d) @ fit(x, y, d)) for d in chosen]
    plot_complexity(degrees, low, high)
    plot_polynomials(x, y, grid, curves)
    print(f"\nPolynomials on {n} noisy points, median error of {draws} draws")
    print("  degree    " + "  ".join(f"{d:5d}" for d in degrees[::2]))
    print("  training  " + "  ".join(f"{e:5.2f}" for e in low[::2]))
    print("  testing   " + "  ".join(f"{e:5.2f}" for e in high[::2]))
    print(f"  best on testing data: degree {best}")
    return {
        "points": n,
        "draws": draws,
        "best_degree": best,
        "degree_errors": high.tolist(),
        "degree_train_errors": low.tolist(),
    }


# %%
def main() -> dict[str, object]:
    """Run every experiment; return the values that the notes quote."""
    values = {**show_gap(), **show_remedies(), **show_complexity()}
    plt.show()
    return values


# %%
if __name__ == "__main__":
    main()
