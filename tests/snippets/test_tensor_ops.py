"""The tensor operations of snippets/tensor_ops.py against PyTorch and NumPy."""

import math
from collections.abc import Callable

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle
from torch import Tensor
from torch.testing import assert_close

from snippets import tensor_ops as m
from tests.snippets.runs import Run

F64 = torch.float64
SHAPES = st.lists(st.integers(1, 4), max_size=4).map(tuple)


# Data type and shape


def test_tensor_types() -> None:
    assert m.tensor_type(torch.float) == "torch.FloatTensor"
    assert m.tensor_type(torch.long) == "torch.LongTensor"
    assert m.tensor_type(torch.bool) == "torch.BoolTensor"


@given(SHAPES)
def test_nested_shape_is_pytorchs(shape: tuple[int, ...]) -> None:
    assert m.nested_shape(torch.zeros(shape).tolist()) == shape


def test_nested_shape_of_numbers_and_nothing() -> None:
    assert m.nested_shape(5) == ()
    assert m.nested_shape([]) == torch.tensor([]).shape == (0,)
    assert m.nested_shape([[], []]) == torch.tensor([[], []]).shape == (2, 0)


@pytest.mark.parametrize(
    "ragged", [[[1, 2], [3]], [[1, 2], 3], [[[1], [2]], [[1], [2, 3]]]]
)
def test_nested_shape_refuses_ragged_lists(ragged: object) -> None:
    with pytest.raises(ValueError, match="ragged list"):
        m.nested_shape(ragged)
    with pytest.raises((ValueError, TypeError)):
        torch.tensor(ragged)


# Shared or copied


def test_follows() -> None:
    array = np.array([[1.0, -2.0], [0.5, 3.0]])
    assert m.follows(array, torch.from_numpy) is True
    assert m.follows(array, torch.as_tensor) is True
    assert m.follows(array, torch.tensor) is False
    assert m.follows(array, lambda a: torch.as_tensor(a, dtype=torch.float32)) is False
    assert array.tolist() == [[1.0, -2.0], [0.5, 3.0]]  # left as it was


def test_shares_memory() -> None:
    x = torch.arange(6.0).reshape(2, 3)
    for view in (x.T, x[1], x.view(3, 2), x.unsqueeze(0), x.detach()):
        assert m.shares_memory(x, view)
    for copy in (x.clone(), x.T.reshape(6), x + 0, x.T.contiguous()):
        assert not m.shares_memory(x, copy)


