"""What two languages must have in common: every kind of difference is found."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weave.errors import WeaveError
from weave.site.skeleton import (
    differences,
    require_both_languages,
    require_one_skeleton,
    skeleton,
)

PAGE = """\
---
description: one sentence
---
# Title { #title }

A formula $a_1$ and $b$, a number {{ fit.error:.2f }}.

$$
y = x^2 \\text{ where}
$$

## Section { #section }

![alt](fit/curve.svg)

/// caption
Caption $c$.
///

```python
--8<-- "fit/square.py"
```

!!! note "Note"
    text

### Exercise 1 { #exercise-1 }

??? success "Answer"
    ```python
    # not a heading
    print(1)
    ```
"""


def test_a_page_is_like_itself() -> None:
    assert list(differences(PAGE, PAGE)) == []


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("## Section {", "### Section {", "headings"),
        ("#section }", "#chapter }", "headings"),
        ("## Section { #section }\n", "", "headings"),
        ("### Exercise 1 { #exercise-1 }", "### Exercise 1", "headings"),
        ("fit/curve.svg", "fit/loss.svg", "figures"),
        ("![alt](fit/curve.svg)\n", "", "figures"),
        ("y = x^2", "y = x^3", "formulas"),
        ("$$\ny = x^2 \\text{ where}\n$$\n", "", "formulas"),
        ("$a_1$", "$a_2$", "inline"),
        ("Caption $c$", "Caption", "inline"),
        ("fit/square.py", "fit/cube.py", "excerpts"),
        ("fit.error:", "fit.loss:", "values"),
        (":.2f", ":.3f", "values"),
        ("a number {{ fit.error:.2f }}", "a number", "values"),
        ("!!! note", "!!! tip", "admonitions"),
        ("??? success", "!!! success", None),
        ("print(1)", "print(2)", None),
        ("# not a heading", "# 不是标题", None),
        ("Title {", "标题 {", None),
        ("![alt]", "![看什么]", None),
        ("{ where}", "{ 其中}", None),
        ("{{ fit.error:.2f }}", "{{fit.error:.2f}}", None),
        ("$a_1$ and $b$", "$b$、$a_1$", None),
        ("one sentence", "一句话", None),
    ],
)
def test_what_must_agree_and_what_may_differ(
    old: str, new: str, named: str | None
) -> None:
    assert old in PAGE
    other = PAGE.replace(old, new)
    for found in (list(differences(PAGE, other)), list(differences(other, PAGE))):
        assert len(found) == (named is not None)
        assert named is None or named in found[0]


def test_a_difference_names_its_lines_and_both_sides() -> None:
    other = PAGE.replace("# Title", "\n# Title").replace(
        "fit/curve.svg", "fit/loss.svg"
    )
    assert list(differences(PAGE, other, "a.md")) == [
        "docs/zh/a.md:14 and docs/en/a.md:15: figures differ: "
        "zh has fit/curve.svg, en has fit/loss.svg"
    ]


def test_what_one_language_lacks_is_missing_below_its_heading() -> None:
    other = PAGE.replace("![alt](fit/curve.svg)\n", "")
    [found] = differences(PAGE, other)
    assert found.startswith("docs/zh/page.md:14 and docs/en/page.md:12: figures differ")
    assert found.endswith("zh has fit/curve.svg, en has nothing")


def test_a_heading_that_one_language_lacks_is_missing_after_its_last() -> None:
    [found] = differences(PAGE, PAGE + "\n## More { #more }\n")
    assert re.search(r"zh/page\.md:27 and .*:35: .*nothing, en has ## #more", found)


def test_a_picture_may_be_another_in_each_language() -> None:
    zh, en = (f"![x](../images/a.{code}.light.png)\n" for code in ("zh", "en"))
    assert list(differences(zh, en)) == []
    assert list(differences(zh, en.replace("light", "dark")))


def test_the_order_of_figures_counts() -> None:
    a, b = "![x](m/a.svg)\n", "![x](m/b.svg)\n"
    assert list(differences(a + b, b + a))


def test_the_order_of_headings_counts() -> None:
    a, b = "## A { #a }\n", "## B { #b }\n"
    [found] = differences(a + b, b + a)
    assert "zh has ## #a, en has ## #b" in found


def test_a_value_quoted_twice_is_quoted_twice_in_both() -> None:
    assert list(differences("{{ a.b }} {{ a.b }}", "{{ a.b }}"))


def test_an_inline_formula_may_be_said_again_in_one() -> None:
    assert list(differences("$a$ and $a$", "$a$")) == []
    assert list(differences("$a$ and $b$", "$a$"))


def test_a_block_of_code_has_one_language_in_both() -> None:
    code = "```python\nx\n```\n"
    [found] = differences(code, code.replace("python", "text"))
    assert "zh has python, en has text" in found


def test_a_link_leads_to_the_same_place_in_both() -> None:
    [found] = differences("[误差](a.md#error)", "[error](a.md#loss)")
    assert "links differ" in found
    assert list(differences("[甲](a.md)，[乙](b.md)", "[B](b.md), [A](a.md)")) == []


def test_code_comments_are_no_headings() -> None:
    text = "```python\n# comment\n```\n\n    ```bash\n    # comment\n    ```\n"
    assert len(skeleton(text)) == 1


def test_a_price_in_dollars_is_no_formula() -> None:
    assert skeleton("It costs \\$5 and \\$6 or $ 7 $.")[0].marks["inline"] == []


@given(st.permutations(["$a$", "$b_1$", "$c^2$", "text", "{{ m.x }}"]))
def test_inline_formulas_may_stand_in_any_order(parts: list[str]) -> None:
    text = "# T { #t }\n" + " ".join(parts)
    ordered = "# T { #t }\n$a$ $b_1$ $c^2$ text {{ m.x }}"
    assert list(differences(ordered, text)) == []


@given(st.text())
def test_any_text_has_a_skeleton_and_is_like_itself(text: str) -> None:
    assert list(differences(text, text)) == []


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    for code in ("zh", "en"):
        (tmp_path / code).mkdir()
        (tmp_path / code / "a.md").write_text(PAGE, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("code", ["zh", "en"])
def test_a_page_in_one_language_only_is_named(code: str, docs: Path) -> None:
    require_both_languages(docs)
    (docs / code / "a.md").unlink()
    with pytest.raises(WeaveError, match=rf"^docs/{code}/a\.md: missing"):
        require_both_languages(docs)


@pytest.mark.parametrize("code", ["zh", "en"])
def test_a_page_whose_languages_differ_is_named(code: str, docs: Path) -> None:
    require_one_skeleton(docs)
    text = PAGE.replace("fit/curve.svg", "fit/loss.svg")
    (docs / code / "a.md").write_text(text, encoding="utf-8")
    with pytest.raises(WeaveError, match=r"^docs/zh/a\.md:14 and docs/en/a\.md:14: f"):
        require_one_skeleton(docs)


def test_many_differences_fit_on_a_screen(docs: Path) -> None:
    headings = [f"## {n} {{ #h{n} }}\n\n" for n in range(40)]
    (docs / "zh" / "a.md").write_text("$x$\n\n".join(headings), encoding="utf-8")
    (docs / "en" / "a.md").write_text("$y$\n\n".join(headings), encoding="utf-8")
    with pytest.raises(WeaveError) as caught:
        require_one_skeleton(docs)
    assert len(str(caught.value).splitlines()) == 10
    assert "… and 31 more" in str(caught.value)


def test_a_folder_is_no_page(docs: Path) -> None:
    (docs / "en" / "a.md").unlink()
    (docs / "en" / "a.md").mkdir()
    with pytest.raises(WeaveError, match=r"^docs/en/a\.md: missing"):
        require_both_languages(docs)
