"""The loss landscape: against autograd, PyTorch's layers, and closed forms."""

import itertools
import math
from functools import partial

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn import functional

from snippets.loss_landscape import (
    DECAY,
    Gradient,
    add_neuron,
    all_positive,
    descend,
    distinct,
    gradient,
    hessian,
    loss,
    measure,
    minimum_ratio,
    network,
    new_eigenvalues,
    newton,
    newton_step,
    normal,
    push_down,
    split,
    standard_form,
    wave,
)
from tests.snippets.draws import randn64

close = torch.testing.assert_close

SEEDS = st.integers(0, 1000)


def _layers(theta: Tensor, k: int) -> nn.Sequential:
    """Return the network of θ (3k + 1,) as PyTorch's layers."""
    w, b, c, b0 = theta.split([k, k, k, 1])
    layers = nn.Sequential(nn.Linear(1, k), nn.Tanh(), nn.Linear(k, 1)).double()
    parts = (w[:, None], b, c[None], b0)
    for parameter, part in zip(layers.parameters(), parts, strict=True):
        parameter.data = part
    return layers


def _by_autograd(theta: Tensor, x: Tensor, y_hat: Tensor) -> Tensor:
    """Return the Hessian of the loss at θ (P,), derived twice in reverse."""
    return torch.func.jacrev(torch.func.jacrev(loss))(theta, x, y_hat)


def _quadratic(A: Tensor, bottom: Tensor) -> Gradient:
    """Return the gradient of ½ (θ − bottom)ᵀ A (θ − bottom)."""
    return lambda theta: (theta - bottom) @ A


def _double_well(theta: Tensor) -> Tensor:
    """Return the gradient of (θ₁² − 1)² + θ₂²: minima at ±1, a saddle at 0."""
    p, q = theta[..., 0], theta[..., 1]
    return torch.stack([4 * p * (p**2 - 1), 2 * q], dim=-1)


def test_random_numbers_come_from_the_seed() -> None:
    numbers = normal(3, 4, seed=5)
    assert numbers.shape == (3, 4)
    assert numbers.dtype == torch.float64
    close(numbers, normal(3, 4, seed=5))
    assert not torch.equal(numbers, normal(3, 4, seed=6))
    many = normal(200, 200, seed=0)
    assert abs(many.mean().item()) < 0.02
    assert abs(many.std().item() - 1) < 0.02


def test_the_wave_is_a_sine_with_noise_of_a_tenth() -> None:
    x = torch.linspace(-2, 2, 4000, dtype=torch.float64)
    noise = wave(x, 3, seed=1) - torch.sin(3 * x)
    assert noise.shape == x.shape
    close(noise, 0.1 * normal(1, 4000, seed=1)[0])
    close(noise, wave(x, 1, seed=1) - torch.sin(x))


@pytest.mark.parametrize("k", [1, 2, 5])
def test_a_vector_is_split_into_its_parts(k: int) -> None:
    theta = randn64(2, 3 * k + 1)
    w, b, c, b0 = split(theta)
    assert w.shape == b.shape == c.shape == (2, k)
    assert b0.shape == (2, 1)
    close(torch.cat([w, b, c, b0], dim=1), theta)


@pytest.mark.parametrize("k", [1, 3, 4])
@pytest.mark.parametrize("scale", [0.0, 1.0])
def test_the_network_is_that_of_pytorch(k: int, scale: float) -> None:
    theta, x = scale * randn64(3 * k + 1), randn64(7)
    layers = _layers(theta, k)
    y, a = network(theta, x)
    close(y, layers(x[:, None])[:, 0].detach())
    close(a, layers[:2](x[:, None]).detach())


def test_many_networks_at_once_are_each_alone() -> None:
    theta, x = randn64(2, 5, 10), randn64(6)
    y, a = network(theta, x)
    assert y.shape == (2, 5, 6)
    assert a.shape == (2, 5, 6, 3)
    close(y[1, 4], network(theta[1, 4], x)[0])


def test_the_loss_is_pytorchs_and_weight_decay() -> None:
    theta, x, y_hat = randn64(10), randn64(6), randn64(6, seed=1)
    expected = functional.mse_loss(network(theta, x)[0], y_hat)
    close(loss(theta, x, y_hat, decay=0), expected)
    close(loss(theta, x, y_hat), expected + DECAY * theta @ theta)
    many, targets = randn64(4, 10), randn64(4, 6)
    close(loss(many, x, targets)[2], loss(many[2], x, targets[2]))


