"""The feedforward network against PyTorch, closed forms and the lecture's numbers."""

import math
from collections.abc import Callable
from itertools import pairwise

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from snippets.feedforward import (
    LECTURE,
    SCALE,
    Layer,
    as_sequential,
    convolution_matrix,
    forward,
    forward_batch,
    layer,
    layer_by_loop,
    multiplications,
    neuron,
    parameter_count,
    random_network,
    steps_in_a_row,
    without_activation,
)
from tests.snippets.draws import randn64
from tests.snippets.runs import Run

close = torch.testing.assert_close
ONE, ZERO = torch.tensor([1.0, -1.0]), torch.tensor([0.0, 0.0])
SIZES = [3, 5, 2, 4]
STRUCTURES = st.lists(st.integers(1, 6), min_size=2, max_size=5)


def _network(sizes: list[int], seed: int = 1) -> list[Layer]:
    """Parameters of double precision, not too large for the sigmoid."""
    return [
        (randn64(k, d, seed=seed + i), randn64(k, seed=seed + i + 50))
        for i, (d, k) in enumerate(pairwise(sizes))
    ]


def _linears(model: nn.Sequential) -> list[nn.Linear]:
    return [module for module in model if isinstance(module, nn.Linear)]


@pytest.mark.parametrize(
    ("x", "z"), [([1.0, 2.0, -3.0], -1.5), ([0.0, 0.0, 0.0], 0.75), ([1e4, 0, 0], 5e3)]
)
def test_a_neuron_is_a_logistic_regression(x: list[float], z: float) -> None:
    w, b = torch.tensor([0.5, -1.0, 0.25]), torch.tensor(0.75)
    a = neuron(torch.tensor(x), w, b)
    assert a.shape == ()
    assert a.item() == pytest.approx(1 / (1 + math.exp(-z)), rel=1e-6)


def test_a_neuron_has_the_sigmoids_slope_at_zero_too() -> None:
    x = torch.zeros(3, dtype=torch.float64)
    w = randn64(3).requires_grad_()
    b = torch.zeros((), dtype=torch.float64, requires_grad=True)
    neuron(x, w, b).backward()
    assert b.grad is not None
    assert b.grad.item() == pytest.approx(1 / 4)


@pytest.mark.parametrize("compute", [layer, layer_by_loop])
@pytest.mark.parametrize("x", [randn64(3), torch.zeros(3, dtype=torch.float64)])
def test_a_layer_is_pytorchs(
    compute: Callable[[Tensor, Tensor, Tensor], Tensor], x: Tensor
) -> None:
    ((W, b),) = _network([3, 5])
    a = compute(x, W, b)
    assert a.shape == (5,)
    assert a.dtype == torch.float64
    close(a, torch.sigmoid(nn.functional.linear(x, W, b)), rtol=1e-13, atol=0)


def test_the_first_layer_of_the_lecture() -> None:
    W, b = LECTURE[0]
    assert (W @ ONE + b).tolist() == [4, -2]
    expected = [1 / (1 + math.exp(-4)), 1 / (1 + math.exp(2))]
    assert layer(ONE, W, b).tolist() == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (ONE, [[1, -1], [0.98, 0.12], [0.86, 0.11], [0.62, 0.83]]),
        (ZERO, [[0, 0], [0.73, 0.50], [0.72, 0.12], [0.51, 0.85]]),
    ],
)
def test_the_lectures_numbers(x: Tensor, expected: list[list[float]]) -> None:
    activations = forward(x, LECTURE)
    assert [[round(v, 2) for v in a.tolist()] for a in activations] == expected


def test_the_lectures_parameters() -> None:
    assert [(W.tolist(), b.tolist()) for W, b in LECTURE] == [
        ([[1, -2], [-1, 1]], [1, 0]),
        ([[2, -1], [-2, -1]], [0, 0]),
        ([[3, -1], [-1, 4]], [-2, 2]),
    ]


