# %% [markdown] lang="zh"
# # 一份作业的全部：数据、基线、模型、训练、验证、预测
#
# 每份作业的骨架都一样：`Dataset` 给出样本，`DataLoader` 把它们分成批次，`nn.Module` 是
# 模型，再加上损失和优化器；然后训练、验证、预测。这里用真实的数据从头走一遍：442 位糖尿
# 病患者的 10 项指标，预测一年后病情的指数。每一步都先问一句：怎么知道它没做错？最后再
# 问：网络真的比一条直线好吗？
# %% [markdown] lang="en"
# # The whole of a homework: data, baseline, model, training, validation, prediction
#
# Every homework has the same skeleton: a `Dataset` gives examples, a `DataLoader`
# groups them into batches, an `nn.Module` is the model, and there are a loss and an
# optimizer; then we train, validate and predict. Here it is from end to end on real
# data: 10 measurements of each of 442 diabetes patients, from which to predict an index
# of the disease one year later. At every step we ask how to tell that it went right.
# And at the end: is the network really better than a straight line?

# %%
"""A whole homework: data, baseline, model, train, validate, predict, save, compare."""

import math
import tempfile
from copy import deepcopy
from itertools import product
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import torch
from sklearn.datasets import load_diabetes, make_friedman1
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.utils.data import DataLoader, Dataset

torch.set_num_threads(1)  # the same sums, the same last digits, on every machine

# %% name="parameters"
SEED = 0
HELD = 80  # examples to validate on, and as many to test on
BATCH = 32
EPOCHS = 150  # at most
PATIENCE = 10  # epochs without a better validation loss, before we stop
RATES = (0.003, 0.01)  # learning rates to choose from
SPLITS = 8  # how often the comparison at the end is repeated

# %% [markdown] lang="zh"
# ## 数据
#
# `Dataset` 只要会两件事：有多少个样本（`__len__`），第 $i$ 个是什么（`__getitem__`）。
# %% [markdown] lang="en"
# ## The data
#
# A `Dataset` can do two things: say how many examples there are (`__len__`), and what
# the $i$-th one is (`__getitem__`).


# %%
class Examples(Dataset[tuple[Tensor, Tensor]]):
    """Features X (N, d) and targets y (N,), one example a row."""

    def __init__(self, X: Tensor, y: Tensor) -> None:
        self.X, self.y = X, y

    def __len__(self) -> int:
        """N, the number of examples."""
        return len(self.y)

    def __getitem__(self, i: int) -> tuple[Tensor, Tensor]:
        """Example i: x (d,) and y ()."""
        return self.X[i], self.y[i]


# %% name="patients"
if __name__ == "__main__":
    measured = load_diabetes(return_X_y=True, scaled=False)
    X, y = (torch.tensor(values).float() for values in measured)
    print("X", tuple(X.shape), "y", tuple(y.shape))
    print("one patient", X[0, :4].numpy(), "...")

# %% [markdown] lang="zh"
# 分成训练、验证、测试三份，*先打乱再切*。每个特征 $x$ 换成 $(x - m) / s$，均值 $m$ 和标
# 准差 $s$ *只*从训练集里算；目标也一样。
# %% [markdown] lang="en"
# Three parts, to train, validate and test on: *shuffle first, then cut*. Every feature
# $x$ becomes $(x - m) / s$, with the mean $m$ and the standard deviation $s$ of the
# *training* set only. So does the target.


# %%
def split(n: int, held: int, seed: int) -> tuple[Tensor, ...]:
    """Shuffle 0 … n−1; cut into n − 2·held training, held validation, held test rows.

    Raises RuntimeError (from PyTorch) if n < 2·held.
    """
    order = torch.randperm(n, generator=torch.Generator().manual_seed(seed))
    return order.split([n - 2 * held, held, held])


