"""The tensor operations: against PyTorch, NumPy and finite differences."""

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from torch import Tensor

from snippets.tensor_ops import (
    broadcast_shape,
    error_message,
    error_messages,
    gradient_step,
    nested_shape,
    position,
    reduced_shape,
    row_strides,
    shares_memory,
)
from tests.snippets.draws import randn64
from tests.snippets.runs import Run

F64 = torch.float64
SHAPES = st.lists(st.integers(0, 4), max_size=4).map(tuple)
FILLED = st.lists(st.integers(1, 4), max_size=4).map(tuple)

close = torch.testing.assert_close


# Shapes


@given(FILLED)
def test_a_nested_shape_is_pytorchs(shape: tuple[int, ...]) -> None:
    assert nested_shape(torch.zeros(shape).tolist()) == shape


def test_the_nested_shape_of_numbers_and_nothing() -> None:
    assert nested_shape(5) == ()
    assert nested_shape([]) == torch.tensor([]).shape == (0,)
    assert nested_shape([[], []]) == torch.tensor([[], []]).shape == (2, 0)


@pytest.mark.parametrize(
    "ragged", [[[1, 2], [3]], [[1, 2], 3], [[[1], [2]], [[1], [2, 3]]]]
)
def test_ragged_lists_are_refused(ragged: object) -> None:
    with pytest.raises(ValueError, match=r"ragged list.*cut or pad"):
        nested_shape(ragged)
    with pytest.raises((ValueError, TypeError)):
        torch.tensor(ragged)


# Memory


@given(FILLED)
def test_row_strides_are_pytorchs(shape: tuple[int, ...]) -> None:
    assert row_strides(shape) == torch.zeros(shape).stride()


def test_row_strides_by_hand() -> None:
    assert row_strides((4, 5, 3)) == (15, 3, 1)
    assert row_strides(()) == ()


@given(FILLED, st.data())
def test_a_position_is_where_the_element_lies(
    shape: tuple[int, ...], data: st.DataObject
) -> None:
    memory = torch.arange(math.prod(shape), dtype=F64)
    x = memory.view(shape)
    x = x.permute(data.draw(st.permutations(range(len(shape)))))
    index = [data.draw(st.integers(0, n - 1)) for n in x.shape]
    assert memory[position(index, x.stride())] == x[tuple(index)]


def test_a_position_wants_an_index_for_every_dimension() -> None:
    with pytest.raises(ValueError, match="zip"):
        position((1, 2), (3,))


def test_views_share_memory_and_copies_do_not() -> None:
    x = randn64(2, 3)
    for view in (x.T, x[1], x[:, 1], x.view(3, 2), x.reshape(6), x.detach()):
        assert shares_memory(x, view) is True
    for copy in (x.clone(), x.T.reshape(6), x + 0, x[x > 0], x.T.contiguous()):
        assert shares_memory(x, copy) is False
    assert shares_memory(x[0], x[1])  # one block, though no element is in both


# Broadcasting and reductions


@given(SHAPES, SHAPES)
def test_a_broadcast_shape_is_numpys(a: tuple[int, ...], b: tuple[int, ...]) -> None:
    try:
        expected = np.broadcast_shapes(a, b)
    except ValueError:
        with pytest.raises(ValueError, match="unsqueeze or transpose one"):
            broadcast_shape(a, b)
    else:
        assert broadcast_shape(a, b) == expected == broadcast_shape(b, a)


def test_broadcast_shapes_by_hand() -> None:
    assert broadcast_shape((4, 5, 3), (5, 1)) == (4, 5, 3)
    assert broadcast_shape((3, 1), (4,)) == (3, 4)
    assert broadcast_shape((), (2,)) == (2,)
    assert broadcast_shape([0, 1], [1, 3]) == (0, 3)
    with pytest.raises(ValueError, match="3 against 2: unsqueeze"):
        broadcast_shape((2, 3), (2,))


@given(SHAPES.filter(len), st.booleans(), st.data())
def test_a_reduced_shape_is_pytorchs(
    shape: tuple[int, ...], keepdim: bool, data: st.DataObject
) -> None:
    dim = data.draw(st.integers(-len(shape), len(shape) - 1))
    expected = torch.zeros(shape).sum(dim, keepdim=keepdim).shape
    assert reduced_shape(shape, dim, keepdim) == expected
    if not keepdim:
        assert reduced_shape(shape, dim) == expected


