"""Gradient descent: against autograd, closed forms and PyTorch's own loader."""

import math

import matplotlib.pyplot as plt
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor
from torch.utils.data import DataLoader, TensorDataset

from snippets import gradient_descent
from snippets.gradient_descent import (
    batches,
    daily_views,
    descend,
    gradient,
    line_data,
    loss,
    past,
    train,
    updates_per_epoch,
    valleys,
    valleys_slope,
    views_error,
)
from tests.snippets.runs import Run


def _data(n: int, d: int) -> tuple[Tensor, Tensor, Tensor]:
    generator = torch.Generator().manual_seed(n + d)

    def draw(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    return draw(d + 1), draw(n, d), draw(n)


def test_the_line_is_noisy_and_repeats() -> None:
    x, y = line_data(5000)
    assert x.shape == y.shape == (5000,)
    assert x.dtype == y.dtype == torch.float64
    assert -1 <= x.min() < -0.99 < 0.99 < x.max() <= 1
    noise = y - (1 + 2 * x)
    torch.testing.assert_close(noise.std().item(), 0.3, atol=0.02, rtol=0)
    torch.testing.assert_close(noise.mean().item(), 0.0, atol=0.02, rtol=0)
    assert torch.equal(line_data(5000)[1], y)
    assert not torch.equal(line_data(5000, seed=1)[1], y)


@pytest.mark.parametrize(("n", "d"), [(1, 1), (7, 3), (20, 2)])
def test_the_loss_is_pytorchs_and_the_gradient_is_autograds(n: int, d: int) -> None:
    theta, X, y = _data(n, d)
    theta.requires_grad_()
    value = loss(theta, X, y)
    own = torch.nn.functional.mse_loss(X @ theta[1:] + theta[0], y)
    assert value.shape == ()
    torch.testing.assert_close(value, own)
    value.backward()
    found = gradient(theta.detach(), X, y)
    assert found.shape == (d + 1,)
    assert found.dtype == torch.float64
    torch.testing.assert_close(found, theta.grad)


def test_many_parameters_have_many_losses() -> None:
    _, X, y = _data(7, 3)
    thetas = torch.randn(5, 4, dtype=torch.float64)
    losses = loss(thetas, X, y)
    assert losses.shape == (5,)
    for theta, value in zip(thetas, losses, strict=True):
        torch.testing.assert_close(loss(theta, X, y), value)


def test_a_descent_on_a_parabola_is_a_geometric_series() -> None:
    path = descend(lambda w: 2 * w, torch.tensor([3.0]).double(), 0.1, 6)
    expected = 3 * 0.8 ** torch.arange(7, dtype=torch.float64)
    assert path.shape == (7, 1)
    torch.testing.assert_close(path[:, 0], expected)


def test_descent_ends_where_the_closed_form_is() -> None:
    x, y = line_data(50)
    X = x[:, None]
    start = torch.zeros(2, dtype=torch.float64)
    path = descend(lambda t: gradient(t, X, y), start, 0.3, 500)
    best = torch.linalg.lstsq(torch.stack([torch.ones_like(x), x], 1), y).solution
    torch.testing.assert_close(path[-1], best)


@given(st.integers(0, 60), st.integers(1, 20), st.booleans())
def test_batches_are_those_of_a_data_loader(n: int, size: int, drop: bool) -> None:
    found = batches(n, size, torch.Generator().manual_seed(0), drop)
    assert len(found) == updates_per_epoch(n, size, drop)
    if n:
        data = TensorDataset(torch.zeros(n))
        assert len(found) == len(DataLoader(data, batch_size=size, drop_last=drop))
    seen = torch.cat(found).tolist() if found else []
    assert len(set(seen)) == len(seen)
    assert set(seen) <= set(range(n))
    assert len(seen) == (n - n % size if drop else n)
    assert all(len(batch) == size for batch in found[:-1])


def test_by_default_the_last_batch_is_kept() -> None:
    assert len(batches(7, 3, torch.Generator())) == 3
    assert updates_per_epoch(7, 3) == 3
    assert updates_per_epoch(1000, 10) == 100


def test_batches_are_shuffled_anew() -> None:
    generator = torch.Generator().manual_seed(0)
    first, second = (torch.cat(batches(40, 10, generator)) for _ in range(2))
    assert not torch.equal(first, second)
    assert not torch.equal(first, torch.arange(40))


def test_an_empty_batch_is_refused() -> None:
    with pytest.raises(ValueError, match="batch size 0"):
        batches(5, 0, torch.Generator())


def test_training_on_one_whole_batch_is_plain_descent() -> None:
    _, X, y = _data(9, 2)
    losses = train(X, y, 9, 0.05, 4)
    start = torch.zeros(3, dtype=torch.float64)
    path = descend(lambda t: gradient(t, X, y), start, 0.05, 4)
    torch.testing.assert_close(losses, loss(path, X, y))


def test_training_updates_once_a_batch() -> None:
    x, y = line_data(25)
    losses = train(x[:, None], y, 10, 0.05, 4)
    assert losses.shape == (1 + 4 * 3,)
    assert torch.equal(losses, train(x[:, None], y, 10, 0.05, 4))
    assert not torch.equal(losses, train(x[:, None], y, 10, 0.05, 4, seed=1))


def test_the_slope_of_the_valleys_is_autograds() -> None:
    w = torch.linspace(-2, 2, 21, dtype=torch.float64).requires_grad_()
    valleys(w).sum().backward()
    torch.testing.assert_close(valleys_slope(w.detach()), w.grad)


def test_the_left_valley_is_the_deeper_one() -> None:
    w = torch.linspace(-2.5, 2.5, 5001, dtype=torch.float64)
    assert w[valleys(w).argmin()] < 0
    right = w[w > 0.5]
    assert valleys(right).min() > valleys(w).min() + 0.5


def test_views_have_a_week() -> None:
    views = daily_views(350)
    assert views.shape == (350,)
    weeks = views.reshape(50, 7)
    assert weeks[:, 5:].max() < weeks[:, :5].min()
    assert weeks.std(dim=0).max() < 0.5
    assert torch.equal(daily_views(350), views)
    assert not torch.equal(daily_views(350, seed=1), views)
    assert daily_views(10).shape == (10,)


def test_the_past_stands_beside_the_day_after_it() -> None:
    X, y = past(torch.arange(10.0), 3)
    assert X.shape == (7, 3)
    assert torch.equal(X[0], torch.tensor([0.0, 1, 2]))
    assert torch.equal(y, torch.arange(3.0, 10))
    assert torch.equal(X[-1], torch.tensor([6.0, 7, 8]))


def test_the_views_error_is_nearly_that_of_least_squares() -> None:
    views = daily_views(120)
    X, y = past(views, 7)
    A = torch.cat([torch.ones(len(X), 1, dtype=X.dtype), X], 1)
    residual = A @ torch.linalg.lstsq(A, y).solution - y
    best = residual.square().mean().sqrt().item()
    assert best <= views_error(views, 7) < 1.05 * best


class TestMain:
    def test_it_returns_numbers_only(self, run: Run) -> None:
        for value in run.values.values():
            items = value if isinstance(value, list) else [value]
            for item in items:
                assert isinstance(item, int | float)
                assert math.isfinite(item)

    def test_the_right_rate_is_better_than_too_small_or_too_large(
        self, run: Run
    ) -> None:
        small, right, large = run.values["rate_losses"]
        assert right < small / 5 < large / 5
        assert run.values["rates"] == sorted(run.values["rates"])

    def test_the_start_decides_the_valley(self, run: Run) -> None:
        assert run.values["ends"][0] < 0 < run.values["ends"][1]
        assert run.values["end_losses"][0] < run.values["end_losses"][1] - 0.5
        for end in run.values["ends"]:
            slope = valleys_slope(torch.tensor(end, dtype=torch.float64))
            assert abs(slope.item()) < 1e-3

    def test_a_thousand_examples_in_tens_are_a_hundred_updates(self, run: Run) -> None:
        assert run.values["updates"] == 100
        assert run.values["updates_5"] == 500
        assert (run.values["updates_odd"], run.values["updates_dropped"]) == (101, 100)

    def test_many_small_updates_get_further(self, run: Run) -> None:
        assert run.values["batch_loss"] < run.values["whole_loss"] / 2

    def test_seeing_a_week_helps(self, run: Run) -> None:
        errors = dict(zip(run.values["days"], run.values["views_errors"], strict=True))
        assert errors[7] < 0.6 * errors[3] < errors[1]

    def test_the_loss_falls(self, run: Run) -> None:
        assert run.values["loss_end"] < run.values["loss_start"] / 10


def test_figures_draw_what_was_computed() -> None:
    curves = [(name, torch.rand(9) + 0.1) for name in "abc"]
    figure = gradient_descent.plot_learning_rates(curves)
    for line, (_, losses) in zip(figure.axes[0].lines, curves, strict=True):
        torch.testing.assert_close(torch.as_tensor(line.get_ydata()), losses)
    figure = gradient_descent.plot_views(daily_views(60), [1, 7], [0.5, 0.25])
    bars = [plt.getp(bar, "height") for bar in figure.axes[1].patches]
    assert bars == [0.5, 0.25]
    for axes in figure.axes:
        assert axes.get_xlabel()
        assert axes.get_ylabel()
    plt.close("all")
