"""Overfitting: data, models and measures against PyTorch, SciPy's rules and NumPy."""

import math

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from torch import Tensor, nn

from snippets import overfitting
from snippets.overfitting import (
    augment,
    basis,
    coarse,
    convolutional,
    dense,
    evaluate,
    fit,
    load,
    measure,
    noisy_points,
    parameter_count,
    part,
    rmse,
    shift,
    sweep,
    train,
    train_stopping_early,
)
from tests.snippets.runs import Run


def _few(n: int = 40) -> overfitting.Data:
    return part(load(0)[0], 0, n)


def test_training_and_testing_digits_are_apart() -> None:
    (X, y), (X_test, y_test) = load(3)
    assert X.shape == (600, 64)
    assert X_test.shape == (1197, 64)
    assert y.shape == (600,)
    assert X.dtype == torch.float32
    assert 0 <= X.min() < X.max() == 1
    rows = [tuple(row) for row in torch.cat([X, X_test]).tolist()]
    assert len(set(rows)) == len(rows)
    assert set(y.tolist()) == set(y_test.tolist()) == set(range(10))
    assert torch.equal(load(3)[0][0], X)
    assert not torch.equal(load(4)[0][0], X)


def test_a_part_is_a_slice_of_both() -> None:
    X, y = torch.arange(12.0).reshape(6, 2), torch.arange(6)
    found = part((X, y), 2, 5)
    assert torch.equal(found[0], X[2:5])
    assert torch.equal(found[1], y[2:5])


@pytest.mark.parametrize("move", [(0, 0), (-1, 0), (1, 0), (0, -1), (0, 1)])
def test_a_shift_is_numpys_roll_with_an_empty_edge(move: tuple[int, int]) -> None:
    image = torch.rand(2, 8, 8, dtype=torch.float64) + 0.1
    expected = np.roll(image.numpy(), move, axis=(1, 2))
    rows, columns = move
    if rows:
        expected[:, 0 if rows > 0 else -1] = 0
    if columns:
        expected[:, :, 0 if columns > 0 else -1] = 0
    found = shift(image.reshape(2, 64), *move)
    assert found.dtype == torch.float64
    torch.testing.assert_close(found.reshape(2, 8, 8), torch.tensor(expected))


def test_augmentation_makes_five_of_each_and_keeps_the_label() -> None:
    X, y = _few(7)
    X5, y5 = augment((X, y))
    assert X5.shape == (35, 64)
    assert torch.equal(X5[:7], X)
    assert torch.equal(y5.reshape(5, 7), y.expand(5, 7))
    for k, move in enumerate(((0, 0), (-1, 0), (1, 0), (0, -1), (0, 1))):
        assert torch.equal(X5[7 * k : 7 * k + 7], shift(X, *move))


def test_coarse_pixels_are_average_pooling() -> None:
    X, y = _few(5)
    found, labels = coarse((X, y))
    pooled = nn.functional.avg_pool2d(X.reshape(-1, 1, 8, 8), 2).reshape(-1, 16)
    torch.testing.assert_close(found, pooled)
    assert torch.equal(labels, y)


def test_models_have_the_layers_they_should() -> None:
    assert parameter_count(dense(8)) == 65 * 8 + 9 * 10
    assert parameter_count(dense(64, features=16)) == 17 * 64 + 65 * 10
    assert parameter_count(convolutional()) == 10 * 12 + 109 * 10
    x = torch.rand(3, 64)
    assert dense(8)(x).shape == convolutional()(x).shape == (3, 10)
    assert next(m.p for m in dense(4) if isinstance(m, nn.Dropout)) == 0
    assert next(m.p for m in dense(4, dropout=0.5) if isinstance(m, nn.Dropout)) == 0.5


def test_a_step_of_training_is_adams() -> None:
    torch.manual_seed(0)
    model, data = dense(4), _few()
    other = dense(4)
    other.load_state_dict(model.state_dict())
    train(model, data, steps=1, decay=0.1)
    optimizer = torch.optim.Adam(other.parameters(), lr=0.01)
    loss = nn.functional.cross_entropy(other(data[0]), data[1])
    loss = loss + 0.1 * sum((p**2).sum() for p in other.parameters())
    loss.backward()
    optimizer.step()
    for ours, theirs in zip(model.parameters(), other.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs)


def test_training_is_watched_at_every_step_and_at_the_end() -> None:
    seen: list[int] = []
    train(dense(4), _few(), steps=3, watch=seen.append)
    assert seen == [0, 1, 2, 3]


def test_decay_makes_weights_smaller() -> None:
    sizes = []
    for decay in (0.0, 0.05):
        torch.manual_seed(0)
        model = dense(16)
        train(model, _few(), steps=60, decay=decay)
        sizes.append(sum(p.square().sum().item() for p in model.parameters()))
    assert sizes[1] < 0.5 * sizes[0]


def test_evaluation_is_without_dropout_and_without_gradients() -> None:
    torch.manual_seed(0)
    model, (X, y) = dense(64, dropout=0.5), _few()
    loss, accuracy = evaluate(model, (X, y))
    assert (loss, accuracy) == evaluate(model, (X, y))
    z = model(X)
    assert loss == pytest.approx(nn.functional.cross_entropy(z, y).item())
    assert accuracy == pytest.approx((z.argmax(1) == y).double().mean().item())
    assert not model.training


