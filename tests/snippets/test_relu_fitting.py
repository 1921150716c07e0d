"""The mathematics of snippets/relu_fitting.py, and what its figures draw."""

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from torch import Tensor, nn
from torch.testing import assert_close

from snippets import relu_fitting as m
from tests.snippets.runs import Run

F64 = torch.float64


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


# Two ReLUs, one hard sigmoid


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_relu_is_pytorchs(dtype: torch.dtype) -> None:
    z = torch.tensor([[-300, -1, 0], [1e-9, 1, 300]], dtype=dtype)
    assert m.relu(z).shape == (2, 3)
    assert m.relu(z).dtype == dtype
    assert_close(m.relu(z), torch.relu(z), rtol=0, atol=0)


@given(st.floats(-20, 20))
def test_hard_sigmoid_and_two_relus_are_pytorchs(z: float) -> None:
    x = torch.tensor([z], dtype=F64)
    expected = nn.functional.hardsigmoid(x)
    assert_close(m.hard_sigmoid(x), expected, rtol=0, atol=1e-14)
    first, second = m.two_relus(x)
    assert_close(first + second, expected, rtol=0, atol=1e-14)
    assert first >= 0 >= second


def test_two_relus_bend_at_3() -> None:
    first, second = m.two_relus(torch.tensor([-4.0, -3, 0, 3, 9]))
    assert_close(first, torch.tensor([0.0, 0, 0.5, 1, 2]))
    assert_close(second, torch.tensor([0.0, 0, 0, 0, -1]))


@given(st.integers(1, 5), st.integers(1, 4), st.integers(0, 50))
def test_model_in_relus_is_the_same_function(k: int, d: int, seed: int) -> None:
    g = generator(seed)
    shapes: list[tuple[int, ...]] = [(k, d), (k,), (k,), ()]
    W, b_vec, c, b = (3 * torch.randn(s, generator=g, dtype=F64) for s in shapes)
    X = 3 * torch.randn(9, d, generator=g, dtype=F64)
    relus = m.to_relus(W, b_vec, c, b)
    assert [tuple(p.shape) for p in relus] == [(2 * k, d), (2 * k,), (2 * k,), ()]
    y = m.predict(X, W, b_vec, c, b, nn.functional.hardsigmoid)
    assert_close(y, b + nn.functional.hardsigmoid(X @ W.T + b_vec) @ c)
    assert y.shape == (9,)
    assert_close(m.predict(X, *relus), y, rtol=0, atol=1e-12)


def test_predict_uses_relu_unless_told() -> None:
    one, zero = torch.ones(1, 1), torch.zeros(1)
    y = m.predict(torch.tensor([[-2.0], [2.0]]), one, zero, one[0], torch.tensor(5.0))
    assert y.tolist() == [5, 7]


# Fitting


def test_smooth_curve() -> None:
    x = torch.tensor([0, math.pi / 4, 3], dtype=F64)
    expected = torch.tensor([0, math.pi / 12 + 1, 1 + math.sin(6)], dtype=F64)
    assert_close(m.smooth_curve(x), expected)


def test_rmse_over_the_last_dimension() -> None:
    predictions = torch.tensor([[1.0, 5.0], [4.0, 2.0]])
    errors = m.rmse(predictions, torch.tensor([4.0, 1.0]))
    assert_close(errors, torch.tensor([12.5, 0.5]).sqrt())


@given(st.lists(st.floats(0.1, 3), min_size=1, max_size=8), st.data())
def test_ramps_draw_the_line(widths: list[float], data: st.DataObject) -> None:
    xs = np.cumsum([0, *widths])
    size = len(xs)
    ys = data.draw(st.lists(st.floats(-5, 5), min_size=size, max_size=size))
    model = m.ramps(torch.tensor(xs), torch.tensor(ys, dtype=F64))
    x = torch.linspace(-1, float(xs[-1]) + 1, 97, dtype=F64)
    y = m.predict(x[:, None], *model, nn.functional.hardsigmoid)
    assert_close(y, torch.from_numpy(np.interp(x, xs, ys)), rtol=0, atol=1e-11)


def small_start() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    knots = torch.tensor([0.0, 2, 6], dtype=F64)
    return m.to_relus(*m.ramps(knots, m.smooth_curve(knots)))


