"""Where a text stands: the page, its language, the line."""

from markdown import Markdown

from tests.weave.pages import markdown
from weave.extensions.page_context import language, page_of, place


def test_a_page_lies_below_docs() -> None:
    page = page_of(markdown("one", src_uri="en/labs/x.md"))
    assert page is not None
    assert (str(page.path), page.source) == ("en/labs/x.md", "one")


def test_the_language_is_the_folder() -> None:
    assert language(markdown("", src_uri="zh/x.md")) == "zh"
    assert language(markdown("", src_uri="en/labs/x.md")) == "en"


def test_the_greeting_at_the_root_speaks_as_its_interface() -> None:
    assert language(markdown("", src_uri="index.md")) == "zh"


def test_a_place_is_the_first_line_that_holds_the_text() -> None:
    md = markdown("one\ntwo\nthree two\n")
    assert place(md, "two") == "docs/zh/page.md:2"
    assert place(md, "one") == "docs/zh/page.md:1"


def test_a_text_that_is_not_on_the_page_has_no_line() -> None:
    assert place(markdown("one"), "two") == "docs/zh/page.md"


def test_outside_of_mkdocs_there_is_no_page() -> None:
    md = Markdown()
    assert page_of(md) is None
    assert place(md, "x") == "<text>"
    assert language(md) == "en"
