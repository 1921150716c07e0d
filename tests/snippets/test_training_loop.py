"""The homework, part by part: against autograd, scikit-learn and PyTorch's own."""

import csv
import math
import pickle
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LinearRegression
from sklearn.preprocessing import StandardScaler
from torch import Tensor, nn
from torch.nn.functional import mse_loss
from torch.utils.data import DataLoader

from assets.figures import training_loop as figures
from snippets import training_loop
from snippets.training_loop import (
    BATCH,
    EPOCHS,
    HELD,
    PATIENCE,
    RATES,
    Examples,
    Regressor,
    compare,
    fit,
    least_squares,
    load,
    make_sets,
    mse,
    predict,
    save,
    split,
    standardize,
    train_epoch,
    validate,
    write_predictions,
)
from weave.paths import SNIPPETS

close = torch.testing.assert_close
LOSS = nn.MSELoss()


def _draw(*shape: int, seed: int = 0) -> Tensor:
    generator = torch.Generator().manual_seed(seed + math.prod(shape))
    return torch.randn(*shape, generator=generator)


def _examples(n: int, d: int = 3, seed: int = 0) -> Examples:
    return Examples(_draw(n, d, seed=seed), 1 + _draw(n, seed=seed))


def _loader(data: Examples, size: int = 8) -> DataLoader[tuple[Tensor, Tensor]]:
    return DataLoader(data, batch_size=size)


def _model(seed: int = 0, dropout: float = 0.0, hidden: int = 5) -> Regressor:
    torch.manual_seed(seed)
    return Regressor(3, hidden, dropout)


def _parameters(model: nn.Module) -> Tensor:
    """A copy of all parameters, as one vector."""
    return nn.utils.parameters_to_vector(model.parameters()).detach().clone()


# The data


def test_examples_are_rows() -> None:
    data = _examples(7)
    assert len(data) == 7
    x, y = data[4]
    close(x, data.X[4])
    close(y, data.y[4])
    assert x.shape == (3,)
    assert y.shape == ()


@given(held=st.integers(0, 9), rest=st.integers(0, 20), seed=st.integers(0, 5))
def test_a_split_has_every_row_once(held: int, rest: int, seed: int) -> None:
    parts = split(2 * held + rest, held, seed)
    assert [len(part) for part in parts] == [rest, held, held]
    assert sorted(torch.cat(parts).tolist()) == list(range(2 * held + rest))


def test_a_split_is_shuffled_by_its_seed() -> None:
    first, again, other = (torch.cat(split(50, 10, seed)) for seed in (0, 0, 1))
    close(first, again)
    assert not torch.equal(first, other)
    assert not torch.equal(first, torch.arange(50))


def test_more_held_out_than_there_is_cannot_be_split() -> None:
    with pytest.raises(RuntimeError, match="split"):
        split(9, 5, seed=0)


def test_standardizing_is_scikit_learns() -> None:
    values, training = 5 + 3 * _draw(20, 4).double(), torch.arange(0, 20, 2)
    scaler = StandardScaler().fit(values[training].numpy())
    scaled = standardize(values, training)
    assert scaled.dtype == torch.float64
    close(scaled, torch.tensor(scaler.transform(values.numpy())))
    close(standardize(values[:, 1], training), scaled[:, 1])


def test_a_held_out_row_has_no_say_in_the_scaling() -> None:
    values, training = _draw(9, 2), torch.arange(6)
    changed = values.clone()
    changed[8] += 100
    close(standardize(values, training)[:8], standardize(changed, training)[:8])


def test_the_three_sets_share_no_example_and_one_scaling() -> None:
    n = 2 * HELD + 50
    X, y = 7 + 2 * _draw(n, 3), 4 - 3 * torch.arange(n).float()
    sets = make_sets(X, y, seed=3)
    assert [data.X.shape for data in sets] == [(50, 3), (HELD, 3), (HELD, 3)]
    rows = split(n, HELD, seed=3)
    s, m = y[rows[0]].std(correction=0), y[rows[0]].mean()
    close(sets[0].X.mean(dim=0), torch.zeros(3), atol=1e-5, rtol=0)
    for data, part in zip(sets, rows, strict=True):
        close(m + s * data.y, y[part], rtol=1e-4, atol=1e-3)
        close(data.X, standardize(X, rows[0])[part])


# The baseline


