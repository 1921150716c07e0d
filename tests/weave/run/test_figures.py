"""What a run keeps of its figures, and its module's drawings."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pytest

from weave.paths import STYLES
from weave.run import figures
from weave.run.figures import PlacedError, Recorder

PICTURES = {
    f"line.{language}.{kind}"
    for language in ("zh", "en")
    for kind in ("light.svg", "dark.svg", "png")
}
CELLS = [("", 3), ("line", 8), ("", 20)]
DRAWING = """\
import matplotlib.pyplot as plt
from math import pi


def _helper():
    raise AssertionError


def boxes(run):
    figure, ax = plt.subplots()
    ax.plot([0, run.height * pi])
    return figure
"""


@pytest.fixture(autouse=True)
def style() -> Iterator[None]:
    """What a kernel sets for all its life is set back here."""
    show = plt.show
    with plt.rc_context():
        yield
    plt.show = show
    plt.close("all")


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, Any]]:
    """What the kernel would have displayed: pairs of data and metadata."""
    shown: list[tuple[Any, Any]] = []
    monkeypatch.setattr(
        figures, "display", lambda data, raw, metadata: shown.append((data, metadata))
    )
    return shown


@pytest.fixture
def recorder(tmp_path: Path, shown: list[tuple[Any, Any]]) -> Recorder:
    """In the cell that is called line."""
    for sheet in STYLES.glob("*.mplstyle"):
        (tmp_path / sheet.name).write_bytes(sheet.read_bytes())
    (tmp_path / "kept").mkdir()
    recorder = figures.install(
        "snippets/x.py", CELLS, str(tmp_path / "kept"), str(tmp_path)
    )
    recorder.begin()
    recorder.begin()
    return recorder


def _names(recorder: Recorder) -> set[str]:
    return {path.name for path in recorder.folder.iterdir()}


def test_a_shown_figure_has_the_name_of_its_cell(recorder: Recorder) -> None:
    plt.plot([0, 1])
    plt.show()
    assert _names(recorder) == PICTURES
    assert plt.get_fignums() == []


def test_a_further_figure_has_a_number(recorder: Recorder) -> None:
    plt.plot([0, 1])
    plt.figure()
    plt.show()
    plt.figure()
    plt.show()
    assert {name.partition(".")[0] for name in _names(recorder)} == {
        *("line", "line-2", "line-3")
    }


def test_the_figure_is_shown_below_the_cell_and_marked(
    recorder: Recorder, shown: list[tuple[Any, Any]]
) -> None:
    plt.plot([0, 1])
    plt.show()
    [(data, metadata)] = shown
    assert metadata == {"weave": {"figure": "line"}}
    picture = base64.b64decode(data["image/png"])
    assert picture == (recorder.folder / "line.en.png").read_bytes()


def test_a_cell_without_a_name_cannot_draw(recorder: Recorder) -> None:
    recorder.begin()
    plt.figure()
    with pytest.raises(ValueError, match=r'has a name: # %% name="curve"'):
        plt.show()


def test_a_figure_left_open_is_named_by_its_cell(recorder: Recorder) -> None:
    plt.figure()
    recorder.begin()
    with pytest.raises(PlacedError, match=r"^snippets/x\.py:8: this cell draws a fig"):
        recorder.finish({}, [])


def test_a_drawing_gets_the_run_and_is_not_shown(
    recorder: Recorder, tmp_path: Path, shown: list[tuple[Any, Any]]
) -> None:
    (tmp_path / "x.py").write_text(DRAWING, encoding="utf-8")
    recorder.finish({"height": 2}, ["height"])
    assert {n for n in _names(recorder) if n.startswith("boxes.en")} == {
        *("boxes.en.light.svg", "boxes.en.dark.svg", "boxes.en.png")
    }
    assert shown == []
    values = (recorder.folder / "values.json").read_text(encoding="utf-8")
    assert json.loads(values) == {"height": 2}


def test_what_is_wrong_in_a_drawing_is_named_by_its_line(
    recorder: Recorder, tmp_path: Path
) -> None:
    (tmp_path / "x.py").write_text(DRAWING, encoding="utf-8")
    with pytest.raises(PlacedError, match=r"^assets/figures/x\.py:11: boxes: Attrib"):
        recorder.finish({}, [])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("from math import pi", "1 / 0", r"^assets/figures/x\.py:2: ZeroDivisionError"),
        ("    raise Assert", "  if: raise", r"^assets/figures/x\.py:6: SyntaxError"),
    ],
)
def test_drawings_that_cannot_be_read_are_named_by_their_line(
    old: str, new: str, message: str, recorder: Recorder, tmp_path: Path
) -> None:
    (tmp_path / "x.py").write_text(DRAWING.replace(old, new), encoding="utf-8")
    with pytest.raises(PlacedError, match=message):
        recorder.finish({"height": 2}, [])


def test_a_drawing_with_the_name_of_a_cell_is_refused(
    recorder: Recorder, tmp_path: Path
) -> None:
    plt.plot([0, 1])
    plt.show()
    drawing = DRAWING.replace("boxes", "line")
    (tmp_path / "x.py").write_text(drawing, encoding="utf-8")
    with pytest.raises(PlacedError, match=r"x\.py:9: line: .*snippets/x\.py has the"):
        recorder.finish({"height": 2}, [])
