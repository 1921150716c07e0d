# %% [markdown] lang="zh"
# # 过拟合：每一种办法都试一遍
#
# 训练损失小，测试损失大，常常是过拟合。课上列了一串办法：更多数据、数据增强、减少参数、
# 共享参数、减少特征、早停、正则化、随机失活。在同一个数据集上，每一种都用验证集调好强
# 度，再和“什么也不做”一对一对地比。
# %% [markdown] lang="en"
# # Overfitting: every remedy, tried
#
# A small training loss and a large test loss are most often overfitting. The lecture
# lists remedies: more data, data augmentation, fewer parameters, shared parameters,
# fewer features, early stopping, regularization, dropout. Here each gets its strength
# from a validation set and is compared with doing nothing, pair by pair, on one data
# set.

# %%
"""One small data set, and what every remedy of the lecture does for it."""

import math
from functools import partial
from typing import NamedTuple

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits
from torch import Generator, Tensor, nn
from torch.func import functional_call, stack_module_state, vmap
from torch.nn.functional import cross_entropy, max_pool2d

torch.set_num_threads(1)  # the same sums, the same last digits, on every machine

Data = tuple[Tensor, Tensor]  # X (runs, N, 1, 8, 8), labels (runs, N)
Parameters = dict[str, Tensor]  # each with a leading dimension of runs

# %% name="parameters"
SEED = 0  # where every random number below starts from
RUNS = 8  # draws of the training data, each with its own first weights
FEW = 100  # images to train on
MORE = 400  # images where there are more of them
KEPT = 100  # images of a validation set
TEST = 597  # images of the test set, the same in all runs
UPDATES = 100
ETA = 0.01  # Adam's learning rate
EVERY = 5  # updates between two looks at the validation loss

# %% [markdown] lang="zh"
# ## 数据：很少的手写数字
#
# 测试集先抽出来放在一边，各次运行都一样。其余的图像每次重新洗牌，从中取训练集和验证集。
# %% [markdown] lang="en"
# ## The data: few handwritten digits
#
# The test set is put aside first, the same for all runs. The rest is shuffled anew for
# every run, and gives its training and its validation set.


# %%
def load() -> tuple[Data, Data, Data]:
    """Training, validation and test data of RUNS runs; pixels go from 0 to 1."""
    images, labels = load_digits(return_X_y=True)
    X = torch.tensor(images / 16, dtype=torch.float32).view(-1, 1, 8, 8)
    y = torch.tensor(labels)
    generator = Generator().manual_seed(SEED)
    order = torch.randperm(len(y), generator=generator)
    test, rest = order[:TEST].expand(RUNS, -1), order[TEST:]
    draws = [torch.randperm(len(rest), generator=generator) for _ in range(RUNS)]
    shuffled = rest[torch.stack(draws)]  # (runs, 1200)
    training, validation = shuffled[:, :MORE], shuffled[:, MORE : MORE + KEPT]
    train_data, validation_data, test_data = (
        (X[rows], y[rows]) for rows in (training, validation, test)
    )
    return train_data, validation_data, test_data


# %% [markdown] lang="zh"
# ## 办法列成一张表
#
# 一份 `Recipe` 说明一个网络怎样造、怎样训练；默认值就是“什么也不做”。每种办法只改其中
# 一项，这一项的强度有几档。
# %% [markdown] lang="en"
# ## The remedies as one table
#
# A `Recipe` says how a network is built and trained; its defaults mean no remedy. Each
# remedy changes one entry, at several strengths.


# %%
class Recipe(NamedTuple):
    """How a network is built and trained; the defaults are no remedy at all."""

    examples: int = FEW
    shift: float = 0.0  # each image moves by up to so many pixels, anew every update
    width: int = 64  # hidden neurons
    filters: int = 0  # a convolutional network with so many, instead of hidden neurons
    pool: tuple[int, int] = (1, 1)  # so many pixels, averaged, are one feature
    early: bool = False  # early stopping
    decay: float = 0.0  # λ of weight decay
    p: float = 0.0  # the probability of dropping a neuron


