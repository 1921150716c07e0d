"""The parts of an error against closed forms, and least squares against NumPy."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from snippets import bias_variance
from snippets.bias_variance import (
    EXAMPLES,
    NOISE,
    RUNS,
    TEST,
    Parts,
    basis,
    curve,
    decompose,
    draw,
    fits,
    interpolate,
    load,
)
from tests.snippets.draws import randn64, seeded

close = torch.testing.assert_close
SETTINGS = settings(max_examples=25, deadline=None)


@given(degree=st.integers(0, 9), n=st.integers(1, 12))
@SETTINGS
def test_the_basis_is_numpys(degree: int, n: int) -> None:
    x = 2 * torch.rand(n, generator=seeded(), dtype=torch.float64) - 1
    x[0] = 0
    expected = np.polynomial.chebyshev.chebvander(x.numpy(), degree)
    np.testing.assert_allclose(basis(x, degree), expected, atol=1e-12)


@pytest.mark.parametrize("degree", [0, 1, 4])
def test_a_fit_is_numpys(degree: int) -> None:
    x, new = torch.linspace(-1, 1, 9).double(), torch.linspace(-0.9, 0.7, 5).double()
    y = randn64(3, 9)
    found = fits(x, y, new, degree)
    assert found.shape == (3, 5)
    for row, values in zip(y, found, strict=True):
        expected = np.polyval(np.polyfit(x, row, degree), new)
        np.testing.assert_allclose(values, expected, atol=1e-10)
    assert not fits(x, torch.zeros(3, 9).double(), new, degree).any()


def test_drawn_points_scatter_around_the_curve_by_the_noise() -> None:
    x = torch.tensor([-0.5, 0.0, 1.0], dtype=torch.float64)
    y = draw(x, 20_000, seeded())
    assert y.shape == (20_000, 3)
    assert (y.mean(0) - torch.sin(3 * x)).abs().max() < 0.01
    assert (y.std(0) - NOISE).abs().max() < 0.01
    close(curve(-x), -curve(x))


def test_a_generator_of_the_same_seed_draws_the_same_again() -> None:
    x = torch.linspace(-1, 1, 5).double()
    assert torch.equal(draw(x, 3, seeded(1)), draw(x, 3, seeded(1)))
    assert not torch.equal(draw(x, 3, seeded(1)), draw(x, 3, seeded(2)))
    for one, again in zip(load(seeded(1)), load(seeded(1)), strict=True):
        assert torch.equal(one, again)


def _parts(degree: int, draws: int, seed: int = 0) -> Parts:
    x, new = torch.linspace(-1, 1, 20).double(), torch.linspace(-1, 1, 41).double()
    generator = seeded(seed)
    y, fresh = draw(x, draws, generator), draw(new, draws, generator)
    return decompose(x, y, new, fresh, degree)


@pytest.mark.parametrize("degree", [0, 1, 2, 3, 7])
def test_bias_and_variance_come_near_their_closed_forms(degree: int) -> None:
    """A fit is A y, so its mean is A f(x) and its variance s² times the rows of A²."""
    x, new = np.linspace(-1, 1, 20), np.linspace(-1, 1, 41)
    A = np.vander(new, degree + 1) @ np.linalg.pinv(np.vander(x, degree + 1))
    bias = np.square(A @ np.sin(3 * x) - np.sin(3 * new)).mean()
    variance = NOISE**2 * np.square(A).sum(1).mean()
    training = np.vander(x, degree + 1) @ np.linalg.pinv(np.vander(x, degree + 1))
    left = np.eye(20) - training
    rest = np.square(left @ np.sin(3 * x)).mean() + NOISE**2 * np.trace(left) / 20
    found = _parts(degree, 4000)
    assert found.bias == pytest.approx(bias, abs=0.002)
    assert found.variance == pytest.approx(variance, rel=0.05)
    assert found.training == pytest.approx(rest, rel=0.02)
    assert found.test == pytest.approx(bias + variance + NOISE**2, rel=0.02)


def test_without_noise_the_error_is_the_bias(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bias_variance, "NOISE", 0.0)
    parts = _parts(2, 3)
    assert parts.variance == pytest.approx(0, abs=1e-20)
    assert parts.test == pytest.approx(parts.bias)
    assert parts.bias > 0.1


@pytest.mark.parametrize("seed", range(5))
def test_degree_three_beats_two_and_twelve(seed: int) -> None:
    two, three, twelve = (_parts(degree, 300, seed).test for degree in (2, 3, 12))
    assert three < 0.6 * two
    assert three < 0.8 * twelve


# Double descent


@pytest.mark.parametrize("shape", [(2, 5, 3), (2, 3, 5), (1, 4, 4)])
def test_least_squares_of_the_smallest_norm_is_numpys(
    shape: tuple[int, int, int],
) -> None:
    phi, targets = randn64(*shape), randn64(shape[0], shape[1], 2, seed=1)
    found = interpolate(phi, targets)
    for one, target, w in zip(phi, targets, found, strict=True):
        expected = np.linalg.lstsq(one.numpy(), target.numpy(), rcond=None)[0]
        np.testing.assert_allclose(w, expected, atol=1e-10)
    if shape[2] >= shape[1]:
        close(phi @ found, targets)
    assert not interpolate(phi, torch.zeros_like(targets)).any()


@pytest.mark.parametrize("seed", range(5))
def test_the_error_peaks_where_parameters_equal_examples(seed: int) -> None:
    x, new = randn64(9, 30, 10, seed=seed), randn64(9, 200, 10, seed=seed + 50)
    target, held = (z[..., :3].sum(-1, keepdim=True) for z in (x, new))
    W = randn64(9, 10, 600, seed=seed + 90)
    errors = []
    for P in (8, 30, 600):
        phi, fresh = (torch.relu(z @ W[..., :P]) for z in (x, new))
        w = interpolate(phi, target)
        squares = (fresh @ w - held).square().mean((1, 2))
        errors.append(squares.median().item())
    assert errors[1] > 2 * errors[0]
    assert errors[2] < 0.8 * errors[0]


def test_the_digits_are_centred_and_none_serves_twice() -> None:
    X, targets, X_test, test_targets = load(seeded())
    assert X.shape == (RUNS, EXAMPLES, 64)
    assert targets.shape == (RUNS, EXAMPLES, 10)
    assert X_test.shape == (TEST, 64)
    assert test_targets.shape == (TEST, 10)
    assert X.dtype == targets.dtype == torch.float64
    assert targets.sum(-1).eq(1).all()
    assert test_targets.argmax(-1).unique().tolist() == list(range(10))
    assert X.mean((0, 1)).abs().max() < 0.1
    assert X.amax() - X.amin() > 1
    assert X.amax() < 1.01
    distances = torch.cdist(X.flatten(0, 1), X_test)
    assert distances.min() > 0
    assert all(torch.pdist(run).min() > 0 for run in X)
    assert not torch.equal(X[0], X[1])


def test_images_and_targets_keep_together(monkeypatch: pytest.MonkeyPatch) -> None:
    labels = np.arange(1797) % 10
    images = np.repeat(labels[:, None], 64, axis=1)
    monkeypatch.setattr(bias_variance, "load_digits", lambda **_: (images, labels))
    X, targets, X_test, test_targets = load(seeded())
    steps = [
        (x[..., 7] - targets.argmax(-1) / 16)
        for x, targets in ((X, targets), (X_test, test_targets))
    ]
    close(steps[0], torch.full_like(steps[0], float(steps[1][0])))
    close(steps[1], torch.full_like(steps[1], float(steps[1][0])))