@pytest.mark.parametrize(
    ("cuda", "mps", "device"),
    [
        (True, True, "cuda"),
        (True, False, "cuda"),
        (False, True, "mps"),
        (False, False, "cpu"),
    ],
)
def test_best_device(
    monkeypatch: pytest.MonkeyPatch, cuda: bool, mps: bool, device: str
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    assert m.best_device() == device


# Strides


@given(SHAPES)
def test_row_strides_are_pytorchs(shape: tuple[int, ...]) -> None:
    assert m.row_strides(shape) == torch.zeros(shape).stride()


def test_row_strides_by_hand() -> None:
    assert m.row_strides((4, 5, 3)) == (15, 3, 1)
    assert m.row_strides(()) == ()


@given(SHAPES, st.data())
def test_position_finds_the_element(
    shape: tuple[int, ...], data: st.DataObject
) -> None:
    memory = torch.randn(math.prod(shape), generator=torch.Generator().manual_seed(0))
    x = memory.view(shape)
    x = x.permute(data.draw(st.permutations(range(len(shape)))))
    index = [data.draw(st.integers(0, n - 1)) for n in x.shape]
    assert memory[m.position(index, x.stride())] == x[tuple(index)]


def test_position_wants_one_index_a_dimension() -> None:
    with pytest.raises(ValueError, match="zip"):
        m.position((1, 2), (3,))


# Broadcasting and reductions


@given(SHAPES, SHAPES)
def test_broadcast_shape_is_numpys(a: tuple[int, ...], b: tuple[int, ...]) -> None:
    try:
        expected = np.broadcast_shapes(a, b)
    except ValueError:
        with pytest.raises(ValueError, match="unsqueeze or transpose one"):
            m.broadcast_shape(a, b)
    else:
        assert m.broadcast_shape(a, b) == expected == m.broadcast_shape(b, a)


def test_broadcast_shape_by_hand() -> None:
    assert m.broadcast_shape((4, 5, 3), (5, 1)) == (4, 5, 3)
    assert m.broadcast_shape((3, 1), (4,)) == (3, 4)
    assert m.broadcast_shape((), (2,)) == (2,)
    assert m.broadcast_shape((0, 1), (1, 3)) == (0, 3)
    with pytest.raises(ValueError, match="dim 1: 3 against 2"):
        m.broadcast_shape((2, 3), (2,))


@given(SHAPES.filter(len), st.booleans(), st.data())
def test_reduced_shape_is_pytorchs(
    shape: tuple[int, ...], keepdim: bool, data: st.DataObject
) -> None:
    dim = data.draw(st.integers(-len(shape), len(shape) - 1))
    expected = torch.zeros(shape).sum(dim, keepdim=keepdim).shape
    assert m.reduced_shape(shape, dim, keepdim) == expected
    if not keepdim:
        assert m.reduced_shape(shape, dim) == expected


@pytest.mark.parametrize("dim", [2, 3, -3, -4])
def test_reduced_shape_refuses_a_missing_dimension(dim: int) -> None:
    with pytest.raises(ValueError, match=f"dim {dim} does not exist: 2 dimensions"):
        m.reduced_shape((2, 3), dim)


# Gradients


def random(*shape: int) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(1), dtype=F64)


def test_sum_of_squares() -> None:
    x = random(3, 4)
    z = m.sum_of_squares(x)
    assert z.shape == ()
    assert z.dtype == F64
    assert_close(z, torch.linalg.norm(x) ** 2)


@pytest.mark.parametrize("passes", [1, 2, 3])
def test_gradients_add_up(passes: int) -> None:
    x = random(3, 4).requires_grad_()
    grad = m.gradient(x, passes)
    assert grad.shape == (3, 4)
    assert grad.dtype == F64
    assert_close(grad, 2 * passes * x.detach())
    assert x.grad is None


def test_gradient_makes_one_pass_unless_told() -> None:
    x = random(2, 3)
    h = 1e-6
    finite = torch.zeros(2, 3, dtype=F64)
    for i in range(2):
        for j in range(3):
            step = torch.zeros(2, 3, dtype=F64)
            step[i, j] = h
            rise = m.sum_of_squares(x + step) - m.sum_of_squares(x - step)
            finite[i, j] = rise / (2 * h)
    assert_close(m.gradient(x), finite, rtol=1e-6, atol=1e-8)


def test_gradient_refuses_no_pass() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        m.gradient(random(2), 0)


def test_gradient_step_is_sgds() -> None:
    x, theirs = random(3, 2).requires_grad_(), random(3, 2).requires_grad_()
    before = x.data_ptr()
    for tensor in (x, theirs):
        tensor.pow(3).sum().backward()
    m.gradient_step(x, 0.3)
    torch.optim.SGD([theirs], lr=0.3).step()
    assert_close(x, theirs)
    assert x.data_ptr() == before  # in place
    assert x.requires_grad
    assert x.is_leaf
    assert x.grad is None


def test_gradient_step_wants_a_gradient() -> None:
    with pytest.raises(ValueError, match=r"call backward\(\) first"):
        m.gradient_step(random(2).requires_grad_(), 0.1)


def test_error_message() -> None:
    def fail(text: str) -> Callable[[], object]:
        def action() -> None:
            raise RuntimeError(text)

        return action

    assert m.error_message(fail("No. Yes.")) == "No"
    assert m.error_message(fail("No!\nYes. Or")) == "No"
    assert m.error_message(fail("torch.no is one")) == "torch.no is one"
    with pytest.raises(ValueError, match="raised no RuntimeError"):
        m.error_message(lambda: 1)


