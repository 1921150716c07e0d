"""Where a text stands: the page, its language, the line."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from markdown import Markdown
from markdown.preprocessors import Preprocessor

from tests.weave.pages import markdown
from weave.extensions.page_context import as_written, language, page_of, place


class _RenderingContext(Preprocessor):
    """Stands where Zensical registers, for every page, the one that knows its path."""

    def __init__(self, md: Markdown, path: str) -> None:
        super().__init__(md)
        self.page = SimpleNamespace(path=path)

    def run(self, lines: list[str]) -> list[str]:
        return lines


def _under_zensical(path: str) -> Markdown:
    md = Markdown()
    md.preprocessors.register(_RenderingContext(md, path), "rendering_context", 0)
    return md


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


def test_zensical_names_the_page_and_the_text_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs" / "en").mkdir(parents=True)
    (tmp_path / "docs" / "en" / "x.md").write_text("---\n---\n一\n", encoding="utf-8")
    md = _under_zensical("en/x.md")
    page = page_of(md)
    assert page is not None
    assert (str(page.path), page.source) == ("en/x.md", "---\n---\n一\n")
    assert language(md) == "en"
    assert place(md, "一") == "docs/en/x.md:3"


def test_outside_of_both_there_is_no_page() -> None:
    md = Markdown()
    assert page_of(md) is None
    assert place(md, "x") == "<text>"
    assert language(md) == "en"


def test_of_a_text_only_what_was_written_is_returned() -> None:
    md = markdown("one\nit is {{ a.b }} and $x, so\ntwo $y\n")
    text = "one it is 3 and $x, thus"
    start = text.index("$")
    assert as_written(md, text, start, start + 1) == " and $x, "
    assert as_written(md, "a\ntwo $y\nb", 6, 7) == "two $y"
    assert as_written(md, "made of % elsewhere", 8, 9) == ""
