"""The feedforward network against PyTorch, closed forms and the lecture's numbers."""

import math
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle
from torch import Tensor, nn

from snippets import feedforward as ff
from tests.snippets.runs import Run

X1 = torch.tensor([1.0, -1.0])
X0 = torch.tensor([0.0, 0.0])
SIZES = [3, 5, 2, 4]


def net(sizes: list[int], seed: int = 1, dtype: torch.dtype = torch.float64) -> Any:
    generator = torch.Generator().manual_seed(seed)
    return [
        (W.to(dtype), b.to(dtype)) for W, b in ff.random_network(sizes, generator, 1.0)
    ]


def texts(fig: Figure) -> list[str]:
    found = [t.get_text() for ax in fig.axes for t in ax.texts]
    return [text for text in found if text]


def circles(ax: Axes) -> int:
    return sum(isinstance(p, Circle) for p in ax.patches)


def linear_modules(model: nn.Sequential) -> list[nn.Linear]:
    return [module for module in model if isinstance(module, nn.Linear)]


class TestSigmoid:
    def test_equals_torch(self) -> None:
        z = torch.linspace(-9, 9, 37, dtype=torch.float64)
        a = ff.sigmoid(z)
        assert a.shape == z.shape
        assert a.dtype == torch.float64
        torch.testing.assert_close(a, torch.sigmoid(z), rtol=1e-14, atol=0)

    @pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
    def test_edges(self, dtype: torch.dtype) -> None:
        a = ff.sigmoid(torch.tensor([-300.0, -1e4, 0.0, 300.0, 1e4], dtype=dtype))
        assert torch.isfinite(a).all()
        assert a[2] == 0.5
        assert a[3] == a[4] == 1
        assert a[1] == 0
        assert a[0].item() == pytest.approx(0, abs=1e-100)

    @given(st.floats(-700, 700))
    def test_symmetry(self, z: float) -> None:
        pair = torch.tensor([z, -z], dtype=torch.float64)
        assert ff.sigmoid(pair).sum().item() == pytest.approx(1, abs=1e-15)


class TestNeuronAndLayer:
    def test_neuron_is_logistic_regression(self) -> None:
        x, w = torch.tensor([1.0, 2.0, -3.0]), torch.tensor([0.5, -1.0, 0.25])
        a = ff.neuron(x, w, torch.tensor(0.75))
        assert a.shape == ()
        assert a.item() == pytest.approx(1 / (1 + math.exp(1.5)), rel=1e-6)

    @pytest.mark.parametrize("layer", [ff.layer, ff.layer_by_loop])
    def test_equals_linear(self, layer: Any) -> None:
        (W, b), x = net([3, 5])[0], torch.tensor([0.3, -2.0, 1.1], dtype=torch.float64)
        a = layer(x, W, b)
        assert a.shape == (5,)
        assert a.dtype == torch.float64
        expected = torch.sigmoid(nn.functional.linear(x, W, b))
        torch.testing.assert_close(a, expected, rtol=1e-13, atol=0)

    def test_lecture_first_layer(self) -> None:
        W, b = ff.lecture_network()[0]
        assert (W @ X1 + b).tolist() == [4, -2]
        expected = [1 / (1 + math.exp(-4)), 1 / (1 + math.exp(2))]
        assert ff.layer(X1, W, b).tolist() == pytest.approx(expected, rel=1e-6)


