# %% [markdown] lang="zh"
# # 自己写一个自动微分：backward() 里面有什么
#
# `loss.backward()` 只有一行，却算出了损失对每一个参数的偏导数。它怎么知道该求哪些导、按
# 什么顺序求？这里从零写一个：每个数记住自己是怎么算出来的，反过来走一遍，梯度就有了。写
# 法学自 Andrej Karpathy 的 [micrograd](https://github.com/karpathy/micrograd)。
# %% [markdown] lang="en"
# # Autograd from scratch: what is inside backward()?
#
# `loss.backward()` is one line, and it finds the derivative of the loss with respect to
# every parameter. How does it know what to differentiate, and in which order? We write
# one from scratch: every number remembers how it was computed, and one walk backwards
# gives all gradients. The idea of doing it on single numbers is from Andrej Karpathy's
# [micrograd](https://github.com/karpathy/micrograd).

# %%
"""An autograd engine on single numbers: the graph, its order, one walk backwards."""

import math
from dataclasses import dataclass, field
from typing import TypeVar

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import make_moons
from torch import Tensor, nn

# %% name="parameters"
SEED = 0  # of the points and of the weights that training starts from
POINTS = 30  # of two classes, half of them each
HIDDEN = 8  # neurons in the hidden layer
UPDATES = 250
ETA = 2.0  # learning rate η

# %% [markdown] lang="zh"
# ## 会记账的数
#
# 一个 `Value` 有三样东西：数值 `data`；梯度 `grad`，即最后的结果对它的偏导数，起先是
# 零；还有 `edges`，记着它是由哪些数算出来的，以及它对其中每一个的**局部导数**。加法的局
# 部导数是 $1$ 和 $1$，减法的是 $1$ 和 $-1$，乘法的是对方的值；除以一个数，就是乘以它
# 的 $-1$ 次方。不由别的数算出来的数，比如输入和参数，叫作叶子。
# %% [markdown] lang="en"
# ## Numbers that keep a record
#
# A `Value` has three things: its `data`; its `grad`, the derivative of the final result
# with respect to it, zero at first; and its `edges`, which say what it was computed
# from, each with the **local derivative**. For a sum these are $1$ and $1$, for a
# difference $1$ and $-1$, for a product each factor has the other one; to divide by a
# number is to multiply by its power $-1$. A number that was not computed from others,
# such as an input or a parameter, is a leaf.


# %%
@dataclass(eq=False)  # a Value equals itself alone, whatever its number
class Value:
    """A number, with edges to what it was computed from: (parent, ∂self/∂parent)."""

    data: float
    edges: tuple[tuple["Value", float], ...] = field(default=(), repr=False)
    grad: float = 0.0  # ∂C/∂self, once backward(C) has run

    def __add__(self, other: "Value | float") -> "Value":
        other = as_value(other)
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other: "Value | float") -> "Value":
        other = as_value(other)
        return Value(self.data * other.data, ((self, other.data), (other, self.data)))

    def __pow__(self, n: int) -> "Value":
        slope = n * self.data ** (n - 1) if n else 0.0
        return Value(self.data**n, ((self, slope),))

    def __neg__(self) -> "Value":
        return self * -1

    def __sub__(self, other: "Value | float") -> "Value":
        other = as_value(other)
        return Value(self.data - other.data, ((self, 1.0), (other, -1.0)))

    def __truediv__(self, other: "Value | float") -> "Value":
        return self * as_value(other) ** -1

    def __rsub__(self, other: float) -> "Value":
        return as_value(other) - self

    def __rtruediv__(self, other: float) -> "Value":
        return as_value(other) / self

    __radd__, __rmul__ = __add__, __mul__  # 1 + x, 2 * x


def as_value(x: Value | float) -> Value:
    """Return x itself if it is a Value, else a new leaf of that number."""
    return x if isinstance(x, Value) else Value(x)


# %% [markdown] lang="zh"
# 一元函数也一样：算出值，记下局部导数。
# %% [markdown] lang="en"
# Functions of one number are no different: compute the value, note the local
# derivative.