@given(k=st.integers(1, 4), n=st.integers(1, 8), seed=SEEDS)
@settings(max_examples=25, deadline=None)
def test_the_gradient_is_autograds(k: int, n: int, seed: int) -> None:
    theta, x = randn64(2, 3 * k + 1, seed=seed), randn64(n, seed=seed)
    y_hat = randn64(2, n, seed=seed)
    expected = torch.func.vmap(torch.func.grad(loss), (0, None, 0))(theta, x, y_hat)
    close(gradient(theta, x, y_hat), expected)


@pytest.mark.parametrize("decay", [0.0, 0.2])
def test_the_gradient_at_zero_is_autograds(decay: float) -> None:
    theta, x, y_hat = (
        torch.zeros(7, dtype=torch.float64),
        randn64(5),
        randn64(5, seed=2),
    )
    at_zero = gradient(theta, x, y_hat, decay)
    close(at_zero, torch.func.grad(loss)(theta, x, y_hat, decay))
    assert at_zero[-1] != 0
    assert not at_zero[:-1].any()


@pytest.mark.parametrize("scale", [0.0, 1.0])
def test_the_hessian_is_autograds(scale: float) -> None:
    theta, x, y_hat = scale * randn64(2, 7), randn64(5), randn64(2, 5)
    H = hessian(partial(gradient, x=x, y_hat=y_hat), theta)
    assert H.shape == (2, 7, 7)
    for i in range(2):
        close(H[i], _by_autograd(theta[i], x, y_hat[i]))
    single = hessian(partial(gradient, x=x, y_hat=y_hat[0]), theta[0])
    close(single, H[0])


def test_the_hessian_keeps_every_batch_dimension() -> None:
    x, y_hat, theta = randn64(5), randn64(5, seed=3), randn64(2, 3, 7)
    H = hessian(partial(gradient, x=x, y_hat=y_hat), theta)
    close(H[1, 2], _by_autograd(theta[1, 2], x, y_hat))


@pytest.mark.parametrize("every", [1, 3])
def test_gradient_descent_is_pytorchs(every: int) -> None:
    x, y_hat, start = randn64(5), randn64(5, seed=1), randn64(7)
    path = descend(partial(gradient, x=x, y_hat=y_hat), start, 0.1, 6, every)
    theta = start.clone().requires_grad_()
    optimizer = torch.optim.SGD([theta], lr=0.1)
    expected = [start]
    for t in range(1, 7):
        optimizer.zero_grad()
        loss(theta, x, y_hat).backward()
        optimizer.step()
        if t % every == 0:
            expected.append(theta.detach().clone())
    close(path, torch.stack(expected))


def test_runs_may_have_a_rate_each() -> None:
    A, bottom = torch.eye(2, dtype=torch.float64), torch.zeros(2, dtype=torch.float64)
    eta = torch.tensor([[0.1], [0.5]], dtype=torch.float64)
    path = descend(_quadratic(A, bottom), torch.ones(2, 2).double(), eta, 3)
    close(path[-1], ((1 - eta) ** 3).expand(2, 2))


@given(
    seed=SEEDS, order=st.permutations(range(3)), signs=st.tuples(*[st.booleans()] * 3)
)
@settings(max_examples=25, deadline=None)
def test_a_standard_form_knows_no_order_and_no_signs(
    seed: int, order: list[int], signs: tuple[bool, ...]
) -> None:
    theta, x = randn64(10, seed=seed), randn64(6)
    sign = torch.tensor([1.0 if s else -1.0 for s in signs], dtype=torch.float64)
    w, b, c, b0 = split(theta)
    other = torch.cat([*((part * sign)[order] for part in (w, b, c)), b0])
    close(standard_form(other), standard_form(theta))
    close(network(standard_form(theta), x)[0], network(theta, x)[0])


def test_a_neuron_of_zeros_keeps_its_zeros() -> None:
    theta = torch.tensor([0, 2, 0, 1, 0, -3, 0.5], dtype=torch.float64)
    close(standard_form(theta), theta)
    zeros = torch.zeros(2, 7, dtype=torch.float64)
    close(standard_form(zeros), zeros)


def test_points_of_one_kind_are_counted_once() -> None:
    p, q = torch.tensor([[1, 2, 3, 4.0], [1, 2, -3, 4.0]], dtype=torch.float64)
    flipped = torch.tensor([-1, -2, -3, 4.0], dtype=torch.float64)
    points, counts = distinct(torch.stack([q, p, flipped, q + 1e-6, p]))
    close(points, torch.stack([q, p]))
    assert counts.tolist() == [2, 3]
    assert distinct(torch.stack([q, q + 1e-6]), tol=1e-7)[1].tolist() == [1, 1]
    half_away = torch.stack([q, q + torch.tensor([0, 0, 0, 0.5], dtype=q.dtype)])
    assert distinct(half_away, tol=0.5)[1].tolist() == [1, 1]


