"""Digits: softmax, cross entropy, PCA, training: against PyTorch and scikit-learn."""

import itertools
import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.decomposition import PCA
from sklearn.neighbors import KNeighborsClassifier
from torch import Tensor, nn

from snippets.digit_classifier import (
    Digits,
    Trial,
    accuracy,
    build,
    choose,
    cross_entropy,
    features,
    gradient_step,
    load_splits,
    log_softmax,
    lowest_loss_after_softmax,
    mean_loss,
    measure,
    naive_cross_entropy,
    nearest_mean_accuracy,
    one_hot,
    parameter_count,
    pca,
    softmax,
    total_loss,
    train,
)
from tests.snippets.runs import Run

LOGITS = st.lists(st.floats(-1000, 1000), min_size=2, max_size=7)


def _random(*shape: int) -> Tensor:
    generator = torch.Generator().manual_seed(sum(shape))
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


@given(LOGITS)
def test_softmax_and_cross_entropy_are_pytorchs(logits: list[float]) -> None:
    z = torch.tensor(logits, dtype=torch.float64)
    torch.testing.assert_close(log_softmax(z), torch.log_softmax(z, 0))
    torch.testing.assert_close(softmax(z), torch.softmax(z, 0))
    target = one_hot(torch.tensor([1]), len(z)).double()[0]
    expected = nn.functional.cross_entropy(z, torch.tensor(1))
    torch.testing.assert_close(cross_entropy(z, target), expected)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_cross_entropy_at_a_thousand(dtype: torch.dtype) -> None:
    z = torch.tensor([[1000.0, 0, -1000], [-1000, 1000, 0]], dtype=dtype)
    labels = torch.tensor([2, 0])
    found = cross_entropy(z, one_hot(labels, 3).to(dtype))
    assert found.dtype == dtype
    expected = nn.functional.cross_entropy(z, labels, reduction="none")
    torch.testing.assert_close(found, expected)


def test_softmax_runs_over_the_last_dimension() -> None:
    z = _random(3, 4, 5)
    torch.testing.assert_close(softmax(z), torch.softmax(z, -1))
    torch.testing.assert_close(softmax(z + 100), softmax(z))


def test_one_hot_is_pytorchs_and_refuses_other_labels() -> None:
    labels = torch.tensor([3, 0, 2, 2])
    expected = nn.functional.one_hot(labels, 5).float()
    assert torch.equal(one_hot(labels, 5), expected)
    for wrong in ([-1, 2], [0, 5]):
        with pytest.raises(ValueError, match="labels must lie in 0 … 4"):
            one_hot(torch.tensor(wrong), 5)


def test_the_naive_way_is_right_until_it_overflows() -> None:
    z, target = _random(4, 3), one_hot(torch.tensor([0, 2, 1, 1]), 3).double()
    naive = naive_cross_entropy(softmax(z), target)
    torch.testing.assert_close(naive, cross_entropy(z, target))
    far = torch.tensor([1000.0, 0.0, -1000.0])
    y = far.exp() / far.exp().sum()
    assert naive_cross_entropy(y, target[0].float()).isnan()


def test_the_total_loss_is_the_sum() -> None:
    z, labels = _random(6, 4), torch.tensor([0, 1, 2, 3, 3, 0])
    expected = nn.functional.cross_entropy(z, labels, reduction="sum")
    torch.testing.assert_close(total_loss(z, one_hot(labels, 4).double()), expected)


@pytest.mark.parametrize("k", [2, 10])
def test_a_softmax_too_many_has_a_floor(k: int) -> None:
    floor = math.log(1 + (k - 1) / math.e)
    assert lowest_loss_after_softmax(k) == pytest.approx(floor, rel=1e-6)


@pytest.fixture(scope="module")
def splits() -> tuple[Digits, Digits, Digits]:
    return load_splits()


def test_splits_are_disjoint_complete_and_stratified(
    splits: tuple[Digits, Digits, Digits],
) -> None:
    assert [len(part.X) for part in splits] == [1077, 360, 360]
    rows = [tuple(row) for part in splits for row in part.X.tolist()]
    assert len(set(rows)) == len(rows) == 1797
    for part in splits:
        assert part.X.dtype == torch.float32
        assert 0 <= part.X.min() < part.X.max() == 1
        shares = part.labels.bincount() / len(part.labels)
        assert (shares - 0.1).abs().max() < 0.01


def test_a_network_ends_in_logits() -> None:
    model = build((64, 5, 3, 10), seed=0)
    assert [type(m) for m in model] == [nn.Linear, nn.ReLU] * 2 + [nn.Linear]
    assert parameter_count(model) == 65 * 5 + 6 * 3 + 4 * 10
    same, other = build((64, 5, 3, 10), seed=0), build((64, 5, 3, 10), seed=1)
    assert torch.equal(model[0].weight, same[0].weight)  # type: ignore[arg-type]
    assert not torch.equal(model[0].weight, other[0].weight)  # type: ignore[arg-type]


def test_features_are_the_hidden_layers_outputs() -> None:
    model, data = build((64, 6, 5, 10), 0), Digits(torch.rand(4, 64), torch.arange(4))
    assert torch.equal(features(model, data, 0).X, data.X)
    first = torch.relu(model[0](data.X))
    torch.testing.assert_close(features(model, data, 1).X, first)
    torch.testing.assert_close(features(model, data, 2).X, torch.relu(model[2](first)))
    assert torch.equal(features(model, data, 2).labels, data.labels)
    for depth in (-1, 3):
        with pytest.raises(ValueError, match="hidden layers are 1 … 2"):
            features(model, data, depth)


