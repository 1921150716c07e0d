# %% [markdown] lang="zh"
# # 张量的操作：需要的时候，都在这里
#
# 张量就是多维数组，可以有任意多维。这里把常用的操作一样一样做一遍：
# 数据类型、形状、怎样产生、怎样变形、怎样广播、怎样沿一维求和、怎样求梯度。
# 每一处都问同一个问题：*形状怎样变，内存是共享的还是复制的？*
# %% [markdown] lang="en"
# # Tensor operations: here they are when you need them
#
# A tensor is a multi-dimensional array, of any number of dimensions. The common
# operations follow one by one: data types, shapes, making a tensor, reshaping it,
# broadcasting, summing along a dimension, gradients. Ask the same question each time:
# *how does the shape change, and is the memory shared or copied?*

# %%
"""The tensor operations that every later chapter uses, with what each one costs."""

import textwrap
from collections.abc import Callable, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle
from torch import Tensor

# %% [markdown] lang="zh"
# ## 数据类型与形状
#
# 一个张量里的所有元素类型相同。`torch.float` 是 `torch.float32` 的别名，
# `torch.long` 是 `torch.int64` 的别名。形状就是嵌套列表每一层的长度，从外往里数：
# 最外面一层是 dim 0。
# %% [markdown] lang="en"
# ## Data type and shape
#
# All elements of a tensor have the same type. `torch.float` is another name of
# `torch.float32`, and `torch.long` of `torch.int64`. The shape is the length of a
# nested list at every level, counted from the outside in: the outermost is dim 0.


# %%
def tensor_type(dtype: torch.dtype) -> str:
    """Name of the old-style CPU tensor class of a dtype, such as torch.FloatTensor."""
    return torch.empty(0, dtype=dtype).type()


# Nested lists of any depth have no simple static type.
def nested_shape(values: object) -> tuple[int, ...]:
    """Length of a nested list at every level, from the outside in; a number has ().

    Raises ValueError if the lists of one level differ in shape.
    """
    if not isinstance(values, list):
        return ()
    inner = [nested_shape(value) for value in values]
    if any(shape != inner[0] for shape in inner):
        raise ValueError(f"ragged list, {inner}: cut or pad the parts to one shape")
    return (len(values), *inner[0]) if inner else (0,)


# %% [markdown] lang="zh"
# ## 产生张量：共享还是复制
#
# 不用查文档，做个试验就知道：从数组造一个张量，改写数组，看张量变不变。
# %% [markdown] lang="en"
# ## Making a tensor: shared or copied
#
# No need to look it up, an experiment tells: make a tensor from an array, write to the
# array, and see whether the tensor changes.


# %%
def follows(array: np.ndarray, make: Callable[[np.ndarray], Tensor]) -> bool:
    """Whether the tensor `make(array)` changes when its array is written to."""
    source = array.copy()  # the caller's array stays as it is
    x = make(source)
    before = x.clone()
    source += 1
    return not torch.equal(x, before)


def shares_memory(a: Tensor, b: Tensor) -> bool:
    """Whether two tensors are views of one and the same block of memory."""
    return a.untyped_storage().data_ptr() == b.untyped_storage().data_ptr()


def best_device() -> str:
    """Return "cuda" (NVIDIA), else "mps" (Apple), else "cpu": the device to use."""
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


# %% [markdown] lang="zh"
# ## 变形：步幅
#
# 内存是一条直线。元素 $(i, j)$ 在位置 $i\,s_0 + j\,s_1$，
# $s_k$ 是第 $k$ 维的步幅（stride）：下标加一，内存里走几格。
# 转置只把步幅交换一下，一个数也不搬。
# %% [markdown] lang="en"
# ## Reshaping: strides
#
# Memory is one straight line. Element $(i, j)$ lies at $i\,s_0 + j\,s_1$, where $s_k$
# is the stride of dimension $k$: how many places one more in that index is.
# To transpose is to swap the strides; not one number moves.


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
    """Where in memory the element at `index` is: Σₖ indexₖ · strideₖ."""
    return sum(i * s for i, s in zip(index, strides, strict=True))


