"""The decision tree, its margins, and the networks behind its examples."""

import math
from collections.abc import Sequence

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LinearRegression
from torch import Tensor, nn

from snippets.training_diagnosis import (
    ETAS,
    NOISE,
    RUNS,
    WANTED,
    above,
    adam_direction,
    best_line,
    curve,
    diagnose,
    draw,
    first_gradient,
    hidden_layers,
    measure,
    measured,
    mse,
    predict,
    signal,
    split_gap,
    start,
    train,
    try_rates,
)
from tests.snippets.draws import seeded

close = torch.testing.assert_close
LOSSES = st.lists(st.floats(0.01, 100), min_size=1, max_size=6)


def _double(parameters: Sequence[Tensor]) -> list[Tensor]:
    return [p.double() for p in parameters]


def _torch_network(parameters: Sequence[Tensor], run: int) -> nn.Sequential:
    """One run's network from PyTorch's own modules."""
    W_in, b_in, W, b, W_out, b_out = parameters
    layers = [(W_in[run], b_in[run])]
    layers += [(W[i, run], b[i, run]) for i in range(len(W))]
    layers.append((W_out[run], b_out[run]))
    parts: list[nn.Module] = []
    for weight, bias in layers:
        d, k = weight.shape
        linear = nn.Linear(d, k, dtype=weight.dtype)
        linear.load_state_dict({"weight": weight.T, "bias": bias[0]})
        parts += [linear, nn.Sigmoid()]
    return nn.Sequential(*parts[:-1])


# The decision tree


@pytest.mark.parametrize(
    ("losses", "limits", "answer"),
    [
        ([1.06], [1.0], True),
        ([1.05], [1.0], False),
        ([1.04], [1.0], False),
        ([0.5], [1.0], False),
        ([2.0, 3.0], [1.0, 1.5], True),
        ([2.0, 0.5], [1.0], None),
        ([2.0], [1.0, 3.0], None),
        ([0.51048642], [0.51048639], False),
    ],
)
def test_above_has_a_margin_and_wants_all_runs_to_agree(
    losses: list[float], limits: list[float], answer: bool | None
) -> None:
    assert above(losses, limits) is answer


@given(LOSSES, LOSSES)
def test_above_cannot_hold_both_ways(a: list[float], b: list[float]) -> None:
    assert not (above(a, b) and above(b, a))
    assert above(a, a) is not True


@pytest.mark.parametrize(
    ("verdict", "losses"),
    [
        ("optimization", {"train": [0.9, 0.8], "simpler": [0.3]}),
        ("model bias", {"train": [0.5], "simpler": [0.9, 0.8]}),
        ("undecided", {"train": [0.51048642], "simpler": [0.51048639]}),
        ("undecided", {"train": [0.51048639], "simpler": [0.51048642]}),
        ("undecided", {"train": [0.9], "simpler": [0.3, 1.2]}),
        ("undecided", {"train": [0.1, 0.9]}),
        ("fine", {"train": [0.1], "test": [0.18]}),
        ("fine", {"train": [0.18], "test": [0.188]}),
        ("undecided", {"train": [0.1, 0.1], "test": [0.1, 0.9]}),
        ("mismatch", {"train": [0.1], "test": [5], "validation": [0.19]}),
        ("mismatch", {"train": [0.1], "test": [0.8], "validation": [0.05]}),
        ("overfitting", {"train": [0.1], "test": [0.8], "validation": [0.7]}),
        ("overfitting", {"train": [0.1], "test": [0.8], "validation": [0.9]}),
        (
            "overfitting and mismatch",
            {"train": [0.1], "test": [0.9], "validation": [0.5]},
        ),
        (
            "undecided",
            {"train": [0.1, 0.1], "test": [0.9, 0.9], "validation": [0.1, 0.9]},
        ),
    ],
)
def test_the_verdicts(verdict: str, losses: dict[str, list[float]]) -> None:
    assert diagnose(0.18, **losses) == verdict


def test_what_the_tree_does_not_ask_for_does_not_matter() -> None:
    assert diagnose(0.2, [0.9], [0.3], [math.nan], [math.nan]) == "optimization"
    assert diagnose(0.2, [0.1], [math.nan], [0.2], [math.nan]) == "fine"
    assert diagnose(0.2, [0.1], [], [0.9], [0.9]) == "overfitting"


