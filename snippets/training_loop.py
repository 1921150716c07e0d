# %% [markdown] lang="zh"
# # 一份作业的全部：数据、模型、训练、验证、预测、存档
#
# 每份作业的骨架都一样：`Dataset` 给出样本，`DataLoader` 把它们分成批次，
# `nn.Module` 是模型，再加上损失和优化器；然后是训练、验证、预测三个函数，
# 最后存下最好的参数。这里用真实的数据从头走一遍：
# 442 位糖尿病患者的 10 项指标，预测一年后病情的指数。
# 看两条损失曲线在哪里分开，再用数字看清几个最常见的错误。
# %% [markdown] lang="en"
# # The whole of a homework: data, model, training, validation, prediction, saving
#
# Every homework has the same skeleton: a `Dataset` gives examples, a `DataLoader`
# groups them into batches, an `nn.Module` is the model, a loss and an optimizer join
# them; then come three functions that train, validate and predict, and at last the
# best parameters are saved. Here it is from end to end on real data: 10 measurements
# of each of 442 diabetes patients, from which to predict an index of the disease one
# year later. Watch where the two loss curves part, then see the commonest mistakes
# in numbers.

# %%
"""A whole homework: Dataset, DataLoader, Module, train, validate, predict, save."""

import math
import tempfile
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from sklearn.datasets import load_diabetes
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

torch.set_num_threads(1)  # the same sums, the same last digits, on every machine

Loader = DataLoader[tuple[Tensor, Tensor]]

# %% [markdown] lang="zh"
# ## 数据
#
# `Dataset` 只要会两件事：有多少个样本（`__len__`），第 $i$ 个是什么（`__getitem__`）。
# 每个特征 $x$ 换成 $(x - m) / s$，均值 $m$ 和标准差 $s$ *只*从训练集里算，
# 目标 $y$ 也一样：于是总是预测 $m$ 的模型，训练损失正好是 $1$。
# `load_diabetes` 默认给的是用全部 442 个样本缩放过的数据，
# `scaled=False` 要的是原始的测量值。
# %% [markdown] lang="en"
# ## The data
#
# A `Dataset` can do two things: say how many examples there are (`__len__`) and what
# the $i$-th one is (`__getitem__`). Every feature $x$ becomes $(x - m) / s$, with the
# mean $m$ and the standard deviation $s$ of the *training* set only, and so does the
# target $y$: a model that always predicts $m$ then has a training loss of exactly $1$.
# `load_diabetes` as it comes has been scaled with all 442 examples; `scaled=False`
# asks for the measurements themselves.


# %%
def split(n: int, sizes: Sequence[int], generator: torch.Generator) -> list[Tensor]:
    """Shuffle the indices 0 … n−1 and cut them into parts of the given sizes.

    Raises ValueError unless every part has an example and the sizes add up to n.
    """
    if min(sizes) < 1 or sum(sizes) != n:
        raise ValueError(
            f"{list(sizes)} is no split of {n} examples: "
            f"take sizes of at least 1 that add up to {n}"
        )
    return list(torch.randperm(n, generator=generator).split(list(sizes)))


class DiabetesData(Dataset[tuple[Tensor, Tensor]]):
    """The patients `rows`: X (n, 10) and y (n,), standardized by `training_rows`.

    The data set with the numbers of 442 patients comes with scikit-learn.
    """

    def __init__(self, rows: Tensor, training_rows: Tensor) -> None:
        X, y = load_diabetes(return_X_y=True, scaled=False)
        X, y = torch.tensor(X).float(), torch.tensor(y).float()
        s, m = torch.std_mean(X[training_rows], dim=0, correction=0)
        self.X = (X[rows] - m) / s
        self.y_std, self.y_mean = torch.std_mean(y[training_rows], correction=0)
        self.y = (y[rows] - self.y_mean) / self.y_std

    def __len__(self) -> int:
        """Return the number of examples."""
        return len(self.y)

    def __getitem__(self, i: int) -> tuple[Tensor, Tensor]:
        """Return example i: x (10,) and y ()."""
        return self.X[i], self.y[i]

    def in_points(self, y: Tensor) -> Tensor:
        """Turn standardized targets or predictions back into points of the index."""
        return y * self.y_std + self.y_mean


