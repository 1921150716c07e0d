"""Critical points: against derivatives on paper, PyTorch, and closed forms."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import pyplot as plt
from matplotlib.colors import same_color
from torch import Tensor, nn

from snippets.saddle_points import (
    HIGHER,
    classify,
    derivatives,
    descend,
    draw_shapes,
    draw_surface,
    escape_direction,
    example_by_hand,
    example_loss,
    gradient,
    grid,
    hessian,
    hvp,
    network,
    power_iteration,
    taylor,
    updates_to_leave,
    valleys,
)
from tests.snippets.draws import randn64

close = torch.testing.assert_close
F64 = torch.float64
NUMBER = st.floats(-3, 3)
SEEDS = st.integers(0, 10**6)


def _vector(*values: float) -> Tensor:
    return torch.tensor(values, dtype=F64)


def _symmetric(eigenvalues: Tensor, seed: int = 0) -> Tensor:
    """A matrix of these eigenvalues, in a random orthogonal frame."""
    frame = torch.linalg.qr(randn64(len(eigenvalues), len(eigenvalues), seed=seed)).Q
    H = frame @ torch.diag(eigenvalues) @ frame.T
    return (H + H.T) / 2


def _cubic(theta: Tensor) -> Tensor:
    """a³ + 2ab − 5bc² + c, batched; its derivatives are written out below."""
    a, b, c = theta.unbind(-1)
    return a**3 + 2 * a * b - 5 * b * c**2 + c


def _cubic_derivatives(theta: Tensor) -> tuple[Tensor, Tensor]:
    a, b, c = theta.tolist()
    g = _vector(3 * a**2 + 2 * b, 2 * a - 5 * c**2, 1 - 10 * b * c)
    H = [[6 * a, 2, 0], [2, 0, -10 * c], [0, -10 * c, -10 * b]]
    return g, torch.tensor(H, dtype=F64)


# The surface of the first picture


@given(NUMBER, NUMBER)
def test_valleys_are_the_formula(a: float, b: float) -> None:
    found = valleys(_vector(a, b))
    assert found.shape == ()
    close(found, _vector(a**4 / 4 - a**2 / 2 + a / 10 + b**2 / 2)[0])


def test_valleys_of_a_batch() -> None:
    theta = randn64(4, 3, 2)
    assert valleys(theta).shape == (4, 3)
    close(valleys(theta)[2, 1], valleys(theta[2, 1]))


def test_valleys_have_three_critical_points() -> None:
    roots = np.roots([1, 0, -1, 0.1])
    assert np.isreal(roots).all()
    for a in roots.real:
        assert gradient(valleys, _vector(a, 0)).norm() < 1e-14
    assert gradient(valleys, _vector(0.5, 0)).norm() > 0.1


def test_a_grid_goes_from_edge_to_edge() -> None:
    points = grid(2, 1, 5)
    assert points.shape == (5, 5, 2)
    assert points.dtype == F64
    close(points[:, 0, 0], _vector(-2, -1, 0, 1, 2))
    close(points[3, :, 1], _vector(-1, -0.5, 0, 0.5, 1))
    close(points[3, :, 0], _vector(1, 1, 1, 1, 1))
    assert grid(1, 1).shape == (25, 25, 2)


# Derivatives


@pytest.mark.parametrize("values", [(0.3, -1.2, 0.7), (0.0, 0.0, 0.0)])
def test_gradient_and_hessian_are_those_on_paper(values: tuple[float, ...]) -> None:
    theta = _vector(*values)
    g, H = _cubic_derivatives(theta)
    close(gradient(_cubic, theta), g)
    close(hessian(_cubic, theta), H)
    assert not gradient(_cubic, theta).requires_grad
    assert not theta.requires_grad


def test_the_gradient_of_a_batch_is_that_of_each_row() -> None:
    theta = randn64(4, 2, 3)
    rows = [_cubic_derivatives(row)[0] for row in theta.flatten(0, 1)]
    close(gradient(_cubic, theta), torch.stack(rows).view(4, 2, 3))


def test_the_dtype_of_a_gradient_is_that_of_theta() -> None:
    assert gradient(_cubic, torch.ones(3)).dtype == torch.float32
    assert hessian(_cubic, torch.ones(3)).dtype == torch.float32


def test_the_hessian_is_that_of_finite_differences() -> None:
    theta, h = _vector(0.4, -1.1), 1e-4
    steps = h * torch.eye(2, dtype=F64)
    rows = [
        (gradient(valleys, theta + s) - gradient(valleys, theta - s)) / (2 * h)
        for s in steps
    ]
    close(hessian(valleys, theta), torch.stack(rows), rtol=1e-6, atol=1e-6)


def test_the_hessian_of_a_network_is_pytorchs_and_symmetric() -> None:
    x, y = randn64(7, seed=1), randn64(7, seed=2)

    def loss(theta: Tensor) -> Tensor:
        return (network(theta, x) - y).square().mean()

    H = hessian(loss, randn64(13))
    close(H, H.T)
    close(H, torch.autograd.functional.hessian(loss, randn64(13)))
    assert H.abs().min(dim=1).values.max() > 0


# Taylor expansion


def test_taylor_by_hand() -> None:
    H = torch.tensor([[1.0, 2.0], [2.0, -4.0]], dtype=F64)
    found = taylor(_vector(5)[0], _vector(3, 7), H, _vector(1, 2))
    close(found, _vector(5 + (3 + 14) + (1 + 8 - 16) / 2)[0])


def test_taylor_of_a_batch_of_steps() -> None:
    g, H, u = randn64(3), _symmetric(_vector(1, -2, 3)), randn64(5, 4, 3)
    found = taylor(_vector(2)[0], g, H, u)
    expected = 2 + torch.einsum("abi,i->ab", u, g)
    close(found, expected + torch.einsum("abi,ij,abj->ab", u, H, u) / 2)


@given(SEEDS)
@settings(max_examples=30)
def test_nothing_of_a_quadratic_is_left_over(seed: int) -> None:
    A, b, theta, u = randn64(3, 3, seed=seed), *randn64(3, 3, seed=seed + 1)

    def quadratic(theta: Tensor) -> Tensor:
        return 1 + theta @ b + theta @ A @ theta

    L, g, H = quadratic(theta), gradient(quadratic, theta), hessian(quadratic, theta)
    close(taylor(L, g, H, u), quadratic(theta + u), rtol=1e-9, atol=1e-9)


def test_the_error_is_of_third_order() -> None:
    """Of the cubic it is exactly the term of third order: a³ and −5bc²."""
    theta, u = randn64(2, 3)
    g, H = _cubic_derivatives(theta)
    error = _cubic(theta + u) - taylor(_cubic(theta), g, H, u)
    close(error, u[0] ** 3 - 5 * u[1] * u[2] ** 2)


# What kind of critical point

KINDS = {
    (1.0, 2.0, 3.0): "local minimum",
    (-1.0, -2.0, -3.0): "local maximum",
    (1.0, -2.0, 3.0): "saddle point",
    (1.0, -2.0, 0.0): "saddle point",
    (1.0, 2.0, 0.0): "undecided",
    (-1.0, -2.0, 0.0): "undecided",
    (0.0, 0.0, 0.0): "undecided",
}


@pytest.mark.parametrize(("eigenvalues", "kind"), list(KINDS.items()))
@pytest.mark.parametrize("seed", range(3))
def test_the_eigenvalues_tell_the_kind(
    eigenvalues: tuple[float, ...], kind: str, seed: int
) -> None:
    assert classify(_symmetric(_vector(*eigenvalues), seed)) == kind


@given(SEEDS, st.integers(1, 5))
@settings(max_examples=30)
def test_upside_down_a_minimum_is_a_maximum(seed: int, P: int) -> None:
    H = _symmetric(randn64(P, seed=seed), seed)
    swap = {"local minimum": "local maximum", "local maximum": "local minimum"}
    kind = classify(H)
    assert classify(-H) == swap.get(kind, kind)


def test_small_eigenvalues_count_as_zero() -> None:
    H = torch.diag(_vector(1, -1e-9))
    assert classify(H) == "undecided"
    assert classify(H, tol=1e-10) == "saddle point"
    assert classify(-H, tol=1e-10) == "saddle point"
    assert classify(torch.diag(_vector(1, 1e-8))) == "undecided"  # up to tol, inclusive
    assert classify(torch.diag(_vector(-1, -1e-8))) == "undecided"


@pytest.mark.parametrize(
    "H", [torch.tensor([[1.0, 2.0], [0.0, 1.0]]), torch.ones(2, 3), torch.ones(2)]
)
def test_what_is_not_symmetric_is_no_hessian(H: Tensor) -> None:
    with pytest.raises(ValueError, match=r"^a Hessian is symmetric"):
        classify(H)


# Where H cannot tell


def test_derivatives_of_a_power() -> None:
    """Of t ↦ (1 + t)⁴: 4, 12, 24, 24, 0."""
    found = derivatives(lambda v: v[0] ** 4, _vector(1, 5), _vector(1, 0), 5)
    assert found == pytest.approx([4, 12, 24, 24, 0])


@pytest.mark.parametrize("values", [(0.3, -1.2, 0.7), (0.0, 0.0, 0.0)])
def test_the_first_two_derivatives_are_those_of_g_and_h(
    values: tuple[float, ...],
) -> None:
    theta, u = _vector(*values), _vector(0.5, -1, 2)
    g, H = _cubic_derivatives(theta)
    found = derivatives(_cubic, theta, u, 3)
    third = 6 * (0.5**3 - 5 * -1 * 2**2)
    assert found == pytest.approx([(u @ g).item(), (u @ H @ u).item(), third])


POWERS: list[tuple[Callable[[Tensor, Tensor], Tensor], list[float]]] = [
    (lambda a, b: a**2 + b**4, [0, 0, 0, 24]),
    (lambda a, b: a**2 - b**4, [0, 0, 0, -24]),
    (lambda a, b: a**2 + b**3, [0, 0, 6, 0]),
]


def test_one_hessian_three_kinds() -> None:
    losses: dict[str, Callable[[Tensor], Tensor]] = HIGHER
    origin, points = torch.zeros(2, dtype=F64), randn64(5, 2)
    for loss, (formula, expected) in zip(losses.values(), POWERS, strict=True):
        close(loss(points), formula(points[:, 0], points[:, 1]))
        close(hessian(loss, origin), torch.diag(_vector(2, 0)))
        assert derivatives(loss, origin, _vector(0, 1), 4) == expected


def test_up_along_every_line_is_not_a_minimum() -> None:
    """The page's example, (θ₁ − θ₂²)(θ₁ − 2θ₂²): down on the curve θ₁ = 1.5 θ₂²."""

    def loss(theta: Tensor) -> Tensor:
        a, b = theta.unbind(-1)
        return (a - b**2) * (a - 2 * b**2)

    origin = torch.zeros(2, dtype=F64)
    assert classify(hessian(loss, origin)) == "undecided"
    assert derivatives(loss, origin, _vector(0, 1), 4) == [0, 0, 0, 48]
    for angle in torch.linspace(0, math.pi, 40, dtype=F64):
        u = torch.stack([angle.cos(), angle.sin()])
        assert loss(1e-3 * u) > 0
    b = torch.linspace(0.01, 1, 9, dtype=F64)
    assert (loss(torch.stack([1.5 * b**2, b], dim=1)) < 0).all()


