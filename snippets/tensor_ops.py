# %% [markdown] lang="zh"
# # 张量：需要的时候，都在这里
#
# 张量就是任意维数的多维数组，数据、权重、梯度都装在里面。这里把常用的操作一样一样做
# 一遍，每一样都问同样的两个问题：*形状怎样变？内存是共享的，还是复制了一份？*
# %% [markdown] lang="en"
# # Tensors: here they are when you need them
#
# A tensor is an array of any number of dimensions; data, weights and gradients all live
# in tensors. Here are the common operations, one by one. Ask the same two questions
# every time: *how does the shape change? Is the memory shared, or copied?*

# %%
"""Tensors: types, shapes, memory, broadcasting, gradients, and the usual errors."""

import textwrap
from collections.abc import Callable, Sequence
from copy import deepcopy
from itertools import zip_longest

import numpy as np
import torch
from torch import Tensor

# %% name="parameters"
SEED = 0
BATCH, FEATURES, NEURONS = 4, 3, 2  # B, d and k of a layer

# %% [markdown] lang="zh"
# ## 数据类型
#
# 一个张量里的元素全是同一种类型。最常用的是 float32 和 int64：每个数占几个字节？旧的
# 类名是什么？
# %% [markdown] lang="en"
# ## Data types
#
# All the elements of a tensor have one type. The most common are float32 and int64: how
# many bytes does a number take, and what is the old name of the class?

# %% name="dtypes"
if __name__ == "__main__":
    print("dtype          bytes  class")
    for dtype in torch.float32, torch.float64, torch.float16, torch.int64, torch.bool:
        old_class = torch.zeros(1, dtype=dtype).type()
        print(f"{dtype!s:13}  {dtype.itemsize:5}  {old_class}")
    print("torch.float is torch.float32:", torch.float is torch.float32)
    print("torch.long is torch.int64:   ", torch.long is torch.int64)

# %% [markdown] lang="zh"
# float32 只有 24 个二进制有效位。那么 $2^{24} + 1$ 存得下吗？十个 $0.1$ 加起来等于 $1$
# 吗？
# %% [markdown] lang="en"
# float32 has just 24 significant binary digits. Can it hold $2^{24} + 1$? Do ten times
# $0.1$ add up to $1$?

# %% name="rounding"
if __name__ == "__main__":
    rounded = int(torch.tensor(2**24 + 1, dtype=torch.float32))
    print(f"{2**24 + 1} becomes {rounded}")
    one = torch.full((10,), 0.1).sum()
    equal, close = bool(one == 1), torch.allclose(one, torch.tensor(1.0))
    print(f"ten times 0.1: {one:.7f}")
    print(f"== 1: {equal}   allclose: {close}")

# %% [markdown] lang="zh"
# 所以比较两个浮点数用 `torch.allclose`，不用 `==`。
#
# ## 形状
#
# 形状就是嵌套列表每一层的长度，从外往里数，最外面一层是 dim 0。写成代码是一个递归：
# %% [markdown] lang="en"
# So compare floating-point numbers with `torch.allclose`, not with `==`.
#
# ## Shapes
#
# The shape is the length of a nested list at every level, counted from the outside in;
# the outermost level is dim 0. As code it is a recursion:


# %%
def nested_shape(values: object) -> tuple[int, ...]:
    """The length of a nested list at every level, from the outside in; () of a number.

    Raises ValueError if the lists of one level differ in shape.
    """
    if not isinstance(values, list):
        return ()
    inner = [nested_shape(value) for value in values]
    if any(shape != inner[0] for shape in inner):
        raise ValueError(f"ragged list, {inner}: cut or pad the parts to one shape")
    return (len(values), *inner[0]) if inner else (0,)


# %% name="shapes_counted"
if __name__ == "__main__":
    print(nested_shape([[1, 2, 3], [4, 5, 6]]))
    vector, matrix, stack = torch.zeros(5), torch.zeros(3, 5), torch.zeros(4, 5, 3)
    for x in vector, matrix, stack:
        print(f"{tuple(x.shape)!s:10}  {x.dim()} dimensions, {x.numel()} numbers")

