"""What every figure of every snippet owes its reader: labels, room, contrast, size."""

import contextlib
import importlib
import io
import pkgutil
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

ROOT = Path(__file__).parents[2]
STYLES = ROOT / "assets" / "figures"
MODULES = sorted(m.name for m in pkgutil.iter_modules([str(ROOT / "snippets")]))

WIDTH = 6  # inches; a wider one would be shrunk, text and all, on a phone
SMALLEST = 9  # points
CONTRAST = 4.5  # WCAG 2.2 level AA
TOUCH = 1.5  # points that the boxes of two texts may share: they are wider than the ink


# What is drawn


class Drawn(NamedTuple):
    """A text on the canvas, and its box in pixels."""

    text: Text
    box: Bbox

    def __str__(self) -> str:
        return repr(self.text.get_text())


def box(text: Text) -> Bbox:
    """Where it is at this moment, without the arrow of an annotation."""
    full = Text.get_window_extent(text)
    # the upright box around a slanted text is mostly empty
    return full if text.get_rotation() % 90 == 0 else full.expanded(0.5, 0.5)


def drawn_texts(figure: Figure) -> list[Drawn]:
    """Every text that reaches the canvas; ticks out of view, say, do not."""
    figure.canvas.draw()  # the layout is made in this pass
    texts: dict[int, Drawn] = {}
    draw = Text.draw

    def record(text: Text, *args: Any, **kwargs: Any) -> None:
        if text.get_visible() and text.get_text().strip():
            # a text of a 3-D plot is in its place only while it is drawn
            texts[id(text)] = Drawn(text, box(text))
        draw(text, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Text, "draw", record)
        figure.canvas.draw()
    return list(texts.values())


# Colours