@pytest.mark.parametrize("activation", [torch.relu, torch.sigmoid])
def test_fits_steps_are_adams(activation: Callable[[Tensor], Tensor]) -> None:
    x = torch.linspace(0, 6, 11, dtype=F64)
    y, begin = m.smooth_curve(x), small_start()
    theirs = [p.clone().requires_grad_() for p in begin]
    adam = torch.optim.Adam(theirs, lr=0.03)
    for step in range(4):
        adam.param_groups[0]["lr"] = 0.03 * (1 - 0.99 * step / 4)
        adam.zero_grad()
        a = activation(x[:, None] @ theirs[0].T + theirs[1])
        nn.functional.mse_loss(theirs[3] + a @ theirs[2], y).backward()
        adam.step()
    ours = m.fit(x, y, begin, activation, steps=4)
    for ours_p, theirs_p, begin_p in zip(ours, theirs, begin, strict=True):
        assert_close(ours_p, theirs_p.detach(), rtol=1e-9, atol=1e-9)
        assert not ours_p.requires_grad
        assert not torch.equal(ours_p, begin_p)
    assert_close(begin, small_start())


# Layers


@given(st.lists(st.integers(1, 5), min_size=1, max_size=4), st.integers(1, 4))
def test_network_and_count_are_pytorchs(hidden: list[int], d: int) -> None:
    widths = [d, *hidden, 1]
    modules: list[nn.Module] = []
    for i, k in pairwise(widths):
        modules += [nn.Linear(i, k, dtype=F64), nn.ReLU()]
    theirs = nn.Sequential(*modules[:-1])
    layers = [(f.weight, f.bias) for f in theirs if isinstance(f, nn.Linear)]
    X = torch.randn(7, d, generator=generator(), dtype=F64)
    assert m.network(X, layers).shape == (7,)
    assert_close(m.network(X, layers), theirs(X)[:, 0])
    assert m.count(widths) == sum(p.numel() for p in theirs.parameters())


def test_many_networks_at_once_are_each_their_own() -> None:
    layers = m.initialise([2, 4, 3, 1], 5, generator())
    X = torch.randn(6, 2, generator=generator(1))
    together = m.network(X, layers)
    assert together.shape == (5, 6)
    for s in range(5):
        assert_close(together[s], m.network(X, [(W[s], b[s]) for W, b in layers]))


def test_initialise_has_hes_spread() -> None:
    (W, b), (W_2, b_2) = m.initialise([50, 400, 1], 3, generator())
    assert W.shape == (3, 400, 50)
    assert b.shape == (3, 400)
    assert W_2.shape == (3, 1, 400)
    assert b_2.shape == (3, 1)
    assert W.std().item() == pytest.approx(math.sqrt(2 / 50), rel=0.02)
    assert W_2.std().item() == pytest.approx(math.sqrt(2 / 400), rel=0.1)
    assert b.std().item() == pytest.approx(0.5, rel=0.1)
    assert abs(W.mean().item()) < 0.01
    assert_close(m.initialise([50, 400, 1], 3, generator())[0][0], W)


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_folds_fold_n_times(n: int) -> None:
    x = torch.linspace(0, 1, 129)
    expected = x
    for _ in range(n):
        expected = 1 - (1 - 2 * expected).abs()
    layers = m.folds(n)
    assert_close(m.network(x[:, None], layers), expected, rtol=0, atol=0)
    assert len(layers) == n + 1
    assert all(W.shape[0] == 2 for W, _ in layers[:-1])
    assert m.pieces(expected) == 2**n


def test_folds_refuse_no_fold() -> None:
    with pytest.raises(ValueError, match="n >= 1"):
        m.folds(0)


def test_pieces_of_a_line_and_of_a_bend() -> None:
    x = torch.linspace(0, 1, 11)
    assert m.pieces(3 * x + 1) == 1
    assert m.pieces(x.clamp(min=0.5)) == 2
    assert m.pieces((x - 0.5).abs() + 1e-3 * x) == 2


def test_one_hidden_layer_bends_at_most_once_a_neuron() -> None:
    layers = [(W[0], b[0]) for W, b in m.initialise([1, 7, 1], 1, generator(2))]
    layers = [(W.double(), b.double()) for W, b in layers]
    x = torch.linspace(-3, 3, 601, dtype=F64)
    slopes = m.network(x[:, None], layers).diff()
    bends = (slopes.diff().abs() > 1e-9).int()
    # a bend between two grid points shows in two slopes side by side
    starts = int(((bends[1:] - bends[:-1]) == 1).sum() + bends[0])
    assert 0 < starts <= 7


# Deep against wide


def test_rings() -> None:
    X = torch.tensor([[0.0, 0.0], [0.6, 0.8], [0.0, -0.5], [1 / 3, 0]], dtype=F64)
    expected = torch.tensor([1.0, -1.0, 0.0, -1.0], dtype=F64)
    assert_close(m.rings(X), expected, rtol=0, atol=1e-6)


def test_ridges() -> None:
    g = {-1.0: 0.0, -0.75: 0.5, -0.5: 1.0, 0.0: 0.0, 0.25: 0.5, 0.5: 1.0, 1.0: 0.0}
    for x1, y1 in g.items():
        for x2, y2 in g.items():
            assert m.ridges(torch.tensor([[x1, x2]])).tolist() == [y1 + y2]


