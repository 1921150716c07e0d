"""The mathematics of snippets/relu_fitting.py: ReLUs, networks, folds, training."""

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.testing import assert_close

from snippets import relu_fitting as m

F64 = torch.float64


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(0)


# Two ReLUs, one hard sigmoid


@pytest.mark.parametrize("dtype", [torch.float32, F64])
def test_relu_is_pytorchs(dtype: torch.dtype) -> None:
    z = torch.tensor([[-300, -1, 0], [1e-9, 1, 300]], dtype=dtype)
    assert_close(m.relu(z), torch.relu(z), rtol=0, atol=0)


@given(st.floats(-20, 20))
def test_two_relus_are_pytorchs_hard_sigmoid(z: float) -> None:
    x = torch.tensor([z], dtype=F64)
    expected = nn.functional.hardsigmoid(x)
    assert_close(m.hard_sigmoid(x), expected, rtol=0, atol=1e-14)
    two = (m.relu(x + 3) - m.relu(x - 3)) / 6
    assert_close(two, expected, rtol=0, atol=1e-14)


@given(st.integers(1, 5), st.integers(1, 4), st.integers(0, 50))
def test_model_in_relus_is_the_same_function(k: int, d: int, seed: int) -> None:
    g = torch.Generator().manual_seed(seed)
    W, b, c, constant = (
        3 * torch.randn(shape, generator=g, dtype=F64)
        for shape in ((k, d), (k, 1), (1, k), (1, 1))
    )
    X = 3 * torch.randn(d, 9, generator=g, dtype=F64)
    relus = m.to_relus([(W, b), (c, constant)])
    assert [tuple(p.shape) for layer in relus for p in layer] == [
        (2 * k, d), (2 * k, 1), (1, 2 * k), (1, 1)
    ]  # fmt: skip
    expected = (constant + c @ nn.functional.hardsigmoid(W @ X + b))[0]
    assert_close(m.network(X, relus), expected, rtol=0, atol=1e-12)


# Networks


def linear_layers(network: nn.Sequential) -> m.Layers:
    return [(f.weight, f.bias[:, None]) for f in network if isinstance(f, nn.Linear)]


@given(st.lists(st.integers(1, 5), max_size=4), st.integers(1, 4))
def test_network_and_count_are_pytorchs(hidden: list[int], d: int) -> None:
    widths = [d, *hidden, 1]
    modules: list[nn.Module] = []
    for i, k in pairwise(widths):
        modules += [nn.Linear(i, k, dtype=F64), nn.Sigmoid()]
    theirs = nn.Sequential(*modules[:-1])
    X = torch.randn(d, 7, dtype=F64)
    y = m.network(X, linear_layers(theirs), torch.sigmoid)
    assert_close(y, theirs(X.T)[:, 0])
    zero = torch.zeros(d, 1, dtype=F64)
    y = m.network(zero, linear_layers(theirs), torch.sigmoid)
    assert_close(y, theirs(zero.T)[:, 0])
    assert m.count(widths) == sum(p.numel() for p in theirs.parameters())


def test_network_has_relus_unless_told() -> None:
    one, zero = torch.ones(1, 1), torch.zeros(1, 1)
    y = m.network(torch.tensor([[-2.0, 0, 2]]), [(one, zero), (one, 5 * one)])
    assert y.tolist() == [5, 5, 7]


def test_cut_is_pytorchs_order_of_parameters() -> None:
    theirs = nn.Sequential(nn.Linear(2, 4), nn.ReLU(), nn.Linear(4, 3))
    theta = nn.utils.parameters_to_vector(theirs.parameters())
    for ours, expected in zip(
        m.cut(theta, [2, 4, 3]), linear_layers(theirs), strict=True
    ):
        assert_close(ours, expected, rtol=0, atol=0)


def test_many_networks_at_once_are_each_their_own() -> None:
    widths = [2, 4, 3, 1]
    theta = torch.randn(5, 6, m.count(widths), dtype=F64)
    X = torch.randn(6, 2, 8, dtype=F64)
    together = m.network(X, m.cut(theta, widths))
    assert together.shape == (5, 6, 8)
    for t in range(5):
        for s in range(6):
            alone = m.network(X[s], m.cut(theta[t, s], widths))
            assert_close(together[t, s], alone)


