"""The drawings of cross_validation: three sets of data, and 3-fold cross-validation."""

from types import SimpleNamespace

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from assets.figures.drawing import Point, box, canvas, pointer


def sets(run: SimpleNamespace) -> Figure:
    """Draw training, validation and test set, as long as they are large."""
    fig, ax = canvas(12, 3.6)
    uses = ("fit\nparameters", "choose\nthe model", "once, at\nthe end")
    words = zip(("train", "validate", "test"), uses, ("C0", "C1", "C5"), strict=True)
    x, unit = 0.1, 11.8 / sum(run.sizes)
    for size, (name, use, color) in zip(run.sizes, words, strict=True):
        middle = x + size * unit / 2
        ax.text(middle, 3.1, f"{size}", ha="center", va="center_baseline")
        _filled(ax, (x, 1.7), size * unit, name, color)
        ax.text(middle, 1.4, use, ha="center", va="top")
        x += size * unit
    return fig


def three_rounds(run: SimpleNamespace) -> Figure:
    """Draw a row for each round and a column for each model, the choice, the last step.

    run.fold_errors (J, K) and run.names (J) are made for three and three.
    """
    errors, names = run.fold_errors.tolist(), run.names
    fig, ax = canvas(12, 10.2)
    ax.text(3.1, 9.5, "training data", ha="center")
    for i in range(3):
        y = 7.8 - 1.4 * i
        for part in range(3):
            name, color = ("validate", "C1") if part == i else ("train", "C0")
            _filled(ax, (0.1 + 2.04 * part, y), 1.98, name, color)
    for x, name, row in zip(_COLUMNS, names, errors, strict=True):
        numbers = [f"{error:.1f}" for error in (*row, sum(row) / len(row))]
        heights = (9.5, 8.3, 6.9, 5.5, 3.7)
        for y, text in zip(heights, (name, *numbers), strict=True):
            ax.text(x, y, text, ha="center", va="center_baseline")
    ax.plot([6.2, 11.9], [4.6, 4.6], color="C5", lw=1.2)
    ax.text(5.8, 3.7, "average error", ha="right", va="center_baseline")
    averages = [sum(row) / len(row) for row in errors]
    _choice(ax, _COLUMNS[averages.index(min(averages))])
    return fig


_COLUMNS = (7.1, 8.9, 10.85)  # of the three models


def _choice(ax: Axes, x: float) -> None:
    """A frame round the smallest average, and the training on everything."""
    box(ax, (x - 0.85, 3.15), 1.7, 1.1, "C2")
    pointer(ax, (x, 3.1), (x, 1.4), "C2")
    ax.text(x - 0.3, 2.2, "smallest", color="C2", ha="right", va="center_baseline")
    words = "train it once more, on all the training data"
    _filled(ax, (0.1, 0.2), 11.8, words, "C0")


def _filled(ax: Axes, corner: Point, width: float, text: str, color: str) -> None:
    """A tinted box, one unit high, given its lower left corner, and its text."""
    ax.add_patch(Rectangle(corner, width, 1, fc=color, ec="none", alpha=0.16))
    ax.add_patch(Rectangle(corner, width, 1, fc="none", ec=color, lw=1.4))
    middle = corner[0] + width / 2, corner[1] + 0.5
    ax.text(*middle, text, ha="center", va="center_baseline")