def test_training_is_adams_for_each_network_alone() -> None:
    X = 2 * torch.rand(20, 2, generator=generator(3), dtype=F64) - 1
    y = m.rings(X)
    begin = [
        (W.double(), b.double()) for W, b in m.initialise([2, 3, 4, 1], 3, generator())
    ]
    together = m.train(X, y, begin, steps=5)
    for s in range(3):
        theirs = [
            (W[s].clone().requires_grad_(), b[s].clone().requires_grad_())
            for W, b in begin
        ]
        adam = torch.optim.Adam([p for layer in theirs for p in layer], lr=0.02)
        for step in range(5):
            adam.param_groups[0]["lr"] = 0.02 * (1 - 0.99 * step / 5)
            adam.zero_grad()
            a = X
            for W, b in theirs[:-1]:
                a = torch.relu(nn.functional.linear(a, W, b))
            nn.functional.mse_loss(
                nn.functional.linear(a, *theirs[-1])[:, 0], y
            ).backward()
            adam.step()
        for (W, b), (W_s, b_s) in zip(together, theirs, strict=True):
            assert_close(W[s], W_s.detach(), rtol=1e-8, atol=1e-8)
            assert_close(b[s], b_s.detach(), rtol=1e-8, atol=1e-8)
            assert not W.requires_grad


def test_compare_measures_on_new_points(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Tensor] = []

    def untrained(X: Tensor, y: Tensor, layers: m.Layers) -> m.Layers:
        assert_close(y, m.ridges(X))
        seen.append(X)
        return [(0 * W, 0 * b) for W, b in layers]

    monkeypatch.setattr(m, "train", untrained)
    errors, layers = m.compare(m.ridges, [[2, 3, 1], [2, 4, 4, 1]], seeds=4)
    assert errors.shape == (2, 4)
    assert [W.shape[0] for W, _ in layers] == [4, 4, 4]
    assert seen[0].shape == (400, 2)
    assert seen[0].min() < -0.95
    assert seen[0].max() > 0.95
    # predicting 0: sqrt(mean² + variance) / spread, with mean 1 and variance 2 / 12
    assert errors.mean().item() == pytest.approx(
        math.sqrt(1 + 1 / 6) / math.sqrt(1 / 6), rel=0.05
    )


def test_median_network() -> None:
    layers = [(torch.tensor([[[1.0]], [[2.0]], [[3.0]]]), torch.zeros(3, 1))]
    y = m.median_network(
        torch.tensor([[1.0], [4.0]]), layers, torch.tensor([0.5, 0.1, 0.3])
    )
    assert y.tolist() == [3, 12]


# What main finds


def test_values_are_plain_and_finite(run: Run) -> None:
    for value in run.values.values():
        for number in value if isinstance(value, list) else [value]:
            assert type(number) in (int, float)
            assert math.isfinite(number)


def test_two_relus_are_exact(run: Run) -> None:
    assert run.values["two_relus_gap"] < 1e-14
    assert run.values["model_gap"] < 1e-13


def test_more_units_fit_better_and_sigmoids_suit_a_smooth_curve(run: Run) -> None:
    v = run.values
    for errors in (v["sigmoid_errors"], v["relu_errors"]):
        assert all(b < a for a, b in pairwise(errors))
        assert errors[-1] < errors[0] / 5
    assert v["sigmoid_errors"][-1] < v["relu_errors"][-1] / 2
    assert v["sigmoid_parameters"] == [7, 13, 25, 49]
    assert v["relu_parameters"] == [13, 25, 49, 97]


def test_folding_doubles_the_pieces(run: Run) -> None:
    v = run.values
    assert v["depths"] == [1, 2, 3, 4, 5, 6]
    assert v["pieces"] == [2, 4, 8, 16, 32, 64]
    assert v["fold_deep"] == [6 * n + 1 for n in v["depths"]]
    assert v["fold_wide"] == [3 * (p - 1) + 1 for p in v["pieces"]]


def test_deep_suits_rings_and_wide_suits_ridges(run: Run) -> None:
    v = run.values
    pairs = zip(v["parameters_wide"], v["parameters_deep"], strict=True)
    assert all(abs(w - d) <= 0.02 * w for w, d in pairs)
    assert v["rings_deep"][-1] < 0.8 * v["rings_wide"][-1]
    assert v["rings_deep_max"][-1] < v["rings_wide_min"][-1]
    assert v["ridges_wide"][-1] < 0.8 * v["ridges_deep"][-1]
    for name in ("rings_wide", "rings_deep", "ridges_wide", "ridges_deep"):
        triples = zip(v[f"{name}_min"], v[name], v[f"{name}_max"], strict=True)
        assert all(low < middle < high for low, middle, high in triples)


