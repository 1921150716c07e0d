"""The homework of snippets/training_loop.py, part by part, and its figures."""

import math
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_diabetes
from sklearn.preprocessing import StandardScaler
from torch import Tensor, nn
from torch.testing import assert_close
from torch.utils.data import (
    DataLoader,
    Dataset,
    RandomSampler,
    SequentialSampler,
    TensorDataset,
)

from snippets import training_loop as m
from tests.snippets.runs import Run

DATA = m.DiabetesData(torch.arange(70), torch.arange(70))


def loader(data: Dataset[Any] = DATA, size: int = 32) -> DataLoader[Any]:
    return DataLoader(data, batch_size=size)


def regressor(seed: int = 0, **options: Any) -> m.Regressor:
    torch.manual_seed(seed)
    return m.Regressor(10, **options)


def state(model: nn.Module) -> Tensor:
    """A copy of all parameters as one vector."""
    return torch.cat([p.detach().flatten().clone() for p in model.parameters()])


# The data


@settings(deadline=None)
@given(st.lists(st.integers(1, 20), min_size=1, max_size=5), st.integers(0, 5))
def test_a_split_has_every_example_once(sizes: list[int], seed: int) -> None:
    parts = m.split(sum(sizes), sizes, torch.Generator().manual_seed(seed))
    assert [len(part) for part in parts] == sizes
    assert sorted(torch.cat(parts).tolist()) == list(range(sum(sizes)))


def test_a_split_is_shuffled_and_depends_on_the_generator() -> None:
    a, b, c = (
        torch.cat(m.split(50, (40, 10), torch.Generator().manual_seed(seed)))
        for seed in (0, 0, 1)
    )
    assert_close(a, b)
    assert not torch.equal(a, c)
    assert not torch.equal(a, torch.arange(50))


@pytest.mark.parametrize("sizes", [(5, 4), (5, 6), (10, 0), (11, -1)])
def test_a_wrong_split_is_refused(sizes: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="add up to 10"):
        m.split(10, sizes, torch.Generator())


def test_the_data_are_scikit_learns_standardized_by_the_training_rows() -> None:
    training, rows = torch.arange(0, 300, 2), torch.tensor([441, 3, 8, 300])
    X, y = load_diabetes(return_X_y=True, scaled=False)
    expected_X = StandardScaler().fit(X[training]).transform(X[rows])
    expected_y = (y[rows] - y[training].mean()) / y[training].std()
    data = m.DiabetesData(rows, training)
    assert len(data) == 4
    assert data.X.shape == (4, 10)
    assert data.X.dtype == data.y.dtype == torch.float32
    assert_close(data.X, torch.tensor(expected_X).float(), rtol=1e-4, atol=1e-4)
    assert_close(data.y, torch.tensor(expected_y).float(), rtol=1e-4, atol=1e-4)
    x, target = data[1]
    assert_close(x, data.X[1])
    assert_close(target, data.y[1])
    assert x.shape == (10,)
    assert target.shape == ()
    assert_close(data.in_points(data.y), torch.tensor(y[rows]).float())


def test_the_mean_has_a_training_loss_of_one() -> None:
    assert DATA.y.square().mean().item() == pytest.approx(1, abs=1e-5)
    assert_close(DATA.X.mean(dim=0), torch.zeros(10), rtol=0, atol=1e-5)
    assert_close(DATA.X.square().mean(dim=0), torch.ones(10), rtol=0, atol=1e-4)


def test_a_held_back_row_has_no_say_in_the_scaling() -> None:
    alone = m.DiabetesData(torch.tensor([5]), torch.arange(100, 200))
    among = m.DiabetesData(torch.tensor([7, 5, 9]), torch.arange(100, 200))
    assert_close(alone.X[0], among.X[1])


def test_the_three_sets_share_no_patient_and_one_scaling() -> None:
    sets = m.make_sets(torch.Generator().manual_seed(3))
    assert [len(s) for s in sets] == [282, 80, 80]
    points = torch.cat([s.in_points(s.y) for s in sets]).sort().values
    assert_close(points, torch.tensor(np.sort(load_diabetes().target)).float())
    assert len({s.y_mean.item() for s in sets}) == 1
    assert sets[0].y.mean().item() == pytest.approx(0, abs=1e-5)
    assert abs(sets[1].y.mean().item()) > 1e-3