REMEDIES = {
    "more_data": [Recipe(examples=MORE)],
    "augmentation": [Recipe(shift=pixels) for pixels in (0.5, 1.0, 1.5)],
    "fewer_parameters": [Recipe(width=k) for k in (8, 16, 32)],
    "sharing": [Recipe(filters=k) for k in (8, 32, 96)],
    "fewer_features": [Recipe(pool=size) for size in ((2, 2), (1, 2))],
    "early_stopping": [Recipe(early=True)],
    "weight_decay": [Recipe(decay=decay) for decay in (0.1, 0.5, 2.0)],
    "dropout": [Recipe(p=p) for p in (0.2, 0.5, 0.8)],
}

# %% [markdown] lang="zh"
# ## 数据增强：移动一点点
#
# 移动 $1.5$ 个像素，是移动 $1$ 个和 $2$ 个的平均。写成矩阵：第 $i$ 行的新像素，由离
# $i - 1.5$ 不到一个像素的那些旧像素加权得来。
# %% [markdown] lang="en"
# ## Augmentation: move a little
#
# A move by $1.5$ pixels is the average of moves by $1$ and by $2$. As a matrix: the new
# pixel in row $i$ is a weighted sum of the old ones less than a pixel from $i - 1.5$.


# %%
def shift(X: Tensor, down: Tensor, right: Tensor) -> Tensor:
    """Move images (n, 1, 8, 8) by pixels (n,), down and right; what enters is empty."""
    i = torch.arange(8)

    def move(by: Tensor) -> Tensor:  # (n,) -> (n, 1, 8, 8)
        distance = i[:, None] - i - by[:, None, None, None]
        return (1 - distance.abs()).clamp(min=0)

    return move(down) @ X @ move(right).mT


def augment(X: Tensor, most: float) -> Tensor:
    """Move each image (runs, N, 1, 8, 8) at random, by up to `most` pixels each way."""
    images = X.flatten(0, 1)
    down, right = most * (2 * torch.rand(2, len(images)) - 1)
    return shift(images, down, right).view_as(X)


# %% name="augmented"
if __name__ == "__main__":
    training, validation, held_out = load()
    names = ["as it is", "up", "down", "left", "right"]
    moves = torch.tensor([[0.0, 0], [-1, 0], [1, 0], [0, -1], [0, 1]])
    fig, axes = plt.subplots(1, 5, figsize=(4.5, 1.4))
    moved = shift(training[0][0, :1].expand(5, -1, -1, -1), *moves.T)
    for ax, image, name in zip(axes, moved, names, strict=True):
        ax.imshow(image[0].numpy(), cmap="gray_r", vmin=0, vmax=1)
        ax.set(xticks=[], yticks=[], title=name)
    plt.show()

# %% [markdown] lang="zh"
# ## 随机失活：训练时随机关掉，留下的放大
#
# 每个激活值以概率 $p$ 变成 $0$，留下的除以 $1 - p$，期望就不变。测试时什么也不做。
# %% [markdown] lang="en"
# ## Dropout: switch off at random, enlarge the rest
#
# Each activation becomes $0$ with probability $p$; the ones that stay are divided by
# $1 - p$, which leaves the expectation as it was. In testing, nothing is done.


# %%
class Dropout(nn.Module):
    """Training: zero with probability 0 ≤ p < 1, else divide by 1 − p."""

    def __init__(self, p: float) -> None:
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError(f"p = {p} is not from 0 up to, but not including, 1")
        self.p = p

    def forward(self, a: Tensor) -> Tensor:
        """Activations of any shape in, the same shape out."""
        if not self.training or self.p == 0:
            return a
        kept = torch.rand_like(a) >= self.p
        return a * kept / (1 - self.p)


# %% name="expectation"
if __name__ == "__main__":
    torch.manual_seed(SEED)
    layer, ones = Dropout(0.6), torch.ones(100_000)
    print(f"training: {[round(v, 1) for v in layer(ones)[:6].tolist()]}")
    mean_dropped = layer(ones).mean().item()
    print(f"mean of many: {mean_dropped:.2f}")
    print(f"testing:  {layer.eval()(ones)[:6].tolist()}")