def test_start_has_hes_variance_and_bends_at_training_points() -> None:
    X = 6 * torch.rand(3, 50, 500)
    theta = m.start([50, 400, 30, 1], X)
    assert theta.shape == (3, m.count([50, 400, 30, 1]))
    (W, b), (W_2, b_2), (W_3, b_3) = m.cut(theta, [50, 400, 30, 1])
    assert W.std().item() == pytest.approx(math.sqrt(2 / 50), rel=0.02)
    assert W_2.std().item() == pytest.approx(math.sqrt(2 / 400), rel=0.03)
    assert W_3.std().item() == pytest.approx(math.sqrt(2 / 30), rel=0.3)
    assert abs(W.mean().item()) < 0.01
    z = b + W @ X[..., :400]  # neuron i bends at point i
    assert_close(z.diagonal(dim1=1, dim2=2), torch.zeros(3, 400), rtol=0, atol=1e-4)
    assert not b_2.any()
    assert not b_3.any()
    torch.manual_seed(1)
    assert not torch.equal(m.start([50, 400, 30, 1], X), theta)


# Folding


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_folds_fold_n_times(n: int) -> None:
    x = torch.linspace(0, 1, 129)
    expected = x
    for _ in range(n):
        expected = 1 - (1 - 2 * expected).abs()
    layers = m.folds(n)
    assert_close(m.network(x[None], layers), expected, rtol=0, atol=0)
    assert [W.shape[0] for W, _ in layers] == [2] * n + [1]
    assert m.pieces(expected) == 2**n


def test_pieces_of_a_line_and_of_a_bend() -> None:
    x = torch.linspace(0, 1, 11)
    assert m.pieces(3 * x + 1) == 1
    assert m.pieces(x.clamp(min=0.5)) == 2
    assert m.pieces((x - 0.5).abs() + 1e-3 * x) == 2


@pytest.mark.parametrize("k", [1, 7, 20])
def test_one_hidden_layer_bends_at_most_once_a_neuron(k: int) -> None:
    x = torch.linspace(-3, 3, 4001, dtype=F64)
    theta = m.start([1, k, 1], 4 * torch.rand(1, 1, 500) - 2).double()
    slopes = m.network(x[None], m.cut(theta[0], [1, k, 1])).diff()
    bends = (slopes.diff().abs() > 1e-9).int()
    # a bend between two grid points shows in two slopes side by side
    found = int(((bends[1:] - bends[:-1]) == 1).sum() + bends[0])
    assert 0 < found <= k


# Targets


def test_smooth_curves_are_three_sine_waves() -> None:
    x = 6 * torch.rand(4, 200, dtype=F64)
    y = m.smooth_curves(x)
    assert y.shape == x.shape
    for each, curve in zip(x.numpy(), y.numpy(), strict=True):
        waves = [f(k * each) for k in (1, 2, 3) for f in (np.sin, np.cos)]
        _, residual, _, _ = np.linalg.lstsq(np.stack(waves, axis=1), curve)
        assert residual[0] < 1e-10
    assert not torch.equal(m.smooth_curves(x), y)


def test_kinked_curves_are_numpys_interpolation() -> None:
    knots = torch.arange(7).expand(4, 7).float()
    x = 6 * torch.rand(4, 50)
    y = m.kinked_curves(torch.cat([knots, x], dim=1))
    heights, between = y[:, :7], y[:, 7:]
    assert (heights.diff().diff().abs() > 1e-3).all()  # a kink at every one
    for s in range(4):
        expected = np.interp(x[s].numpy(), range(7), heights[s].numpy())
        assert_close(between[s].double(), torch.from_numpy(expected), rtol=0, atol=1e-5)


def test_standardise() -> None:
    y = m.standardise(5 + 3 * torch.randn(2, 3, 40, dtype=F64))
    assert_close(y.mean(-1), torch.zeros(2, 3, dtype=F64))
    assert_close(y.std(-1), torch.ones(2, 3, dtype=F64))