# %% [markdown] lang="zh"
# ## 广播与归约
#
# 广播的规则：两个形状右对齐，缺的补 $1$；每一维要么相等，要么其中一个是 $1$，
# 结果取另一个。归约（求和、平均、最大）沿某一维做，那一维就消失。
# %% [markdown] lang="en"
# ## Broadcasting and reductions
#
# The rule of broadcasting: align the two shapes at the right and fill up with $1$; in
# every dimension the lengths are equal, or one of them is $1$ and the result takes the
# other. A reduction (sum, mean, maximum) runs along a dimension, and it disappears.


# %%
def broadcast_shape(a: Sequence[int], b: Sequence[int]) -> tuple[int, ...]:
    """Shape of x + y for x of shape a and y of shape b.

    Raises ValueError where the lengths differ and neither is 1.
    """
    n = max(len(a), len(b))
    a, b = (1,) * (n - len(a)) + tuple(a), (1,) * (n - len(b)) + tuple(b)
    for dim, (p, q) in enumerate(zip(a, b, strict=True)):
        if p != q and 1 not in (p, q):
            raise ValueError(f"dim {dim}: {p} against {q}; unsqueeze or transpose one")
    return tuple(q if p == 1 else p for p, q in zip(a, b, strict=True))


def reduced_shape(
    shape: Sequence[int], dim: int, keepdim: bool = False
) -> tuple[int, ...]:
    """Shape of x.sum(dim, keepdim): the dimension goes, or stays with length 1."""
    if not -len(shape) <= dim < len(shape):
        raise ValueError(f"dim {dim} does not exist: {len(shape)} dimensions")
    dim %= len(shape)  # −1 is the last one
    return (*shape[:dim], *(1,) * keepdim, *shape[dim + 1 :])


# %% [markdown] lang="zh"
# ## 梯度
#
# 给 $x$ 打上 `requires_grad=True`，PyTorch 就记下算出 $z$ 的每一步；
# `z.backward()` 倒着走一遍，把 $\partial z/\partial x$ *加*到 `x.grad` 里。
# 对 $z = \sum_{i,j} x_{ij}^2$，手算的结果是 $\partial z/\partial x_{ij} = 2x_{ij}$。
# %% [markdown] lang="en"
# ## Gradients
#
# Mark $x$ with `requires_grad=True` and PyTorch records every step that leads to $z$;
# `z.backward()` walks them in reverse and *adds* $\partial z/\partial x$ to `x.grad`.
# For $z = \sum_{i,j} x_{ij}^2$ by hand $\partial z/\partial x_{ij} = 2x_{ij}$.


# %%
def sum_of_squares(x: Tensor) -> Tensor:
    """z = Σ xᵢⱼ², a single number ()."""
    return x.pow(2).sum()


def gradient(x: Tensor, passes: int = 1) -> Tensor:
    """x.grad after that many backward passes of z = Σ xᵢⱼ²: each adds 2x."""
    x = x.detach().clone().requires_grad_()  # a leaf of its own
    for _ in range(passes):
        sum_of_squares(x).backward()
    if x.grad is None:
        raise ValueError("no backward pass, no gradient: passes must be at least 1")
    return x.grad


def gradient_step(x: Tensor, eta: float) -> None:
    """Move x by −η ∂z/∂x in place, then clear its gradient for the next step."""
    if x.grad is None:
        raise ValueError("x has no gradient: call backward() first")
    with torch.no_grad():  # a leaf that requires grad may not change while recorded
        x -= eta * x.grad
    x.grad = None


# %%
def error_message(action: Callable[[], object]) -> str:
    """First sentence of the RuntimeError that `action` raises."""
    try:
        action()
    except RuntimeError as error:
        return str(error).split("\n")[0].split(". ")[0].rstrip(".!")
    raise ValueError("the action raised no RuntimeError: give one that fails")


# %% [markdown] lang="zh"
# ## 画图
# %% [markdown] lang="en"
# ## Figures


# %%
def _canvas(height: float) -> tuple[Figure, Axes]:
    """An empty sheet, 6 units wide, 4.5 inches on the page; y points up."""
    fig = plt.figure(figsize=(4.5, 0.75 * height))
    fig.set_layout_engine("none")  # the sheet is the whole figure
    ax = fig.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, 6), ylim=(0, height), aspect="equal")
    ax.axis("off")
    return fig, ax


def _text(
    ax: Axes, x: float, y: float, text: str, color: str = "", **k: object
) -> None:
    look: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 12}
    ax.text(x, y, text, color=color or plt.rcParams["text.color"], **(look | k))