@pytest.mark.parametrize(("n", "d"), [(4, 1), (9, 3), (30, 7)])
def test_least_squares_is_scikit_learns(n: int, d: int) -> None:
    X, y = _draw(n, d).double(), 1 + _draw(n).double()
    w = least_squares(Examples(X, y))
    assert w.shape == (d,)
    assert w.dtype == torch.float64
    expected = LinearRegression(fit_intercept=False).fit(X.numpy(), y.numpy())
    close(w, torch.tensor(expected.coef_))
    close(least_squares(Examples(X, 0 * y)), 0 * w)


def test_standardized_data_need_no_bias() -> None:
    X, y = 5 + _draw(30, 4).double(), 2 - 3 * _draw(30).double()
    rows = torch.arange(30)
    data = Examples(standardize(X, rows), standardize(y, rows))
    expected = LinearRegression().fit(data.X.numpy(), data.y.numpy())
    assert abs(expected.intercept_) < 1e-12
    close(least_squares(data), torch.tensor(expected.coef_))


def test_the_mean_squared_error_is_pytorchs() -> None:
    prediction, y = _draw(7), 1 + _draw(7)
    assert mse(prediction, y) == pytest.approx(mse_loss(prediction, y).item())
    assert mse(y, y) == 0
    assert isinstance(mse(y, y), float)


# The model


def test_the_model_is_linear_relu_dropout_linear() -> None:
    model = _model(dropout=0.3, hidden=7).eval()
    layers: list[Any] = list(model.layers)
    first, relu, dropout, last = layers
    assert isinstance(relu, nn.ReLU)
    assert isinstance(dropout, nn.Dropout)
    assert dropout.p == 0.3
    for X in (_draw(5, 3), torch.zeros(2, 3), _draw(1, 3)):
        hidden = (X @ first.weight.T + first.bias).clamp(min=0)
        close(model(X), hidden @ last.weight[0] + last.bias[0])
        assert model(X).shape == (len(X),)
    assert first.weight.shape == (7, 3)


def test_the_models_defaults() -> None:
    model = Regressor(10)
    assert len(_parameters(model)) == 64 * 10 + 64 + 64 + 1
    assert [d.p for d in model.modules() if isinstance(d, nn.Dropout)] == [0.2]


# Train, validate, predict


def test_an_epoch_is_one_update_a_batch_by_hand() -> None:
    data, model, twin = _examples(20), _model(), _model()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    model.eval()
    train_epoch(model, _loader(data), LOSS, optimizer)
    assert model.training
    for rows in torch.arange(20).split(8):
        loss = (twin(data.X[rows]) - data.y[rows]).square().mean()
        grads = torch.autograd.grad(loss, list(twin.parameters()))
        with torch.no_grad():
            for p, grad in zip(twin.parameters(), grads, strict=True):
                p.sub_(0.1 * grad)
    close(_parameters(model), _parameters(twin))


def test_an_epoch_trains_with_dropout() -> None:
    one, other = _model(dropout=0.5), _model()
    for model in (one, other):
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        train_epoch(model, _loader(_examples(20)), LOSS, optimizer)
    assert not torch.allclose(_parameters(one), _parameters(other))


@settings(deadline=None, max_examples=30)
@given(size=st.integers(1, 25))
def test_the_validation_loss_is_the_mean_over_examples(size: int) -> None:
    data, model = _examples(20), _model(dropout=0.5)
    model.train()
    loss = validate(model, _loader(data, size), LOSS)
    assert not model.training
    assert loss == pytest.approx(mse_loss(model(data.X), data.y).item(), rel=1e-5)


def test_validating_changes_nothing_and_records_no_gradients() -> None:
    model, recorded = _model(), []

    def loss_fn(prediction: Tensor, y: Tensor) -> Tensor:
        recorded.append(prediction.requires_grad)
        return mse_loss(prediction, y)

    before = _parameters(model)
    validate(model, _loader(_examples(20)), loss_fn)  # type: ignore[arg-type]
    assert recorded == [False] * 3
    close(_parameters(model), before)
    assert torch.is_grad_enabled()


@settings(deadline=None, max_examples=30)
@given(size=st.integers(1, 25))
def test_predictions_are_for_all_examples_in_order(size: int) -> None:
    data, model = _examples(20), _model(dropout=0.5)
    model.train()
    prediction = predict(model, _loader(data, size))
    assert prediction.shape == (20,)
    assert not prediction.requires_grad
    close(prediction, model.eval()(data.X).detach())