@pytest.mark.parametrize(
    ("losses", "message"),
    [
        ({"train": []}, "training loss first"),
        ({"train": [0.9]}, "simpler model"),
        ({"train": [0.9], "test": [0.9], "validation": [0.9]}, "simpler model"),
        ({"train": [0.1]}, "measure the test loss"),
        ({"train": [0.1], "test": [0.9]}, "validate"),
        ({"train": [0.1, math.nan]}, "diverged"),
        ({"train": [math.inf]}, "diverged"),
        ({"train": [0.9], "simpler": [math.nan]}, "diverged"),
        ({"train": [0.1], "test": [math.inf]}, "diverged"),
        ({"train": [0.1], "test": [0.9], "validation": [math.nan]}, "diverged"),
        ({"train": [0.1], "test": [0.9], "validation": [0.1, 0.2]}, "zip"),
    ],
)
def test_what_is_missing_or_diverged_is_said(
    losses: dict[str, list[float]], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        diagnose(0.2, **losses)


def test_measured_hands_back_the_losses() -> None:
    assert measured([0.0, 2.0], "") == [0.0, 2.0]


@given(LOSSES, LOSSES, st.floats(0.1, 10))
def test_the_unit_of_the_loss_does_not_matter(
    train_losses: list[float], simpler: list[float], wanted: float
) -> None:
    if above(train_losses, [wanted]):
        twice = diagnose(
            2 * wanted, [2 * v for v in train_losses], [2 * v for v in simpler]
        )
        assert diagnose(wanted, train_losses, simpler) == twice


@pytest.mark.parametrize(
    ("validation", "verdict"),
    [
        (2.0, "mismatch"),
        (2.9, "mismatch"),
        (3.1, "overfitting and mismatch"),
        (6.9, "overfitting and mismatch"),
        (7.1, "overfitting"),
        (9.5, "overfitting"),
    ],
)
def test_a_quarter_of_the_gap_counts(validation: float, verdict: str) -> None:
    assert split_gap([1.0], [validation], [9.0]) == verdict
    assert split_gap([1.0, 2.0], [validation, 2.0], [9.0, 10.0]) == (
        verdict if verdict == "mismatch" else "undecided"
    )


# Data


def test_the_curve() -> None:
    x = torch.tensor([0.0, math.pi / 5, -1.3], dtype=torch.float64)
    expected = [0.0, math.pi / 5 + 1, -1.3 + math.sin(-3.25)]
    close(curve(x), torch.tensor(expected, dtype=torch.float64))


def test_data_lie_where_they_should_with_noise_of_the_right_size() -> None:
    x, y_hat = draw(4000, -1, 3, seeded())
    assert x.shape == y_hat.shape == (RUNS, 4000, 1)
    assert x.min() >= -1
    assert x.max() <= 3
    assert abs(x.mean() - 1) < 0.02
    noise = y_hat - curve(x)
    assert abs(noise.mean()) < 0.02
    assert abs(noise.std() - NOISE) < 0.01
    assert mse(curve(x), y_hat).mean() < WANTED
    assert not torch.equal(x[0], x[1])
    again = draw(4000, -1, 3, seeded())
    assert torch.equal(again[1], y_hat)


def test_the_error_is_the_mean_over_a_runs_examples() -> None:
    y = torch.tensor([[[1.0], [2.0], [3.0]], [[0.0], [0.0], [0.0]]])
    y_hat = torch.tensor([[[1.0], [0.0], [6.0]], [[0.0], [0.0], [3.0]]])
    close(mse(y, y_hat), torch.tensor([13 / 3, 3.0]))


def test_the_line_is_scikit_learns() -> None:
    x, y_hat = (part.double() for part in draw(7, -3, 2, seeded(1)))
    at = torch.tensor([[0.0], [2.5]], dtype=torch.float64).expand(RUNS, 2, 1)
    found = best_line((x, y_hat), at)
    assert found.shape == (RUNS, 2, 1)
    for run in range(RUNS):
        line = LinearRegression().fit(x[run].numpy(), y_hat[run].numpy())
        close(found[run], torch.from_numpy(line.predict(at[run].numpy())))


# Networks


@pytest.mark.parametrize(("depth", "width"), [(1, 10), (2, 50), (5, 3)])
def test_a_start_is_pytorchs_in_shape_and_spread(depth: int, width: int) -> None:
    parameters = start(depth, seeded(), width)
    shapes = [(RUNS, 1, width), (RUNS, 1, width), (depth - 1, RUNS, width, width)]
    shapes += [(depth - 1, RUNS, 1, width), (RUNS, width, 1), (RUNS, 1, 1)]
    assert [tuple(p.shape) for p in parameters] == shapes
    bounds = [1, 1, *[width**-0.5] * 4]
    for p, bound in zip(parameters, bounds, strict=True):
        assert p.numel() == 0 or p.abs().max() <= bound
        if p.numel() > 100:
            assert abs(p.std() - bound / 3**0.5) < 0.1 * bound
            assert abs(p.mean()) < 0.2 * bound
            assert p.abs().max() > 0.9 * bound


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_the_networks_are_pytorchs(depth: int) -> None:
    parameters = _double(start(depth, seeded(), 3))
    x = torch.tensor([[0.0], [1.5], [-2.0], [3.0]]).double().expand(RUNS, 4, 1)
    y, layers = predict(parameters, x), hidden_layers(parameters, x)
    assert y.shape == (RUNS, 4, 1)
    assert [a.shape for a in layers] == [(RUNS, 4, 3)] * depth
    for run in (0, RUNS - 1):
        network = _torch_network(parameters, run)
        close(y[run], network(x[run]).detach())
        close(layers[0][run], network[:2](x[run]).detach())
        close(layers[-1][run], network[:-1](x[run]).detach())


def test_with_skips_each_layer_adds_to_what_comes_in() -> None:
    parameters = _double(start(3, seeded(), 4))
    x = torch.linspace(-1, 2, 5).double().view(1, 5, 1).expand(RUNS, 5, 1)
    first, second, third = hidden_layers(parameters, x, skip=True)
    _, _, W, b, W_out, b_out = parameters
    close(first, hidden_layers(parameters, x)[0])
    close(second, first + (first @ W[0] + b[0]).sigmoid() - 0.5)
    close(third, second + (second @ W[1] + b[1]).sigmoid() - 0.5)
    close(predict(parameters, x, skip=True), third @ W_out + b_out)


def test_zero_weights_with_skips_copy_the_shallow_network() -> None:
    W_in, b_in, W, b, *output = start(6, seeded())
    x = draw(9, -3, 3, seeded())[0]
    copies = [W_in, b_in, torch.zeros_like(W), torch.zeros_like(b), *output]
    one = [W_in, b_in, W[:0], b[:0], *output]
    assert torch.equal(predict(copies, x, skip=True), predict(one, x))


def test_relu_layers_can_copy_exactly() -> None:
    a = torch.randn(5, 4, generator=seeded()).relu()
    assert torch.equal((a @ torch.eye(4)).relu(), a)


# Training


@pytest.mark.parametrize("skip", [False, True])
@pytest.mark.parametrize(("adam", "epsilon"), [(False, 0.0), (True, 1e-8), (True, 0.1)])
def test_training_is_torch_optims(adam: bool, epsilon: float, skip: bool) -> None:
    parameters = _double(start(3, seeded(), 4))
    x, y_hat = (part.double() for part in draw(6, -3, 3, seeded(1)))
    eta = 0.05
    trained, losses = train(parameters, (x, y_hat), eta, 7, skip, adam, epsilon)
    theta = [p.clone().requires_grad_() for p in parameters]
    optimizer = (
        torch.optim.Adam(theta, lr=eta, eps=epsilon)
        if adam
        else torch.optim.SGD(theta, lr=eta)
    )
    expected = []
    for _ in range(8):
        loss = mse(predict(theta, x, skip), y_hat)
        expected.append(loss.detach())
        optimizer.zero_grad()
        loss.sum().backward()
        if len(expected) < 8:
            optimizer.step()
    close(losses, torch.stack(expected))
    assert losses.shape == (8, RUNS)
    for p, q in zip(trained, theta, strict=True):
        close(p, q.detach())
        assert not p.requires_grad


def test_training_leaves_the_start_alone_and_no_update_changes_nothing() -> None:
    parameters, data = start(2, seeded()), draw(5, -3, 3, seeded())
    before = [p.clone() for p in parameters]
    trained, losses = train(parameters, data, 0.1, 0)
    assert losses.shape == (1, RUNS)
    train(parameters, data, 0.1, 3)
    for p, q, r in zip(parameters, before, trained, strict=True):
        assert torch.equal(p, q)
        assert torch.equal(p, r)


def test_every_run_may_have_its_own_rate() -> None:
    parameters, data = start(2, seeded()), draw(5, -3, 3, seeded())
    eta = torch.tensor([0.0, *[0.1] * (RUNS - 2), 0.02])
    mixed = train(parameters, data, eta, 5)[1]
    close(mixed[-1, 0], mixed[0, 0])
    close(mixed[:, 1:-1], train(parameters, data, 0.1, 5)[1][:, 1:-1])
    close(mixed[:, -1], train(parameters, data, 0.02, 5)[1][:, -1])


def test_a_zero_gradient_does_not_move_adam() -> None:
    g, m, v = torch.zeros(2), torch.zeros(2), torch.zeros(2)
    assert torch.equal(adam_direction(g, m, v, 1, 1e-8), torch.zeros(2))


def test_a_gradient_far_below_1e_8_hardly_moves_adam() -> None:
    for size, step in ((1.0, 1.0), (1e-8, 0.5), (1e-12, 1e-4)):
        g = torch.tensor([size, -size], dtype=torch.float64)
        m, v = torch.zeros_like(g), torch.zeros_like(g)
        direction = adam_direction(g, m, v, 1, 1e-8)
        close(direction, torch.tensor([step, -step]).double(), rtol=1e-3, atol=0)


def test_the_rates_are_tried_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("snippets.training_diagnosis.SHORT", 4)
    parameters, data = start(3, seeded()), draw(6, -3, 3, seeded())
    for skip, adam in ((False, True), (True, False)):
        found = try_rates(parameters, data, skip, adam)
        assert found.shape == (len(ETAS), RUNS)
        for eta, row in zip(ETAS, found, strict=True):
            alone = train(parameters, data, eta, 4, skip, adam)[1][-1]
            close(row, alone, rtol=1e-4, atol=1e-4)


def test_a_diverged_run_counts_as_infinite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("snippets.training_diagnosis.SHORT", 4)
    x, y_hat = draw(6, -3, 3, seeded())
    losses = try_rates(start(2, seeded()), (x, y_hat * 1e30), adam=False)
    assert torch.isinf(losses).all()


def test_measure_names_the_losses() -> None:
    parameters = start(2, seeded())
    a, b, c = (draw(n, -3, 3, seeded(n)) for n in (3, 5, 8))
    found = measure(parameters, a, b, c)
    assert list(found) == ["train", "test", "validation"]
    for losses, (x, y_hat) in zip(found.values(), (a, b, c), strict=True):
        assert losses == mse(predict(parameters, x), y_hat).tolist()


# What the page teaches


def test_the_signal_is_the_distance_after_each_layer() -> None:
    parameters = start(3, seeded(), 4)
    found = signal(parameters)
    assert found.shape == (3, RUNS)
    assert found.dtype == torch.float64
    for run in (0, RUNS - 1):
        network = _torch_network(_double(parameters), run)
        left, right = (torch.tensor([[v]], dtype=torch.float64) for v in (-1.0, 1.0))
        for layer in (1, 2, 3):
            part = network[: 2 * layer]
            close(found[layer - 1, run], (part(left) - part(right)).norm().detach())


@pytest.mark.parametrize("skip", [False, True])
def test_the_first_gradient_is_a_finite_difference(skip: bool) -> None:
    parameters, data = start(3, seeded(), 2), draw(6, -3, 3, seeded())
    found = first_gradient(parameters, data, skip)
    assert found.shape == (RUNS,)
    x, y_hat = (part.double() for part in data)
    slopes, h = [], 1e-6
    for k in range(2):
        at = []
        for sign in (1, -1):
            moved = _double(parameters)
            moved[0] = moved[0].clone()
            moved[0][:, 0, k] += sign * h
            at.append(mse(predict(moved, x, skip), y_hat))
        slopes.append((at[0] - at[1]) / (2 * h))
    close(found, torch.stack(slopes).norm(dim=0), rtol=1e-5, atol=1e-9)


@pytest.mark.parametrize("seed", [1, 2])
def test_without_skips_the_signal_dies_with_depth(seed: int) -> None:
    parameters, data = start(16, seeded(seed)), draw(20, -3, 3, seeded(seed))
    assert signal(parameters)[-1].max() < 1e-11
    assert signal(parameters, skip=True)[-1].min() > 0.1
    assert first_gradient(parameters, data).max() < 1e-11
    assert first_gradient(parameters, data, skip=True).min() > 0.01


def test_a_network_whose_signal_is_dead_learns_a_constant_and_no_more() -> None:
    data = draw(50, -3, 3, seeded(5))
    constant = mse(data[1].mean(1, keepdim=True), data[1])
    parameters = start(16, seeded(5))
    close(train(parameters, data, 0.1, 200)[1][-1], constant, rtol=1e-3, atol=0)
    with_skips = train(parameters, data, 0.03, 200, skip=True)[1][-1]
    assert (with_skips < constant / 4).all()


def test_it_is_the_epsilon_that_stops_adam() -> None:
    data, parameters = draw(50, -3, 3, seeded(5)), start(16, seeded(5))
    stuck = train(parameters, data, 0.03, 600)[1][-1]
    freed = train(parameters, data, 0.03, 600, epsilon=1e-16)[1][-1]
    assert (freed < 0.7 * stuck).sum() >= RUNS - 1
