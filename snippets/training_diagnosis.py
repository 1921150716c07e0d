# %% [markdown] lang="zh"
# # 诊断训练：问题出在哪里？
#
# 结果不好，先别急着改模型：先看损失。训练损失、一个更简单的模型的训练损失、
# 测试损失、验证损失，依次问三个问题，就能分清四种毛病：
# 模型偏差、优化问题、过拟合、不匹配。这里把这棵决策树写成一个函数，
# 再真的训练五次，每种毛病都亲手造一个，看它说得对不对。
# %% [markdown] lang="en"
# # Diagnosing training: what is wrong?
#
# The result is bad; before changing the model, look at the losses. Training loss,
# training loss of a simpler model, testing loss, validation loss: three questions, one
# after the other, tell four problems apart: model bias, an optimization issue,
# overfitting, mismatch. Here the decision tree becomes a function, and five real runs,
# one for each problem and one without any, show whether it is right.

# %%
"""The guide's decision tree as a function, and a real run for each of its verdicts."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor, nn

torch.set_num_threads(1)  # the same sums, the same last digits, on every machine

# %% [markdown] lang="zh"
# ## 决策树
#
# “大”和“小”要有标准：`wanted` 是想要的损失。
# 只有走到的那一问才需要答案，所以后两个损失可以先不给；
# 走到了却没有给，函数会说该去量什么。
# %% [markdown] lang="en"
# ## The decision tree
#
# "Large" and "small" need a standard: `wanted` is the loss wished for.
# A question must be answered just when the tree comes to it, so the last two losses may
# be left out at first; if one of them is needed, the function says what to measure.


# %%
class Losses(NamedTuple):
    """What `diagnose` looks at, in its order; None stands for not measured."""

    train: float
    test: float
    wanted: float
    simpler: float | None = None
    validation: float | None = None


def diagnose(
    train: float,
    test: float,
    wanted: float,
    simpler: float | None = None,
    validation: float | None = None,
) -> str:
    """Name the problem: model bias, optimization, overfitting, mismatch, or fine.

    `train`, `test`: the model's losses on training and testing data, to be compared
    with the loss `wanted`. `simpler`: a simpler (shallower) model's *training* loss,
    asked for if `train` is large. `validation`: the loss on data drawn like the
    training data but not trained on, asked for if `train` is small and `test` large.
    Source: the lecture's general guide. ValueError if a loss is missing or NaN.
    """
    given = (train, test, wanted, simpler, validation)
    if any(loss is not None and math.isnan(loss) for loss in given):
        raise ValueError("a loss is NaN: training diverged, try a lower learning rate")
    if train > wanted:
        if simpler is None:
            raise ValueError("training loss is large: train a simpler model, too")
        return "optimization" if simpler < train else "model bias"
    if test <= wanted:
        return "fine"
    if validation is None:
        raise ValueError("testing loss is large: hold back training data to validate")
    return "overfitting" if validation > wanted else "mismatch"


# %%
def advise(problem: str) -> str:
    """What to do about a verdict of `diagnose`."""
    advice = {
        "model bias": "a more flexible model: more features, neurons, layers",
        "optimization": "a better start, optimizer or architecture, not more layers",
        "overfitting": "more or augmented data, or a more constrained model",
        "mismatch": "training data that look like the testing data",
        "fine": "nothing: stop here (*^▽^*)",
    }
    if problem not in advice:
        raise ValueError(f"{problem!r} is no verdict: use one of {', '.join(advice)}")
    return advice[problem]


# %% [markdown] lang="zh"
# ## 数据与模型
#
# 曲线是 $f(x) = \sin 2x + x/3$，量到的 $y$ 带有标准差 $s = 0.3$ 的噪声：
# 就算模型等于 $f$，均方误差也有 $s^2 = 0.09$。想要的损失定为 $2 s^2 = 0.18$。
# 模型是一层一层的 sigmoid，深度为 $0$ 就是一条直线。
# 权重从 Xavier 分布里取，`gain` 是它的倍数，这一个数就能决定深的网络训不训得动：
# $\sigma'(0) = 1/4$，每过一层，梯度大约乘上 `gain` 的四分之一。
# %% [markdown] lang="en"
# ## Data and models
#
# The curve is $f(x) = \sin 2x + x/3$, the $y$ measured carry noise of standard
# deviation $s = 0.3$: even $f$ itself has a mean square error of $s^2 = 0.09$. The
# loss wanted is $2 s^2 = 0.18$. The models are layers of sigmoids; depth $0$ is a
# straight line. Weights are drawn from Xavier's distribution, `gain` times as large,
# and this one number decides whether a deep network can be trained:
# $\sigma'(0) = 1/4$, so a layer multiplies the gradient by about a quarter of `gain`.


# %%
def curve(x: Tensor) -> Tensor:
    """f(x) = sin 2x + x / 3, what is to be learned."""
    return torch.sin(2 * x) + x / 3


def draw(
    n: int, low: float, high: float, noise: float, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Draw n examples: x (n, 1) uniform between low and high, y = f(x) + noise."""
    x = low + (high - low) * torch.rand(n, 1, generator=generator)
    return x, curve(x) + noise * torch.randn(n, 1, generator=generator)