# The example by hand


@given(NUMBER, NUMBER)
def test_the_example_by_hand_is_autograds(w1: float, w2: float) -> None:
    w = _vector(w1, w2)
    g, H = example_by_hand(w)
    close(g, gradient(example_loss, w))
    close(H, hessian(example_loss, w))


@given(NUMBER, NUMBER)
def test_the_example_is_a_network_of_two_neurons(w1: float, w2: float) -> None:
    layers = nn.Sequential(nn.Linear(1, 1, bias=False), nn.Linear(1, 1, bias=False))
    for layer, weight in zip(layers, (w1, w2), strict=True):
        layer.load_state_dict({"weight": _vector(weight)[None]})
    one = torch.ones(1)
    expected = nn.functional.mse_loss(layers(one), one).item()
    found = example_loss(_vector(w1, w2)).item()
    assert found == pytest.approx(expected, rel=1e-4, abs=1e-6)


def test_the_example_of_a_batch() -> None:
    w = randn64(4, 3, 2)
    assert example_loss(w).shape == (4, 3)
    close(example_loss(w)[1, 2], example_loss(w[1, 2]))


def test_the_saddle_and_the_curve_of_minima() -> None:
    zero = torch.zeros(2, dtype=F64)
    g, H = example_by_hand(zero)
    assert torch.equal(g, zero)
    close(torch.linalg.eigvalsh(H), _vector(-2, 2))
    for w1 in (0.5, 1.0, -3.0):
        g, H = example_by_hand(_vector(w1, 1 / w1))
        expected = _vector(0, 2 * (w1**2 + 1 / w1**2))
        close(g, zero)
        close(torch.linalg.eigvalsh(H), expected)