# The model


def test_the_model_is_linear_relu_dropout_linear() -> None:
    model = regressor(hidden=7, dropout=0.3).eval()
    layers: list[Any] = list(model.layers)
    first, relu, dropout, last = layers
    assert isinstance(relu, nn.ReLU)
    assert isinstance(dropout, nn.Dropout)
    assert dropout.p == 0.3
    X = torch.randn(5, 10)
    hidden = (X @ first.weight.T + first.bias).clamp(min=0)
    y = model(X)
    assert first.weight.shape == (7, 10)
    assert y.shape == (5,)
    assert_close(y, hidden @ last.weight[0] + last.bias[0])
    assert model(X[:1]).shape == (1,)


def test_the_models_defaults() -> None:
    model = regressor()
    assert sum(p.numel() for p in model.parameters()) == 64 * 10 + 64 + 64 + 1
    assert [d.p for d in model.modules() if isinstance(d, nn.Dropout)] == [0.2]


# Train, validate, predict


def test_an_epoch_is_one_update_a_batch_by_hand() -> None:
    model, twin = regressor(dropout=0.0), regressor(dropout=0.0)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    model.eval()
    m.train_epoch(model, loader(), nn.MSELoss(), optimizer)
    assert model.training
    for rows in torch.arange(70).split(32):
        loss = (twin(DATA.X[rows]) - DATA.y[rows]).square().mean()
        grads = torch.autograd.grad(loss, list(twin.parameters()))
        with torch.no_grad():
            for p, grad in zip(twin.parameters(), grads, strict=True):
                p.sub_(0.1 * grad)
    assert_close(state(model), state(twin))


def test_an_epoch_trains_with_dropout() -> None:
    one, other = regressor(dropout=0.5), regressor(dropout=0.0)
    for model in (one, other):
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        m.train_epoch(model, loader(), nn.MSELoss(), optimizer)
    assert not torch.allclose(state(one), state(other))


@settings(deadline=None)
@given(size=st.integers(1, 80))
def test_the_validation_loss_is_the_mean_over_examples(size: int) -> None:
    model = regressor(dropout=0.5)
    model.train()
    loss = m.validate(model, loader(size=size), nn.MSELoss())
    assert not model.training
    expected = (model(DATA.X) - DATA.y).square().mean().item()
    assert loss == pytest.approx(expected, rel=1e-5)


def test_validating_changes_nothing_and_records_no_gradients() -> None:
    model, recorded = regressor(), []

    def loss_fn(prediction: Tensor, y: Tensor) -> Tensor:
        recorded.append(prediction.requires_grad)
        return nn.functional.mse_loss(prediction, y)

    before = state(model)
    m.validate(model, loader(), loss_fn)  # type: ignore[arg-type]
    assert recorded == [False] * 3
    assert_close(state(model), before)
    assert torch.is_grad_enabled()


@settings(deadline=None)
@given(size=st.integers(1, 80))
def test_predictions_are_for_all_examples_in_order(size: int) -> None:
    model = regressor(dropout=0.5)
    model.train()
    prediction = m.predict(model, loader(size=size))
    assert prediction.shape == (70,)
    assert not prediction.requires_grad
    assert_close(prediction, model.eval()(DATA.X).detach())


def test_data_go_to_the_models_device() -> None:
    """The device "meta" has shapes, no values: it stops where a value is needed."""
    model = regressor().to("meta")
    optimizer = torch.optim.SGD(model.parameters())
    m.train_epoch(model, loader(), nn.MSELoss(), optimizer, "meta")
    with pytest.raises(RuntimeError, match=r"item\(\) cannot be called on meta"):
        m.validate(model, loader(), nn.MSELoss(), "meta")
    with pytest.raises(NotImplementedError, match="copy out of meta"):
        m.predict(model, loader(), "meta")
    with pytest.raises(RuntimeError, match=r"item\(\) cannot be called on meta"):
        m.fit(regressor(), loader(), loader(), epochs=1, device="meta")