# %% [markdown] lang="zh"
# ## 共享参数：同一个小神经元，处处使用
#
# 卷积就是把同一个线性层用在每一块 $5 \times 5$ 的像素上。
# %% [markdown] lang="en"
# ## Sharing: one small neuron, used everywhere
#
# A convolution is one linear layer, applied to every patch of $5 \times 5$ pixels.


# %%
class Convolution(nn.Module):
    """A linear layer on each 5×5 patch, the largest of 2×2 places, then ReLU."""

    def __init__(self, filters: int) -> None:
        super().__init__()
        self.linear = nn.Linear(25, filters)  # the same for all 16 patches

    def forward(self, X: Tensor) -> Tensor:
        """Images (N, 1, 8, 8) in, features (N, filters, 2, 2) out."""
        patches = X[:, 0].unfold(1, 5, 1).unfold(2, 5, 1)  # (N, 4, 4, 5, 5)
        z = self.linear(patches.flatten(3))  # (N, 4, 4, filters)
        return torch.relu(max_pool2d(z.movedim(3, 1), 2))


def build(recipe: Recipe) -> nn.Sequential:
    """One hidden layer, dense or convolutional; images (N, 1, 8, 8), logits (N, 10)."""
    if recipe.filters:
        out = nn.Linear(4 * recipe.filters, 10)
        return nn.Sequential(Convolution(recipe.filters), nn.Flatten(), out)
    coarser = nn.AvgPool2d(recipe.pool) if math.prod(recipe.pool) > 1 else nn.Identity()
    return nn.Sequential(
        coarser,
        nn.Flatten(),
        nn.Linear(64 // math.prod(recipe.pool), recipe.width),
        nn.ReLU(),
        Dropout(recipe.p),
        nn.Linear(recipe.width, 10),
    )


# %% [markdown] lang="zh"
# ## 训练：许多网络一起
#
# 各次运行的参数叠在一起，多出最前面一维，一次更新就是所有运行的更新。验证损失每隔几次更
# 新看一次；早停留下它最低时的参数。
# %% [markdown] lang="en"
# ## Training: many networks at once
#
# The parameters of all runs are stacked along a new first dimension, and one update is
# an update of every run. Every few updates we look at the validation loss; early
# stopping keeps the parameters of its lowest.


# %%
def stack(recipe: Recipe) -> tuple[nn.Module, Parameters]:
    """RUNS networks, each with its own first weights, as one and its parameters."""
    networks = []
    for run in range(RUNS):
        torch.manual_seed(SEED + run)  # equal networks start from equal weights
        networks.append(build(recipe))
    return networks[0], stack_module_state(networks)[0]


def logits(network: nn.Module, theta: Parameters, X: Tensor) -> Tensor:
    """Logits (runs, N, 10): every run's network on its own images."""
    call = partial(functional_call, network)
    return vmap(call, randomness="different")(theta, (X,))


def measure(z: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Mean cross-entropy (runs,) and accuracy (runs,) of logits (runs, N, 10)."""
    losses = cross_entropy(z.mT, y, reduction="none").mean(1)
    return losses, (z.argmax(-1) == y).float().mean(1)


@torch.no_grad()
def score(network: nn.Module, theta: Parameters, data: Data) -> tuple[Tensor, Tensor]:
    """Loss (runs,) and accuracy (runs,) on other data, with dropout off."""
    return measure(logits(network.eval(), theta, data[0]), data[1])


def copy(theta: Parameters) -> Parameters:
    """The parameters as they are now."""
    return {name: value.detach().clone() for name, value in theta.items()}


def groups(theta: Parameters, decay: float) -> list[dict[str, object]]:
    """Two parameter groups: weights decay, biases do not."""
    weights = [value for name, value in theta.items() if name.endswith("weight")]
    biases = [value for name, value in theta.items() if name.endswith("bias")]
    return [
        {"params": weights, "weight_decay": decay},
        {"params": biases, "weight_decay": 0.0},
    ]


# %%
def train(
    recipe: Recipe, training: Data, validation: Data
) -> tuple[nn.Module, Parameters, Tensor]:
    """Train all runs; return network, parameters, and losses (times, 2, runs).

    The losses are those on the training and on the validation data, dropout off, after
    0, EVERY, 2 EVERY, … updates.
    """
    network, theta = stack(recipe)
    X, y = (part[:, : recipe.examples] for part in training)
    optimizer = torch.optim.AdamW(groups(theta, recipe.decay), lr=ETA)
    history, lowest, best = [], torch.full((RUNS,), torch.inf), copy(theta)
    for t in range(UPDATES + 1):
        if t > 0:
            network.train()
            inputs = augment(X, recipe.shift) if recipe.shift else X
            optimizer.zero_grad()
            measure(logits(network, theta, inputs), y)[0].sum().backward()
            optimizer.step()
        if t % EVERY == 0:
            pairs = (X, y), validation
            history.append(torch.stack([score(network, theta, d)[0] for d in pairs]))
            better = history[-1][1] < lowest  # in which runs
            lowest = torch.where(better, history[-1][1], lowest)
            for name, value in copy(theta).items():
                best[name][better] = value[better]
    return network, best if recipe.early else copy(theta), torch.stack(history)


# %% [markdown] lang="zh"
# 什么也不做，训练损失和验证损失各怎样变？
# %% [markdown] lang="en"
# With no remedy, what do the training and the validation loss do?

# %% name="gap"
if __name__ == "__main__":
    network, theta, history = train(Recipe(), training, validation)
    plain = network, theta
    times = EVERY * torch.arange(len(history))
    curves = history.mean(2).T  # mean of the runs: (2, times)
    stops = times[history[:, 1].argmin(0)].tolist()  # early stopping's, in each run
    lowest_at = times[curves[1].argmin()].item()
    training_end, validation_end = curves[:, -1].tolist()
    lowest = curves[1].min().item()
    print(f"training loss at the end: {training_end:.3f}")
    print(f"validation loss: {lowest:.3f}, at the end {validation_end:.3f}")
    fig, ax = plt.subplots()
    ax.plot(times, curves[0], "--", label="training")
    ax.plot(times, curves[1], label="validation")
    ax.plot(lowest_at, lowest, "o", color="C1", ms=9)
    ax.text(lowest_at, lowest + 0.1, "early stop", color="C1")
    ax.set(xlabel="updates", ylabel="loss", ylim=(-0.05, 1.5))
    ax.legend()
    plt.show()

# %% [markdown] lang="zh"
# 训练损失一路下降；验证损失很早就到了最低处，然后回升。
#
# ## 权重衰减：SGD、Adam 和 AdamW
#
# 同一个 `weight_decay`，在三种优化器里是一回事吗？两个参数，梯度一正一负来回，损失本身
# 并不想移动它们；只是一个的梯度大，一个的小。
# %% [markdown] lang="en"
# The training loss falls all the way; the validation loss reaches its lowest point
# early, and rises again.
#
# ## Weight decay: SGD, Adam and AdamW
#
# Does `weight_decay` mean the same in three optimizers? Take two parameters, both with
# gradients that go back and forth, so that the loss itself does not want to move them.
# But one has large gradients, the other small ones.

# %% name="decays"
if __name__ == "__main__":
    slopes, decayed = torch.tensor([0.1, 10.0]), {}
    print("gradients   ±0.1     ±10")
    for kind in (torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW):
        parameter = nn.Parameter(torch.ones(2))
        optimizer = kind([parameter], lr=0.01, weight_decay=0.1)
        for t in range(500):
            parameter.grad = (-1) ** t * slopes
            optimizer.step()
        decayed[kind.__name__] = parameter.tolist()
        print(f"{kind.__name__:8} {parameter[0]:7.2f} {parameter[1]:7.2f}")

# %% [markdown] lang="zh"
# SGD 和 AdamW 让两个参数缩小得一样多。Adam 把衰减也当成梯度，除以梯度的大小：梯度小的缩
# 到了零，梯度大的几乎没动。要权重衰减，就用 AdamW。
#
# ## 忘了放大，忘了 `eval()`
# %% [markdown] lang="en"
# SGD and AdamW shrink both parameters alike. Adam takes the decay for a part of the
# gradient and divides it by the gradient's size: the parameter with small gradients is
# down at zero, the one with large ones has hardly moved. For weight decay, use AdamW.
#
# ## Forget the scaling, forget `eval()`

# %% name="forgotten"
if __name__ == "__main__":
    dropped = Recipe(p=0.5)
    network, theta, _ = train(dropped, training, validation)
    twice = theta | {"5.weight": theta["5.weight"] / (1 - dropped.p)}  # in testing only
    X, labels = validation
    results = [score(network, theta, validation), score(network, twice, validation)]
    results.append(measure(logits(network.train(), theta, X), labels))
    wrong = [[row.mean().item() for row in result] for result in results]
    print("validation      loss  accuracy")
    names = ["as it should be", "no scaling", "no eval()"]
    for name, (loss, accuracy) in zip(names, wrong, strict=True):
        print(f"{name:15} {loss:.2f}   {accuracy:7.1%}")

# %% [markdown] lang="zh"
# 训练时不放大，测试时每个激活值就比训练时的期望大；忘了 `eval()`，测试时还在随机关掉神
# 经元。两种错误都不报错，只是损失明显更大。
#
# ## 管用吗？
#
# 每种办法在几档强度里，选平均验证损失最小的一档；“什么也不做”也算一档。选定之后才测
# 试，与同一份数据上的“什么也不做”逐次相减。
# %% [markdown] lang="en"
# If training does not scale, every activation is larger in testing than it was on
# average in training; without `eval()`, neurons are still dropped in testing. Neither
# raises an error. The loss is just clearly larger.
#
# ## Do they help?
#
# For each remedy we take the strength with the smallest mean validation loss; doing
# nothing is one of the strengths. Only then do we test, and subtract, run by run, the
# result of doing nothing on the same data.


# %%
def strength(recipe: Recipe) -> object:
    """The entry in which a recipe differs from no remedy, or "none"."""
    pairs = zip(recipe, Recipe(), strict=True)
    return next((value for value, default in pairs if value != default), "none")


# %% name="remedies"
if __name__ == "__main__":
    no_remedy = torch.stack(score(*plain, held_out))  # loss and accuracy: (2, runs)
    baseline = no_remedy.mean(1).tolist()
    chosen, validation_losses = {}, {}
    change, mean_change, spread = {}, {}, {}  # of loss and accuracy
    print("change of        loss         accuracy")
    for name, grid in REMEDIES.items():
        trained = [plain] + [train(r, training, validation)[:2] for r in grid]
        losses = [score(*one, validation)[0].mean().item() for one in trained]
        best = losses.index(min(losses))
        chosen[name] = strength([Recipe(), *grid][best])
        pairs = torch.stack(score(*trained[best], held_out)) - no_remedy
        change[name], validation_losses[name] = pairs.tolist(), losses
        mean_change[name], spread[name] = pairs.mean(1).tolist(), pairs.std(1).tolist()
        (loss, accuracy), (dl, da) = mean_change[name], spread[name]
        print(f"{name:16} {loss:+.3f} ±{dl:.3f} {accuracy:+.1%} ±{da:.1%}")
    fig, axes = plt.subplots(2, 1, figsize=(4.5, 7.5))
    rows = list(range(len(change)))
    words = [name.replace("_", " ") for name in change]
    for ax, which, label in zip(axes, (0, 1), ("loss", "accuracy"), strict=True):
        values = torch.tensor(list(change.values()))[:, which]  # (remedies, runs)
        ax.axvline(0, color="C5", ls=":")
        ax.plot(values, rows, "o", color="C0", ms=5, alpha=0.45)
        ax.plot(values.mean(1), rows, "|", color="C1", ms=18, mew=3)
        ax.set_yticks(rows, words)
        ax.invert_yaxis()
        ax.locator_params(axis="x", nbins=5)
        ax.set(xlabel=f"change of the test {label}")
    plt.show()

# %% [markdown] lang="zh"
# 更多数据最有用，损失和准确率都好得多。早停和权重衰减让损失变小，准确率却几乎没变：损失
# 小了，是因为错的时候不再那么自信。减少特征没有用，验证集选的是“什么也不做”。
# %% [markdown] lang="en"
# More data help most, in loss and in accuracy. Early stopping and weight decay lower
# the loss, yet the accuracy hardly changes: the network is merely less sure of itself
# where it is wrong. Fewer features are no use, and the validation set chose none.
