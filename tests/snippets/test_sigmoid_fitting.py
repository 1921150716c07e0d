"""The mathematics of snippets/sigmoid_fitting.py, against PyTorch, NumPy and hand."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn import functional
from torch.testing import assert_close

from snippets import sigmoid_fitting as m

F64 = torch.float64


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def random_model(
    k: int, d: int, seed: int = 0
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    g = generator(seed)
    sizes: list[tuple[int, ...]] = [(k, d), (k,), (k,), ()]
    W, b_vec, c, b = (torch.randn(s, generator=g, dtype=F64) for s in sizes)
    return W, b_vec, c, b


# Ramps


@given(st.floats(-20, 20))
def test_hard_sigmoid_is_pytorchs(z: float) -> None:
    x = torch.tensor([z], dtype=F64)
    assert_close(m.hard_sigmoid(x), functional.hardsigmoid(x), rtol=0, atol=1e-15)


def test_hard_sigmoids_corners() -> None:
    z = torch.tensor([[-3.1, -3, 0], [1.5, 3, 3.1]], dtype=F64)
    expected = torch.tensor([[0, 0, 0.5], [0.75, 1, 1]], dtype=F64)
    assert_close(m.hard_sigmoid(z), expected)


def test_ramps_by_hand() -> None:
    w, b_vec, c, b = m.ramps(
        torch.tensor([0.0, 2.0, 5.0]), torch.tensor([1.0, 4.0, 2.0])
    )
    assert_close(w, torch.tensor([3.0, 2.0]))
    assert_close(b_vec, torch.tensor([-3.0, -7.0]))
    assert_close(c, torch.tensor([3.0, -2.0]))
    assert_close(b, torch.tensor(1.0))


@given(st.lists(st.floats(0.1, 3), min_size=1, max_size=8), st.floats(0, 2), st.data())
def test_ramps_draw_the_line_through_the_points(
    widths: list[float], first: float, data: st.DataObject
) -> None:
    xs = np.cumsum([first, *widths])
    ys = data.draw(st.lists(st.floats(-5, 5), min_size=len(xs), max_size=len(xs)))
    w, b_vec, c, b = m.ramps(torch.tensor(xs), torch.tensor(ys, dtype=F64))
    x = torch.linspace(-1, float(xs[-1]) + 1, 97, dtype=F64)
    y = b + m.climbs(x, w, b_vec, c).sum(0)
    assert_close(y, torch.from_numpy(np.interp(x, xs, ys)), rtol=0, atol=1e-11)


def test_only_one_ramp_moves_in_a_segment() -> None:
    knots = torch.tensor([0.0, 1, 2.5, 4], dtype=F64)
    w, b_vec, c, _ = m.ramps(knots, torch.tensor([0.5, 2, 0.8, 1.6], dtype=F64))
    each = m.climbs(knots, w, b_vec, c)
    assert each.shape == (3, 4)
    assert_close(each.diff(), torch.diag(c), rtol=0, atol=1e-15)


@pytest.mark.parametrize("knots", [[-0.1, 1], [0, 1, 1], [0, 2, 1]])
def test_ramps_refuse_knots_that_do_not_increase_from_0(knots: list[float]) -> None:
    with pytest.raises(ValueError, match="knots must increase"):
        m.ramps(torch.tensor(knots), torch.zeros(len(knots)))


def test_smooth_curve() -> None:
    x = torch.tensor([0, math.pi / 4, 3], dtype=F64)
    expected = torch.tensor([0, math.pi / 12 + 1, 1 + math.sin(6)], dtype=F64)
    assert_close(m.smooth_curve(x), expected)


def test_rmse_is_one_number_a_row() -> None:
    prediction = torch.tensor([[1.0, 5.0], [4.0, 1.0]], dtype=F64)
    error = m.rmse(prediction, torch.tensor([4.0, 1.0], dtype=F64))
    assert_close(error, torch.tensor([math.sqrt(12.5), 0], dtype=F64))


# The sigmoid and the model


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_sigmoid_is_pytorchs(dtype: torch.dtype) -> None:
    z = torch.tensor([[-300, -20, -1.5], [0, 0.3, 300]], dtype=dtype)
    assert m.sigmoid(z).shape == (2, 3)
    assert m.sigmoid(z).dtype == dtype
    assert_close(m.sigmoid(z), torch.sigmoid(z), rtol=1e-6, atol=0)


@given(st.floats(-30, 30))
def test_sigmoids_slope_is_sigma_times_one_minus_sigma(z: float) -> None:
    ours = torch.tensor(z, dtype=F64, requires_grad=True)
    m.sigmoid(ours).backward()
    s = torch.sigmoid(torch.tensor(z, dtype=F64))
    assert_close(ours.grad, s * (1 - s), rtol=1e-9, atol=1e-15)


def test_sigmoids_slope_is_nan_where_the_page_says_so() -> None:
    z = torch.tensor(-100.0, requires_grad=True)
    m.sigmoid(z).backward()
    assert m.sigmoid(z) == 0
    assert z.grad is not None
    assert z.grad.isnan()


@given(st.integers(1, 5), st.integers(1, 4), st.integers(0, 100))
def test_predict_is_the_sums_and_is_pytorchs(k: int, d: int, seed: int) -> None:
    W, b_vec, c, b = random_model(k, d, seed)
    X = torch.randn(7, d, generator=generator(seed + 1), dtype=F64)
    y = m.predict(X, W, b_vec, c, b)
    hidden = torch.sigmoid(functional.linear(X, W, b_vec))
    assert y.shape == (7,)
    assert_close(y, functional.linear(hidden, c[None], b[None])[:, 0])
    assert_close(m.predict_by_sums(X[3], W, b_vec, c, b), y[3])


def test_predict_of_zeros_and_of_no_height() -> None:
    W, b_vec, c, b = random_model(3, 2)
    zero = torch.zeros(1, 2, dtype=F64)
    assert_close(m.predict(zero, W, b_vec, c, b)[0], b + torch.sigmoid(b_vec) @ c)
    assert_close(m.predict(zero, W, b_vec, 0 * c, b)[0], b)


def test_theta_holds_the_rows_of_W_then_b_c_b() -> None:
    W, b_vec = torch.tensor([[1, 2, 3], [4, 5, 6]]), torch.tensor([7, 8])
    c, b = torch.tensor([9, 10]), torch.tensor(11)
    assert m.stack(W, b_vec, c, b).tolist() == list(range(1, 12))


@given(st.integers(1, 6), st.integers(1, 6))
def test_unstack_undoes_stack(k: int, d: int) -> None:
    model = random_model(k, d)
    theta = m.stack(*model)
    assert len(theta) == k * (d + 2) + 1
    for part, whole in zip(m.unstack(theta, d), model, strict=True):
        assert_close(part, whole)


# Starts and fits


def test_the_start_by_hand_follows_the_ramps_at_half_the_slope() -> None:
    W, b_vec, c, b = m.unstack(m.start_by_hand(4)[0], 1)
    places = torch.tensor([0.0, 1.5, 3.0, 4.5, 6.0])
    assert_close(W, torch.full((4, 1), 2.0))
    assert_close(-b_vec / W[:, 0], torch.tensor([0.75, 2.25, 3.75, 5.25]))
    assert_close(c, m.smooth_curve(places).diff())
    assert_close(b, torch.tensor(0.0))


def test_random_starts_lie_in_the_range_and_follow_their_seed() -> None:
    starts = m.start_at_random(8, 500, generator(3))
    W, b_vec, c, b = starts.split([8, 8, 8, 1], dim=1)
    middle = -b_vec / W
    assert starts.shape == (500, 25)
    assert (middle > -1e-3).all()
    assert (middle < 6 + 1e-3).all()
    assert middle.mean().item() == pytest.approx(3, abs=0.1)
    assert middle.std().item() == pytest.approx(6 / math.sqrt(12), abs=0.1)
    assert W.std().item() == pytest.approx(4, abs=0.2)
    assert c.std().item() == pytest.approx(1 / math.sqrt(8), abs=0.02)
    assert b.std().item() == pytest.approx(1, abs=0.15)
    assert torch.equal(starts, m.start_at_random(8, 500, generator(3)))
    assert not torch.equal(starts, m.start_at_random(8, 500, generator(4)))


def test_curves_are_the_models_one_by_one() -> None:
    x = torch.linspace(0, 6, 9, dtype=F64)
    models = [random_model(3, 1, seed) for seed in range(4)]
    ys = m.curves(torch.stack([m.stack(*model) for model in models]), x)
    assert ys.shape == (4, 9)
    for y, model in zip(ys, models, strict=True):
        assert_close(y, m.predict(x[:, None], *model))


def test_fit_begins_at_the_starts() -> None:
    starts = m.start_at_random(2, 3, generator())
    thetas = m.fit(starts, torch.ones(4), torch.ones(4), updates=0)
    assert thetas.shape == (len(m.RATES), 3, 7)
    assert not thetas.requires_grad
    for theta in thetas:
        assert_close(theta, starts)


def test_a_run_of_many_is_the_run_alone() -> None:
    starts = m.start_at_random(2, 3, generator()).double()
    x = torch.linspace(0, 6, 11, dtype=F64)
    thetas = m.fit(starts, x, m.smooth_curve(x), updates=20)
    for eta, theta in zip(m.RATES, thetas, strict=True):
        assert_close(theta[1], alone(starts[1], x, eta, 20))


def alone(theta: Tensor, x: Tensor, eta: float, updates: int) -> Tensor:
    """Fit with torch.nn, the rate worked out at each update by hand."""
    W, b_vec, c, b = m.unstack(theta, 1)
    model = nn.Sequential(nn.Linear(1, len(c)), nn.Sigmoid(), nn.Linear(len(c), 1))
    parts = [W, b_vec, c[None], b[None]]
    for parameter, part in zip(model.parameters(), parts, strict=True):
        parameter.data = part.clone()
    adam = torch.optim.Adam(model.parameters())
    for update in range(updates):
        adam.param_groups[0]["lr"] = eta * (1 - 0.99 * update / updates)
        adam.zero_grad()
        functional.mse_loss(model(x[:, None])[:, 0], m.smooth_curve(x)).backward()
        adam.step()
    W, b_vec, c, b = (p.detach() for p in model.parameters())
    return m.stack(W, b_vec, c[0], b[0])
