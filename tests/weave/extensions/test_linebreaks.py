"""Chinese lines join without a space; everything else stays as it is."""

import markdown
import pytest

from weave.extensions.linebreaks import join


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
    assert join(source) == joined


def test_a_page_has_no_line_end_within_a_chinese_paragraph() -> None:
    html = markdown.markdown("一，\n**二**。\n三", extensions=["weave.lines"])
    assert html == "<p>一，<strong>二</strong>。三</p>"


def test_code_keeps_its_lines() -> None:
    html = markdown.markdown("    一\n    二", extensions=["weave.lines"])
    assert "一\n二" in html