# %% [markdown] lang="zh"
# ## 产生张量
#
# 从已有的数据来，或者指定形状，让 PyTorch 来填：
# %% [markdown] lang="en"
# ## Making a tensor
#
# From data that you have, or from a shape that PyTorch fills:

# %% name="made"
if __name__ == "__main__":
    listed = torch.tensor([[1.0, -1.0], [-1.0, 1.0]])
    zeros, ones = torch.zeros(2, 3), torch.ones(2, 3)
    print(listed)
    print(zeros)
    print(ones)
    print(torch.arange(6))
    print(torch.zeros_like(listed).shape)
    print("torch.tensor(5):", torch.tensor(5))
    print("torch.Tensor(5):", torch.Tensor(5).shape)

# %% [markdown] lang="zh"
# `torch.tensor(5)` 是数值 5；大写的 `torch.Tensor(5)` 却是 5 个没有赋值的数，不要用它。
#
# 从 NumPy 数组造的张量，内存是共享的还是复制的？不用查文档，改写数组，看谁跟着变。
# %% [markdown] lang="en"
# `torch.tensor(5)` is the value 5, but the capital `torch.Tensor(5)` is 5 numbers that
# are not set: stay away from it.
#
# A tensor made from a NumPy array, does it share memory or copy? There is no need to
# look it up: write to the array, and see who follows.

# %% name="shared_or_copied"
if __name__ == "__main__":
    a = np.array([1.0, 2.0, 3.0, 4.0])
    shared = torch.from_numpy(a)
    converted = torch.as_tensor(a, dtype=torch.float32)
    copied = torch.tensor(a)
    a[0] = 9
    print("from_numpy(a)        ", shared.tolist())
    print("as_tensor(a)         ", torch.as_tensor(a).tolist())
    print("as_tensor(a, float32)", converted.tolist())
    print("tensor(a)            ", copied.tolist())

# %% [markdown] lang="zh"
# `from_numpy` 共享内存，跟着变；`tensor` 复制，不变。`as_tensor` 能共享就共享，换了类型
# 就只好复制。
#
# ## 改变形状：squeeze、transpose、cat
#
# 先猜下面每一行的形状，再看输出。
# %% [markdown] lang="en"
# `from_numpy` shares memory and follows; `tensor` copies and stays. `as_tensor` shares
# if it can; with a new type it has to copy.
#
# ## New shapes: squeeze, transpose, cat
#
# Guess the shape in each line before you look at the output.

# %% name="squeeze"
if __name__ == "__main__":
    x = torch.zeros(1, 2, 3)
    print("x            ", x.shape)
    print("squeeze(0)   ", x.squeeze(0).shape)
    print("squeeze(1)   ", x.squeeze(1).shape)  # its length is not 1: nothing happens
    print("unsqueeze(3) ", x.unsqueeze(3).shape)
    print("squeeze()    ", torch.zeros(1, 2, 1).squeeze().shape)  # all of length 1 go

# %% name="transpose"
if __name__ == "__main__":
    x = torch.tensor([[1, 2, 3], [4, 5, 6]])
    print(x.transpose(0, 1))
    print("the same as x.T:", torch.equal(x.transpose(0, 1), x.T))
    turned = stack.permute(2, 0, 1)
    print("permute(2, 0, 1):", tuple(stack.shape), "->", tuple(turned.shape))

# %% name="cat"
if __name__ == "__main__":
    parts = [torch.zeros(2, 1, 3), torch.zeros(2, 3, 3), torch.zeros(2, 2, 3)]
    joined_shape = list(torch.cat(parts, dim=1).shape)
    print("cat, dim 1:  ", joined_shape)
    print("stack, dim 0:", list(torch.stack([x, x, x, x], dim=0).shape))

# %% [markdown] lang="zh"
# `cat` 沿已有的一维接起来，长度相加；`stack` 叠出一个新的维。
#
# ## 内存：步幅、view、reshape
#
# 内存是一条直线。元素 $(i, j)$ 在位置 $i\,s_0 + j\,s_1$，$s_0$、$s_1$ 是 dim 0 和 dim 1
# 的步幅（stride）：这一维的下标加一，内存里往前走几格。
# %% [markdown] lang="en"
# `cat` joins along a dimension that is there, and the lengths add up; `stack` piles up
# along a new one.
#
# ## Memory: strides, view, reshape
#
# Memory is one straight line. Element $(i, j)$ is at $i\,s_0 + j\,s_1$, where $s_0$ and
# $s_1$ are the strides of dim 0 and dim 1: how far to go in memory when that index
# grows by one.


