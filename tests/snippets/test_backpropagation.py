"""Backpropagation by hand: against autograd, PyTorch's layers, and closed forms."""

import itertools
import math
from collections.abc import Callable
from functools import partial

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.flop_counter import FlopCounterMode

from snippets.backpropagation import (
    BINARY,
    DEPTH,
    SOFTMAX,
    SQUARES,
    Layer,
    Output,
    backpropagate,
    backward,
    binary_cross_entropy,
    cross_entropy,
    delta_sizes,
    difference,
    difference_times_slope,
    finite_differences,
    flatten,
    forward,
    gaps,
    gradients,
    lecture_network,
    loss_at,
    multiplications,
    paths,
    random_case,
    relu_slope,
    sigmoid_slope,
    squared_error,
    unflatten,
)
from tests.snippets.draws import randn64

close = torch.testing.assert_close

SIZES = st.lists(st.integers(1, 7), min_size=2, max_size=7)
OUTPUTS = st.sampled_from([SQUARES, BINARY, SOFTMAX])


def _parameters(sizes: list[int]) -> int:
    return sum((d + 1) * k for d, k in itertools.pairwise(sizes))


def _network(sizes: list[int], seed: int = 0) -> list[Layer]:
    return unflatten(randn64(_parameters(sizes), seed=seed), sizes)


def _torch_network(layers: list[Layer], *functions: nn.Module) -> nn.Sequential:
    """The same network from PyTorch's own modules."""
    parts: list[nn.Module] = []
    for (W, b), function in zip(layers, functions, strict=True):
        linear = nn.Linear(W.shape[1], W.shape[0], dtype=torch.float64)
        linear.load_state_dict({"weight": W, "bias": b})
        parts += [linear, function]
    return nn.Sequential(*parts)


# Forward


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_forward_pass_is_pytorchs(dtype: torch.dtype) -> None:
    layers, x = _network([3, 5, 4, 2]), randn64(6, 3)
    model = _torch_network(layers, nn.Tanh(), nn.Tanh(), nn.Softmax(dim=-1)).to(dtype)
    own = [(W.to(dtype), b.to(dtype)) for W, b in layers]
    x = x.to(dtype)
    softmax = partial(torch.softmax, dim=-1)
    activations = forward(x, own, torch.tanh, softmax)
    assert activations[0] is x
    assert [a.shape for a in activations] == [(6, 3), (6, 5), (6, 4), (6, 2)]
    assert {a.dtype for a in activations} == {dtype}
    close(activations[-1], model(x).detach())
    close(activations[1], model[:2](x).detach())


def test_without_further_notice_all_are_sigmoids() -> None:
    layers, x = _network([2, 4, 3]), torch.zeros(1, 2, dtype=torch.float64)
    model = _torch_network(layers, nn.Sigmoid(), nn.Sigmoid())
    close(forward(x, layers)[-1], model(x).detach())
    close(forward(x, layers[:1])[-1], model[:2](x).detach())


def test_the_lectures_network_gives_the_lectures_numbers() -> None:
    x = torch.tensor([[1.0, -1.0], [0.0, 0.0]], dtype=torch.float64)
    found = [a.round(decimals=2).tolist() for a in forward(x, lecture_network())]
    assert found[1] == [[0.98, 0.12], [0.73, 0.5]]
    assert found[2] == [[0.86, 0.11], [0.72, 0.12]]
    assert found[3] == [[0.62, 0.83], [0.51, 0.85]]
    assert all(p.dtype == torch.float64 for layer in lecture_network() for p in layer)


# The last layer


def test_the_losses_are_pytorchs() -> None:
    y, y_hat = randn64(5, 3).softmax(-1), randn64(5, 3, seed=1).softmax(-1)
    expected = {
        squared_error: functional.mse_loss(y, y_hat, reduction="none").sum(-1),
        binary_cross_entropy: functional.binary_cross_entropy(
            y, y_hat, reduction="none"
        ).sum(-1),
        cross_entropy: functional.cross_entropy(y.log(), y_hat, reduction="none"),
    }
    for loss, value in expected.items():
        assert loss(y, y_hat).shape == (5,)
        close(loss(y, y_hat), value)
        close(loss(y[2], y_hat[2]), value[2])


