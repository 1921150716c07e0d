"""What is amiss in a page's source: every rule, its line, and what it lets pass."""

from pathlib import Path

import pytest

from weave.errors import WeaveError
from weave.site.sources import faults, require_text, require_well_formed

FRONT = "---\ndescription: a page\n---\n"


@pytest.mark.parametrize(
    "text",
    [
        "```python\n!! x\n```\n",
        "````\n```python\n````\n",
        "/// caption\nx\n///\n\n/// caption\ny\n///\n",
        '!!! note\n    x\n\n??? success "T"\n    x\n\n???+ tip "T"\n    x\n',
        '1. a\n\n    !!! note "T"\n        x\n',
        '!!! note "T"\n\n    x\n',
        "Really?? Yes!!\n",
        '<a href="https://a.org">x</a> <!-- note -->\n',
        "![what](a.svg) [x](a.md)\n",
    ],
)
def test_what_is_well_formed_passes(text: str) -> None:
    assert list(faults(text)) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("```python\nx\n", "this block does not end: it needs a line ```"),
        ("~~~\nx\n", "it needs a line ~~~"),
        ("```python\nx\n\n```text\ny\n```\n", "this block does not end"),
        ("/// caption\nx\n\ny\n", "it needs a line ///"),
        ("!! note\n    x\n", "a box is"),
        ('!!!note "T"\n    x\n', "a box is"),
        ("!!! note T\n    x\n", "a box is"),
        ('??? nota "T"\n    x\n', "its kind: note|"),
        ('??? note "T\n    x\n', "a box is"),
        ('!!! note "T"\nx\n', "four spaces in"),
        ("![](a.svg)\n", "an image needs words"),
        ("[x]()\n", "a link needs an address"),
        ('<img alt="x" src="a.png">\n', "one in HTML"),
        ('<a class="x" href="a.md">x</a>\n', "one in HTML"),
        ("<!-- x\n\ny\n", "a comment ends"),
        ("<<<<<<< HEAD\nx\n", "were not merged"),
    ],
)
def test_what_is_amiss_is_named_with_its_line(text: str, said: str) -> None:
    [(line, what)] = faults(f"a\n\n```python\nx\n\n```\n\n{text}")
    assert line == 8
    assert said in what


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    (tmp_path / "zh").mkdir()
    (tmp_path / "index.md").write_text("# Hello { #hello }\n", encoding="utf-8")
    (tmp_path / "zh" / "a.md").write_text(FRONT, encoding="utf-8")
    return tmp_path


def test_all_pages_are_read(docs: Path) -> None:
    require_well_formed(docs)
    (docs / "index.md").write_text("[x]()\n", encoding="utf-8")
    (docs / "zh" / "a.md").write_bytes("文字".encode("gbk"))
    with pytest.raises(WeaveError) as caught:
        require_well_formed(docs)
    first, second = str(caught.value).splitlines()
    assert first.startswith("docs/index.md:1: a link needs an address")
    assert "a.md:1: byte 0xce is not UTF-8" in second


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "1: begin with ---"),
        ("# A { #a }\n", "1: begin with ---"),
        ("---\ndescription: a\n# A { #a }\n", "1: begin with ---"),
        ("---\ntitle: a\n---\n", "1: begin with ---"),
        ("---\ndescription:\n---\n", "1: begin with ---"),
        ("---\n- description\n---\n", "1: begin with ---"),
        ("---\ntitle: a\ndescription: a: b\n---\n", "3: mapping values"),
    ],
)
def test_a_page_begins_with_what_it_is_about(text: str, said: str, docs: Path) -> None:
    (docs / "zh" / "a.md").write_text(text, encoding="utf-8")
    with pytest.raises(WeaveError, match=rf"^docs/zh/a\.md:{said}"):
        require_well_formed(docs)


def test_many_faults_fit_on_a_screen(docs: Path) -> None:
    (docs / "zh" / "a.md").write_text(FRONT + "[x]()\n" * 40, encoding="utf-8")
    with pytest.raises(WeaveError) as caught:
        require_well_formed(docs)
    assert str(caught.value).splitlines()[12:] == ["… and 28 more"]


@pytest.mark.parametrize("name", ["a.css", "a.html", "a.js"])
def test_a_template_in_another_encoding_is_named(name: str, tmp_path: Path) -> None:
    (tmp_path / "icon.png").write_bytes(b"\xff\xfe")
    require_text(tmp_path)
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / name).write_bytes("/* a */\n/* 文字 */".encode("gbk"))
    with pytest.raises(WeaveError, match=rf"b/{name}:2: "):
        require_text(tmp_path)