class TestForward:
    @pytest.mark.parametrize(
        ("x", "expected"),
        [
            (X1, [[1, -1], [0.98, 0.12], [0.86, 0.11], [0.62, 0.83]]),
            (X0, [[0, 0], [0.73, 0.50], [0.72, 0.12], [0.51, 0.85]]),
        ],
    )
    def test_lecture_numbers(self, x: Tensor, expected: list[list[float]]) -> None:
        activations = ff.forward(x, ff.lecture_network())
        rounded = [[round(v, 2) for v in a.tolist()] for a in activations]
        assert rounded == expected

    def test_lecture_parameters(self) -> None:
        values = [(W.tolist(), b.tolist()) for W, b in ff.lecture_network()]
        assert values == [
            ([[1, -2], [-1, 1]], [1, 0]),
            ([[2, -1], [-2, -1]], [0, 0]),
            ([[3, -1], [-1, 4]], [-2, 2]),
        ]

    def test_shapes_and_input_kept(self) -> None:
        x = torch.randn(3, generator=torch.Generator().manual_seed(0)).double()
        activations = ff.forward(x, net(SIZES))
        assert [len(a) for a in activations] == SIZES
        assert activations[0] is x

    @given(st.lists(st.integers(1, 6), min_size=2, max_size=5), st.integers(0, 99))
    @settings(max_examples=30, deadline=None)
    def test_three_ways_agree(self, sizes: list[int], seed: int) -> None:
        layers = net(sizes, seed)
        generator = torch.Generator().manual_seed(seed)
        X = torch.randn(7, sizes[0], generator=generator, dtype=torch.float64)
        Y = ff.forward_batch(X, layers)
        assert Y.shape == (7, sizes[-1])
        one_by_one = torch.stack([ff.forward(x, layers)[-1] for x in X])
        torch.testing.assert_close(Y, one_by_one, rtol=1e-12, atol=1e-15)
        model = ff.as_sequential(layers)
        torch.testing.assert_close(Y, model(X).detach(), rtol=1e-12, atol=1e-15)

    def test_as_sequential(self) -> None:
        layers = net(SIZES, dtype=torch.float32)
        model = ff.as_sequential(layers)
        assert [type(m) for m in model] == [nn.Linear, nn.Sigmoid] * 3
        linears = linear_modules(model)
        assert [m.weight.shape for m in linears] == [(5, 3), (2, 5), (4, 2)]
        for module, (W, b) in zip(linears, layers, strict=True):
            assert torch.equal(module.weight, W)
            assert torch.equal(module.bias, b)
        assert linears[0].weight.dtype == torch.float32


class TestCounts:
    @given(st.lists(st.integers(1, 9), min_size=2, max_size=5))
    @settings(max_examples=40, deadline=None)
    def test_parameter_count_is_that_of_torch(self, sizes: list[int]) -> None:
        model = ff.as_sequential(net(sizes))
        counted = sum(p.numel() for p in model.parameters())
        assert ff.parameter_count(sizes) == counted
        weights = sum(m.weight.numel() for m in linear_modules(model))
        assert ff.multiplications(sizes) == weights
        assert ff.multiplications(sizes, 6) == 6 * weights

    def test_multiplications_by_hand(self) -> None:
        assert ff.multiplications([2, 2, 2, 2]) == 12
        assert ff.multiplications([784, 1000, 1000, 10]) == 1_794_000
        assert ff.parameter_count([2, 2, 2, 2]) == 18

    @pytest.mark.parametrize(
        ("sizes", "steps"),
        [
            ([1, 9], 3),  # 1 product, 2 numbers to add: 1 round
            ([2, 9], 4),  # 3 numbers: 2 rounds
            ([3, 1], 4),  # 4 numbers: 2 rounds
            ([4, 1], 5),  # 5 numbers: 3 rounds
            ([2, 2, 2, 2], 12),
            ([784, 1000, 1000, 10], 36),
        ],
    )
    def test_steps_in_a_row(self, sizes: list[int], steps: int) -> None:
        assert ff.steps_in_a_row(sizes) == steps

    def test_pairwise_sum_really_takes_that_many_rounds(self) -> None:
        for n_in in range(1, 40):
            numbers, rounds = n_in + 1, 0
            while numbers > 1:
                numbers, rounds = (numbers + 1) // 2, rounds + 1
            assert ff.steps_in_a_row([n_in, 3]) == rounds + 2