# %%
def network(depth: int, width: int, gain: float = 1.0, seed: int = 0) -> nn.Sequential:
    """1 input, `depth` hidden layers of `width` sigmoids, 1 output; biases start at 0.

    Weights are Xavier-uniform times `gain`. Source: Glorot and Bengio, 2010.
    """
    generator = torch.Generator().manual_seed(seed)
    sizes = [1] + [width] * depth + [1]
    layers: list[nn.Module] = []
    for n_in, n_out in pairwise(sizes):
        linear = nn.Linear(n_in, n_out)
        nn.init.xavier_uniform_(linear.weight, gain, generator)
        nn.init.zeros_(linear.bias)
        layers += [linear, nn.Sigmoid()]
    return nn.Sequential(*layers[:-1])  # no sigmoid after the output


def mse(model: nn.Module, x: Tensor, y: Tensor) -> float:
    """Mean squared error of the model on the examples (x, y)."""
    with torch.no_grad():
        return (model(x) - y).square().mean().item()


def train(
    model: nn.Module, x: Tensor, y: Tensor, steps: int = 600, eta: float = 0.01
) -> list[float]:
    """Train in place: `steps` updates by Adam, each on all examples.

    eta falls linearly to a hundredth. Returns the steps + 1 training losses, from
    before the first update to after the last one.
    """
    optimizer = torch.optim.Adam(model.parameters(), lr=eta, fused=True)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1, 0.01, steps)
    losses = []
    for _ in range(steps):
        loss = (model(x) - y).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
    return [*losses, mse(model, x, y)]


# %%
def gradient_sizes(model: nn.Sequential, x: Tensor, y: Tensor) -> list[float]:
    """Norm of ∂L/∂W of every layer, from the first to the last."""
    weights = [layer.weight for layer in model if isinstance(layer, nn.Linear)]
    loss = (model(x) - y).square().mean()
    return [dW.norm().item() for dW in torch.autograd.grad(loss, weights)]


# %% [markdown] lang="zh"
# ## 画图
# %% [markdown] lang="en"
# ## Figures


# %%
def _box(
    ax: Axes, centre: tuple[float, float], width: float, text: str, color: str
) -> None:
    """A tinted box, 1.9 high, and its text."""
    corner = (centre[0] - width / 2, centre[1] - 0.95)
    ax.add_patch(plt.Rectangle(corner, width, 1.9, fc=color, ec="none", alpha=0.16))
    ax.add_patch(plt.Rectangle(corner, width, 1.9, fc="none", ec=color, lw=1.4))
    ax.text(*centre, text, ha="center", va="center", size=11, linespacing=1.3)