def test_rings_and_hills() -> None:
    X = torch.tensor([[0.0, 0.6, 0.0, 0.4], [0.0, 0.8, -0.2, 0.0]], dtype=F64)
    expected = torch.tensor([1.0, 0.0, 0.0, -1.0], dtype=F64)
    assert_close(m.rings(X), expected, rtol=0, atol=1e-12)
    expected = torch.tensor(
        [math.sin(3 * x) * math.cos(2 * y) for x, y in X.T.tolist()], dtype=F64
    )
    assert_close(m.hills(X), expected)
    assert (
        m.rings(X.expand(5, 2, 4)).shape == m.hills(X.expand(5, 2, 4)).shape == (5, 4)
    )


def test_creases_are_24_relus_in_one_layer() -> None:
    """Along any line through the square they bend at most 12 times."""
    along = torch.linspace(-1, 1, 2001)
    line = torch.stack([along, 0.3 - 0.7 * along]).expand(3, 2, -1)
    y = m.creases(line)
    assert y.shape == (3, 2001)
    slopes = y.double().diff()
    for bends in (slopes.diff(dim=1).abs() > 1e-5).int():
        found = int(((bends[1:] - bends[:-1]) == 1).sum() + bends[0])
        assert 2 <= found <= 12
    assert (y[0] - y[1]).abs().max() > 0.1


# Training


@pytest.mark.parametrize("activation", [torch.relu, torch.sigmoid])
def test_each_network_trains_as_adam_would_alone(
    activation: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"TRAIN": 20, "BATCH": 8, "UPDATES": 5}.items():
        monkeypatch.setattr(m, name, value)
    widths = [2, 3, 4, 1]
    X = torch.randn(3, 2, 30, dtype=F64)
    Y = torch.randn(2, 3, 30, dtype=F64)
    starts = torch.randn(3, m.count(widths), dtype=F64)
    batches = torch.randint(20, (5, 8))
    drawn = iter(batches)

    def draw(high: int, size: tuple[int]) -> Tensor:
        assert (high, size) == (20, (8,))
        return next(drawn)

    monkeypatch.setattr(m, "start", lambda *_: starts)
    with monkeypatch.context() as patch:
        patch.setattr(torch, "randint", draw)
        together = m.train(X, Y, widths, activation)
    assert together.shape == (2, len(m.RATES), 3, m.count(widths))
    for t, r, s in ((0, 0, 0), (1, 2, 1), (1, 3, 2)):
        alone = alone_by_adam(starts[s], X[s], Y[t, s], widths, activation, r, batches)
        assert_close(together[t, r, s], alone, rtol=1e-4, atol=1e-5)


def alone_by_adam(
    start: Tensor,
    X: Tensor,
    y: Tensor,
    widths: list[int],
    activation: Any,
    rate: int,
    batches: Tensor,
) -> Tensor:
    """One network, trained by torch.optim.Adam with its own rate."""
    theta = start.clone().requires_grad_()
    adam = torch.optim.Adam([theta], lr=m.RATES[rate])
    for step, batch in enumerate(batches):
        adam.param_groups[0]["lr"] = m.RATES[rate] * (1 - 0.99 * step / len(batches))
        adam.zero_grad()
        prediction = m.network(X[:, batch], m.cut(theta, widths), activation)
        nn.functional.mse_loss(prediction, y[batch]).backward()
        adam.step()
    return theta.detach()


def test_tune_chooses_by_validation_and_measures_on_test(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The models are constants, one a rate: which is chosen, and how far it errs."""
    monkeypatch.setattr(m, "TRAIN", 4)
    X, Y = torch.zeros(3, 1, 10), torch.zeros(2, 3, 10)
    Y[0, :, 4:7], Y[0, :, 7:] = 1.0, 5.0  # validation, test
    Y[1, :, 4:7], Y[1, :, 7:] = 3.0, 3.5
    Y[0, 2, 4:7] = 3.0  # a single run that prefers another rate
    constants = torch.tensor([0.0, 1, 2, 3])
    theta = torch.zeros(2, 4, 3, m.count([1, 1]))
    theta[..., -1] = constants[:, None]
    monkeypatch.setattr(m, "train", lambda *_: theta)
    errors, chosen = m.tune(X, Y, [1, 1])
    assert_close(errors, torch.tensor([[4.0] * 3, [0.5] * 3]))
    assert chosen[..., -1].tolist() == [[1.0] * 3, [3.0] * 3]


def test_summary_is_numpys() -> None:
    e = torch.tensor([0.25, 1.5, 0.5])
    assert m.summary(e) == f"{np.median(e):.3f} (0.250 to 1.500)"