def test_output_fits_the_page(run: Run) -> None:
    assert max(map(len, run.printed.splitlines())) <= 72
    assert "rings, deep    402 parameters" in run.printed


# Figures


def test_every_axis_is_labelled(run: Run) -> None:
    assert set(run.figures) == {n for n in vars(m) if n.startswith("plot_")}
    for name in set(run.figures) - {"plot_same_model", "plot_layers"}:
        for ax in run.figures[name].axes:
            spot = ax.get_subplotspec()
            assert spot is not None
            assert ax.get_ylabel() or not spot.is_first_col()
            assert ax.get_xlabel() or not spot.is_last_row()


def has(figure: Figure, y: Any, panel: int = 0) -> bool:
    y = np.asarray(y, dtype=float)
    drawn = [
        np.asarray(line.get_ydata(), dtype=float) for line in figure.axes[panel].lines
    ]
    return any(line.shape == y.shape and np.allclose(line, y) for line in drawn)


def texts(figure: Figure) -> set[str]:
    return {t.get_text() for ax in figure.axes for t in ax.texts}


def test_plot_relu() -> None:
    x = torch.linspace(-2, 2, 9)
    figure = m.plot_relu(x, torch.relu(x), x, -3 * x)
    assert has(figure, torch.relu(x))
    assert figure.axes[0].get_xticks().tolist() == [0]
    for y in (x, -3 * x, -2 * x):
        assert has(figure, y, 1)
    assert texts(figure) == {"first", "second", "sum"}


def test_diagrams_carry_their_names(run: Run) -> None:
    names = {
        "neuron",
        "layer",
        "hidden layer 1",
        "hidden layer 2",
        "many hidden layers = deep",
    }
    assert names <= texts(run.figures["plot_layers"])
    hinges = len(run.figures["plot_same_model"].axes[0].lines)
    assert hinges == 3 + 6


def test_plot_fits() -> None:
    x = torch.linspace(0, 1, 5)
    figure = m.plot_fits(x, -x, [("one", x), ("two", 2 * x)])
    assert [ax.get_title() for ax in figure.axes] == ["one", "two"]
    for panel in (0, 1):
        assert has(figure, -x, panel)
        assert has(figure, (panel + 1) * x, panel)


def test_plot_errors() -> None:
    figure = m.plot_errors([2, 4], [0.3, 0.1], [0.6, 0.4])
    for line, label, errors in zip(
        figure.axes[0].lines,
        ("$2n$ ReLUs", "$n$ sigmoids"),
        ([0.6, 0.4], [0.3, 0.1]),
        strict=True,
    ):
        assert line.get_label() == label
        assert np.allclose(np.asarray(line.get_ydata()), errors)
    assert figure.axes[0].get_yscale() == "log"


def test_plot_folds() -> None:
    x = torch.linspace(0, 1, 65)
    curves = [m.network(x[:, None], m.folds(n)) for n in (1, 2, 3, 4)]
    figure = m.plot_folds(x, curves)
    assert figure.axes[0].get_title() == "1 layer: 2 pieces"
    assert figure.axes[3].get_title() == "4 layers: 16 pieces"
    assert all(has(figure, y, panel) for panel, y in enumerate(curves))


def test_plot_rings() -> None:
    images = [
        (name, torch.rand(4, 4, generator=generator(i))) for i, name in enumerate("abc")
    ]
    figure = m.plot_rings(images)
    for ax, (name, image) in zip(figure.axes, images, strict=True):
        assert ax.get_title() == name
        assert np.allclose(np.asarray(ax.images[0].get_array()), image.numpy())


def test_rings_are_drawn_upright(run: Run) -> None:
    image = np.asarray(run.figures["plot_rings"].axes[0].images[0].get_array())
    axis = np.linspace(-1, 1, 60)
    expected = np.cos(3 * np.pi * np.hypot(axis[None, :], axis[:, None]))
    assert np.allclose(image, expected, atol=1e-5)


def test_plot_deep_or_wide() -> None:
    errors = torch.tensor([[0.3, 0.1, 0.2], [0.4, 0.6, 0.5]])
    shapes = [("wide", [10, 20], errors), ("deep", [11, 19], errors / 2)]
    figure = m.plot_deep_or_wide([("one", shapes), ("two", shapes)])
    for panel in (0, 1):
        assert has(figure, [0.2, 0.5], panel)
        assert has(figure, [0.1, 0.25], panel)
        assert has(figure, [0.3, 0.4], panel)
    assert [ax.get_title() for ax in figure.axes] == ["one", "two"]