# Keep the best, save, load


def noisy(n: int, seed: int) -> TensorDataset:
    g = torch.Generator().manual_seed(seed)
    return TensorDataset(torch.randn(n, 10, generator=g), torch.randn(n, generator=g))


def test_the_parameters_kept_are_those_of_the_best_epoch() -> None:
    training, validation = loader(noisy(30, 0)), loader(noisy(20, 1))
    model = regressor()
    history = m.fit(model, training, validation, epochs=25, eta=0.01)
    assert len(history.training) == len(history.validation) == 25
    best = min(history.validation)
    assert history.validation.index(best) + 1 == history.best_epoch
    assert 1 <= history.best_epoch < 25  # noise cannot be learned: it gets worse
    loss_fn = nn.MSELoss()
    assert m.validate(model, validation, loss_fn) == pytest.approx(best)
    at_best = history.training[history.best_epoch - 1]
    assert m.validate(model, training, loss_fn) == pytest.approx(at_best)


def test_the_first_of_two_equal_epochs_is_kept() -> None:
    history = m.fit(regressor(), loader(), loader(), epochs=3, eta=0.0)
    assert history.best_epoch == 1
    assert len(set(history.validation)) == 1


def test_fitting_is_adam_with_the_losses_of_the_epochs() -> None:
    model, twin = regressor(), regressor()
    torch.manual_seed(1)
    history = m.fit(model, loader(), loader(noisy(9, 2)), epochs=2, eta=0.02)
    torch.manual_seed(1)
    optimizer = torch.optim.Adam(twin.parameters(), lr=0.02)
    losses = []
    for _ in range(2):
        m.train_epoch(twin, loader(), nn.MSELoss(), optimizer)
        with_9 = m.validate(twin, loader(noisy(9, 2)), nn.MSELoss())
        losses.append((m.validate(twin, loader(), nn.MSELoss()), with_9))
    assert history.training == pytest.approx([t for t, _ in losses])
    assert history.validation == pytest.approx([v for _, v in losses])


def test_fits_defaults() -> None:
    few = loader(noisy(2, 0))
    torch.manual_seed(0)
    history = m.fit(regressor(dropout=0.0), few, few)
    torch.manual_seed(0)
    stated = m.fit(regressor(dropout=0.0), few, few, 100, 0.003, "cpu")
    assert len(history.training) == 100
    assert history == stated


def test_fitting_for_no_epoch_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        m.fit(regressor(), loader(), loader(), epochs=0)


def test_a_loaded_model_predicts_the_same(tmp_path: Path) -> None:
    model, copy = regressor(0), regressor(1)
    m.save(model, tmp_path / "model.pt")
    assert not torch.equal(m.predict(copy, loader()), m.predict(model, loader()))
    m.load(copy, tmp_path / "model.pt")
    assert torch.equal(m.predict(copy, loader()), m.predict(model, loader()))
    assert [path.name for path in tmp_path.iterdir()] == ["model.pt"]


def test_a_file_holds_the_parameters_only_and_loads_without_pickled_code(
    tmp_path: Path,
) -> None:
    m.save(regressor(), tmp_path / "model.pt")
    stored = torch.load(tmp_path / "model.pt", weights_only=True)
    assert list(stored) == list(regressor().state_dict())
    torch.save(Path(), tmp_path / "code.pt")
    with pytest.raises(pickle.UnpicklingError, match="Weights only"):
        m.load(regressor(), tmp_path / "code.pt")


def test_a_file_is_read_onto_the_device_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    m.save(regressor(), tmp_path / "model.pt")
    read, devices = torch.load, []

    def record(path: Path, map_location: str, **options: bool) -> Any:
        devices.append(map_location)
        return read(path, map_location=map_location, **options)

    monkeypatch.setattr(torch, "load", record)
    m.load(regressor(), tmp_path / "model.pt")
    copy = regressor().to("meta")
    m.load(copy, tmp_path / "model.pt", "meta")
    assert devices == ["cpu", "meta"]


