"""A figure in Chinese: its texts exchanged, as long as it is saved."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path

import matplotlib
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter

from weave.paths import FIGURE_TEXT
from weave.run.figure_text import NAMES, FigureText

# Formulas take letters outside of $…$ from the first of them only.
FAMILY = ["Noto Sans SC", "DejaVu Sans"]
# Of the height of "lp", which Chinese characters exceed: else lines nearly touch.
LINE_SPACING = 1.5
FONT = files("pylopdf_fonts_zh_cn") / "NotoSansSC-Regular.otf"


@cache
def add_font() -> None:
    """Tell Matplotlib of the Chinese font, which comes as a package."""
    fontManager.addfont(Path(str(FONT)))


@contextmanager
def in_chinese(figure: Figure, texts: FigureText) -> Iterator[None]:
    """Exchange all texts of a figure that has been drawn, until the context ends.

    Raises ValueError if texts have words and no Chinese.
    """
    _require_chinese(figure, texts)
    with exchanged(figure, texts):
        yield


@contextmanager
def exchanged(figure: Figure, texts: FigureText) -> Iterator[None]:
    """Exchange the texts of a figure that have a Chinese, until the context ends.

    Text in a font of fixed width is code, and stays.
    """
    add_font()
    with matplotlib.rc_context({"font.family": FAMILY}), ExitStack() as undo:
        for axis in figure.findobj(Axis):
            _exchange_tick_labels(axis, texts, undo)
        for text in figure.findobj(Text):
            _exchange(text, texts, undo)
        yield


def _require_chinese(figure: Figure, texts: FigureText) -> None:
    said = {text.get_text() for text in figure.findobj(Text) if not is_code(text)}
    if unknown := sorted(text for text in said if texts.translate(text) is None):
        raise ValueError(
            f"no Chinese for {', '.join(map(repr, unknown))}: add it to "
            f"docs/{FIGURE_TEXT.name}, names to {NAMES}"
        )


def _exchange(text: Text, texts: FigureText, undo: ExitStack) -> None:
    if not is_code(text):
        english = text.get_text()
        undo.callback(text.set_text, english)
        undo.callback(text.set_fontfamily, text.get_fontfamily())
        text.set_text(_in_chinese(english, texts))
        text.set_fontfamily(FAMILY)
        _set_apart(text, undo)


def _in_chinese(english: str, texts: FigureText) -> str:
    return texts.translate(english) or english


def _set_apart(text: Text, undo: ExitStack) -> None:
    """Give the lines of a text room; a single one has no more than it had."""
    if "\n" in text.get_text():
        undo.callback(text.set_linespacing, vars(text)["_linespacing"])
        text.set_linespacing(LINE_SPACING)


def _exchange_tick_labels(axis: Axis, texts: FigureText, undo: ExitStack) -> None:
    """Let the axis write them: whatever else is set, it overwrites when it is drawn."""
    english = axis.get_major_formatter()
    labels = [label.get_text() for label in axis.get_majorticklabels()]
    if labels != list(map(texts.translate, labels)):
        chinese = FuncFormatter(lambda x, i: _in_chinese(english(x, i), texts))
        undo.callback(axis.set_major_formatter, english)
        axis.set_major_formatter(chinese)


def is_code(text: Text) -> bool:
    """Say whether a text is in a font of fixed width."""
    return any("mono" in family.lower() for family in text.get_fontfamily())
