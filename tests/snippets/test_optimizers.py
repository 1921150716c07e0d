"""The optimizers against torch.optim, the valley and the layers against theory."""

import math
from collections.abc import Callable
from itertools import pairwise
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_digits
from torch import Tensor, nn
from torch.autograd.functional import hessian
from torch.nn.functional import cross_entropy, mse_loss

from assets.figures.optimizers import paths
from snippets import optimizers
from snippets.optimizers import (
    BETAS,
    RUNS,
    Adam,
    Descent,
    Momentum,
    Optimizer,
    Task,
    arrivals,
    candidates,
    compare,
    curve,
    digits,
    forward,
    layers_of,
    minimize,
    quadratic,
    random_start,
    saddle,
    through_layers,
)
from tests.snippets.draws import randn64, seeded

close = torch.testing.assert_close
SETTINGS = settings(max_examples=25, deadline=None)


# The optimizers


def _same_path(
    ours: Optimizer, kind: type, options: dict[str, object], gradients: Tensor
) -> None:
    """Walk along given gradients with ours and with PyTorch's, and compare each θ."""
    theta = randn64(*gradients.shape[1:], seed=1)
    parameter = theta.clone()
    theirs = kind([parameter], **options)
    for g in gradients:
        theta = ours.step(theta, g)
        parameter.grad = g.clone()
        theirs.step()
        assert theta.dtype == torch.float64
        close(theta, parameter, rtol=1e-10, atol=1e-12)


SGD, TORCH_ADAM = torch.optim.SGD, torch.optim.Adam
SAME = [
    (lambda: Descent(0.3), SGD, {"lr": 0.3}),
    (lambda: Momentum(0.2), SGD, {"lr": 0.2, "momentum": 0.9}),
    (lambda: Momentum(0.2, 0.6), SGD, {"lr": 0.2, "momentum": 0.6}),
    (lambda: Momentum(0.2, 0.0), SGD, {"lr": 0.2}),
    (lambda: Adam(0.1), TORCH_ADAM, {"lr": 0.1}),
    (
        lambda: Adam(0.3, 0.5, 0.8, 1e-2),
        TORCH_ADAM,
        {"lr": 0.3, "betas": (0.5, 0.8), "eps": 1e-2},
    ),
]


@pytest.mark.parametrize(("make", "kind", "options"), SAME)
def test_every_step_is_pytorchs(make, kind, options) -> None:  # type: ignore[no-untyped-def]
    gradients = randn64(60, 2, 3)
    gradients[::7] = 0
    _same_path(make(), kind, options, gradients)
    _same_path(make(), kind, options, torch.zeros(5, 4, dtype=torch.float64))


@pytest.mark.parametrize("kind", [Descent, Momentum, Adam])
def test_a_tensor_of_rates_walks_each_at_its_own(kind: type[Optimizer]) -> None:
    rates, theta = torch.tensor([[0.1], [0.7]]).double(), randn64(2, 3)
    together = kind(rates)
    alone = [kind(rate) for rate in (0.1, 0.7)]
    apart = list(theta)
    for g in randn64(9, 2, 3, seed=4):
        theta = together.step(theta, g)
        apart = [one.step(*pair) for one, *pair in zip(alone, apart, g, strict=True)]
    close(theta, torch.stack(apart), rtol=1e-6, atol=1e-7)


def test_an_optimizer_without_a_step_says_so() -> None:
    with pytest.raises(NotImplementedError):
        Optimizer(0.1).step(torch.zeros(1), torch.zeros(1))


@given(beta=st.floats(0, 0.95), size=st.floats(1e-3, 1e3))
@SETTINGS
def test_momentum_sums_what_agrees_and_cancels_what_alternates(
    beta: float, size: float
) -> None:
    zero = torch.zeros(1, dtype=torch.float64)
    g = torch.full((1,), size, dtype=torch.float64)
    steady, to_and_fro = Momentum(1, beta), Momentum(1, beta)
    for t in range(600):
        first, second = steady.step(zero, g), to_and_fro.step(zero, g * (-1) ** t)
    close(first, -g / (1 - beta))
    close(second.abs(), g / (1 + beta))