# %%
def row_strides(shape: Sequence[int]) -> tuple[int, ...]:
    """Strides of a tensor stored row by row: the product of all later lengths."""
    strides: list[int] = []
    step = 1
    for length in reversed(shape):
        strides.insert(0, step)
        step *= length
    return tuple(strides)


def position(index: Sequence[int], strides: Sequence[int]) -> int:
    """Where in memory the element at `index` is: the sum of index times stride."""
    return sum(i * s for i, s in zip(index, strides, strict=True))


# %% name="strides_read"
if __name__ == "__main__":
    memory = torch.arange(1, 7)
    x = memory.view(2, 3)
    print("x    strides", x.stride(), "  by the rule", row_strides((2, 3)))
    print("x.T  strides", x.T.stride())
    place = position((2, 1), x.T.stride())
    print(f"x.T[2, 1] = {x.T[2, 1]}, and place {place} of memory: {memory[place]}")

# %% [markdown] lang="zh"
# 转置只对调步幅，一个数也不搬。那么哪些操作共享内存，哪些复制？
# %% [markdown] lang="en"
# Transposing only swaps the strides; not one number moves. So which operations share
# memory, and which copy?


# %%
def shares_memory(x: Tensor, y: Tensor) -> bool:
    """Whether two tensors read the same block of memory."""
    return x.untyped_storage().data_ptr() == y.untyped_storage().data_ptr()


# %% name="views"
if __name__ == "__main__":
    x = memory.view(2, 3)
    results = {
        "x.T": x.T,
        "x[:, 1]": x[:, 1],
        "x.view(6)": x.view(6),
        "x.reshape(6)": x.reshape(6),
        "x.T.reshape(6)": x.T.reshape(6),
        "x[x > 2]": x[x > 2],
        "x.clone()": x.clone(),
    }
    shares = [shares_memory(x, y) for y in results.values()]
    for name, is_view in zip(results, shares, strict=True):
        print(f"{name:14}  {'shares' if is_view else 'copies'}")

# %% [markdown] lang="zh"
# `view` 从不复制；`reshape` 能共享就共享，像 `x.T` 这样不能用一个步幅读成一行的，就复
# 制。取出一行一列是共享的，按条件挑选是复制的。
#
# ## 广播
#
# 形状不同的两个张量怎么相加？两个形状右对齐，缺的维补 $1$；每一维要么相等，要么其中一
# 个是 $1$，长度为 $1$ 的那个自动伸展。
# %% [markdown] lang="en"
# `view` never copies; `reshape` shares if it can, and copies what no single stride
# reads as one row, such as `x.T`. Taking a row or a column shares; choosing by a
# condition copies.
#
# ## Broadcasting
#
# How do two tensors of different shapes add up? Align the shapes at the right and fill
# up with $1$; in every dimension the lengths are equal, or one of them is $1$ and
# stretches by itself.


# %%
def broadcast_shape(a: Sequence[int], b: Sequence[int]) -> tuple[int, ...]:
    """Shape of x + y for x of shape a and y of shape b.

    Raises ValueError where the lengths differ and neither is 1.
    """
    shape: list[int] = []
    for p, q in zip_longest(reversed(a), reversed(b), fillvalue=1):  # from the right
        if p != q and 1 not in (p, q):
            raise ValueError(f"{p} against {q}: unsqueeze or transpose one of them")
        shape.insert(0, q if p == 1 else p)
    return tuple(shape)


# %% name="broadcast"
if __name__ == "__main__":
    column, row = torch.tensor([[0], [10], [20]]), torch.tensor([[1, 2, 3, 4]])
    print(column + row)
    for p, q in ((3, 1), (1, 4)), ((4, 5, 3), (5, 1)), ((2, 3), (3,)):
        print(f"{p!s:9} + {q!s:6} -> {broadcast_shape(p, q)}")