# %%
def exp(x: Value) -> Value:
    """Return eˣ."""
    y = math.exp(x.data)
    return Value(y, ((x, y),))


def log(x: Value) -> Value:
    """Return ln x. ValueError if x is not above 0."""
    return Value(math.log(x.data), ((x, 1 / x.data),))


def tanh(x: Value) -> Value:
    """Return tanh x."""
    y = math.tanh(x.data)
    return Value(y, ((x, 1 - y**2),))


def sigmoid(z: Value) -> Value:
    """Return σ(z) = 1 / (1 + e⁻ᶻ), through tanh, which no z makes overflow."""
    a = (1 + math.tanh(z.data / 2)) / 2
    return Value(a, ((z, a * (1 - a)),))


def sigmoid_in_parts(z: Value) -> Value:
    """Return the same from steps whose derivatives are known already."""
    return 1 / (1 + exp(-z))


# %% name="forward"
if __name__ == "__main__":
    x, w, b, y_hat = Value(2.0), Value(0.5), Value(-0.5), Value(1.0)
    wx = w * x
    z = wx + b
    a = sigmoid(z)
    e = a - y_hat
    C = e**2
    print("wx =", wx)
    for parent, local in wx.edges:
        print("from", parent, "local", local)
    print(f"C = {C.data:.4f}")

# %% [markdown] lang="zh"
# 这几行照常算出了 $C = (\sigma(wx + b) - \hat{y})^2$，同时悄悄连成了一张图：从 $C$ 出
# 发，沿着 `edges` 能走回每一个输入。
#
# ## 排好顺序，反过来走
#
# 一个数要等所有用到它的数都交来了自己那一份，梯度才齐，才可以往前传。所以先排成**拓扑
# 序**：每个数都排在算出它的那些数后面。倒着走这个顺序，每条边上做一件事：局部导数乘以下
# 游的梯度，**加**到上游。
# %% [markdown] lang="en"
# These lines computed $C = (\sigma(wx + b) - \hat{y})^2$ as usual, and quietly built a
# graph: from $C$, the `edges` lead back to every input.
#
# ## Put them in order, and walk it backwards
#
# A number's gradient is complete only once everything that uses the number has handed
# in its share; only then may it be passed on. So we first need a **topological order**:
# each number after all those it is computed from. Walk it backwards, and do one thing
# on each edge: multiply the gradient by the local derivative, and **add** it to the
# parent.


# %%
def topological_order(output: Value) -> list[Value]:
    """Return all that output depends on, parents first, itself last.

    Depth first, on a stack of its own: Python's recursion would end at 1000 levels.
    """
    order: list[Value] = []
    seen, stack = set(), [(output, False)]
    while stack:
        node, parents_done = stack.pop()
        if parents_done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((parent, False) for parent, _ in node.edges)
    return order


def backward(output: Value) -> None:
    """Add ∂output/∂leaf to the grad of every leaf, as PyTorch's backward() does.

    Nodes in between have their own ∂output/∂node afterwards.
    """
    order = topological_order(output)
    for node in order:
        if node.edges:  # not a leaf: forget an earlier backward
            node.grad = 0.0
    output.grad += 1.0  # ∂output/∂output
    for node in reversed(order):
        for parent, local in node.edges:
            parent.grad += local * node.grad


# %% name="neuron"
if __name__ == "__main__":
    backward(C)
    names = ["w", "x", "wx", "b", "z", "a", "ŷ", "e", "C"]
    nodes = (w, x, wx, b, z, a, y_hat, e, C)
    neuron = dict(zip(names, nodes, strict=True))
    grads = {name: node.grad for name, node in neuron.items()}
    print("node   value      grad")
    for name, node in neuron.items():
        print(f"{name:4} {node.data:7.4f}  {node.grad:8.4f}")
    by_hand = 2 * (a.data - y_hat.data) * a.data * (1 - a.data)
    print(f"by hand: δ = 2 (a − ŷ) a (1 − a) = {by_hand:.4f}")
    print(f"         δx = {by_hand * x.data:.4f}")