@given(scale=st.floats(1e-4, 1e4))
@SETTINGS
def test_adam_does_not_notice_the_scale_of_the_loss(scale: float) -> None:
    gradients = randn64(20, 3)
    ones, scaled = Adam(0.1, epsilon=0), Adam(0.1, epsilon=0)
    theta = other = torch.zeros(3, dtype=torch.float64)
    for g in gradients:
        theta, other = ones.step(theta, g), scaled.step(other, scale * g)
    close(theta, other)
    close(Adam(0.1).step(theta, gradients[0]), theta - 0.1 * gradients[0].sign())


# Many runs at once


def test_minimize_gives_the_losses_and_where_it_ends() -> None:
    H = torch.diag(torch.tensor([1.0, 4.0], dtype=torch.float64))
    start = randn64(3, 5, 2)  # 3 settings, 5 runs
    eta = torch.tensor([0.05, 0.2, 0.4]).double().view(3, 1, 1)
    losses, theta = minimize(quadratic(H), start, Descent(eta), 7)
    shrink = 1 - eta * H.diagonal()
    for t in range(7):
        expected = ((start * shrink**t) ** 2 * H.diagonal()).sum(-1) / 2
        close(losses[t], expected)
    assert losses.shape == (7, 3, 5)
    close(theta, start * shrink**7)


def test_a_quadratic_is_half_its_matrix_between_two_thetas() -> None:
    A = randn64(2, 1, 3, 3)
    H, theta = A @ A.mT, randn64(2, 4, 5, 3, seed=3)
    found = quadratic(H)(theta)
    assert found.shape == (2, 4, 5)
    close(found[1, 2, 3], theta[1, 2, 3] @ H[1, 0] @ theta[1, 2, 3] / 2)
    assert not quadratic(H)(0 * theta).any()


def test_a_run_arrives_when_its_loss_stays_below_the_goal() -> None:
    nan, inf = math.nan, math.inf
    runs = [
        ([3, 2, 1, 0, 0], 3),
        ([3, 0, 3, 0, 0], 3),  # passing by does not count
        ([0, 0, 0, 0, 0], 0),
        ([3, 3, 3, 3, 0], 4),
        ([0, 0, 0, 0, 3], inf),
        ([3, 1, 1, 1, 1], inf),  # at the goal is not below it
        ([0, nan, 0, 0, 0], 2),
        ([0, 0, nan, nan, nan], inf),
    ]
    losses = torch.tensor([run for run, _ in runs]).T  # (updates, runs)
    found = arrivals(losses, 1.0)
    assert found.tolist() == [count for _, count in runs]
    assert arrivals(losses.view(5, 2, 4), 1.0).tolist() == found.view(2, 4).tolist()


def test_each_optimizer_gets_its_best_setting() -> None:
    """With η = 1 the parabola is at its minimum after one update."""
    start = torch.tensor([[[1.0], [2.0], [5.0]]]).double().expand(2, 4, 3, 1)
    etas = torch.tensor([0.1, 1.0, 0.5, 3.0]).double().view(4, 1, 1)
    both: list[Optimizer] = [Descent(etas), Descent(etas.flip(0))]
    H = torch.eye(1, dtype=torch.float64)
    counts, best = compare(quadratic(H), start, both, 30, 1e-6)
    assert best.tolist() == [[1, 1], [2, 2]]
    assert counts.tolist() == [[[1] * 3] * 2] * 2


def test_the_median_of_the_runs_decides() -> None:
    start = torch.tensor([[1.0], [1.0], [1e9]]).double().expand(2, 3, 1)
    etas = torch.tensor([[[1.9], [1.9], [1.0]], [[0.9], [0.9], [3.0]]]).double()
    H = torch.eye(1, dtype=torch.float64)
    counts, best = compare(quadratic(H), start, [Descent(etas)], 40, 1e-4)
    assert best.tolist() == [1]
    assert counts.tolist() == [[2, 2, math.inf]]


