"""What was made of a page is made once, until something changes that it is made of."""

import json
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment
from mkdocs.config.base import load_config

from weave.site import page_cache
from weave.site.page_cache import FilledOnce, PageCache

log = logging.getLogger("mkdocs.structure.pages")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one file of each kind that pages are made of."""
    for path in (*MATTERS, *OTHERS):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("", encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text(CONFIG, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(page_cache, "WEAVE", tmp_path / "weave")
    monkeypatch.setattr("sys.path", [*sys.path, str(tmp_path / "packages")])
    return tmp_path


CONFIG = """\
site_name: s
site_url: https://notes.test/
theme: { name: material, custom_dir: theme }
"""
MATTERS = (
    *("docs/glossary.yml", "weave/paths.py", "weave/site/new.py"),
    *("theme/main.html", "theme/partials/a.html", "theme/icons/mark.svg"),
    "packages/mkdocs-1.dist-info/METADATA",
)
OTHERS = ("docs/page.md", "theme/stylesheets/a.css", "theme/javascripts/a.js")
Change = Callable[[Path], object]


def _cache(**options: Any) -> PageCache:
    return PageCache(load_config("mkdocs.yml", plugins=[], **options))


class Made:
    """Makes a page; knows how often it had to."""

    times = 0

    def __call__(self) -> dict[str, Any]:
        self.times += 1
        return {"content": "一", "toc": [1, None]}


def test_the_same_page_is_made_once_and_stays_what_it_is(project: Path) -> None:
    made = Made()
    found = [_cache().get("zh/a.md", "content", ["text"], made) for _ in range(3)]
    assert made.times == 1
    assert found == [Made()()] * 3


@pytest.mark.parametrize(
    ("page", "step", "made_of"),
    [("a", "s", ["y"]), ("a", "s", ["x", ""]), ("b", "s", ["x"]), ("a", "t", ["x"])],
)
def test_another_page_step_or_text_is_made(
    page: str, step: str, made_of: list[str], project: Path
) -> None:
    _cache().get("a", "s", ["x"], Made())
    _cache().get(page, step, made_of, made := Made())
    assert made.times == 1


def _is_made_again(change: Change, project: Path) -> bool:
    _cache().get("a", "s", ["x"], Made())
    change(project)
    _cache().get("a", "s", ["x"], made := Made())
    return bool(made.times)


def _change(path: str) -> Change:
    return lambda project: (project / path).write_text("# new", encoding="utf-8")


@pytest.mark.parametrize("path", MATTERS[:-1])
def test_whatever_rules_all_pages_has_them_made_again(path: str, project: Path) -> None:
    assert _is_made_again(_change(path), project)


@pytest.mark.parametrize("path", OTHERS)
def test_what_no_page_holds_does_not(path: str, project: Path) -> None:
    assert not _is_made_again(_change(path), project)


@pytest.mark.parametrize("option", ["site_name: t", "extra: { a: 1 }"])
def test_an_option_does(option: str, project: Path) -> None:
    def change(project: Path) -> None:
        text = f"{CONFIG}{option}\n"
        (project / "mkdocs.yml").write_text(text, encoding="utf-8")

    assert _is_made_again(change, project)


def test_a_new_release_of_a_package_does(project: Path) -> None:
    packages = project / "packages"

    def upgrade(_: Path) -> None:
        (packages / "mkdocs-1.dist-info").rename(packages / "mkdocs-2.dist-info")

    assert _is_made_again(upgrade, project)


@pytest.mark.parametrize(
    "options",
    [
        {"site_url": "https://other.test/"},
        {"repo_url": "https://github.com/us/ml"},
        {"use_directory_urls": False},
    ],
)
def test_editions_do_not_drive_each_other_out(
    options: dict[str, Any], project: Path
) -> None:
    made = Made()
    for _ in range(2):
        _cache().get("a", "s", ["x"], made)
        _cache(**options).get("a", "s", ["x"], made)
    assert made.times == 2


def test_where_the_site_is_written_is_no_edition(project: Path) -> None:
    made = Made()
    for folder in ("one", "two"):
        _cache(site_dir=folder).get("a", "s", ["x"], made)
    assert made.times == 1


def test_a_page_with_a_warning_warns_at_every_build(project: Path) -> None:
    def make() -> str:
        log.warning("a link leads nowhere")
        return "content"

    for _ in range(2):
        with page_cache._warnings() as said:
            assert _cache().get("a", "s", ["x"], make) == "content"
        assert said.get_counts() == [("WARNING", 1)]


def test_a_page_that_fails_is_tried_again(project: Path) -> None:
    def fail() -> None:
        raise ValueError("no such figure")

    with pytest.raises(ValueError, match="no such figure"):
        _cache().get("a", "s", ["x"], fail)
    _cache().get("a", "s", ["x"], made := Made())
    assert made.times == 1


@pytest.mark.parametrize("rest", ["", '{"key": "', "\x00"])
def test_a_spoilt_slot_is_made_again(rest: str, project: Path) -> None:
    _cache().get("a", "s", ["x"], Made())
    [slot] = (project / page_cache.PAGES).rglob("*.json")
    slot.write_text(rest, encoding="utf-8")
    _cache().get("a", "s", ["x"], made := Made())
    assert made.times == 1
    assert json.loads(slot.read_text(encoding="utf-8"))["value"] == Made()()


def test_what_no_page_asks_for_is_swept(project: Path) -> None:
    for name in ("a", "zh/b.md"):
        _cache().get(name, "s", ["x"], Made())
    cache = _cache()
    cache.get("a", "s", ["x"], Made())
    cache.sweep()
    assert [slot.parent.name for slot in cache.folder.rglob("*.json")] == ["a"]


def test_a_template_asks_before_it_is_filled() -> None:
    env = Environment()
    env.template_class = FilledOnce
    template = env.from_string("{{ word }}")
    assert template.render({"word": "new"}) == "new"
    assert template.render({"word": "new", "fill": lambda make: "old"}) == "old"
    asked = template.render({"word": "new", "fill": lambda make: make() + "!"})
    assert asked == "new!"
