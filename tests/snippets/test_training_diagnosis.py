"""The tree leaf by leaf, the tools against PyTorch, the lessons by a margin."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Annotation
from torch import nn

from snippets import training_diagnosis as td
from tests.snippets.runs import Run

VERDICTS = ["model bias", "optimization", "overfitting", "mismatch", "fine"]
losses = st.floats(0, 10)


def linears(model: nn.Sequential) -> list[nn.Linear]:
    return [layer for layer in model if isinstance(layer, nn.Linear)]


def xs(line: Line2D) -> list[float]:
    return np.asarray(line.get_xdata(), dtype=float).tolist()


def ys(line: Line2D) -> list[float]:
    return np.asarray(line.get_ydata(), dtype=float).tolist()


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


# --- the tree


@pytest.mark.parametrize(
    ("train", "test", "simpler", "validation", "verdict"),
    [
        (0.5, 0.6, 0.7, None, "model bias"),
        (0.5, 0.6, 0.5, None, "model bias"),  # a tie is no proof
        (0.5, 0.6, 0.49, None, "optimization"),
        (0.5, 0.1, 0.4, None, "optimization"),  # test data may be easier
        (0.5, 0.1, 0.6, 0.1, "model bias"),
        (0.1, 0.5, None, 0.4, "overfitting"),
        (0.1, 0.5, None, 0.6, "overfitting"),
        (0.1, 0.5, 0.0, 0.4, "overfitting"),  # a simpler model is not asked about
        (0.1, 0.5, None, 0.1, "mismatch"),
        (0.1, 0.5, None, 0.2, "mismatch"),  # as wanted is small
        (0.1, 0.15, None, None, "fine"),
        (0.2, 0.2, None, None, "fine"),
        (0.1, 0.15, 0.0, 9.0, "fine"),
        (math.inf, math.inf, 1.0, None, "optimization"),
    ],
)
def test_leaves(
    train: float,
    test: float,
    simpler: float | None,
    validation: float | None,
    verdict: str,
) -> None:
    assert td.diagnose(train, test, 0.2, simpler, validation) == verdict
    assert td.diagnose(*td.Losses(train, test, 0.2, simpler, validation)) == verdict


@given(losses, losses, losses, losses, losses)
def test_tree_means_what_the_guide_says(
    train: float, test: float, wanted: float, simpler: float, validation: float
) -> None:
    verdict = td.diagnose(train, test, wanted, simpler, validation)
    assert verdict in VERDICTS
    assert (verdict in {"model bias", "optimization"}) == (train > wanted)
    if verdict == "optimization":
        assert simpler < train
    if verdict == "model bias":
        assert simpler >= train
    assert (verdict == "fine") == (train <= wanted and test <= wanted)
    if verdict in {"overfitting", "mismatch"}:
        assert test > wanted
        assert (validation > wanted) == (verdict == "overfitting")


@given(losses, losses, losses, losses, losses)
def test_only_comparisons_matter(
    train: float, test: float, wanted: float, simpler: float, validation: float
) -> None:
    numbers = (train, test, wanted, simpler, validation)
    assert td.diagnose(*numbers) == td.diagnose(*(2 * v - 100 for v in numbers)) or any(
        0 < abs(a - b) < 1e-9 for a in numbers for b in numbers
    )


def test_missing_losses_are_asked_for() -> None:
    with pytest.raises(ValueError, match="train a simpler model"):
        td.diagnose(0.5, 0.5, 0.2, validation=0.1)
    with pytest.raises(ValueError, match="hold back training data"):
        td.diagnose(0.1, 0.5, 0.2, simpler=0.1)


@pytest.mark.parametrize("place", range(5))
def test_nan_is_no_loss(place: int) -> None:
    numbers = [0.1, 0.1, 0.2, 0.1, 0.1]
    numbers[place] = math.nan
    with pytest.raises(ValueError, match="diverged"):
        td.diagnose(*numbers)


def test_every_verdict_has_its_own_advice() -> None:
    texts = [td.advise(verdict) for verdict in VERDICTS]
    assert len(set(texts)) == 5
    for verdict, word in zip(
        VERDICTS, ("flexible", "optimizer", "more", "look like", "(*^▽^*)"), strict=True
    ):
        assert word in td.advise(verdict)
    with pytest.raises(ValueError, match="'underfitting' is no verdict: use one of mo"):
        td.advise("underfitting")


# --- data and models


def test_curve() -> None:
    x = torch.tensor([0.0, 1.5, -2.0], dtype=torch.float64)
    torch.testing.assert_close(
        td.curve(x), torch.from_numpy(np.sin(2 * x.numpy()) + x.numpy() / 3)
    )


def test_draw_lies_around_the_curve() -> None:
    x, y = td.draw(4000, -1.0, 3.0, 0.3, generator())
    assert x.shape == y.shape == (4000, 1)
    assert x.min() >= -1
    assert x.max() <= 3
    assert x.mean().item() == pytest.approx(1, abs=0.1)
    assert x.std().item() == pytest.approx(4 / 12**0.5, abs=0.05)
    noise = y - td.curve(x)
    assert noise.mean().item() == pytest.approx(0, abs=0.02)
    assert noise.std().item() == pytest.approx(0.3, abs=0.02)
    x, y = td.draw(5, 0.0, 1.0, 0.0, generator())
    assert torch.equal(y, td.curve(x))


@pytest.mark.parametrize("depth", [0, 1, 3])
def test_network_shapes(depth: int) -> None:
    model = td.network(depth, 7)
    kinds = [type(layer) for layer in model]
    assert kinds == [nn.Linear, nn.Sigmoid] * depth + [nn.Linear]
    shapes = [tuple(layer.weight.shape) for layer in linears(model)]
    hidden = [(7, 1)] + [(7, 7)] * (depth - 1) + [(1, 7)]
    assert shapes == (hidden if depth else [(1, 1)])
    assert model(torch.zeros(5, 1)).shape == (5, 1)
    assert all((layer.bias == 0).all() for layer in linears(model))


def test_network_is_xavier_times_gain() -> None:
    plain, large = linears(td.network(2, 40)), linears(td.network(2, 40, 4.0))
    limits = [(6 / (1 + 40)) ** 0.5, (6 / 80) ** 0.5, (6 / 41) ** 0.5]
    for i, limit in enumerate(limits):
        W = plain[i].weight
        assert W.abs().max().item() <= limit
        assert W.abs().max().item() > 0.85 * limit
        torch.testing.assert_close(large[i].weight, 4 * W)
    same, other = (linears(td.network(2, 40, seed=seed)) for seed in (0, 1))
    assert torch.equal(plain[1].weight, same[1].weight)
    assert not torch.equal(plain[1].weight, other[1].weight)


def test_mse_is_pytorchs() -> None:
    model = td.network(1, 4)
    x, y = td.draw(9, -1, 1, 0.5, generator())
    expected = nn.functional.mse_loss(model(x), y)
    assert td.mse(model, x, y) == pytest.approx(expected.item())


def test_train_is_adam_with_a_falling_rate() -> None:
    x, y = td.draw(20, -2, 2, 0.1, generator())
    model, reference = td.network(1, 5), td.network(1, 5)
    history = td.train(model, x, y, steps=50, eta=0.05)
    optimizer = torch.optim.Adam(reference.parameters())
    expected = []
    for step in range(50):
        optimizer.param_groups[0]["lr"] = 0.05 * (1 - 0.99 * step / 50)
        loss = nn.functional.mse_loss(reference(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        expected.append(loss.item())
    assert history[:-1] == pytest.approx(expected, rel=1e-4)
    assert history[-1] == pytest.approx(td.mse(model, x, y))
    assert history[-1] == pytest.approx(td.mse(reference, x, y), rel=1e-4)
    assert len(history) == 51
    assert history[-1] < history[0]


def test_train_defaults() -> None:
    x, y = td.draw(4, -2, 2, 0.1, generator())
    a, b = td.network(0, 0), td.network(0, 0)
    history = td.train(a, x, y)
    assert len(history) == 601
    assert history == td.train(b, x, y, 600, 0.01)


def test_a_line_is_the_least_squares_line() -> None:
    x, y = td.draw(30, -2, 2, 0.3, generator(1))
    line = td.network(0, 0)
    td.train(line, x, y, steps=800, eta=0.05)
    slope, height = np.polyfit(x.flatten().numpy(), y.flatten().numpy(), 1)
    (layer,) = linears(line)
    assert layer.weight.item() == pytest.approx(slope, abs=1e-3)
    assert layer.bias.item() == pytest.approx(height, abs=1e-3)


def test_gradient_sizes_are_finite_differences() -> None:
    x, y = (part.double() for part in td.draw(6, -2, 2, 0.3, generator()))
    model = td.network(2, 3, 2.0).double()
    sizes = td.gradient_sizes(model, x, y)
    assert len(sizes) == 3
    for size, layer in zip(sizes, linears(model), strict=True):
        W = layer.weight.data
        total, h = 0.0, 1e-6
        for k in range(W.numel()):
            W.view(-1)[k] += h
            up = td.mse(model, x, y)
            W.view(-1)[k] -= 2 * h
            down = td.mse(model, x, y)
            W.view(-1)[k] += h
            total += ((up - down) / (2 * h)) ** 2
        assert size == pytest.approx(total**0.5, rel=1e-5)
    assert all(p.grad is None for p in model.parameters())


# --- lessons


def test_five_runs_five_verdicts(run: Run) -> None:
    v = run.values
    assert v["verdicts"] == VERDICTS
    assert len(v["names"]) == len(set(v["names"])) == 5


def test_verdicts_have_a_margin(run: Run) -> None:
    v = run.values
    wanted, train, test = v["wanted"], v["train_losses"], v["test_losses"]
    assert wanted == pytest.approx(2 * v["noise"] ** 2)
    assert min(train[:2]) > 1.5 * wanted
    assert max(train[2:]) < 0.85 * wanted
    assert min(test[:4]) > 1.5 * wanted
    assert test[4] < 0.85 * wanted
    assert v["line_simpler"] > 1.1 * train[0]
    assert v["deep_simpler"] < 0.6 * train[1]
    assert v["few_validation"] > 1.5 * wanted
    assert v["mismatch_validation"] < 0.7 * wanted
    assert train[2] < 0.3 * v["noise"] ** 2  # the noise itself was learned


def test_the_deep_network_could_but_does_not(run: Run) -> None:
    v = run.values
    assert v["depths"] == [2, 4, 8, 8]
    two, four, deep, better = v["depth_losses"]
    assert deep > 1.5 * max(two, four)
    assert better < min(two, four)
    assert better == v["better_start"]
    assert v["updates"] == 600
    assert v["parameters"] == [1 + 2 * 20 + 20 + (d - 1) * 420 for d in v["depths"]]
    first = v["first_gradients"]
    assert first[0] > 5 * first[1] > 500 * first[2]
    assert first[3] > 1000 * first[2]
    assert v["gradient_ratio"] == pytest.approx(first[0] / first[2])


def test_more_of_the_same_does_not_cure_a_mismatch(run: Run) -> None:
    v = run.values
    assert v["mismatch_more"] > 2 * v["wanted"]
    assert v["mismatch_both"] < 0.85 * v["wanted"]


def test_output(run: Run) -> None:
    lines = run.printed.splitlines()
    v = run.values
    assert max(map(len, lines)) <= 72
    for verdict, name, train, test in zip(
        v["verdicts"], v["names"], v["train_losses"], v["test_losses"], strict=True
    ):
        assert f"{verdict:<12}  {td.advise(verdict)}" in lines
        (row,) = [
            line for line in lines if line.startswith(name) and line.endswith(verdict)
        ]
        assert row.split(name)[1].split()[:2] == [f"{train:.3f}", f"{test:.3f}"]


# --- figures


def texts(fig: Figure) -> list[str]:
    return [t.get_text().replace("\n", " ") for ax in fig.axes for t in ax.texts]


def test_every_axis_is_labelled(run: Run) -> None:
    names = ["tree", "depth", "fits", "mismatch", "runs"]
    assert list(run.figures) == [f"plot_{name}" for name in names]
    for name, fig in run.figures.items():
        for ax in fig.axes:
            if ax.axison:
                shared_x = ax.get_shared_x_axes().joined(ax, fig.axes[-1])
                shared_y = ax.get_shared_y_axes().joined(ax, fig.axes[0])
                assert ax.get_xlabel() or (shared_x and ax is not fig.axes[-1]), name
                assert ax.get_ylabel() or (shared_y and ax is not fig.axes[0]), name


def test_plot_tree_is_the_tree_of_diagnose(run: Run) -> None:
    """Follow the arrows drawn: every leaf is the verdict of the answers on the way."""
    (ax,) = run.figures["plot_tree"].axes
    texts = [t for t in ax.texts if isinstance(t, Annotation)]
    arrows = [text for text in texts if text.arrow_patch is not None]
    words = [t for t in ax.texts if t not in arrows]
    nodes = {t.get_position(): t.get_text().replace("\n", " ") for t in words}
    edges: dict[str, dict[str, str]] = {}
    for arrow in arrows:
        (hx, hy), (tx, ty) = arrow.xy, arrow.get_position()
        parent, child = nodes[(tx, round(ty + 0.95, 9))], nodes[(hx, round(hy - 1, 9))]
        middle = ((hx + tx) / 2, (hy + ty) / 2)
        edges.setdefault(parent, {})[nodes[middle]] = child

    def verdict(question: str, answers: dict[str, bool]) -> str:
        if question not in edges:
            return question
        yes, no = ("yes", "no") if "simpler" in question else (
            "large", "small")  # fmt: skip
        return verdict(edges[question][yes if answers[question] else no], answers)

    root = "loss on training data?"
    questions = [root, "smaller with a simpler model?", "loss on testing data?",
                 "validation loss?"]  # fmt: skip
    assert set(edges) == set(questions)
    for code in range(16):
        answers = {q: bool(code >> i & 1) for i, q in enumerate(questions)}
        large, smaller, test, validation = answers.values()
        train = 3.0 if large else 0.5
        said = td.diagnose(
            train, 2.0 if test else 0.5, 1, train / 2 if smaller else train + 1,
            2.0 if validation else 0.5,
        )  # fmt: skip
        assert verdict(root, answers).removesuffix("  (*^▽^*)").startswith(said)


def test_plot_fits_draws_points_truth_and_model() -> None:
    x = torch.linspace(-1, 1, 5).unsqueeze(1)
    panels = [
        (f"model {i}", x[: i + 1], 2 * x[: i + 1], (i - 1.5) * x) for i in range(4)
    ]
    fig = td.plot_fits(x, x**2, panels)
    for i, ax in enumerate(fig.axes):
        points, truth, model = ax.lines
        assert ax.get_title() == f"model {i}"
        assert ys(points) == (2 * x[: i + 1]).flatten().tolist()
        assert ys(truth) == (x**2).flatten().tolist()
        assert ys(model) == ((i - 1.5) * x).flatten().tolist()
    (legend,) = fig.legends
    names = [text.get_text() for text in legend.get_texts()]
    assert names == ["training data", "$f(x)$", "model"]


def test_plot_runs_draws_the_losses_that_were_measured() -> None:
    runs = [
        td.Losses(0.5, 0.6, 0.2, simpler=0.7),
        td.Losses(0.1, 0.8, 0.2, validation=0.3),
        td.Losses(0.11, 0.12, 0.2),
    ]
    fig = td.plot_runs(["a", "b", "c"], runs, ["P", "Q", "R"])
    (ax,) = fig.axes
    train, test, simpler, validation, wanted = ax.lines
    assert xs(train) == [0.5, 0.1, 0.11]
    assert xs(test) == [0.6, 0.8, 0.12]
    assert xs(simpler) == [0.7]
    assert xs(validation) == [0.3]
    assert [round(y) for y in ys(train)] == [3, 2, 1]
    assert [round(y) for y in ys(test)] == [3, 2, 1]
    assert [round(y) for y in ys(simpler)] == [3]
    assert [round(y) for y in ys(validation)] == [2]
    assert xs(wanted) == [0.2, 0.2]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["a:\nP", "b:\nQ", "c:\nR"]
    assert list(ax.get_yticks()) == [3, 2, 1]
    assert ax.get_xscale() == "log"
    labels = [line.get_label() for line in (train, test, simpler, validation)]
    assert labels == ["training", "testing", "training, simpler", "validation"]


def test_plot_depth_draws_every_history(run: Run) -> None:
    histories, wanted = run.arguments["plot_depth"]
    fig = run.figures["plot_depth"]
    (ax,) = fig.axes
    assert [line.get_label() for line in ax.lines[:4]] == [h[0] for h in histories]
    for line, (_, values) in zip(ax.lines, histories, strict=False):
        assert ys(line) == values
    assert ys(ax.lines[4]) == [wanted, wanted]
    assert len({line.get_linestyle() for line in ax.lines[:4]}) == 4
    low, high = ax.get_ylim()
    assert all(low < values[-1] < high for _, values in histories)


def test_plot_mismatch_draws_both_data_sets(run: Run) -> None:
    x, truth, prediction, training, testing = run.arguments["plot_mismatch"]
    upper, lower = run.figures["plot_mismatch"].axes
    by_name = {line.get_label(): line for line in upper.lines}
    expected = {
        "testing data": testing,
        "training data": training,
        "$f(x)$": (x, truth),
        "model": (x, prediction),
    }
    assert list(by_name) == list(expected)
    for name, (u, v) in expected.items():
        assert xs(by_name[name]) == u.flatten().tolist()
        assert ys(by_name[name]) == v.flatten().tolist()
    assert 0.8 < training[0].max() <= 1
    assert -1 <= testing[0].min() < -0.8
    assert testing[0].max() > 2.5
    for patch, (u, _) in zip(lower.patches, (training, testing), strict=True):
        heights, edges = np.histogram(u.numpy(), 12, (-3, 3), density=True)
        at, drawn = np.asarray(patch.get_path().vertices).T
        assert drawn.max() == pytest.approx(heights.max(), rel=1e-5)
        assert at.min() >= edges[0] - 1e-6
