"""Gradient descent: against autograd, closed forms, scikit-learn and PyTorch's own."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LinearRegression
from torch import Tensor
from torch.nn.functional import l1_loss, mse_loss
from torch.utils.data import DataLoader, TensorDataset

from snippets.gradient_descent import (
    EXAMPLES,
    SETS,
    UPDATES,
    batches,
    daily_views,
    descend,
    errors,
    excess,
    gradient,
    line_data,
    mae,
    many_lines,
    mse,
    nabla,
    past,
    predict,
    runs,
    slope,
    train,
    updates_needed,
    updates_per_epoch,
    valleys,
    valleys_slope,
)
from tests.snippets.draws import randn64

close = torch.testing.assert_close


def _number(value: float) -> Tensor:
    return torch.tensor(value, dtype=torch.float64, requires_grad=True)


def test_the_line_is_noisy_and_repeats() -> None:
    x, y_hat = line_data(5000, seed=0)
    assert x.shape == y_hat.shape == (5000,)
    assert -1 <= x.min() < -0.99 < 0.99 < x.max() <= 1
    noise = y_hat - (1 + 2 * x)
    close(noise.std().item(), 0.3, atol=0.02, rtol=0)
    close(noise.mean().item(), 0.0, atol=0.02, rtol=0)
    assert torch.equal(line_data(5000, seed=0)[1], y_hat)
    assert not torch.equal(line_data(5000, seed=1)[1], y_hat)


def test_the_losses_are_pytorchs() -> None:
    error = randn64(4, 7)
    for own, theirs in ((mse, mse_loss), (mae, l1_loss)):
        assert own(error).shape == (4,)
        expected = torch.stack([theirs(row, torch.zeros_like(row)) for row in error])
        close(own(error), expected)


@pytest.mark.parametrize(("b", "w"), [(0.0, 0.0), (0.7, -1.3), (-2.0, 4.0)])
def test_the_formulas_are_autograds(b: float, w: float) -> None:
    x, y_hat = randn64(9), randn64(9) + 1
    b_free, w_free = _number(b), _number(w)
    mse(b_free + w_free * x - y_hat).backward()
    db, dw = gradient(b_free.detach(), w_free.detach(), x, y_hat)
    assert db.shape == dw.shape == ()
    close(db, b_free.grad)
    close(dw, w_free.grad)
    close(slope(w_free.detach(), x, y_hat, b), w_free.grad)


def test_the_slope_holds_b_at_one() -> None:
    x, y_hat = randn64(9), randn64(9) + 1
    w = torch.tensor(0.4, dtype=torch.float64)
    close(slope(w, x, y_hat), gradient(torch.ones(()).double(), w, x, y_hat)[1])


@pytest.mark.parametrize(("n", "d"), [(1, 1), (7, 3), (20, 2)])
def test_the_gradient_vector_is_autograds(n: int, d: int) -> None:
    X, y_hat = randn64(n, d), randn64(n) + 1
    for theta in (randn64(d), torch.zeros(d, dtype=torch.float64)):
        theta.requires_grad_()
        mse_loss(X @ theta, y_hat).backward()
        found = nabla(theta.detach(), X, y_hat)
        assert found.shape == (d,)
        assert found.dtype == torch.float64
        close(found, theta.grad)


def test_the_gradient_vector_holds_both_formulas() -> None:
    x, y_hat, theta = randn64(6), randn64(6) + 1, randn64(2)
    X = torch.stack([torch.ones_like(x), x], 1)
    close(nabla(theta, X, y_hat), torch.stack(gradient(theta[0], theta[1], x, y_hat)))


def test_many_parameter_vectors_at_once() -> None:
    theta, X, y_hat = randn64(5, 2, 3), randn64(2, 7, 3), randn64(2, 7)
    assert predict(theta, X).shape == (5, 2, 7)
    found = nabla(theta, X, y_hat)
    for rate in range(5):
        for i in range(2):
            close(predict(theta, X)[rate, i], X[i] @ theta[rate, i])
            close(found[rate, i], nabla(theta[rate, i], X[i], y_hat[i]))


@given(rate=st.floats(0, 3), curvature=st.floats(0.1, 2), start=st.floats(-5, 5))
def test_on_a_parabola_every_step_multiplies_the_distance(
    rate: float, curvature: float, start: float
) -> None:
    bottom = 0.5
    path = descend(
        lambda w: curvature * (w - bottom),
        torch.tensor([start], dtype=torch.float64),
        rate,
        updates=6,
    )
    factors = (1 - rate * curvature) ** torch.arange(7, dtype=torch.float64)
    assert path.shape == (7, 1)
    close(path[:, 0] - bottom, (start - bottom) * factors, atol=1e-9, rtol=1e-9)


def test_a_descent_is_sgd() -> None:
    X, y_hat = randn64(20, 3), randn64(20) + 1
    theta = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    path = descend(lambda t: nabla(t, X, y_hat), theta.detach().clone(), 0.1, 15)
    optimizer = torch.optim.SGD([theta], lr=0.1)
    for _ in range(15):
        optimizer.zero_grad()
        mse_loss(X @ theta, y_hat).backward()
        optimizer.step()
    assert path.shape == (16, 3)
    close(path[-1], theta.detach())


def test_a_descent_stops_where_it_is_flat() -> None:
    path = descend(lambda w: 2 * w, torch.tensor(8.0), 0.25, updates=99, stop=1.5)
    assert path.tolist() == [8, 4, 2, 1, 0.5]  # slopes 16, 8, 4, 2 and 1
    assert descend(lambda w: 2 * w, torch.tensor(8.0), 0.25, 0).tolist() == [8]
    assert len(descend(lambda w: 0 * w, torch.tensor(8.0), 0.25, 3)) == 4


def test_the_valleys_slope_is_autograds() -> None:
    w = torch.linspace(-2, 2, 9, dtype=torch.float64, requires_grad=True)
    valleys(w).sum().backward()
    close(valleys_slope(w.detach()), w.grad)


def test_the_left_valley_is_deeper() -> None:
    ends = descend(valleys_slope, torch.tensor([-0.5, 0.5]).double(), 0.05, 500)[-1]
    close(valleys_slope(ends), torch.zeros(2).double(), atol=1e-8, rtol=0)
    assert (3 * ends**2 - 2 > 0).all()  # curved upwards: two minima
    assert valleys(ends[0]) < valleys(ends[1])


def test_views_repeat_every_week() -> None:
    views = daily_views(7 * 100 + 3, seed=0)
    assert views.shape == (703,)
    weekly = views[:700].reshape(100, 7)
    assert weekly.mean(0)[5:].max() + 1 < weekly.mean(0)[:5].min()
    close((weekly - weekly.mean(0)).std().item(), 0.3, atol=0.03, rtol=0)
    assert not torch.equal(daily_views(703, seed=1), views)


def test_the_past_is_the_days_before() -> None:
    views = torch.arange(10.0)
    X, y_hat = past(views, days=3, skip=4)
    assert y_hat.tolist() == [4, 5, 6, 7, 8, 9]
    assert X.shape == (6, 4)
    assert X[0].tolist() == [1, 3, 2, 1]  # 1, then one, two and three days ago
    assert X[-1].tolist() == [1, 8, 7, 6]
    assert past(views, days=3, skip=3)[0].shape == (7, 4)


@pytest.mark.parametrize("days", [1, 7])
def test_the_errors_are_those_of_scikit_learn(days: int) -> None:
    year, new_year = daily_views(730, seed=3).split(365)
    model: LinearRegression | None = None
    expected = []
    for views in (year.numpy(), new_year.numpy()):
        X = [views[t - days : t] for t in range(28, 365)]
        model = model or LinearRegression().fit(X, views[28:])
        expected.append(float(((model.predict(X) - views[28:]) ** 2).mean() ** 0.5))
    found = errors(year, new_year, days)
    assert found.shape == (2,)
    close(found.tolist(), expected, atol=1e-4, rtol=0)


@given(n=st.integers(1, 300), size=st.integers(1, 50), drop_last=st.booleans())
def test_batches_are_those_of_a_data_loader(n: int, size: int, drop_last: bool) -> None:
    generator = torch.Generator().manual_seed(n)
    parts = batches(n, size, generator, drop_last)
    loader = DataLoader(TensorDataset(torch.arange(n)), size, drop_last=drop_last)
    assert [len(part) for part in parts] == [len(batch[0]) for batch in loader]
    assert len(parts) == updates_per_epoch(n, size, drop_last) == len(loader)
    seen = torch.cat(parts).tolist() if parts else []
    assert len(set(seen)) == len(seen)
    if not drop_last:
        assert sorted(seen) == list(range(n))


def test_batches_are_shuffled_anew() -> None:
    generator = torch.Generator().manual_seed(0)
    first, second = (torch.cat(batches(100, 10, generator)) for _ in range(2))
    assert not torch.equal(first, second)
    assert not torch.equal(first, torch.arange(100))


def test_training_is_sgd_on_each_data_set() -> None:
    X, y_hat, etas = (
        randn64(2, 12, 3),
        randn64(2, 12) + 1,
        torch.tensor([0.01, 0.1]).double(),
    )
    path = train(X, y_hat, 5, etas, updates=7, seed=4)
    assert path.shape == (8, 2, 2, 3)
    assert not path[0].any()
    shuffler = torch.Generator().manual_seed(4)
    order = [part for _ in range(3) for part in batches(12, 5, shuffler)][:7]
    theta = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([theta], lr=etas[1].item())
    for part in order:
        optimizer.zero_grad()
        mse_loss(X[0, part] @ theta, y_hat[0, part]).backward()
        optimizer.step()
    close(path[-1, 1, 0], theta.detach())


def test_a_whole_batch_is_gradient_descent() -> None:
    X, y_hat = randn64(1, 12, 3), randn64(1, 12) + 1
    path = train(X, y_hat, 12, torch.tensor([0.1]).double(), updates=5, seed=0)[:, 0, 0]
    start = torch.zeros(3, dtype=torch.float64)
    own = descend(lambda t: nabla(t, X[0], y_hat[0]), start, 0.1, 5)
    close(path, own)


def test_the_excess_is_a_share_of_the_least_loss() -> None:
    X, y_hat = randn64(2, 30, 3), randn64(2, 30) + 1
    model = LinearRegression(fit_intercept=False).fit(X[1], y_hat[1])
    least = float(((model.predict(X[1]) - y_hat[1].numpy()) ** 2).mean())
    theta = randn64(4, 2, 3)
    found = excess(theta, X, y_hat)
    assert found.shape == (4, 2)
    close(found[3, 1], mse_loss(X[1] @ theta[3, 1], y_hat[1]) / least - 1)
    best = torch.from_numpy(model.coef_).expand(2, 3)
    close(excess(best, X, y_hat)[1].item(), 0.0, atol=1e-12, rtol=0)


def test_data_sets_and_orders_differ_in_every_run() -> None:
    X, y_hat = many_lines(seed=2)
    assert X.shape == (SETS, EXAMPLES, 2)
    assert torch.equal(X[..., 0], torch.ones(SETS, EXAMPLES))
    assert torch.equal(y_hat[1], line_data(EXAMPLES, seed=3)[1])
    curves = runs(100, torch.tensor([0.1]), seed=2)
    assert curves.shape == (UPDATES + 1, 1, SETS * SETS)
    close(curves[0, 0, :SETS], excess(torch.zeros(SETS, 2), X, y_hat))
    assert len(curves[1, 0].unique()) == SETS * SETS


def test_a_curve_has_to_stay_below() -> None:
    curve = torch.full((UPDATES + 1,), 0.01)
    assert updates_needed(curve) == 0
    curve[:5] = curve[6] = 0.5
    assert updates_needed(curve) == 5  # 0.5 once in a hundred is 0.0149 on average
    curve[6] = 2.0
    assert updates_needed(curve) == 7
    curve[7:] = 0.03
    assert updates_needed(curve) == UPDATES + 1
