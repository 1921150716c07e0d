# %% [markdown] lang="zh"
# # 手写数字分类：从得分到概率，从概率到损失
#
# 一张 $8 \times 8$ 的手写数字是 $64$ 个数，网络要说出它是十个数字中的哪一个。输出怎样变
# 成概率？损失为什么是概率的对数？训练之前检查什么？隐藏层把数据变成了什么样？要几层？
# %% [markdown] lang="en"
# # Handwritten digits: from scores to probabilities, from probabilities to a loss
#
# A handwritten digit of $8 \times 8$ pixels is $64$ numbers, and the network has to say
# which of ten digits it is. How does its output become probabilities? Why is the loss
# the logarithm of a probability? What should be checked before training? What do the
# hidden layers make of the data? And how many of them should there be?

# %%
"""Softmax, cross-entropy and gradient descent, on real handwritten digits."""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from sklearn.model_selection import train_test_split
from torch import Generator, Tensor
from torch.nn.functional import cross_entropy as torch_cross_entropy
from torch.nn.functional import one_hot

torch.set_num_threads(1)  # the same sums, the same last digits, on every machine

# %% name="parameters"
SEED = 0  # where every random number below starts from
RUNS = 8  # splits of the data, each with its own random start
KEPT = 360  # images of the test set, and of a validation set
BATCH = 64  # images of a batch
EPOCHS = 30
ETAS = [0.25, 0.5, 1.0, 2.0, 4.0]  # learning rates to choose from

# %% [markdown] lang="zh"
# ## Softmax：从得分到概率
#
# 网络的最后一层给每一类一个得分 $z_i$（logit），可正可
# 负。$y_i = e^{z_i} / \sum_j e^{z_j}$ 都是正数，和为 $1$。照抄公式，$e^{1000}$ 会溢出；
# 先减去最大的得分，结果不变，也不会溢出。下面直接
# 算 $\ln y_i = z_i - \ln\sum_j e^{z_j}$，因为损失要的正是它。
# %% [markdown] lang="en"
# ## Softmax: from scores to probabilities
#
# The last layer gives every class a score $z_i$, its logit, of either sign. The
# $y_i = e^{z_i} / \sum_j e^{z_j}$ are all positive and sum to $1$. Computed as the
# formula stands, $e^{1000}$ overflows; with the largest score subtracted first, the
# result is the same and nothing overflows. We go straight to
# $\ln y_i = z_i - \ln\sum_j e^{z_j}$, since that is what the loss needs.


# %%
def log_softmax(z: Tensor) -> Tensor:
    """ln yᵢ = zᵢ − ln Σⱼ exp(zⱼ) over the last dimension: (…, M) -> (…, M)."""
    z = z - z.amax(dim=-1, keepdim=True)  # the largest is 0 now: exp cannot overflow
    return z - z.exp().sum(dim=-1, keepdim=True).log()


def softmax(z: Tensor) -> Tensor:
    """yᵢ = exp(zᵢ) / Σⱼ exp(zⱼ) over the last dimension: (…, M) -> (…, M)."""
    return log_softmax(z).exp()


# %% name="scores"
if __name__ == "__main__":
    z = torch.tensor([3.0, 1.0, -3.0])
    y = softmax(z)
    print(f"y = ({y[0]:.3f}, {y[1]:.3f}, {y[2]:.3f}), sum {y.sum():.3f}")

# %% [markdown] lang="zh"
# ## 从似然到交叉熵
#
# 各个样本独立，网络认为全部标签都对的概率，是每个正确类别的概率的乘积，叫似然。好的参数
# 让它最大。一千个 $0.5$ 相乘，电脑里得到什么？
# %% [markdown] lang="en"
# ## From likelihood to cross-entropy
#
# The examples are independent, so the probability that the network gives to all the
# labels is the product of what it gives to each: the likelihood. Good parameters make
# it large. What does a computer get when it multiplies a thousand times $0.5$?

# %% name="likelihood"
if __name__ == "__main__":
    print("   N   product of 0.5   sum of -ln 0.5")
    products, sums = [], []
    for N in (1, 10, 100, 1000):
        p = torch.full((N,), 0.5)
        products.append(p.prod().item())
        sums.append(-p.log().sum().item())
        print(f"{N:4}   {products[-1]:14.3g}   {sums[-1]:14.3f}")

