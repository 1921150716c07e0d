"""Backpropagation by hand: against autograd, finite differences and closed forms."""

import math
from collections.abc import Sequence

import matplotlib.pyplot as plt
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from snippets import backpropagation
from snippets.backpropagation import (
    Layer,
    autograd,
    backward,
    cost,
    finite_differences,
    forward,
    gap,
    gradients,
    lecture_network,
    multiplications,
    random_network,
    relu,
    relu_slope,
    sigmoid,
    sigmoid_slope,
    signals,
    update,
)
from tests.snippets.runs import Run

SIZES = st.lists(st.integers(1, 7), min_size=2, max_size=7)


def _network(sizes: Sequence[int], seed: int = 0) -> tuple[list[Layer], Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    layers = [
        (W, torch.randn(len(W), generator=generator, dtype=torch.float64))
        for W, _ in random_network(sizes, generator, gain=2.0)
    ]
    x, y_hat = (
        torch.randn(k, generator=generator, dtype=torch.float64)
        for k in (sizes[0], sizes[-1])
    )
    return layers, x, y_hat


def _own(layers: list[Layer], x: Tensor, y_hat: Tensor) -> list[Layer]:
    a = forward(x, layers)
    return gradients(a, backward(a, layers, y_hat))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_sigmoid_is_pytorchs_at_any_z(dtype: torch.dtype) -> None:
    z = torch.tensor([-300.0, -1.5, 0, 0.7, 300], dtype=dtype)
    assert sigmoid(z).dtype == dtype
    torch.testing.assert_close(sigmoid(z), torch.sigmoid(z))


def test_slopes_are_autograds() -> None:
    z = torch.tensor([-3.0, -1, 0.5, 2], dtype=torch.float64, requires_grad=True)
    for function, slope in ((sigmoid, sigmoid_slope), (relu, relu_slope)):
        (expected,) = torch.autograd.grad(function(z).sum(), z)
        found = slope(function(z.detach()))
        assert found.dtype == torch.float64
        torch.testing.assert_close(found, expected)


def test_relu_at_its_corner() -> None:
    z = torch.tensor([-1.0, 0, 1])
    assert relu(z).tolist() == [0, 0, 1]
    assert relu_slope(relu(z)).tolist() == [0, 0, 1]


def test_the_slope_of_sigmoid_is_at_most_a_quarter() -> None:
    slopes = sigmoid_slope(sigmoid(torch.linspace(-9, 9, 181, dtype=torch.float64)))
    assert slopes.max().item() == 0.25
    assert slopes.argmax().item() == 90


def test_the_forward_pass_is_that_of_pytorch() -> None:
    layers, x, _ = _network([3, 5, 2])
    linears = [torch.nn.Linear(3, 5).double(), torch.nn.Linear(5, 2).double()]
    model = torch.nn.Sequential(linears[0], torch.nn.Sigmoid(), linears[1])
    with torch.no_grad():
        for linear, (W, b) in zip(linears, layers, strict=True):
            linear.weight.copy_(W)
            linear.bias.copy_(b)
    activations = forward(x, layers)
    assert [len(a) for a in activations] == [3, 5, 2]
    assert activations[0] is x
    torch.testing.assert_close(activations[-1], torch.sigmoid(model(x)))
    linear_only = forward(x, layers, lambda z: z)
    torch.testing.assert_close(
        linear_only[1], torch.nn.functional.linear(x, *layers[0])
    )


def test_the_cost_is_the_squared_distance() -> None:
    y, y_hat = torch.randn(2, 5, dtype=torch.float64)
    expected = torch.nn.functional.mse_loss(y, y_hat, reduction="sum")
    torch.testing.assert_close(cost(y, y_hat), expected)


@settings(max_examples=60)
@given(SIZES, st.integers(0, 1000))
def test_any_network_has_autograds_gradients(sizes: list[int], seed: int) -> None:
    layers, x, y_hat = _network(sizes, seed)
    own, other = _own(layers, x, y_hat), autograd(x, y_hat, layers)
    for (dW, db), (W, b) in zip(own, layers, strict=True):
        assert dW.shape == W.shape
        assert db.shape == b.shape
    assert gap(own, other) < 1e-10


def test_autograd_is_autograd() -> None:
    layers, x, y_hat = _network([2, 3, 4])
    leaves = [(W.clone().requires_grad_(), b.clone()) for W, b in layers]
    cost(forward(x, leaves)[-1], y_hat).backward()
    for (W, _), (dW, _) in zip(leaves, autograd(x, y_hat, layers), strict=True):
        torch.testing.assert_close(dW, W.grad)


def test_finite_differences_agree_and_leave_the_network_alone() -> None:
    layers, x, y_hat = _network([3, 4, 2])
    before = [(W.clone(), b.clone()) for W, b in layers]
    differences = finite_differences(x, y_hat, layers)
    assert 0 < gap(_own(layers, x, y_hat), differences) < 1e-7
    assert gap(layers, before) == 0
    coarse = finite_differences(x, y_hat, layers, h=1e-1)
    assert gap(coarse, differences) > 1e-6


def test_the_backward_pass_is_the_reversed_network() -> None:
    layers, x, y_hat = _network([3, 4, 2])
    a = forward(x, layers)
    dz1, dz2 = backward(a, layers, y_hat)
    torch.testing.assert_close(dz2, 2 * (a[2] - y_hat) * a[2] * (1 - a[2]))
    torch.testing.assert_close(dz1, a[1] * (1 - a[1]) * (layers[1][0].T @ dz2))


def test_the_backward_pass_of_relus_is_autograds() -> None:
    layers, x, y_hat = _network([4, 6, 5, 3])
    a = forward(x, layers, relu)
    own = gradients(a, backward(a, layers, y_hat, relu_slope))
    leaves = [(W.clone().requires_grad_(), b) for W, b in layers]
    cost(forward(x, leaves, relu)[-1], y_hat).backward()
    for (W, _), (dW, _) in zip(leaves, own, strict=True):
        torch.testing.assert_close(dW, W.grad)


def test_the_lectures_network_gives_the_lectures_numbers() -> None:
    outputs = {(1.0, -1.0): (0.62, 0.83), (0.0, 0.0): (0.51, 0.85)}
    for x, y in outputs.items():
        found = forward(torch.tensor(x, dtype=torch.float64), lecture_network())[-1]
        assert [round(v, 2) for v in found.tolist()] == list(y)


def test_an_update_is_pytorchs_sgd() -> None:
    layers, x, y_hat = _network([3, 4, 2])
    leaves = [torch.nn.Parameter(p.clone()) for layer in layers for p in layer]
    pairs = list(zip(leaves[::2], leaves[1::2], strict=True))
    cost(forward(x, pairs)[-1], y_hat).backward()
    torch.optim.SGD(leaves, lr=0.3).step()
    moved = update(layers, _own(layers, x, y_hat), 0.3)
    for (W, b), (W_own, b_own) in zip(pairs, moved, strict=True):
        torch.testing.assert_close(W_own, W.detach())
        torch.testing.assert_close(b_own, b.detach())


def test_the_gap_is_the_largest_difference() -> None:
    first = [(torch.zeros(2, 3), torch.zeros(2)), (torch.zeros(1, 2), torch.zeros(1))]
    second = [(torch.zeros(2, 3), torch.tensor([0.0, -0.5])), first[1]]
    assert gap(first, second) == 0.5


def test_multiplications_are_counted() -> None:
    assert multiplications([3, 4, 2]) == {
        "parameters": 4 * 4 + 5 * 2,
        "forward": 12 + 8,
        "backward": 12 + 2 * 8,
        "differences": 2 * 26 * 20,
    }


def test_random_weights_have_the_variance_asked_for() -> None:
    generator = torch.Generator().manual_seed(0)
    ((W, b),) = random_network([400, 300], generator, gain=3.0)
    assert W.shape == (300, 400)
    assert b.tolist() == [0.0] * 300
    assert W.dtype == b.dtype == torch.float64
    assert W.var().item() == pytest.approx(9 / 400, rel=0.02)
    ((V, _),) = random_network([400, 300], torch.Generator().manual_seed(0))
    torch.testing.assert_close(3 * V, W)


def test_signals_vanish_with_sigmoids_and_not_with_relus() -> None:
    vanishing = signals(6, sigmoid, sigmoid_slope, 1.0, runs=3)
    staying = signals(6, relu, relu_slope, 2**0.5, runs=3)
    assert vanishing.shape == staying.shape == (6,)
    assert (vanishing.diff() > 0).all()
    assert vanishing[0] < 1e-2 * vanishing[-1]
    assert staying[0] > 0.3 * staying[-1]
    torch.testing.assert_close(vanishing, signals(6, sigmoid, sigmoid_slope, 1.0, 3))


def test_the_signal_starts_at_two() -> None:
    """∂C/∂y is 2 everywhere, so a linear last layer has ∂C/∂z = 2."""
    linear = signals(3, lambda z: z, torch.ones_like, 1.0, runs=2)
    assert linear[-1].item() == pytest.approx(2.0)


class TestMain:
    def test_every_gradient_is_exact(self, run: Run) -> None:
        assert run.values["autograd_gap"] < 1e-10
        assert run.values["random_gap"] < 1e-10
        assert run.values["difference_gap"] < 1e-7

    def test_one_weight_is_the_product_of_two_passes(self, run: Run) -> None:
        assert run.values["dw"] == pytest.approx(run.values["a"] * run.values["dz"])

    def test_training_lowers_the_cost(self, run: Run) -> None:
        start, first, last = run.values["costs"]
        assert start == pytest.approx(run.values["cost"])
        assert last < 0.05 * start < first < start

    def test_the_tangent_points_to_the_minimum(self, run: Run) -> None:
        assert run.values["w_best"] < run.values["w_now"]
        assert run.values["w_slope"] > 0
        assert 0.3 < run.values["bent_down"] < 1

    def test_a_backward_pass_costs_no_more_than_two_forward_passes(
        self, run: Run
    ) -> None:
        assert 1 < run.values["backward_ratio"] <= 2
        assert run.values["difference_ratio"] > 1e6

    def test_sigmoids_lose_what_relus_keep(self, run: Run) -> None:
        small, large, relus = run.values["left"]
        assert small < 1e-4 < large < 0.1 < relus

    def test_values_are_plain(self, run: Run) -> None:
        for value in run.values.values():
            for item in value if isinstance(value, list) else [value]:
                assert isinstance(item, int | float)
                assert math.isfinite(item)


def test_figures_draw_what_was_computed() -> None:
    rows = [multiplications([n, n]) for n in (2, 5)]
    lines = backpropagation.plot_cost(rows).axes[0].lines
    expected = [[row["differences"] for row in rows],
                [row["forward"] + row["backward"] for row in rows]]  # fmt: skip
    assert [torch.as_tensor(line.get_ydata()).tolist() for line in lines] == expected
    curves = [(name, torch.rand(4) + 0.1) for name in "abc"]
    (ax,) = backpropagation.plot_vanishing(curves).axes
    for line, (_, sizes) in zip(ax.lines, curves, strict=True):
        torch.testing.assert_close(torch.as_tensor(line.get_ydata()), sizes)
    layers, x, y_hat = (
        lecture_network(),
        torch.tensor([1.0, -1]).double(),
        torch.ones(2),
    )
    a = forward(x, layers)
    shown = {text.get_text() for text in backpropagation.plot_forward(a).axes[0].texts}
    assert {"0.98", "0.12", "0.86", "0.11", "0.62", "0.83"} <= shown
    dz = backward(a, layers, y_hat)
    figure = backpropagation.plot_reversed(layers, dz, 2 * (a[-1] - y_hat))
    shown = {text.get_text() for text in figure.axes[0].texts}
    values = [f"{v:.3f}".replace("-", "−") for row in dz for v in row.tolist()]
    assert set(values) <= shown
    plt.close("all")
