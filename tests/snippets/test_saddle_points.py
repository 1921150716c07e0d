"""The mathematics of snippets/saddle_points.py, and what its figures draw."""

import math
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor
from torch.testing import assert_close

from snippets import saddle_points as m
from tests.snippets.runs import Run

F64 = torch.float64
NAMES = [
    "surface", "taylor", "curvature", "slices", "example", "escape", "spectrum",
    "minimum_ratio", "wider", "flat",
]  # fmt: skip
number = st.floats(-3, 3)


def vector(*values: float) -> Tensor:
    return torch.tensor(values, dtype=F64)


@pytest.fixture(scope="module")
def values(run: Run) -> dict[str, Any]:
    return run.values


@pytest.fixture(scope="module")
def figures(run: Run) -> dict[str, Any]:
    """Each figure, after the arguments that it was drawn from."""
    return {name: (run.arguments[name], run.figures[name]) for name in run.figures}


# Derivatives and the Taylor expansion


def cubic(theta: Tensor) -> Tensor:
    """A loss with a third-order term, batched; derivatives written out below."""
    a, b, c = theta.unbind(-1)
    return a**3 + 2 * a * b - 5 * b * c**2 + c


def cubic_derivatives(theta: Tensor) -> tuple[Tensor, Tensor]:
    a, b, c = theta.tolist()
    g = vector(3 * a**2 + 2 * b, 2 * a - 5 * c**2, 1 - 10 * b * c)
    H = torch.tensor([[6 * a, 2, 0], [2, 0, -10 * c], [0, -10 * c, -10 * b]], dtype=F64)
    return g, H


def test_gradient_and_hessian_are_those_on_paper() -> None:
    theta = vector(0.3, -1.2, 0.7)
    g, H = cubic_derivatives(theta)
    ours = m.gradient(cubic, theta)
    assert ours.shape == (3,)
    assert ours.dtype == F64
    assert not ours.requires_grad
    assert_close(ours, g)
    assert m.hessian(cubic, theta).shape == (3, 3)
    assert_close(m.hessian(cubic, theta), H)
    assert not theta.requires_grad


def test_gradient_of_a_batch_is_that_of_each_row() -> None:
    batch = torch.randn(4, 3, dtype=F64, generator=torch.Generator().manual_seed(0))
    rows = torch.stack([cubic_derivatives(theta)[0] for theta in batch])
    assert_close(m.gradient(cubic, batch), rows)


@given(number, number, number)
def test_taylor_is_exact_up_to_second_order(a: float, b: float, t: float) -> None:
    """Of a quadratic nothing is left over."""

    def quadratic(theta: Tensor) -> Tensor:
        p, q = theta.unbind(-1)
        return 1 + 2 * p - q + 3 * p**2 - 4 * p * q + q**2 / 2

    theta, u = vector(a, b), vector(t, 1 - 2 * t)
    L, g, H = (
        quadratic(theta),
        m.gradient(quadratic, theta),
        m.hessian(quadratic, theta),
    )
    assert_close(m.taylor(L, g, H, u), quadratic(theta + u), rtol=1e-9, atol=1e-9)


def test_taylor_by_hand() -> None:
    H = torch.tensor([[1.0, 2.0], [2.0, -4.0]], dtype=F64)
    # 5 + (3·1 + 7·2) + ½(1 + 2·2·2 − 4·4)
    assert_close(m.taylor(vector(5)[0], vector(3, 7), H, vector(1, 2)), vector(18.5)[0])


def test_the_error_of_taylor_is_of_third_order(values: dict[str, Any]) -> None:
    assert values["taylor_growth"] == pytest.approx([8, 8], rel=0.15)


@given(number, number)
def test_along_is_the_loss_its_tangent_and_its_parabola(p: float, t: float) -> None:
    theta, u = vector(p, 0.4), vector(0.6, -0.8)
    exact, first, second = m.along(m.valleys, theta, u, vector(t))
    L, g, H = (
        m.valleys(theta),
        m.gradient(m.valleys, theta),
        m.hessian(m.valleys, theta),
    )
    assert_close(exact, m.valleys(theta + t * u)[None])
    assert_close(first, (L + t * (u @ g))[None])
    assert_close(second, (L + t * (u @ g) + t**2 * (u @ H @ u) / 2)[None])