# %% [markdown] lang="zh"
# 乘积下溢成 $0$，而负对数的和不会：对数把乘积变成和，再变号，“最大”变成“最小”。一个样本
# 的那一项就是交叉熵，$C = -\sum_i \hat y_i \ln y_i = -\ln y_{\text{正确}}$。
# %% [markdown] lang="en"
# The product underflows to $0$; the sum of the $-\ln$ does not. A logarithm turns the
# product into a sum, and the minus sign turns “largest” into “smallest”. One example's
# term is its cross-entropy, $C = -\sum_i \hat y_i \ln y_i = -\ln y_{\text{right}}$.


# %%
def cross_entropy(z: Tensor, y_hat: Tensor) -> Tensor:
    """C = −Σᵢ ŷᵢ ln yᵢ with y = softmax(z), from logits z and targets ŷ (…, M): (…)."""
    return -(y_hat * log_softmax(z)).sum(dim=-1)


# %% name="huge"
if __name__ == "__main__":
    z_huge, label = torch.tensor([1000.0, 0.0, -1000.0]), torch.tensor(1)
    y_huge = z_huge.exp() / z_huge.exp().sum()  # as the formula stands
    naive_loss = -(one_hot(label, 3) * y_huge.log()).sum()
    huge_loss = cross_entropy(z_huge, one_hot(label, 3)).item()
    torch_loss = torch_cross_entropy(z_huge, label).item()
    print(f"as the formula stands: {naive_loss:.1f}")
    print(f"from the logits:       {huge_loss:.1f}")
    print(f"PyTorch:               {torch_loss:.1f}")

# %% [markdown] lang="zh"
# PyTorch 的 `cross_entropy` 也收 logits。如果前面多做一次 softmax 呢？最好的“得分”也只
# 是一个 $1$ 和九个 $0$，损失最低能到多少？
# %% [markdown] lang="en"
# PyTorch's `cross_entropy` takes logits, too. What if a softmax has been applied before
# it by mistake? Then the best “scores” are one $1$ and nine $0$s. How low can the loss
# get?

# %% name="twice"
if __name__ == "__main__":
    perfect = one_hot(torch.tensor(3), 10).float()
    floor = cross_entropy(perfect, perfect).item()
    print(f"10 classes, softmax twice: never below {floor:.3f}")

# %% [markdown] lang="zh"
# ## 斜率：$y - \hat y$
#
# $C$ 对得分的偏导数是 $\partial C / \partial z_i = y_i - \hat y_i$：算出的概率减去目
# 标。自动微分也得到它吗？
# %% [markdown] lang="en"
# ## The slope: $y - \hat y$
#
# The derivative of $C$ with respect to the scores is
# $\partial C / \partial z_i = y_i - \hat y_i$, probability minus target. Does autograd
# agree?


# %%
Loss = Callable[[Tensor, Tensor], Tensor]  # of z and ŷ


def slopes(loss: Loss, z: Tensor, y_hat: Tensor) -> Tensor:
    """∂C/∂z by autograd, for z and ŷ (…, M): (…, M)."""
    return torch.func.grad(lambda z: loss(z, y_hat).sum())(z)


# %% name="slope"
if __name__ == "__main__":
    target = torch.tensor([0.0, 1.0, 0.0])
    print("y - y_hat", y - target)
    print("autograd ", slopes(cross_entropy, z, target))

# %% [markdown] lang="zh"
# ## 为什么不用平方误差？
#
# 三个类别，正确的一类和一个错误的类得分是 $0$，另一个错误的类得分是 $s$。$s$ 越大，网络
# 错得越自信。这时斜率越大越好，还是越小越好？两种损失各是怎样？
# %% [markdown] lang="en"
# ## Why not squared errors?
#
# Three classes; the right one and a wrong one have score $0$, the other wrong one has
# score $s$. The larger $s$, the more confidently wrong the network is. Should the slope
# be large there, or small? What is it for each of the two losses?


# %%
def squared_error(z: Tensor, y_hat: Tensor) -> Tensor:
    """Σᵢ (yᵢ − ŷᵢ)² with y = softmax(z): (…, M) -> (…)."""
    return ((softmax(z) - y_hat) ** 2).sum(dim=-1)