def standardize(values: Tensor, training: Tensor) -> Tensor:
    """(v − m) / s for values (N, …), with m and s of the rows `training` alone."""
    s, m = torch.std_mean(values[training], dim=0, correction=0)
    return (values - m) / s


def make_sets(X: Tensor, y: Tensor, seed: int) -> list[Examples]:
    """The training, validation and test set from X (N, d) and y (N,)."""
    parts = split(len(y), HELD, seed)
    X, y = standardize(X, parts[0]), standardize(y, parts[0])
    return [Examples(X[rows], y[rows]) for rows in parts]


# %% name="sets"
if __name__ == "__main__":
    training, validation, test = make_sets(X, y, SEED)
    n_train, n_validation, n_test = map(len, (training, validation, test))
    for part, name in (training, "training"), (validation, "validation"):
        mean, std = part.y.mean(), part.y.std(correction=0)
        print(f"{name:10} {len(part):3}: mean {mean:5.2f}, std {std:.2f}")

# %% [markdown] lang="zh"
# 训练集的均值正好是 $0$，标准差正好是 $1$；验证集只是接近：它的数没有参与计算。
#
# ## 先要一个基线
#
# 不学习也能预测：总是猜训练集的均值，标准化以后就是猜 $0$，训练损失正好是 $1$。再好一点
# 的是一条“直线”：最小二乘，一行代码。都是均值为零的数，所以不用偏置。
# %% [markdown] lang="en"
# The training set has mean $0$ and standard deviation $1$ exactly, the validation set
# only nearly: its numbers had no say in the scaling.
#
# ## A baseline first
#
# You can predict without learning anything: always guess the mean of the training set,
# which is $0$ after scaling. That has a training loss of exactly $1$. The next best is
# a “straight line”: least squares, one line of code. With all means at zero it needs no
# bias.


# %%
def least_squares(data: Examples) -> Tensor:
    """The w (d,) that makes Σₙ (w·xⁿ − ŷⁿ)² smallest."""
    return torch.linalg.lstsq(data.X, data.y[:, None]).solution.squeeze(1)


def mse(prediction: Tensor, y: Tensor) -> float:
    """Mean squared error of predictions (N,) for targets (N,)."""
    return ((prediction - y) ** 2).mean().item()


# %% name="baseline"
if __name__ == "__main__":
    w = least_squares(training)
    mean_loss = mse(torch.zeros(n_validation), validation.y)
    linear_loss = mse(validation.X @ w, validation.y)
    print("validation loss")
    print(f"  always the mean  {mean_loss:.3f}")
    print(f"  least squares    {linear_loss:.3f}")

# %% [markdown] lang="zh"
# 网络要打败的是第二行。
#
# ## 模型与设备
#
# `nn.Module` 也只要两件事：`__init__` 里造好各层，`forward` 里写出怎么算。最后一层的输
# 出是 $(B, 1)$，目标却是 $(B,)$：两者相减会广播成 $(B, B)$，所以要 `squeeze`。
# %% [markdown] lang="en"
# The second line is the one that a network has to beat.
#
# ## The model and the device
#
# An `nn.Module` also takes two things: `__init__` makes the layers, `forward` says how
# to compute. The last layer returns $(B, 1)$ but the targets are $(B,)$: subtract one
# from the other and they broadcast to $(B, B)$. Hence the `squeeze`.


# %%
class Regressor(nn.Module):
    """One hidden layer with ReLU and dropout: X (B, features) to predictions (B,)."""

    def __init__(self, features: int, hidden: int = 64, dropout: float = 0.2) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(features, hidden),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(hidden, 1),
        )

    def forward(self, X: Tensor) -> Tensor:
        """One prediction for every row of X."""
        return self.layers(X).squeeze(1)  # (B, 1) -> (B,)


# %% [markdown] lang="zh"
# 有 GPU 就用 GPU，没有就用 CPU，往后的代码一个字都不用改。
# %% [markdown] lang="en"
# With a GPU this uses the GPU, without one the CPU, and no word of the code below
# changes.