def test_a_gradient_step_is_pytorchs_sgd() -> None:
    data, labels = torch.rand(5, 64), torch.tensor([1, 0, 3, 2, 9])
    ours, theirs = build((64, 7, 10), 0), build((64, 7, 10), 0)
    loss = total_loss(ours(data), one_hot(labels, 10))
    gradient_step(list(ours.parameters()), loss, 0.1)
    nn.functional.cross_entropy(theirs(data), labels, reduction="sum").backward()
    torch.optim.SGD(theirs.parameters(), lr=0.1).step()
    for mine, other in zip(ours.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(mine, other)


def test_training_is_batches_of_gradient_steps() -> None:
    data = Digits(torch.rand(7, 64), torch.arange(7))
    ours, theirs = build((64, 4, 10), 0), build((64, 4, 10), 0)
    history = train(ours, data, data, epochs=2, batch_size=3, eta=0.2, seed=5)
    generator = torch.Generator().manual_seed(5)
    optimizer = torch.optim.SGD(theirs.parameters(), lr=0.2)
    for _ in range(2):
        for n in torch.randperm(7, generator=generator).split(3):
            optimizer.zero_grad()
            nn.functional.cross_entropy(theirs(data.X[n]), data.labels[n]).backward()
            optimizer.step()
    for mine, other in zip(ours.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(mine, other)
    assert len(history) == 2
    assert history[-1] == (mean_loss(ours, data), mean_loss(ours, data))
    assert train(ours, data, epochs=1) == []


def test_mean_loss_and_accuracy_are_over_the_whole_set() -> None:
    model, data = build((64, 4, 10), 0), Digits(torch.rand(9, 64), torch.arange(9))
    z = model(data.X)
    expected = nn.functional.cross_entropy(z, data.labels).item()
    assert mean_loss(model, data) == pytest.approx(expected, rel=1e-5)
    right = (z.argmax(1) == data.labels).double().mean().item()
    assert accuracy(model, data) == pytest.approx(right)


def test_pca_is_scikit_learns() -> None:
    X = _random(20, 6) * torch.arange(1, 7)
    mean, V = pca(X, 3)
    own = PCA(3, svd_solver="full").fit(X.numpy())
    assert V.shape == (6, 3)
    torch.testing.assert_close(mean, torch.tensor(own.mean_))
    expected = torch.tensor(own.components_).T
    torch.testing.assert_close(V.abs(), expected.abs())
    assert all(V[i, k] > 0 for k, i in enumerate(V.abs().argmax(dim=0).tolist()))
    assert pca(X)[1].shape == (6, 2)


def test_the_nearest_mean_is_scikit_learns(
    splits: tuple[Digits, Digits, Digits],
) -> None:
    known, _, new = splits
    means = [known.X[known.labels == c].mean(dim=0).tolist() for c in range(10)]
    own = KNeighborsClassifier(1).fit(means, range(10))
    expected = own.score(new.X.numpy(), new.labels.numpy())
    assert nearest_mean_accuracy(known, new) == pytest.approx(expected)


def test_the_validation_set_chooses_and_equals_go_to_the_smaller() -> None:
    small, large = Trial((64, 4, 10), 0.8, 0.9), Trial((64, 9, 10), 1.0, 0.9)
    worse = Trial((64, 2, 10), 1.0, 0.7)
    for order in itertools.permutations((small, large, worse)):
        assert choose(order) is small


def test_a_measure_is_the_mean_over_seeds(
    splits: tuple[Digits, Digits, Digits], monkeypatch: pytest.MonkeyPatch
) -> None:
    data, validation, _ = (Digits(p.X[:50], p.labels[:50]) for p in splits)
    one, two = (measure((64, 10), data, validation, [s]) for s in (0, 1))
    both = measure((64, 10), data, validation, [0, 1])
    assert both.sizes == (64, 10)
    assert both.training == pytest.approx((one.training + two.training) / 2)
    assert both.validation == pytest.approx((one.validation + two.validation) / 2)


class TestMain:
    def test_it_reads_95_percent_of_digits_never_trained_on(self, run: Run) -> None:
        assert run.values["test"] >= 0.95
        assert run.values["wrong"] == round(
            (1 - run.values["test"]) * run.values["test_size"]
        )

    def test_hidden_layers_make_better_features(self, run: Run) -> None:
        pixels, *hidden = run.values["nearest"]
        assert min(hidden) > pixels + 0.03
        assert run.values["nearest_plane"][1] > run.values["nearest_plane"][0] + 0.1

    def test_training_lowers_the_loss(self, run: Run) -> None:
        assert run.values["loss_last"] < 0.05 * run.values["loss_first"]
        assert run.values["total_after"] < 0.05 * run.values["total_before"]

    def test_four_neurons_are_too_few_for_depth(self, run: Run) -> None:
        one, two, three = run.values["training_4"]
        assert one > two + 0.1
        assert two > three + 0.1
        assert run.values["training_64"][2] > 0.98

    def test_the_floor_is_that_of_ten_classes(self, run: Run) -> None:
        assert run.values["floor"] == pytest.approx(1.461, abs=1e-3)
        assert run.values["huge"] == 1000


# How high the highest spike is depends on the processor, too: not that there is one.
@pytest.mark.parametrize("seed", range(5))
def test_with_smaller_steps_the_spikes_are_gone_and_the_loss_falls_more_slowly(
    seed: int, run: Run
) -> None:
    data, validation, _ = load_splits()
    sizes = [64, *[run.values["neurons"]] * run.values["layers"], 10]
    spiky, smooth = (
        train(build(sizes, seed), data, validation, eta=eta) for eta in (0.5, 0.1)
    )
    rises = [
        max(after / before for (before, _), (after, _) in itertools.pairwise(history))
        for history in (spiky, smooth)
    ]
    assert rises[0] > 1.4
    assert rises[1] < 1.2
    assert smooth[-1][0] > 3 * spiky[-1][0]