@pytest.fixture
def meta(monkeypatch: pytest.MonkeyPatch) -> None:
    """The device "meta" has shapes, no values: it stops where a value is needed."""
    monkeypatch.setattr(training_loop, "device", "meta")


@pytest.mark.usefixtures("meta")
def test_data_go_to_the_device() -> None:
    loader, model = _loader(_examples(20)), _model().to("meta")
    train_epoch(model, loader, LOSS, torch.optim.SGD(model.parameters()))
    with pytest.raises(RuntimeError, match=r"item\(\) cannot be called on meta"):
        validate(model, loader, LOSS)
    with pytest.raises(NotImplementedError, match="copy out of meta"):
        predict(model, loader)


def test_the_device_is_the_machines() -> None:
    expected = torch.accelerator.current_accelerator() or torch.device("cpu")
    if not torch.accelerator.is_available():
        expected = torch.device("cpu")
    assert training_loop.device == expected


# Keep the best, stop in time


def _fit_on(
    losses: list[float], patience: int, monkeypatch: pytest.MonkeyPatch
) -> tuple[list[float], list[float], int, float]:
    """Fit with made-up validation losses; what it returns, and the epoch it kept.

    The model's one parameter counts the epochs.
    """
    counter = nn.Linear(1, 1, bias=False)
    nn.init.zeros_(counter.weight)

    def train(model: nn.Module, *_: object) -> None:
        with torch.no_grad():
            counter.weight += 1

    def look(model: nn.Module, loader: object, *_: object) -> float:
        epoch = int(counter.weight.item())
        return losses[epoch - 1] if loader == "validation" else -epoch

    monkeypatch.setattr(training_loop, "train_epoch", train)
    monkeypatch.setattr(training_loop, "validate", look)
    training: Any = "training"
    validation: Any = "validation"
    found = fit(counter, training, validation, eta=0.1, patience=patience)
    return *found, counter.weight.item()


