"""Overfitting: every remedy against PyTorch's own layers and optimizers."""

from typing import Any, cast

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, log_loss
from torch import Tensor, nn

from snippets import overfitting
from snippets.overfitting import (
    KEPT,
    MORE,
    REMEDIES,
    RUNS,
    TEST,
    Convolution,
    Data,
    Dropout,
    Recipe,
    augment,
    build,
    copy,
    groups,
    load,
    logits,
    measure,
    score,
    shift,
    stack,
    strength,
    train,
)
from tests.snippets.draws import randn64, seeded

close = torch.testing.assert_close
SETTINGS = settings(max_examples=25, deadline=None)


# The data


def test_data_have_the_shapes_and_the_scale_of_the_digits() -> None:
    for (X, y), n in zip(load(), (MORE, KEPT, TEST), strict=True):
        assert X.shape == (RUNS, n, 1, 8, 8)
        assert X.dtype == torch.float32
        assert (X.min().item(), X.max().item()) == (0, 1)
        assert y.shape == (RUNS, n)
        assert y.unique().tolist() == list(range(10))


def test_no_image_serves_twice_and_the_test_set_is_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    numbers = np.arange(1797)
    images = np.repeat(numbers[:, None], 64, axis=1)
    monkeypatch.setattr(overfitting, "load_digits", lambda **_: (images, numbers))
    training, validation, held_out = load()
    for run in range(RUNS):
        parts = [part[1][run].tolist() for part in (training, validation, held_out)]
        assert len(set().union(*parts)) == MORE + KEPT + TEST
        assert parts[2] == held_out[1][0].tolist()
    assert len({tuple(row.tolist()) for row in training[1]}) == RUNS
    close(training[0][:, :, 0, 3, 5] * 16, training[1].float())
    again = load()
    assert torch.equal(again[1][1], validation[1])
    monkeypatch.setattr(overfitting, "SEED", 1)
    assert not torch.equal(load()[2][1], held_out[1])


# Augmentation


def _moved(image: Tensor, down: int, right: int) -> Tensor:
    padded = nn.functional.pad(image, (8, 8, 8, 8))
    return padded[..., 8 - down : 16 - down, 8 - right : 16 - right]


@given(down=st.integers(-8, 8), right=st.integers(-8, 8))
@SETTINGS
def test_whole_pixels_move_and_nothing_comes_in(down: int, right: int) -> None:
    images = randn64(3, 1, 8, 8)
    by = torch.tensor([down, 0, right]), torch.tensor([right, 0, down])
    found = shift(images, *(b.double() for b in by))
    close(found[0], _moved(images[0], down, right))
    close(found[1], images[1])
    close(found[2], _moved(images[2], right, down))


def test_a_move_in_between_is_the_weighted_average() -> None:
    images, zero = randn64(2, 1, 8, 8), torch.zeros(2, dtype=torch.float64)
    by = torch.tensor([1.25, -0.5], dtype=torch.float64)
    found = shift(images, by, zero)
    close(found[0], 0.75 * _moved(images[0], 1, 0) + 0.25 * _moved(images[0], 2, 0))
    close(found[1], 0.5 * images[1] + 0.5 * _moved(images[1], -1, 0))
    close(shift(images.mT, zero, by), found.mT)
    assert found.dtype == torch.float64
    assert not shift(torch.zeros(2, 1, 8, 8).double(), by, by).any()


@pytest.mark.parametrize("most", [0.5, 2.0])
def test_augmentation_moves_each_image_evenly_by_up_to_the_most(most: float) -> None:
    torch.manual_seed(0)
    X = torch.zeros(4, 500, 1, 8, 8)
    X[..., 4, 4] = 1
    moved = augment(X, most)[:, :, 0]
    assert moved.shape == (4, 500, 8, 8)
    centers = [(moved.sum(dim) * torch.arange(8)).sum(-1) - 4 for dim in (3, 2)]
    for center in centers:
        assert center.abs().max() <= most + 1e-5
        assert center.min() < -0.98 * most
        assert center.max() > 0.98 * most
        assert abs(center.mean()) < 0.1 * most
        assert abs(center.std() - most / 3**0.5) < 0.05 * most
    assert abs(torch.corrcoef(torch.stack(centers).flatten(1))[0, 1]) < 0.1
    close(augment(X, 0.0), X)


