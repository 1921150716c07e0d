"""The mathematics of snippets/sigmoid_fitting.py, and what its figures draw."""

import inspect
import math
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from torch import Tensor
from torch.testing import assert_close

from snippets import sigmoid_fitting as m
from tests.snippets.runs import Run

F64 = torch.float64


def random_model(
    k: int, d: int, seed: int = 0
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    g = torch.Generator().manual_seed(seed)
    sizes: list[tuple[int, ...]] = [(k, d), (k,), (k,), ()]
    W, b_vec, c, b = (torch.randn(s, generator=g, dtype=F64) for s in sizes)
    return W, b_vec, c, b


# One S-shaped curve


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_sigmoid_is_pytorchs(dtype: torch.dtype) -> None:
    z = torch.tensor([[-300, -20, -1.5], [0, 0.3, 300]], dtype=dtype)
    assert m.sigmoid(z).shape == (2, 3)
    assert m.sigmoid(z).dtype == dtype
    assert_close(m.sigmoid(z), torch.sigmoid(z), rtol=1e-6, atol=0)


@pytest.mark.parametrize("z", [-300.0, -2.0, 0.0, 2.0, 300.0])
def test_sigmoids_gradient_is_finite_and_right(z: float) -> None:
    ours = torch.tensor(z, dtype=F64, requires_grad=True)
    m.sigmoid(ours).backward()
    s = torch.sigmoid(torch.tensor(z, dtype=F64))
    assert_close(ours.grad, s * (1 - s), rtol=1e-9, atol=1e-15)


@given(st.floats(-700, 700))
def test_sigmoid_is_symmetric(z: float) -> None:
    up, down = m.sigmoid(torch.tensor([z, -z], dtype=F64))
    assert up + down == pytest.approx(1, abs=1e-15)
    assert 0 <= up <= 1


@given(st.floats(-20, 20))
def test_hard_sigmoid_is_pytorchs(z: float) -> None:
    x = torch.tensor([z], dtype=F64)
    assert_close(
        m.hard_sigmoid(x), torch.nn.functional.hardsigmoid(x), rtol=0, atol=1e-15
    )


def test_hard_sigmoids_corners() -> None:
    z = torch.tensor([-3.1, -3, 0, 1.5, 3, 3.1], dtype=F64)
    expected = torch.tensor([0, 0, 0.5, 0.75, 1, 1], dtype=F64)
    assert_close(m.hard_sigmoid(z), expected)


def test_largest_gap_lies_where_the_slopes_agree() -> None:
    # σ(1 − σ) = 1/6 there, so σ = (1 + √(1/3)) / 2
    s = (1 + math.sqrt(1 / 3)) / 2
    z = math.log(s / (1 - s))
    gap, at = m.largest_gap(torch.linspace(0, 6, 60_001, dtype=F64))
    assert at == pytest.approx(z, abs=1e-4)
    assert gap == pytest.approx(s - (z / 6 + 0.5), abs=1e-8)
    assert m.largest_gap(torch.tensor([0.0, -4.0]))[1] == -4


def test_largest_gap_is_a_distance_on_either_side() -> None:
    left = m.largest_gap(torch.linspace(-2, 0, 2001, dtype=F64))
    right = m.largest_gap(torch.linspace(0, 2, 2001, dtype=F64))
    assert left[0] == pytest.approx(right[0], abs=1e-12)
    assert left[1] == pytest.approx(-right[1])


def test_s_curve() -> None:
    x = torch.tensor([-1.0, 0.5, 2.0], dtype=F64)
    assert_close(m.s_curve(x, 3, -1, 2.5), 2.5 * torch.sigmoid(3 * x - 1))
    ends = m.s_curve(torch.tensor([-100.0, 100.0]), 2, 1, 7)
    assert_close(ends, torch.tensor([0.0, 7.0]))
    assert_close(m.s_curve(-torch.tensor([-100.0, 100.0]), 2, 1, 7), ends.flip(0))


# The new model


@given(st.integers(1, 5), st.integers(1, 4), st.integers(0, 100))
def test_predict_is_the_sums_and_is_pytorchs(k: int, d: int, seed: int) -> None:
    W, b_vec, c, b = random_model(k, d, seed)
    X = torch.randn(7, d, generator=torch.Generator().manual_seed(seed + 1), dtype=F64)
    y = m.predict(X, W, b_vec, c, b)
    hidden = torch.sigmoid(torch.nn.functional.linear(X, W, b_vec))
    assert y.shape == (7,)
    assert y.dtype == F64
    assert_close(y, torch.nn.functional.linear(hidden, c[None], b[None])[:, 0])
    assert_close(m.predict_by_sums(X[3], W, b_vec, c, b), y[3])


def test_predict_with_another_activation() -> None:
    W, b_vec, c, b = random_model(3, 2)
    X = torch.randn(4, 2, generator=torch.Generator().manual_seed(9), dtype=F64)
    y = m.predict(X, W, b_vec, c, b, torch.relu)
    assert_close(y, b + torch.relu(X @ W.T + b_vec) @ c)


def test_theta_holds_the_rows_of_W_then_b_c_b() -> None:
    W, b_vec = torch.tensor([[1, 2, 3], [4, 5, 6]]), torch.tensor([7, 8])
    c, b = torch.tensor([9, 10]), torch.tensor(11)
    theta = m.stack(W, b_vec, c, b)
    assert theta.tolist() == list(range(1, 12))
    for part, whole in zip(m.unstack(theta, 2, 3), (W, b_vec, c, b), strict=True):
        assert_close(part, whole)


@given(st.integers(1, 6), st.integers(1, 6))
def test_unstack_undoes_stack(k: int, d: int) -> None:
    model = random_model(k, d)
    assert len(m.stack(*model)) == k * (d + 2) + 1
    for part, whole in zip(m.unstack(m.stack(*model), k, d), model, strict=True):
        assert_close(part, whole)


@pytest.mark.parametrize("size", [10, 12])
def test_unstack_refuses_a_wrong_length(size: int) -> None:
    with pytest.raises(ValueError, match=f"need 11 parameters, theta has {size}"):
        m.unstack(torch.zeros(size), 2, 3)


# Ramps


@given(
    st.lists(st.floats(0.1, 3), min_size=1, max_size=8),
    st.floats(0, 2),
    st.data(),
)
def test_ramps_draw_the_line_through_the_points(
    widths: list[float], first: float, data: st.DataObject
) -> None:
    xs = np.cumsum([first, *widths])
    number = len(xs)
    ys = data.draw(st.lists(st.floats(-5, 5), min_size=number, max_size=number))
    model = m.ramps(torch.tensor(xs), torch.tensor(ys, dtype=F64))
    x = torch.linspace(-1, float(xs[-1]) + 1, 97, dtype=F64)
    y = m.predict(x[:, None], *model, torch.nn.functional.hardsigmoid)
    assert_close(y, torch.from_numpy(np.interp(x, xs, ys)), rtol=0, atol=1e-11)
    at_0 = m.predict(
        torch.zeros(1, 1, dtype=F64), *model, torch.nn.functional.hardsigmoid
    )
    assert at_0.item() == pytest.approx(model[3].item(), abs=1e-11)  # y-intercept


def test_ramp_by_hand() -> None:
    W, b_vec, c, b = m.ramps(
        torch.tensor([0.0, 2.0, 5.0]), torch.tensor([1.0, 4.0, 2.0])
    )
    assert_close(W, torch.tensor([[3.0], [2.0]]))
    assert_close(b_vec, torch.tensor([-3.0, -7.0]))
    assert_close(c, torch.tensor([3.0, -2.0]))
    assert_close(b, torch.tensor(1.0))


@pytest.mark.parametrize(
    ("knots", "heights", "message"),
    [
        ([0, 1, 2], [0, 1], "one height for every knot"),
        ([0], [1], "at least two"),
        ([-0.1, 1], [0, 1], "not begin below 0"),
        ([0, 1, 1], [0, 1, 2], "must increase"),
        ([0, 2, 1], [0, 1, 2], "must increase"),
    ],
)
def test_ramps_refuse(knots: list[float], heights: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        m.ramps(torch.tensor(knots), torch.tensor(heights))


def test_two_knots_from_0_are_enough() -> None:
    assert m.ramps(torch.tensor([0.0, 1.0]), torch.tensor([0.0, 1.0]))[0].shape == (
        1,
        1,
    )


# Fitting


def test_smooth_curve() -> None:
    x = torch.tensor([0, math.pi / 4, 3], dtype=F64)
    expected = torch.tensor([0, math.pi / 12 + 1, 1 + math.sin(6)], dtype=F64)
    assert_close(m.smooth_curve(x), expected)


def test_rmse() -> None:
    assert m.rmse(torch.tensor([1.0, 5.0]), torch.tensor([4.0, 1.0])) == pytest.approx(
        math.sqrt(12.5)
    )


def test_line_fit_is_numpys() -> None:
    g = torch.Generator().manual_seed(3)
    x, y = torch.randn(2, 20, generator=g, dtype=F64) + 1
    slope, intercept = np.polyfit(x, y, 1)
    assert_close(m.line_fit(x, y), intercept + slope * x)


def start(x: Tensor, y: Tensor, chosen: list[int]) -> list[Tensor]:
    W, b_vec, c, b = m.ramps(x[chosen], y[chosen])
    return [W / 2, b_vec / 2, c, b]


def test_fit_starts_at_the_ramps() -> None:
    x = torch.linspace(0, 6, 11, dtype=F64)
    y = m.smooth_curve(x)
    for ours, expected in zip(
        m.fit(x, y, 5, steps=0), start(x, y, [0, 2, 4, 6, 8, 10]), strict=True
    ):
        assert_close(ours, expected)
        assert not ours.requires_grad


def test_fits_steps_are_adams() -> None:
    x = torch.linspace(0, 6, 11, dtype=F64)
    y = m.smooth_curve(x)
    theirs = [p.requires_grad_() for p in start(x, y, [0, 5, 10])]
    adam = torch.optim.Adam(theirs, lr=0.03)
    for step in range(4):
        adam.param_groups[0]["lr"] = 0.03 * (1 - 0.99 * step / 4)
        adam.zero_grad()
        prediction = (
            theirs[3] + torch.sigmoid(x[:, None] @ theirs[0].T + theirs[1]) @ theirs[2]
        )
        torch.nn.functional.mse_loss(prediction, y).backward()
        adam.step()
    for ours, expected in zip(m.fit(x, y, 2, steps=4), theirs, strict=True):
        assert_close(ours, expected.detach(), rtol=1e-9, atol=1e-9)


def test_fit_takes_1000_steps_unless_told() -> None:
    assert inspect.signature(m.fit).parameters["steps"].default == 1000


# What main finds


def test_values_are_plain_and_finite(run: Run) -> None:
    for value in run.values.values():
        for number in value if isinstance(value, list) else [value]:
            assert type(number) in (int, float)
            assert math.isfinite(number)


def test_hard_sigmoid_is_0_069_away(run: Run) -> None:
    assert run.values["hard_gap"] == pytest.approx(0.06918, abs=1e-5)
    assert run.values["hard_gap_at"] == pytest.approx(1.31696, abs=1e-4)


def test_ramps_are_exact(run: Run) -> None:
    assert run.values["ramp_error"] < 1e-14
    assert run.values["constant"] == 0.5
    assert run.values["ramps"] == 3


def test_network_by_hand(run: Run) -> None:
    v = run.values
    assert v["r"] == [5.0, -3.0, 2.5]
    a = [1 / (1 + math.exp(-r)) for r in v["r"]]
    assert v["a"] == pytest.approx(a, abs=1e-6)
    assert v["y"] == pytest.approx(0.5 + 2 * a[0] - a[1] + 0.5 * a[2], abs=1e-6)
    assert v["y_sums"] == pytest.approx(v["y"], abs=1e-6)
    assert v["theta_size"] == 16


def test_more_sigmoids_fit_better(run: Run) -> None:
    v = run.values
    assert v["numbers"] == [1, 2, 4, 8, 16, 32]
    assert v["parameters"] == [4, 7, 13, 25, 49, 97]
    assert all(b < 0.8 * a for a, b in zip(v["errors"], v["errors"][1:], strict=False))
    assert v["errors"][-1] < v["errors"][0] / 50
    assert v["errors"][0] < v["line_error"]
    assert all(f < r for f, r in zip(v["errors"], v["ramp_errors"], strict=True))
    assert [v[f"error_{k}"] for k in v["numbers"]] == v["errors"]


def test_output_fits_the_page(run: Run) -> None:
    lines = run.printed.splitlines()
    assert max(map(len, lines)) <= 72
    assert any(line.split()[:1] == ["32"] for line in lines)


# Figures


def test_every_axis_is_labelled(run: Run) -> None:
    diagrams = {"plot_network", "plot_function"}
    assert set(run.figures) == {n for n in vars(m) if n.startswith("plot_")}
    for name in set(run.figures) - diagrams:
        for ax in run.figures[name].axes:
            spot = ax.get_subplotspec()
            assert spot is not None
            assert ax.get_ylabel() or not spot.is_first_col()
            assert ax.get_xlabel() or not spot.is_last_row()


def lines_of(figure: Figure, panel: int = 0) -> list[np.ndarray]:
    return [
        np.asarray(line.get_ydata(), dtype=float) for line in figure.axes[panel].lines
    ]


def has(figure: Figure, y: Any, panel: int = 0) -> bool:
    y = np.asarray(y, dtype=float)
    return any(
        line.shape == y.shape and np.allclose(line, y)
        for line in lines_of(figure, panel)
    )


def texts(figure: Figure) -> set[str]:
    return {t.get_text() for ax in figure.axes for t in ax.texts}


def test_plot_curve() -> None:
    x = torch.linspace(-1, 1, 9)
    figure = m.plot_curve(x, 2 * x, 0.25, 4.0)
    assert has(figure, 2 * x)
    assert has(figure, [4, 4])
    assert has(figure, [0, 0])
    assert figure.axes[0].get_xticks().tolist() == [0.25]
    assert figure.axes[0].get_yticks().tolist() == [0, 2, 4]


def test_plot_parameters(run: Run) -> None:
    figure, x = run.figures["plot_parameters"], torch.linspace(-6, 6, 241)
    assert len(figure.axes) == 3
    curves = [(3, 0, 1), (1, 3, 1), (1, 0, 1.5)]
    for i, (w, b, c) in enumerate(curves):
        assert len(figure.axes[i].lines) == 3
        assert has(figure, c * torch.sigmoid(w * x + b), i)
    labels = [line.get_label() for line in figure.axes[0].lines]
    assert labels == ["$w = 0.5$", "$w = 1$", "$w = 3$"]


def test_plot_hard() -> None:
    z = torch.linspace(-6, 6, 13)
    figure = m.plot_hard(z, torch.sigmoid(z), z / 12, 1.3)
    assert has(figure, torch.sigmoid(z))
    assert has(figure, z / 12)
    assert has(figure, (torch.sigmoid(z) - z / 12).abs(), 1)


def test_plot_pieces() -> None:
    x, knots = torch.linspace(0, 4, 9), torch.tensor([0.0, 1.0, 3.0])
    pieces = torch.stack([x, -x])
    figure = m.plot_pieces(x, pieces, 2 * x, 0.7, knots)
    assert has(figure, 2 * x)
    assert has(figure, [0, 2, 6])
    assert has(figure, x, 1)
    assert has(figure, -x, 1)
    assert has(figure, np.full(9, 0.7), 1)
    assert texts(figure) == {"constant", "ramp 1", "ramp 2"}


def test_plot_new_model() -> None:
    x = torch.linspace(0, 4, 9)
    figure = m.plot_new_model(x, 3 * x, 0.7, torch.stack([x, -x]), x**2)
    assert has(figure, 3 * x)
    for y in (x, -x, x**2, torch.full((9,), 0.7)):
        assert has(figure, y, 1)
    assert texts(figure) == {"$b$", "$i = 1$", "$i = 2$"}


def test_diagrams_name_every_parameter() -> None:
    weights = {f"$w_{{{i}{j}}}$" for i in (1, 2, 3) for j in (1, 2, 3)}
    vectors = {f"${v}_{i}$" for v in "bc" for i in (1, 2, 3)}
    assert weights | {"$b_1$", "$b_2$", "$b_3$", "$r_3$", "$x_3$"} <= texts(
        m.plot_network()
    )
    assert weights | vectors | {"$b$", "$y$", "$a_2$"} <= texts(m.plot_function())


def test_plot_fits() -> None:
    x = torch.linspace(0, 1, 5)
    fits = [(k, k * x) for k in (1, 2, 4, 8, 16, 32)]
    figure = m.plot_fits(x, -x, fits)
    assert [ax.get_title() for ax in figure.axes][:2] == ["1 sigmoid", "2 sigmoids"]
    for panel, (k, _) in enumerate(fits):
        assert has(figure, -x, panel)
        assert has(figure, k * x, panel)


def test_plot_errors() -> None:
    figure = m.plot_errors([1, 2, 4], [0.3, 0.2, 0.1], [0.6, 0.5, 0.4], 0.7)
    for y in ([0.3, 0.2, 0.1], [0.6, 0.5, 0.4], [0.7, 0.7]):
        assert has(figure, y)
    ax = figure.axes[0]
    assert ax.get_yscale() == "log"
    assert [t.get_text() for t in ax.get_xticklabels()] == ["1", "2", "4"]
    plt.close(figure)
