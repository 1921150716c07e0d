"""A page's Chinese lines join without a space; its code keeps its lines."""

import markdown

LINEBREAKS = ["weave.extensions.linebreaks"]


def test_a_page_has_no_line_end_within_a_chinese_paragraph() -> None:
    html = markdown.markdown(
        "一，\n**二**。\n三", extensions=["weave.extensions.linebreaks"]
    )
    assert html == "<p>一，<strong>二</strong>。三</p>"


def test_code_keeps_its_lines() -> None:
    html = markdown.markdown(
        "    一\n    二", extensions=["weave.extensions.linebreaks"]
    )
    assert "一\n二" in html