# What main finds


def test_values_are_plain(run: Run) -> None:
    for value in run.values.values():
        for item in value if isinstance(value, list) else [value]:
            assert type(item) in (int, float, str)
            assert item == item


def test_types(run: Run) -> None:
    v = run.values
    assert (v["float_name"], v["long_name"]) == ("torch.float32", "torch.int64")
    assert (v["float_bytes"], v["long_bytes"]) == (4, 8)
    assert v["rounded"] == 2**24  # and not 2**24 + 1
    assert (v["list_dtype"], v["array_dtype"]) == ("torch.float32", "torch.float64")


def test_shapes(run: Run) -> None:
    v = run.values
    assert v["dims"] == [1, 2, 3]
    assert v["numbers"] == [5, 15, 60]
    assert (v["value_dim"], v["five_numbers"]) == (0, 5)
    assert v["cat_shape"] == [2, 6, 3]


def test_sharing(run: Run) -> None:
    v = run.values
    assert (v["written"], v["kept"], v["sharing_ways"]) == (9, 1, 2)
    assert "after x += 1 it is [1.0, 1.0, 1.0]" in run.printed
    lines = [line.split() for line in run.printed.splitlines()]
    assert ["torch.tensor(a)", "stays:", "a", "copy"] in lines
    assert ["torch.from_numpy(a)", "follows:", "shared"] in lines
    assert ["torch.as_tensor(a)", "follows:", "shared"] in lines


def test_strides(run: Run) -> None:
    v = run.values
    assert (v["strides"], v["strides_T"]) == ([3, 1], [1, 3])
    assert v["flat"] == [1, 4, 2, 5, 3, 6]
    assert v["places"] == [5, 5]
    assert v["cube_strides"] == [15, 3, 1]
    assert "x.T.reshape(6)  [1, 4, 2, 5, 3, 6]  shared: False" in run.printed
    assert run.printed.count("shared: True") == 3


def test_broadcasting_spoils_a_loss(run: Run) -> None:
    v = run.values
    assert v["broadcast"] == [4, 5, 3]
    # (1−2)² = 1, (1−4)² = 9, (2−4)² = 4, each twice, out of nine
    assert v["wrong_loss"] == pytest.approx(28 / 9)
    assert v["wrong_numbers"] == 9
    assert v["right_loss"] == 0


def test_gradient_of_the_lecture(run: Run) -> None:
    v = run.values
    assert v["z"] == 3
    assert v["grad"] == [2, 0, -2, 2]
    assert v["grad_twice"] == [4, 0, -4, 4]
    assert v["z_moved"] == pytest.approx(3 * 0.8**2)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("view", "not compatible"),
        ("leaf", "leaf Variable that requires grad"),
        ("numpy", "call numpy() on Tensor that requires grad"),
        ("overwritten", "modified by an inplace operation"),
        ("scalar", "only for scalar outputs"),
        ("integer", "floating point"),
        ("mean", "mean()"),
        ("matmul", "2x3 and 2x3"),
        ("broadcast", "tensor a (3) must match the size of tensor b (2)"),
        ("cat", "must match except in dimension 0"),
        ("device", "device"),
    ],
)
def test_errors(run: Run, name: str, words: str) -> None:
    assert words in run.values[f"{name}_error"]


def test_output_fits_the_page(run: Run) -> None:
    assert max(map(len, run.printed.splitlines())) <= 72


# Figures


def texts(figure: Figure) -> list[str]:
    return [t.get_text() for ax in figure.axes for t in ax.texts if t.get_text()]


def cells(figure: Figure, dotted: bool | None = None) -> list[Rectangle]:
    """The cells drawn, from their edges; only the dotted ones, or only the others."""
    edges = [
        p
        for ax in figure.axes
        for p in ax.patches
        if isinstance(p, Rectangle) and not p.get_fill()
    ]
    return [p for p in edges if dotted is None or (p.get_linestyle() == ":") == dotted]


