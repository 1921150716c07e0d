"""The engine against PyTorch: every operation, random expressions, whole trainings."""

import math
from collections.abc import Callable, Sequence

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, linear

from snippets.autograd_engine import (
    LECTURE,
    Layer,
    Value,
    as_value,
    backward,
    cross_entropy,
    exp,
    knot,
    leaves,
    log,
    logit,
    sigmoid,
    sigmoid_in_parts,
    tanh,
    topological_order,
    weighted_sums,
)
from tests.snippets.draws import randn64

close = torch.testing.assert_close

# Every operation twice: for the engine, and for PyTorch.
Functions = list[tuple[Callable[[Value], Value], Callable[[Tensor], Tensor]]]
UNARY: Functions = [
    (exp, torch.exp),
    (tanh, torch.tanh),
    (sigmoid, torch.sigmoid),
    (sigmoid_in_parts, torch.sigmoid),
    (lambda x: -x, lambda x: -x),
    (lambda x: 3 - x, lambda x: 3 - x),
    (lambda x: x - 3, lambda x: x - 3),
    (lambda x: 3 + x, lambda x: 3 + x),
    (lambda x: x + 3, lambda x: x + 3),
    (lambda x: 3 * x, lambda x: 3 * x),
    (lambda x: x * 3, lambda x: x * 3),
    (lambda x: x / 3, lambda x: x / 3),
    (lambda x: x**0, lambda x: x**0),
    (lambda x: x**1, lambda x: x**1),
    (lambda x: x**2, lambda x: x**2),
    (lambda x: x**3, lambda x: x**3),
]
NOT_AT_ZERO: Functions = [
    (lambda x: 3 / x, lambda x: 3 / x),
    (lambda x: x**-2, lambda x: x**-2),
]
BINARY: list[
    tuple[Callable[[Value, Value], Value], Callable[[Tensor, Tensor], Tensor]]
] = [
    (lambda x, y: x + y, lambda x, y: x + y),
    (lambda x, y: x - y, lambda x, y: x - y),
    (lambda x, y: x * y, lambda x, y: x * y),
    (lambda x, y: x / (y**2 + 1), lambda x, y: x / (y**2 + 1)),
]


def _tensor(number: float) -> Tensor:
    return torch.tensor(number, dtype=torch.float64, requires_grad=True)


def _agree(ours: Sequence[Value], theirs: Sequence[Tensor]) -> None:
    for own, tensor in zip(ours, theirs, strict=True):
        grad = torch.zeros(()).double() if tensor.grad is None else tensor.grad
        assert math.isclose(own.data, tensor.item(), rel_tol=1e-9, abs_tol=1e-9)
        assert math.isclose(own.grad, grad.item(), rel_tol=1e-9, abs_tol=1e-9)


@pytest.mark.parametrize("at", [-1.7, 0.0, 0.6])
@pytest.mark.parametrize("number", range(len(UNARY)))
def test_a_function_of_one_number_is_pytorchs(number: int, at: float) -> None:
    own, theirs = UNARY[number]
    x, tensor = Value(at), _tensor(at)
    y, target = own(x), theirs(tensor)
    target.retain_grad()
    backward(y)
    target.backward()
    _agree([x, y], [tensor, target])


@pytest.mark.parametrize("at", [-1.7, 0.6])
@pytest.mark.parametrize("number", range(len(NOT_AT_ZERO)))
def test_a_quotient_is_pytorchs(number: int, at: float) -> None:
    own, theirs = NOT_AT_ZERO[number]
    x, tensor = Value(at), _tensor(at)
    backward(own(x))
    theirs(tensor).backward()
    _agree([x], [tensor])
    with pytest.raises(ZeroDivisionError):
        own(Value(0.0))


def test_the_logarithm_is_pytorchs() -> None:
    x, tensor = Value(0.3), _tensor(0.3)
    backward(log(x))
    torch.log(tensor).backward()
    _agree([x], [tensor])
    assert log(x).data == math.log(0.3)
    with pytest.raises(ValueError, match=r"domain|positive"):
        log(Value(0.0))