# %% name="choose_device"
accelerator = torch.accelerator.current_accelerator(check_available=True)
device = accelerator or torch.device("cpu")

# %% name="setup"
if __name__ == "__main__":
    torch.manual_seed(SEED)  # the same first parameters and dropout in every run
    model = Regressor(features=10).to(device)
    parameters = sum(p.numel() for p in model.parameters())
    x_batch, y_batch = training.X[:BATCH].to(device), training.y[:BATCH].to(device)
    print(f"{parameters} parameters on {device}; {BATCH} examples:")
    print("prediction", tuple(model(x_batch).shape), "target", tuple(y_batch.shape))

# %% [markdown] lang="zh"
# 两个形状一样，这是第一项检查。
#
# ## 训练：一圈五行
#
# 训练的一步是五行：梯度清零、算预测、算损失、反向传播、更新。
# %% [markdown] lang="en"
# Both have the same shape: that is the first check.
#
# ## Train: five lines a step
#
# One step of training is five lines: clear the gradients, predict, compute the loss,
# backpropagate, update.

# %%
Loader = DataLoader[tuple[Tensor, Tensor]]


def train_epoch(
    model: nn.Module, loader: Loader, loss_fn: nn.Module, optimizer: Optimizer
) -> None:
    """See every batch of `loader` once; update the parameters once a batch."""
    model.train()  # dropout on
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        prediction = model(x)
        loss = loss_fn(prediction, y)
        loss.backward()
        optimizer.step()


# %% [markdown] lang="zh"
# ## 验证与预测
#
# 不更新参数：`model.eval()` 关掉随机失活，`torch.no_grad()` 不记梯度。验证损失是对
# *样本*的平均：每个批次的损失乘上它的样本数，加起来再除以总数 $N$。
# %% [markdown] lang="en"
# ## Validate and predict
#
# Nothing is updated: `model.eval()` switches dropout off, and `torch.no_grad()` records
# no gradients. The validation loss is a mean over *examples*: the loss of each batch
# times its number of examples, added up and divided by all $N$.


# %%
@torch.no_grad()
def validate(model: nn.Module, loader: Loader, loss_fn: nn.Module) -> float:
    """The mean loss over all N examples, if `loss_fn` gives the mean of a batch."""
    model.eval()  # dropout off
    total, n = 0.0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        total += loss_fn(model(x), y).item() * len(y)
        n += len(y)
    return total / n


@torch.no_grad()
def predict(model: nn.Module, loader: Loader) -> Tensor:
    """The predictions (N,), on the CPU, in the order in which `loader` gives them."""
    model.eval()
    return torch.cat([model(x.to(device)).cpu() for x, _ in loader])


# %% [markdown] lang="zh"
# 开头的损失应该是多少？目标的均值是 $0$，标准差是 $1$，总是猜 $0$ 的损失正好是 $1$；没
# 有训练过的网络，输出离 $0$ 不远，所以损失应该在 $1$ 附近。然后拿*一个*批次反复训练，不
# 用随机失活：学不会这 32 个样本，就是代码有错。
# %% [markdown] lang="en"
# What should the loss be at the start? The targets have mean $0$ and standard deviation
# $1$, so always answering $0$ has a loss of exactly $1$; the outputs of an untrained
# network are not far from $0$, so its loss should be near $1$. Then train on *one*
# batch again and again, without dropout: if the network cannot even learn these 32
# examples, there is a mistake in the code.