# %% name="squares"
if __name__ == "__main__":
    s = torch.arange(-4.0, 12.5, 0.5)  # scores of a wrong class
    z_wrong = torch.stack([0 * s, s, 0 * s], dim=1)  # (33, 3), the first is right
    right = torch.tensor([1.0, 0.0, 0.0])
    slope_entropy = -slopes(cross_entropy, z_wrong, right)[:, 0]
    slope_squares = -slopes(squared_error, z_wrong, right)[:, 0]
    print("  s   cross-entropy   squares")
    for i in range(8, 33, 6):
        print(f"{s[i]:3.0f}   {slope_entropy[i]:13.5f}   {slope_squares[i]:7.5f}")
    fig, ax = plt.subplots()
    ax.plot(s, slope_entropy, label="cross-entropy")
    ax.plot(s, slope_squares, "--", label="squared error")
    ax.set(xlabel="score $s$ of a wrong class", ylabel="push on the right score")
    ax.legend()
    plt.show()

# %% [markdown] lang="zh"
# 错得最自信的时候，平方误差的斜率几乎是零，学不动；交叉熵的斜率这时最大。
#
# ## 数据
#
# scikit-learn 自带 $1797$ 张手写数字。先放好测试集，到最后只用一次；剩下的分成训练集和
# 验证集，分 `RUNS` 次，每次不同。像素除以已知的最大值 $16$，不从数据里估计任何东西。
# %% [markdown] lang="en"
# Where the network is most confidently wrong, the squares have almost no slope, and it
# learns nothing; that is where the slope of the cross-entropy is largest.
#
# ## The data
#
# scikit-learn comes with $1797$ handwritten digits. The test set is put away first, to
# be used once, at the end; the rest is split into training and validation set, `RUNS`
# times, each time in another way. Pixels are divided by $16$, their known maximum, so
# nothing is estimated from the data.


# %%
class Digits(NamedTuple):
    """Images X (…, N, 64), from 0 to 1, and their labels (…, N), from 0 to 9."""

    X: Tensor
    labels: Tensor


def split(data: Digits, seed: int) -> tuple[Digits, Digits]:
    """Keep 360 images apart, every class in proportion; return the rest and them."""
    rest, kept = train_test_split(
        range(len(data.X)), test_size=KEPT, stratify=data.labels, random_state=seed
    )
    first, second = (Digits(data.X[n], data.labels[n]) for n in (rest, kept))
    return first, second


def stack(sets: Sequence[Digits]) -> Digits:
    """Put R sets of equal size into one: X (R, N, 64) and labels (R, N)."""
    images, labels = zip(*sets, strict=True)
    return Digits(torch.stack(images), torch.stack(labels))


# %% name="splits"
if __name__ == "__main__":
    pixels, classes = load_digits(return_X_y=True)
    every_digit = Digits(torch.tensor(pixels / 16).float(), torch.tensor(classes))
    known, testing = split(every_digit, SEED)
    pairs = [split(known, seed) for seed in range(SEED, SEED + RUNS)]
    training, validation = (stack(sets) for sets in zip(*pairs, strict=True))
    train_size, validation_size, test_size = training.X.shape[1], KEPT, len(testing.X)
    print(f"training {train_size}, validation {validation_size}, test {test_size}")

# %% [markdown] lang="zh"
# ## 网络
#
# 每个隐藏层算 $A' = \max(0, A W^T + b)$，输出层只给 logits，softmax 在损失里。随
# 机起点用 `nn.Linear` 的规则：$d$ 个输入的层，参数在 $\pm 1/\sqrt{d}$ 之间均匀抽取。参
# 数多带一个维度，长度是 `RUNS`：这么多个网络一起算，各有各的数据和起点，互不相干。
# %% [markdown] lang="en"
# ## The network
#
# Every hidden layer computes $A' = \max(0, A W^T + b)$; the output layer gives
# logits only, since the softmax is in the loss. A random start follows the rule of
# `nn.Linear`: in a layer of $d$ inputs, every parameter is uniform between
# $\pm 1/\sqrt{d}$. The parameters have one dimension more, of length `RUNS`: that many
# networks are computed at once, each with its own data and its own start.

# %%
Layers = list[tuple[Tensor, Tensor]]  # W (R, k, d) and b (R, 1, k) of each layer