@given(number, number)
def test_the_valleys(p: float, q: float) -> None:
    expected = p**4 / 4 - p**2 / 2 + p / 10 + q**2 / 2
    assert m.valleys(vector(p, q)).item() == pytest.approx(expected)


def test_a_grid() -> None:
    points = m.grid(2, 0.5, 5)
    assert points.shape == (5, 5, 2)
    assert_close(points[:, 0, 0], vector(-2, -1, 0, 1, 2))
    assert_close(points[0, :, 1], vector(-0.5, -0.25, 0, 0.25, 0.5))
    assert m.grid(1, 1).shape == (25, 25, 2)


# Classification


@pytest.mark.parametrize(
    ("eigenvalues", "kind", "ratio"),
    [
        ((1, 2, 3), "local minimum", 1),
        ((-1, -2, -3), "local maximum", 0),
        ((-1, 2, 3), "saddle point", 2 / 3),
        ((-1, 0, 3), "saddle point", 1 / 3),
        ((0, 2, 3), "undecided", 2 / 3),
        ((-1, -2, 0), "undecided", 0),
        ((0, 0, 0), "undecided", 0),
        ((1, 1, -1e-9), "undecided", 2 / 3),
        ((1, 1, 1e-9), "undecided", 2 / 3),
        ((1, 1, -1e-7), "saddle point", 2 / 3),
        ((1, 1, 1e-7), "local minimum", 1),
        ((-1, -1, -1e-7), "local maximum", 0),
    ],
)
def test_the_eigenvalues_decide(
    eigenvalues: tuple[float, ...], kind: str, ratio: float
) -> None:
    generator = torch.Generator().manual_seed(1)
    Q = torch.linalg.qr(torch.randn(3, 3, generator=generator, dtype=F64)).Q
    H = Q @ torch.diag(vector(*eigenvalues)) @ Q.T
    H = (H + H.T) / 2
    assert m.classify(H) == kind
    assert m.minimum_ratio(H) == pytest.approx(ratio)


def test_the_tolerance_is_part_of_zero() -> None:
    H = torch.diag(vector(0.5, 2))
    assert m.classify(H, tol=0.5) == "undecided"
    assert m.classify(H, tol=0.4) == "local minimum"
    assert m.classify(-H, tol=0.5) == "undecided"
    assert m.minimum_ratio(H, tol=0.5) == 0.5


@given(st.lists(st.floats(0.1, 3), min_size=2, max_size=2), number, number)
def test_a_minimum_is_where_no_step_leads_down(
    eigenvalues: list[float], angle: float, direction: float
) -> None:
    c, s = math.cos(angle), math.sin(angle)
    Q = torch.tensor([[c, -s], [s, c]], dtype=F64)
    H = Q @ torch.diag(vector(*eigenvalues)) @ Q.T
    v = vector(math.cos(direction), math.sin(direction))
    assert m.classify(H) == "local minimum"
    assert v @ H @ v > 0
    assert m.classify(-H) == "local maximum"


@pytest.mark.parametrize(
    "H", [torch.ones(2), torch.ones(2, 3), torch.tensor([[1.0, 2.0], [0.0, 1.0]])]
)
def test_what_is_no_hessian_is_refused(H: Tensor) -> None:
    with pytest.raises(ValueError, match="symmetric: pass hessian"):
        m.classify(H)


# The worked example


@given(number, number)
def test_the_example_by_hand_is_autograds(w1: float, w2: float) -> None:
    g, H = m.example_by_hand(w1, w2)
    w = vector(w1, w2)
    assert m.example_loss(w).item() == pytest.approx((1 - w1 * w2) ** 2)
    assert g.dtype == H.dtype == F64
    assert_close(g, m.gradient(m.example_loss, w))
    assert_close(H, m.hessian(m.example_loss, w))