@pytest.mark.parametrize("loss", [binary_cross_entropy, cross_entropy])
def test_a_perfect_output_has_no_loss(loss: Callable[..., Tensor]) -> None:
    y = torch.tensor([[0.0, 1.0]])
    assert loss(y, y).tolist() == [0.0]
    assert loss(1 - y, y).item() == math.inf


@pytest.mark.parametrize("output", [SQUARES, BINARY, SOFTMAX])
@pytest.mark.parametrize("scale", [0, 1, 5])
def test_delta_is_autograds(output: Output, scale: int) -> None:
    z, y_hat = scale * randn64(4, 3), randn64(4, 3, seed=1).softmax(-1)
    expected = torch.func.grad(lambda z: output.loss(output.function(z), y_hat).sum())(
        z
    )
    delta = output.delta(output.function(z), y_hat)
    assert delta.shape == (4, 3)
    assert delta.abs().min() > 0
    close(delta, expected)


def test_softmax_with_cross_entropy_at_extreme_logits() -> None:
    z, y_hat = torch.tensor([[1000.0, -1000.0]]), torch.tensor([[0.0, 1.0]])
    delta = SOFTMAX.delta(SOFTMAX.function(z), y_hat)
    assert delta.tolist() == [[1.0, -1.0]]
    logits = z.clone().requires_grad_()
    functional.cross_entropy(logits, y_hat).backward()
    close(delta, logits.grad)


def test_the_start_of_the_backward_pass() -> None:
    y, y_hat = torch.tensor([[0.75, 0.5]]), torch.tensor([[0.25, 1.0]])
    assert difference(y, y_hat).tolist() == [[0.5, -0.5]]
    assert difference_times_slope(y, y_hat).tolist() == [[0.1875, -0.25]]


# Backward


@pytest.mark.parametrize(
    ("function", "slope"), [(torch.sigmoid, sigmoid_slope), (torch.relu, relu_slope)]
)
def test_slopes_are_autograds(
    function: Callable[[Tensor], Tensor], slope: Callable[[Tensor], Tensor]
) -> None:
    z = torch.tensor([-300.0, -3, -0.4, 0, 0.5, 2, 300], dtype=torch.float64)
    found = slope(function(z))
    assert found.dtype == torch.float64
    close(found, torch.func.grad(lambda z: function(z).sum())(z))


def test_the_slope_of_sigmoid_is_at_most_a_quarter() -> None:
    slopes = sigmoid_slope(torch.linspace(-9, 9, 181, dtype=torch.float64).sigmoid())
    assert slopes.max().item() == 0.25
    assert slopes.argmax().item() == 90


def test_relu_at_its_corner() -> None:
    assert relu_slope(torch.relu(torch.tensor([-1.0, 0, 1]))).tolist() == [0, 0, 1]


def test_the_backward_pass_is_the_reversed_network() -> None:
    layers, x, delta = _network([3, 4, 2, 5]), randn64(6, 3), randn64(6, 5)
    a = forward(x, layers)
    deltas = backward(a, layers, delta)
    assert [d.shape for d in deltas] == [(6, 4), (6, 2), (6, 5)]
    assert deltas[2] is delta
    close(deltas[1], a[2] * (1 - a[2]) * (delta @ layers[2][0]))
    close(deltas[0], a[1] * (1 - a[1]) * (deltas[1] @ layers[1][0]))


def test_one_layer_has_nothing_to_pass_on() -> None:
    layers, delta = _network([3, 2]), randn64(4, 2)
    assert backward(forward(randn64(4, 3), layers), layers, delta) == [delta]


def test_the_backward_pass_of_relus_is_autograds() -> None:
    layers, x, v = _network([4, 6, 5, 3]), randn64(7, 4), randn64(7, 3)
    a = forward(x, layers, torch.relu, torch.relu)
    own = gradients(a, backward(a, layers, v * relu_slope(a[-1]), relu_slope))
    model = _torch_network(layers, nn.ReLU(), nn.ReLU(), nn.ReLU())
    (model(x) * v).sum().backward()
    expected = [p.grad for p in model.parameters()]
    for found, theirs in zip(itertools.chain(*own), expected, strict=True):
        close(found, theirs)


def test_the_gradient_of_a_batch_is_the_sum_over_its_examples() -> None:
    layers, x, y_hat = _network([3, 4, 2]), randn64(5, 3), randn64(5, 2).softmax(-1)
    whole = flatten(backpropagate(layers, x, y_hat))
    parts = [backpropagate(layers, x[n : n + 1], y_hat[n : n + 1]) for n in range(5)]
    close(whole, torch.stack([flatten(part) for part in parts]).sum(0))