def _arrow(
    ax: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    color: str = "C5",
    ls: str = "-",
) -> None:
    look = {"arrowstyle": "-|>", "color": color, "lw": 1.3, "ls": ls}
    ax.annotate("", end, start, arrowprops=look | {"shrinkA": 0, "shrinkB": 0})


def _grid(
    ax: Axes,
    x: float,
    y: float,
    values: Tensor,
    color: str = "C0",
    side: float = 0.36,
    ghost: Tensor | None = None,
) -> None:
    """A matrix (or a vector, as one row) whose top left corner is (x, y).

    Cells where `ghost` is True are dashed: they exist in thought only.
    """
    rows = values if values.dim() == 2 else values.unsqueeze(0)
    for i, row in enumerate(rows.tolist()):
        for j, value in enumerate(row):
            unreal = ghost is not None and bool(ghost[i, j])
            corner = (x + j * side, y - (i + 1) * side)
            fill = Rectangle(corner, side, side, fc=color, alpha=0 if unreal else 0.16)
            edge = Rectangle(corner, side, side, fill=False, ec=color, lw=1.3)
            edge.set(linestyle=":" if unreal else "-", zorder=2 if unreal else 3)
            ax.add_patch(fill)
            ax.add_patch(edge)
            text = f"{value:g}".replace("-", "−")
            _text(
                ax,
                corner[0] + side / 2,
                corner[1] + side / 2,
                text,
                color if unreal else "",
                fontsize=11,
                zorder=4,
            )


# %%
def _block(
    ax: Axes, x: float, y: float, shape: tuple[int, int, int], side: float = 0.32
) -> None:
    """A block of cells seen from the front: depth, rows, columns; (x, y) is top left.

    (x, y) is the corner of the front face; the depth goes up and to the right.
    """
    depth, rows, columns = shape
    dx, dy = 0.55 * side, 0.45 * side

    def face(
        corner: tuple[float, float],
        u: tuple[float, float],
        v: tuple[float, float],
        alpha: float,
    ) -> None:
        (a, b), (p, q), (r, s) = corner, u, v
        points = [(a, b), (a + p, b + q), (a + p + r, b + q + s), (a + r, b + s)]
        ax.add_patch(Polygon(points, fc="C0", alpha=alpha, lw=0))
        ax.add_patch(Polygon(points, fill=False, ec="C0", lw=1.1, joinstyle="round"))

    for i in range(rows):
        for j in range(columns):
            face((x + j * side, y - (i + 1) * side), (side, 0), (0, side), 0.16)
    for k in range(depth if depth > 1 else 0):
        for j in range(columns):
            face((x + j * side + k * dx, y + k * dy), (side, 0), (dx, dy), 0.3)
        for i in range(rows):
            corner = (x + columns * side + k * dx, y - (i + 1) * side + k * dy)
            face(corner, (0, side), (dx, dy), 0.45)


def plot_shapes(shapes: Sequence[tuple[int, ...]]) -> Figure:
    """One, two and three dimensions as cells, with an arrow along each dimension."""
    fig, ax = _canvas(3.6)
    side, top, lefts = 0.29, 2.4, (0.15, 2.25, 4.3)
    names = ("vector", "matrix", "stack of matrices")
    for shape, x, name in zip(shapes, lefts, names, strict=True):
        n = len(shape)
        depth, rows, columns = (1,) * (3 - n) + shape
        right, low = x + columns * side, top - rows * side
        middle = (x + right + 0.55 * side * (depth if n > 2 else 0)) / 2
        _block(ax, x, top, (depth, rows, columns), side)
        _arrow(ax, (x, low - 0.1), (right, low - 0.1), "C1")
        _text(ax, (x + right) / 2, low - 0.28, f"dim {n - 1}", "C1")
        if n > 1:
            _arrow(ax, (x - 0.1, top), (x - 0.1, low), "C2")
            _text(ax, x - 0.27, (top + low) / 2, f"dim {n - 2}", "C2", rotation=90)
        if n > 2:
            dx, dy = 0.55 * side * depth, 0.45 * side * depth
            _arrow(ax, (x - 0.08, top + 0.08), (x + dx - 0.08, top + dy + 0.08), "C3")
            _text(ax, x - 0.02, top + dy / 2 + 0.3, "dim 0", "C3")
        _text(ax, middle, 3.36, str(shape), fontsize=13)
        _text(ax, middle, 0.2, name, "C5", fontsize=11)
    return fig