def test_both_budgets_are_the_same_and_reach_from_end_to_end() -> None:
    alone, eta, beta = candidates(0.25, 4)
    assert alone.shape == eta.shape == beta.shape == (12 * len(BETAS), 1, 1)
    for rates in (alone.flatten(), eta.flatten()):
        assert rates.min() == pytest.approx(0.25)
        assert rates.max() == pytest.approx(4)
    pairs = {
        (round(e, 9), b)
        for e, b in zip(eta.flatten().tolist(), beta.flatten().tolist(), strict=True)
    }
    assert len(pairs) == 96
    assert {b for _, b in pairs} == set(BETAS)
    ratios = alone.flatten()[1:] / alone.flatten()[:-1]
    close(ratios, ratios[:1].expand(95))


# A valley and a saddle, by theory


def _updates(optimizer: Optimizer, c: float) -> float:
    H = torch.diag(torch.tensor([1.0, c], dtype=torch.float64))
    start = torch.ones(1, 2, dtype=torch.float64)
    return arrivals(minimize(quadratic(H), start, optimizer, 500)[0], 1e-6).item()


@pytest.mark.parametrize("c", [4.0, 25.0, 100.0])
def test_gradient_descent_and_momentum_keep_to_their_rates(c: float) -> None:
    """Polyak (1964): η = 4/(1 + √c)², β = ((√c − 1)/(√c + 1))²."""
    root = math.sqrt(c)
    rate = (root - 1) / (root + 1)
    descent = _updates(Descent(2 / (c + 1)), c)
    momentum = _updates(Momentum(4 / (1 + root) ** 2, rate**2), c)
    expected = math.log(math.sqrt(5e-7 / (1 + c) * 4)) / math.log((c - 1) / (c + 1))
    assert descent == pytest.approx(expected, rel=0.15, abs=2)
    assert math.log(1e-3) / math.log(rate) < momentum
    assert momentum < 2.2 * math.log(1e-3) / math.log(rate) + 6


@pytest.mark.parametrize("theta", [(0.0, 0.0), (1.0, 1.0), (0.3, -2.0), (-1.5, 0.7)])
def test_the_saddle_has_its_gradient(theta: tuple[float, float]) -> None:
    u, v = theta
    point = torch.tensor(theta, dtype=torch.float64)
    g = torch.func.grad(saddle)(point)
    close(g, -2 * (1 - u * v) * torch.tensor([v, u], dtype=torch.float64))
    eigenvalues = torch.linalg.eigvalsh(hessian(saddle, 0 * point))
    assert eigenvalues.tolist() == pytest.approx([-2, 2])
    assert saddle(point.expand(3, 4, 2)).shape == (3, 4)


@pytest.mark.parametrize("seed", range(3))
def test_only_adam_does_not_care_how_close_the_saddle_is(seed: int) -> None:
    start = 1e-3 * randn64(7, 2, seed=seed) + torch.tensor([0.0, 2e-3]).double()
    counts = {}
    for make in (lambda: Descent(0.2), lambda: Adam(0.1)):
        for size in (1, 1e-3):
            optimizer = make()
            losses = minimize(saddle, size * start, optimizer, 300)[0]
            name = type(optimizer).__name__
            counts[name, size] = arrivals(losses, 0.05).median().item()
    assert counts["Descent", 1e-3] > counts["Descent", 1] + 10
    assert abs(counts["Adam", 1e-3] - counts["Adam", 1]) < 8


# Networks


def _sequential(theta: Tensor, sizes: list[int], activation: nn.Module) -> nn.Module:
    """The same network as PyTorch builds it, from one θ (P,)."""
    parts: list[nn.Module] = []
    for W, b in layers_of(theta, sizes):
        linear = nn.Linear(W.shape[1], W.shape[0], dtype=theta.dtype)
        linear.load_state_dict({"weight": W, "bias": b[0]})
        parts += [linear, activation]
    return nn.Sequential(*parts[:-1])