def test_a_model_of_another_structure_does_not_load(tmp_path: Path) -> None:
    m.save(regressor(hidden=8), tmp_path / "model.pt")
    with pytest.raises(RuntimeError, match="size mismatch"):
        m.load(regressor(hidden=9), tmp_path / "model.pt")


# Three common mistakes


def test_the_gradient_is_autograds_as_one_vector() -> None:
    model = regressor(dropout=0.0)
    nn.functional.mse_loss(model(DATA.X), DATA.y).backward()
    loss = (model(DATA.X) - DATA.y).square().mean()
    expected = torch.autograd.grad(loss, list(model.parameters()))
    assert_close(m.gradient(model), torch.cat([grad.flatten() for grad in expected]))


@pytest.mark.parametrize("size", [32, 35, 70, 100])
def test_every_batch_has_its_own_loss(size: int) -> None:
    model = regressor(dropout=0.5)
    model.train()
    losses = m.batch_losses(model, loader(size=size), nn.MSELoss())
    rows = torch.arange(70).split(size)
    expected = [(model(DATA.X[r]) - DATA.y[r]).square().mean().item() for r in rows]
    assert losses == pytest.approx(expected)


def test_gradients_accumulate(run: Run) -> None:
    once, twice, three_times, cleared = run.values["gradient_lengths"]
    assert once > 0
    assert [twice, three_times, cleared] == pytest.approx([2 * once, 3 * once, once])


def test_eval_stops_dropout_and_not_the_gradients(
    run: Run,
) -> None:
    values = run.values
    assert values["dropout_gap"] > 0.1
    assert values["eval_gap"] == 0
    assert values["eval_records"] == 1


def test_the_last_batch_is_not_the_data_set(
    run: Run,
) -> None:
    values = run.values
    losses, sizes = values["batch_losses"], values["batch_sizes"]
    assert sizes == [32, 32, 16]
    assert values["mean_of_batches"] == pytest.approx(sum(losses) / 3)
    whole = sum(b * loss for b, loss in zip(sizes, losses, strict=True)) / 80
    assert values["mean_of_examples"] == pytest.approx(whole)
    assert whole == pytest.approx(values["best_validation"])
    assert abs(losses[-1] - whole) > 0.1
    assert abs(values["mean_of_batches"] - whole) > 0.01


# The whole homework


def test_the_lesson(run: Run) -> None:
    v = run.values
    assert [v["n_train"], v["n_validation"], v["n_test"]] == [282, 80, 80]
    assert v["updates"] == math.ceil(282 / 32)
    assert v["parameters"] == 769
    assert v["epochs"] == 100
    assert 5 < v["best_epoch"] < 80
    assert v["last_training"] < v["best_training"] - 0.03
    assert v["last_validation"] > v["best_validation"] + 0.01
    assert v["test_loss"] < 0.6 * v["mean_loss"]
    assert v["before_load"] > 0.1
    assert v["after_load"] == 0


def test_only_the_training_set_is_shuffled(monkeypatch: pytest.MonkeyPatch) -> None:
    loaders: list[DataLoader[Any]] = []

    def fit(model: nn.Module, *given: DataLoader[Any], device: str) -> m.History:
        loaders.extend(given)
        return m.History([1.0], [1.0], 1)

    monkeypatch.setattr(m, "fit", fit)
    generator = torch.Generator().manual_seed(0)
    sets = m.make_sets(generator)
    m.show_training(regressor(), sets, generator, "cpu")
    training, validation = loaders
    assert isinstance(training.sampler, RandomSampler)
    assert isinstance(validation.sampler, SequentialSampler)
    assert training.batch_size == validation.batch_size == 32
    assert (training.dataset, validation.dataset) == sets[:2]


def test_the_root_of_the_test_loss_in_points(
    run: Run,
) -> None:
    values, drawn = run.values, run.arguments
    true, predicted = drawn["plot_predictions"]
    rmse = (true - predicted).square().mean().sqrt().item()
    assert values["test_rmse"] == pytest.approx(rmse, rel=1e-4)
    training = m.make_sets(torch.Generator().manual_seed(0))[0]
    from_mean = (true - training.y_mean).square().mean() / training.y_std.square()
    assert values["mean_loss"] == pytest.approx(from_mean.item(), rel=1e-4)
    assert {round(y) for y in true.tolist()} <= set(load_diabetes().target)