class TestStructures:
    def test_random_network(self) -> None:
        layers = ff.random_network(SIZES, torch.Generator().manual_seed(3))
        assert [W.shape for W, _ in layers] == [(5, 3), (2, 5), (4, 2)]
        assert [b.shape for _, b in layers] == [(5,), (2,), (4,)]
        again = ff.random_network(SIZES, torch.Generator().manual_seed(3), 1.0)
        for (W, b), (V, c) in zip(layers, again, strict=True):
            torch.testing.assert_close(W, 4 * V)  # the default scale is 4
            torch.testing.assert_close(b, 4 * c)

    def test_random_network_is_normal(self) -> None:
        W, b = ff.random_network([400, 100], torch.Generator().manual_seed(0), 0.5)[0]
        for values, margin in ((W, 0.02), (b, 0.2)):
            assert values.mean().item() == pytest.approx(0, abs=margin)
            assert values.std().item() == pytest.approx(0.5, abs=margin)

    @given(st.integers(1, 5), st.integers(0, 6), st.integers(0, 99))
    @settings(max_examples=40, deadline=None)
    def test_convolution_equals_torch(self, k: int, more: int, seed: int) -> None:
        generator = torch.Generator().manual_seed(seed)
        kernel = torch.randn(k, generator=generator, dtype=torch.float64)
        x = torch.randn(k + more, generator=generator, dtype=torch.float64)
        W = ff.convolution_matrix(kernel, k + more)
        assert W.shape == (more + 1, k + more)
        assert W.dtype == torch.float64
        expected = nn.functional.conv1d(x[None, None], kernel[None, None])[0, 0]
        torch.testing.assert_close(W @ x, expected, rtol=1e-12, atol=1e-12)

    @pytest.mark.parametrize(("k", "n"), [(4, 3), (0, 3)])
    def test_kernel_must_fit(self, k: int, n: int) -> None:
        with pytest.raises(ValueError, match=f"a kernel of {k} does not fit {n}"):
            ff.convolution_matrix(torch.ones(k), n)


class TestFigures:
    @pytest.mark.parametrize("plot", [ff.plot_network, ff.plot_network_zero])
    def test_network_carries_its_numbers(self, plot: Any) -> None:
        layers = ff.lecture_network()
        fig = plot(layers, ff.forward(X1, layers))
        found = texts(fig)
        for number in ("0.98", "0.12", "0.86", "0.11", "0.62", "0.83"):
            assert found.count(number) == 1
        # weights, biases and the input, with true minus signs
        integers = sorted(int(t.replace("−", "-")) for t in found if _is_int(t))
        values = [v for W, b in layers for v in [*W.flatten().tolist(), *b.tolist()]]
        assert integers == sorted([*values, 1, -1])
        assert circles(fig.axes[0]) == 8
        assert {"$x$", "$a^1$", "$a^2$", "$y$"} <= set(found)

    def test_neuron(self) -> None:
        fig = ff.plot_neuron(
            X1, torch.tensor([1.0, -2.0]), torch.tensor(1.0), torch.tensor(0.982)
        )
        assert {"$z=$4", "$a=$0.98", "−2", "−1", "inputs", "weights"} <= set(texts(fig))

    def test_layer(self) -> None:
        W, b = ff.lecture_network()[0]
        fig = ff.plot_layer(X1, W, b, W @ X1 + b, ff.layer(X1, W, b))
        found = texts(fig)
        for number in ("4", "−2", "0.98", "0.12"):
            assert number in found
        assert {"$W^1$", "$x$", "$b^1$", "$z^1$", "$a^1$"} <= set(found)

    def test_general(self) -> None:
        fig = ff.plot_general()
        assert circles(fig.axes[0]) == 15
        found = set(texts(fig))
        assert {"$x_1$", "$x_N$", "$y_1$", "$y_M$", "hidden layers"} <= found
        assert {"input\nlayer", "output\nlayer", "$W^{L}, b^{L}$"} <= found

    def test_chain(self) -> None:
        found = set(texts(ff.plot_chain()))
        assert {"$x$", "$a^1$", "$a^2$", "$y$", r"$\sigma(W^1 x + b^1)$"} <= found

    def test_batch(self) -> None:
        fig = ff.plot_batch()
        cells = [p for p in fig.axes[0].patches if isinstance(p, Rectangle)]
        assert len(cells) == 5 * 2 + 2 * 3 + 1 * 3 + 5 * 3
        assert sum(to_rgba(p.get_facecolor())[3] == 1 for p in cells) == 2 + 3

    def test_functions(self) -> None:
        t = torch.linspace(-1, 1, 5)
        curves = [t * 0.1, t * 0.2]
        fig = ff.plot_functions(t, t**2, curves, {0.0: 0.25, 1.0: 0.75})
        ax = fig.axes[0]
        drawn = [np.asarray(line.get_ydata()) for line in ax.lines]
        for line, expected in zip(drawn, [*curves, t**2], strict=False):
            np.testing.assert_allclose(line, expected)
        assert drawn[-1].tolist() == [0.25, 0.75]
        assert len({line.get_linestyle() for line in ax.lines[:3]}) == 3
        assert {"0.25", "0.75"} <= set(texts(fig))
        assert ax.get_xlabel()
        assert ax.get_ylabel()

    def test_structures(self) -> None:
        W = ff.convolution_matrix(torch.ones(3), 5)
        fig = ff.plot_structures(torch.ones(3, 5), W, (15, 3))
        ax = fig.axes[0]
        assert len(ax.lines) == 15 + 9  # a wire for every weight that is not 0
        assert len({line.get_linestyle() for line in ax.lines[15:]}) == 3
        assert {"15 weights", "3 weights"} <= set(texts(fig))