# %% [markdown] lang="zh"
# 一层网络 $Z = X W^T + b$ 靠的就是它：同一个 $b$ 加到每一行上。和一个样本一个样本地算，
# 结果一样吗？
# %% [markdown] lang="en"
# A layer of a network, $Z = X W^T + b$, relies on it: the same $b$ is added to every
# row. Does it agree with computing one example at a time?

# %% name="layer"
if __name__ == "__main__":
    generator = torch.Generator().manual_seed(SEED)
    X = torch.randn(BATCH, FEATURES, generator=generator)  # (B, d)
    W = torch.randn(NEURONS, FEATURES, generator=generator)  # (k, d)
    b = torch.randn(NEURONS, generator=generator)  # (k,)
    Z = X @ W.T + b  # (B, k)
    one_by_one = torch.stack([W @ x + b for x in X])
    same = torch.allclose(Z, one_by_one)
    print(tuple(Z.shape), "the same, one by one:", same)

# %% [markdown] lang="zh"
# 广播也会帮倒忙。下面的预测完全正确，损失是多少？
# %% [markdown] lang="en"
# Broadcasting also helps where you do not want it. The prediction below is perfect:
# what is its loss?

# %% name="perfect"
if __name__ == "__main__":
    y_hat = torch.randn(BATCH, generator=generator)  # targets: (B,)
    y = y_hat.unsqueeze(1)  # a perfect prediction, as a network returns it: (B, 1)
    wrong = (y - y_hat) ** 2  # (B, 1) and (B,) make (B, B)
    right = (y.squeeze(1) - y_hat) ** 2  # (B,)
    wrong_loss, right_loss = wrong.mean().item(), right.mean().item()
    twice_variance = 2 * y_hat.var(correction=0).item()
    print(f"{wrong.numel():2} differences: loss {wrong_loss:.2f}")
    print(f"{right.numel():2} differences: loss {right_loss:.2f}")

# %% [markdown] lang="zh"
# 没有报错，却把每个预测和每个目标都比了一遍。算损失之前，先看一眼两边的形状。
#
# ## 归约
#
# 求和、平均、最大把许多数归成一个。沿哪一维归约，哪一维就消失：
# %% [markdown] lang="en"
# There is no error, and yet every prediction is compared with every target. Look at
# both shapes before you compute a loss.
#
# ## Reductions
#
# Sum, mean and maximum make one number of many. The dimension that they run along
# disappears:


# %%
def reduced_shape(
    shape: Sequence[int], dim: int, keepdim: bool = False
) -> tuple[int, ...]:
    """Shape of x.sum(dim, keepdim): the dimension goes, or stays with length 1.

    Raises ValueError if there is no such dimension.
    """
    if not -len(shape) <= dim < len(shape):
        raise ValueError(f"dim {dim} does not exist: {len(shape)} dimensions")
    dim %= len(shape)  # −1 is the last one
    return (*shape[:dim], *(1,) * keepdim, *shape[dim + 1 :])


# %% name="reductions"
if __name__ == "__main__":
    x = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    print("sum()   ", x.sum())
    print("sum(0)  ", x.sum(0), reduced_shape(x.shape, 0))
    print("sum(1)  ", x.sum(1), reduced_shape(x.shape, 1))
    print("keepdim ", x.sum(1, keepdim=True).shape)
    centred = x - x.mean(1, keepdim=True)  # (2, 3) - (2, 1)
    print("means of the rows, now:", centred.mean(1))
    print("max(1)  ", *x.max(1))

# %% [markdown] lang="zh"
# `keepdim=True` 让那一维留下，长度为 1，正好能广播回去。`max` 沿一维归约时返回两样：最
# 大值和它的位置。
#
# ## 原地操作，NumPy，设备
#
# 改 `x` 自己，还是造一个新的？看共享内存的 `y` 跟不跟着变。换成 NumPy 数组呢？最后把张
# 量搬到 GPU 上（没有 GPU，就留在 CPU 上）。
# %% [markdown] lang="en"
# `keepdim=True` leaves that dimension with length 1, just right to broadcast back.
# Along a dimension, `max` returns two things: the largest values and where they are.
#
# ## In place, NumPy, devices
#
# Is `x` itself changed, or is a new tensor made? Watch `y`, which shares its memory.
# And with a NumPy array? Finally the tensor moves to the GPU, or stays on the CPU where
# there is none.