# Dropout


@pytest.mark.parametrize("p", [0.0, 0.2, 0.5, 0.9])
def test_dropout_zeroes_with_probability_p_and_scales_the_rest(p: float) -> None:
    torch.manual_seed(0)
    a = torch.full((200, 300), -3.0, dtype=torch.float64)
    dropped = Dropout(p)(a)
    assert dropped.dtype == torch.float64
    zero = dropped == 0
    assert abs(zero.double().mean() - p) < 0.01
    close(dropped[~zero], torch.full_like(dropped[~zero], -3 / (1 - p)))
    assert abs(dropped.mean() + 3) < 0.1


def test_dropout_does_nothing_in_testing_nor_to_zeros() -> None:
    a = randn64(5, 4)
    close(Dropout(0.7).eval()(a), nn.Dropout(0.7).eval()(a))
    close(Dropout(0.0)(a), a)
    assert not Dropout(0.7)(torch.zeros(5, 4)).any()


@pytest.mark.parametrize("p", [-0.1, 1.0, 1.5])
def test_dropout_refuses_what_is_no_probability_below_one(p: float) -> None:
    with pytest.raises(ValueError, match="from 0"):
        Dropout(p)


# The networks


def test_a_convolution_is_pytorchs() -> None:
    ours = Convolution(7).double()
    conv = nn.Conv2d(1, 7, 5, dtype=torch.float64)
    weight = ours.linear.weight.view(7, 1, 5, 5)
    conv.load_state_dict({"weight": weight, "bias": ours.linear.bias})
    theirs = nn.Sequential(conv, nn.ReLU(), nn.MaxPool2d(2))
    for X in (randn64(3, 1, 8, 8), torch.zeros(1, 1, 8, 8).double()):
        close(ours(X), theirs(X))
        assert ours(X).shape == (len(X), 7, 2, 2)


@pytest.mark.parametrize(
    ("recipe", "count"),
    [
        (Recipe(), 64 * 64 + 64 + 64 * 10 + 10),
        (Recipe(width=8), 64 * 8 + 8 + 8 * 10 + 10),
        (Recipe(filters=8), 25 * 8 + 8 + 4 * 8 * 10 + 10),
        (Recipe(pool=(1, 2)), 32 * 64 + 64 + 64 * 10 + 10),
        (Recipe(pool=(2, 2)), 16 * 64 + 64 + 64 * 10 + 10),
        (Recipe(p=0.5), 64 * 64 + 64 + 64 * 10 + 10),
    ],
)
def test_a_network_has_the_parameters_of_its_recipe(recipe: Recipe, count: int) -> None:
    network = build(recipe)
    assert sum(p.numel() for p in network.parameters()) == count
    assert network(torch.rand(3, 1, 8, 8)).shape == (3, 10)


def test_a_dense_network_is_relu_between_two_linear_layers() -> None:
    network, X = build(Recipe(pool=(1, 2), p=0.5)).double().eval(), randn64(5, 1, 8, 8)
    first, last = (m for m in network if isinstance(m, nn.Linear))
    features = ((X[..., ::2] + X[..., 1::2]) / 2).reshape(5, 32)
    hidden = (features @ first.weight.T + first.bias).clamp(min=0)
    close(network(X), hidden @ last.weight.T + last.bias)
    assert [m.p for m in network if isinstance(m, Dropout)] == [0.5]


def test_the_runs_start_from_their_own_seeds_equal_networks_equally() -> None:
    network, theta = stack(Recipe())
    assert isinstance(network, nn.Sequential)
    torch.manual_seed(overfitting.SEED + 3)
    for name, value in build(Recipe()).named_parameters():
        assert theta[name].shape == (RUNS, *value.shape)
        close(theta[name][3], value.detach(), check_stride=False)
    _, other = stack(Recipe(decay=1.0, p=0.5, early=True))
    assert all(torch.equal(theta[name], other[name]) for name in theta)
    assert not torch.equal(theta["2.bias"][0], theta["2.bias"][1])