@pytest.mark.parametrize("sizes", [[2, 3], [1, 4, 2], [3, 2, 5, 1]])
def test_forward_is_pytorchs(sizes: list[int]) -> None:
    P = sum((d + 1) * k for d, k in pairwise(sizes))
    theta, X = randn64(2, 3, P), randn64(3, 5, sizes[0], seed=1)
    for activation, module in ((torch.tanh, nn.Tanh()), (torch.relu, nn.ReLU())):
        A = forward(theta, X, sizes, activation)
        assert [a.shape[-1] for a in A] == sizes
        for setting, run in ((0, 0), (1, 2)):
            expected = _sequential(theta[setting, run], sizes, module)(X[run])
            close(A[-1][setting, run], expected)


def test_layers_are_cut_in_order() -> None:
    theta = torch.arange(9.0)
    (W, b), (W_out, b_out) = layers_of(theta, [2, 2, 1])
    assert W.tolist() == [[0, 1], [2, 3]]
    assert b.tolist() == [[4, 5]]
    assert W_out.tolist() == [[6, 7]]
    assert b_out.tolist() == [[8]]


def test_the_cut_takes_every_number() -> None:
    with pytest.raises(RuntimeError):
        layers_of(torch.arange(8.0), [2, 2, 1])


@pytest.mark.parametrize("scale", [1 / 3, 2.0])
def test_a_start_has_its_variance_and_no_biases(scale: float) -> None:
    theta = random_start([300, 200, 50], scale, seeded())
    assert theta.shape == (RUNS, 301 * 200 + 201 * 50)
    for (W, b), d in zip(layers_of(theta, [300, 200, 50]), (300, 200), strict=True):
        assert W.var().item() * d == pytest.approx(scale, rel=0.03)
        assert W.mean().abs() < 0.01 / d**0.5
        assert not b.any()
    assert not random_start([3, 2], 0, seeded()).any()
    assert not torch.equal(theta[0], theta[1])


def test_the_losses_are_pytorchs() -> None:
    theta = randn64(2, RUNS, 2 * 4 + 4 + 4 * 3 + 3)
    X, y_hat = randn64(RUNS, 6, 2, seed=1), randn64(RUNS, 6, 3, seed=2)
    labels = torch.arange(RUNS * 6).view(RUNS, 6) % 3
    one_hot = torch.eye(3, dtype=torch.float64)[labels]
    squares = Task([2, 4, 3], torch.tanh, X, y_hat).loss(theta)
    entropy = Task([2, 4, 3], torch.tanh, X, one_hot, classify=True).loss(theta)
    assert squares.shape == entropy.shape == (2, RUNS)
    y = forward(theta, X, [2, 4, 3], torch.tanh)[-1][1, 2]
    close(squares[1, 2], mse_loss(y, y_hat[2]))
    close(entropy[1, 2], cross_entropy(y, labels[2]))


def test_points_are_on_the_sine_and_spread_by_one() -> None:
    task = curve([7, 5], torch.tanh, 4000, 1.5, seeded())
    assert task.sizes == [1, 7, 5, 1]
    assert task.X.shape == task.y_hat.shape == (RUNS, 4000, 1)
    close(task.y_hat, torch.sin(1.5 * task.X))
    assert task.X.abs().max() < math.sqrt(3)
    assert task.X.var().item() == pytest.approx(1, abs=0.03)
    assert task.X.mean().abs() < 0.03
    assert not task.classify
    assert not torch.equal(task.X[0], task.X[1])


def test_images_and_labels_keep_together_and_none_serves_twice() -> None:
    task = digits([3], 60, seeded())
    images, labels = load_digits(return_X_y=True)
    assert task.sizes == [64, 3, 10]
    assert task.classify
    assert task.activation is torch.relu
    assert task.X.shape == (RUNS, 60, 64)
    assert task.y_hat.shape == (RUNS, 60, 10)
    for X, y_hat in zip(task.X[:2].numpy(), task.y_hat[:2], strict=True):
        distances = np.abs(X[:, None] * 16 - images[None]).sum(-1)
        rows = distances.argmin(1)
        assert distances.min(1).max() == 0
        assert len({*rows}) == 60
        assert labels[rows].tolist() == y_hat.argmax(-1).tolist()
    assert not torch.equal(task.X[0], task.X[1])