@pytest.mark.parametrize("downhill", [False, True])
def test_a_newton_step_solves_the_linear_equations(downhill: bool) -> None:
    A = randn64(3, 4, 4)
    g, H = randn64(3, 4), A + A.mT
    eigenvalues, V = torch.linalg.eigh(H)
    assert (eigenvalues < 0).any()
    size = V @ torch.diag_embed(eigenvalues.abs()) @ V.mT
    expected = torch.linalg.solve(size if downhill else H, -g)
    close(newton_step(g, H, downhill), expected)
    assert (((newton_step(g, H, True) * g).sum(-1)) < 0).all()


def test_no_step_along_an_eigenvalue_of_zero() -> None:
    H = torch.diag(torch.tensor([2.0, 0.0, -4.0], dtype=torch.float64))
    g = torch.ones(3, dtype=torch.float64)
    close(newton_step(g, H), torch.tensor([-0.5, 0, 0.25], dtype=torch.float64))
    close(newton_step(g, H, True), torch.tensor([-0.5, 0, -0.25], dtype=torch.float64))
    close(newton_step(g, 0 * H), torch.zeros(3, dtype=torch.float64))
    tiny = torch.diag(torch.tensor([1.0, 1e-9, 1e-14], dtype=torch.float64))
    close(newton_step(g, tiny), torch.tensor([-1.0, -1e9, 0], dtype=torch.float64))
    by_size = torch.tensor([-1e-6, -1e3, 0], dtype=torch.float64)
    close(newton_step(g, 1e6 * tiny), by_size)  # zero is what is small beside the rest


def test_newton_is_at_the_bottom_of_a_parabola_after_one_step() -> None:
    bottom = torch.tensor([0.2, -0.1], dtype=torch.float64)
    A = torch.tensor([[2, 0.5], [0.5, -1]], dtype=torch.float64)
    path = newton(_quadratic(A, bottom), torch.zeros(2, dtype=torch.float64), 2)
    close(path, torch.stack([torch.zeros_like(bottom), bottom, bottom]))


def test_a_long_step_is_shortened_to_a_half() -> None:
    bottom = torch.tensor([3.0, 4.0], dtype=torch.float64)
    A = torch.eye(2, dtype=torch.float64)
    path = newton(_quadratic(A, bottom), torch.zeros(1, 2, dtype=torch.float64), 11)
    close(path[1, 0], bottom / 10)
    close(path[9, 0], 0.9 * bottom)
    close(path[-1, 0], bottom)


def test_every_run_has_its_own_step_shortened() -> None:
    bottom = torch.zeros(2, dtype=torch.float64)
    A = torch.eye(2, dtype=torch.float64)
    starts = torch.tensor([[3.0, 4.0], [0.1, 0.2]], dtype=torch.float64)
    path = newton(_quadratic(A, bottom), starts, 1)
    close(path[1], torch.tensor([[2.7, 3.6], [0.0, 0.0]], dtype=torch.float64))


def test_newton_stops_at_a_saddle_and_downhill_does_not() -> None:
    start = torch.tensor([0.3, 0.2], dtype=torch.float64)
    saddle = newton(_double_well, start, 12)[-1]
    close(saddle, torch.zeros(2, dtype=torch.float64), atol=1e-12, rtol=0)
    minimum = newton(_double_well, start, 12, downhill=True)[-1]
    close(minimum, torch.tensor([1.0, 0.0], dtype=torch.float64))


def test_the_minimum_ratio_counts_positive_eigenvalues() -> None:
    diagonals = [[1, 2, 3, 4], [-1, 2, 0, 4], [-1, -2, -3, -4]]
    H = torch.diag_embed(torch.tensor(diagonals, dtype=torch.float64))
    assert minimum_ratio(H).tolist() == [1, 0.5, 0]
    assert minimum_ratio(H, zero=2.5).tolist() == [0.5, 0.25, 0]
    rotation = torch.linalg.qr(randn64(4, 4)).Q
    assert minimum_ratio(rotation @ H[1] @ rotation.T).item() == 0.5