# %% [markdown] lang="zh"
# $z$ 的 `grad` 就是后向传播里的 $\delta = \partial C/\partial z$，$w$ 的 `grad` 就
# 是 $\delta$ 乘以从 $w$ 进来的 $x$。没有谁告诉程序这些公式，它只知道每一步的局部导数。
#
# $\sigma$ 是当作一步记的。拆成 $1/(1 + e^{-z})$ 的几步，结果会变吗？
# %% [markdown] lang="en"
# The `grad` of $z$ is the $\delta = \partial C/\partial z$ of the backward pass, and
# the `grad` of $w$ is $\delta$ times the $x$ that enters through $w$. Nobody told the
# program these formulas; all it knows is the local derivative of each step.
#
# We recorded $\sigma$ as a single step. Does anything change if it is taken apart, into
# the steps of $1/(1 + e^{-z})$?

# %% name="in_parts"
if __name__ == "__main__":
    slopes, sizes = [], []
    for sigma in sigmoid, sigmoid_in_parts:
        at = Value(z.data)
        y = sigma(at)
        backward(y)
        slopes.append(at.grad)
        sizes.append(len(topological_order(y)))
        print(f"{sizes[-1]} nodes: value {y.data:.9f}, slope {at.grad:.9f}")

# %% [markdown] lang="zh"
# 节点多了，结果一样：链式法则不在乎一步迈多大，只要每一步的局部导数是对的。
#
# ## 用了两次的数
#
# $x + x$ 对 $x$ 的导数是 $2$。要是把 `+=` 写成 `=`，会得到什么？$(x + 1)\,x$ 呢？
# %% [markdown] lang="en"
# More nodes, the same result: the chain rule does not mind how large a step is, as long
# as the local derivative of each step is right.
#
# ## A number that is used twice
#
# The derivative of $x + x$ is $2$. What would we get if `+=` were written as `=`? And
# for $(x + 1)\,x$?

# %% name="used_twice"
if __name__ == "__main__":
    overwritten, added = [], []
    print("at x = 3       with =   with +=")
    x = Value(3.0)
    for name, f in ("x + x", x + x), ("(x + 1) x", (x + 1) * x):
        f.grad = 1.0
        for node in reversed(topological_order(f)):
            for parent, local in node.edges:
                parent.grad = local * node.grad  # = where += belongs
        overwritten.append(x.grad)
        x.grad = 0.0
        backward(f)
        added.append(x.grad)
        print(f"{name:12}  {overwritten[-1]:7}  {added[-1]:8}")

# %% [markdown] lang="zh"
# 每一条路交来一份，`=` 只留下最后到的那一份。**分路相加**：这就是链式法则的情形二，代码
# 里就是这一个加号。
#
# ## 路很多，节点不多
#
# 从 $x$ 开始，反复地把一个数和它自己相加。每一步有两条边，走到最后有多少条不同的路？局
# 部导数都是 $1$，所以每条路贡献 $1$，梯度恰好就是路的条数。
# %% [markdown] lang="en"
# Each path hands in a share, and `=` keeps only the one that came last. **Add over the
# paths**: that is case 2 of the chain rule, and in the code it is this one plus sign.
#
# ## Many paths, few nodes
#
# Start from $x$, and keep adding the number to itself. Every step has two edges: how
# many different paths lead from one end to the other? All local derivatives are $1$, so
# each path contributes $1$, and the gradient is just the number of paths.

# %% name="paths"
if __name__ == "__main__":
    print("steps   nodes       paths")
    node_counts, path_counts = [], []
    for steps in (1, 2, 10, 20, 30):
        y = x = Value(1.0)
        for _ in range(steps):
            y = y + y
        backward(y)
        node_counts.append(len(topological_order(y)))
        path_counts.append(int(x.grad))
        print(f"{steps:5}  {node_counts[-1]:6}  {path_counts[-1]:10}")