@pytest.mark.parametrize("z", [-1000.0, -40.0, 40.0, 1000.0])
def test_the_sigmoid_does_not_overflow(z: float) -> None:
    x = Value(z)
    a = sigmoid(x)
    backward(a)
    assert abs(a.data - (z > 0)) < 1e-12
    assert abs(x.grad) < 1e-12


@st.composite
def _programs(draw: st.DrawFn) -> list[tuple[int, int, int]]:
    """Steps (operation, operand, operand); an operand is a leaf or an earlier step."""
    steps = draw(st.integers(1, 8))
    operations = st.integers(0, len(BINARY) + 2)
    return [
        (
            draw(operations),
            draw(st.integers(0, 2 + step)),
            draw(st.integers(0, 2 + step)),
        )
        for step in range(steps)
    ]


NUMBERS = st.lists(st.floats(-2, 2) | st.just(0.0), min_size=3, max_size=3)


@given(program=_programs(), numbers=NUMBERS)
def test_random_expressions_are_pytorchs(
    program: list[tuple[int, int, int]], numbers: list[float]
) -> None:
    """Parts are used again, by the same step or by several, and some by none."""
    ours, theirs = [Value(x) for x in numbers], [_tensor(x) for x in numbers]
    bounded: Functions = [
        (sigmoid, torch.sigmoid),
        (tanh, torch.tanh),
        (lambda x: log(x**2 + 1), lambda x: torch.log(x**2 + 1)),
    ]
    for operation, i, j in program:
        if operation < len(BINARY):
            own, other = BINARY[operation]
            ours.append(own(ours[i], ours[j]))
            theirs.append(other(theirs[i], theirs[j]))
        else:
            single, other_single = bounded[operation - len(BINARY)]
            ours.append(single(ours[i]))
            theirs.append(other_single(theirs[i]))
        if abs(ours[-1].data) > 3:  # or eight products would leave all bounds
            ours[-1], theirs[-1] = tanh(ours[-1]), torch.tanh(theirs[-1])
        theirs[-1].retain_grad()
    backward(ours[-1])
    theirs[-1].backward()
    _agree(ours, theirs)


@given(x=st.floats(-3, 3), y=st.floats(0.5, 3))
def test_the_tangled_expression_is_pytorchs(x: float, y: float) -> None:
    x = x if abs(x + 1) > 0.1 else 0.0  # s = 0 has no quotient
    ours, theirs = (Value(x), Value(y)), (_tensor(x), _tensor(y))
    value = knot(*ours)
    a, b = theirs
    target = ((a + 1) * b) ** 3 - a + 3 / b  # the same, multiplied out
    backward(value)
    target.backward()
    _agree(ours, theirs)
    assert math.isclose(value.data, target.item(), rel_tol=1e-9, abs_tol=1e-9)


def test_a_number_is_wrapped_once() -> None:
    x = Value(2.0)
    assert as_value(x) is x
    assert as_value(2.0).data == 2.0
    assert as_value(2.0).edges == ()
    assert x != Value(2.0), "two inputs with the same number are two inputs"
    assert "edges" not in repr(x + 1)


def test_parents_come_first_and_everything_once() -> None:
    x, y = Value(1.0), Value(2.0)
    s = x * y
    output = (s + x) * s - s
    unused = s * 2
    order = topological_order(output)
    assert order[-1] is output
    assert len(order) == len({*order}) == 6  # x, y, s, s + x, the product, output
    assert unused not in order
    places = {node: i for i, node in enumerate(order)}
    assert all(places[p] < places[node] for node in order for p, _ in node.edges)
    assert topological_order(x) == [x]


def test_a_long_chain_does_not_overflow() -> None:
    x = Value(0.5)
    y = x
    for _ in range(10_000):
        y = y + 1
    backward(y)
    assert (y.data, x.grad) == (10_000.5, 1.0)
    assert len(topological_order(y)) == 20_001  # with a leaf for each 1


