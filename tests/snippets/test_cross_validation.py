"""Folds and models against scikit-learn's, the lessons by a margin."""

import re
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from sklearn.datasets import load_diabetes
from sklearn.linear_model import Ridge
from sklearn.metrics import root_mean_squared_error
from sklearn.model_selection import KFold
from sklearn.neighbors import NearestCentroid
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    PolynomialFeatures,
    StandardScaler,
)

from snippets import cross_validation as cv
from tests.snippets.runs import Run

sizes = st.integers(2, 200).flatmap(
    lambda n: st.tuples(st.just(n), st.integers(2, min(n, 60)))
)


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def data(n: int, d: int, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    g = generator(seed)
    X = 3 * torch.randn(n, d, generator=g, dtype=torch.float64) + 5
    return X, torch.randn(n, generator=g, dtype=torch.float64) + X[:, 0]


# --- splitting


@given(st.integers(0, 40), st.integers(0, 40), st.integers(1, 40), st.integers(0, 9))
@settings(deadline=None)
def test_split_is_a_shuffled_partition(v: int, t: int, rest: int, seed: int) -> None:
    train, validation, test = cv.split(v + t + rest, v, t, generator(seed))
    assert (len(train), len(validation), len(test)) == (rest, v, t)
    everything = torch.cat([train, validation, test])
    assert everything.dtype == torch.int64
    assert torch.equal(everything.sort().values, torch.arange(v + t + rest))
    expected = torch.randperm(v + t + rest, generator=generator(seed))
    assert torch.equal(everything, expected)


@pytest.mark.parametrize(
    ("v", "t"), [(5, 5), (10, 0), (0, 10), (-1, 3), (3, -1), (9, 9)]
)
def test_split_refuses_to_leave_nothing_to_train_on(v: int, t: int) -> None:
    with pytest.raises(ValueError, match="hold back fewer"):
        cv.split(10, v, t, generator())


@given(sizes)
@settings(max_examples=300, deadline=None)
def test_rounds_are_kfold(size: tuple[int, int]) -> None:
    n, N = size
    ours, theirs = cv.rounds(n, N), list(KFold(N).split(np.zeros(n)))
    assert len(ours) == len(theirs) == N
    for (train, validation), (their_train, their_validation) in zip(
        ours, theirs, strict=True
    ):
        assert train.tolist() == their_train.tolist()
        assert validation.tolist() == their_validation.tolist()


def test_rounds_are_kfold_for_every_small_n_and_N() -> None:
    for n in range(2, 26):
        for N in range(2, n + 1):
            theirs = [(a.tolist(), b.tolist()) for a, b in KFold(N).split(np.zeros(n))]
            assert [(a.tolist(), b.tolist()) for a, b in cv.rounds(n, N)] == theirs


@given(sizes)
@settings(deadline=None)
def test_folds_drop_nothing_and_differ_by_at_most_one(size: tuple[int, int]) -> None:
    n, N = size
    parts = cv.folds(n, N)
    assert torch.cat(parts).tolist() == list(range(n))
    lengths = [len(part) for part in parts]
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[0] - lengths[-1] == (n % N > 0)
    assert lengths.count(n // N + 1) == n % N
    assert all(a[-1] + 1 == b[0] for a, b in pairwise(parts))


@pytest.mark.parametrize(
    ("n", "N"), [(10, 1), (10, 0), (10, -3), (10, 11), (1, 2), (0, 2)]
)
def test_folds_refuse_impossible_numbers(n: int, N: int) -> None:
    with pytest.raises(ValueError, match=f"from 2 to n|N = {N} folds of n = {n}"):
        cv.folds(n, N)


@pytest.mark.parametrize(("n", "N"), [(2, 2), (10, 10), (10, 2)])
def test_folds_at_the_boundary(n: int, N: int) -> None:
    assert [len(part) for part in cv.folds(n, N)] == [n // N] * N


# --- the models


@pytest.mark.parametrize("degree", [0, 1, 2, 3])
def test_polynomial_is_sklearns(degree: int) -> None:
    X, _ = data(7, 4)
    Phi = cv.polynomial(X, degree)
    expected = PolynomialFeatures(degree).fit_transform(X.numpy())
    assert Phi.shape == expected.shape
    assert Phi.dtype == torch.float64
    np.testing.assert_allclose(Phi.numpy(), expected, rtol=1e-12)


def pipeline(degree: int, lam: float, n: int) -> Any:
    """The same model out of scikit-learn's parts; with the intercept free."""

    def scale(X: Any) -> Any:  # StandardScaler divides by n, torch.std by n − 1
        return X * np.sqrt((n - 1) / n)

    polynomial = PolynomialFeatures(degree, include_bias=False)
    return make_pipeline(
        StandardScaler(), FunctionTransformer(scale), polynomial, Ridge(lam)
    )


@pytest.mark.parametrize("degree", [1, 2])
@pytest.mark.parametrize("lam", [0.3, 1.0, 20.0])
def test_fit_is_ridge_on_scaled_polynomials(degree: int, lam: float) -> None:
    X, y = data(40, 3)
    new, _ = data(6, 3, seed=1)
    model = cv.fit(X, y, degree, lam)
    mean, std, w = model
    torch.testing.assert_close(mean, X.mean(0))
    torch.testing.assert_close(std, X.std(0))
    assert w.shape == (cv.polynomial(X, degree).shape[1],)
    prediction = cv.predict(new, degree, *model)
    assert prediction.shape == (6,)
    expected = pipeline(degree, lam, 40).fit(X.numpy(), y.numpy()).predict(new.numpy())
    np.testing.assert_allclose(prediction.numpy(), expected, rtol=1e-9)


def test_fit_penalises_with_one_unless_told() -> None:
    X, y = data(30, 2)
    torch.testing.assert_close(cv.fit(X, y, 2)[2], cv.fit(X, y, 2, 1.0)[2])
    assert not torch.allclose(cv.fit(X, y, 2)[2], cv.fit(X, y, 2, 1.1)[2])


def test_degree_zero_is_the_mean() -> None:
    X, y = data(20, 3)
    model = cv.fit(X, y, 0)
    torch.testing.assert_close(cv.predict(X, 0, *model), y.mean().expand(20))


@given(st.floats(0.1, 50), st.floats(-100, 100))
@settings(max_examples=30, deadline=None)
def test_units_do_not_matter(scale: float, shift: float) -> None:
    X, y = data(25, 2)
    a = cv.predict(X, 2, *cv.fit(X, y, 2))
    moved = scale * X + shift
    b = cv.predict(moved, 2, *cv.fit(moved, y, 2))
    torch.testing.assert_close(a, b, rtol=1e-6, atol=1e-6)


def test_rmse() -> None:
    assert cv.rmse(torch.tensor([3.0, 0.0]), torch.tensor([0.0, 4.0])) == pytest.approx(
        12.5**0.5
    )


# --- cross validation


@pytest.mark.parametrize(("n", "N"), [(40, 4), (41, 3), (43, 10)])
@pytest.mark.parametrize("degree", [1, 2])
def test_cross_validate_is_sklearns(n: int, N: int, degree: int) -> None:
    X, y = data(n, 3)
    expected = []
    for train, validation in KFold(N).split(X):
        model = pipeline(degree, 1.0, len(train)).fit(
            X[train].numpy(), y[train].numpy()
        )
        guess = model.predict(X[validation].numpy())
        expected.append(root_mean_squared_error(y[validation].numpy(), guess))
    errors = cv.cross_validate(X, y, degree, N)
    np.testing.assert_allclose(errors, expected, rtol=1e-9)


def test_scaling_is_fitted_inside_each_fold() -> None:
    """`fit`, which scales, is given the examples trained on and no others."""
    X, y = data(30, 2)
    seen: list[torch.Tensor] = []
    fit = cv.fit

    def watched(X: torch.Tensor, y: torch.Tensor, degree: int) -> Any:
        seen.append(X)
        return fit(X, y, degree)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cv, "fit", watched)
        cv.cross_validate(X, y, 1, 3)
    for given_to_fit, (train, _) in zip(seen, cv.rounds(30, 3), strict=True):
        assert torch.equal(given_to_fit, X[train])


def test_choose_takes_the_smallest_average_and_the_first_at_a_tie() -> None:
    assert cv.choose([[3, 1], [1, 2], [0, 9]]) == 1
    assert cv.choose([[2, 2], [1, 3], [3, 1]]) == 0
    assert cv.choose([[5, 5, 0], [3, 3, 3]]) == 1


def test_lead_is_quadratic_minus_linear_on_shuffled_data() -> None:
    X, y = data(40, 2)
    leads = cv.lead(X, y, 4, 3, seed=5)
    assert leads.shape == (3, 4)
    g = generator(5)
    for row in leads:
        order = torch.randperm(40, generator=g)
        quadratic = torch.tensor(cv.cross_validate(X[order], y[order], 2, 4))
        linear = torch.tensor(cv.cross_validate(X[order], y[order], 1, 4))
        torch.testing.assert_close(row, quadratic - linear)
    assert torch.equal(cv.lead(X, y, 4, 2), cv.lead(X, y, 4, 2, seed=0))


# --- leakage


def test_most_correlated_is_by_absolute_correlation() -> None:
    X, y = data(30, 12)
    X[:, 3] = -y + 0.1 * X[:, 3]
    r = [abs(np.corrcoef(X[:, j], y)[0, 1]) for j in range(12)]
    expected = np.argsort(r)[::-1]
    assert cv.most_correlated(X, y, 5).tolist() == expected[:5].tolist()
    assert cv.most_correlated(100 * X - 7, y, 1).tolist() == expected[:1].tolist()


@given(st.integers(0, 50))
@settings(deadline=None)
def test_nearest_centroid_is_sklearns(seed: int) -> None:
    X, _ = data(20, 3, seed)
    y = torch.tensor([0.0, 1.0] * 10)
    new, _ = data(9, 3, seed + 1)
    guess = cv.nearest_centroid(X, y, new)
    assert guess.dtype == y.dtype
    expected = NearestCentroid().fit(X.numpy(), y.numpy()).predict(new.numpy())
    assert guess.tolist() == expected.tolist()


@pytest.mark.parametrize("leak", [True, False])
def test_selected_accuracy_counts_every_example_once(leak: bool) -> None:
    X, _ = data(23, 30)
    y = torch.tensor([0.0, 1.0, 1.0] * 7 + [0.0, 1.0]).double()
    right = []
    for train, validation in KFold(4).split(X):
        seen = np.arange(23) if leak else train
        r = [abs(np.corrcoef(X[seen, j], y[seen])[0, 1]) for j in range(30)]
        top = np.argsort(r)[::-1][:6].copy()
        model = NearestCentroid().fit(X[train][:, top].numpy(), y[train].numpy())
        right += (
            model.predict(X[validation][:, top].numpy()) == y[validation].numpy()
        ).tolist()
    accuracy = cv.selected_accuracy(X, y, 6, 4, leak)
    assert accuracy == pytest.approx(sum(right) / 23)
    assert len(right) == 23


def test_real_signal_is_found_without_leaking() -> None:
    X, _ = data(60, 40)
    y = (X[:, 7] > 5).double()
    assert cv.selected_accuracy(X, y, 1, 5, leak=False) > 0.8


# --- public and private scores


def test_coin_scores_are_binomial() -> None:
    scores = cv.coin_scores(4000, 25, generator())
    assert scores.shape == (4000,)
    assert scores.dtype == torch.float64
    counts = scores * 25
    torch.testing.assert_close(counts, counts.round())
    assert scores.mean().item() == pytest.approx(0.5, abs=0.01)
    assert scores.std().item() == pytest.approx(0.1, abs=0.01)  # √(¼ / 25)


def test_coin_scores_are_shares_of_right_guesses() -> None:
    g = generator(3)
    labels = torch.randint(2, (5,), generator=g)
    guesses = torch.randint(2, (7, 5), generator=g)
    expected = [
        sum(int(a == b) for a, b in zip(row, labels, strict=True)) / 5
        for row in guesses
    ]
    assert cv.coin_scores(7, 5, generator(3)).tolist() == pytest.approx(expected)


def test_winner_looks_at_the_first_m_only() -> None:
    public = torch.tensor([0.2, 0.6, 0.4, 0.9])
    private = torch.tensor([0.1, 0.3, 0.8, 0.5])
    assert cv.winner(public, private, 1) == pytest.approx((0.2, 0.1))
    assert cv.winner(public, private, 3) == pytest.approx((0.6, 0.3))
    assert cv.winner(public, private, 4) == pytest.approx((0.9, 0.5))


# --- data, lessons


def test_load_gives_the_raw_data() -> None:
    X, y = cv.load()
    assert X.shape == (442, 10)
    assert y.shape == (442,)
    assert X.dtype == y.dtype == torch.float64
    expected, target = load_diabetes(return_X_y=True, scaled=False)
    assert np.array_equal(X, expected)
    assert np.array_equal(y, target)


def test_cross_validation_and_training_loss_choose_differently(
    run: Run,
) -> None:
    v = run.values
    assert v["chosen"] == "linear"
    assert v["by_training"] == "quadratic"
    assert v["averages"][2] > v["averages"][1] + 5
    assert v["averages"][0] > v["averages"][1] + 15
    assert v["train_errors"][2] < v["train_errors"][1] - 2
    assert v["parameters"] == [1, 11, 66]
    assert v["test_error"] == pytest.approx(v["averages"][1], abs=6)


def test_values_fit_together(run: Run) -> None:
    v = run.values
    assert (v["n"], v["n_train"], v["n_validation"], v["n_test"]) == (442, 236, 118, 88)
    assert v["n_rest"] == v["n_train"] + v["n_validation"]
    assert v["fold_sizes_10_3"] == [4, 3, 3]
    assert v["averages"] == pytest.approx([sum(e) / 3 for e in v["fold_errors"]])
    X, y = cv.load()
    shuffled = torch.cat(cv.split(442, 118, 88, generator()))
    rest, test = shuffled[:354], shuffled[354:]
    model = pipeline(1, 1.0, 354).fit(X[rest].numpy(), y[rest].numpy())
    error = np.sqrt(np.mean((model.predict(X[test].numpy()) - y[test].numpy()) ** 2))
    assert v["test_error"] == pytest.approx(error)
    expected = cv.cross_validate(X[rest], y[rest], 2, 3)
    assert v["fold_errors"][2] == pytest.approx(expected)
    trained = np.sqrt(np.mean((model.predict(X[rest].numpy()) - y[rest].numpy()) ** 2))
    assert v["train_errors"][1] == pytest.approx(trained)


def test_the_average_misjudges_less_than_one_part(run: Run) -> None:
    v = run.values
    assert v["luck_one"] > 0.04
    assert v["luck_average"] < v["luck_one"] / 4
    assert v["luck_average_std"] < 0.6 * v["luck_one_std"]


def test_leakage_makes_noise_look_like_signal(run: Run) -> None:
    v = run.values
    assert v["leaky_accuracy"] > 0.9
    assert v["honest_accuracy"] == pytest.approx(0.5, abs=0.05)
    assert v["leaky_worst"] > 0.7


def test_the_best_public_score_is_luck(run: Run) -> None:
    v = run.values
    assert v["best_public"] > 0.6
    assert all(a < b for a, b in pairwise(v["mean_public"]))
    assert v["mean_public"][-1] > 0.64
    assert v["mean_private"] == pytest.approx([0.5] * 7, abs=0.02)


def test_output_is_narrow_and_says_what_was_found(run: Run) -> None:
    lines = run.printed.splitlines()
    assert max(map(len, lines)) <= 72
    v = run.values
    assert f"{v['test_error']:.1f}" in run.printed
    table = next(line for line in lines if line.startswith("  average  "))
    assert re.findall(r"[\d.]+", table) == [f"{a:.1f}" for a in v["averages"]]


# --- figures


def points(line: Line2D) -> list[list[float]]:
    """Return the x and the y data of a line."""
    return [np.asarray(v, dtype=float).tolist() for v in line.get_data()]


def texts(fig: Figure) -> list[str]:
    return [t.get_text() for ax in fig.axes for t in ax.texts]


def test_every_axis_is_labelled(run: Run) -> None:
    names = ["split", "folds", "luck", "leakage", "public"]
    assert list(run.figures) == [f"plot_{name}" for name in names]
    for name, fig in run.figures.items():
        for ax in fig.axes:
            if ax.axison:
                shared = ax.get_shared_x_axes().joined(ax, fig.axes[-1])
                assert ax.get_ylabel(), name
                assert ax.get_xlabel() or (shared and ax is not fig.axes[-1]), name


def test_plot_split_draws_sizes_in_proportion() -> None:
    fig = cv.plot_split(60, 30, 10)
    (ax,) = fig.axes
    boxes = [p for p in ax.patches if isinstance(p, Rectangle) and p.get_fill()]
    widths = np.array([box.get_width() for box in boxes])
    np.testing.assert_allclose(widths / widths.sum(), [0.6, 0.3, 0.1])
    assert {"train 60", "validate 30", "test 10"} <= set(texts(fig))


@pytest.mark.parametrize("chosen", [0, 2])
def test_plot_folds_shows_who_validates_and_what_was_measured(chosen: int) -> None:
    errors = [[1.0, 2.0, 3.0], [4.0, 5.0, 7.0], [0.5, 0.1, 0.3]]
    fig = cv.plot_folds(["a", "b", "c"], errors, chosen)
    (ax,) = fig.axes
    parts = [t for t in ax.texts if t.get_text() in {"train", "validate"}]
    grid = [[t.get_text() for t in parts[i : i + 3]] for i in (0, 3, 6)]
    assert grid == [
        ["validate" if part == i else "train" for part in range(3)] for i in range(3)
    ]
    (frame,) = (p for p in ax.patches if p.get_linewidth() == 2)
    for m, row in enumerate(errors):
        header = next(t for t in ax.texts if t.get_text() == "abc"[m])
        column = [
            t
            for t in ax.texts
            if t.get_text() and t.get_position()[0] == header.get_position()[0]
        ]
        average = f"{sum(row) / 3:.1f}"
        assert [t.get_text() for t in column] == [
            "abc"[m],
            *map("{:.1f}".format, row),
            average,
        ]
        x, y = ax.transData.transform(column[-1].get_position())
        assert frame.contains_point((x, y)) == (m == chosen)
        heights = [t.get_position()[1] for t in column]
        assert heights == sorted(heights, reverse=True)


def test_plot_luck_counts_both_sides() -> None:
    leads = torch.tensor([[-1.0, 4.0], [2.0, 3.0], [-2.0, 1.0], [5.0, 0.0]])
    fig = cv.plot_luck(leads)
    assert texts(fig) == [
        "quadratic:\n2 times",
        "linear:\n2 times",
        "quadratic:\n1 times",
        "linear:\n3 times",
    ]
    assert [ax.get_title("left") for ax in fig.axes] == [
        "one part validates", "average of N = 2 parts"
    ]  # fmt: skip


def test_histograms_leave_nothing_out(run: Run) -> None:
    (leads,) = run.arguments["plot_luck"]
    assert leads[:, 0].min() > -6
    assert leads[:, 0].max() < 15


def test_plot_leakage_draws_every_score() -> None:
    fig = cv.plot_leakage([0.4, 0.5, 0.6], [0.9, 1.0])
    (ax,) = fig.axes
    inside, outside, chance = ax.lines
    assert points(inside)[0] == [0.4, 0.5, 0.6]
    assert points(outside)[0] == [0.9, 1.0]
    assert points(inside)[1] == pytest.approx([1] * 3, abs=0.3)
    assert points(outside)[1] == pytest.approx([0] * 2, abs=0.3)
    assert points(chance)[0] == [0.5, 0.5]
    assert "inside" in ax.get_yticklabels()[0].get_text()
    assert list(ax.get_yticks()) == [1, 0]


def test_plot_public_draws_the_scores_and_the_winner() -> None:
    public, private = torch.tensor([0.4, 0.7, 0.5]), torch.tensor([0.6, 0.5, 0.3])
    fig = cv.plot_public(public, private, [1, 3], [0.5, 0.6], [0.5, 0.4])
    cloud, star = fig.axes[0].lines[:2]
    assert points(cloud) == [public.tolist(), private.tolist()]
    assert points(star) == [[public[1].item()], [0.5]]
    best, after = fig.axes[1].lines
    assert points(best) == [[1, 3], [0.5, 0.6]]
    assert points(after) == [[1, 3], [0.5, 0.4]]
    assert fig.axes[1].get_xscale() == "log"
