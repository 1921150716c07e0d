"""Digits: softmax, cross-entropy, training: against PyTorch, scikit-learn, formulas."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.neighbors import NearestCentroid
from torch import Tensor, nn
from torch.nn.functional import cross_entropy as torch_cross_entropy
from torch.nn.functional import one_hot

from snippets.digit_classifier import (
    BATCH,
    EPOCHS,
    KEPT,
    RUNS,
    Digits,
    Layers,
    accuracy,
    all_parameters,
    choose,
    cross_entropy,
    falling,
    forward,
    gradient_step,
    log_softmax,
    losses,
    nearest_mean,
    parameter_count,
    random_start,
    slopes,
    softmax,
    split,
    squared_error,
    stack,
    train_epoch,
    trained,
)
from tests.snippets.draws import randn64

close = torch.testing.assert_close
LOGITS = st.lists(st.floats(-1000, 1000), min_size=2, max_size=7)


def _digits(*shape: int) -> Digits:
    """Made-up images (…, 64) in single precision, and their labels (…)."""
    generator = torch.Generator().manual_seed(math.prod(shape))
    X = torch.rand(*shape, 64, generator=generator)
    return Digits(X, torch.randint(10, shape, generator=generator))


def _double(layers: Layers) -> Layers:
    return [
        (W.detach().double().requires_grad_(), b.detach().double().requires_grad_())
        for W, b in layers
    ]


def _alone(layers: Layers, run: int) -> nn.Sequential:
    """One of the networks, as PyTorch builds it."""
    modules: list[nn.Module] = []
    for W, b in layers:
        linear = nn.Linear(W.shape[2], W.shape[1], dtype=W.dtype)
        linear.weight.data.copy_(W[run].detach())
        linear.bias.data.copy_(b[run, 0].detach())
        modules += [linear, nn.ReLU()]
    return nn.Sequential(*modules[:-1])


@given(LOGITS)
def test_softmax_and_cross_entropy_are_pytorchs(logits: list[float]) -> None:
    z = torch.tensor(logits, dtype=torch.float64)
    close(log_softmax(z), torch.log_softmax(z, 0))
    close(softmax(z), torch.softmax(z, 0))
    target = one_hot(torch.tensor(1), len(z))
    close(cross_entropy(z, target), torch_cross_entropy(z, torch.tensor(1)))


@given(LOGITS, st.floats(-1000, 1000))
def test_the_same_number_on_every_score_changes_nothing(
    logits: list[float], shift: float
) -> None:
    z = torch.tensor(logits, dtype=torch.float64)
    y = softmax(z + shift)
    close(y, softmax(z))
    close(y.sum().item(), 1.0)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_cross_entropy_at_a_thousand(dtype: torch.dtype) -> None:
    z = torch.tensor([[1000.0, 0, -1000], [-1000, 1000, 0]], dtype=dtype)
    labels = torch.tensor([2, 0])
    found = cross_entropy(z, one_hot(labels, 3))
    assert found.dtype == dtype
    assert found.tolist() == [2000, 2000]
    close(found, torch_cross_entropy(z, labels, reduction="none"))


def test_softmax_runs_over_the_last_dimension() -> None:
    z = randn64(3, 4, 5)
    close(softmax(z), torch.softmax(z, -1))
    assert cross_entropy(z, one_hot(torch.zeros(3, 4).long(), 5)).shape == (3, 4)
    assert softmax(torch.zeros(2, 4)).tolist() == [[0.25] * 4] * 2


def test_the_loss_of_equal_scores_is_ln_of_their_number() -> None:
    target = one_hot(torch.tensor([4, 0]), 10).double()
    close(
        cross_entropy(torch.zeros(2, 10).double(), target),
        target.new_full((2,), 10).log(),
    )


@pytest.mark.parametrize("scale", [0, 1, 1000])
def test_the_slope_is_probability_minus_target(scale: float) -> None:
    z, target = scale * randn64(4, 6), one_hot(torch.tensor([5, 0, 2, 2]), 6).double()
    found = slopes(cross_entropy, z, target)
    assert found.shape == (4, 6)
    close(found, torch.softmax(z, 1) - target)


def test_the_slope_of_the_squares_has_the_probability_as_a_factor() -> None:
    z, target = randn64(4, 6), one_hot(torch.tensor([5, 0, 2, 2]), 6).double()
    y = torch.softmax(z, 1)
    error = y - target
    close(squared_error(z, target), (error**2).sum(1))
    expected = 2 * y * (error - (y * error).sum(1, keepdim=True))
    close(slopes(squared_error, z, target), expected)


def test_a_split_is_complete_and_stratified() -> None:
    labels = torch.arange(10).repeat_interleave(80)
    data = Digits(torch.arange(800.0)[:, None], labels)
    rest, kept = split(data, seed=3)
    assert len(kept.X) == len(kept.labels) == KEPT
    assert len(rest.X) == len(rest.labels) == 800 - KEPT
    assert kept.labels.bincount().tolist() == [36] * 10
    rows = torch.cat([rest.X, kept.X])[:, 0].long()
    assert sorted(rows.tolist()) == list(range(800))
    assert torch.equal(torch.cat([rest.labels, kept.labels]), labels[rows])
    assert torch.equal(split(data, seed=3)[1].X, kept.X)
    assert not torch.equal(split(data, seed=4)[1].X, kept.X)


def test_sets_are_stacked_in_order() -> None:
    sets = [_digits(7), _digits(7)._replace(labels=torch.arange(7))]
    stacked = stack(sets)
    assert stacked.X.shape == (2, 7, 64)
    assert torch.equal(stacked.labels[1], torch.arange(7))
    assert torch.equal(stacked.X[0], sets[0].X)


def test_a_random_start_follows_the_rule_of_linear_layers() -> None:
    layers = random_start([5, 3], seed=1)
    assert [W.shape for W, _ in layers] == [
        (RUNS, 5, 64), (RUNS, 3, 5), (RUNS, 10, 3)
    ]  # fmt: skip
    assert [b.shape for _, b in layers] == [(RUNS, 1, 5), (RUNS, 1, 3), (RUNS, 1, 10)]
    for W, b in layers:
        limit = W.shape[2] ** -0.5
        assert 0.9 * limit < W.abs().max() <= limit
        assert b.abs().max() <= limit
        assert W.min() < 0 < W.max()
        assert b.min() < 0 < b.max()
        assert W.requires_grad
        assert b.requires_grad
    assert len(layers[1][0].unique()) == layers[1][0].numel()  # no two runs alike
    assert torch.equal(random_start([5, 3], seed=1)[2][0], layers[2][0])
    assert not torch.equal(random_start([5, 3], seed=2)[2][0], layers[2][0])


@pytest.mark.parametrize("hidden", [[], [4], [6, 3]])
def test_many_networks_are_pytorchs_each_alone(hidden: list[int]) -> None:
    layers, X = _double(random_start(hidden, seed=0)), randn64(RUNS, 5, 64)
    A = forward(X, layers)
    assert [a.shape[2] for a in A] == [64, *hidden, 10]
    assert torch.equal(A[0], X)
    for run in range(RUNS):
        network = _alone(layers, run)
        close(A[-1][run], network(X[run]))
        for depth in range(1, len(hidden) + 1):
            close(A[depth][run], network[: 2 * depth](X[run]))


def test_losses_and_accuracy_of_every_run() -> None:
    layers, data = random_start([6], seed=0), _digits(RUNS, 40)
    found, rates = losses(layers, data), accuracy(layers, data)
    assert found.shape == (RUNS, 40)
    assert rates.shape == (RUNS,)
    for run in range(RUNS):
        z, labels = _alone(layers, run)(data.X[run]), data.labels[run]
        close(found[run], torch_cross_entropy(z, labels, reduction="none"))
        right = sum(int(a == b) for a, b in zip(z.argmax(1), labels, strict=True))
        close(rates[run].item(), right / 40)


def test_the_parameters_are_all_of_them_in_order() -> None:
    layers = random_start([6], seed=0)
    (W, b), (W_out, b_out) = layers
    assert [id(p) for p in all_parameters(layers)] == [*map(id, (W, b, W_out, b_out))]


def test_a_gradient_step_is_pytorchs_sgd() -> None:
    theta = [randn64(3, 2).requires_grad_(), randn64(2).requires_grad_()]
    theirs = [p.detach().clone().requires_grad_() for p in theta]

    def loss(W: Tensor, b: Tensor) -> Tensor:
        return ((W @ b) ** 2).sum() + b.sum()

    gradient_step(theta, loss(*theta), eta=0.1)
    loss(*theirs).backward()
    torch.optim.SGD(theirs, lr=0.1).step()
    close(theta, theirs)
    assert all(p.requires_grad for p in theta)


def test_an_epoch_is_sgd_on_every_run() -> None:
    start, data = random_start([6], seed=0), _digits(RUNS, BATCH + 9)
    layers, data = _double(start), Digits(data.X.double(), data.labels)
    networks = [_alone(layers, run) for run in range(RUNS)]
    train_epoch(layers, data, 0.3, torch.Generator().manual_seed(5))
    order = torch.randperm(BATCH + 9, generator=torch.Generator().manual_seed(5))
    for run in (0, RUNS - 1):
        optimizer = torch.optim.SGD(networks[run].parameters(), lr=0.3)
        for n in (order[:BATCH], order[BATCH:]):
            optimizer.zero_grad()
            z = networks[run](data.X[run, n])
            torch_cross_entropy(z, data.labels[run, n]).backward()
            optimizer.step()
        ours = [p[run] for p in all_parameters(layers)]
        for mine, other in zip(ours, networks[run].parameters(), strict=True):
            close(mine.reshape(other.shape), other)


def test_the_rate_holds_and_then_falls_to_zero() -> None:
    rates = [falling(0.8, epoch) for epoch in range(EPOCHS + 1)]
    assert rates[: EPOCHS // 2 + 1] == [0.8] * (EPOCHS // 2 + 1)
    steps = torch.tensor(rates[EPOCHS // 2 :]).diff()
    close(steps, torch.full_like(steps, -1.6 / EPOCHS))
    assert rates[-1] == 0


def test_training_takes_every_epoch_at_its_rate() -> None:
    data = _digits(RUNS, 70)
    found = trained([4], data, 0.5, seed=2)
    layers, generator = random_start([4], 2), torch.Generator().manual_seed(2)
    for epoch in range(EPOCHS):
        eta = 0.5 if epoch <= EPOCHS / 2 else 1.0 * (1 - epoch / EPOCHS)
        train_epoch(layers, data, eta, generator)
    close(all_parameters(found), all_parameters(layers))
    assert losses(found, data).mean() < losses(random_start([4], 2), data).mean() - 0.1


def test_the_nearest_mean_is_scikit_learns() -> None:
    known, new = _digits(3, 90), _digits(3, 50)
    found = nearest_mean(known, new)
    assert found.shape == (3,)
    for run in range(3):
        model = NearestCentroid().fit(known.X[run].numpy(), known.labels[run].numpy())
        expected = model.score(new.X[run].numpy(), new.labels[run].numpy())
        close(found[run].item(), float(expected))
    means = torch.arange(10.0)[:, None].expand(10, 64)
    near = Digits(means + 0.4, torch.arange(10))
    assert nearest_mean(Digits(means, torch.arange(10)), near) == 1


@pytest.mark.parametrize("hidden", [[], [16], [5, 3]])
def test_the_parameters_are_counted(hidden: list[int]) -> None:
    arrays = all_parameters(random_start(hidden, seed=0))
    assert parameter_count(hidden) == sum(p[0].numel() for p in arrays)


@pytest.mark.parametrize(
    ("means", "choice"),
    [((0.5, 0.9, 0.95), 2), ((0.5, 0.94, 0.95), 1), ((0.96, 0.94, 0.95), 0)],
)
def test_the_simplest_within_a_standard_error(
    means: tuple[float, ...], choice: int
) -> None:
    spread = torch.tensor([-0.03, 0.03, -0.03, 0.03])  # standard error 0.0173
    assert choose(torch.tensor(means)[:, None] + spread) == choice
    assert choose(torch.tensor([[0.5, 0.5], [0.5, 0.5]])) == 0
