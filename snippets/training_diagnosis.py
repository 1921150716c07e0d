# %% [markdown] lang="zh"
# # 诊断训练：问题出在哪里？
#
# 结果不好，先别急着改模型：先看损失。训练损失、一个更简单的模型的训练损失、测试损失、验
# 证损失，按顺序问四个问题，就能分清四种毛病：模型偏差、优化问题、过拟合、不匹配。这里把
# 这棵决策树写成一个函数，再真的训练，每种毛病都亲手造一个、各造五次，看它说得对不对。
# %% [markdown] lang="en"
# # Diagnosing training: what is wrong?
#
# The result is bad. Before changing the model, look at the losses: training loss,
# training loss of a simpler model, test loss, validation loss. Four questions, in this
# order, tell four problems apart: model bias, optimization, overfitting, mismatch. Here
# the decision tree becomes a function. Then we cause every problem on purpose, five
# times each, in real runs, and see whether the tree gets it right.

# %%
"""The guide's decision tree as a function, and real runs for each of its verdicts."""

import math
from collections.abc import Sequence

import matplotlib.pyplot as plt
import torch
from torch import Generator, Tensor

torch.set_num_threads(1)  # the same sums, the same last digits, on every machine

# %% name="parameters"
SEED = 0  # where every random number below starts from
RUNS = 5  # of everything: each run has its own data and its own random start
N = 100  # training examples of a run
NOISE = 0.4  # standard deviation of the noise in the data
WANTED = 2 * NOISE**2  # the loss we want
DEEP = 16  # hidden layers of a deep network
ETAS = [0.03, 0.1, 0.3, 1.0]  # learning rates to choose from
SHORT, LONG = 300, 1500  # updates

# %% [markdown] lang="zh"
# ## 决策树
#
# 换个种子再训练，损失就会变一点。所以每种损失都量几次，一个问题要每次的回答都相同才算
# 数；而且相差不到 5% 不算大。回答不一致，结论就是“无法判断”（undecided）。
# %% [markdown] lang="en"
# ## The decision tree
#
# Train again with another seed, and the losses change a little. So measure each loss in
# several runs; an answer counts only if all runs give it, and a difference below 5%
# does not count. Where the runs disagree, the verdict is "undecided".


# %%
def above(losses: Sequence[float], limits: Sequence[float]) -> bool | None:
    """Is every loss more than 5 % above every limit? None: some are, some are not."""
    answers = {loss > 1.05 * limit for loss in losses for limit in limits}
    return answers.pop() if len(answers) == 1 else None


def measured(losses: Sequence[float], what_to_do: str) -> Sequence[float]:
    """Return the losses of all runs; ValueError if there are none, or one is no number.

    With none, its message is `what_to_do`.
    """
    if not losses:
        raise ValueError(what_to_do)
    if not all(map(math.isfinite, losses)):
        raise ValueError("training diverged (NaN or ∞): try a lower learning rate")
    return losses


# %%
def diagnose(
    wanted: float,
    train: Sequence[float],
    simpler: Sequence[float] = (),
    test: Sequence[float] = (),
    validation: Sequence[float] = (),
) -> str:
    """Name the problem, given the loss wanted and the losses of each run.

    `train`, `test`, `validation`: the model's; `simpler`: the *training* losses of a
    simpler model. Only what the tree asks for must be given; if it is missing, a
    ValueError says what to measure. Source: the lecture's general guide.
    """
    large = above(measured(train, "measure the training loss first"), [wanted])
    if large:
        measured(simpler, "training loss is large: train a simpler model, too")
        if above(train, simpler):
            return "optimization"
        return "model bias" if above(simpler, train) else "undecided"
    if large is None:
        return "undecided"
    measured(test, "training loss is small: now measure the test loss")
    bad = above(test, [wanted])
    if not bad:
        return "undecided" if bad is None else "fine"
    measured(validation, "test loss is large: hold back training data to validate")
    return split_gap(train, validation, test)


# %%
def split_gap(
    train: Sequence[float], validation: Sequence[float], test: Sequence[float]
) -> str:
    """From training to validation: overfitting; from there to the test: mismatch.

    A part counts if it is more than a quarter of the whole gap, and all runs must say
    the same; the losses of run i are train[i], validation[i] and test[i].
    """
    verdicts = set()
    for a, v, b in zip(train, validation, test, strict=True):
        share = (v - a) / (b - a)  # of the gap: overfitting
        both = "mismatch" if share < 0.25 else "overfitting and mismatch"
        verdicts.add("overfitting" if share > 0.75 else both)
    return verdicts.pop() if len(verdicts) == 1 else "undecided"