def test_gradients_are_delta_times_what_enters() -> None:
    a, deltas = (
        [randn64(5, 3), randn64(5, 2), randn64(5, 1)],
        [randn64(5, 2), randn64(5, 1)],
    )
    (dW1, db1), (dW2, db2) = gradients(a, deltas)
    close(dW1, torch.einsum("ni,nj->ij", deltas[0], a[0]))
    close(dW2, torch.einsum("ni,nj->ij", deltas[1], a[1]))
    close(db1, torch.einsum("ni->i", deltas[0]))
    assert db2.shape == (1,)
    with pytest.raises(ValueError, match="zip"):
        gradients(a[:2], deltas)


@settings(max_examples=80, deadline=None)
@given(SIZES, st.integers(1, 5), OUTPUTS, st.integers(0, 1000), st.booleans())
def test_any_network_has_autograds_gradients(
    sizes: list[int], B: int, output: Output, seed: int, zero: bool
) -> None:
    layers = _network(sizes, seed)
    x = randn64(B, sizes[0], seed=seed)
    x = 0 * x if zero else x
    y_hat = randn64(B, sizes[-1], seed=seed).softmax(-1)
    own = backpropagate(layers, x, y_hat, output)
    for (dW, db), (W, b) in zip(own, layers, strict=True):
        assert dW.shape == W.shape
        assert db.shape == b.shape
        assert dW.dtype == db.dtype == torch.float64
    hidden = [nn.Sigmoid()] * (len(layers) - 1)
    last = nn.Softmax(dim=-1) if output is SOFTMAX else nn.Sigmoid()
    model = _torch_network(layers, *hidden, last)
    output.loss(model(x), y_hat).sum().backward()
    theirs = torch.cat([p.grad.flatten() for p in model.parameters()])  # type: ignore[union-attr]
    close(flatten(own), theirs, atol=1e-10, rtol=0)


@given(st.integers(1, 4), st.integers(1, 4), st.floats(-3, 3))
def test_the_reversed_network_is_linear(B: int, width: int, factor: float) -> None:
    layers = _network([2, width, 3, 2])
    a, delta = forward(randn64(B, 2), layers), randn64(B, 2, seed=1)
    once, times = (backward(a, layers, c * delta) for c in (1, factor))
    for one, other in zip(once, times, strict=True):
        close(factor * one, other)


def test_a_target_that_is_met_leaves_no_gradient() -> None:
    x = torch.tensor([[1.0, -1.0]], dtype=torch.float64)
    y = forward(x, lecture_network())[-1]
    for output in (SQUARES, BINARY):
        grad = flatten(backpropagate(lecture_network(), x, y, output))
        assert grad.tolist() == [0.0] * 18


# Parameters as a vector, and the check


@given(SIZES)
def test_a_vector_is_cut_and_put_together_again(sizes: list[int]) -> None:
    theta = torch.arange(float(_parameters(sizes)))
    layers = unflatten(theta, sizes)
    assert [W.shape for W, _ in layers] == [
        (k, d) for d, k in itertools.pairwise(sizes)
    ]
    assert [len(b) for _, b in layers] == sizes[1:]
    assert torch.equal(flatten(layers), theta)


def test_the_order_of_a_vector_is_that_of_pytorch() -> None:
    layers = _network([3, 2, 4])
    model = _torch_network(layers, nn.Sigmoid(), nn.Sigmoid())
    close(flatten(layers), nn.utils.parameters_to_vector(model.parameters()).detach())


@pytest.mark.parametrize("output", [SQUARES, BINARY, SOFTMAX])
def test_the_loss_is_a_sum_over_examples(output: Output) -> None:
    theta, x, y_hat = randn64(17), randn64(4, 2), randn64(4, 2).softmax(-1)
    found = loss_at(theta, [2, 3, 2], x, y_hat, output)
    y = forward(x, unflatten(theta, [2, 3, 2]), torch.sigmoid, output.function)[-1]
    assert found.shape == ()
    close(found, sum(output.loss(y[n], y_hat[n]) for n in range(4)))