def test_forward_keeps_the_input_and_every_layer() -> None:
    x = randn64(3)
    activations = forward(x, _network(SIZES))
    assert [len(a) for a in activations] == SIZES
    assert activations[0] is x
    for a, after, (W, b) in zip(
        activations, activations[1:], _network(SIZES), strict=False
    ):
        close(after, 1 / (1 + torch.exp(-(W @ a + b))))


@given(sizes=STRUCTURES, rows=st.integers(1, 7), seed=st.integers(0, 99))
@settings(max_examples=30, deadline=None)
def test_a_batch_is_its_rows_and_pytorchs(
    sizes: list[int], rows: int, seed: int
) -> None:
    layers, X = _network(sizes, seed), randn64(rows, sizes[0], seed=seed)
    Y = forward_batch(X, layers)
    assert Y.shape == (rows, sizes[-1])
    assert Y.dtype == torch.float64
    close(Y, torch.stack([forward(x, layers)[-1] for x in X]))
    close(Y, as_sequential(layers)(X).detach())


@pytest.mark.parametrize("X", [randn64(4, 3), torch.zeros(4, 3, dtype=torch.float64)])
def test_autograd_goes_through_a_batch(X: Tensor) -> None:
    layers = _network(SIZES)
    X = X.clone().requires_grad_()
    assert torch.autograd.gradcheck(lambda X: forward_batch(X, layers), X)


def test_the_modules_hold_the_parameters() -> None:
    layers = random_network(SIZES, torch.Generator().manual_seed(0))
    model = as_sequential(layers)
    assert [type(module) for module in model] == [nn.Linear, nn.Sigmoid] * 3
    assert [m.weight.shape for m in _linears(model)] == [(5, 3), (2, 5), (4, 2)]
    for module, (W, b) in zip(_linears(model), layers, strict=True):
        assert module.weight.dtype == torch.float32
        assert torch.equal(module.weight, W)
        assert torch.equal(module.bias, b)


def test_random_networks_have_shapes_and_repeat() -> None:
    layers = random_network(SIZES, torch.Generator().manual_seed(3))
    assert [W.shape for W, _ in layers] == [(5, 3), (2, 5), (4, 2)]
    assert [b.shape for _, b in layers] == [(5,), (2,), (4,)]
    again = random_network(SIZES, torch.Generator().manual_seed(3))
    other = random_network(SIZES, torch.Generator().manual_seed(4))
    for (W, b), (V, c) in zip(layers, again, strict=True):
        assert torch.equal(W, V)
        assert torch.equal(b, c)
    assert not torch.equal(layers[0][0], other[0][0])


def test_random_weights_are_normal() -> None:
    ((W, _),) = random_network([400, 100], torch.Generator().manual_seed(0))
    assert W.mean().item() == pytest.approx(0, abs=0.05)
    assert W.std().item() == pytest.approx(SCALE, rel=0.02)
    beyond_one_sigma = (W.abs() > SCALE).double().mean().item()
    assert beyond_one_sigma == pytest.approx(0.317, abs=0.01)


def test_the_edges_of_random_neurons_meet_among_their_inputs() -> None:
    """All z of a layer are 0 at one point, whose coordinates lie between 0 and 1."""
    points = []
    for seed in range(20):
        ((W, b),) = random_network([2, 6], torch.Generator().manual_seed(seed))
        point = torch.linalg.lstsq(W, -b[:, None]).solution
        close(W @ point, -b[:, None], rtol=1e-4, atol=1e-4)
        points.append(point)
    found = torch.cat(points)
    assert -1e-4 < found.min() < 0.2
    assert 0.8 < found.max() < 1 + 1e-4


@given(sizes=STRUCTURES, seed=st.integers(0, 99))
@settings(max_examples=30, deadline=None)
def test_without_activation_it_is_pytorchs_linear_layers(
    sizes: list[int], seed: int
) -> None:
    layers, X = _network(sizes, seed), randn64(5, sizes[0], seed=seed)
    Y = without_activation(X, layers)
    assert Y.shape == (5, sizes[-1])
    close(Y, nn.Sequential(*_linears(as_sequential(layers)))(X).detach())
    # a linear map: halfway between two inputs is halfway between the outputs
    middle = without_activation((X[:1] + X[1:2]) / 2, layers)
    close(middle[0], (Y[0] + Y[1]) / 2)