# %% name="first_checks"
if __name__ == "__main__":
    loss_fn = nn.MSELoss()
    in_batches = DataLoader(training, batch_size=BATCH)
    start_loss = validate(model, in_batches, loss_fn)
    print(f"untrained, training set: loss {start_loss:.3f}")
    one_batch = DataLoader(Examples(x_batch.cpu(), y_batch.cpu()), batch_size=BATCH)
    small = Regressor(features=10, dropout=0).to(device)
    optimizer = torch.optim.Adam(small.parameters(), lr=0.01)
    one_batch_losses = []
    for update in range(61):
        if update % 20 == 0:
            one_batch_losses.append(validate(small, one_batch, loss_fn))
            print(f"one batch, {update:2} updates: loss {one_batch_losses[-1]:.4f}")
        train_epoch(small, one_batch, loss_fn, optimizer)

# %% [markdown] lang="zh"
# ## 常见的错误，用数字看
#
# 不清零会怎样？同一个批次，算几遍梯度（这里不用随机失活，每遍都一样）：
# %% [markdown] lang="en"
# ## Common mistakes, in numbers
#
# What if the gradients are not cleared? One batch, its gradient computed several times
# (without dropout, so that it is the same each time):

# %% name="uncleared"
if __name__ == "__main__":
    model.eval()
    gradient_lengths = []
    for clear in (True, False, False, True):
        if clear:
            model.zero_grad()
        loss_fn(model(x_batch), y_batch).backward()
        grads = [p.grad for p in model.parameters() if p.grad is not None]
        gradient_lengths.append(nn.utils.get_total_norm(grads).item())
        print(f"cleared first: {clear!s:5}  length {gradient_lengths[-1]:.4f}")

# %% [markdown] lang="zh"
# 梯度会*累加*：两遍是两倍，三遍是三倍。
#
# `eval()` 和 `no_grad()` 各管什么？四种组合都试一遍，同一个输入各算两次：
# %% [markdown] lang="en"
# Gradients *accumulate*: twice is double, three times is triple.
#
# What do `eval()` and `no_grad()` each do? Try all four combinations, with the same
# input twice:

# %% name="switches"
if __name__ == "__main__":
    switch_gaps, switch_records = [], []
    print("dropout  recording  differ by  gradients")
    for dropout, recording in product((True, False), repeat=2):
        model.train(dropout)  # train(False) is eval()
        with torch.set_grad_enabled(recording):
            once, again = model(x_batch), model(x_batch)
        gap, kept = (once - again).abs().max().item(), once.requires_grad
        switch_gaps.append(gap)
        switch_records.append(kept)
        print(f"{dropout!s:8} {recording!s:10} {gap:<10.3f} {kept}")

# %% [markdown] lang="zh"
# 一个只管随机失活，一个只管记录，谁也代替不了谁。
#
# 批次损失的平均，是不是所有样本的平均？最后一个批次小一些：
# %% [markdown] lang="en"
# One is about dropout only, the other about recording only; neither does the other's
# work.
#
# Is the mean of the batches' losses the mean over the examples? The last batch is
# smaller:

# %% name="batch_means"
if __name__ == "__main__":
    validation_loader = DataLoader(validation, batch_size=BATCH)
    squares = (predict(model, validation_loader) - validation.y) ** 2
    batch_sizes = [len(batch) for batch in squares.split(BATCH)]
    batch_losses = [batch.mean().item() for batch in squares.split(BATCH)]
    for size, loss in zip(batch_sizes, batch_losses, strict=True):
        print(f"{size} examples      {loss:.4f}")
    mean_of_batches = sum(batch_losses) / len(batch_losses)
    mean_of_examples = validate(model, validation_loader, loss_fn)
    print(f"mean of batches  {mean_of_batches:.4f}")
    print(f"mean of examples {mean_of_examples:.4f}")

# %% [markdown] lang="zh"
# 要留住一组参数，`state_dict()` 够不够？拿一个复制的模型训练一个 epoch 看看：
# %% [markdown] lang="en"
# To keep a set of parameters, is `state_dict()` enough? Take a copy of the model, train
# it for an epoch and see:

# %% name="copies"
if __name__ == "__main__":
    other = deepcopy(model)
    state, copied = other.state_dict(), deepcopy(other.state_dict())
    optimizer = torch.optim.Adam(other.parameters(), lr=0.003)
    train_epoch(other, in_batches, loss_fn, optimizer)
    bias = "layers.0.bias"
    state_moved = not torch.equal(state[bias], copied[bias])
    copy_kept = torch.equal(copied[bias], model.state_dict()[bias])
    print(f"state_dict() has moved along: {state_moved}")
    print(f"its deepcopy is as it was:    {copy_kept}")

# %% [markdown] lang="zh"
# ## 串起来：留住最好的，及时停下
#
# 每个 epoch 之后验证一次，验证损失最小的那组参数复制一份留下来；连续 `patience` 个
# epoch 没有更好，就停（早停）。
# %% [markdown] lang="en"
# ## All together: keep the best, stop in time
#
# Validate after every epoch, and keep a copy of the parameters whenever the validation
# loss is the smallest so far; after `patience` epochs with nothing better, stop (early
# stopping).


# %%
def fit(
    model: nn.Module, training: Loader, validation: Loader, eta: float, patience: int
) -> tuple[list[float], list[float], int]:
    """Train with Adam and early stopping; keep the best epoch's parameters in `model`.

    Returns the training and the validation loss after each epoch, and the best epoch,
    counted from 1. Both losses are with dropout off, so that they can be compared.
    """
    loss_fn, optimizer = nn.MSELoss(), torch.optim.Adam(model.parameters(), lr=eta)
    best_loss, best_epoch, best_state = math.inf, 0, deepcopy(model.state_dict())
    training_losses, validation_losses = [], []
    for epoch in range(1, EPOCHS + 1):
        train_epoch(model, training, loss_fn, optimizer)
        training_losses.append(validate(model, training, loss_fn))
        validation_losses.append(validate(model, validation, loss_fn))
        if validation_losses[-1] < best_loss:
            best_loss, best_epoch = validation_losses[-1], epoch
            best_state = deepcopy(model.state_dict())
        if epoch - best_epoch >= patience:
            break
    model.load_state_dict(best_state)
    return training_losses, validation_losses, best_epoch


# %% [markdown] lang="zh"
# 这一次故意多等一会儿再停，看看最好的那个 epoch 以后会怎样。只有训练要打乱。
# %% [markdown] lang="en"
# This time we deliberately wait longer before stopping, to see what comes after the
# best epoch. Only training is shuffled.

# %% name="curves"
if __name__ == "__main__":
    torch.manual_seed(SEED)  # also decides how the batches are shuffled
    model = Regressor(features=10).to(device)
    training_loader = DataLoader(training, batch_size=BATCH, shuffle=True)
    updates = len(training_loader)  # an epoch
    found = fit(model, training_loader, validation_loader, eta=0.003, patience=100)
    training_losses, validation_losses, best_epoch = found
    fig, ax = plt.subplots()
    epochs = range(1, len(training_losses) + 1)
    ax.plot(epochs, training_losses, label="training")
    ax.plot(epochs, validation_losses, "--", label="validation")
    ax.plot(best_epoch, validation_losses[best_epoch - 1], "o", label="best")
    ax.set(xlabel="epoch", ylabel="loss")
    ax.legend()
    plt.show()

# %% [markdown] lang="zh"
# 训练损失一路往下，验证损失到了最低处就掉头：这就是过拟合。留下的是圆点处的参数。
#
# 预测的时候打乱了会怎样？
# %% [markdown] lang="en"
# The training loss keeps going down, the validation loss turns at its lowest point:
# overfitting. What was kept are the parameters at the dot.
#
# What if the loader shuffles when we predict?

# %% name="shuffled"
if __name__ == "__main__":
    in_order = mse(predict(model, validation_loader), validation.y)
    shuffled_loader = DataLoader(validation, batch_size=BATCH, shuffle=True)
    shuffled = mse(predict(model, shuffled_loader), validation.y)
    print(f"in order {in_order:.3f}, shuffled {shuffled:.3f}, mean {mean_loss:.3f}")