def random_start(hidden: Sequence[int], seed: int) -> Layers:
    """Return RUNS networks of 64 inputs, these hidden layers and 10 outputs."""
    generator = Generator().manual_seed(seed)

    def uniform(limit: float, *shape: int) -> Tensor:
        numbers = 2 * torch.rand(RUNS, *shape, generator=generator) - 1
        return (limit * numbers).requires_grad_()

    sizes = pairwise([64, *hidden, 10])
    return [(uniform(d**-0.5, k, d), uniform(d**-0.5, 1, k)) for d, k in sizes]


def forward(X: Tensor, layers: Layers) -> list[Tensor]:
    """Return X, what every hidden layer makes of it, and the logits: (R, N, k) each."""
    *hidden, (W_out, b_out) = layers
    A = [X]
    for W, b in hidden:
        A.append(torch.relu(A[-1] @ W.mT + b))  # (R, N, d) -> (R, N, k)
    return [*A, A[-1] @ W_out.mT + b_out]


def losses(layers: Layers, data: Digits) -> Tensor:
    """Cⁿ of every example of every run, (R, N)."""
    return cross_entropy(forward(data.X, layers)[-1], one_hot(data.labels, 10))


@torch.no_grad()
def accuracy(layers: Layers, data: Digits) -> Tensor:
    """Share of the images whose largest logit is that of the right class, (R,)."""
    chosen = forward(data.X, layers)[-1].argmax(dim=-1)
    return (chosen == data.labels).float().mean(dim=-1)


# %% [markdown] lang="zh"
# ## 训练之前的两个检查
#
# 第一：还什么都没学的网络，十个类别的概率差不多，损失应当
# 是 $-\ln\frac1{10} = \ln 10$ 左右。是吗？
# %% [markdown] lang="en"
# ## Two checks before training
#
# First: a network that has learned nothing gives ten classes about the same
# probability, so its loss should be about $-\ln\frac1{10} = \ln 10$. Is it?

# %% name="start"
if __name__ == "__main__":
    HIDDEN = [64, 64, 64]  # three hidden layers, for all that follows up to the choice
    layers = random_start(HIDDEN, SEED)
    with torch.no_grad():
        before = losses(layers, training)  # (R, N)
    start_losses = before.mean(dim=1)
    print(f"ln 10 = {math.log(10):.3f}")
    print(f"losses: {start_losses.min():.3f} to {start_losses.max():.3f}")

# %% [markdown] lang="zh"
# 第二：只用一个批次，网络应当能把它整个背下来。做不到，就是代码有错，不必去训练全部数
# 据。一次更新让所有参数走一步：
# %% [markdown] lang="en"
# Second: given one batch only, the network should be able to learn it by heart. If it
# cannot, there is a bug, and no need to train on all the data. One update moves every
# parameter by one step:


# %%
def gradient_step(theta: Sequence[Tensor], L: Tensor, eta: float) -> None:
    """Move every parameter θᵢ by −η ∂L/∂θᵢ, in place, after all gradients are known."""
    gradients = torch.autograd.grad(L, theta)
    with torch.no_grad():
        for theta_i, gradient in zip(theta, gradients, strict=True):
            theta_i -= eta * gradient


def all_parameters(layers: Layers) -> list[Tensor]:
    """θ: the W and b of all layers in one list."""
    return [parameter for layer in layers for parameter in layer]


# %% name="one_batch"
if __name__ == "__main__":
    batch = Digits(training.X[:, :BATCH], training.labels[:, :BATCH])
    overfitted = random_start(HIDDEN, SEED)
    batch_losses = []  # of the run that is worst at it
    for update in range(401):
        L = losses(overfitted, batch).mean(dim=1)  # (R,)
        if update % 100 == 0:
            batch_losses.append(L.max().item())
            print(f"update {update:3}   loss {batch_losses[-1]:.5f}")
        gradient_step(all_parameters(overfitted), L.sum(), eta=0.25)
    learned = accuracy(overfitted, batch).min().item()
    print(f"right: {learned:.0%} of the batch")

# %% [markdown] lang="zh"
# 两个检查都通过了。（打印的是 `RUNS` 个网络里最差的一个。各个网络的损失相加再求梯度，每
# 个参数只出现在自己那个网络的损失里，所以互不影响。）
#
# ## 梯度下降：每一个参数都动
#
# $\theta_i \leftarrow \theta_i - \eta\,\partial L / \partial\theta_i$。先用全部训练图走
# 两步，看看三个参数：
# %% [markdown] lang="en"
# Both checks pass. (Printed is the worst of the `RUNS` networks. Their losses are added
# up before the gradient is taken: each parameter is in the loss of its own network
# only, so the networks do not disturb one another.)
#
# ## Gradient descent: every parameter moves
#
# $\theta_i \leftarrow \theta_i - \eta\,\partial L / \partial\theta_i$. Two steps with
# all the training images first, and a look at three parameters:

# %% name="two_updates"
if __name__ == "__main__":
    moved = random_start(HIDDEN, SEED)
    states = []  # θ⁰, θ¹, θ² of the first run, (13130,) each
    for _ in range(3):
        theta = [part[0].detach().flatten() for part in all_parameters(moved)]
        states.append(torch.cat(theta))
        L = losses(moved, training).mean(dim=1)
        gradient_step(all_parameters(moved), L.sum(), eta=0.25)
    for t in (0, 1, 2):
        print(f"θ{t}:", "  ".join(f"{value:8.5f}" for value in states[t][-3:]))

# %% [markdown] lang="zh"
# 每个参数各走各的一点点。真正训练时，每次更新只看一个批次，看完所有批次是一个 epoch：
# %% [markdown] lang="en"
# Each of them moves a little, and by its own amount. In real training an update sees
# one batch only, and all batches once are an epoch:


# %%
def train_epoch(layers: Layers, data: Digits, eta: float, order: Generator) -> None:
    """Plain stochastic gradient descent: one update a batch, in random order."""
    for n in torch.randperm(data.X.shape[1], generator=order).split(BATCH):
        batch = Digits(data.X[:, n], data.labels[:, n])  # (R, B, 64) and (R, B)
        L = losses(layers, batch).mean(dim=1)  # (R,)
        gradient_step(all_parameters(layers), L.sum(), eta)


def falling(eta: float, epoch: int) -> float:
    """η for the first half of the epochs, then in a straight line down to 0."""
    return eta * min(1.0, 2 - 2 * epoch / EPOCHS)


# %% name="training"
if __name__ == "__main__":
    generator = Generator().manual_seed(SEED)
    history = []  # mean losses: training and validation
    for epoch in range(EPOCHS):
        train_epoch(layers, training, falling(0.5, epoch), generator)
        with torch.no_grad():
            both = [losses(layers, data).mean(1) for data in (training, validation)]
        history.append(torch.stack(both))  # (2, R)
    last_losses = history[-1].tolist()
    for epoch in (1, 5, 10, 20, 30):
        seen, new = history[epoch - 1].mean(dim=1)
        print(f"epoch {epoch:2}: training {seen:.3f}  validation {new:.3f}")

# %% name="curves"
if __name__ == "__main__":
    fig, ax = plt.subplots()
    for column, (name, style) in enumerate((("training", "-"), ("validation", "--"))):
        curves = torch.stack(history)[:, column]  # (epochs, R)
        ax.plot(range(1, EPOCHS + 1), curves.mean(1), style, label=name)
        low, high = curves.amin(1), curves.amax(1)
        ax.fill_between(range(1, EPOCHS + 1), low, high, color=f"C{column}", alpha=0.2)
    ax.set(xlabel="epoch", ylabel="mean loss $L/N$", yscale="log")
    ax.legend()
    # how many networks lose more than 0.1 from one epoch to the next
    jumps = (torch.stack(history)[:, 0].diff(dim=0) > 0.1).sum(dim=1).tolist()
    print(f"jumps: first 15 epochs {sum(jumps[:15])}, last 10 {sum(jumps[-10:])}")
    plt.show()

# %% [markdown] lang="zh"
# 最后，验证损失是训练损失的好几倍：有一部分是背下来的。
#
# 总损失 $L$ 是每个样本的损失之和。看看第一个网络训练前后的总损失，以及认对了的验证图
# 里，它最拿不准的那一张：
# %% [markdown] lang="en"
# In the end the validation loss is several times the training loss: some of it was
# learned by heart.
#
# The total loss $L$ is the sum over the examples. Here it is for the first network,
# before and after training; and, of the validation images that it gets right, the one
# that it is least sure of:

# %% name="losses_of_examples"
if __name__ == "__main__":
    with torch.no_grad():
        after = losses(layers, training)  # (R, N)
        y_validation = softmax(forward(validation.X, layers)[-1][0])  # (N, 10)
    total_before, total_after = before[0].sum().item(), after[0].sum().item()
    print(f"total loss {total_before:.1f} -> {total_after:.1f}")
    certainty, decision = y_validation.max(dim=1)
    certainty[decision != validation.labels[0]] = 2.0  # leave out what is wrong
    doubtful = int(certainty.argmin())
    doubtful_loss = -certainty[doubtful].log().item()
    print(f"y = {certainty[doubtful]:.3f}, C = {doubtful_loss:.3f}")

# %% [markdown] lang="zh"
# ## 隐藏层之前与之后
#
# 离哪一类的平均值最近，就算哪一类：这是最简单的分类办法。它在原始像素上能认对多少？换成
# 第一、二、三个隐藏层的输出呢？用的都是验证集。
# %% [markdown] lang="en"
# ## Before and after the hidden layers
#
# Choose the class whose mean is nearest: no classifier could be plainer. How many does
# it get right on the raw pixels? And on the outputs of hidden layers one, two and
# three? All of this is measured on the validation sets.


# %%
def nearest_mean(known: Digits, new: Digits) -> Tensor:
    """Share of `new` that is nearest to the mean of its own class in `known`, (R,)."""
    members = one_hot(known.labels, 10).float().mT  # (R, N) -> (R, 10, N)
    means = members @ known.X / members.sum(dim=-1, keepdim=True)  # (R, 10, 64)
    chosen = torch.cdist(new.X, means).argmin(dim=-1)  # (R, N)
    return (chosen == new.labels).float().mean(dim=-1)


# %% name="features"
if __name__ == "__main__":
    with torch.no_grad():
        A_known, A_new = (forward(data.X, layers) for data in (training, validation))
    stages_known = [Digits(A, training.labels) for A in A_known[:-1]]  # no logits
    stages_new = [Digits(A, validation.labels) for A in A_new[:-1]]
    nearest = torch.stack([*map(nearest_mean, stages_known, stages_new)])  # (4, R)
    nearest_means, nearest_spread = nearest.mean(dim=1), nearest.std(dim=1)
    stages = ["pixels", "layer 1", "layer 2", "layer 3"]
    for stage, share, spread in zip(stages, nearest_means, nearest_spread, strict=True):
        print(f"{stage:8} {share:.1%} ± {spread:.1%}")

# %% [markdown] lang="zh"
# 看一眼：主成分分析（PCA）找出数据散得最开的两个方向，把 $64$ 维压到平面上。
# %% [markdown] lang="en"
# To see it, principal component analysis (PCA) finds the two directions in which the
# data spread most, and flattens $64$ dimensions to a plane.

# %% name="planes"
if __name__ == "__main__":
    fig, axes = plt.subplots(2, 1, figsize=(4.5, 6.4))
    titles = "raw pixels", "output of the last hidden layer"
    for ax, A, title in zip(axes, (A_new[0], A_new[-2]), titles, strict=True):
        plane = PCA(2).fit_transform(A[0])
        for c in range(10):
            points = plane[validation.labels[0] == c]
            ax.plot(*points.T, ls="none", marker=f"${c}$", ms=8, mew=0.2)
        ax.set(xticks=[], yticks=[], title=title)
    plt.show()

# %% [markdown] lang="zh"
# ## 几层？每层几个神经元？
#
# 试。每种结构在每个学习率下各训练 `RUNS` 次，取验证准确率平均最高的那个学习率。表里是验
# 证集上的准确率和它在各次之间的标准差。
# %% [markdown] lang="en"
# ## How many layers? How many neurons in each?
#
# Try. Every structure is trained `RUNS` times at every learning rate, and gets the rate
# with the highest mean accuracy on the validation sets. The table gives that accuracy
# and its standard deviation from run to run.


# %%
def trained(hidden: Sequence[int], data: Digits, eta: float, seed: int) -> Layers:
    """Train RUNS networks with these hidden layers from their random starts."""
    layers = random_start(hidden, seed)
    generator = Generator().manual_seed(seed)
    for epoch in range(EPOCHS):
        train_epoch(layers, data, falling(eta, epoch), generator)
    return layers


def parameter_count(hidden: Sequence[int]) -> int:
    """How many numbers θ is made of: weights and biases of every layer."""
    return sum(d * k + k for d, k in pairwise([64, *hidden, 10]))