# %% name="by_hand"
if __name__ == "__main__":
    print(diagnose(0.2, train=[0.9, 0.8], simpler=[0.3, 0.4]))
    print(diagnose(0.2, train=[0.9, 0.8], simpler=[0.85, 0.9]))
    print(diagnose(0.2, train=[0.1], test=[5], validation=[0.21]))
    print(diagnose(0.2, train=[0.1], test=[0.9], validation=[0.5]))

# %% [markdown] lang="zh"
# 第二行：简单的模型没有明显更好，也没有明显更差。第三行：验证损失略高于想要的损失，但从
# 训练到测试的差距几乎都在验证与测试之间。
#
# ## 数据
#
# 要学的曲线是 $f(x) = x + \sin 2.5x$，量到的 $y$ 带有标准差 $s = 0.4$ 的噪声：就算模型
# 等于 $f$，均方误差也有 $s^2$。想要的损失定为 $2s^2$。五次训练一起算：所有张量的第一维
# 是第几次。
# %% [markdown] lang="en"
# The second line: the simpler model is neither clearly better nor clearly worse. The
# third: the validation loss is just above the one wanted, but nearly the whole gap from
# training to test lies between validation and test.
#
# ## Data
#
# The curve to learn is $f(x) = x + \sin 2.5x$, and the measured $y$ carry noise of
# standard deviation $s = 0.4$: even $f$ itself has a mean squared error of $s^2$. Let
# the loss we want be $2s^2$. All five runs are computed together: the first dimension
# of every tensor is the run.


# %%
Data = tuple[Tensor, Tensor]  # x and ŷ, both (runs, n, 1)


def curve(x: Tensor) -> Tensor:
    """f(x) = x + sin 2.5 x, what is to be learned."""
    return x + torch.sin(2.5 * x)


def draw(n: int, low: float, high: float, generator: Generator) -> Data:
    """Draw n examples for every run: x uniform from low to high, ŷ = f(x) + noise."""
    x = low + (high - low) * torch.rand(RUNS, n, 1, generator=generator)
    return x, curve(x) + NOISE * torch.randn(RUNS, n, 1, generator=generator)


def mse(y: Tensor, y_hat: Tensor) -> Tensor:
    """Mean squared error of every run: (runs, n, 1) give (runs,)."""
    return (y - y_hat).square().mean((1, 2))


def best_line(data: Data, x: Tensor) -> Tensor:
    """The least-squares line through every run's data, by its formula, at other x."""
    x_mean, y_mean = (part.mean(1, keepdim=True) for part in data)
    dx, dy = data[0] - x_mean, data[1] - y_mean
    w = (dx * dy).sum(1, keepdim=True) / (dx * dx).sum(1, keepdim=True)
    return y_mean + w * (x - x_mean)


# %% [markdown] lang="zh"
# ## 深的网络
#
# 一层一层的 sigmoid，权重和偏置按 PyTorch 的默认做法，均匀取自 $\pm 1/\sqrt{d}$。有一种
# 改法叫残差连接（residual connection）：每一层把输入原样加到输出上。减去
# $\sigma(0) = 1/2$ 以后，权重为零的一层就是“原样传下去”。
# %% [markdown] lang="en"
# ## Deep networks
#
# Layer after layer of sigmoids, with weights and biases drawn as PyTorch does by
# default, uniformly from $\pm 1/\sqrt{d}$. One change is the residual (skip)
# connection: each layer adds its input to its output. With $\sigma(0) = 1/2$
# subtracted, a layer of zero weights is exactly "hand it on unchanged".


# %%
def start(depth: int, generator: Generator, width: int = 10) -> list[Tensor]:
    """Random W and b of the first hidden layer, of the others, and of the output.

    Shapes: (runs, 1, width) both; (depth − 1, runs, width, width) and (depth − 1, runs,
    1, width), one stack for all; (runs, width, 1) and (runs, 1, 1).
    """

    def uniform(*shape: int, d: int) -> Tensor:
        return (2 * torch.rand(shape, generator=generator) - 1) / math.sqrt(d)

    first = [uniform(RUNS, 1, width, d=1) for _ in range(2)]
    others = [uniform(depth - 1, RUNS, k, width, d=width) for k in (width, 1)]
    output = [uniform(RUNS, k, 1, d=width) for k in (width, 1)]
    return first + others + output