def test_the_values_quoted_are_those_drawn(
    run: Run,
) -> None:
    values, drawn = run.values, run.arguments
    (history,) = drawn["plot_curves"]
    best = values["best_epoch"]
    assert history.best_epoch == best
    assert values["best_validation"] == history.validation[best - 1]
    assert values["best_training"] == history.training[best - 1]
    assert values["last_validation"] == history.validation[-1]
    assert values["last_training"] == history.training[-1]
    assert list(drawn) == ["plot_loop", "plot_curves", "plot_predictions"]


def test_what_it_prints(
    run: Run,
) -> None:
    values, drawn, out = run.values, run.arguments, run.printed
    (history,) = drawn["plot_curves"]
    for epoch in (1, values["best_epoch"], 100):
        t, v = history.training[epoch - 1], history.validation[epoch - 1]
        best = "  best" if epoch == values["best_epoch"] else ""
        assert f"  epoch {epoch:3d}  {t:14.4f}  {v:15.4f}{best}\n" in out
    assert "282 + 80 + 80 examples" in out
    assert f"loss {values['test_loss']:.4f}" in out
    assert f"after load {values['after_load']:.4f}" in out
    assert f"mean of the examples {values['mean_of_examples']:.4f}" in out
    assert "gradients recorded after eval(): True" in out
    assert max(len(line) for line in out.splitlines()) <= 72


def test_the_values_are_plain_numbers(run: Run) -> None:
    for value in run.values.values():
        for number in value if isinstance(value, list) else [value]:
            assert type(number) in (int, float)


# Figures


def test_the_curves_are_the_history() -> None:
    history = m.History([3.0, 2.0, 1.0, 0.5], [3.5, 2.5, 2.75, 3.0], 2)
    (ax,) = m.plot_curves(history).axes
    lines: list[Any] = list(ax.lines)
    best, training, validation, mark = lines
    assert list(best.get_xdata()) == [2, 2]
    for line, losses in (
        (training, history.training),
        (validation, history.validation),
    ):
        assert list(line.get_xdata()) == [1, 2, 3, 4]
        assert list(line.get_ydata()) == losses
    assert training.get_linestyle() != validation.get_linestyle()
    assert mark.get_xydata().tolist() == [[2, 2.5]]
    assert [text.get_text() for text in ax.texts] == ["best: epoch 2"]
    labels = ax.get_legend_handles_labels()[1]
    assert labels == ["training", "validation"]
    assert ax.get_legend() is not None
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("epoch", "loss")


def test_the_predictions_are_drawn_against_the_truth() -> None:
    true, predicted = (
        torch.tensor([30.0, 340.0, 100.0]),
        torch.tensor([50.0, 60.0, 70.0]),
    )
    (ax,) = m.plot_predictions(true, predicted).axes
    lines: list[Any] = list(ax.lines)
    equal, points = lines
    assert equal.get_xy1() == (0, 0)
    assert equal.get_slope() == 1
    assert_close(
        torch.tensor(points.get_xydata()).float(), torch.stack([true, predicted], 1)
    )
    assert ax.get_xlim() == ax.get_ylim() == (0, 360)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("true (points)", "predicted (points)")


def test_the_ring_has_the_five_lines_of_train_epoch_in_their_order() -> None:
    (ax,) = m.plot_loop().axes
    texts = [text.get_text() for text in ax.texts]
    codes = [step[0] for step in m.STEPS]
    assert [text for text in texts if text in codes] == codes
    source = Path(m.__file__).read_text(encoding="utf-8")
    body = source.partition("def train_epoch")[2].partition("\n\n\n")[0]
    places = [body.index(code.replace("...)", "")) for code in codes]
    assert places == sorted(places)
    arrows = [text for text in ax.texts if getattr(text, "arrow_patch", None)]
    assert len(arrows) == len(codes) == 5