# %% [markdown] lang="zh"
# 多一步，节点只多一个，路却多一倍。一条一条地走是走不完的；排好顺序以后，每条边只走一
# 次。这叫**反向模式**：从一个结果出发走一遍，得到它对所有输入的导数。
#
# ## 和 PyTorch 一样吗？
#
# 只用加减乘除和乘方写一个式子，里面有公用的部分。同一个函数，先交给我们的 `Value`，再交
# 给 PyTorch 的张量。
# %% [markdown] lang="en"
# One more step is one more node, but twice as many paths. Walking them one by one would
# take forever; in topological order, every edge is walked once. This is called
# **reverse mode**: one walk from one result gives its derivatives with respect to all
# inputs.
#
# ## Do we agree with PyTorch?
#
# Here is an expression of sums, products, quotients and powers, with parts that are
# used again. We give the same function first our `Value`s, and then PyTorch's tensors.


# %%
Number = TypeVar("Number", Value, Tensor)


def knot(x: Number, y: Number) -> Number:
    """Return an expression that uses x, y and s several times."""
    s = x * y + y
    return (s**2 - x / s) * s + 3 / y


# %% name="against_pytorch"
if __name__ == "__main__":
    ours = Value(-1.3), Value(2.1)
    backward(knot(*ours))
    theirs = [torch.tensor(v.data, dtype=torch.float64).requires_grad_() for v in ours]
    knot_grads = torch.autograd.grad(knot(*theirs), theirs)
    for name, own, g in zip("xy", ours, knot_grads, strict=True):
        print(f"∂/∂{name}: ours {own.grad:.8f}, PyTorch {g:.8f}")
    knot_gap = max(
        abs(own.grad - g.item()) for own, g in zip(ours, knot_grads, strict=True)
    )

# %% [markdown] lang="zh"
# 两边只差舍入。
#
# ## δ 就在 `grad` 里
#
# 把第 4 章的网络搭在引擎上，输入 $(1, -1)$，目标 $(1, 0)$，损失取平方距离。每层的加权
# 和 $z$ 都是图里的节点，它们的 `grad` 是什么？
# %% [markdown] lang="en"
# They agree up to rounding.
#
# ## δ is what `grad` holds
#
# Build the network of chapter 4 on the engine, with input $(1, -1)$, target $(1, 0)$
# and the squared distance as the loss. The weighted sums $z$ of every layer are nodes
# of the graph. What is in their `grad`?


# %%
Layer = tuple[list[list[Value]], list[Value]]
LECTURE = [  # W and b of each layer
    ([[1.0, -2.0], [-1.0, 1.0]], [1.0, 0.0]),
    ([[2.0, -1.0], [-2.0, -1.0]], [0.0, 0.0]),
    ([[3.0, -1.0], [-1.0, 4.0]], [-2.0, 2.0]),
]


def leaves(W: list[list[float]], b: list[float]) -> Layer:
    """Make a Value of every weight (k, d) and bias (k,) of a layer."""
    return [[Value(w) for w in row] for row in W], [Value(bias) for bias in b]


def weighted_sums(a: list[Value], layer: Layer) -> list[Value]:
    """z = W a + b, (k,), for the inputs a (d,) of a layer."""
    rows = zip(*layer, strict=True)
    return [sum((w * x for w, x in zip(row, a, strict=True)), b) for row, b in rows]


# %% name="deltas"
if __name__ == "__main__":
    lecture = [leaves(W, b) for W, b in LECTURE]
    zs, activation = [], [Value(1.0), Value(-1.0)]
    for layer in lecture:
        zs.append(weighted_sums(activation, layer))
        activation = [sigmoid(z) for z in zs[-1]]
    distance = (activation[0] - 1) ** 2 + (activation[1] - 0) ** 2
    backward(distance)
    deltas = [[z.grad for z in layer_sums] for layer_sums in zs]
    for number, (one, two) in enumerate(deltas, start=1):
        print(f"layer {number}: z.grad = ({one:7.4f}, {two:7.4f})")
    weight_grad = lecture[2][0][0][0].grad
    product = zs[2][0].grad * sigmoid(zs[1][0]).data
    print(f"layer 3: w.grad = {weight_grad:.4f}, δa = {product:.4f}")