# %% name="structures"
if __name__ == "__main__":
    structures = [[], [16], [64], [64, 64], [64, 64, 64]]
    best_etas, rates = [], []  # accuracies on validation: a row a structure
    print("hidden layers  parameters     η  validation")
    for hidden in structures:
        networks = [trained(hidden, training, eta, SEED) for eta in ETAS]
        tried = torch.stack([accuracy(each, validation) for each in networks])
        best = int(tried.mean(dim=1).argmax())  # the row of one η
        best_etas.append(ETAS[best])
        rates.append(tried[best].tolist())
        print(f"{hidden!s:13}  {parameter_count(hidden):10,}  {ETAS[best]:4g}", end="")
        print(f"  {tried[best].mean():.1%} ± {tried[best].std():.1%}")

# %% [markdown] lang="zh"
# 一层 $64$ 个神经元比没有隐藏层好；$64$ 个神经元的，一层、两层还是三层，各次划分说法不
# 一，分不出高下。分不出时取最简单的：平均值比最高的低不到一个标准误差（标准差除
# 以 `RUNS` 的平方根）的结构里，参数最少的一个。
# %% [markdown] lang="en"
# One layer of $64$ neurons does better than no hidden layer. Which is best, one, two or
# three of them, changes from split to split: they cannot be told apart. Then take the
# simplest: of the structures whose mean is within one standard error of the highest
# (the standard deviation over the square root of `RUNS`), the one with the fewest
# parameters.


# %%
def choose(rates: Tensor) -> int:
    """Index of the first row of (structures, R) within a standard error of the best."""
    means, best = rates.mean(dim=1), rates.mean(dim=1).argmax()
    error = rates[best].std() / rates.shape[1] ** 0.5
    return int((means >= means[best] - error).nonzero()[0])


# %% name="choice"
if __name__ == "__main__":
    linear_rate = sum(rates[0]) / RUNS
    choice = choose(torch.tensor(rates))
    chosen_layers, chosen_eta = structures[choice], best_etas[choice]
    chosen_parameters = parameter_count(chosen_layers)
    print(f"chosen: hidden layers {chosen_layers}, η = {chosen_eta}")

# %% [markdown] lang="zh"
# ## 测试集，只用一次
#
# 结构和学习率都定了，用训练集加验证集重新训练，再打开测试集。
# %% [markdown] lang="en"
# ## The test set, once
#
# Structure and learning rate are settled. Train again, on training and validation set
# together, and open the test set.

# %% name="test"
if __name__ == "__main__":
    final = trained(chosen_layers, stack([known] * RUNS), chosen_eta, SEED)
    test_rates = accuracy(final, stack([testing] * RUNS)).tolist()
    print(f"test digits right, mean of {RUNS} starts: {sum(test_rates) / RUNS:.1%}")
    print(f"from {min(test_rates):.1%} to {max(test_rates):.1%}")

# %% [markdown] lang="zh"
# 第一个起点认错的都在这里：箭头左边是正确答案，右边是网络的回答，下面是网络给自己回答的
# 概率。
# %% [markdown] lang="en"
# Here is every image that the first start gets wrong. Left of the arrow is the right
# answer, right of it the network's, and below it the probability that it gives its own.

# %% name="mistakes"
if __name__ == "__main__":
    with torch.no_grad():
        y_test = softmax(forward(testing.X, final)[-1][0])  # (N, 10)
    probability_test, answer = y_test.max(dim=1)
    wrong = (answer != testing.labels).nonzero().flatten().tolist()
    wrong_count, wrong_certainty = len(wrong), probability_test[wrong].tolist()
    rows = math.ceil(len(wrong) / 4)
    fig, axes = plt.subplots(rows, 4, figsize=(4.5, 1.6 * rows), squeeze=False)
    for ax in axes.flat:
        ax.axis("off")
    for n, ax in zip(wrong, axes.flat, strict=False):
        ax.imshow(testing.X[n].reshape(8, 8).numpy())
        ax.set_title(f"{testing.labels[n]} → {answer[n]}\n{probability_test[n]:.2f}")
    plt.show()

# %% [markdown] lang="zh"
# 有几张，人也要犹豫；另一些，网络错得很自信：高概率不等于认对。
# %% [markdown] lang="en"
# At some of them people would hesitate, too; about others the network is confidently
# wrong: a high probability does not make an answer right.