# Leaving a saddle


@given(SEEDS, st.integers(2, 6))
@settings(max_examples=30)
def test_the_escape_direction_is_the_steepest_way_down(seed: int, P: int) -> None:
    eigenvalues = randn64(P, seed=seed)
    eigenvalues[0] = -eigenvalues.abs().max() - 0.5  # the most negative one
    H = _symmetric(eigenvalues, seed)
    u = escape_direction(H)
    close(u.norm(), torch.ones((), dtype=F64))
    close(H @ u, eigenvalues[0] * u)
    assert u[u.abs().argmax()] > 0


@pytest.mark.parametrize("eigenvalues", [(1.0, 2.0), (0.0, 1.0), (0.0, 0.0)])
def test_without_a_negative_eigenvalue_there_is_no_escape(
    eigenvalues: tuple[float, ...],
) -> None:
    with pytest.raises(ValueError, match=r"^no negative eigenvalue: H shows"):
        escape_direction(torch.diag(_vector(*eigenvalues)))


def test_a_small_step_along_it_lowers_the_loss_by_half_lambda() -> None:
    u = escape_direction(hessian(example_loss, torch.zeros(2, dtype=F64)))
    close(u, _vector(1, 1) / 2**0.5)
    for size in (0.1, -0.1, 0.01):
        fall = 1 - example_loss(size * u).item()
        assert fall == pytest.approx(size**2, rel=0.01)  # ½ · 2 · size²