# %% name="in_place"
if __name__ == "__main__":
    x = torch.zeros(3)
    y = x.view(3)
    x += 1  # in place, as x.add_(1) is
    print("after x += 1:    ", y)
    x = x + 1  # a new tensor, which takes over the name x
    print("after x = x + 1: ", y)

# %% name="numpy"
if __name__ == "__main__":
    x = torch.zeros(3)
    seen, own = x.numpy(), x.numpy().copy()
    x += 1
    print("x.numpy():  ", seen)
    print("with copy():", own)
    dtypes_met = [
        str(torch.from_numpy(np.ones(2)).dtype),
        str(torch.tensor([1.0]).dtype),
    ]
    print("from NumPy: ", dtypes_met[0])
    print("from a list:", dtypes_met[1])

# %% name="accelerator"
if __name__ == "__main__":
    accelerator = torch.accelerator.current_accelerator(check_available=True)
    device = accelerator or torch.device("cpu")  # a GPU if there is one
    x = torch.ones(2, 3)
    x = x.to(device)  # a copy over there: x.to(device) alone would leave x here
    print(x.device)

# %% [markdown] lang="zh"
# `x += 1` 和 `x.numpy()` 都用着原来的内存，`x = x + 1` 和 `copy()` 不用。还要注意类
# 型：NumPy 的小数默认是 float64。
#
# ## 自动求梯度
#
# 给 $x$ 标上 `requires_grad=True`，PyTorch 就记下算出 $z$ 的每一步；`z.backward()`
# 倒着走一遍，把梯度放进 `x.grad`。对 $z = \sum_{i,j} x_{ij}^2$，手算的结果是
# $\partial z / \partial x_{ij} = 2 x_{ij}$。
# %% [markdown] lang="en"
# `x += 1` and `x.numpy()` use the memory that was there; `x = x + 1` and `copy()` do
# not. Mind the type, too: NumPy's floating-point numbers are float64 by default.
#
# ## Automatic gradients
#
# Mark $x$ with `requires_grad=True`, and PyTorch records every step that leads to $z$;
# `z.backward()` walks them in reverse and leaves the gradient in `x.grad`. For
# $z = \sum_{i,j} x_{ij}^2$ the derivative worked out by hand is
# $\partial z / \partial x_{ij} = 2 x_{ij}$.

# %% name="backward"
if __name__ == "__main__":
    x = torch.tensor([[1.0, 0.0], [-1.0, 1.0]], requires_grad=True)
    z = (x**2).sum()
    z_before = z.item()
    print("z =", z_before, "  x.grad =", x.grad)
    z.backward()
    print(x.grad)
    grad_once = deepcopy(x.grad)  # a copy: the next pass adds to x.grad itself

# %% [markdown] lang="zh"
# 现在再来一次：重新算一遍 $z$，再 `backward()`。`x.grad` 里是什么？
# %% [markdown] lang="en"
# Now once more: compute $z$ again, then `backward()`. What is in `x.grad`?

# %% name="accumulate"
if __name__ == "__main__":
    z = (x**2).sum()  # a new forward pass
    z.backward()
    print("second pass", x.grad)
    grad_twice = deepcopy(x.grad)
    x.grad = None  # cleared
    z = (x**2).sum()
    z.backward()
    print("cleared    ", x.grad)

# %% [markdown] lang="zh"
# 梯度是*加*上去的，所以每一步要清零一次。如果不重新算 $z$，直接再 `backward()` 呢？
# %% [markdown] lang="en"
# Gradients are *added* to what is there, so clear them once a step. And what if $z$ is
# not computed again, and `backward()` is simply called a second time?


# %%
def error_message(action: Callable[[], object]) -> str:
    """What the RuntimeError that `action` raises says; ValueError if it raises none."""
    try:
        action()
    except RuntimeError as error:
        return str(error)
    raise ValueError("the action raised no RuntimeError: give one that fails")


# %% name="second_time"
if __name__ == "__main__":
    again = error_message(z.backward)  # the record of z was used up above
    print(textwrap.fill(again, 40))