def _is_int(text: str) -> bool:
    return text.replace("−", "").isdigit()


class TestMain:
    def test_values(self, run: Run) -> None:
        values = run.values
        layers = ff.lecture_network()
        one, zero = ff.forward(X1, layers), ff.forward(X0, layers)
        for n, name in ((1, "a1"), (2, "a2"), (3, "y")):
            assert values[name] == one[n].tolist()
            assert values[f"zero_{name}"] == zero[n].tolist()
        assert values["z1"] == [4, -2]
        assert values["zero_z1"] == [1, 0]
        assert values["batch_products"] == values["batch"] * values["large_products"]
        assert (values["dense_weights"], values["shared_weights"]) == (15, 3)
        assert (values["small_parameters"], values["small_products"]) == (18, 12)
        assert (values["small_steps"], values["large_steps"]) == (12, 36)
        assert values["large_parameters"] == 1_796_010

    def test_output(self, run: Run) -> None:
        printed = run.printed
        assert printed.count("same to rounding: True") == 3
        assert "179,400,000               36" in printed
        assert max(map(len, printed.splitlines())) <= 72

    def test_every_figure_once(self, run: Run) -> None:
        assert set(run.arguments) == {n for n in vars(ff) if n.startswith("plot_")}

    def test_one_structure_holds_different_functions(self, run: Run) -> None:
        t, lecture, others, marks = run.arguments["plot_functions"]
        assert len(others) == 5
        assert t[0] == -4
        curves = [lecture, *others]
        for n, curve in enumerate(curves):
            for other in curves[:n]:
                assert (curve - other).abs().max() > 0.02
        assert marks == {0.0: run.values["zero_y"][0], 1.0: run.values["y"][0]}
        at_one = (t - 1).abs().argmin()
        assert lecture[at_one].item() == pytest.approx(marks[1.0], abs=1e-6)

    def test_disagreement_shows(self, monkeypatch: pytest.MonkeyPatch) -> None:
        layers = ff.lecture_network()
        X = torch.randn(4, 2, generator=torch.Generator().manual_seed(0))
        assert ff.show_agreement(X, layers) < 1e-6
        monkeypatch.setattr(ff, "layer_by_loop", lambda x, W, b: W @ x + b)
        assert ff.show_agreement(X, layers) > 0.1