def test_the_example_is_the_lectures(values: dict[str, Any]) -> None:
    assert values["g"] == [0, 0]
    assert values["H"] == [0, -2, -2, 0]
    assert values["eigenvalues"] == pytest.approx([-2, 2])
    assert values["kind"] == "saddle point"
    assert values["u"] == pytest.approx([math.sqrt(1 / 2)] * 2)
    assert values["minimum_eigenvalues"] == pytest.approx([0, 4])
    assert values["minimum_kind"] == values["semidefinite"] == "undecided"


# Leaving


@given(st.integers(0, 99))
def test_the_escape_direction_leads_down_most_steeply(seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    A = torch.randn(4, 4, generator=generator, dtype=F64)
    H = A + A.T - torch.eye(4, dtype=F64)
    smallest = torch.linalg.eigvalsh(H)[0]
    if smallest >= 0:
        return
    u = m.escape_direction(H)
    assert_close(H @ u, smallest * u)
    assert u.norm().item() == pytest.approx(1)
    assert u.max() == u.abs().max()


@pytest.mark.parametrize("smallest", [0.0, 1.0])
def test_from_a_minimum_no_direction_leads_down(smallest: float) -> None:
    with pytest.raises(ValueError, match="no way down"):
        m.escape_direction(torch.diag(vector(smallest, 2)))


def test_descent_is_one_step_after_another() -> None:
    path = m.descend(lambda t: (t**2).sum(-1), vector(1, -2), 0.1, 3)
    expected = [vector(1, -2) * 0.8**i for i in range(4)]
    assert_close(path, torch.stack(expected))


def test_updates_to_leave_counts_to_below_half() -> None:
    assert m.updates_to_leave(vector(2, 1.5, 1.0, 0.9, 0.1)) == 3
    assert m.updates_to_leave(vector(2, 1.5, 1.0)) is None
    assert m.updates_to_leave(vector(2, 0.1)) == 1


def test_a_push_has_its_length_and_repeats() -> None:
    push = m.random_push(5, 0.3)
    assert push.shape == (5,)
    assert push.dtype == F64
    assert push.norm().item() == pytest.approx(0.3)
    assert_close(push, m.random_push(5, 0.3, seed=0))
    assert not torch.equal(push, m.random_push(5, 0.3, seed=1))
    assert (m.random_push(2000, 1) > 0).double().mean() == pytest.approx(0.5, abs=0.1)


def test_exactly_at_the_saddle_it_stays_and_from_any_push_it_leaves(
    values: dict[str, Any],
) -> None:
    assert values["stayed_loss"] == 1
    assert len(values["updates"]) == 4  # of five: that without a push never leaves
    waits = np.diff(values["updates"])
    decades = -np.diff(np.log10(values["pushes"][:4]))
    assert waits == pytest.approx(values["per_decade"] * decades, abs=2)
    assert values["growth"] == 1.1
    assert values["per_decade"] == pytest.approx(1 / math.log10(1.1))
    assert values["step_loss"] == pytest.approx((1 - 0.01 / 2) ** 2)


# The network


def test_the_data() -> None:
    x, y = m.wave_data()
    assert x.shape == y.shape == (20,)
    assert x.dtype == y.dtype == F64
    assert_close(x[[0, -1]], vector(-2, 2))
    x, y = m.wave_data(2000, seed=3)
    noise = y - torch.sin(2 * x)
    assert noise.std().item() == pytest.approx(0.1, rel=0.1)
    assert noise.mean().abs() < 0.01
    assert_close(m.wave_data()[1], m.wave_data(20, 0)[1])
    drawn = torch.randn(2000, generator=torch.Generator().manual_seed(3), dtype=F64)
    assert_close(noise, 0.1 * drawn)


def test_the_network_is_its_formula() -> None:
    k = 3
    theta = torch.randn(10, dtype=F64, generator=torch.Generator().manual_seed(2))
    x = vector(-1.5, 0.2, 0.9, 2)
    w, b, c, b0 = theta[:3], theta[3:6], theta[6:9], theta[9]
    expected = torch.stack(
        [b0 + sum(c[i] * torch.tanh(w[i] * v + b[i]) for i in range(k)) for v in x]
    )
    assert m.network(theta, x, k).shape == (4,)
    assert_close(m.network(theta, x, k), expected)
    both = m.network(torch.stack([theta, -theta]), x, k)
    assert_close(both, torch.stack([expected, m.network(-theta, x, k)]))
    y = vector(1, 0, -1, 0.5)
    error = ((expected - y) ** 2).mean()
    assert_close(m.network_loss(x, y, k)(theta), error)
    penalty = 0.3 * (theta**2).sum()
    assert_close(m.network_loss(x, y, k, 0.3)(theta), error + penalty)
    assert m.network_loss(x, y, k)(torch.stack([theta, theta, -theta])).shape == (3,)


@pytest.mark.parametrize("downhill", [False, True])
def test_a_newton_step_is_minus_h_inverse_g(downhill: bool) -> None:
    generator = torch.Generator().manual_seed(0)
    A = torch.randn(5, 3, 3, generator=generator, dtype=F64)
    g = 0.01 * torch.randn(5, 3, generator=generator, dtype=F64)
    H = A + A.mT
    step = m.newton_step(g, H, downhill, longest=1e9)
    if downhill:
        assert ((g * step).sum(-1) < 0).all()
        size = torch.linalg.matrix_power(H, 2)
        root = torch.stack([_root(part) for part in size])
        assert_close(step, -torch.linalg.solve(root, g))
    else:
        assert_close(step, -torch.linalg.solve(H, g))
    short = m.newton_step(100 * g, H, downhill)
    lengths = m.newton_step(100 * g, H, downhill, longest=1e9).norm(dim=-1)
    assert lengths.min() < 0.5 or lengths.max() > 0.5
    assert_close(short.norm(dim=-1), lengths.clamp(max=0.5))


def _root(A: Tensor) -> Tensor:
    """The positive square root of a matrix, by Denman and Beavers."""
    Y, Z = A, torch.eye(len(A), dtype=A.dtype)
    for _ in range(60):
        Y, Z = (Y + torch.linalg.inv(Z)) / 2, (Z + torch.linalg.inv(Y)) / 2
    return Y


def test_a_short_step_stays_as_it_is() -> None:
    H = torch.eye(2, dtype=F64)[None]
    assert_close(m.newton_step(vector(0.3, 0)[None], H), -vector(0.3, 0)[None])
    assert_close(m.newton_step(vector(0.8, 0)[None], H), -vector(0.5, 0)[None])


def test_newton_finds_every_critical_point_and_downhill_only_minima() -> None:
    starts = torch.tensor([[-1.0, 0.3], [0.05, 0.3], [1.0, -0.3]], dtype=F64)
    path = m.newton(m.valleys, starts, 15)
    assert path.shape == (16, 3, 2)
    assert_close(path[0], starts)
    roots = np.sort(np.roots([1, 0, -1, 0.1]).real)
    assert path[-1, :, 0].tolist() == pytest.approx(roots.tolist())
    assert path[-1, :, 1].abs().max() < 1e-12
    down = m.newton(m.valleys, starts, 30, downhill=True)[-1]
    assert down[:, 0].tolist() == pytest.approx([roots[0], roots[0], roots[2]])
    first = m.newton(m.valleys, starts, 1, longest=0.01)[-1] - starts
    assert_close(first.norm(dim=-1), torch.full((3,), 0.01, dtype=F64))


def test_arrived_keeps_each_critical_point_once_by_rising_loss() -> None:
    left, middle, right = np.sort(np.roots([1, 0, -1, 0.1]).real)
    places = [[middle, 0], [left, 0], [0.5, 0.5], [right, 0], [left, 0], [right, 1e-6]]
    points = m.arrived(m.valleys, torch.tensor(places, dtype=F64))
    assert points[:, 0].tolist() == pytest.approx([left, right, middle])
    assert len(m.arrived(m.valleys, torch.tensor(places, dtype=F64)[2:3])) == 0
    close = m.arrived(m.valleys, torch.tensor(places[5:], dtype=F64), tol=1e-5)
    assert len(close) == 1


def test_arrived_compares_the_losses_to_eight_digits() -> None:
    def flat(theta: Tensor) -> Tensor:  # no slope anywhere, the loss is its rounding
        return theta[..., 0].detach() + 0 * theta.sum(-1)

    points = vector(0.3, 0.3 + 5e-9, 0.3 + 3e-8, 0.0)[:, None]
    assert_close(m.arrived(flat, points)[:, 0], vector(0, 0.3, 0.3 + 3e-8))


@given(st.integers(0, 20), st.integers(1, 4))
def test_a_neuron_of_zeros_changes_nothing(seed: int, k: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    theta = torch.randn(3 * k + 1, generator=generator, dtype=F64)
    x, y = m.wave_data()
    wide = m.add_neuron(theta, k)
    assert wide.shape == (3 * k + 4,)
    assert_close(m.network(wide, x, k + 1), m.network(theta, x, k))
    new = [k, 2 * k + 1, 3 * k + 2]  # its w, b, c
    assert_close(wide[new], torch.zeros(3, dtype=F64))
    assert_close(wide[[i for i in range(3 * k + 4) if i not in new]], theta)
    # ∂L/∂c holds tanh(0) = 0, ∂L/∂w and ∂L/∂b hold c = 0: no slope opens up.
    slope = m.gradient(m.network_loss(x, y, k + 1, 0.01), wide)
    assert_close(slope[new], torch.zeros(3, dtype=F64))


def test_the_door_is_the_worked_example_again(values: dict[str, Any]) -> None:
    """Without penalty the new neuron's block is [[0, 0, m], [0, 0, s], [m, s, 0]]."""
    x, y = m.wave_data()
    theta = m.random_push(7, 1)
    wide = m.add_neuron(theta, 2)
    error = m.network(theta, x, 2) - y
    mixed, offset = 2 * (error * x).mean(), 2 * error.mean()
    block = m.hessian(m.network_loss(x, y, 3), wide)[[2, 5, 8]][:, [2, 5, 8]]
    zero = torch.zeros((), dtype=F64)
    rows = [[zero, zero, mixed], [zero, zero, offset], [mixed, offset, zero]]
    assert_close(block, torch.stack([torch.stack(row) for row in rows]))
    assert values["wider_kinds"] == ["local minimum"] * 4
    assert values["wider_after"] == ["saddle point"] * 4
    losses = values["wider_losses"]
    assert losses == sorted(losses, reverse=True)
    assert losses[1] < losses[0] / 3
    assert losses[2] < losses[1] / 1.5
    assert max(values["wider_smallest"]) < -1e-3


def test_random_matrices_are_seldom_positive() -> None:
    exact = [
        1 / 2,
        (2 - math.sqrt(2)) / 4,
        (math.pi - 2 * math.sqrt(2)) / (4 * math.pi),
    ]
    for n, share in enumerate(exact, start=1):
        error = math.sqrt(share * (1 - share) / 20_000)
        assert m.positive_share(n, 20_000, seed=5) == pytest.approx(
            share, abs=4 * error
        )
    assert m.positive_share(2, 500) == m.positive_share(2, 500, seed=0)


# What the whole run teaches


def test_saddles_are_many_and_minima_few(
    values: dict[str, Any], figures: dict[str, Any]
) -> None:
    assert values["saddles"] + values["minima"] == values["found"] > 25
    assert 1 <= values["minima"] < values["saddles"] / 5
    assert values["correlation"] < -0.5
    assert 0.5 < values["lowest_ratio"] < 0.8
    assert values["strict_ratio"] < 0.5
    ratios, losses, kinds = figures["plot_minimum_ratio"][0]
    lowest = [i for i, kind in enumerate(kinds) if kind == "local minimum"]
    assert values["minima_losses"] == [losses[i] for i in lowest]
    assert max(losses[i] for i in lowest) < 1.01 * min(losses)
    assert all(r == 1 for r, kind in zip(ratios, kinds, strict=True) if "min" in kind)
    assert all(r < 1 for r, kind in zip(ratios, kinds, strict=True) if "sad" in kind)
    assert values["highest_loss"] == max(losses)
    assert values["ratio_parameters"] == 16


def test_what_is_called_critical_is_critical() -> None:
    loss = m.network_loss(*m.wave_data(), 2, 1e-3)
    points = m.critical_points(loss, 7, runs=5)
    assert len(points) > 3
    assert m.gradient(loss, points).norm(dim=-1).max() < 1e-10
    assert (loss(points).diff() > 0).all()
    assert "local minimum" in [m.classify(m.hessian(loss, p)) for p in points]


def test_the_trained_networks_spectrum(values: dict[str, Any]) -> None:
    below, within, above = values["spectrum_counts"]
    assert below + within + above == values["spectrum_parameters"] == 61
    assert within > 20 > below > 0
    assert values["spectrum_largest"] > 1000 * abs(values["spectrum_smallest"])
    assert values["spectrum_smallest"] > values["spectrum_before"] / 100
    assert 1e-4 < values["spectrum_norm"] < 0.05


def test_a_flat_loss_far_from_a_critical_point(values: dict[str, Any]) -> None:
    assert values["flat_high"] / values["flat_low"] < 1.2
    assert values["flat_norm"] > 20 * values["early_norm"]
    assert values["flat_cosine"] < -0.95
    assert values["early_smallest"] < -0.05
    assert values["freed_loss"] < values["flat_loss"] / 5
    assert values["freed_norm"] < values["flat_norm"] / 20


def test_the_values_are_plain_and_the_output_narrow(
    run: Run,
) -> None:
    values, output = run.values, run.printed
    for value in values.values():
        items = value if isinstance(value, list) else [value]
        assert all(isinstance(item, float | int | str) for item in items)
    assert max(map(len, output.splitlines())) <= 72
    assert f"{values['found']} critical points" in output
    assert "never" in output
    assert values["valley_kinds"] == ["local minimum", "saddle point", "local minimum"]


# The figures


def test_every_figure_is_drawn_once_and_labelled(figures: dict[str, Any]) -> None:
    assert set(figures) == {f"plot_{name}" for name in NAMES}
    for name in set(NAMES) - {"surface", "curvature"}:
        axes = figures[f"plot_{name}"][1].axes
        assert all(ax.get_ylabel() for ax in axes)
        assert axes[-1].get_xlabel()


def lines(figures: dict[str, Any], name: str, panel: int = 0) -> list[Any]:
    return list(figures[f"plot_{name}"][1].axes[panel].lines)


def same(line: Any, x: Any, y: Any) -> None:
    for drawn, data in ((line.get_xdata(), x), (line.get_ydata(), y)):
        np.testing.assert_allclose(np.asarray(drawn, float), data, atol=1e-12)


def test_the_surface_names_its_points(
    values: dict[str, Any], figures: dict[str, Any]
) -> None:
    (_, _, found), figure = figures["plot_surface"]
    ax = figure.axes[0]
    assert [t.get_text() for t in ax.texts] == values["valley_kinds"]
    for line, (name, at, height) in zip(ax.lines, found, strict=True):
        assert np.ravel(line.get_data_3d()) == pytest.approx(
            [*at.tolist(), height.item()]
        )
        assert line.get_marker() == ("X" if name == "saddle point" else "o")
    assert [point[2].item() for point in found] == values["valley_losses"]


def test_taylor_shows_the_loss_and_both_approximations(figures: dict[str, Any]) -> None:
    (t, panels), figure = figures["plot_taylor"]
    assert len(figure.axes) == len(panels) == 2
    for i, (name, *curves) in enumerate(panels):
        assert figure.axes[i].get_title() == name
        for line, curve in zip(lines(figures, "taylor", i)[:3], curves, strict=True):
            same(line, t, curve)
        same(lines(figures, "taylor", i)[3], [0], [curves[0][40]])
    assert_close(panels[1][2], torch.full_like(t, panels[1][1][40].item()))  # g = 0


def test_curvature_shows_three_shapes(figures: dict[str, Any]) -> None:
    (points, shapes), figure = figures["plot_curvature"]
    assert [name for name, _, _ in shapes] == ["minimum", "maximum", "saddle"]
    for ax, (name, sign, _) in zip(figure.axes, shapes, strict=True):
        assert ax.get_title() == f"{name}\n{sign}"
    p, q = points.unbind(-1)
    for (_, _, heights), (a, b) in zip(
        shapes, [(1, 1), (-1, -1), (1, -1)], strict=True
    ):
        assert_close(heights, a * p**2 + b * q**2)


def test_the_example_shows_the_way_from_saddle_to_minimum(
    figures: dict[str, Any],
) -> None:
    points, losses, arrows, slopes, path, u = figures["plot_example"][0]
    assert_close(losses, m.example_loss(points))
    assert_close(slopes, m.gradient(m.example_loss, arrows))
    assert_close(path[-1], vector(1, 1), atol=1e-3, rtol=0)
    drawn = lines(figures, "example")
    same(drawn[0], path[:, 0], path[:, 1])
    same(drawn[1], [0], [0])
    same(drawn[2], [path[-1, 0]], [path[-1, 1]])
    axes = figures["plot_example"][1].axes[0]
    field = next(c for c in axes.collections if hasattr(c, "U"))
    toward = torch.tensor(np.stack([field.U, field.V], -1))
    flat_slopes = slopes.reshape(-1, 2)
    down = -(toward * flat_slopes).sum(-1)
    assert_close(down, flat_slopes.norm(dim=-1))
    assert "0.71, 0.71" in " ".join(t.get_text() for t in axes.texts)
    assert u[0] == u[1]


def test_slices_go_up_one_way_and_down_the_other(figures: dict[str, Any]) -> None:
    (t, slices), _ = figures["plot_slices"]
    for line, (name, losses) in zip(lines(figures, "slices")[:2], slices, strict=True):
        same(line, t, losses)
        assert line.get_label() == name
    up, down = (losses for _, losses in slices)
    assert_close(up, (1 + t**2 / 2) ** 2)
    assert_close(down, (1 - t**2 / 2) ** 2)
    same(lines(figures, "slices")[2], [0], [1])


def test_escape_and_flat_show_what_was_measured(figures: dict[str, Any]) -> None:
    (curves,), _ = figures["plot_escape"]
    for line, (name, losses) in zip(lines(figures, "escape"), curves, strict=True):
        same(line, range(301), losses)
        assert line.get_label() == name
    (losses, norms, changed), _ = figures["plot_flat"]
    same(lines(figures, "flat")[0], range(1001), losses)
    same(lines(figures, "flat", 1)[0], range(1001), norms)
    assert lines(figures, "flat")[1].get_xdata()[0] == changed == 800
    assert lines(figures, "flat", 1)[1].get_xdata()[0] == changed


def test_spectrum_ratio_and_wider_show_what_was_found(figures: dict[str, Any]) -> None:
    (before, after, _), _ = figures["plot_spectrum"]
    for line, eigenvalues in zip(
        lines(figures, "spectrum"), (before, after), strict=True
    ):
        same(line, range(1, 62), eigenvalues)
    (ratios, losses, kinds), _ = figures["plot_minimum_ratio"]
    for line in lines(figures, "minimum_ratio"):
        chosen = [i for i, kind in enumerate(kinds) if kind == line.get_label()]
        same(line, [ratios[i] for i in chosen], [losses[i] for i in chosen])
    (path, doors), figure = figures["plot_wider"]
    same(lines(figures, "wider")[0], range(len(path)), path)
    assert [line.get_xdata()[0] for line in lines(figures, "wider")[1:]] == doors
    names = [text.get_text() for text in figure.axes[0].texts]
    assert names == [f"$k = {k}$" for k in (1, 2, 3, 4)]
    assert doors == [0, 61, 122, 183]


def test_plots_change_nothing_they_are_given(figures: dict[str, Any]) -> None:
    (losses, norms, changed), _ = figures["plot_flat"]
    before = losses.clone(), norms.clone()
    m.plot_flat(losses, norms, changed)
    assert torch.equal(losses, before[0])
    assert torch.equal(norms, before[1])
    plt.close("all")
