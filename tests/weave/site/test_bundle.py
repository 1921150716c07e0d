"""The one style sheet and the one script: their parts in order, none missing."""

import re
from pathlib import Path

import pytest
import yaml

from weave.errors import WeaveError
from weave.site.bundle import SCRIPT, SHEET, join_scripts, join_sheets

THEME = Path("assets/theme")
SWITCHING = "[data-md-color-switching] *,[data-md-color-switching] :after{top:0}"
SHEETS = ["stylesheets/c.css", "stylesheets/d.css"]
SCRIPTS = ["javascripts/e.js", "javascripts/f.js"]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for name, text in {
        "assets/stylesheets/main.1a.min.css": "a{}/*# sourceMappingURL=main.css.map */",
        "assets/stylesheets/palette.2b.min.css": f"b{{}}{SWITCHING}",
        "stylesheets/c.css": "/* What c\n   is for. */\n\nc {\n  top: 0;\n}\n",
        "stylesheets/d.css": "d {\n  top:\n    1px\n    2px;\n}\n",
        "stylesheets/book.css": "book{}",
        "javascripts/e.js": "// What e is for.\n{\n  const e = 1 // one\n}",
        "javascripts/f.js": "{\n  const e = 2\n}\n",
        "javascripts/search.js": "// Finds.\n\nsearch()",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_our_sheets_come_after_the_theme_in_the_order_that_is_asked_for(
    site: Path,
) -> None:
    join_sheets(site, SHEETS[::-1])
    sheet = (site / SHEET).read_text(encoding="utf-8")
    assert re.findall(r"^(?:a\{\}b\{\})?\w(?= ?\{)", sheet, re.M) == ["a{}b{}d", "c"]


def test_a_sheet_goes_without_its_comments_and_indents(site: Path) -> None:
    join_sheets(site, SHEETS)
    sheet = (site / SHEET).read_text(encoding="utf-8")
    assert sheet == "a{}b{}c {\ntop: 0;\n}\nd {\ntop:\n1px\n2px;\n}\n"


def test_the_theme_s_sheet_has_the_rules_for_what_pages_and_scripts_name(
    site: Path,
) -> None:
    rules = ".on-page.too{}.by-ours{}.by-theirs{}.nowhere{}"
    (site / "assets/stylesheets/main.1a.min.css").write_text(rules, encoding="utf-8")
    (site / "zh").mkdir()
    for name, text in {
        "zh/index.html": '<p id="nowhere" class="on-page too">.nowhere</p>',
        "javascripts/e.js": "add('by-ours')",
        "assets/javascripts/bundle.3c.min.js": "add('by-theirs')",
    }.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text, encoding="utf-8")
    join_sheets(site, SHEETS)
    sheet = (site / SHEET).read_text(encoding="utf-8")
    assert sheet.startswith(".on-page.too{}.by-ours{}.by-theirs{}b{}")


def test_the_scripts_come_in_the_order_that_is_asked_for(site: Path) -> None:
    join_scripts(site, SCRIPTS[::-1])
    script = (site / SCRIPT).read_text(encoding="utf-8")
    assert script == "{\nconst e = 2\n}\n{\nconst e = 1 // one\n}\n"


def test_a_script_that_stays_alone_goes_without_its_comments_too(site: Path) -> None:
    join_scripts(site, SCRIPTS)
    worker = site / "javascripts" / "search.js"
    assert worker.read_text(encoding="utf-8") == "search()\n"


def test_the_parts_leave_the_site_and_nothing_else_does(site: Path) -> None:
    join_sheets(site, SHEETS)
    join_scripts(site, SCRIPTS)
    assert _names(site / "stylesheets") == ["book.css", "site.css"]
    assert _names(site / "javascripts") == ["search.js", "site.js"]


def test_a_part_that_is_missing_is_named(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mkdocs.yml").write_text("a: b\n- x.css\n- x.js\n", encoding="utf-8")
    with pytest.raises(
        WeaveError, match=r"^mkdocs\.yml:2: extra_css: .* x\.css, y\.css"
    ):
        join_sheets(site, [*SHEETS, "x.css", "y.css"])
    with pytest.raises(WeaveError, match=r"^mkdocs\.yml:3: extra_javascript: .* x\.js"):
        join_scripts(site, ["x.js"])
    assert not (site / SHEET).exists()
    assert not (site / SCRIPT).exists()
    assert (site / SHEETS[0]).exists()


def test_a_theme_without_its_sheet_has_changed(site: Path) -> None:
    (site / "assets/stylesheets/palette.2b.min.css").unlink()
    with pytest.raises(ValueError, match="not enough values"):
        join_sheets(site, SHEETS)


def test_a_theme_without_the_rule_that_is_left_out_has_changed(site: Path) -> None:
    (site / "assets/stylesheets/palette.2b.min.css").write_text("b{}", encoding="utf-8")
    with pytest.raises(WeaveError, match=r"weave/site/theme\.py"):
        join_sheets(site, SHEETS)
    assert not (site / SHEET).exists()


def _listed(option: str) -> list[str]:
    text = Path("mkdocs.yml").read_text(encoding="utf-8")
    part = re.search(rf"^{option}:\n(?: .*\n)+", text, re.M)
    assert part
    return [Path(path).name for path in yaml.safe_load(part[0])[option]]


def test_every_part_is_listed() -> None:
    """Others are loaded by themselves: by the book, from a folder, as a worker."""
    assert {*_listed("extra_css"), "book.css"} == set(_names(THEME / "stylesheets"))
    scripts = {*_listed("extra_javascript"), "offline.js", "search.js"}
    assert scripts == set(_names(THEME / "javascripts"))


@pytest.mark.parametrize("name", _listed("extra_javascript"))
def test_a_script_keeps_its_names_to_itself(name: str) -> None:
    text = (THEME / "javascripts" / name).read_text(encoding="utf-8")
    code = re.sub(r"^ *//.*\n", "", text, flags=re.M)
    assert re.fullmatch(r"\{\n(?:(?:  .*)?\n)+\}\n", code)
    # A function or a var would be known outside of the block.
    assert not re.search(r"^ *(?:async )?(?:function|var)\b", code, re.M)


def _crowded(sheet: str) -> list[str]:
    """Return the lines on which more ends than a selector, a declaration or a rule."""
    bare = re.sub(r"/\*.*?\*/", "", sheet, flags=re.S)
    alone = re.compile(r"[^{};]*(?: \{|;)?|\s*\}")
    return [line for line in bare.split("\n") if not alone.fullmatch(line)]


@pytest.mark.parametrize("name", _names(THEME / "javascripts"))
def test_no_string_of_a_script_goes_over_several_lines(name: str) -> None:
    """Or the build would change it with the indent."""
    text = (THEME / "javascripts" / name).read_text(encoding="utf-8")
    assert all(line.count("`") % 2 == 0 for line in text.splitlines())


@pytest.mark.parametrize("name", _names(THEME / "stylesheets"))
def test_a_sheet_says_what_it_is_for_and_declares_one_thing_a_line(name: str) -> None:
    text = (THEME / "stylesheets" / name).read_text(encoding="utf-8")
    assert re.match(r"/\* [A-Z]", text)
    assert _crowded(text) == []


@pytest.mark.parametrize(
    "line", ["a { top: 0;", "a { top: 0; }", "  top: 0; left: 0;", "  top: 0 }", "a{"]
)
def test_more_than_one_thing_a_line_is_seen(line: str) -> None:
    sheet = f"/* {{;}} */\n@media print {{\n  a,\n  b {{\n    top: 0;\n  }}\n}}\n{line}"
    assert _crowded(sheet) == [line]