# %% [markdown] lang="zh"
# 打乱以后，预测和样本对不上号，还不如总是猜均值。
#
# ## 测试集，只用一次
#
# 选 epoch 看的是验证损失；测试集到这时才第一次用。误差换回病情指数的单位：乘上训练集目
# 标的标准差。
# %% [markdown] lang="en"
# Shuffled, the predictions no longer belong to their examples, and it would be better
# always to guess the mean.
#
# ## The test set, once
#
# The epoch was chosen by the validation loss; only now is the test set used at all.
# To have the errors in points of the index, multiply by the standard deviation of the
# training set's targets.

# %% name="result"
if __name__ == "__main__":
    test_loader = DataLoader(test, batch_size=BATCH)  # never shuffled
    prediction = predict(model, test_loader)
    train_rows, _, _ = split(len(y), HELD, SEED)
    y_std, y_mean = torch.std_mean(y[train_rows], correction=0)
    names = "always the mean", "least squares", "network"
    guesses = torch.zeros(n_test), test.X @ w, prediction
    for name, guess in zip(names, guesses, strict=True):
        loss = mse(guess, test.y)
        print(f"{name:15}  loss {loss:.3f}, RMSE {math.sqrt(loss) * y_std:.1f}")

# %% [markdown] lang="zh"
# ## 交作业，存档
#
# 预测写进一个 CSV 文件，写完读回来看一眼。参数存成另一个文件；读档时先造一个同样结构的
# 模型，再把参数装进去。
# %% [markdown] lang="en"
# ## Hand it in, and save it
#
# The predictions go into a CSV file; read it back and look. The parameters go into
# another file; to load it, first build a model of the same structure, then put the
# parameters in.


# %%
def write_predictions(prediction: Tensor, path: Path) -> None:
    """Write predictions (N,) as a table `id,prediction`, in their order."""
    rows = [f"{i},{value:.1f}" for i, value in enumerate(prediction.tolist())]
    path.write_text("\n".join(["id,prediction", *rows, ""]), encoding="utf-8")


# %%
def save(model: nn.Module, path: Path) -> None:
    """Write the parameters of the model into a file."""
    torch.save(model.state_dict(), path)


def load(model: nn.Module, path: Path) -> None:
    """Put the parameters that `save` wrote, on whatever device, into `model`."""
    model.load_state_dict(torch.load(path, map_location=device, weights_only=True))
    model.to(device)


# %% name="files"
if __name__ == "__main__":
    in_points = prediction * y_std + y_mean
    fresh = Regressor(features=10).to(device)
    before_load = mse(predict(fresh, test_loader), prediction)
    with tempfile.TemporaryDirectory() as folder:
        write_predictions(in_points, Path(folder) / "prediction.csv")
        table = (Path(folder) / "prediction.csv").read_text().splitlines()
        save(model, Path(folder) / "model.pt")
        load(fresh, Path(folder) / "model.pt")
    after_load = mse(predict(fresh, test_loader), prediction)
    print(*table[:3], f"... {len(table)} lines", sep="\n")
    print(f"error before load {before_load:.3f}, after it {after_load:.3f}")