# %%
def plot_constructors(
    listed: Tensor,
    array: Tensor,
    shared: Tensor,
    copied: Tensor,
    zeros: Tensor,
    ones: Tensor,
) -> Figure:
    """From a list; from an array written to, shared and copied; new ones."""
    fig, ax = _canvas(6.2)
    code: dict[str, Any] = {"family": "DejaVu Sans Mono", "fontsize": 11, "ha": "left"}
    left: dict[str, Any] = {"ha": "left", "fontsize": 11}
    _text(ax, 0.2, 5.95, f"torch.tensor({listed.tolist()})", **code)
    _grid(ax, 0.2, 5.73, listed, "C2")
    _text(ax, 0.2, 4.42, f"after a[0] = {array[0]:g} is written:", **left)
    _text(ax, 0.2, 3.82, "x = torch.from_numpy(a)", **code)
    _text(ax, 0.2, 3.54, "x = torch.as_tensor(a)", **code)
    _text(ax, 0.2, 3.22, "one block, two names", "C5", **left)
    _grid(ax, 4.2, 3.73, shared, "C0")
    _text(ax, 0.2, 2.35, "x = torch.tensor(a)", **code)
    _text(ax, 0.2, 2.03, "two blocks: a copy", "C5", **left)
    _grid(ax, 4.2, 2.74, array, "C1")
    _grid(ax, 4.2, 2.06, copied, "C0")
    tags = [("a", 3.85, 3.6), ("x", 3.25, 3.5), ("a", 2.56, 2.56), ("x", 1.88, 1.88)]
    for name, y, target in tags:
        _text(ax, 3.3, y, name, "C1" if name == "a" else "C0", **code)
        _arrow(ax, (3.5, y), (4.15, target), "C1" if name == "a" else "C0")
    for x, name, values in [(0.2, "zeros", zeros), (3.3, "ones", ones)]:
        size = ", ".join(map(str, values.shape))
        _text(ax, x, 1.2, f"torch.{name}({size})", **code)
        _grid(ax, x, 0.98, values, "C2")
    return fig


# %%
def plot_operations(
    x: Tensor, row: Tensor, column: Tensor, X: Tensor, extra: Tensor, joined: Tensor
) -> Figure:
    """unsqueeze, transpose and cat, before and after: where do the numbers go?"""
    fig, ax = _canvas(5.4)
    code: dict[str, Any] = {"family": "DejaVu Sans Mono", "fontsize": 11}

    def step(start: float, end: float, y: float, name: str) -> None:
        _arrow(ax, (start, y), (end, y))
        _text(ax, (start + end) / 2, y + 0.17, name, **code)

    def shape_of(values: Tensor, x_left: float, y_low: float) -> None:
        width = 0.36 * (values.shape[-1])
        text = str(tuple(values.shape))
        _text(ax, x_left + width / 2, y_low - 0.18, text, "C5", fontsize=11)

    for left, values, top in [(0.3, x, 4.62), (3.0, row, 5.22), (3.0, column, 4.54)]:
        _grid(ax, left, top, values)
        shape_of(values, left, top - 0.36 * (len(values) if values.dim() > 1 else 1))
    _arrow(ax, (1.5, 4.52), (2.9, 5.04))
    _arrow(ax, (1.5, 4.36), (2.9, 4.0))
    _text(ax, 1.75, 5.08, "unsqueeze(0)", **code)
    _text(ax, 1.8, 3.8, "unsqueeze(1)", **code)
    _grid(ax, 0.3, 2.88, X)
    shape_of(X, 0.3, 2.16)
    step(1.5, 3.7, 2.5, "transpose(0, 1)")
    _grid(ax, 3.9, 3.04, X.T)
    shape_of(X.T, 3.9, 1.96)
    _grid(ax, 0.3, 1.4, X)
    _grid(ax, 0.3, 0.6, extra, "C1")
    step(1.5, 3.7, 0.85, "cat(…, dim=0)")
    _grid(ax, 3.9, 1.4, joined[: len(X)])
    _grid(ax, 3.9, 1.4 - 0.36 * len(X), joined[len(X) :], "C1")
    shape_of(joined, 3.9, 1.4 - 0.36 * len(joined))
    return fig