def test_early_stopping_goes_back_to_the_best_step() -> None:
    torch.manual_seed(0)
    model, data, validation = dense(64), _few(), part(load(0)[0], 150, 200)
    first = {name: value.clone() for name, value in model.state_dict().items()}
    step = train_stopping_early(model, data, validation)
    stopped, _ = evaluate(model, validation)
    losses: list[float] = []
    model.load_state_dict(first)
    train(model, data, watch=lambda _: losses.append(evaluate(model, validation)[0]))
    assert len(losses) == 151
    assert step == int(np.argmin(losses))
    assert stopped == pytest.approx(min(losses))
    assert losses[-1] > stopped


def test_a_measure_has_a_row_a_run() -> None:
    def remedy(
        data: overfitting.Data, test: overfitting.Data
    ) -> tuple[nn.Module, overfitting.Data]:
        return dense(4), part(test, 0, 50)

    found = measure(remedy, 2)
    assert found.shape == (2, 2)
    assert torch.equal(found, measure(remedy, 2))
    assert not torch.equal(found[0], found[1])


def test_the_basis_is_numpys_chebyshev() -> None:
    x = torch.linspace(-1, 1, 9, dtype=torch.float64)
    expected = np.polynomial.chebyshev.chebvander(x.numpy(), 5)
    torch.testing.assert_close(basis(x, 5), torch.tensor(expected))


def test_a_fit_is_numpys_least_squares() -> None:
    x, y = noisy_points(15, torch.Generator().manual_seed(1))
    w = fit(x, y, 4)
    expected = np.polynomial.Chebyshev.fit(x, y, 4, domain=(-1, 1)).coef
    torch.testing.assert_close(w, torch.tensor(expected))
    predicted = np.polynomial.chebyshev.chebval(x.numpy(), expected)
    error = math.sqrt(np.mean((predicted - y.numpy()) ** 2))
    assert rmse(x, y, w) == pytest.approx(error)


def test_the_points_are_a_noisy_sine() -> None:
    x, y = noisy_points(20_000, torch.Generator().manual_seed(0))
    assert x.dtype == torch.float64
    assert -1 <= x.min() < -0.99 < 0.99 < x.max() < 1
    assert (y - torch.sin(3 * x)).std().item() == pytest.approx(0.3, rel=0.03)


def test_more_complex_is_closer_in_training_and_worse_in_testing() -> None:
    low, high = sweep(range(11), 15, 60)
    assert low.shape == high.shape == (11,)
    assert (low.diff() <= 1e-12).all()
    best = int(high.argmin())
    assert 2 <= best <= 5
    assert high[0] > 1.5 * high[best]
    assert high[-1] > 3 * high[best]


class TestMain:
    def test_the_plain_model_overfits(self, run: Run) -> None:
        assert run.values["train_loss"] < 0.05 * run.values["test_loss"]
        assert run.values["best_loss"] < 0.95 * run.values["test_loss"]
        assert 0 < run.values["best_update"] < 150

    def test_more_data_sharing_and_decay_help(self, run: Run) -> None:
        assert run.values["more_data_loss"] < 0.7 * run.values["plain_loss"]
        assert run.values["more_data_accuracy"] > run.values["plain_accuracy"] + 0.02
        assert run.values["shared_parameters_loss"] < 0.9 * run.values["plain_loss"]
        assert run.values["regularization_loss"] < 0.95 * run.values["plain_loss"]

    def test_too_few_parameters_or_features_do_not(self, run: Run) -> None:
        for name in ("fewer_parameters", "fewer_features"):
            assert run.values[f"{name}_accuracy"] < run.values["plain_accuracy"] - 0.03

    def test_every_remedy_is_measured(self, run: Run) -> None:
        for remedy in overfitting.REMEDIES:
            assert 0.5 < run.values[f"{remedy.__name__}_accuracy"] < 1
            assert 0 < run.values[f"{remedy.__name__}_loss"] < 2

    def test_the_best_degree_has_the_lowest_testing_error(self, run: Run) -> None:
        assert run.values["best_degree"] == int(np.argmin(run.values["degree_errors"]))


def test_figures_draw_what_was_computed() -> None:
    history = torch.rand(9, 2)
    lines = overfitting.plot_gap(history, 4).axes[0].lines
    for line, column in zip(lines[:2], history.T, strict=True):
        torch.testing.assert_close(torch.as_tensor(line.get_ydata()), column)
    low, high = torch.rand(4), torch.tensor([0.5, 0.2, 0.4, 0.8])
    lines = overfitting.plot_complexity([0, 1, 2, 3], low, high).axes[0].lines
    torch.testing.assert_close(torch.as_tensor(lines[1].get_ydata()), high)
    assert lines[2].get_xdata() == [1]
    results: list[Tensor] = [torch.rand(3, 2) for _ in "ab"]
    axes = overfitting.plot_remedies(["a", "b"], results).axes
    for column, ax in enumerate(axes):
        dots = torch.as_tensor(ax.lines[1].get_xdata())
        torch.testing.assert_close(dots, results[0][:, column])
        means = torch.as_tensor(ax.lines[-1].get_xdata(), dtype=torch.float32)
        expected = torch.stack([result[:, column].mean() for result in results])
        torch.testing.assert_close(means, expected)
    plt.close("all")