def luminance(rgb: np.ndarray) -> float:
    """Relative luminance, WCAG 2.2; rgb from 0 to 1."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one: np.ndarray, other: np.ndarray) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def background(pixels: np.ndarray, where: Bbox) -> np.ndarray:
    """The most frequent colour in the box: ink covers less than half of it."""
    height, width = pixels.shape[:2]
    x0, x1 = np.clip([int(where.x0), int(where.x1) + 1], 0, width)
    y0, y1 = np.clip([int(where.y0), int(where.y1) + 1], 0, height)
    part = pixels[height - y1 : height - y0, x0:x1, :3].reshape(-1, 3)
    colors, counts = np.unique(part, axis=0, return_counts=True)
    return colors[counts.argmax()] / 255


# The rules: each yields what breaks it


def cut_off(figure: Figure, texts: list[Drawn]) -> Iterator[str]:
    slack = figure.dpi / 72
    for text in texts:
        b, canvas = text.box, figure.bbox
        out = max(
            canvas.x0 - b.x0, canvas.y0 - b.y0, b.x1 - canvas.x1, b.y1 - canvas.y1
        )
        if out > slack:
            yield f"{text} is cut off by {out * 72 / figure.dpi:.1f} pt"


def overlapping(figure: Figure, texts: list[Drawn]) -> Iterator[str]:
    touch = TOUCH * figure.dpi / 72
    for one, other in combinations(texts, 2):
        shared = Bbox.intersection(one.box, other.box)
        if shared and min(shared.width, shared.height) > touch:
            yield f"{one} and {other} overlap"


def too_small(figure: Figure, texts: list[Drawn]) -> Iterator[str]:
    if figure.get_figwidth() > WIDTH:
        yield f"{figure.get_figwidth()} inches wide, more than {WIDTH}"
    for text in texts:
        if (size := float(text.text.get_fontsize())) < SMALLEST:
            yield f"{text} has {size:g} pt"


def too_faint(figure: Figure, texts: list[Drawn]) -> Iterator[str]:
    assert isinstance(figure.canvas, FigureCanvasAgg)
    pixels = np.asarray(figure.canvas.buffer_rgba())
    for text in texts:
        if not text.box.overlaps(figure.bbox):
            continue  # nothing to see: cut_off says so
        behind = background(pixels, text.box)
        *rgb, alpha = to_rgba(text.text.get_color(), text.text.get_alpha())
        ink = alpha * np.array(rgb) + (1 - alpha) * behind
        if (found := contrast(ink, behind)) < CONTRAST:
            yield f"{text} has a contrast of {found:.1f} : 1"


def unlabelled(figure: Figure, texts: list[Drawn]) -> Iterator[str]:
    drawn = {id(text.text) for text in texts}
    for ax in figure.axes:
        for axis in (ax.xaxis, ax.yaxis):
            ticks = [t for t in axis.get_ticklabels(which="both") if id(t) in drawn]
            if ticks and id(axis.label) not in drawn:
                first = ticks[0].get_text()
                yield f"{axis.axis_name} axis with ticks at {first!r}: no label"


def legend_on_data(figure: Figure, texts: list[Drawn]) -> Iterator[str]:
    for ax in figure.axes:
        if (legend := ax.get_legend()) is None:
            continue
        for line in ax.lines:
            path = line.get_path().transformed(line.get_transform())
            if path.intersects_bbox(legend.get_window_extent(), filled=False):
                yield f"the legend lies on the line {line.get_label()!r}"


RULES = (cut_off, overlapping, too_small, too_faint, unlabelled, legend_on_data)


def defects(figure: Figure) -> list[str]:
    texts = drawn_texts(figure)
    return [defect for rule in RULES for defect in rule(figure, texts)]


# The snippets


def checked(plot: Callable[..., Figure], found: list[str]) -> Callable[..., Figure]:
    """The plot function, made to draw in both schemes and to note each defect."""

    def draw(*args: Any, **kwargs: Any) -> Figure:
        for scheme in ("light", "dark"):
            style = [STYLES / "base.mplstyle", STYLES / f"{scheme}.mplstyle"]
            with plt.style.context(style):
                figure = plot(*args, **kwargs)
                where = f"{plot.__name__} ({scheme}): "
                found.extend(where + defect for defect in defects(figure))
            plt.close(figure)
        return figure

    return draw


@pytest.mark.parametrize("module", MODULES)
def test_figures_are_legible(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    snippet = importlib.import_module(f"snippets.{module}")
    plots = {n: plot for n, plot in vars(snippet).items() if n.startswith("plot_")}
    found: list[str] = []
    for plot_name, plot in plots.items():
        monkeypatch.setattr(snippet, plot_name, checked(plot, found))
    monkeypatch.setattr(plt, "show", lambda: None)
    with contextlib.redirect_stdout(io.StringIO()):
        snippet.main()
    assert plots
    assert not found, "\n".join(found)


# The rules themselves


@pytest.fixture
def ax() -> Axes:
    """An empty, flawless plot."""
    with plt.style.context([STYLES / "base.mplstyle", STYLES / "light.mplstyle"]):
        ax = plt.subplots()[1]
    ax.set(xlabel="$x$", ylabel="$y$")
    return ax


def found(ax: Axes) -> list[str]:
    assert isinstance(ax.figure, Figure)
    return defects(ax.figure)


def test_a_flawless_figure_has_no_defect(ax: Axes) -> None:
    ax.plot([0, 1], [0, 1], label="line")
    ax.legend(loc="upper left")
    ax.annotate("here", (0.5, 0.5), (0.8, 0.2), arrowprops={"arrowstyle": "->"})
    assert found(ax) == []


def test_text_off_the_canvas_is_found(ax: Axes) -> None:
    ax.text(0.95, 0.5, "runs over the edge").set_in_layout(False)
    assert [d for d in found(ax) if "'runs over the edge' is cut off" in d]


def test_text_beyond_the_canvas_is_found(ax: Axes) -> None:
    ax.text(5, 5, "elsewhere").set_in_layout(False)
    assert ["'elsewhere' is cut off" in d for d in found(ax)] == [True]


def test_a_text_in_space_is_where_it_is_drawn() -> None:
    ax = plt.figure().add_subplot(projection="3d")
    ax.text(0, 0, 0, "one")
    ax.text(0, 0, 0.01, "two")
    assert "'one' and 'two' overlap" in found(ax)
    assert not [d for d in found(ax) if "cut off" in d]


def test_overlapping_texts_are_found(ax: Axes) -> None:
    ax.text(0.5, 0.5, "one")
    ax.text(0.51, 0.51, "two")
    assert found(ax) == ["'one' and 'two' overlap"]


def test_texts_side_by_side_do_not_overlap(ax: Axes) -> None:
    ax.text(0.5, 0.5, "one", ha="right")
    ax.text(0.5, 0.5, "two", ha="left")
    assert found(ax) == []


def test_small_text_and_wide_figures_are_found(ax: Axes) -> None:
    ax.text(0.5, 0.5, "tiny", fontsize=8.9)
    ax.text(0.2, 0.5, "small", fontsize=9)
    assert found(ax) == ["'tiny' has 8.9 pt"]
    assert isinstance(ax.figure, Figure)
    ax.figure.set_figwidth(7)
    assert "7.0 inches wide, more than 6" in found(ax)


@pytest.mark.parametrize(("grey", "faint"), [("0.55", True), ("0.4", False)])
def test_faint_text_is_found(ax: Axes, grey: str, faint: bool) -> None:
    ax.text(0.5, 0.5, "grey", color=grey)
    assert bool(found(ax)) == faint


def test_contrast_is_against_what_lies_behind(ax: Axes) -> None:
    ax.axvspan(0.4, 0.9, color="black")
    ax.text(0.5, 0.5, "white", color="white")
    assert found(ax) == []
    ax.text(0.5, 0.8, "black", color="black")
    assert found(ax) == ["'black' has a contrast of 1.0 : 1"]


def test_contrast_is_the_standards() -> None:
    black, white = np.zeros(3), np.ones(3)
    assert contrast(black, white) == pytest.approx(21)
    assert contrast(white, black) == pytest.approx(21)
    # #767676 on white is the lightest grey that passes, as WCAG's readers know
    assert contrast(np.full(3, 0x76 / 255), white) == pytest.approx(4.54, abs=0.005)


def test_axes_without_labels_are_found(ax: Axes) -> None:
    ax.set(xlabel="")
    assert found(ax) == ["x axis with ticks at '0.0': no label"]
    ax.set_xticks([])
    assert found(ax) == []


def test_a_legend_on_a_line_is_found(ax: Axes) -> None:
    ax.plot([0, 1], [0, 1], label="up")
    ax.legend(loc="lower left")
    assert found(ax) == ["the legend lies on the line 'up'"]