# %%
def plot_strides(memory: Tensor, X: Tensor, copied: Tensor) -> Figure:
    """One line of memory, two ways to read it, and the copy a reshape has to make."""
    fig, ax = _canvas(4.6)
    code: dict[str, Any] = {"family": "DejaVu Sans Mono", "fontsize": 11}
    for left, values, name, color in [(0.75, X, "x", "C0"), (4.0, X.T, "x.T", "C2")]:
        top, (rows, columns) = 3.9, values.shape
        down, across = values.stride()
        _grid(ax, left, top, values, color)
        _text(ax, left + 0.18 * columns, 4.37, name, color, **code)
        _arrow(ax, (left, top + 0.1), (left + 0.36 * columns, top + 0.1))
        _text(ax, left + 0.36 * columns + 0.22, top + 0.1, f"+{across}")
        _arrow(ax, (left - 0.1, top), (left - 0.1, top - 0.36 * rows))
        _text(ax, left - 0.36, top - 0.18 * rows, f"+{down}")
        spot = (left + 0.18 * columns, top - 0.36 * rows - 0.06)
        _arrow(ax, spot, (2.35 if left < 2 else 3.4, 2.22), color)
    _text(ax, 0.2, 1.98, "memory", "C5", ha="left")
    _grid(ax, 1.8, 2.16, memory, "C5")
    for i in range(len(memory)):
        _text(ax, 1.98 + 0.36 * i, 1.65, str(i), "C5", fontsize=11)
    _text(ax, 0.2, 0.92, "x.T.reshape(6): other memory, a copy", ha="left")
    _grid(ax, 1.8, 0.68, copied, "C1")
    return fig


# %%
def plot_broadcasting(a: Tensor, b: Tensor) -> Figure:
    """A column plus a row: each is repeated, in thought, to the shape of the sum."""
    fig, ax = _canvas(2.5)
    wide, tall = a.expand(a.shape[0], b.shape[1]), b.expand(a.shape[0], b.shape[1])
    real_a, real_b = torch.ones_like(wide).bool(), torch.ones_like(wide).bool()
    real_a[:, 0], real_b[0] = False, False
    side = 0.38
    lefts = [0.2, 2.2, 4.2]
    cells = [(wide, "C0", real_a), (tall, "C1", real_b), (a + b, "C2", None)]
    for left, (values, color, ghost) in zip(lefts, cells, strict=True):
        _grid(ax, left, 1.8, values, color, side, ghost)
    for left, values, color in zip(
        lefts, (a, b, a + b), ("C0", "C1", "C2"), strict=True
    ):
        _text(ax, left + 2 * side, 2.2, str(tuple(values.shape)), color)
    _text(ax, 1.97, 1.8 - 1.5 * side, "+", fontsize=15)
    _text(ax, 3.97, 1.8 - 1.5 * side, "=", fontsize=15)
    _text(ax, 3, 0.25, "dotted cells are never stored", "C5", fontsize=11)
    return fig


# %%
def plot_reduction(X: Tensor) -> Figure:
    """A matrix, its sum over dim 0 (down) and its sum over dim 1 (across)."""
    fig, ax = _canvas(2.75)
    side, left, top = 0.42, 1.3, 2.6
    rows, columns = X.shape
    right, low = left + columns * side, top - rows * side
    _grid(ax, left, top, X, "C0", side)
    for j in range(columns):
        _arrow(
            ax,
            (left + (j + 0.5) * side, low - 0.05),
            (left + (j + 0.5) * side, low - 0.5),
            "C1",
        )
    for i in range(rows):
        _arrow(
            ax,
            (right + 0.05, top - (i + 0.5) * side),
            (right + 0.6, top - (i + 0.5) * side),
            "C2",
        )
    _grid(ax, left, low - 0.55, X.sum(0), "C1", side)
    _grid(ax, right + 0.65, top, X.sum(1, keepdim=True), "C2", side)
    code: dict[str, Any] = {"family": "DejaVu Sans Mono", "fontsize": 11, "ha": "left"}
    _text(ax, left, low - 1.2, f"x.sum(0)  {tuple(X.sum(0).shape)}", "C1", **code)
    _text(
        ax, right + 1.2, top - side, f"x.sum(1)  {tuple(X.sum(1).shape)}", "C2", **code
    )
    return fig


