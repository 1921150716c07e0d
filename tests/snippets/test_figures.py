"""Every figure of every snippet is legible; and the rules notice what is not."""

import pkgutil

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tests.snippets.legibility import contrast, defects, style
from tests.snippets.runs import run_of

MODULES = sorted(module.name for module in pkgutil.iter_modules(["snippets"]))


@pytest.mark.parametrize("module", MODULES)
def test_figures_are_legible(module: str) -> None:
    run = run_of(module)
    assert run.figures
    assert not run.defects, "\n".join(run.defects)


# The rules themselves


@pytest.fixture
def ax() -> Axes:
    """An empty, flawless plot."""
    with style("light"):
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
