"""One title a page, and for every heading an id of its own."""

import pytest

from tests.weave.pages import render
from weave.errors import WeaveError
from weave.extensions.headings import HeadingExtension

TITLE = "# A page { #page }\n"


def _page(text: str) -> str:
    return render(text, HeadingExtension(), "attr_list", "toc", "pymdownx.superfences")


def test_headings_with_ids_of_their_own_pass() -> None:
    html = _page(f"{TITLE}\n## One {{ #one }}\n\n### One {{ #one-more }}\n")
    assert 'id="one"' in html
    assert 'id="one-more"' in html


def test_a_page_without_text_needs_no_title() -> None:
    assert _page("") == ""


@pytest.mark.parametrize("heading", ["## One", "## One { .x }", "##One", "One\n---"])
def test_a_heading_without_an_id_is_named_with_its_line(heading: str) -> None:
    with pytest.raises(WeaveError, match=r"needs an id, .*: ## One \{ #my-section \}$"):
        _page(f"{TITLE}\ntext\n\n{heading}\n")
    with pytest.raises(WeaveError, match=r"^docs/zh/page\.md:5: "):
        _page(f"{TITLE}\ntext\n\n{heading}\n")


def test_an_id_that_two_headings_have_is_named_with_both_lines() -> None:
    text = f"{TITLE}\n## One {{ #one }}\n\n## Two {{#one .x}}\n\n## No {{ #one-1 }}\n"
    with pytest.raises(WeaveError, match=r"^docs/zh/page\.md:3, 5: the id one stands"):
        _page(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("text\n", "1: 0 titles"),
        ("## One { #one }\n", "1: 0 titles"),
        (f"{TITLE}\n```\n# code\n```\n\n# Two {{ #two }}\n", "1, 7: 2 titles"),
    ],
)
def test_a_page_has_one_title(text: str, said: str) -> None:
    with pytest.raises(WeaveError, match=rf"^docs/zh/page\.md:{said}"):
        _page(text)
