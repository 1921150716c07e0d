"""What is changed in the theme's blocks: once each, or the theme has changed."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from weave.errors import WeaveError
from weave.languages import MODES
from weave.search.index import WORKER
from weave.site.theme import (
    ask_no_host,
    defer_script,
    name_search_dialog,
    point_search_at,
    without_switching,
    without_unused,
    without_unused_icons,
)

SCRIPT = '<script src="../assets/javascripts/bundle.a5f9d56c.min.js"></script>'
DIALOG = '<div class="md-search" role="dialog">'
SOURCE = (
    '<a href="https://github.com/us/ml" class="md-source" data-md-component="source">'
)
SWITCHING = "[data-md-color-switching] *,[data-md-color-switching] :after{top:0}"


def _block(base: str) -> str:
    settings = {"base": base, "search": "worker.js", "translations": {"a": "搜索"}}
    script = '<script id="__config" type="application/json">'
    return f"<p>one</p>{script}{json.dumps(settings)}</script><p>two</p>"


def _settings(block: str) -> dict[str, Any]:
    text = block.partition('type="application/json">')[2].partition("</script>")[0]
    settings: dict[str, Any] = json.loads(text)
    return settings


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("base", "own"), [("..", "."), ("../..", ".."), ("../../..", "../..")]
)
def test_a_page_searches_the_index_of_its_mode(mode: str, base: str, own: str) -> None:
    settings = _settings(point_search_at(_block(base), mode))
    assert settings["base"] == own
    assert settings["search"] == f"{base}/{WORKER}"


def test_from_the_root_the_index_is_one_step_in() -> None:
    assert _settings(point_search_at(_block("."), "zh"))["base"] == "zh/"


def test_from_a_wrong_address_the_index_is_found_by_its_whole_path() -> None:
    assert _settings(point_search_at(_block("/ml/"), "zh"))["base"] == "/ml/zh/"


def test_other_settings_and_the_rest_of_the_block_stay() -> None:
    block = point_search_at(_block(".."), "zh")
    assert _settings(block)["translations"] == {"a": "搜索"}
    assert block.startswith("<p>one</p><script")
    assert block.endswith("</script><p>two</p>")


def test_the_search_has_a_name() -> None:
    named = name_search_dialog(f"<i>{DIALOG}</i>", "搜索")
    assert named == '<i><div class="md-search" role="dialog" aria-label="搜索"></i>'


def test_the_host_of_the_repository_is_linked_to_but_not_asked() -> None:
    linked = ask_no_host(SOURCE, "https://github.com/us/ml")
    assert linked == '<a href="https://github.com/us/ml" class="md-source">'
    assert ask_no_host("<p>no repository</p>", None) == "<p>no repository</p>"


def test_the_script_is_fetched_at_once_and_run_later() -> None:
    page = defer_script(f"<body><p>text</p>{SCRIPT}</body>")
    assert SCRIPT not in page
    assert page.count("../assets/javascripts/bundle.a5f9d56c.min.js") == 2
    assert '<link rel="preload" as="script"' in page
    assert page.index("requestAnimationFrame") < page.index("createElement")


def test_other_scripts_stay() -> None:
    other = '<script src="../javascripts/site.js"></script>'
    assert other in defer_script(SCRIPT + other)


def test_the_rule_for_every_element_is_left_out() -> None:
    assert without_switching(f"a{{}}{SWITCHING}b{{}}") == "a{}b{}"


@pytest.mark.parametrize(
    "kept",
    [
        "p{}",
        ".a{}",
        ".a .b:hover{}",
        ".c,.a{}",
        ".a:not(.c):is(.c,:not(.c,.d)){}",
        "@media print{.a{}}",
        "@keyframes x{0.5%{}to{}}",
        '@font-face{src:url("x.c")}',
    ],
)
@pytest.mark.parametrize("unused", [".c{}", ".a .c{}", ".c p,.c:hover,.a.c{}"])
def test_a_rule_for_what_is_on_no_page_is_left_out(kept: str, unused: str) -> None:
    assert without_unused(kept + unused + kept, {"a", "b"}) == kept * 2


def test_rules_for_writing_leftwards_are_left_out() -> None:
    sheet = "[dir=ltr] .a{left:0}[dir=rtl] .a{right:0}"
    assert without_unused(sheet, {"a"}) == "[dir=ltr] .a{left:0}"


def test_icons_that_no_rule_asks_for_are_left_out() -> None:
    sheet = ':root{--a:url("data:x;y,<svg/>");%s}.a{mask:var(--a)}'
    one, two = '--a-b:url("data:z")', '--b:url("data:z");--c:red'
    assert without_unused_icons(sheet % one) == sheet % ""
    assert without_unused_icons(sheet % two) == sheet % "--c:red"


@pytest.mark.parametrize("times", [0, 2])
@pytest.mark.parametrize(
    ("change", "block"),
    [
        (lambda block: point_search_at(block, "zh"), _block("..")),
        (lambda block: name_search_dialog(block, "x"), DIALOG),
        (lambda block: ask_no_host(block, "https://github.com/us/ml"), SOURCE),
        (defer_script, SCRIPT),
        (without_switching, SWITCHING),
    ],
)
def test_a_theme_that_has_changed_is_named_with_its_version(
    change: Callable[[str], str], block: str, times: int
) -> None:
    with pytest.raises(WeaveError, match=rf"material [\d.]+: .* {times} times .* 9\.8"):
        change(block * times)