# %%
def plot_autograd(x: Tensor, squares: Tensor, z: Tensor, grad: Tensor) -> Figure:
    """x, its squares s and their sum z to the right; the gradients back again."""
    fig, ax = _canvas(3.5)
    side, lefts = 0.5, (0.5, 2.6, 4.9)
    one = torch.ones(1, 1)
    values = [(x, squares, z.reshape(1, 1)), (grad, torch.ones_like(squares), one)]
    for top, color, line in zip((3.3, 1.5), ("C0", "C1"), values, strict=True):
        for left, cells in zip(lefts, line, strict=True):
            _grid(ax, left, top - side * (2 - len(cells)) / 2, cells, color, side)
    steps = [(1.6, 2.5, "square", r"$\times\,2x$"), (3.7, 4.8, "sum", r"$\times\,1$")]
    for left, right, forward, backward in steps:
        _arrow(ax, (left, 2.8), (right, 2.8), "C0")
        _text(ax, (left + right) / 2, 2.98, forward, "C0")
        _arrow(ax, (right, 1.0), (left, 1.0), "C1", "--")
        _text(ax, (left + right) / 2, 1.18, backward, "C1")
    for middle, name, below in [
        (1.0, "x", "x"),
        (3.1, "s = x^2", "s"),
        (5.15, "z", "z"),
    ]:
        _text(ax, middle, 2.08, f"${name}$", "C0")
        _text(ax, middle, 0.25, rf"$\partial z/\partial {below}$", "C1")
    return fig


# %% [markdown] lang="zh"
# ## 运行
#
# 每一段打印一样操作；最后一段是最常见的报错，各是怎么来的。
# %% [markdown] lang="en"
# ## Run it
#
# Each block prints one kind of operation; the last one the most common errors and
# where they come from.


# %%
def show_types() -> dict[str, int | float | str]:
    """Part 1: the source's table, and the two gotchas of numbers."""
    names = [("float", "float32"), ("double", "float64"), ("half", "float16")]
    names += [("long", "int64"), ("int", "int32"), ("", "uint8"), ("", "bool")]
    print("Data types\n  dtype            also          tensor              bytes")
    for old, new in names:
        dtype = getattr(torch, new)
        also = f"torch.{old}" if old else ""
        print(f"  {dtype!s:15}  {also:12}  {tensor_type(dtype):18}  {dtype.itemsize:5}")
    rounded = int(torch.tensor(2.0**24) + 1)
    print(f"  2**24 + 1 in float32: {rounded}; a mean of ints needs .float()")
    return {
        "float_name": str(torch.float),
        "long_name": str(torch.long),
        "float_bytes": torch.float.itemsize,
        "long_bytes": torch.long.itemsize,
        "rounded": rounded,
    }


def show_shapes() -> dict[str, int | list[int] | str]:
    """Part 2: shapes, and the constructor that does not do what it seems to."""
    sizes = [(5,), (3, 5), (4, 5, 3)]
    tensors = [torch.zeros(size) for size in sizes]
    plot_shapes(sizes)
    print("\nShapes")
    for x in tensors:
        print(f"  {tuple(x.shape)!s:10}  dim() = {x.dim()}  numel() = {x.numel()}")
    value, five = torch.tensor(5), torch.Tensor(5)
    print(f"  torch.tensor(5)  {tuple(value.shape)!s:5} {value.dtype}: the number 5")
    print(
        f"  torch.Tensor(5)  {tuple(five.shape)!s:5} {five.dtype}: 5 numbers, not set"
    )
    return {
        "dims": [x.dim() for x in tensors],
        "numbers": [x.numel() for x in tensors],
        "value_dim": value.dim(),
        "five_numbers": five.numel(),
    }