# %% [markdown] lang="zh"
# `backward()` 走完，记录就丢掉了，省下内存。补救的办法是重新算一遍 $z$；真要从同一个
# $z$ 走两遍，第一遍写 `z.backward(retain_graph=True)`。
#
# ## 走一步
#
# 更新参数本身不该被记录，所以写在 `torch.no_grad()` 里：
# %% [markdown] lang="en"
# After `backward()` the record is thrown away, which saves memory. The remedy is to
# compute $z$ again; if you really need two passes from one $z$, make the first one
# `z.backward(retain_graph=True)`.
#
# ## One step
#
# The update itself must not be recorded, so it goes under `torch.no_grad()`:


# %%
def gradient_step(x: Tensor, eta: float) -> None:
    """Move x by −η ∂z/∂x in place, then clear its gradient for the next step.

    Raises ValueError if x has no gradient yet.
    """
    if x.grad is None:
        raise ValueError("x has no gradient: call backward() first")
    with torch.no_grad():
        x -= eta * x.grad
    x.grad = None


# %% name="one_step"
if __name__ == "__main__":
    gradient_step(x, eta=0.1)
    z_after = (x**2).sum().item()
    print(f"z = {z_before:.2f} -> {z_after:.2f}")

# %% [markdown] lang="zh"
# 往梯度的反方向走一步，$z$ 就小了：这就是梯度下降，后面的优化器做的也是这件事。
#
# ## 人人都会碰到的报错
#
# 下面的错都是故意犯的。先猜每一行错在哪里，再读报错。
# %% [markdown] lang="en"
# A step against the gradient, and $z$ is smaller: that is gradient descent, and it is
# what an optimizer will do for us.
#
# ## The errors that everyone meets
#
# Each of these mistakes is made on purpose. Guess what is wrong in the line before you
# read the message.


# %%
def error_messages(mistakes: dict[str, Callable[[], object]]) -> list[str]:
    """Make each mistake; print its code and, below it, the error; return the errors."""
    errors = [error_message(mistake) for mistake in mistakes.values()]
    for code, error in zip(mistakes, errors, strict=True):
        lines = textwrap.wrap(error, 38, break_on_hyphens=False, break_long_words=False)
        print(code, *lines, sep="\n  ")
    return errors


# %% name="shape_errors"
if __name__ == "__main__":
    two_three = torch.ones(2, 3)
    about_shapes = error_messages(
        {
            "(2, 3) @ (2, 3)": lambda: two_three @ two_three,
            "(2, 3) + (2,)": lambda: two_three + torch.ones(2),
            "cat (2, 3), (3, 2)": lambda: torch.cat([two_three, two_three.T]),
            "(2, 3).T.view(6)": lambda: two_three.T.view(6),
        }
    )

# %% name="type_errors"
if __name__ == "__main__":
    integers = torch.tensor([1, 2])
    about_types = error_messages(
        {
            "mean of integers": integers.mean,
            "integers.requires_grad_()": integers.requires_grad_,
            "float32 @ float64": lambda: two_three @ torch.ones(3, 2).double(),
            "CPU + another device": lambda: two_three + torch.ones(3, device="meta"),
        }
    )

# %% name="gradient_errors"
if __name__ == "__main__":
    w = torch.ones(3, requires_grad=True)
    overwritten = w.exp()
    overwritten += 1  # exp needs its result for the gradient
    about_gradients = error_messages(
        {
            "w += 1": lambda: w.add_(1),
            "w.numpy()": w.numpy,
            "(2 * w).backward()": (2 * w).backward,
            "without requires_grad": two_three.sum().backward,
            "y = w.exp(); y += 1": overwritten.sum().backward,
        }
    )

# %% [markdown] lang="zh"
# 报错里的数字就是线索：先看形状、类型和设备，再看代码。关于梯度的那几条，补救依次是：写
# 在 `torch.no_grad()` 里；先 `detach()`；先 `sum()` 或 `mean()`；给该求梯度的张量标上
# `requires_grad`；不要原地改，写成 `y = y + 1`。
# %% [markdown] lang="en"
# The numbers in a message are the clue: look at shapes, types and devices first, at the
# code second. The remedies for those about gradients are, in turn: write it under
# `torch.no_grad()`; call `detach()` first; take `sum()` or `mean()` first; mark the
# tensor whose gradient you want with `requires_grad`; do not change it in place, but
# write `y = y + 1`.