def test_descent_is_that_of_torch_optim() -> None:
    starts = randn64(4, 2)
    theta = starts.clone().requires_grad_()
    optimizer = torch.optim.SGD([theta], lr=0.03)
    path = descend(valleys, starts, 0.03, 5)
    assert path.shape == (6, 4, 2)
    close(path[0], starts)
    for t in range(1, 6):
        optimizer.zero_grad()
        valleys(theta).sum().backward()
        optimizer.step()
        close(path[t], theta.detach())


def test_no_updates_are_the_start_alone() -> None:
    close(descend(valleys, _vector(1, 2), 0.1, 0), _vector(1, 2)[None])


def test_updates_to_leave_are_counted() -> None:
    runs = [[4, 4, 4], [3, 4, 2.1], [1.9, 4, 2], [1, 4, 1.99], [3, 4, 1]]
    found = updates_to_leave(torch.tensor(runs))
    assert found.tolist() == [2, -1, 3]  # 2 is not below half of 4
    assert updates_to_leave(torch.tensor([1.0, 0.4])).item() == 1


@pytest.mark.parametrize("eta", [0.02, 0.1])
@pytest.mark.parametrize("seed", range(3))
def test_the_wait_grows_as_the_formula_says(eta: float, seed: int) -> None:
    ways = nn.functional.normalize(randn64(20, 2, seed=seed), dim=-1)
    per_decade = math.log(10) / math.log(1 + 2 * eta)
    starts = torch.stack([1e-2 * ways, 1e-8 * ways])
    losses = example_loss(descend(example_loss, starts, eta, int(14 * per_decade)))
    early, late = updates_to_leave(losses)
    assert (early > 0).all()
    assert ((late - early) / 6).tolist() == pytest.approx([per_decade] * 20, rel=0.05)