@given(sizes=STRUCTURES)
@settings(max_examples=40, deadline=None)
def test_the_counts_are_pytorchs(sizes: list[int]) -> None:
    model = as_sequential(_network(sizes))
    assert parameter_count(sizes) == sum(p.numel() for p in model.parameters())
    weights = sum(m.weight.numel() for m in _linears(model))
    assert multiplications(sizes) == weights
    assert multiplications(sizes, batch=6) == 6 * weights


def test_the_counts_by_hand() -> None:
    assert (multiplications([2, 2, 2, 2]), parameter_count([2, 2, 2, 2])) == (12, 18)
    assert multiplications([784, 1000, 1000, 10]) == 1_794_000
    assert parameter_count([784, 1000, 1000, 10]) == 1_796_010


@pytest.mark.parametrize(
    ("sizes", "steps"),
    [
        ([1, 9], 3),  # 1 product, 2 numbers to add: 1 round
        ([2, 9], 4),  # 3 numbers: 2 rounds
        ([3, 1], 4),  # 4 numbers: 2 rounds
        ([4, 1], 5),  # 5 numbers: 3 rounds
        ([2, 2, 2, 2], 12),
        ([784, 1000, 1000, 10], 36),
    ],
)
def test_steps_in_a_row(sizes: list[int], steps: int) -> None:
    assert steps_in_a_row(sizes) == steps


def test_adding_in_pairs_really_takes_that_many_rounds() -> None:
    for d in range(1, 40):
        numbers, rounds = d + 1, 0
        while numbers > 1:
            numbers, rounds = (numbers + 1) // 2, rounds + 1
        assert steps_in_a_row([d, 3]) == rounds + 2


@given(k=st.integers(1, 5), more=st.integers(0, 6), seed=st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_a_convolution_is_pytorchs(k: int, more: int, seed: int) -> None:
    kernel, x = randn64(k, seed=seed), randn64(k + more, seed=seed + 1)
    W = convolution_matrix(kernel, k + more)
    assert W.shape == (more + 1, k + more)
    assert W.dtype == torch.float64
    expected = nn.functional.conv1d(x[None, None], kernel[None, None])[0, 0]
    close(W @ x, expected)
    assert (W != 0).sum() == k * (more + 1)


@pytest.mark.parametrize(("k", "d"), [(4, 3), (0, 3)])
def test_a_kernel_must_fit(k: int, d: int) -> None:
    with pytest.raises(ValueError, match=f"a kernel of {k} does not fit {d} inputs"):
        convolution_matrix(torch.ones(k), d)


def test_what_it_prints(run: Run) -> None:
    lines = run.printed.splitlines()
    assert "z = (1)(1) + (-2)(-1) + 1 = 4" in lines
    assert "y   0.62  0.83   y   0.51  0.85" in lines
    assert "W3 W2 W1 = [[10.0, -18.0], [-7.0, 17.0]]" in lines
    assert sum(line.endswith("True") for line in lines) == 3
    assert max(map(len, lines)) <= 72


def test_the_drawn_networks_carry_the_lectures_numbers(run: Run) -> None:
    for name, output in (("network", "0.62 0.83"), ("network_zero", "0.51 0.85")):
        shown = [text.get_text() for text in run.figures[name].axes[0].texts]
        assert {*output.split(), "$a^1$", "$y$"} <= {*shown}
        whole = [t for t in shown if t.replace("−", "").isdigit()]
        numbers = [n for W, b in LECTURE for n in [*W.flatten().tolist(), *b.tolist()]]
        inputs = [1, -1] if name == "network" else [0, 0]
        expected = sorted([*numbers, *inputs])
        assert sorted(int(t.replace("−", "-")) for t in whole) == expected
