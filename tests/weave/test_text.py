"""A file's text, its lines, and what stands inside an element."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from weave.errors import WeaveError
from weave.text import inner_html, join_chinese_lines, line_of, read


@pytest.mark.parametrize(
    ("source", "joined"),
    [
        ("第一行\n第二行", "第一行第二行"),
        ("逗号，\n下一行", "逗号，下一行"),
        ("逗号，\n    $x$ 是数", "逗号，$x$ 是数"),
        ("逗号，\n32 个", "逗号，32 个"),
        ("English\nwords", "English\nwords"),
        ("中文\nEnglish", "中文\nEnglish"),
        ("$x$\n，然后", "$x$，然后"),
        ("冒号：\n- 一项", "冒号：\n- 一项"),
        ("冒号：\n1. 一项", "冒号：\n1. 一项"),
        ("一段。\n\n又一段", "一段。\n\n又一段"),
    ],
)
def test_only_line_ends_within_chinese_go(source: str, joined: str) -> None:
    assert join_chinese_lines(source) == joined


@given(
    st.lists(st.text("ab的", min_size=1, max_size=3), min_size=1, max_size=6), st.data()
)
def test_a_line_is_the_first_that_holds_the_part(
    lines: list[str], data: st.DataObject
) -> None:
    part = data.draw(st.sampled_from(lines))
    first = next(n for n, line in enumerate(lines, start=1) if part in line)
    assert line_of("\n".join(lines), part) == first


def test_a_part_that_stands_nowhere_has_no_line() -> None:
    assert line_of("one\ntwo", "three") is None


@pytest.mark.parametrize("inner", ["", "a", "a &lt; b", "<b>x</b>", '"a" <i>b</i> c'])
def test_what_stands_inside_is_all_of_it(inner: str) -> None:
    assert inner_html(html.fromstring(f"<p>{inner}</p>")) == inner


@pytest.mark.parametrize(
    "data",
    ["一\n二\n".encode(), "一\r\n二\r\n".encode(), "\ufeff一\n二\n".encode()],
    ids=["as here", "from Windows", "with a mark of its encoding"],
)
def test_a_text_is_the_same_from_every_editor(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(data)
    assert read(tmp_path / "a.md") == "一\n二\n"


@pytest.mark.parametrize(("code", "line"), [("gbk", 3), ("utf-16", 1)])
def test_another_encoding_is_named_with_its_line(
    code: str, line: int, tmp_path: Path
) -> None:
    path = tmp_path / "a.md"
    path.write_bytes("one\ntwo\n三\n".encode(code))
    with pytest.raises(WeaveError, match=rf"a\.md:{line}: .* save the file in UTF-8"):
        read(path)
