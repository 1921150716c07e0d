"""Four pictures of one drawing: two languages, two palettes; and what is refused."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from weave.paths import STYLES
from weave.run import chinese, figure_text, pictures
from weave.run.figure_text import FigureText
from weave.run.pictures import SCHEMES, dark_twins

LIST = FigureText(
    {
        "loss": "损失",
        "update": "更新",
        "the rise": "上升",
        "$x$ is {}": "$x$ 等于 {}",
        "small": "小",
        "large": "大",
        "depth": "深度",
    },
    frozenset(["Adam"]),
)


@pytest.fixture
def ax(monkeypatch: pytest.MonkeyPatch) -> Iterator[Axes]:
    """An empty plot in the build's style, with a short list of texts."""
    monkeypatch.setattr(figure_text, "load", lambda module: LIST)
    with plt.style.context([STYLES / "base.mplstyle", STYLES / "light.mplstyle"]):
        yield plt.figure().add_subplot()


def _save(ax: Axes, folder: Path, name: str = "curve") -> dict[str, str]:
    """Save the figure; return the SVGs by language and scheme."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    pictures.save(figure, name, folder, STYLES)
    return {
        path.name.removesuffix(".svg").partition(".")[2]: path.read_text("utf-8")
        for path in folder.glob("*.svg")
    }


def _texts(svg: str) -> set[str]:
    """Return the texts that are drawn: Matplotlib writes each as a comment."""
    return set(re.findall(r"<!-- (.*?) -->", svg))


def test_a_figure_becomes_two_svgs_and_one_png_a_language(
    ax: Axes, tmp_path: Path
) -> None:
    _save(ax, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        f"curve.{language}.{form}"
        for language in ("zh", "en")
        for form in ("light.svg", "dark.svg", "png")
    }


def test_the_dark_picture_is_the_light_one_in_dark_colours(
    ax: Axes, tmp_path: Path
) -> None:
    ax.plot([0, 1], color="C1")
    svgs = _save(ax, tmp_path)
    dark = svgs["en.light"].replace("#bf4a00", "#f59a5b").replace("#1f2933", "#e4e8ec")
    assert svgs["en.dark"] == dark.replace("#52606d", "#9aa5b1")


def test_each_colour_has_one_twin_and_no_two_the_same() -> None:
    texts = ((STYLES / f"{scheme}.mplstyle").read_text("utf-8") for scheme in SCHEMES)
    light, dark = (re.findall(r"\b[0-9a-f]{6}\b", text.lower()) for text in texts)
    pairs = {(f"#{a}", f"#{b}") for a, b in zip(light, dark, strict=True)}
    assert set(dark_twins(STYLES).items()) == pairs
    assert len({b for _, b in pairs}) == len({a for a, _ in pairs}) == len(pairs)


def _in_a_legend(ax: Axes) -> None:
    ax.plot([0, 1], label="loss")
    ax.legend(title="update")


def _at_an_arrow(ax: Axes) -> None:
    ax.annotate("the rise", (0, 0), (0.5, 0.5), arrowprops={"arrowstyle": "->"})


def _as_categories(ax: Axes) -> None:
    ax.bar(["small", "large"], [1, 2])


def _in_space(ax: Axes) -> None:
    space = ax.figure.add_subplot(projection="3d")
    space.text(0, 0, 0, "the rise")
    space.set(zlabel="loss", zticks=[0, 1], zticklabels=["small", "large"])


DRAWN: dict[str, tuple[Callable[[Axes], object], set[str]]] = {
    "a label": (lambda ax: ax.set_xlabel("loss"), {"损失"}),
    "a title": (lambda ax: ax.set_title("loss", loc="left"), {"损失"}),
    "a figure's title": (lambda ax: ax.figure.suptitle("loss"), {"损失"}),
    "a legend": (_in_a_legend, {"损失", "更新"}),
    "an annotation": (_at_an_arrow, {"上升"}),
    "a text with a number": (
        lambda ax: ax.text(0, 0, "$x$ is 0.5"),
        {"$x$ 等于 0.5"},
    ),
    "categories": (_as_categories, {"小", "大"}),
    "tick labels": (lambda ax: ax.set_yticks([0, 1], ["small", "large"]), {"小", "大"}),
    "a formatter": (lambda ax: ax.xaxis.set_major_formatter("loss".format), {"损失"}),
    "a plot in space": (_in_space, {"上升", "损失", "小", "大"}),
}


@pytest.mark.parametrize("what", DRAWN)
def test_what_is_said_is_said_in_chinese(what: str, ax: Axes, tmp_path: Path) -> None:
    draw, expected = DRAWN[what]
    draw(ax)
    svgs = _save(ax, tmp_path)
    new = _texts(svgs["zh.light"]) - _texts(svgs["en.light"])
    assert new == expected == _texts(svgs["zh.dark"]) - _texts(svgs["en.light"])


def test_afterwards_all_is_as_it_was(ax: Axes, tmp_path: Path) -> None:
    for draw, _ in DRAWN.values():
        draw(ax)
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first, style = _save(ax, tmp_path / "a"), dict(plt.rcParams)
    again = _save(ax, tmp_path / "b")
    assert list(map(_texts, again.values())) == list(map(_texts, first.values()))
    assert dict(plt.rcParams) == style


def test_panels_that_share_an_axis_share_its_words(ax: Axes, tmp_path: Path) -> None:
    above, below = plt.figure().subplots(2, sharex=True, sharey=True)
    above.bar(["small", "large"], [1, 2])
    for _ in range(2):
        svgs = _save(below, tmp_path)
        assert {"小", "大"} < _texts(svgs["zh.light"])
        assert {"small", "large"} < _texts(svgs["en.light"])


def test_code_names_and_symbols_stay(ax: Axes, tmp_path: Path) -> None:
    ax.text(0, 0, "loss.backward()", family="monospace")
    ax.text(0, 1, "Adam, $n$ = 3")
    svgs = _save(ax, tmp_path)
    assert _texts(svgs["zh.light"]) == _texts(svgs["en.light"])


def test_words_without_chinese_are_refused(ax: Axes, tmp_path: Path) -> None:
    ax.set(title="gradient", xlabel="loss", ylabel="bias")
    message = r"^figure curve: no Chinese for 'bias', 'gradient': .*figure_text\.yml"
    with pytest.raises(ValueError, match=message):
        _save(ax, tmp_path)


@pytest.mark.parametrize("text", ["\u1200", "$x$ \u1200"])
def test_a_glyph_that_is_missing_names_the_figure(
    text: str, ax: Axes, tmp_path: Path
) -> None:
    ax.set_title(text)
    with pytest.raises(ValueError, match=r"^figure curve: .*(ETHIOPIC|1200)"):
        _save(ax, tmp_path)


def test_a_chinese_text_is_as_long_as_it_is(ax: Axes, tmp_path: Path) -> None:
    """The room beside the plot follows the words: the layout is made again."""
    ax.set_yticks([0, 1], ["small", "large"])
    figure = ax.get_figure(root=True)
    assert isinstance(figure, Figure)
    figure.canvas.draw()
    room = ax.get_position().x0
    with chinese.in_chinese(figure, LIST):
        figure.canvas.draw()
        assert ax.get_position().x0 < room


def test_a_figure_is_the_same_file_every_time(ax: Axes, tmp_path: Path) -> None:
    for name in "ab":
        again = plt.figure().add_subplot()
        again.plot([0, 1], label="loss")
        _save(again, tmp_path, name)
    for file in tmp_path.glob("a.*"):
        assert file.read_bytes() == (tmp_path / f"b{file.name[1:]}").read_bytes()


def test_every_text_is_chinese_in_the_chinese_font(ax: Axes) -> None:
    figure = ax.get_figure(root=True)
    assert isinstance(figure, Figure)
    ax.set_xlabel("loss")
    with chinese.in_chinese(figure, LIST):
        figure.canvas.draw()
        drawn = [t for t in figure.findobj(Text) if isinstance(t, Text)]
        assert {t.get_fontname() for t in drawn if t.get_text()} == {"Noto Sans SC"}