# %% [markdown] lang="zh"
# ## 模型
#
# `nn.Module` 也只要两件事：`__init__` 里造好各层，`forward` 里写出怎么算。
# 最后一层的输出是 $(n, 1)$，目标却是 $(n,)$：两者相减会广播成 $(n, n)$，
# 损失就错了，所以要 `squeeze`。
# %% [markdown] lang="en"
# ## The model
#
# An `nn.Module` also takes two things: `__init__` makes the layers, `forward` says how
# to compute. The last layer gives $(n, 1)$ but the targets are $(n,)$: subtracted from
# each other they broadcast to $(n, n)$ and the loss is wrong, hence the `squeeze`.


# %%
class Regressor(nn.Module):
    """One hidden layer with ReLU and dropout; X (n, features) gives y (n,)."""

    def __init__(self, features: int, hidden: int = 64, dropout: float = 0.2) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(features, hidden),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(hidden, 1),
        )

    def forward(self, X: Tensor) -> Tensor:
        """Return one prediction for every row of X."""
        return self.layers(X).squeeze(1)  # (n, 1) -> (n,)


# %% [markdown] lang="zh"
# ## 训练、验证、预测
#
# 训练的一步是五行：梯度清零、算预测、算损失、反向传播、更新。
# 验证和预测不更新参数：先 `model.eval()` 关掉 dropout，
# 再用 `torch.no_grad()` 不记梯度。
# 验证损失是对*样本*的平均：最后一个批次可能较小，
# 所以每个批次的损失要乘上它的样本数 $B$，加起来再除以总数 $N$。
# %% [markdown] lang="en"
# ## Train, validate, predict
#
# One step of training is five lines: clear the gradients, predict, compute the loss,
# backpropagate, update. Validating and predicting update nothing: `model.eval()`
# switches dropout off, and `torch.no_grad()` records no gradients. The validation loss
# is an average over *examples*: the last batch may be smaller, so the loss of each
# batch is multiplied by its number of examples $B$, and the sum divided by all $N$.