def test_without_a_push_it_never_moves() -> None:
    path = descend(example_loss, torch.zeros(2, dtype=F64), 0.05, 50)
    assert torch.equal(path, torch.zeros(51, 2, dtype=F64))


def test_a_saddle_without_a_negative_eigenvalue_holds_much_longer() -> None:
    """Exercise 3: there the wait grows like 1 / push, not like its logarithm."""

    def loss(w: Tensor) -> Tensor:
        return (1 - w.prod(-1)) ** 2

    sizes = _vector(0.1, 0.01)[:, None] * torch.ones(3, dtype=F64)
    waits = updates_to_leave(loss(descend(loss, sizes, 0.1, 700)))
    assert 8 < (waits[1] / waits[0]).item() < 13


def test_two_kinds_of_rounding() -> None:
    pair = torch.tensor([[0.3, -0.3], [0.3, -0.1 * 3]], dtype=F64)
    path = descend(example_loss, pair, 0.05, 500)
    assert torch.equal(path[:, 0, 0], -path[:, 0, 1])
    assert path[-1, 0].norm() < 1e-9
    assert example_loss(path[-1, 1]) < 1e-9


# The network


def test_the_network_is_pytorchs() -> None:
    k, x = 4, randn64(6)
    hidden, output = nn.Linear(1, k), nn.Linear(k, 1)
    parameters = [hidden.weight[:, 0], hidden.bias, output.weight[0], output.bias]
    theta = torch.cat(parameters).detach().double()
    expected = nn.Sequential(hidden, nn.Tanh(), output).double()(x[:, None])[:, 0]
    found = network(theta, x)
    assert found.shape == (6,)
    close(found, expected.detach())


@pytest.mark.parametrize("k", [1, 5])
@pytest.mark.parametrize("seed", range(3))
def test_from_zero_only_the_output_bias_moves(k: int, seed: int) -> None:
    x, y = randn64(2, 9, seed=seed)

    def loss(theta: Tensor) -> Tensor:
        return (network(theta, x) - y).square().mean()

    stuck = descend(loss, torch.zeros(3 * k + 1, dtype=F64), 0.2, 100)[-1]
    assert torch.equal(stuck[:-1], torch.zeros(3 * k, dtype=F64))
    close(stuck[-1], y.mean())
    H = hessian(loss, stuck)
    assert classify(H) == "saddle point"
    # ∂²L/∂w∂c = −2 mean(x (y − ȳ)): eigenvalues of both signs, k times each
    mixed = 2 * (x * (y - y.mean())).mean().abs()
    close(torch.linalg.eigvalsh(H)[:k], -mixed.expand(k))
    assert loss(stuck + 0.1 * escape_direction(H)) < loss(stuck)


# Many parameters


@given(SEEDS)
@settings(max_examples=20)
def test_hv_is_h_times_v(seed: int) -> None:
    theta, v = randn64(2, 3, seed=seed)
    close(hvp(_cubic, theta, v), hessian(_cubic, theta) @ v)
    zero = torch.zeros(3, dtype=F64)
    close(hvp(_cubic, zero, v), hessian(_cubic, zero) @ v)
    close(hvp(_cubic, theta, zero), zero)