def test_every_figure_is_drawn(run: Run) -> None:
    assert set(run.figures) == {n for n in vars(m) if n.startswith("plot_")}


def test_plot_shapes(run: Run) -> None:
    figure = run.figures["plot_shapes"]
    assert {"(5,)", "(3, 5)", "(4, 5, 3)"} <= set(texts(figure))
    dims = [text for text in texts(figure) if text.startswith("dim")]
    assert sorted(dims) == ["dim 0"] * 3 + ["dim 1"] * 2 + ["dim 2"]
    faces = [p for p in figure.axes[0].patches if isinstance(p, Polygon)]
    # every cell twice (fill and edge): fronts 5 + 15 + 15, tops 4·3, sides 4·5
    assert len(faces) == 2 * (5 + 15 + 15 + 12 + 20)


def test_plot_constructors(run: Run) -> None:
    drawn = texts(run.figures["plot_constructors"])
    assert drawn.count("9") == 2  # the shared block once, the copied-from array once
    assert drawn.count("1") == 2 + 1 + 6  # from the list, the copy, and ones(2, 3)
    assert drawn.count("−1") == 2
    assert drawn.count("0") == 6
    assert {"torch.zeros(2, 3)", "torch.ones(2, 3)", "after a[0] = 9 is written:"} <= (
        set(drawn)
    )


def test_plot_operations(run: Run) -> None:
    drawn = texts(run.figures["plot_operations"])
    names = {"unsqueeze(0)", "unsqueeze(1)", "transpose(0, 1)", "cat(…, dim=0)"}
    shapes = {"(3,)", "(1, 3)", "(3, 1)", "(2, 3)", "(3, 2)", "(3, 3)"}
    assert names | shapes <= set(drawn)
    assert drawn.count("7") == drawn.count("9") == 2  # before and after cat
    assert len(cells(run.figures["plot_operations"])) == 3 + 3 + 3 + 6 + 6 + 6 + 3 + 9


def test_plot_strides() -> None:
    memory = torch.arange(1, 7)
    figure = m.plot_strides(memory, memory.view(2, 3), torch.tensor([8, 9, 7, 8, 9, 7]))
    drawn = texts(figure)
    assert drawn.count("+1") == drawn.count("+3") == 2
    assert drawn.count("9") == 2
    assert drawn.count("6") == 3  # x, x.T, memory
    assert drawn.count("0") == 1  # the first place


def test_plot_broadcasting() -> None:
    a, b = torch.tensor([[0], [10], [20]]), torch.tensor([[1, 2, 3, 4]])
    figure = m.plot_broadcasting(a, b)
    assert {"(3, 1)", "(1, 4)", "(3, 4)", "24", "11"} <= set(texts(figure))
    assert len(cells(figure, dotted=True)) == 9 + 8
    assert len(cells(figure, dotted=False)) == 3 + 4 + 12
    assert a.tolist() == [[0], [10], [20]]


def test_plot_reduction() -> None:
    figure = m.plot_reduction(torch.tensor([[1, 2, 3], [4, 5, 60]]))
    drawn = texts(figure)
    assert {"5", "7", "63", "6", "69"} <= set(drawn)
    assert {"x.sum(0)  (3,)", "x.sum(1)  (2,)"} <= set(drawn)


def test_plot_autograd() -> None:
    x = torch.tensor([[2.0, -3.0], [0.5, 4.0]])
    figure = m.plot_autograd(x, x**2, torch.tensor(29.25), 2 * x)
    drawn = texts(figure)
    assert {"29.25", "−3", "−6", "16", "8", "0.25"} <= set(drawn)
    assert drawn.count("1") == 4 + 1 + 1  # ∂z/∂s, ∂z/∂z, and 2 · 0.5
    names = {"$x$", "$s = x^2$", "$z$"}
    slopes = {r"$\partial z/\partial " + name + "$" for name in "xsz"}
    assert names | slopes <= set(drawn)
    plt.close(figure)