def _branch(
    ax: Axes, start: tuple[float, float], end: tuple[float, float], answer: str
) -> None:
    """An arrow from the lower edge of one box to the upper edge of another."""
    tail, head = (start[0], start[1] - 0.95), (end[0], end[1] + 1.0)
    style = {"arrowstyle": "-|>", "color": "C5", "lw": 1.4, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", head, tail, arrowprops=style)
    face = {"fc": plt.rcParams["axes.facecolor"], "ec": "none", "pad": 1.5}
    middle = ((tail[0] + head[0]) / 2, (tail[1] + head[1]) / 2)
    ax.text(*middle, answer, ha="center", va="center", size=11, bbox=face)


def plot_tree() -> Figure:
    """The decision tree of `diagnose`: questions, answers, five verdicts."""
    fig, ax = plt.subplots(figsize=(4.5, 4.9))
    ax.set(xlim=(0, 12.8), ylim=(0, 13.6))
    ax.set_aspect("equal")
    ax.axis("off")
    train, simpler, test, validation = (6.4, 12.5), (3.2, 8.7), (9.6, 8.7), (11.2, 4.9)
    tree = [(train, simpler, "large"), (train, test, "small"),
            (simpler, (1.6, 4.9), "no"), (simpler, (4.8, 4.9), "yes"),
            (test, (8.0, 4.9), "small"), (test, validation, "large"),
            (validation, (8.0, 1.1), "large"),
            (validation, (11.2, 1.1), "small")]  # fmt: skip
    for start, end, answer in tree:
        _branch(ax, start, end, answer)
    _box(ax, train, 4.8, "loss on\ntraining data?", "C0")
    _box(ax, simpler, 5.6, "smaller with a\nsimpler model?", "C0")
    _box(ax, test, 4.8, "loss on\ntesting data?", "C0")
    _box(ax, validation, 3, "validation\nloss?", "C0")
    _box(ax, (1.6, 4.9), 3, "model\nbias", "C1")
    _box(ax, (4.8, 4.9), 3, "optimization", "C1")
    _box(ax, (8.0, 4.9), 3, "fine\n(*^▽^*)", "C2")
    _box(ax, (8.0, 1.1), 3, "overfitting", "C1")
    _box(ax, (11.2, 1.1), 3, "mismatch", "C1")
    return fig


# %%
def plot_fits(
    x: Tensor, truth: Tensor, panels: Sequence[tuple[str, Tensor, Tensor, Tensor]]
) -> Figure:
    """Four panels: a title, the training examples, and the model's curve over x."""
    fig, axes = plt.subplots(2, 2, sharex=True, sharey=True, figsize=(4.5, 4.8))
    for ax, (title, x_train, y_train, prediction) in zip(
        axes.flat, panels, strict=True
    ):
        few = len(x_train) < 50
        (points,) = ax.plot(x_train, y_train, ".", color="C5", alpha=0.8,
                            ms=10 if few else 5, zorder=3 if few else 1)  # fmt: skip
        (wanted,) = ax.plot(x, truth, color="C0", ls="--", lw=1.4)
        (model,) = ax.plot(x, prediction, color="C1")
        ax.set_title(title)
    for ax in axes[:, 0]:
        ax.set_ylabel("$y$")
    for ax in axes[-1]:
        ax.set_xlabel("$x$")
    names = ["training data", "$f(x)$", "model"]
    fig.legend([points, wanted, model], names, loc="outside upper center", ncols=3)
    return fig


# %%
def plot_runs(
    names: Sequence[str], runs: Sequence[Losses], verdicts: Sequence[str]
) -> Figure:
    """One row a run: the losses that the tree looked at, on a logarithmic axis."""
    fig, ax = plt.subplots(figsize=(4.5, 5))
    rows = range(len(runs), 0, -1)
    kinds = (("training", "o", "C0", "train", 0.1),
             ("testing", "^", "C1", "test", -0.1),
             ("training, simpler", "D", "C3", "simpler", 0),
             ("validation", "s", "C2", "validation", 0))  # fmt: skip
    for label, marker, color, kind, dy in kinds:
        found = [(getattr(r, kind), y + dy) for r, y in zip(runs, rows, strict=True)]
        known = [(loss, y) for loss, y in found if loss is not None]
        face = "none" if kind in ("simpler", "validation") else color
        ax.plot(*zip(*known, strict=True), marker, color=color, mfc=face, ms=8,
                mew=1.6, ls="none", label=label)  # fmt: skip
    ax.axvline(runs[0].wanted, color="C5", lw=1.4, ls="--", zorder=0)
    ax.annotate("wanted", (runs[0].wanted, 0.35), (-4, 0), color="C5", ha="right",
                textcoords="offset points")  # fmt: skip
    labels = [
        f"{name}:\n{verdict}" for name, verdict in zip(names, verdicts, strict=True)
    ]
    ax.set_yticks(list(rows), labels)
    ax.set(xscale="log", xlabel="loss", ylabel="run", ylim=(0.3, len(runs) + 0.5))
    fig.legend(loc="outside upper center", ncols=2)
    return fig


# %%
def plot_depth(
    histories: Sequence[tuple[str, Sequence[float]]], wanted: float
) -> Figure:
    """Training loss against updates: one curve a network, its name in the legend."""
    fig, ax = plt.subplots(figsize=(4.5, 4.2))
    for (name, losses), style in zip(histories, ("-", "--", "-.", ":"), strict=True):
        ax.plot(losses, ls=style, label=name)
    ax.axhline(wanted, color="C5", lw=1.2)
    ax.text(0, 0.97 * wanted, "wanted", color="C5", va="top")
    ax.set_ylim(wanted / 3, 10 * wanted)  # the very first losses lie above
    ax.set(yscale="log", xlabel="updates", ylabel="training loss")
    fig.legend(loc="outside upper center", ncols=2)
    return fig


# %%
def plot_mismatch(
    x: Tensor,
    truth: Tensor,
    prediction: Tensor,
    training: tuple[Tensor, Tensor],
    testing: tuple[Tensor, Tensor],
) -> Figure:
    """The model's curve among training and testing data; below, where their x lie."""
    fig, (ax, low) = plt.subplots(
        2, 1, sharex=True, figsize=(4.5, 4.8), height_ratios=(2, 1)
    )
    ax.plot(*testing, "^", color="C2", ms=4, mfc="none", label="testing data")
    ax.plot(*training, ".", color="C5", ms=6, label="training data")
    ax.plot(x, truth, color="C0", ls="--", lw=1.6, label="$f(x)$")
    ax.plot(x, prediction, color="C1", label="model")
    ax.set_ylabel("$y$")
    bins = torch.linspace(x.min().item(), x.max().item(), 13).tolist()
    for (part, _), color, style in ((training, "C5", "-"), (testing, "C2", "--")):
        low.hist(part.flatten().tolist(), bins, histtype="step", density=True,
                 color=color, ls=style, lw=1.8)  # fmt: skip
    low.set(xlabel="$x$", ylabel="density")
    fig.legend(loc="outside upper center", ncols=2)
    return fig


# %% [markdown] lang="zh"
# ## 运行：每种毛病亲手造一个
#
# 训练、验证、测试数据都取自 $-3 \le x \le 3$，只有最后一种毛病例外：
# 训练和验证时 $-3 \le x \le 1$，测试时 $-1 \le x \le 3$。
# %% [markdown] lang="en"
# ## Run it: every problem made on purpose
#
# Training, validation and testing data come from $-3 \le x \le 3$, but for the last of
# the problems: there $-3 \le x \le 1$ in training and validation, and
# $-1 \le x \le 3$ in testing.


# %%
NOISE, WANTED = 0.3, 2 * 0.3**2
Data = tuple[Tensor, Tensor]


def show_tree() -> None:
    """Part 1: the verdicts of the tree, and its advice."""
    plot_tree()
    print("Verdict       advice")
    for problem in ("model bias", "optimization", "overfitting", "mismatch", "fine"):
        print(f"{problem:<12}  {advise(problem)}")


def show_depth(training: Data) -> tuple[dict[str, nn.Sequential], dict[str, object]]:
    """Part 2: four networks, trained alike on the same data; return them by name."""
    plans = {"2 layers": (2, 1.0), "4 layers": (4, 1.0), "8 layers": (8, 1.0),
             "8 layers, gain 4": (8, 4.0)}  # fmt: skip
    models = {name: network(depth, 20, gain) for name, (depth, gain) in plans.items()}
    sizes = [gradient_sizes(model, *training) for model in models.values()]
    histories = [train(model, *training) for model in models.values()]
    plot_depth(list(zip(plans, histories, strict=True)), WANTED)
    print("\nHidden layers        training loss    first layer's dL/dW")
    print("                     after training   before training")
    for name, history, size in zip(plans, histories, sizes, strict=True):
        print(f"  {name:<19}{history[-1]:13.3f}   {size[0]:14.1e}")
    finals = [history[-1] for history in histories]
    return models, {
        "depths": [depth for depth, _ in plans.values()], "depth_losses": finals,
        "better_start": finals[-1], "updates": len(histories[0]) - 1,
        "first_gradients": [size[0] for size in sizes],
        "gradient_ratio": sizes[0][0] / sizes[2][0],
        "parameters": [sum(p.numel() for p in m.parameters()) for m in models.values()],
    }  # fmt: skip


# %%
def show_mismatch(generator: torch.Generator) -> tuple[Losses, dict[str, object]]:
    """Part 3: trained on the left, tested on the right; which data help?"""
    training, validation = (draw(200, -3, 1, NOISE, generator) for _ in range(2))
    testing, like_testing = (draw(200, -1, 3, NOISE, generator) for _ in range(2))
    more = draw(2000, -3, 1, NOISE, generator)
    both = (torch.cat([training[0], like_testing[0]]),
            torch.cat([training[1], like_testing[1]]))  # fmt: skip
    model, with_more, with_both = (network(4, 20) for _ in range(3))
    train(model, *training)
    train(with_more, *more)
    train(with_both, *both)
    x = torch.linspace(-3, 3, 121).unsqueeze(1)
    plot_mismatch(x, curve(x), model(x).detach(), training, testing)
    losses = Losses(mse(model, *training), mse(model, *testing), WANTED,
                    validation=mse(model, *validation))  # fmt: skip
    with_2000, with_like = mse(with_more, *testing), mse(with_both, *testing)
    print("\nTrained on x in [-3, 1], tested on x in [-1, 3]    testing loss")
    print(f"  200 examples                                   {losses.test:13.3f}")
    print(f"  2000 examples of the same kind                 {with_2000:13.3f}")
    print(f"  200 and 200 like the testing data              {with_like:13.3f}")
    return losses, {"mismatch_more": with_2000, "mismatch_both": with_like}


# %%
def show_verdicts(names: Sequence[str], runs: Sequence[Losses]) -> dict[str, object]:
    """Part 4: the losses of all runs, and what the tree says about each."""
    verdicts = [diagnose(*run) for run in runs]
    plot_runs(names, runs, verdicts)
    print(f"\nLoss wanted: {WANTED:.2f}")
    print("Run                train    test  simpler  valid.  verdict")
    for name, run, verdict in zip(names, runs, verdicts, strict=True):
        asked = ["-" if v is None else f"{v:.3f}" for v in run[3:]]
        print(f"{name:<16}{run.train:8.3f}{run.test:8.3f}{asked[0]:>9}{asked[1]:>8}"
              f"  {verdict}")  # fmt: skip
    return {"names": list(names), "verdicts": verdicts,
            "train_losses": [run.train for run in runs],
            "test_losses": [run.test for run in runs],
            "line_simpler": runs[0].simpler, "deep_simpler": runs[1].simpler,
            "few_validation": runs[2].validation,
            "mismatch_validation": runs[3].validation}  # fmt: skip


# %%
def main() -> dict[str, object]:
    """Run the four parts; return the values that the notes quote."""
    show_tree()
    generator = torch.Generator().manual_seed(0)
    training, validation = (draw(200, -3, 3, NOISE, generator) for _ in range(2))
    testing = draw(1000, -3, 3, NOISE, generator)
    few = training[0][:15], training[1][:15]
    models, depth_values = show_depth(training)
    line, big = network(0, 0), network(4, 50, 4.0)
    shallow, good, deep = (models[f"{depth} layers"] for depth in (2, 4, 8))
    train(line, *training)
    train(big, *few)
    x = torch.linspace(-3, 3, 241).unsqueeze(1)
    panels = [(name, *data, model(x).detach()) for name, data, model in (
        ("a straight line", training, line), ("8 layers", training, deep),
        ("15 examples", few, big), ("4 layers", training, good))]  # fmt: skip
    plot_fits(x, curve(x), panels)
    constant = (training[1] - training[1].mean()).square().mean().item()
    mismatch, mismatch_values = show_mismatch(generator)
    runs = [
        Losses(mse(line, *training), mse(line, *testing), WANTED, simpler=constant),
        Losses(mse(deep, *training), mse(deep, *testing), WANTED,
               simpler=mse(shallow, *training)),
        Losses(mse(big, *few), mse(big, *testing), WANTED,
               validation=mse(big, *validation)),
        mismatch,
        Losses(mse(good, *training), mse(good, *testing), WANTED),
    ]  # fmt: skip
    names = ["a straight line", "8 layers", "15 examples", "other x", "4 layers"]
    values = show_verdicts(names, runs)
    plt.show()
    return {"wanted": WANTED, "noise": NOISE} | depth_values | mismatch_values | values


# %%
if __name__ == "__main__":
    main()