# %% [markdown] lang="zh"
# ## 网络真的更好吗？
#
# 一次划分只有 80 个测试样本，换一次划分，谁赢可能就变了。所以划分许多次，每次*配对*比
# 较：同样的训练集、同样的测试集。网络的学习率和 epoch 都由验证损失来选；最小二乘没有什
# 么可选的。除了糖尿病的数据，再比一组造出来的数据（Friedman，1991）：同样的 $N$ 和
# $d$，真正的关系却是弯的：
# $\hat{y} = 10 \sin(\pi x_1 x_2) + 20\,(x_3 - \tfrac12)^2$
# $+\, 10\,x_4 + 5\,x_5$，再加噪声。
# %% [markdown] lang="en"
# ## Is the network really better?
#
# One split has only 80 test examples; another split, and another one may win. So split
# many times and compare *in pairs*: the same training set, the same test set. The
# network's learning rate and epoch are chosen by the validation loss; least squares has
# nothing to choose. Besides the diabetes data we take some that are made up (Friedman,
# 1991), with the same $N$ and $d$, but with a target that is curved:
# $\hat{y} = 10 \sin(\pi x_1 x_2) + 20\,(x_3 - \tfrac12)^2$
# $+\, 10\,x_4 + 5\,x_5$, plus noise.


# %%
def compare(X: Tensor, y: Tensor, seed: int) -> tuple[float, float]:
    """The test losses of least squares and of the network, on the split of this seed.

    Both learn from the training set; the validation set chooses the network's rate.
    """
    training, validation, test = make_sets(X, y, seed)
    networks = []
    for eta in RATES:
        torch.manual_seed(seed)  # the same start for every rate
        model = Regressor(X.shape[1]).to(device)
        batches = DataLoader(training, batch_size=BATCH, shuffle=True)
        held = DataLoader(validation, batch_size=BATCH)
        _, losses, _ = fit(model, batches, held, eta, PATIENCE)
        networks.append((min(losses), model))
    _, chosen = min(networks, key=lambda network: network[0])
    prediction = predict(chosen, DataLoader(test, batch_size=BATCH))
    return mse(test.X @ least_squares(training), test.y), mse(prediction, test.y)


# %% name="comparison"
if __name__ == "__main__":
    losses = np.empty((2, SPLITS, 2))  # data, split, method
    for i, seed in enumerate(range(SEED, SEED + SPLITS)):
        made = make_friedman1(len(y), X.shape[1], noise=1.0, random_state=seed)
        features, targets = (torch.tensor(values).float() for values in made)
        losses[0, i] = compare(X, y, seed)
        losses[1, i] = compare(features, targets, seed)
    linear, network = losses[..., 0], losses[..., 1]  # (2, SPLITS) each
    wins = (network < linear).sum(axis=1)
    print(f"{'test loss':13}{'diabetes':>14} {'Friedman':>14}")
    methods = "least squares", "network", "difference"
    results = linear, network, network - linear
    for method, rows in zip(methods, results, strict=True):
        cells = [f"{row.mean():6.3f} ± {row.std(ddof=1):.3f}" for row in rows]
        print(f"{method:13}" + " ".join(cells))
    print(f"network wins {wins[0]:8} of {SPLITS} {wins[1]:9} of {SPLITS}")

# %% name="pairs"
if __name__ == "__main__":
    fig, ax = plt.subplots(figsize=(4.5, 4.2))
    ax.axline((0, 0), slope=1, color="C5", ls="--", label="equal")
    ax.plot(linear[0], network[0], "o", label="diabetes")
    ax.plot(linear[1], network[1], "s", label="Friedman")
    ax.set(xlabel="least squares: test loss", ylabel="network: test loss")
    ax.set(xlim=(0, 0.8), ylim=(0, 0.8), aspect="equal")
    ax.legend()
    plt.show()

# %% [markdown] lang="zh"
# 每个点是一次划分。糖尿病的点沿着虚线散开：442 位患者，10 个特征，看不出网络比最小二乘
# 好。Friedman 的点全在虚线下面：那里真正的关系是弯的。划分与划分的差别有多大，也
# 一眼看得出来：只看一次，怎么说都行。
# %% [markdown] lang="en"
# Each dot is a split. The dots of the diabetes data lie along the dashed line: with 442
# patients and 10 features you cannot tell the network from least squares. Friedman's
# are all below it: there the true relation is curved. You also see how much the
# splits differ: whoever looks at one alone can tell any story.