@pytest.mark.parametrize("recipe", [Recipe(), Recipe(filters=3), Recipe(pool=(2, 2))])
def test_all_runs_at_once_are_the_single_networks(recipe: Recipe) -> None:
    network, theta = stack(recipe)
    X = torch.rand(RUNS, 4, 1, 8, 8)
    z = logits(network.eval(), theta, X)
    assert z.shape == (RUNS, 4, 10)
    for run in range(RUNS):
        single = build(recipe).eval()
        single.load_state_dict({name: value[run] for name, value in theta.items()})
        close(z[run], single(X[run]))


def test_dropout_differs_between_runs_and_images() -> None:
    network, _ = stack(Recipe(p=0.5))
    theta = {
        name: value[:1].repeat(2, *[1] * (value.dim() - 1))
        for name, value in stack(Recipe(p=0.5))[1].items()
    }
    z = logits(network.train(), theta, torch.ones(2, 3, 1, 8, 8))
    assert not torch.equal(z[0], z[1])
    assert not torch.equal(z[0, 0], z[0, 1])
    score(network, theta, (torch.ones(2, 3, 1, 8, 8), torch.zeros(2, 3).long()))
    assert not network.training


def test_loss_and_accuracy_are_sklearns() -> None:
    z, y = randn64(3, 7, 10), torch.randint(10, (3, 7), generator=seeded())
    z[0], y[0] = 0, 2  # equal logits: the loss is ln 10, and the first class wins
    losses, accuracies = measure(z, y)
    for run in range(3):
        loss = log_loss(y[run], z[run].softmax(-1), labels=range(10))
        assert losses[run].item() == pytest.approx(loss)
        accuracy = accuracy_score(y[run], z[run].argmax(-1))
        assert accuracies[run].item() == pytest.approx(accuracy)


# Weight decay


def test_weights_decay_and_biases_do_not() -> None:
    _, theta = stack(Recipe(filters=3))
    decayed, spared = cast("list[dict[str, Any]]", groups(theta, 0.3))
    assert decayed["weight_decay"] == 0.3
    assert spared["weight_decay"] == 0
    names = {id(value): name for name, value in theta.items()}
    found = [[names[id(p)] for p in group["params"]] for group in (decayed, spared)]
    assert found == [["0.linear.weight", "2.weight"], ["0.linear.bias", "2.bias"]]


def _steps(
    kind: type[torch.optim.Optimizer], decay: float, penalty: float
) -> tuple[Tensor, Tensor]:
    """Return θ before and after three updates on ‖θ − target‖⁴ + penalty/2 ‖θ‖²."""
    start, target = randn64(4), randn64(4, seed=1)
    start[0] = 0
    theta = nn.Parameter(start.clone())
    optimizer = kind([theta], lr=0.01, weight_decay=decay)  # type: ignore[call-arg]
    for _ in range(3):
        loss = ((theta - target) ** 4).sum() + penalty / 2 * theta.square().sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return start, theta.detach()


@pytest.mark.parametrize("kind", [torch.optim.SGD, torch.optim.Adam])
def test_in_sgd_and_adam_weight_decay_is_the_gradient_of_a_penalty(
    kind: type[torch.optim.Optimizer],
) -> None:
    close(_steps(kind, 0.7, 0.0), _steps(kind, 0.0, 0.7))


def test_in_adamw_it_shrinks_the_parameters_instead() -> None:
    theta = nn.Parameter(randn64(4))
    before, twin = theta.detach().clone(), nn.Parameter(theta.detach() * (1 - 0.01 * 7))
    for parameter, optimizer in (
        (theta, torch.optim.AdamW([theta], lr=0.01, weight_decay=7)),
        (twin, torch.optim.Adam([twin], lr=0.01)),
    ):
        parameter.grad = randn64(4, seed=1)
        optimizer.step()
    close(theta.detach(), twin.detach())
    assert not torch.allclose(theta, before)