# %%
def hidden_layers(
    parameters: Sequence[Tensor], x: Tensor, skip: bool = False
) -> list[Tensor]:
    """The output of every hidden layer, each (runs, n, width)."""
    W_in, b_in, W, b, *_ = parameters
    activations = [torch.sigmoid(torch.baddbmm(b_in, x, W_in))]  # b + x W, run by run
    for W_layer, b_layer in zip(W.unbind(), b.unbind(), strict=True):
        a = activations[-1]
        out = torch.sigmoid(torch.baddbmm(b_layer, a, W_layer))
        activations.append(a + (out - 0.5) if skip else out)
    return activations


def predict(parameters: Sequence[Tensor], x: Tensor, skip: bool = False) -> Tensor:
    """The output of the network, (runs, n, 1)."""
    *_, W_out, b_out = parameters
    return torch.baddbmm(b_out, hidden_layers(parameters, x, skip)[-1], W_out)


# %% [markdown] lang="zh"
# 两种优化方法：梯度下降和 Adam（这一章后面讲）。每次训练可以有自己的学习率，这样一批里
# 就能比较几个学习率。
# %% [markdown] lang="en"
# Two optimizers: gradient descent and Adam (explained later in this chapter). Each run
# may have its own learning rate, so that one batch compares several.


# %%
def train(
    parameters: Sequence[Tensor],
    data: Data,
    eta: Tensor | float,
    updates: int = SHORT,
    skip: bool = False,
    adam: bool = True,
    epsilon: float = 1e-8,
) -> tuple[list[Tensor], Tensor]:
    """Return the trained parameters and the losses (updates + 1, runs).

    Each update is on all examples; eta is one number or one a run, epsilon is Adam's.
    """
    x, y_hat = data
    eta = torch.as_tensor(eta).view(-1, 1, 1)
    theta = [p.clone().requires_grad_() for p in parameters]
    moments = [(torch.zeros_like(p), torch.zeros_like(p)) for p in theta]
    losses = []
    for t in range(1, updates + 1):
        loss = mse(predict(theta, x, skip), y_hat)
        losses.append(loss.detach())
        gradients = torch.autograd.grad(loss.sum(), theta)
        with torch.no_grad():
            for p, g, (m, v) in zip(theta, gradients, moments, strict=True):
                p -= eta * (adam_direction(g, m, v, t, epsilon) if adam else g)
    trained = [p.detach() for p in theta]
    return trained, torch.stack([*losses, mse(predict(trained, x, skip), y_hat)])


def adam_direction(g: Tensor, m: Tensor, v: Tensor, t: int, epsilon: float) -> Tensor:
    """Adam's direction in update t = 1, 2, …; updates its moments m, v in place."""
    m.lerp_(g, 0.1)  # 1 − β₁
    v.lerp_(g * g, 0.001)  # 1 − β₂
    return m / (1 - 0.9**t) / ((v / (1 - 0.999**t)).sqrt() + epsilon)


# %%
def try_rates(
    parameters: Sequence[Tensor], data: Data, skip: bool = False, adam: bool = True
) -> Tensor:
    """Train SHORT updates with every rate of ETAS: final losses, (rates, runs)."""
    many = len(ETAS)
    eta = torch.tensor(ETAS).repeat_interleave(RUNS)
    copies = [torch.cat([p] * many, dim=-3) for p in parameters]  # -3: the runs
    x, y_hat = (part.repeat(many, 1, 1) for part in data)
    losses = train(copies, (x, y_hat), eta, SHORT, skip, adam)[1][-1]
    return losses.view(many, RUNS).nan_to_num(math.inf)


# %% [markdown] lang="zh"
# ## 学习率调好了吗？
#
# 同一份数据、同样的初始参数，每个网络试同样的几个学习率，看各次训练的平均训练损失。“-”
# 表示发散。
# %% [markdown] lang="en"
# ## Is the learning rate right?
#
# The same data, the same start: every network tries the same learning rates. Below are
# the training losses, averaged over the runs; "-" means that it diverged.

