"""What the exporter keeps of a run: figures in both schemes, and the values."""

import base64
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from weave.paths import STYLES
from weave.run import figures

Namespace = dict[str, Any]


def plot_line(height: float, colors: list[str] | None = None) -> Figure:
    figure, ax = plt.subplots()
    ax.plot([0, height], label="line")
    ax.set(xlabel="$x$", ylabel="y")
    if colors is not None:
        colors.append(to_hex(plt.rcParams["text.color"]).upper())
    return figure


def _main(value: object) -> Callable[[], object]:
    return lambda: value


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, Any]]:
    """What the kernel would have displayed: pairs of data and metadata."""
    shown: list[tuple[Any, Any]] = []
    monkeypatch.setattr(
        figures, "display", lambda data, raw, metadata: shown.append((data, metadata))
    )
    return shown


@pytest.fixture
def namespace(tmp_path: Path, shown: list[tuple[Any, Any]]) -> Namespace:
    namespace: Namespace = {"plot_line": plot_line, "main": _main({"a": 1})}
    figures.install(namespace, tmp_path, STYLES)
    return namespace


def test_one_call_draws_the_figure_in_both_schemes(
    namespace: Namespace, tmp_path: Path
) -> None:
    colors: list[str] = []
    namespace["plot_line"](2, colors=colors)
    assert colors == ["#E4E8EC", "#1F2933"]
    files = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert set(files) == {"line.dark.svg", "line.light.svg", "line.png"}
    assert files["line.dark.svg"] != files["line.light.svg"]


def test_the_light_figure_is_shown_and_marked(
    namespace: Namespace, shown: list[tuple[Any, Any]], tmp_path: Path
) -> None:
    namespace["plot_line"](2)
    [(data, metadata)] = shown
    assert metadata == {"weave": {"figure": "line"}}
    picture = base64.b64decode(data["image/png"])
    assert picture.startswith(b"\x89PNG")
    assert picture == (tmp_path / "line.png").read_bytes()


def test_a_figure_is_the_same_file_every_time(
    tmp_path: Path, shown: list[tuple[Any, Any]]
) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        namespace: Namespace = {"plot_line": plot_line, "main": _main({})}
        figures.install(namespace, tmp_path / name, STYLES)
        namespace["plot_line"](2)
    for file in ("line.light.svg", "line.dark.svg"):
        a, b = (tmp_path / name / file for name in "ab")
        assert a.read_bytes() == b.read_bytes()
    assert shown[0] == shown[1]


def test_a_figure_drawn_twice_is_refused(namespace: Namespace) -> None:
    namespace["plot_line"](2)
    with pytest.raises(ValueError, match="plot_line is called twice"):
        namespace["plot_line"](3)


def test_no_figure_stays_open_and_no_style_stays_set(namespace: Namespace) -> None:
    before = dict(plt.rcParams)
    namespace["plot_line"](2)
    assert plt.get_fignums() == []
    assert dict(plt.rcParams) == before


def test_other_functions_stay_as_they_are(tmp_path: Path) -> None:
    namespace: Namespace = {"replot": plot_line, "main": _main({})}
    figures.install(namespace, tmp_path, STYLES)
    assert namespace["replot"] is plot_line


def test_a_wrapped_function_keeps_its_name(namespace: Namespace) -> None:
    assert namespace["plot_line"].__name__ == "plot_line"


@pytest.mark.parametrize(
    "values", [{}, {"a": 1, "b": [0.1, -2], "名": "过拟合"}, {"tiny": 1e-300}]
)
def test_the_values_of_main_are_kept_exactly(
    values: dict[str, object], tmp_path: Path
) -> None:
    namespace: Namespace = {"main": _main(values)}
    figures.install(namespace, tmp_path, STYLES)
    assert namespace["main"]() == values
    kept = (tmp_path / "values.json").read_text(encoding="utf-8")
    assert json.loads(kept) == values


@pytest.mark.parametrize("returned", [None, 3, [("a", 1)]])
def test_a_main_that_returns_no_dict_is_refused(
    returned: object, tmp_path: Path
) -> None:
    namespace: Namespace = {"main": _main(returned)}
    figures.install(namespace, tmp_path, STYLES)
    with pytest.raises(TypeError, match="returns a dict of the values"):
        namespace["main"]()


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_value_that_is_no_number_is_refused(value: float, tmp_path: Path) -> None:
    namespace: Namespace = {"main": _main({"loss": [1.0, value]})}
    figures.install(namespace, tmp_path, STYLES)
    with pytest.raises(ValueError, match="not JSON compliant"):
        namespace["main"]()
    assert not (tmp_path / "values.json").exists()
