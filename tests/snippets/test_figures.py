"""Every figure of every snippet is legible; and the rules notice what is not."""

import pkgutil
from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure

from tests.snippets.legibility import (
    contrast,
    defects,
    defects_in_both,
    in_dark,
    style,
)
from tests.snippets.runs import run_of
from weave.run.figure_text import FigureText

MODULES = sorted(module.name for module in pkgutil.iter_modules(["snippets"]))


@pytest.mark.parametrize("module", MODULES)
def test_figures_are_legible(module: str) -> None:
    run = run_of(module)
    assert run.figures
    assert not run.defects, "\n".join(run.defects)


# The rules themselves


@pytest.fixture
def ax() -> Iterator[Axes]:
    """An empty, flawless plot."""
    with style():
        ax = plt.subplots()[1]
        ax.set(xlabel="$x$", ylabel="$y$")
        yield ax


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


@pytest.mark.parametrize(
    ("text", "points", "small"),
    [
        ("plain", 8.1, True),
        ("plain", 8.2, False),
        ("$x^2$", 11, True),
        ("$x^2$", 12, False),
        ("two lines\n$e^{x_i}$", 16, True),
    ],
)
def test_letters_too_small_on_a_phone_are_found(
    text: str, points: float, small: bool, ax: Axes
) -> None:
    ax.text(0.5, 0.5, text, fontsize=points)
    assert ["px on a phone" in defect for defect in found(ax)] == [True] * small


def test_a_wide_figure_is_found(ax: Axes) -> None:
    assert isinstance(ax.figure, Figure)
    ax.figure.set_figwidth(5)
    assert found(ax)[0] == "5 inches wide, more than 4.5"


@pytest.mark.parametrize(("grey", "faint"), [("0.55", True), ("0.4", False)])
def test_faint_text_is_found(ax: Axes, grey: str, faint: bool) -> None:
    ax.text(0.5, 0.5, "grey", color=grey)
    assert any("(light)" in defect for defect in found(ax)) == faint


def test_contrast_is_against_what_lies_behind(ax: Axes) -> None:
    ax.axvspan(0.4, 0.9, color="C0")
    ax.text(0.5, 0.5, "white", color="white")
    assert found(ax) == []
    ax.text(0.5, 0.8, "blue", color="C0")
    assert found(ax) == [
        f"'blue' has a contrast of 1.0 : 1 ({scheme})" for scheme in ("light", "dark")
    ]


def test_contrast_is_looked_at_in_the_dark_too(ax: Axes) -> None:
    """An image stays as light as it is, and the text on it turns light."""
    ax.imshow([[1.0]], vmin=0, vmax=1, extent=(0, 1, 0, 1))
    ax.text(0.5, 0.5, "text")
    assert [defect for defect in found(ax) if "'text'" in defect] == [
        "'text' has a contrast of 1.0 : 1 (dark)"
    ]


@pytest.mark.parametrize(
    ("light", "dark"),
    [("white", "#14191f"), ("#1f2933", "#e4e8ec"), ("#52606d", "#9aa5b1")],
)
def test_a_colour_has_its_dark_twin(light: str, dark: str) -> None:
    assert to_hex(tuple(in_dark(np.array(to_rgb(light))))) == dark


def test_a_tint_is_a_tint_in_the_dark() -> None:
    blue, paper, dark_blue, night = (
        np.array(to_rgb(color)) for color in ("#0069a8", "white", "#62b5eb", "#14191f")
    )
    tint, dark_tint = 0.3 * blue + 0.7 * paper, 0.3 * dark_blue + 0.7 * night
    assert in_dark(tint) == pytest.approx(dark_tint, abs=0.01)


def test_the_chinese_is_looked_at_too(ax: Axes) -> None:
    ax.text(0.1, 0.5, "one")
    ax.text(0.4, 0.5, "two")
    texts = FigureText({"one": "很长很长很长的一", "two": "二"}, frozenset())
    assert defects_in_both(ax.figure, texts) == [  # type: ignore[arg-type]
        "'很长很长很长的一' and '二' overlap"
    ]


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


def test_an_axis_of_words_needs_no_label(ax: Axes) -> None:
    ax.set(xlabel="")
    ax.set_xticks([0, 1], ["deep", "wide"])
    assert found(ax) == []


def test_a_legend_on_a_line_is_found(ax: Axes) -> None:
    ax.plot([0, 1], [0, 1], label="up")
    ax.legend(loc="lower left")
    assert found(ax) == ["the legend lies on the line 'up'"]