def test_hv_costs_a_few_gradients() -> None:
    """Counted, in multiplications of a network of two hidden layers."""
    from torch.utils.flop_counter import FlopCounterMode

    d, k, X = 6, 20, randn64(30, 6)

    def loss(theta: Tensor) -> Tensor:
        W, V = theta.split([k * d, k * k])
        a = torch.tanh(X @ W.view(k, d).T)
        return torch.tanh(a @ V.view(k, k).T).square().mean()

    theta, v = randn64(2, k * d + k * k)
    with FlopCounterMode(display=False) as one:
        gradient(loss, theta)
    with FlopCounterMode(display=False) as product:
        hvp(loss, theta, v)
    assert 1 < product.get_total_flops() / one.get_total_flops() <= 3


@pytest.mark.parametrize(
    ("eigenvalues", "largest", "other"),
    [((-1.0, 0.5, 3.0), 3.0, -1.0), ((-4.0, 1.0, 2.0), -4.0, 2.0)],
)
def test_power_iteration_finds_both_ends(
    eigenvalues: tuple[float, ...], largest: float, other: float
) -> None:
    H, v = _symmetric(_vector(*eigenvalues), 3), randn64(3, seed=4)

    def multiply(v: Tensor) -> Tensor:
        return H @ v

    first = power_iteration(multiply, v, 100)
    assert first.shape == ()
    assert first.item() == pytest.approx(largest)
    second = power_iteration(multiply, v, 200, shift=first)
    assert second.item() == pytest.approx(other)


def test_no_rounds_are_the_start_and_a_round_is_one_product() -> None:
    H, v = torch.diag(_vector(1, 3)), _vector(0.6, 0.8)
    assert power_iteration(lambda v: H @ v, v, 0).item() == pytest.approx(0.36 + 1.92)
    w = _vector(0.6 * -1, 0.8 * 1)  # (H − 2I)v
    rayleigh = (w @ H @ w / (w @ w)).item()
    assert power_iteration(lambda v: H @ v, v, 1, shift=2).item() == rayleigh


# Pictures


def test_a_surface_is_drawn_over_its_points() -> None:
    fig = plt.figure()
    ax: Any = fig.add_subplot(projection="3d")
    points = grid(1, 2, 7)
    draw_surface(ax, valleys, points, "C1")
    (x, y, z) = (ax.xy_dataLim.intervalx, ax.xy_dataLim.intervaly, ax.zz_dataLim)
    assert x.tolist() == [-1, 1]
    assert y.tolist() == [-2, 2]
    heights = valleys(points)
    assert z.intervalx.tolist() == [heights.min(), heights.max()]
    (surface,) = ax.collections
    assert same_color(surface.get_edgecolor(), "C1")
    assert len(surface.get_facecolor()) == 36  # of 7 × 7 points
    assert same_color(surface.get_facecolor()[:1], plt.rcParams["axes.facecolor"])
    assert not ax.axison
    assert not surface.get_clip_on()
    plt.close(fig)


def test_shapes_stand_side_by_side_with_their_titles() -> None:
    draw_shapes({"one": valleys, "other": example_loss}, colors="02")
    axes: list[Any] = plt.gcf().axes
    assert [ax.get_title() for ax in axes] == ["one", "other"]
    for ax, loss, color in zip(
        axes, (valleys, example_loss), ("C0", "C2"), strict=True
    ):
        x, y, z = (
            torch.tensor(values.tolist()) for values in ax.lines[0].get_data_3d()
        )
        close(x, torch.zeros(15))
        close(y, torch.linspace(-1, 1, 15))
        close(z, loss(torch.stack([x, y], dim=1)))
        assert same_color(ax.collections[0].get_edgecolor(), color)
    left, right = (ax.get_position() for ax in axes)
    assert left.x1 <= right.x0
    plt.close("all")