# %% [markdown] lang="zh"
# 在 PyTorch 里，中间节点的 `grad` 默认不留；想看 $\delta$，就先写 `z.retain_grad()`。
# %% [markdown] lang="en"
# PyTorch does not keep the `grad` of nodes in between. To see $\delta$ there, call
# `z.retain_grad()` first.

# %% name="retain_grad"
if __name__ == "__main__":
    kept, signal = [], torch.tensor([1.0, -1.0], requires_grad=True)
    for W, bias in LECTURE:
        kept.append(torch.tensor(W) @ signal + torch.tensor(bias))
        kept[-1].retain_grad()
        signal = torch.sigmoid(kept[-1])
    ((signal - torch.tensor([1.0, 0.0])) ** 2).sum().backward()
    for number, z_kept in enumerate(kept, start=1):
        print(f"layer {number}: z.grad = {z_kept.grad}")

# %% [markdown] lang="zh"
# 它们正是本章手算的 $\delta^1$、$\delta^2$、$\delta^3$。`loss.backward()` 做的就是后向
# 传播；只不过它不知道什么是“层”，只认得边。
#
# ## 训练一个网络
#
# 引擎能不能真的训练？两个交错的半月，每类一半的点，用一个隐藏层的网络分
# 开：$y = \sigma(z)$ 是属于第 1 类的概率，损失是交叉熵，$\hat{y} = 1$ 时
# 是 $-\ln y$，$\hat{y} = 0$ 时是 $-\ln(1 - y)$；因为 $1 - \sigma(z) = \sigma(-z)$，两种
# 情形合成一行。
# %% [markdown] lang="en"
# They are just the $\delta^1$, $\delta^2$, $\delta^3$ that this chapter computes by
# hand. What `loss.backward()` does is the backward pass; only it has never heard of
# layers, it just follows edges.
#
# ## Training a network
#
# Can the engine really train something? Two interleaving half-moons, half of the points
# in each, are to be told apart by a network with one hidden layer: $y = \sigma(z)$ is
# the probability of class 1, and the loss is the cross-entropy, $-\ln y$ if
# $\hat{y} = 1$ and $-\ln(1 - y)$ if $\hat{y} = 0$. Since $1 - \sigma(z) = \sigma(-z)$,
# both cases fit in one line.


# %%
def logit(x: list[float], hidden: Layer, output: Layer) -> Value:
    """Return z of the output neuron for one example x (d,)."""
    a = [tanh(z) for z in weighted_sums([Value(feature) for feature in x], hidden)]
    return weighted_sums(a, output)[0]


def cross_entropy(z: Value, y_hat: int) -> Value:
    """C = −ln σ(z) for ŷ = 1, −ln σ(−z) for ŷ = 0."""
    return -log(sigmoid(z if y_hat == 1 else -z))


# %% name="training"
if __name__ == "__main__":
    X, classes = make_moons(POINTS, noise=0.1, random_state=SEED)  # (N, 2), (N,)
    generator = torch.Generator().manual_seed(SEED)
    W1 = torch.randn(HIDDEN, 2, generator=generator, dtype=torch.float64) / 2**0.5
    W2 = torch.randn(1, HIDDEN, generator=generator, dtype=torch.float64) / HIDDEN**0.5
    hidden, output = leaves(W1.tolist(), [0.0] * HIDDEN), leaves(W2.tolist(), [0.0])
    theta = [p for W, b in (hidden, output) for row in (*W, b) for p in row]

    losses = []
    for _ in range(UPDATES):
        logits = [logit(x, hidden, output) for x in X.tolist()]
        costs = [cross_entropy(z, c) for z, c in zip(logits, classes, strict=True)]
        loss = sum(costs, Value(0.0)) / POINTS
        losses.append(loss.data)
        for p in theta:
            p.grad = 0.0  # or this update's gradient would be added to the last one
        backward(loss)
        for p in theta:
            p.data -= ETA * p.grad

    print(f"{len(theta)} parameters, loss {losses[0]:.3f} -> {losses[-1]:.4f}")
    print("N ∂L/∂z     y − ŷ")
    by_engine = [POINTS * z.grad for z in logits]
    by_formula = [sigmoid(z).data - c for z, c in zip(logits, classes, strict=True)]
    for delta, difference in list(zip(by_engine, by_formula, strict=True))[:3]:
        print(f"{delta:7.4f}   {difference:7.4f}")
    plt.plot(losses)
    plt.xlabel("updates")
    plt.ylabel("loss $L$")
    plt.show()