# %%
def train_epoch(
    model: nn.Module,
    loader: Loader,
    loss_fn: nn.Module,
    optimizer: torch.optim.Optimizer,
    device: str = "cpu",
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


@torch.no_grad()
def validate(
    model: nn.Module, loader: Loader, loss_fn: nn.Module, device: str = "cpu"
) -> float:
    """Return the mean loss over all examples; `loss_fn` gives the mean of a batch."""
    model.eval()  # dropout off
    total, n = 0.0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        total += loss_fn(model(x), y).item() * len(y)
        n += len(y)
    return total / n


@torch.no_grad()
def predict(model: nn.Module, loader: Loader, device: str = "cpu") -> Tensor:
    """Return the predictions (n,) for all examples, in the order of `loader`."""
    model.eval()
    return torch.cat([model(x.to(device)).cpu() for x, _ in loader])


# %% [markdown] lang="zh"
# ## 留住最好的，存档，读档
#
# 每个 epoch 之后验证一次，验证损失最小的那一组参数留下来。
# `state_dict()` 给出的就是模型正在用的那些张量，之后还会变，所以要复制一份。
# 存档只存参数；读档时先造一个同样结构的模型，再把参数装进去。
# %% [markdown] lang="en"
# ## Keep the best, save it, load it
#
# Validate after every epoch and keep the parameters whose validation loss is the
# smallest. `state_dict()` gives the very tensors the model is using, which will go on
# changing: make a copy. A file holds the parameters only; to load it, build a model of
# the same structure first, then put the parameters in.


# %%
@dataclass(frozen=True)
class History:
    """The losses after every epoch, and the best epoch, counted from 1."""

    training: list[float]
    validation: list[float]
    best_epoch: int


def fit(
    model: nn.Module,
    training: Loader,
    validation: Loader,
    epochs: int = 100,
    eta: float = 0.003,
    device: str = "cpu",
) -> History:
    """Train with Adam; leave the parameters of the best validation loss in `model`.

    Both losses are computed by `validate`, so that they can be compared.
    """
    if epochs < 1:
        raise ValueError(f"epochs = {epochs}: train for at least 1")
    model.to(device)
    loss_fn, optimizer = nn.MSELoss(), torch.optim.Adam(model.parameters(), lr=eta)
    losses: list[tuple[float, float]] = []
    best, best_epoch, best_state = math.inf, 0, model.state_dict()
    for epoch in range(1, epochs + 1):
        train_epoch(model, training, loss_fn, optimizer, device)
        loss = validate(model, validation, loss_fn, device)
        losses.append((validate(model, training, loss_fn, device), loss))
        if loss < best:
            best, best_epoch, best_state = loss, epoch, deepcopy(model.state_dict())
    model.load_state_dict(best_state)
    return History([t for t, _ in losses], [v for _, v in losses], best_epoch)


# %%
def save(model: nn.Module, path: Path) -> None:
    """Write the parameters of the model into a file."""
    torch.save(model.state_dict(), path)


def load(model: nn.Module, path: Path, device: str = "cpu") -> None:
    """Put the parameters that `save` wrote, on whatever device, into `model`."""
    model.load_state_dict(torch.load(path, map_location=device, weights_only=True))
    model.to(device)


# %% [markdown] lang="zh"
# ## 三个常见的错误，用数字看
#
# 梯度会*累加*：不清零，两次 `backward` 的梯度就加在一起。
# `eval()` 关掉 dropout，不关梯度。一个批次的损失不是整个数据集的损失，最后一个也不是。
# %% [markdown] lang="en"
# ## Three common mistakes, in numbers
#
# Gradients *accumulate*: unless they are cleared, those of two `backward` calls add up.
# `eval()` switches dropout off, not gradients. The loss of one batch is not the loss of
# the data set, and neither is that of the last one.


# %%
def gradient(model: nn.Module) -> Tensor:
    """Return all ∂L/∂θ that `backward` has left in the model, as one vector."""
    grads = [p.grad for p in model.parameters() if p.grad is not None]
    return torch.cat([grad.flatten() for grad in grads])


def batch_losses(model: nn.Module, loader: Loader, loss_fn: nn.Module) -> list[float]:
    """Return the loss of each batch by itself, dropout off."""
    model.eval()
    return [loss_fn(model(x), y).item() for x, y in loader]


# %% [markdown] lang="zh"
# ## 画图
# %% [markdown] lang="en"
# ## Figures


# %%
STEPS = (  # code, what it does, what it gives the next one
    ("optimizer.zero_grad()", "clear the gradients", "batch $x$, $y$"),
    ("prediction = model(x)", "forward pass", "prediction"),
    ("loss = loss_fn(...)", "how wrong is it?", "loss $L$"),
    ("loss.backward()", "backward pass", r"gradients $\nabla L$"),
    ("optimizer.step()", "update", ""),
)


def _box(ax: Axes, x: float, y: float, code: str, meaning: str) -> None:
    """A box around the point (x, y): a line of code and what it does."""
    face = plt.rcParams["axes.facecolor"]
    style = {"fc": face, "ec": "C0", "lw": 1.8, "zorder": 3}
    ax.add_patch(plt.Rectangle((x - 1.15, y - 0.3), 2.3, 0.6, **style))
    ax.text(x, y + 0.13, code, ha="center", va="center", family="monospace", size=11)
    ax.text(x, y - 0.14, meaning, ha="center", va="center")


def _arrow(ax: Axes, tail: tuple[float, float], head: tuple[float, float]) -> None:
    """A straight arrow from `tail` to `head`."""
    style = {"arrowstyle": "-|>", "color": "C5", "lw": 1.6, "shrinkA": 0, "shrinkB": 2}
    ax.annotate("", head, tail, arrowprops=style)


def plot_loop() -> Figure:
    """The five lines of one training step, as a ring: once round is one update."""
    fig, ax = plt.subplots(figsize=(4.5, 5.2))
    ax.set(xlim=(0, 4.5), ylim=(0, 5.2))
    ax.set_aspect("equal")
    ax.axis("off")
    x, left, heights = 2.55, 0.95, [4.85 - 1.1 * i for i in range(len(STEPS))]
    for (code, meaning, gives), y in zip(STEPS, heights, strict=True):
        _box(ax, x, y, code, meaning)
        if y > heights[-1]:
            _arrow(ax, (x, y - 0.3), (x, y - 0.8))
            ax.text(x + 0.12, y - 0.55, gives, va="center")
    last, first = heights[-1], heights[0]
    ax.plot([x - 1.15, left, left], [last, last, first], color="C5", lw=1.6)
    _arrow(ax, (left, first), (x - 1.15, first))
    middle = (first + last) / 2
    for text, gap in (("next batch", 0.2), ("once round:\none update", 0.62)):
        ax.text(left - gap, middle, text, ha="center", va="center", rotation=90)
    return fig


def plot_curves(history: History) -> Figure:
    """Training and validation loss after every epoch; the best epoch is marked."""
    fig, ax = plt.subplots()
    epochs = range(1, len(history.training) + 1)
    best = history.best_epoch
    ax.axvline(best, color="C5", lw=1.2, ls=":")
    ax.plot(epochs, history.training, color="C0", label="training")
    ax.plot(epochs, history.validation, color="C1", ls="--", label="validation")
    ax.plot(best, history.validation[best - 1], "o", color="C1")
    top = max(history.training + history.validation)
    ax.annotate(f"best: epoch {best}", (best, top), (6, -4), textcoords="offset points")
    ax.legend(loc="center right", bbox_to_anchor=(1, 0.75))
    ax.set(xlabel="epoch", ylabel="loss")
    return fig


TICKS = (0, 100, 200, 300)


def plot_predictions(true: Tensor, predicted: Tensor) -> Figure:
    """Predicted against true, in points; on the dashed line they are equal."""
    fig, ax = plt.subplots(figsize=(4.5, 4.2))
    ax.axline((0, 0), slope=1, color="C5", lw=1.4, ls="--")
    ax.plot(true, predicted, "o", color="C0", alpha=0.75)
    ax.text(318, 350, "equal", color="C5", ha="right", va="top")
    ax.set(xlabel="true (points)", ylabel="predicted (points)")
    ax.set(xlim=(0, 360), ylim=(0, 360), xticks=TICKS, yticks=TICKS)
    ax.set_aspect("equal")
    return fig


# %% [markdown] lang="zh"
# ## 运行
#
# 在 Colab 上选了 GPU 就用 GPU，没有就用 CPU，代码一个字都不用改。
# 测试集只在最后用一次：选哪个 epoch，只看验证损失。
# %% [markdown] lang="en"
# ## Run it
#
# With a GPU runtime on Colab this uses the GPU, without one the CPU, and no word of
# the code changes. The testing set is used once, at the end: which epoch to keep is
# decided by the validation loss alone.


# %%
Values = dict[str, float | int | list[float] | list[int]]
Sets = tuple[DiabetesData, DiabetesData, DiabetesData]


def make_sets(generator: torch.Generator) -> Sets:
    """282 patients to train on, 80 to validate and 80 to test on, drawn at random."""
    training, validation, test = split(442, (282, 80, 80), generator)
    return (
        DiabetesData(training, training),
        DiabetesData(validation, training),
        DiabetesData(test, training),
    )


def show_training(
    model: Regressor, sets: Sets, generator: torch.Generator, device: str
) -> Values:
    """Part 1: train, and keep the epoch with the best validation loss."""
    training = DataLoader(sets[0], batch_size=32, shuffle=True, generator=generator)
    validation = DataLoader(sets[1], batch_size=32)
    history = fit(model, training, validation, device=device)
    plot_loop()
    plot_curves(history)
    numbers = [len(s) for s in sets]
    parameters = sum(p.numel() for p in model.parameters())
    best, epochs = history.best_epoch, len(history.training)
    print(f"{' + '.join(map(str, numbers))} examples to train, validate, test")
    print(f"{parameters} parameters, {len(training)} updates an epoch")
    print("              training loss  validation loss")
    for epoch in (1, best, epochs):
        t, v = history.training[epoch - 1], history.validation[epoch - 1]
        print(f"  epoch {epoch:3d}  {t:14.4f}  {v:15.4f}{'  best' * (epoch == best)}")
    return {
        **dict(zip(("n_train", "n_validation", "n_test"), numbers, strict=True)),
        "parameters": parameters,
        "updates": len(training),
        "epochs": epochs,
        "best_epoch": best,
        "best_training": history.training[best - 1],
        "best_validation": history.validation[best - 1],
        "last_training": history.training[-1],
        "last_validation": history.validation[-1],
    }


def show_test(model: Regressor, test_set: DiabetesData, device: str) -> Values:
    """Part 2: the testing set, once; and the same from a saved and loaded model."""
    test = DataLoader(test_set, batch_size=32)
    loss = validate(model, test, nn.MSELoss(), device)
    prediction = predict(model, test, device)
    with tempfile.TemporaryDirectory() as folder:
        save(model, Path(folder) / "model.pt")
        copy = Regressor(features=10).to(device)
        before = (predict(copy, test, device) - prediction).abs().max().item()
        load(copy, Path(folder) / "model.pt", device)
    after = (predict(copy, test, device) - prediction).abs().max().item()
    plot_predictions(test_set.in_points(test_set.y), test_set.in_points(prediction))
    mean_loss = test_set.y.square().mean().item()  # the mean is 0 once standardized
    rmse = math.sqrt(loss) * test_set.y_std.item()
    print("\nThe testing set, used once")
    print(f"  loss {loss:.4f} (always predicting the mean: {mean_loss:.4f})")
    print(f"  typical error (RMSE) {rmse:.1f} points")
    print("A new model's predictions, how far from the trained one's")
    print(f"  before load {before:.4f}, after load {after:.4f}")
    return {
        "test_loss": loss,
        "mean_loss": mean_loss,
        "test_rmse": rmse,
        "before_load": before,
        "after_load": after,
    }


def show_gradients(model: Regressor, data: DiabetesData) -> Values:
    """Part 3: gradients accumulate; `eval()` does not switch them off."""
    model.train()
    dropout_gap = (model(data.X) - model(data.X)).abs().max().item()
    model.eval()
    eval_gap = (model(data.X) - model(data.X)).abs().max().item()
    records = model(data.X).requires_grad
    lengths = []
    for clear in (True, False, False, True):
        if clear:
            model.zero_grad()
        nn.functional.mse_loss(model(data.X), data.y).backward()
        lengths.append(gradient(model).norm().item())
    print("\nLength of the gradient")
    for name, length in zip(
        ("backward once", "twice, not cleared", "three times", "cleared, once"),
        lengths,
        strict=True,
    ):
        print(f"  {name:18s}  {length:.4f}")
    print("The same input predicted twice, largest difference")
    print(f"  train() {dropout_gap:.4f}, eval() {eval_gap:.4f}")
    print(f"  gradients recorded after eval(): {records}")
    return {
        "gradient_lengths": lengths,
        "dropout_gap": dropout_gap,
        "eval_gap": eval_gap,
        "eval_records": int(records),
    }


def show_batches(model: Regressor, data: DiabetesData) -> Values:
    """Part 4: the losses of the batches, and that of the data set."""
    loader, loss_fn = DataLoader(data, batch_size=32), nn.MSELoss()
    losses = batch_losses(model, loader, loss_fn)
    sizes = [len(y) for _, y in loader]
    mean_of_batches, whole = sum(losses) / len(losses), validate(model, loader, loss_fn)
    print("\nValidation loss, batch by batch")
    for size, loss in zip(sizes, losses, strict=True):
        print(f"  {size:2d} examples  {loss:.4f}")
    print(f"  mean of the batches {mean_of_batches:.4f}")
    print(f"  mean of the examples {whole:.4f}")
    return {
        "batch_losses": losses,
        "batch_sizes": sizes,
        "mean_of_batches": mean_of_batches,
        "mean_of_examples": whole,
    }


# %%
def main() -> Values:
    """Do a whole homework; return the values that the notes quote."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.manual_seed(0)
    generator = torch.Generator().manual_seed(0)
    sets = make_sets(generator)
    model = Regressor(features=10)
    trained = show_training(model, sets, generator, device)
    tested = show_test(model, sets[2], device)
    model.cpu()
    gradients = show_gradients(model, sets[0])
    batches = show_batches(model, sets[1])
    plt.show()
    return {**trained, **tested, **gradients, **batches}


# %%
if __name__ == "__main__":
    main()