@pytest.mark.parametrize(
    ("losses", "patience", "best", "last"),
    [
        ([5, 3, 4, 4, 1, 9], 2, 2, 4),  # it never sees epoch 5
        ([5, 3, 4, 4, 1, 9, 9, 9], 3, 5, 8),
        ([2, 2, 2, 0], 2, 1, 3),  # equal is not better
        ([7, 8, 0], 1, 1, 2),
        ([math.nan] * 9, 3, 0, 3),  # then nothing is better than the start
    ],
)
def test_it_stops_after_patience_and_keeps_the_best(
    losses: list[float],
    patience: int,
    best: int,
    last: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    training, validation, best_epoch, kept = _fit_on(losses, patience, monkeypatch)
    assert best_epoch == kept == best
    assert training == [-1 - i for i in range(last)]
    assert validation == pytest.approx(losses[:last], nan_ok=True)


def test_it_stops_at_the_last_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    falling = [1 / (1 + i) for i in range(EPOCHS + 5)]
    training, _, best_epoch, kept = _fit_on(falling, 2, monkeypatch)
    assert best_epoch == kept == len(training) == EPOCHS


def test_fitting_is_adam_with_the_losses_of_the_epochs() -> None:
    training, validation = _loader(_examples(20)), _loader(_examples(9, seed=2))
    model, twin = _model(dropout=0.5), _model(dropout=0.5)
    torch.manual_seed(1)
    losses = fit(model, training, validation, eta=0.02, patience=2)[:2]
    torch.manual_seed(1)
    optimizer = torch.optim.Adam(twin.parameters(), lr=0.02)
    for t, v in zip(*losses, strict=True):
        train_epoch(twin, training, LOSS, optimizer)
        assert t == pytest.approx(validate(twin, training, LOSS))
        assert v == pytest.approx(validate(twin, validation, LOSS))
    assert validate(model, validation, LOSS) == pytest.approx(min(losses[1]))


# Files


def test_predictions_are_a_table_in_their_order(tmp_path: Path) -> None:
    write_predictions(torch.tensor([3.14, -0.5, 200.0]), tmp_path / "y.csv")
    with (tmp_path / "y.csv").open(encoding="utf-8") as file:
        rows = [(row["id"], row["prediction"]) for row in csv.DictReader(file)]
    assert rows == [("0", "3.1"), ("1", "-0.5"), ("2", "200.0")]


def test_a_loaded_model_predicts_the_same(tmp_path: Path) -> None:
    model, copy, loader = _model(0), _model(1), _loader(_examples(20))
    save(model, tmp_path / "model.pt")
    assert not torch.equal(predict(copy, loader), predict(model, loader))
    load(copy, tmp_path / "model.pt")
    assert torch.equal(predict(copy, loader), predict(model, loader))
    assert [path.name for path in tmp_path.iterdir()] == ["model.pt"]


def test_a_file_holds_the_parameters_only(tmp_path: Path) -> None:
    save(_model(), tmp_path / "model.pt")
    stored = torch.load(tmp_path / "model.pt", weights_only=True)
    assert list(stored) == list(_model().state_dict())
    torch.save(Path(), tmp_path / "code.pt")
    with pytest.raises(pickle.UnpicklingError, match="Weights only"):
        load(_model(), tmp_path / "code.pt")


def test_a_file_is_read_onto_the_device(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(_model(), tmp_path / "model.pt")
    read, devices = torch.load, []

    def record(path: Path, map_location: str, **options: bool) -> Any:
        devices.append(map_location)
        return read(path, map_location="cpu", **options)

    monkeypatch.setattr(torch, "load", record)
    monkeypatch.setattr(training_loop, "device", "meta")
    copy = _model()
    load(copy, tmp_path / "model.pt")
    assert devices == ["meta"]
    assert {p.device.type for p in copy.parameters()} == {"meta"}


def test_a_model_of_another_structure_does_not_load(tmp_path: Path) -> None:
    save(_model(hidden=8), tmp_path / "model.pt")
    with pytest.raises(RuntimeError, match="size mismatch"):
        load(_model(hidden=9), tmp_path / "model.pt")


# The comparison


@pytest.fixture
def two_epochs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training_loop, "EPOCHS", 2)


@pytest.mark.usefixtures("two_epochs")
def test_a_comparison_is_on_one_split_and_the_rate_is_chosen_by_validation() -> None:
    X = _draw(2 * HELD + 40, 3)
    y = X[:, 0] ** 2 - X[:, 1]
    linear, network = compare(X, y, seed=4)
    training, validation, test = make_sets(X, y, seed=4)
    line = LinearRegression().fit(training.X.numpy(), training.y.numpy())
    fitted = torch.tensor(line.predict(test.X.numpy()))
    assert linear == pytest.approx(mse_loss(fitted, test.y).item(), rel=1e-4)
    losses = []
    for eta in RATES:
        torch.manual_seed(4)
        model = Regressor(3)
        batches = DataLoader(training, batch_size=BATCH, shuffle=True)
        held = _loader(validation, BATCH)
        _, found, _ = fit(model, batches, held, eta, PATIENCE)
        losses.append((min(found), validate(model, _loader(test), LOSS)))
    assert network == pytest.approx(min(losses)[1], rel=1e-5)
    assert network != pytest.approx(max(losses)[1], rel=1e-3)


@pytest.mark.usefixtures("two_epochs")
def test_the_comparison_shuffles_training_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made, real = [], DataLoader

    def record(data: Examples, **options: Any) -> DataLoader[Any]:
        made.append((len(data), options))
        return real(data, **options)

    monkeypatch.setattr(training_loop, "DataLoader", record)
    compare(_draw(2 * HELD + 40, 3), _draw(2 * HELD + 40), seed=0)
    shuffled = {n for n, options in made if options.get("shuffle")}
    assert shuffled == {40}
    assert {options["batch_size"] for _, options in made} == {BATCH}


# The figure


def test_the_ring_has_the_five_lines_of_train_epoch_in_their_order() -> None:
    (ax,) = figures.loop(SimpleNamespace()).axes
    texts = [text.get_text() for text in ax.texts]
    codes = [code for code, _, _ in figures.STEPS]
    assert [text for text in texts if text in codes] == codes
    source = (SNIPPETS / "training_loop.py").read_text(encoding="utf-8")
    body = source.partition("def train_epoch")[2].partition("\n\n\n")[0]
    places = [body.index(code.replace("...)", "")) for code in codes]
    assert places == sorted(places)
    arrows = [text for text in ax.texts if getattr(text, "arrow_patch", None)]
    assert len(arrows) == len(codes)