# %% name="tuning"
if __name__ == "__main__":
    generator = Generator().manual_seed(SEED)
    training = draw(N, -3, 3, generator)
    shallow, deep = start(2, generator), start(DEEP, generator)
    tried = {
        "2 layers, Adam": try_rates(shallow, training),
        "2 layers, descent": try_rates(shallow, training, adam=False),
        f"{DEEP} layers, Adam": try_rates(deep, training),
        f"{DEEP} layers, descent": try_rates(deep, training, adam=False),
        f"{DEEP} + skips, Adam": try_rates(deep, training, skip=True),
    }
    print("learning rate     ", *(f"{eta:5}" for eta in ETAS))
    for name, grid in tried.items():
        cells = [f"{v:5.2f}" if v < 100 else "    -" for v in grid.mean(1)]
        print(f"{name:18}", *cells)
    rates = [ETAS[int(grid.mean(1).argmin())] for grid in tried.values()]

# %% [markdown] lang="zh"
# 深的网络用哪个学习率都一样，除非发散；加上残差连接就不一样了。
#
# ## 练久一点呢？
#
# 用浅的网络的最好学习率，把深的网络接着练下去，两种优化方法都试。拿来比的还有一条直线，
# 它有公式解，不会没训练好。
# %% [markdown] lang="en"
# To the deep network all rates are alike, unless it diverges; with skips they are not.
#
# ## And if it trains longer?
#
# Take the best rate of the shallow network and go on training the deep one, with both
# optimizers. Compare with a straight line, too: it has a formula, so it is certain to
# be trained well.

# %% name="stuck"
if __name__ == "__main__":
    eta, eta_descent, *_, eta_skip = rates
    deep_model, deep_curve = train(deep, training, eta, LONG)
    descent_curve = train(deep, training, eta_descent, LONG, adam=False)[1]
    curves = {
        "2 layers, Adam": train(shallow, training, eta, LONG)[1],
        f"{DEEP} layers, Adam": deep_curve,
        f"{DEEP} layers, descent": descent_curve,
        f"{DEEP} + skips, Adam": train(deep, training, eta_skip, SHORT, skip=True)[1],
    }
    ends = {name: losses[-1].tolist() for name, losses in curves.items()}
    ends["a line"] = mse(best_line(training, training[0]), training[1]).tolist()
    for name, end in ends.items():
        print(f"{name:18} {min(end):.2f} to {max(end):.2f}")
    fig, ax = plt.subplots(figsize=(4.5, 4.4))
    styles = ["C0-", "C1-", "C3:", "C2--"]
    for (name, losses), style in zip(curves.items(), styles, strict=True):
        labels = [name] + ["_"] * (RUNS - 1)
        ax.loglog(range(1, len(losses) + 1), losses, style, lw=1, label=labels)
    ax.axhline(WANTED, color="C5")
    ax.annotate("wanted", (1, WANTED), va="top", color="C5")
    ax.set(xlabel="updates", ylabel="training loss", ylim=(0.07, 20))
    fig.legend(loc="outside upper center")
    plt.show()

# %% [markdown] lang="zh"
# 五次训练没有一次例外：练到头，深的网络还不如一条直线；同样的层数加上残差连接，就练下去
# 了。
#
# ## 为什么停住？
#
# 拿两个不同的输入，看每一层的输出还差多远。用双精度来量，好让很小的差别也看得见。
# %% [markdown] lang="en"
# There is no exception among the five runs: to the very end the deep network is worse
# than a straight line; with skips the same number of layers does train.
#
# ## Why does it stall?
#
# Take two different inputs. How far apart are the outputs of each layer? Measured in
# double precision, so that small differences can be seen.


# %%
def signal(parameters: Sequence[Tensor], skip: bool = False) -> Tensor:
    """How far apart x = −1 and x = 1 still are after each layer: (depth, runs)."""
    x = torch.tensor([[-1.0], [1.0]]).expand(RUNS, 2, 1)
    layers = hidden_layers([p.double() for p in parameters], x.double(), skip)
    return torch.stack([(a[:, 0] - a[:, 1]).norm(dim=-1) for a in layers])


def first_gradient(
    parameters: Sequence[Tensor], data: Data, skip: bool = False
) -> Tensor:
    """Length of ∂L/∂W of the first layer, in double precision: (runs,)."""
    theta = [p.double().requires_grad_() for p in parameters]
    x, y_hat = (part.double() for part in data)
    loss = mse(predict(theta, x, skip), y_hat).sum()
    return torch.autograd.grad(loss, theta[0])[0].norm(dim=(1, 2))