def test_finite_differences_are_exact_on_a_parabola() -> None:
    A, theta = randn64(4, 4), randn64(4)
    before = theta.clone()
    slope = finite_differences(lambda t: t @ A @ t, theta, h=0.1)
    close(slope, (A + A.T) @ theta, rtol=1e-11, atol=1e-11)
    assert torch.equal(theta, before)
    cubic = finite_differences(lambda t: (t**3).sum(), theta, h=0.1)
    close(cubic, 3 * theta**2 + 0.1**2)
    close(finite_differences(lambda t: t.sin().sum(), theta), theta.cos())


def test_gaps_are_the_largest_differences() -> None:
    theta, sizes, x, y_hat = random_case(0)
    from_autograd, from_differences = gaps(theta, sizes, x, y_hat, SQUARES)
    assert 0 <= from_autograd < 1e-12 < from_differences < 1e-7
    # with another δ at the end, both notice, and by as much
    wrong = Output(SQUARES.function, SQUARES.loss, lambda y, y_hat: 0 * y)
    largest = flatten(backpropagate(unflatten(theta, sizes), x, y_hat)).abs().max()
    for gap in gaps(theta, sizes, x, y_hat, wrong):
        assert gap == pytest.approx(largest.item(), rel=1e-6)


def test_random_cases_are_random_and_repeat() -> None:
    cases = [random_case(seed) for seed in range(60)]
    for theta, sizes, x, y_hat in cases:
        assert len(theta) == _parameters(sizes)
        assert x.shape == (len(y_hat), sizes[0])
        assert y_hat.shape[1] == sizes[-1]
        assert theta.dtype == x.dtype == y_hat.dtype == torch.float64
        close(y_hat.sum(1), torch.ones(len(x), dtype=torch.float64))
    assert {len(x) for _, _, x, _ in cases} == {1, 2, 3, 4, 5}
    assert {len(sizes) for _, sizes, _, _ in cases} == {2, 3, 4, 5, 6}
    assert {k for _, sizes, _, _ in cases for k in sizes} == set(range(1, 9))
    assert torch.equal(random_case(7)[0], cases[7][0])


# Cost


@pytest.mark.parametrize("sizes", [[3, 4], [3, 4, 2], [5, 2, 7, 3]])
def test_multiplications_are_those_that_pytorch_counts(sizes: list[int]) -> None:
    layers, x, y_hat = _network(sizes), randn64(1, sizes[0]), randn64(1, sizes[-1])
    with FlopCounterMode(display=False) as forward_flops:
        activations = forward(x, layers)
    with FlopCounterMode(display=False) as backward_flops:
        gradients(activations, backward(activations, layers, y_hat))
    count = multiplications(sizes)
    assert count.parameters == len(flatten(layers))
    assert 2 * count.forward == forward_flops.get_total_flops()
    assert 2 * count.backward == backward_flops.get_total_flops()
    assert count.differences == 2 * count.parameters * count.forward


@given(SIZES)
def test_paths_are_those_of_a_network_of_ones(sizes: list[int]) -> None:
    """With every weight 1 and no activation, a derivative counts the paths to C."""
    layers = [(torch.ones(k, d), torch.zeros(k)) for d, k in itertools.pairwise(sizes)]
    a = forward(torch.ones(1, sizes[0]), layers, lambda z: z, lambda z: z)
    first = backward(a, layers, torch.ones(1, sizes[-1]), torch.ones_like)[0][0, 0]
    one_layer = len(sizes) == 2
    assert paths(sizes) == (1 if one_layer else first)


# Through many layers


def test_relus_lose_a_factor_of_two_for_each_half_of_the_weights() -> None:
    small, double = (delta_sizes(torch.relu, relu_slope, g) for g in (0.7, 1.4))
    assert small.shape == (DEPTH,)
    assert small[-1] == 1
    close(double / small, 2.0 ** torch.arange(DEPTH - 1, -1, -1).double())


def test_orthogonal_signals_neither_vanish_nor_explode() -> None:
    """Without an activation, gain 1 keeps the variance: so says the theory."""
    sizes = delta_sizes(lambda z: z, torch.ones_like, 1.0)
    assert 0.6 < sizes.min() <= sizes.max() < 1.6
    falling = delta_sizes(torch.sigmoid, sigmoid_slope, 1.0)
    assert (falling.diff() > 0).all()
    assert falling[0] < 0.25 ** (DEPTH - 1) * 2  # a slope is at most 1/4


def test_many_layers_repeat() -> None:
    first, again = (delta_sizes(torch.sigmoid, sigmoid_slope, 3.0) for _ in range(2))
    assert torch.equal(first, again)