def show_constructors() -> dict[str, float | str]:
    """Part 3: which constructors copy, and which share the array's memory."""
    array = np.array([1.0, 2.0, 3.0, 4.0])
    shared, copied = torch.from_numpy(array), torch.tensor(array)
    array[0] = 9
    listed = torch.tensor([[1.0, -1.0], [-1.0, 1.0]])
    zeros, ones = torch.zeros(2, 3), torch.ones(2, 3)
    plot_constructors(listed, torch.tensor(array), shared, copied, zeros, ones)
    ways: dict[str, Callable[[np.ndarray], Tensor]] = {
        "torch.tensor(a)": torch.tensor,
        "torch.from_numpy(a)": torch.from_numpy,
        "torch.as_tensor(a)": torch.as_tensor,
        "torch.as_tensor(a, dtype=torch.float32)": lambda a: torch.as_tensor(
            a, dtype=torch.float32
        ),
    }
    found = {name: follows(array, make) for name, make in ways.items()}
    print("\nMade from the NumPy array a, then a is written to")
    for name, follow in found.items():
        print(f"  {name:40} {'follows: shared' if follow else 'stays: a copy'}")
    x = torch.zeros(3)
    back = x.numpy()
    x += 1
    print(f"  x.numpy() shares too: after x += 1 it is {back.tolist()}")
    print(f"  from a list: {torch.tensor([1.0]).dtype}; from a: {shared.dtype}")
    return {
        "list_dtype": str(torch.tensor([1.0]).dtype),
        "array_dtype": str(shared.dtype),
        "sharing_ways": sum(found.values()),
        "written": shared[0].item(),
        "kept": copied[0].item(),
    }


# %%
def show_operations() -> dict[str, list[int]]:
    """Part 4: squeeze, unsqueeze, transpose, cat; then strides, view and reshape."""
    x, extra = torch.tensor([1, 2, 3]), torch.tensor([[7, 8, 9]])
    X = torch.arange(1, 7).reshape(2, 3)
    joined = torch.cat([X, extra], dim=0)
    plot_operations(x, x.unsqueeze(0), x.unsqueeze(1), X, extra, joined)
    parts = [torch.zeros(2, 1, 3), torch.zeros(2, 3, 3), torch.zeros(2, 2, 3)]
    results = {
        "(1, 2, 3).squeeze(0)": torch.zeros(1, 2, 3).squeeze(0),
        "(1, 2, 1).squeeze()": torch.zeros(1, 2, 1).squeeze(),
        "(2, 3).unsqueeze(1)": X.unsqueeze(1),
        "(2, 3).transpose(0, 1)": X.transpose(0, 1),
        "(4, 5, 3).permute(2, 0, 1)": torch.zeros(4, 5, 3).permute(2, 0, 1),
        "cat (2,1,3) (2,3,3) (2,2,3), dim=1": torch.cat(parts, dim=1),
        "stack (2, 3) (2, 3), dim=0": torch.stack([X, X], dim=0),
    }
    print("\nNew shapes")
    for name, result in results.items():
        print(f"  {name:36} -> {tuple(result.shape)}")
    return {"cat_shape": list(torch.cat(parts, dim=1).shape)}


def show_strides() -> dict[str, str | list[int]]:
    """Part 5: what a view is, and when reshape has to copy."""
    memory = torch.arange(1, 7)
    X = memory.view(2, 3)
    flat = X.T.reshape(6)
    plot_strides(memory, X, flat)
    print("\nOne block of memory, several views")
    for name, view in [("x", X), ("x.T", X.T), ("x.view(3, 2)", X.view(3, 2))]:
        facts = f"shape {tuple(view.shape)}  stride {view.stride()}"
        print(f"  {name:15} {facts}  shared: {shares_memory(memory, view)}")
    print(f"  x.T.reshape(6)  {flat.tolist()}  shared: {shares_memory(X, flat)}")
    error = error_message(lambda: X.T.view(6))
    print("  x.T.view(6)     RuntimeError")
    places = [position((2, 1), strides) for strides in (X.T.stride(), (2, 1))]
    print(f"  element (2, 1): place {places[0]} in x.T, {places[1]} in x.view(3, 2)")
    print(f"  (4, 5, 3) stored row by row has strides {row_strides((4, 5, 3))}")
    return {
        "strides": list(X.stride()),
        "strides_T": list(X.T.stride()),
        "flat": flat.tolist(),
        "places": places,
        "cube_strides": list(row_strides((4, 5, 3))),
        "view_error": error,
    }