# %% name="apart"
if __name__ == "__main__":
    plain_signal, skip_signal = signal(deep), signal(deep, skip=True)
    plain_gradient = first_gradient(deep, training)
    skip_gradient = first_gradient(deep, training, skip=True)
    fig, ax = plt.subplots(figsize=(4.5, 3.8))
    ax.semilogy(range(1, DEEP + 1), plain_signal, "C1o-", lw=1, ms=4)
    ax.semilogy(range(1, DEEP + 1), skip_signal, "C2s--", lw=1, ms=4)
    ax.annotate("with skips", (6, 0.08), va="top", color="C2")
    ax.annotate("without", (7, 1e-4), color="C1")
    ax.set(xlabel="layer", ylabel="distance", xticks=[1, 4, 8, 12, 16])
    plt.show()
    print("at the start     without  with skips")
    rows = {f"apart, layer {DEEP}": (plain_signal[-1], skip_signal[-1])}
    rows["first gradient"] = plain_gradient, skip_gradient
    for name, (without, skips) in rows.items():
        print(f"{name:15}  {without.median():7.0e}  {skips.median():10.1f}")

# %% [markdown] lang="zh"
# 每过一层，差别都缩小到几分之一：无论输入什么，最后几层看到的几乎都一样，网络只能输出
# 一个常数。要改变这一点，得靠前面的层，可是传回到那里的梯度远小于 Adam 分母里的
# $\epsilon = 10^{-8}$，所以 Adam 也走不动。真的是因为 $\epsilon$ 吗？换成
# $10^{-16}$ 看看（学习率 $0.03$）。
# %% [markdown] lang="en"
# Each layer shrinks the difference several times over: whatever the input, the last
# layers see almost the same, and the network can only give a constant. The first layers
# would have to change that, but the gradient that gets back to them is far smaller than
# the $\epsilon = 10^{-8}$ in Adam's denominator, so Adam does not move either. Is it
# really the $\epsilon$? Make it $10^{-16}$ (learning rate $0.03$):

# %% name="epsilon"
if __name__ == "__main__":
    freed = sorted(train(deep, training, 0.03, LONG, epsilon=1e-16)[1][-1].tolist())
    print(f"{DEEP} layers, Adam   {freed[0]:.2f} to {freed[-1]:.2f}")

# %% [markdown] lang="zh"
# 换了以后，每一次都走得动，但还没有一次达到想要的损失。
#
# ## 有时只是练得不够
#
# 四层，学习率 $0.03$。先猜：损失停在一个台阶上，是不是优化失败了？
# %% [markdown] lang="en"
# Now every run does move, but not one has reached the loss we want.
#
# ## Sometimes it just needs longer
#
# Four layers, learning rate $0.03$. Guess first: the loss stays on a plateau; has the
# optimization failed?

# %% name="longer"
if __name__ == "__main__":
    four_curve = train(start(4, generator), training, 0.03, LONG)[1]
    early, late = four_curve[100].tolist(), four_curve[LONG].tolist()
    fig, ax = plt.subplots(figsize=(4.5, 3.6))
    ax.semilogx(range(1, LONG + 2), four_curve, "C0", lw=1)
    ax.axvline(100, color="C1", ls="--")
    ax.axhline(WANTED, color="C5")
    ax.set(xlabel="updates", ylabel="training loss", ylim=(0, 1.2))
    plt.show()
    for t, at in ((100, early), (LONG, late)):
        print(f"after {t:4} updates: {sum(v <= WANTED for v in at)} of {RUNS} arrived")
    early_verdict = diagnose(WANTED, early, simpler=ends["2 layers, Adam"])

# %% [markdown] lang="zh"
# 一次接一次，它们从台阶上掉下来。所以损失停住时，第一件事是再练久一点。
#
# ## 每种毛病亲手造一个
#
# 两层各 50 个神经元的网络：给它 100 个样本，或者只给 8 个，或者训练时
# $-3 \le x \le 1$、测试时 $-1 \le x \le 3$。再加上那条直线和那个深的网络。
# %% [markdown] lang="en"
# One after the other they drop off the plateau. So when the loss stalls, the first
# thing to do is to train longer.
#
# ## Every problem, made on purpose
#
# A network of two layers of 50 neurons gets 100 examples; or just 8; or it trains on
# $-3 \le x \le 1$ and is tested on $-1 \le x \le 3$. Add the straight line and the deep
# network.