# %% [markdown] lang="zh"
# 损失降下来了。分得对不对？把平面上每一点都交给网络，涂上它选的那一类。
# %% [markdown] lang="en"
# The loss comes down. Does the network tell the classes apart? Give it every point of
# the plane, and paint the class that it chooses.

# %% name="boundary"
if __name__ == "__main__":
    right = sum(
        (logit(x, hidden, output).data > 0) == (c == 1)
        for x, c in zip(X.tolist(), classes, strict=True)
    )
    print(f"{right} of {POINTS} points right")
    across, up = torch.linspace(-1.6, 2.6, 60), torch.linspace(-1.1, 1.6, 40)
    z_map = [
        [logit([x1, x2], hidden, output).data for x1 in across.tolist()]
        for x2 in up.tolist()
    ]
    fig, ax = plt.subplots()
    ax.contourf(across, up, z_map, [-99, 0, 99], colors=["C0", "C1"], alpha=0.2)
    for c, marker in (0, "o"), (1, "s"):
        ax.plot(*X[classes == c].T, marker, color=f"C{c}", label=f"class {c}")
    ax.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
    fig.legend(loc="outside upper center", ncols=2)
    plt.show()

# %% [markdown] lang="zh"
# 同样的起点、同样的更新，PyTorch 训练出来的参数一样吗？它的图里又有多少个节点？
# %% [markdown] lang="en"
# From the same start and with the same updates, does PyTorch end at the same
# parameters? And how many nodes are there in its graph?

# %% name="pytorch_too"
if __name__ == "__main__":
    first, second = nn.Linear(2, HIDDEN), nn.Linear(HIDDEN, 1)
    model = nn.Sequential(first, nn.Tanh(), second).double()
    with torch.no_grad():
        for linear, W_start in (first, W1), (second, W2):
            linear.weight.copy_(W_start)
            linear.bias.zero_()
    optimizer = torch.optim.SGD(model.parameters(), lr=ETA)
    criterion = nn.BCEWithLogitsLoss()  # takes z, and puts the sigmoid in
    inputs, targets = torch.from_numpy(X), torch.from_numpy(classes).double()
    for _ in range(UPDATES):
        optimizer.zero_grad()
        torch_loss = criterion(model(inputs).squeeze(-1), targets)
        torch_loss.backward()
        optimizer.step()
    learned = nn.utils.parameters_to_vector(model.parameters()).tolist()
    training_gap = max(abs(p.data - q) for p, q in zip(theta, learned, strict=True))
    print(f"after {UPDATES} updates, largest difference {training_gap:.0e}")

    functions, to_visit = set(), [torch_loss.grad_fn]
    while to_visit:
        function = to_visit.pop()
        functions.add(function)
        to_visit += [parent for parent, _ in function.next_functions if parent]
    own_nodes, torch_nodes = len(topological_order(loss)), len(functions)
    print(f"nodes of the graph: ours {own_nodes}, PyTorch's {torch_nodes}")

# %% [markdown] lang="zh"
# 除了末几位的舍入，参数一模一样。PyTorch 的想法和这里相同，只是节点不是一个数，而是一整
# 个张量的一次运算：样本再多，节点也不变多。局部导数也不存成数，每个节点带着一个函数，把
# 结果的梯度变成各个输入的梯度。
# %% [markdown] lang="en"
# Up to the rounding of the last digits, the parameters are the same. PyTorch works by
# the same idea, except that a node is not one number but one operation on whole
# tensors: more examples do not mean more nodes. Nor are local derivatives stored as
# numbers; each node has a function that turns the gradient of its result into those of
# its inputs.