def test_gradients_add_up_on_leaves_alone() -> None:
    """As with PyTorch's retain_graph=True."""
    x = Value(3.0)
    s = x * x
    y = s * x
    for times in (1, 2, 3):
        backward(y)
        assert (x.grad, s.grad, y.grad) == (27.0 * times, 3.0, 1.0)
    x.grad = 0.0
    backward(s)  # an earlier result on its own
    assert (x.grad, s.grad) == (6.0, 1.0)
    backward(x)
    assert x.grad == 7.0


def test_every_path_counts() -> None:
    y = x = Value(1.0)
    for _ in range(50):
        y = y + y
    backward(y)
    assert x.grad == 2**50


def _network(layers: Sequence[tuple[Tensor, Tensor]]) -> list[Layer]:
    return [leaves(W.tolist(), b.tolist()) for W, b in layers]


def _grads(layer: Layer) -> tuple[Tensor, Tensor]:
    W, b = layer
    rows = [[w.grad for w in row] for row in W]
    return torch.tensor(rows).double(), torch.tensor([v.grad for v in b]).double()


def test_weighted_sums_are_a_linear_layer() -> None:
    W, b, x = randn64(4, 3), randn64(4), randn64(3)
    (layer,) = _network([(W, b)])
    sums = weighted_sums([Value(number) for number in x.tolist()], layer)
    close(torch.tensor([z.data for z in sums]).double(), linear(x, W, b))
    with pytest.raises(ValueError, match=r"shorter|longer"):
        weighted_sums([Value(1.0)], layer)
    with pytest.raises(ValueError, match=r"shorter|longer"):
        weighted_sums([Value(1.0)] * 3, (layer[0], layer[1][:3]))


@pytest.mark.parametrize("x", [(0.7, -1.2), (0.0, 0.0)])
@pytest.mark.parametrize("y_hat", [0, 1])
def test_a_network_has_pytorchs_gradients(x: tuple[float, float], y_hat: int) -> None:
    tensors = [(randn64(5, 2), randn64(5)), (randn64(1, 5), randn64(1))]
    for pair in tensors:
        for tensor in pair:
            tensor.requires_grad_()
    (W1, b1), (W2, b2) = tensors
    z = linear(torch.tanh(linear(randn64(0).new_tensor(x), W1, b1)), W2, b2)
    target = binary_cross_entropy_with_logits(z, z.new_tensor([y_hat]))
    target.backward()

    hidden, output = _network(tensors)
    own = logit([*x], hidden, output)
    cost = cross_entropy(own, y_hat)
    backward(cost)
    assert math.isclose(own.data, z.item())
    assert math.isclose(cost.data, target.item())
    assert math.isclose(own.grad, torch.sigmoid(z).item() - y_hat)
    for layer, pair in zip((hidden, output), tensors, strict=True):
        for grad, tensor in zip(_grads(layer), pair, strict=True):
            close(grad, tensor.grad)


@pytest.mark.parametrize("x", [(1.0, -1.0), (0.0, 0.0)])
def test_the_grad_of_a_weighted_sum_is_delta(x: tuple[float, float]) -> None:
    kept, signal = [], randn64(0).new_tensor(x).requires_grad_()
    for W, b in LECTURE:
        kept.append(linear(signal, signal.new_tensor(W), signal.new_tensor(b)))
        kept[-1].retain_grad()
        signal = torch.sigmoid(kept[-1])
    ((signal - signal.new_tensor([1, 0])) ** 2).sum().backward()

    zs, a = [], [Value(number) for number in x]
    for W, b in LECTURE:
        zs.append(weighted_sums(a, leaves(W, b)))
        a = [sigmoid(z) for z in zs[-1]]
    backward((a[0] - 1) ** 2 + a[1] ** 2)
    for sums, z in zip(zs, kept, strict=True):
        close(torch.tensor([own.grad for own in sums]).double(), z.grad)
    if x == (1.0, -1.0):  # the outputs that the lecture's slide shows
        assert [round(y.data, 2) for y in a] == [0.62, 0.83]