# %%
def measure(
    parameters: Sequence[Tensor], train: Data, test: Data, validation: Data
) -> dict[str, list[float]]:
    """The losses of every run's network, under the names that `diagnose` uses."""
    sets = {"train": train, "test": test, "validation": validation}
    losses = {k: mse(predict(parameters, x), y) for k, (x, y) in sets.items()}
    return {name: loss.tolist() for name, loss in losses.items()}


# %% name="cases"
if __name__ == "__main__":
    few, left = draw(8, -3, 3, generator), draw(N, -3, 1, generator)
    test, right = draw(500, -3, 3, generator), draw(500, -1, 3, generator)
    kept, kept_left = draw(500, -3, 3, generator), draw(500, -3, 1, generator)
    wide = start(2, generator, width=50)
    good, memory, guess = (train(wide, d, 0.03)[0] for d in (training, few, left))
    constant = mse(training[1].mean(1, keepdim=True), training[1]).tolist()
    line_test = mse(best_line(training, test[0]), test[1]).tolist()
    cases = {
        "a line": {"train": ends["a line"], "simpler": constant, "test": line_test},
        f"{DEEP} layers": measure(deep_model, training, test, kept),
        "8 examples": measure(memory, few, test, kept),
        "other x": measure(guess, left, right, kept_left),
        "2 layers": measure(good, training, test, kept),
    }
    cases[f"{DEEP} layers"]["simpler"] = ends["a line"]

# %% name="verdicts"
if __name__ == "__main__":
    verdicts, agree = [], []
    print("case       train  test  verdict       runs")
    for case, known in cases.items():
        verdicts.append(diagnose(WANTED, **known))
        alone = [{name: [v[i]] for name, v in known.items()} for i in range(RUNS)]
        agree.append([diagnose(WANTED, **run) for run in alone].count(verdicts[-1]))
        a, b = (sum(known[name]) / RUNS for name in ("train", "test"))
        print(f"{case:10} {a:5.2f} {b:5.2f}  {verdicts[-1]:12}  {agree[-1]:4}")

# %% [markdown] lang="zh"
# 前四种的测试损失都大，只看它分不出来；五次训练，结论次次相同。
#
# ## 不匹配：什么数据有用？
#
# 同样来法的数据给十倍，还是加上一些与测试数据同样来法的？先猜。
# %% [markdown] lang="en"
# In the first four cases the test loss is large, and it alone cannot tell them apart;
# in each case all five runs come to the same verdict.
#
# ## Mismatch: which data help?
#
# Ten times the data of the same kind, or some that are like the test data? Guess first.

# %% name="mismatch"
if __name__ == "__main__":
    more, like = draw(10 * N, -3, 1, generator), draw(N, -1, 3, generator)
    both = torch.cat([left[0], like[0]], 1), torch.cat([left[1], like[1]], 1)
    by_data = {"-3 < x < 1": cases["other x"]["test"]}
    for name, data in [("ten times as many", more), ("and -1 < x < 3", both)]:
        fit = train(wide, data, 0.03)[0]
        by_data[name] = measure(fit, data, right, kept_left)["test"]
    print("trained on         test loss")
    for name, on_right in by_data.items():
        print(f"{name:18} {min(on_right):.2f} to {max(on_right):.2f}")
    line_x = torch.linspace(-3, 3, 241).view(1, -1, 1).expand(RUNS, -1, 1)
    fig, ax = plt.subplots(figsize=(4.5, 3.8))
    ax.plot(right[0][0, :N], right[1][0, :N], "C2^", mfc="none", label="test data")
    ax.plot(left[0][0], left[1][0], ".", color="C5", label="training data")
    ax.plot(line_x[0], curve(line_x[0]), "C0--", lw=1.4, label="$f(x)$")
    ax.plot(line_x[0], predict(guess, line_x)[0], "C1", label="model")
    ax.set(xlabel="$x$", ylabel="$y$")
    fig.legend(loc="outside upper center", ncols=2)
    plt.show()

# %% [markdown] lang="zh"
# 训练数据到不了的地方，模型只能猜，同样的数据再多也没有用。
# %% [markdown] lang="en"
# Where the training data do not reach, the model can only guess, and no amount of the
# same data changes that.