def show_broadcasting() -> dict[str, float | list[int]]:
    """Part 6: the rule, reductions, and the loss that broadcasting gets wrong."""
    plot_broadcasting(torch.tensor([[0], [10], [20]]), torch.tensor([[1, 2, 3, 4]]))
    plot_reduction(torch.tensor([[1, 2, 3], [4, 5, 6]]))
    print("\nBroadcasting and reductions")
    for a, b in [((3, 1), (1, 4)), ((4, 5, 3), (5, 1)), ((2, 3), (3,))]:
        print(f"  {a!s:9} + {b!s:7} -> {broadcast_shape(a, b)}")
    size = (4, 5, 3)
    for dim in (0, 1, -1):
        kept = reduced_shape(size, dim, keepdim=True)
        print(f"  {size}.sum({dim:2}) -> {reduced_shape(size, dim)}, keepdim {kept}")
    target = torch.tensor([1.0, 2.0, 4.0])
    prediction = target.unsqueeze(1)  # (3, 1), as a network returns it
    wrong = (prediction - target).pow(2)  # (3, 1) - (3,) -> (3, 3)
    right = (prediction.squeeze(1) - target).pow(2)
    print("  a perfect prediction (3, 1) against its target (3,):")
    print(f"    loss {wrong.mean():.2f} from {wrong.numel()} differences; ", end="")
    print(f"after squeeze(1) {right.mean():.2f} from {right.numel()}")
    return {
        "broadcast": list(broadcast_shape((4, 5, 3), (5, 1))),
        "wrong_loss": wrong.mean().item(),
        "wrong_numbers": wrong.numel(),
        "right_loss": right.mean().item(),
    }


# %%
def show_gradient() -> dict[str, float | list[float]]:
    """Part 7: z = Σ xᵢⱼ², its gradient, the sum of two passes, one step downhill."""
    x = torch.tensor([[1.0, 0.0], [-1.0, 1.0]])
    z, grad, twice = sum_of_squares(x), gradient(x), gradient(x, passes=2)
    plot_autograd(x, x.pow(2), z, grad)
    moved = x.clone().requires_grad_()
    sum_of_squares(moved).backward()
    gradient_step(moved, eta=0.1)
    z_moved = sum_of_squares(moved).item()
    print("\nGradient of z = sum of x_ij^2")
    print(f"  x                   {x.tolist()}   z = {z:.2f}")
    print(f"  x.grad              {grad.tolist()}")
    print(f"  after a second pass {twice.tolist()}: added up")
    print(f"  after one step with eta = 0.1: z = {z_moved:.2f}")
    return {
        "z": z.item(),
        "grad": grad.flatten().tolist(),
        "grad_twice": twice.flatten().tolist(),
        "z_moved": z_moved,
    }


def show_errors() -> dict[str, str]:
    """Part 8: the errors that everyone meets, each made on purpose."""
    X, w = torch.ones(2, 3), torch.ones(3, requires_grad=True)
    changed = w.exp()
    changed += 1  # exp needs its result for the gradient, and it is overwritten
    mistakes: dict[str, tuple[str, Callable[[], object]]] = {
        "leaf": ("w += 1", lambda: w.add_(1)),
        "numpy": ("w.numpy()", w.numpy),
        "overwritten": ("y = w.exp(); y += 1", changed.sum().backward),
        "scalar": ("(2 * w).backward()", (2 * w).backward),
        "integer": (
            "int, requires_grad",
            lambda: torch.ones(2).long().requires_grad_(),
        ),
        "mean": ("mean of integers", torch.tensor([1, 2]).mean),
        "matmul": ("(2, 3) @ (2, 3)", lambda: X @ X),
        "broadcast": ("(2, 3) + (2,)", lambda: X + torch.ones(2)),
        "cat": ("cat (2, 3) (3, 2)", lambda: torch.cat([X, X.T])),
        "device": ("cpu + elsewhere", lambda: X + torch.ones(3, device="meta")),
    }
    messages = {name: error_message(action) for name, (_, action) in mistakes.items()}
    print("\nErrors that everyone meets")
    for name, (code, _) in mistakes.items():
        print(f"  {code}")
        print(textwrap.indent(textwrap.fill(messages[name], 66), "    "))
    return {f"{name}_error": message for name, message in messages.items()}


# %%
def main() -> dict[str, float | int | str | list[int] | list[float]]:
    """Run all eight parts; return the values that the notes quote."""
    first = show_types() | show_shapes() | show_constructors()
    second = show_operations() | show_strides() | show_broadcasting()
    third = show_gradient() | show_errors()
    plt.show()
    return {**first, **second, **third}


# %%
if __name__ == "__main__":
    main()
