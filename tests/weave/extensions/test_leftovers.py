"""Marks that were not understood stop the build; those that were stay unseen."""

import pytest

from tests.weave.pages import render
from weave.errors import WeaveError
from weave.extensions.leftovers import LeftoverExtension

ARITHMATEX = {"pymdownx.arithmatex": {"generic": True}}


def _page(text: str) -> str:
    others = ("attr_list", "pymdownx.superfences", "pymdownx.arithmatex", "tables")
    return render(text, LeftoverExtension(), *others, configs=ARITHMATEX)


@pytest.mark.parametrize(
    "text",
    [
        "Here $x^2$, and $y$.",
        "$$\nx = y\n$$",
        r"It costs \$5.",
        "`$x`, `{{ a.b }}`, `](`",
        "```\n$x {{ a.b }} ![ **\n```",
        "    $x\n    !! note",
        "[a](b.md), ![a](b.svg), a[1]",
        "## T { #t }",
        "Really?? Yes!!",
        "**bold**, *not*, 2 * 3",
        r"\[a\](b)",
    ],
)
def test_what_is_understood_passes(text: str) -> None:
    assert _page(text)


@pytest.mark.parametrize(
    ("text", "left", "way_out"),
    [
        ("the $x^2 is", "$", r"a dollar is written \\\$"),
        ("the x^2$ is", "$", "a formula is"),
        ("it costs $5 or $6", "$", r"a dollar is written \\\$"),
        ("the $x $ is", "$", "a formula is"),
        ("$$\nx = y\n\nand so on", "$$", "on lines of its own"),
        ("| a | b |\n|---|---|\n| $x | 1 |", "$", "a formula is"),
        ("![the $x](a.svg)", "$", "a formula is"),
        ("it is {{ a }}", "{{", "a value is"),
        ("it is {{ a.b }", "{{", "a value is"),
        ("it is { a.b:.1f }", "{ a.b:.1f }", "a value is"),
        ("## T { #t", "{ #t", "an id is"),
        ("[a](b.md", "](", "a link"),
        ("[a][b]", "][", "a link"),
        ("[a] (b.md)", "] (b.md", "a link"),
        ("![a(b.svg)", "![", "a link or an image"),
        ("a[^1]", "[^", "a link"),
        ("!! note", "!!", "a box is"),
        ("/// capton\nx\n///", "///", "a caption is"),
        ("<<<<<<< HEAD\na", "<<<<<<<", "were not merged"),
        ("run `python", "`", "code stands"),
        ("it is **bold", "**", "what is bold"),
    ],
)
def test_what_is_left_is_named_with_its_line_and_the_form(
    text: str, left: str, way_out: str
) -> None:
    with pytest.raises(WeaveError, match=way_out) as caught:
        _page(f"one\n\n{text}")
    where = 5 if text.startswith("| a") else 3
    assert str(caught.value).startswith(f"docs/zh/page.md:{where}: {left} is left over")


def test_the_line_is_found_by_the_words_around_the_mark() -> None:
    with pytest.raises(WeaveError, match=r"page\.md:5: .*\n    so \$y is$"):
        _page("$x$ is\n\nand *then*\n$z$,\nso $y is")


@pytest.mark.parametrize(
    "text",
    [
        "<div>\n\na\n\n</div>",
        "a<br>b<br/>c <small>d</small>",
        '<img src="a.png" alt="a">',
        "`<div>`",
        "```\n</b><b>\n```",
        "1 < 2 > 1, a<b",
    ],
)
def test_tags_that_are_pairs_pass(text: str) -> None:
    assert _page(text)


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("<div>\n\na", "div"),
        ("a\n\n</div>", "div"),
        ("a <b>c", "b"),
        ("a <b>c <i>d</b></i>", "i"),
        ("<small>a</span>", "span"),
    ],
)
def test_a_tag_without_its_other_half_is_named(text: str, tag: str) -> None:
    with pytest.raises(WeaveError, match=rf"page\.md:?\d*: <{tag}> needs one </{tag}>"):
        _page(f"one\n\n{text}")