# Training


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> tuple[Data, Data]:
    """Two runs, few updates, 30 training and 20 validation images."""
    for name, value in (("RUNS", 2), ("UPDATES", 7), ("EVERY", 3), ("ETA", 0.02)):
        monkeypatch.setattr(overfitting, name, value)
    (X, y), (X_new, y_new), _ = load()
    return (X[:, :30], y[:, :30]), (X_new[:, :20], y_new[:, :20])


def _by_hand(recipe: Recipe, X: Tensor, y: Tensor, run: int) -> nn.Module:
    torch.manual_seed(overfitting.SEED + run)
    network = build(recipe)
    parameters = list(network.parameters())
    optimizer = torch.optim.Adam(parameters, lr=0.02)
    for _ in range(7):
        optimizer.zero_grad()
        nn.functional.cross_entropy(network(X), y).backward()
        with torch.no_grad():
            for parameter in parameters:
                if parameter.dim() > 1:
                    parameter.mul_(1 - 0.02 * recipe.decay)
        optimizer.step()
    return network


@pytest.mark.parametrize(
    "recipe", [Recipe(), Recipe(decay=2.0), Recipe(filters=4), Recipe(examples=9)]
)
def test_training_is_that_of_each_network_alone(
    recipe: Recipe, small: tuple[Data, Data]
) -> None:
    (X, y), validation = small
    _, theta, history = train(recipe, (X, y), validation)
    n = min(recipe.examples, 30)
    for run in range(2):
        single = _by_hand(recipe, X[run, :n], y[run, :n], run)
        for name, value in single.named_parameters():
            close(
                theta[name][run], value.detach(), check_stride=False, atol=1e-5, rtol=0
            )
    assert history.shape == (3, 2, 2)  # after 0, 3 and 6 updates
    first = score(*stack(recipe), (X[:, :n], y[:, :n]))[0]
    close(history[0, 0], first)
    close(history[0, 1], score(*stack(recipe), validation)[0])
    assert not any(value.requires_grad for value in theta.values())


def test_early_stopping_goes_back_to_the_lowest_of_each_run(
    small: tuple[Data, Data], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overfitting, "UPDATES", 60)
    monkeypatch.setattr(overfitting, "ETA", 0.05)
    network, theta, history = train(Recipe(early=True), *small)
    close(score(network, theta, small[1])[0], history[:, 1].amin(0))
    network, theta, same = train(Recipe(), *small)
    close(same, history)
    close(score(network, theta, small[1])[0], history[-1, 1])
    assert (history[-1, 1] > history[:, 1].amin(0)).all()


def test_moves_and_dropout_change_training_but_not_the_data(
    small: tuple[Data, Data],
) -> None:
    before = small[0][0].clone()
    plain = train(Recipe(), *small)[2]
    for recipe in (Recipe(shift=1.0), Recipe(p=0.5)):
        history = train(recipe, *small)[2]
        close(history[0], plain[0])  # measured on the images themselves, dropout off
        assert not torch.allclose(history[1], plain[1])
        assert torch.equal(train(recipe, *small)[2], history)
    assert torch.equal(small[0][0], before)


def test_a_copy_stays_as_it_was() -> None:
    theta = {"w": torch.ones(2, requires_grad=True)}
    copied = copy(theta)
    with torch.no_grad():
        theta["w"].add_(1)
    assert copied["w"].tolist() == [1, 1]
    assert not copied["w"].requires_grad


def test_each_remedy_changes_one_entry_and_has_a_name() -> None:
    for grid in REMEDIES.values():
        for recipe in grid:
            pairs = zip(recipe, Recipe(), strict=True)
            assert sum(value != default for value, default in pairs) == 1
    assert strength(Recipe(decay=0.5)) == 0.5
    assert strength(Recipe(pool=(2, 2))) == (2, 2)
    assert strength(Recipe()) == "none"
