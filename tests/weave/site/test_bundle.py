"""The one style sheet: its parts in order, none of them missing."""

from pathlib import Path

import pytest

from weave.errors import WeaveError
from weave.site.bundle import URL, join

SWITCHING = "[data-md-color-switching] *,[data-md-color-switching] :after{top:0}"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for name, text in {
        "assets/stylesheets/main.1a.min.css": "a{}/*# sourceMappingURL=main.css.map */",
        "assets/stylesheets/palette.2b.min.css": f"b{{}}{SWITCHING}",
        "stylesheets/notes.css": "c{}",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_ours_comes_last(site: Path) -> None:
    join(site)
    assert (site / URL).read_text(encoding="utf-8") == "a{}b{}c{}"


def test_a_missing_part_is_no_style_sheet(site: Path) -> None:
    (site / "stylesheets" / "notes.css").unlink()
    with pytest.raises(ValueError, match="not enough values"):
        join(site)
    assert not (site / URL).exists()


def test_a_theme_without_the_rule_that_is_left_out_has_changed(site: Path) -> None:
    (site / "assets/stylesheets/palette.2b.min.css").write_text("b{}", encoding="utf-8")
    with pytest.raises(WeaveError, match=r"weave/site/theme\.py"):
        join(site)
    assert not (site / URL).exists()