def test_a_new_neuron_of_zeros_changes_nothing() -> None:
    theta, x, y_hat = randn64(2, 7), randn64(5), randn64(5, seed=1)
    wider = add_neuron(theta)
    assert wider.shape == (2, 10)
    close(network(wider, x)[0], network(theta, x)[0])
    close(loss(wider, x, y_hat), loss(theta, x, y_hat))
    g, wide = split(gradient(theta, x, y_hat)), split(gradient(wider, x, y_hat))
    for old, new in zip(g[:3], wide[:3], strict=True):
        close(new, torch.cat([old, torch.zeros(2, 1).double()], dim=1))
    close(wide[3], g[3])


@given(k=st.integers(1, 4), seed=SEEDS)
@settings(max_examples=20, deadline=None)
def test_it_brings_three_eigenvalues_and_keeps_the_old(k: int, seed: int) -> None:
    theta, x = randn64(2, 3 * k + 1, seed=seed), randn64(6, seed=seed)
    y_hat = randn64(2, 6, seed=seed)
    grad = partial(gradient, x=x, y_hat=y_hat)
    old = torch.linalg.eigvalsh(hessian(grad, theta))
    new = new_eigenvalues(theta, x, y_hat)
    assert (new.diff(dim=1) > 0).all()
    together = torch.cat([old, new], dim=1).sort(1).values
    close(torch.linalg.eigvalsh(hessian(grad, add_neuron(theta))), together)


def test_without_errors_the_new_eigenvalues_are_those_of_the_decay() -> None:
    theta, x = randn64(7), randn64(5)
    y_hat = network(theta, x)[0]
    three = torch.full((3,), 2 * DECAY, dtype=torch.float64)
    close(new_eigenvalues(theta, x, y_hat), three)


def test_a_push_goes_a_tenth_along_the_way_down() -> None:
    saddle = torch.zeros(2, 2, dtype=torch.float64)
    pushed = push_down(_double_well, saddle)
    close(pushed.abs(), torch.tensor([[0.1, 0.0], [0.1, 0.0]], dtype=torch.float64))


@pytest.mark.parametrize(("size", "share"), [(1, 1 / 2), (2, (2 - math.sqrt(2)) / 4)])
def test_positive_matrices_are_as_many_as_the_closed_form(
    size: int, share: float
) -> None:
    counted = all_positive(size, 40_000, seed=3) / 40_000
    assert abs(counted - share) < 5 * math.sqrt(share * (1 - share) / 40_000)


def test_positive_matrices_are_counted_one_by_one() -> None:
    A = normal(300 * 2, 2, seed=4).view(300, 2, 2)
    positive = [bool(a[0, 0] > 0 and torch.det(a + a.T) > 0) for a in A]
    assert all_positive(2, 300, seed=4) == sum(positive)


def test_three_numbers_tell() -> None:
    A = torch.tensor([[3.0, 0.0], [0.0, -2.0]], dtype=torch.float64)
    grad = _quadratic(A, torch.zeros(2, dtype=torch.float64))
    theta = torch.tensor([1.0, 2.0], dtype=torch.float64)
    assert measure(grad, theta, 0.5) == pytest.approx((5, 1.5, -2))


def _data(seed: int) -> tuple[Gradient, Tensor, Tensor]:
    x = torch.linspace(-2, 2, 20, dtype=torch.float64)
    y_hat = wave(x, 2, seed)
    return partial(gradient, x=x, y_hat=y_hat), x, y_hat


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_runs_end_at_minima_and_a_wider_network_is_lower(seed: int) -> None:
    grad, x, y_hat = _data(seed)
    theta, losses = normal(3, 4, seed), []
    for k in range(1, 4):
        theta = newton(grad, theta, 80, downhill=True)[-1]
        assert grad(theta).norm(dim=-1).max() < 1e-9
        assert torch.linalg.eigvalsh(hessian(grad, theta)).min() > 0
        losses.append(loss(theta, x, y_hat).min().item())
        theta = push_down(grad, add_neuron(theta))
        assert theta.shape == (3, 3 * k + 4)
    assert all(b < 0.75 * a for a, b in itertools.pairwise(losses))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_sharpness_is_held_at_the_edge(seed: int) -> None:
    x = torch.linspace(-2, 2, 20, dtype=torch.float64)
    grad = partial(gradient, x=x, y_hat=wave(x, 3, seed), decay=0)
    path = descend(grad, 0.5 * normal(4, 16, seed), 0.4, 2000, every=100)
    largest = torch.linalg.eigvalsh(hessian(grad, path[-5:]))[..., -1]
    assert (0.4 * largest / 2 - 1).abs().median() < 0.05
    assert grad(path[-1]).norm(dim=-1).median() > 0.05