@pytest.mark.parametrize("dim", [2, 3, -3, -4])
def test_a_missing_dimension_is_refused(dim: int) -> None:
    with pytest.raises(ValueError, match=f"dim {dim} does not exist: 2 dimensions"):
        reduced_shape((2, 3), dim)
    with pytest.raises(IndexError):
        torch.zeros(2, 3).sum(dim)


# Gradients and errors


@pytest.mark.parametrize("start", [randn64(3, 2), torch.zeros(3, 2, dtype=F64)])
def test_a_gradient_step_is_sgds(start: Tensor) -> None:
    x, theirs = (start.clone().requires_grad_() for _ in range(2))
    before = x.data_ptr()
    for tensor in (x, theirs):
        (tensor - 0.7).pow(2).sum().backward()
    gradient_step(x, 0.3)
    torch.optim.SGD([theirs], lr=0.3).step()
    close(x, theirs)
    assert not torch.equal(x, start)
    assert x.dtype == F64
    assert x.data_ptr() == before  # in place
    assert x.requires_grad
    assert x.is_leaf
    assert x.grad is None


def test_a_gradient_step_wants_a_gradient() -> None:
    with pytest.raises(ValueError, match=r"call backward\(\) first"):
        gradient_step(randn64(2).requires_grad_(), 0.1)


def _failure(text: str) -> Callable[[], object]:
    def fail() -> None:
        raise RuntimeError(text)

    return fail


def test_an_error_is_told_as_it_is() -> None:
    assert error_message(_failure("No. Yes!")) == "No. Yes!"
    with pytest.raises(ValueError, match="raised no RuntimeError: give one that fails"):
        error_message(lambda: 1)
    with pytest.raises(ZeroDivisionError):
        error_message(lambda: 1 / 0)


def test_errors_are_printed_below_their_code(
    capsys: pytest.CaptureFixture[str],
) -> None:
    long = "non-singleton " * 10 + "torch.autograd.set_detect_anomaly(check_nan=False)"
    errors = error_messages({"a + b": _failure("No."), "c": _failure(long)})
    assert errors == ["No.", long]
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == ["a + b", "  No.", "c"]
    assert [line[:2] for line in lines[3:]] == ["  "] * 6
    assert " ".join(line[2:] for line in lines[3:]) == long  # no word is torn apart
    assert max(map(len, lines[3:8])) <= 40  # what a phone shows without scrolling


# What the run prints and draws


def test_the_errors_are_pytorchs_own(run: Run) -> None:
    said = " ".join(run.printed.split())
    for words in (
        "Trying to backward through the graph a second time",
        "a leaf Variable that requires grad is being used in an in-place operation",
        "mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)",
        "grad can be implicitly created only for scalar outputs",
        "modified by an inplace operation",
        "view size is not compatible",
    ):
        assert words in said


def _words(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts if text.get_text()]


def _cells(figure: Figure, style: str = "-") -> int:
    edges = [p for p in figure.axes[0].patches if not p.get_fill()]
    kinds = [str(edge.get_linestyle()).replace("solid", "-") for edge in edges]
    return kinds.count(style)


def test_every_number_has_its_cell(run: Run) -> None:
    assert _cells(run.figures["shapes"]) == 5 + 3 * 5 + (5 * 3 + 4 * 3 + 4 * 5)
    assert _cells(run.figures["reduction"]) == 6 + 3 + 2
    assert _cells(run.figures["strides"]) == 6 + 6 + 6 + 6
    assert _cells(run.figures["autograd"]) == 2 * (4 + 4 + 1)


def test_only_what_is_stored_has_a_firm_edge(run: Run) -> None:
    figure = run.figures["broadcasting"]
    assert (_cells(figure), _cells(figure, ":")) == (3 + 4 + 12, 9 + 8)
    sums = [str(a + b) for a in (0, 10, 20) for b in (1, 2, 3, 4)]
    assert _words(figure)[24:36] == sums


def test_what_is_drawn_is_what_was_computed(run: Run) -> None:
    assert _words(run.figures["reduction"])[6:11] == ["5", "7", "9", "6", "15"]
    assert _words(run.figures["strides"])[6:9] == ["x", "+1", "+3"]
    assert _words(run.figures["strides"])[15:18] == ["x.T", "+3", "+1"]
    assert _words(run.figures["strides"])[-6:] == ["1", "4", "2", "5", "3", "6"]
    gradient = ["2", "0", "−2", "2"]
    assert _words(run.figures["autograd"])[9:13] == gradient
    shared = _words(run.figures["constructors"])
    assert shared.count("9") == 2
    assert [shared.count(name) for name in "ax"] == [2, 2]
