"""Cross-validation against scikit-learn, NumPy, closed forms and hand-made cases."""

import math
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Rectangle
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.model_selection import KFold
from sklearn.preprocessing import PolynomialFeatures
from torch import Tensor

from assets.figures import cross_validation as drawings
from snippets.cross_validation import (
    LAMBDAS,
    UNTUNED,
    choose,
    coin_scores,
    cross_validate,
    fit,
    folds,
    load,
    most_correlated,
    one_standard_error,
    polynomial,
    recipes,
    retrained,
    rmse,
    rounds,
    selected_accuracy,
    shuffled_rounds,
    shuffles,
    split,
    validation_curve,
    winners,
)
from tests.snippets.draws import randn64, seeded

close = torch.testing.assert_close
SETTINGS = settings(max_examples=25, deadline=None)


def _data(N: int = 30, d: int = 3, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Return features of unlike scales, and targets that are bent in the first."""
    X = 5 + randn64(N, d, seed=seed) * torch.arange(1, d + 1)
    noise = randn64(N, seed=seed + 1)
    return X, 7 + 2 * X[:, 0] + (X[:, 0] - 5) ** 2 + 0.3 * noise


def _ridge(X: Tensor, y_hat: Tensor, new: Tensor, degree: int, lam: float) -> Tensor:
    """Return scikit-learn's predictions for new features."""
    mean, std = X.numpy().mean(0), X.numpy().std(0, ddof=1)
    terms = PolynomialFeatures(degree, include_bias=False)
    model = Ridge(alpha=lam).fit(
        terms.fit_transform((X.numpy() - mean) / std), y_hat.numpy()
    )
    return torch.tensor(
        model.predict(terms.transform((new.numpy() - mean) / std)), dtype=torch.float64
    )


# The data and their parts


def test_the_patients_are_in_raw_units() -> None:
    X, y_hat = load()
    assert X.shape == (442, 10)
    assert y_hat.shape == (442,)
    assert X.dtype == y_hat.dtype == torch.float64
    assert (X[:, 0].min().item(), X[:, 0].max().item()) == (19, 79)  # age
    assert (y_hat.min().item(), y_hat.max().item()) == (25, 346)


def test_shuffles_are_permutations_and_repeat() -> None:
    orders = shuffles(4, 9, seeded())
    assert orders.shape == (4, 9)
    assert orders.dtype == torch.int64
    assert torch.equal(orders.sort(dim=1).values, torch.arange(9).expand(4, 9))
    assert len(orders.unique(dim=0)) == 4
    assert torch.equal(orders, shuffles(4, 9, seeded()))
    assert not torch.equal(orders, shuffles(4, 9, seeded(1)))


@SETTINGS
@given(st.integers(1, 20), st.integers(0, 20), st.integers(0, 20))
def test_a_split_has_every_example_once(training: int, held: int, test: int) -> None:
    N = training + held + test
    parts = split(N, held, test, seeded())
    assert [len(part) for part in parts] == [training, held, test]
    assert sorted(torch.cat(parts).tolist()) == list(range(N))


def test_a_split_is_shuffled() -> None:
    train, validate, test = split(60, 20, 10, seeded())
    assert train.tolist() != sorted(train.tolist())
    assert torch.cat([train, validate, test]).tolist() != list(range(60))
    again = split(60, 20, 10, seeded())
    assert [part.tolist() for part in again] == [
        train.tolist(),
        validate.tolist(),
        test.tolist(),
    ]


@pytest.mark.parametrize("held", [(0, 5), (3, 2), (5, 5), (-1, 2), (2, -1)])
def test_a_split_leaves_somebody_to_train_on(held: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match=f"{held[0]} \\+ {held[1]} of 5 leave"):
        split(5, *held, seeded())


def test_folds_and_rounds_are_scikit_learns() -> None:
    for N in range(2, 14):
        for K in range(2, N + 1):
            expected = list(KFold(K).split(np.zeros(N)))
            assert len(folds(N, K)) == len(rounds(N, K)) == K
            for part, (train, validate), (theirs, held) in zip(
                folds(N, K), rounds(N, K), expected, strict=True
            ):
                assert part.tolist() == validate.tolist() == held.tolist()
                assert train.tolist() == theirs.tolist()
    assert [len(part) for part in folds(10, 3)] == [4, 3, 3]


@pytest.mark.parametrize(("N", "K"), [(5, 1), (5, 6), (5, 0), (5, -2), (1, 1)])
def test_too_few_or_too_many_parts_are_refused(N: int, K: int) -> None:
    with pytest.raises(ValueError, match=f"K = {K} parts of N = {N} examples"):
        folds(N, K)


# Ridge regression


@pytest.mark.parametrize("degree", [0, 1, 2, 3])
@pytest.mark.parametrize("Z", [randn64(5, 3), torch.zeros(4, 2).double()])
def test_the_polynomial_is_scikit_learns(degree: int, Z: Tensor) -> None:
    found = polynomial(Z, degree)
    expected = PolynomialFeatures(degree).fit_transform(Z.numpy())
    assert found.dtype == torch.float64
    close(found, torch.tensor(expected))


@pytest.mark.parametrize("degree", [0, 1, 2])
@pytest.mark.parametrize("lam", [0.0, 0.3, 20.0])
def test_the_closed_form_is_scikit_learns(degree: int, lam: float) -> None:
    X, y_hat = _data()
    new = 5 + randn64(7, 3, seed=9)
    found = fit(X, y_hat, degree, lam)(new)
    assert found.shape == (7,)
    assert found.dtype == torch.float64
    if degree:
        expected = _ridge(X, y_hat, new, degree, lam)
        close(found, expected, rtol=1e-10, atol=0)  # float64 all the way
    else:
        close(found, y_hat.mean().expand(7))
    close(fit(X, 0 * y_hat, degree, lam)(new), torch.zeros(7).double())


def test_without_a_penalty_it_is_least_squares() -> None:
    X, y_hat = _data(N=12)
    expected = LinearRegression().fit(X.numpy(), y_hat.numpy()).predict(X.numpy())
    close(fit(X, y_hat, 1, 0)(X), torch.tensor(expected))


@SETTINGS
@given(st.floats(-100, 100), st.floats(0.1, 10), st.floats(0, 50))
def test_units_do_not_matter_and_the_constant_is_free(
    shift: float, factor: float, lam: float
) -> None:
    X, y_hat = _data(N=15, d=2)
    plain = fit(X, y_hat, 2, lam)(X)
    other = factor * X + shift
    found = fit(other, y_hat + shift, 2, lam)(other)
    close(found, plain + shift, atol=1e-6, rtol=1e-6)


def test_an_enormous_penalty_leaves_the_mean() -> None:
    X, y_hat = _data(N=15)
    close(fit(X, y_hat, 1, 1e12)(X), y_hat.mean().expand(15))


def test_the_error_is_in_the_units_of_the_target() -> None:
    y_hat = randn64(8)
    close(rmse(y_hat + 3, y_hat).item(), 3.0)
    assert rmse(y_hat, y_hat).item() == 0
    y = randn64(8, seed=1)
    expected = np.sqrt(np.mean((y.numpy() - y_hat.numpy()) ** 2))
    close(rmse(y, y_hat), torch.tensor(expected))


# Cross-validation


@pytest.mark.parametrize(("degree", "K"), [(1, 3), (2, 4), (1, 7)])
def test_every_round_trains_anew_and_scales_anew(degree: int, K: int) -> None:
    X, y_hat = _data(N=31)
    found = cross_validate(X, y_hat, degree, 0.5, K)
    expected = []
    for train, held in KFold(K).split(X.numpy()):
        y = _ridge(X[train], y_hat[train], X[held], degree, 0.5)
        expected.append(rmse(y, y_hat[held]))
    assert found.shape == (K,)
    assert found.dtype == torch.float64
    close(found, torch.stack(expected))


def test_many_orders_at_once() -> None:
    X, y_hat = _data(N=20)
    orders = shuffles(3, 20, seeded())
    found = shuffled_rounds(X, y_hat, orders, 2, 0.7, 4)
    assert found.shape == (3, 4)
    for row, order in zip(found, orders, strict=True):
        close(row, cross_validate(X[order], y_hat[order], 2, 0.7, 4))


def test_many_strengths_at_once() -> None:
    X, y_hat = _data(N=20)
    found = validation_curve(X, y_hat, 2, 4)
    assert found.shape == (len(LAMBDAS), 4)
    for row, lam in zip(found, LAMBDAS, strict=True):
        expected = cross_validate(X, y_hat, 2, lam, 4)
        close(row, expected, rtol=1e-12, atol=0)  # float64 all the way


def test_the_strengths_go_up_by_equal_factors() -> None:
    assert (LAMBDAS[0], LAMBDAS[-1]) == (0.1, 10_000)
    assert np.diff(np.log10(LAMBDAS)) == pytest.approx([0.5] * 10)


@pytest.mark.parametrize(
    ("errors", "chosen"),
    [
        ([[3.0, 5.0], [1.0, 6.0], [4.0, 4.5]], 1),
        ([[2.0, 2.0], [3.0, 1.0]], 0),  # a tie: the first
        ([[0.0, 0.0]], 0),
        ([[1.0, 9.0], [4.0, 5.0]], 1),  # not the one with the smallest part
    ],
)
def test_the_smallest_average_is_chosen(errors: list[list[float]], chosen: int) -> None:
    assert choose(torch.tensor(errors)) == chosen


@pytest.mark.parametrize(
    ("averages", "chosen"),
    [
        ([5.0, 3.0, 3.9, 4.1], 2),  # within 1 of the smallest
        ([5.0, 3.0, 4.0, 4.1], 2),  # at the limit
        ([3.0, 5.0, 3.5, 5.0], 2),  # not all in between need be
        ([3.0, 5.0, 6.0], 0),
        ([6.0, 5.0, 3.0], 2),
    ],
)
def test_one_standard_error(averages: list[float], chosen: int) -> None:
    off = torch.tensor([3.0, -1.0, -1.0, -1.0])  # standard deviation 2, over √4: 1
    rows = torch.tensor(averages).double()[:, None] + off.double()
    assert one_standard_error(rows) == chosen


def test_the_spread_that_counts_is_that_of_the_smallest() -> None:
    exact, wide = [3.0, 3.0, 3.0], [0.0, 4.0, 8.0]
    assert one_standard_error(torch.tensor([exact, wide])) == 0
    assert one_standard_error(torch.tensor([[2.0, 4.0, 9.0], [5.5] * 3])) == 1


@pytest.mark.parametrize("bent", [True, False])
def test_recipes_hold_the_choice_first(bent: bool) -> None:
    X, y_hat = _data(N=40)
    y_hat = y_hat if bent else 2 * X[:, 0] + 3 * randn64(40, seed=5)
    found = recipes(X, y_hat, 4)
    averages = {
        (degree, lam): cross_validate(X, y_hat, degree, lam, 4).mean().item()
        for degree in (1, 2)
        for lam in LAMBDAS
    }
    best = min(averages, key=averages.__getitem__)
    assert best[0] == (2 if bent else 1)
    quadratic = min(LAMBDAS, key=lambda lam: averages[2, lam])
    careful = one_standard_error(validation_curve(X, y_hat, best[0], 4))
    assert found == {
        "chosen": best,
        "one standard error": (best[0], LAMBDAS[careful]),
        "linear, λ = 1": (1, UNTUNED),
        "quadratic, λ = 1": (2, UNTUNED),
        "quadratic, λ chosen": (2, quadratic),
    }
    assert UNTUNED == 1


# Leakage


@pytest.mark.parametrize("count", [1, 3, 6])
def test_the_most_correlated_features_are_numpys(count: int) -> None:
    X, labels = randn64(20, 6) * torch.arange(1, 7) + 4, randn64(20, seed=1)
    X[:, 2] -= 3 * labels  # a negative correlation counts as well
    r = [np.corrcoef(column, labels)[0, 1] for column in X.T.numpy()]
    expected = np.argsort(-np.abs(r))[:count]
    assert most_correlated(X, labels, count).tolist() == expected.tolist()
    assert expected[0] == 2


def _selected(X: Tensor, labels: Tensor, count: int, K: int, leak: bool) -> float:
    """Do the same by hand, with NumPy."""
    x, y, right = X.numpy(), labels.numpy(), []
    for train, held in KFold(K).split(x):
        seen = np.arange(len(x)) if leak else train
        r = [abs(np.corrcoef(column[seen], y[seen])[0, 1]) for column in x.T]
        picked = x[:, np.argsort(r)[-count:]]
        means = [picked[train][y[train] == label].mean(0) for label in (0, 1)]
        away = [((picked[held] - mean) ** 2).sum(1) for mean in means]
        right.append(np.mean((away[1] < away[0]) == y[held]))
    return float(np.mean(right))


@pytest.mark.parametrize("leak", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_selected_accuracy_by_hand(leak: bool, seed: int) -> None:
    X, labels = randn64(23, 40, seed=seed), (randn64(23, seed=seed + 9) > 0).double()
    found = selected_accuracy(X, labels, 5, 4, leak)
    assert found == pytest.approx(_selected(X, labels, 5, 4, leak))


def test_a_true_signal_is_found_without_a_leak() -> None:
    X, labels = randn64(40, 50), (randn64(40, seed=1) > 0).double()
    X[:, 7] += 9 * labels
    assert selected_accuracy(X, labels, 1, 5, leak=False) == 1


def test_leakage_makes_noise_look_like_a_signal() -> None:
    found = []
    for seed in range(12):
        X, labels = randn64(40, 500, seed=seed), (torch.arange(40) % 2).double()
        ways = (False, True)
        found.append([selected_accuracy(X, labels, 15, 5, leak) for leak in ways])
    honest, leaky = np.mean(found, axis=0)
    assert abs(honest - 0.5) < 0.12
    assert leaky > honest + 0.25


# The winner's score


def test_coins_score_like_a_binomial() -> None:
    scores = coin_scores(4000, 25, seeded())
    assert scores.shape == (4000,)
    assert scores.dtype == torch.float64
    close(scores.mean().item(), 0.5, atol=0.01, rtol=0)
    close(scores.std().item(), 1 / (2 * math.sqrt(25)), atol=0.01, rtol=0)
    close(scores * 25, (scores * 25).round())
    assert torch.equal(scores, coin_scores(4000, 25, seeded()))


def test_all_coins_answer_the_same_questions() -> None:
    """One question: whoever flips its answer is right, and that is about half."""
    scores = coin_scores(1000, 1, seeded())
    assert sorted(scores.unique().tolist()) == [0, 1]
    assert 0.4 < scores.mean() < 0.6


def test_the_winner_is_the_best_in_public_so_far() -> None:
    public = torch.tensor([0.5, 0.4, 0.7, 0.7, 0.9])
    private = torch.tensor([0.1, 0.2, 0.3, 0.4, 0.0])
    found = winners(public, private, [1, 2, 3, 4, 5])
    assert found.shape == (5, 2)
    expected = [[0.5, 0.1], [0.5, 0.1], [0.7, 0.3], [0.7, 0.3], [0.9, 0.0]]
    close(found, torch.tensor(expected))


@SETTINGS
@given(st.lists(st.floats(0, 1), min_size=4, max_size=9))
def test_a_winner_never_gets_worse_in_public(scores: list[float]) -> None:
    public = torch.tensor(scores)
    best = winners(public, -public, [1, 2, 4])
    assert best[:, 0].tolist() == [public[:count].max().item() for count in (1, 2, 4)]
    close(best[:, 1], -best[:, 0])


def test_models_retrained_on_draws() -> None:
    X, y_hat = _data(N=25)
    draws = shuffles(4, 12, seeded())[:, :8]
    parts = [torch.arange(12, 18), torch.arange(18, 25)]
    found = retrained(X, y_hat, draws, parts)
    assert found.shape == (2, 4)
    for errors, part in zip(found, parts, strict=True):
        for error, draw in zip(errors, draws, strict=True):
            y = _ridge(X[draw], y_hat[draw], X[part], 1, 1.0)
            close(error, rmse(y, y_hat[part]))


def test_a_winner_of_real_models_is_too_good_to_be_true() -> None:
    X, y_hat = load()
    gaps = []
    for seed in range(8):
        train, *parts = split(len(X), 50, 192, seeded(seed))
        draws = train[shuffles(100, 200, seeded(seed))[:, :50]]
        seen, fresh = retrained(X, y_hat, draws, parts)
        best = seen.argmin()
        gaps.append((fresh[best] - fresh.mean() - seen[best] + seen.mean()).item())
    assert np.mean(gaps) > 2  # the best gains less on fresh patients than it seems to


# The drawings


def _texts(figure: Figure) -> dict[str, tuple[float, float]]:
    (ax,) = figure.axes
    return {text.get_text(): text.get_position() for text in ax.texts}


def test_sets_are_drawn_in_proportion() -> None:
    figure = drawings.sets(SimpleNamespace(sizes=[60, 30, 10]))
    (ax,) = figure.axes
    boxes = [p for p in ax.patches if isinstance(p, Rectangle) and p.get_fill()]
    widths = np.array([box.get_width() for box in boxes[::2]])
    np.testing.assert_allclose(widths / widths.sum(), [0.6, 0.3, 0.1])
    places = _texts(figure)
    for name, size in ("train", "60"), ("validate", "30"), ("test", "10"):
        assert places[name][0] == places[size][0]  # the size above its box
    plt.close(figure)


@pytest.mark.parametrize("chosen", [0, 1, 2])
def test_three_rounds_show_who_validates_and_what_is_chosen(chosen: int) -> None:
    errors = torch.tensor([[1.0, 2.0, 3.3], [4.0, 5.0, 7.2], [6.0, 8.0, 9.1]])
    errors = errors.roll(chosen, 0)
    run = SimpleNamespace(fold_errors=errors, names=["a", "b", "c"])
    figure = drawings.three_rounds(run)
    (ax,) = figure.axes
    held = [t.get_position() for t in ax.texts if t.get_text() == "validate"]
    assert len(held) == 3
    steps = np.diff(held, axis=0)
    assert (steps[:, 0] > 0).all()  # one part further to the right,
    assert (steps[:, 1] < 0).all()  # one round further down
    places = _texts(figure)
    for name, row in zip("abc", errors.tolist(), strict=True):
        x, y = places[name]
        for text in [f"{error:.1f}" for error in (*row, sum(row) / 3)]:
            assert places[text][0] == x
            assert places[text][1] < y
            y = places[text][1]
    (frame,) = [p for p in ax.patches if isinstance(p, FancyBboxPatch)]
    box = frame.get_bbox()
    average = errors.mean(dim=1).min().item()
    assert box.contains(*places[f"{average:.1f}"])
    plt.close(figure)