@pytest.mark.parametrize("scale", [1 / 3, 1.0, 2.0, 4.0])
def test_relu_layers_multiply_sizes_as_derived(
    scale: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each layer multiplies the mean of a² by scale / 2, both ways."""
    monkeypatch.setattr(optimizers, "DEPTH", 8)
    a, slope = through_layers(torch.relu, scale, seeded())
    assert a.shape == slope.shape == (9,)
    expected = (scale / 2) ** (torch.arange(9) / 2)
    assert (a / expected).log().abs().max() < 0.6
    assert (slope / expected.flip(0)).log().abs().max() < 0.6
    assert slope[-1] == 1
    assert not a.requires_grad


@pytest.mark.parametrize("value", [0.0, 0.3])
def test_equal_neurons_stay_equal(value: float) -> None:
    task = curve([4], torch.tanh, 9, 3.0, seeded())
    start = torch.full_like(random_start(task.sizes, 1, seeded()), value)
    theta = minimize(task.loss, start, Adam(0.05), 30)[1]
    W = layers_of(theta, task.sizes)[0][0]
    assert (W[:, :1] == W).all()
    assert not torch.equal(theta, start)


@pytest.mark.parametrize("seed", range(2))
def test_from_too_small_a_start_descent_does_not_move(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(optimizers, "RUNS", 3)
    task = curve([12] * 20, torch.relu, 12, 1.5, seeded(seed))
    ends = []
    for scale in (1 / 3, 2):
        start = random_start(task.sizes, scale, seeded(seed))
        losses = minimize(task.loss, start, Momentum(0.005), 60)[0]
        ends.append((losses[-1] / task.y_hat.var((1, 2), correction=0)).median())
    assert ends[0] > 0.98
    assert ends[1] < 0.7


def test_the_drawn_paths_have_the_best_settings() -> None:
    """Twelve updates in the valley of c = 20; each from the 96 settings of the page."""
    drawn: list[Optimizer] = []

    def recording(kind: type[Optimizer]) -> Callable[..., Optimizer]:
        def make(*options: float) -> Optimizer:
            drawn.append(kind(*options))
            return drawn[-1]

        return make

    kinds = {kind.__name__: recording(kind) for kind in (Descent, Momentum, Adam)}
    figure = paths(SimpleNamespace(**vars(optimizers) | kinds))
    plt.close(figure)
    valley = quadratic(torch.tensor([[1.0, 0.0], [0.0, 20.0]]).double())
    start = torch.tensor([[-2.0, 0.6]]).double().expand(96, -1, -1)
    alone, eta, beta = candidates(0.25, 4)
    rate = candidates(0.02, 4)[1]
    trio = [Descent(alone / 20), Momentum(eta / 20, beta), Adam(rate, beta)]
    _, (a, b, c) = compare(valley, start, trio, 800, 1e-4)
    descent, momentum, adam = drawn[-3:]
    assert isinstance(momentum, Momentum)
    assert isinstance(adam, Adam)
    assert descent.eta == pytest.approx(alone[a].item() / 20, rel=0.01)
    assert momentum.eta == pytest.approx(eta[b].item() / 20, rel=0.01)
    assert adam.eta == pytest.approx(rate[c].item(), rel=0.01)
    assert (momentum.beta, adam.beta1) == (beta[b].item(), beta[c].item())
    line = torch.tensor(figure.axes[0].lines[0].get_xydata())
    factors = torch.tensor([1, 1]) - descent.eta * torch.tensor([1, 20]).double()
    t = torch.arange(13).view(-1, 1)
    close(line, torch.tensor([-2, 0.6]).double() * factors**t)
