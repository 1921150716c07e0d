"""The list of the figures' texts: what a text becomes, and what is amiss."""

from pathlib import Path

import pytest

from weave.errors import WeaveError
from weave.run.figure_text import FigureText, load

LIST = """\
as_they_are: [Adam, ReLU]
all: { loss: 损失, epoch: 轮次 }
fit:
  loss: 误差
  "η = {}, too small": "η = {}，太小"
  "{} of {} runs": "{} / {} 次运行"
  "two\\nlines": "两\\n行"
  "{} units": "{} 个单元"
  ReLU network: ReLU 网络
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "docs" / "figure_text.yml"
    path.parent.mkdir()
    path.write_text(LIST, encoding="utf-8")
    return path


@pytest.fixture
def texts(path: Path) -> FigureText:
    return load("fit", path)


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("epoch", "轮次"),
        ("loss", "误差"),
        ("η = 0.1, too small", "η = 0.1，太小"),
        ("η = $10^{-3}$, too small", "η = $10^{-3}$，太小"),
        ("3 of 5 runs", "3 / 5 次运行"),
        ("two\nlines", "两\n行"),
        ("ReLU network", "ReLU 网络"),
        ("Adam units", "Adam 个单元"),
    ],
)
def test_a_text_becomes_its_chinese(
    english: str, chinese: str, texts: FigureText
) -> None:
    assert texts.translate(english) == chinese


@pytest.mark.parametrize(
    "text",
    [
        "",
        "−0.5",
        r"$\mathrm{loss}_i$",
        "w = 3",
        "Adam",
        "ReLU, $n$ = 2",
        "1e-05",
        "损失",
    ],
)
def test_symbols_and_names_stay(text: str, texts: FigureText) -> None:
    assert texts.translate(text) == text


@pytest.mark.parametrize(
    "text", ["Loss", "losses", "the loss", "hidden units", "SGD", "ReLU and $x$"]
)
def test_words_without_chinese_are_not_known(text: str, texts: FigureText) -> None:
    assert texts.translate(text) is None


def test_another_module_has_what_belongs_to_all(path: Path) -> None:
    assert load("other", path).translate("loss") == "损失"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("all:\n  a: 1\n", "2: a: no text; put it in quotes"),
        ("all:\n  1: 甲\n", "2: 1: no text; put it in quotes"),
        ("fit:\n  x: 甲\n  '{} a': 甲\n", r"3: {} a: English and Chinese differ in {}"),
        ("all: {}\nfit: [a]\n", "2: fit: must hold `English: Chinese`"),
        ("as_they_are: Adam\n", "1: as_they_are: must be a list of names"),
        ("- a\n", "1: must hold sections: all, as_they_are, a module's name"),
    ],
)
def test_what_is_amiss_is_named_with_its_line(
    text: str, message: str, path: Path
) -> None:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WeaveError) as caught:
        load("fit", path)
    assert str(caught.value) == f"docs/figure_text.yml:{message}"
