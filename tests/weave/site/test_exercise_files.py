"""The exercises to download: what becomes of a page's text and of its code."""

import json
from pathlib import Path

import nbformat
import pytest
from mkdocs.structure.files import File, Files

from weave.site import exercise_files
from weave.site.exercise_files import FORMS, Chapter, chapters, link, notebook

WORDS = {
    "title": "Exercises",
    "how": "Run the check.",
    "needs": "It needs torch.",
    "beside": "Beside it:",
}
TEXT = """\
# A page { #page }

Not this.

## Exercises { #exercises }

### Exercise 1 { #exercise-1 }

See [above](#page), [a lab](labs/fit.ipynb#part) and [elsewhere](https://a.org/b);
in code `a[0](b.md)` stays. It was {{ fit.loss:.1f }}.

```python
# no heading { #x }
a[0](b.md)
```

```{ .python .start }
from fit import loss

x = 1
```

Then check.

```{ .python .check }
for number in (x, x + 1):
    assert loss(number) == 2, f"{number}: one more"
```

??? success "Answer"
    It is two.

    ```{ .python .answer }
    from other import loss

    x = 2
    ```

### Exercise 2 { #exercise-2 }

Explain it.

??? success "Answer"
    Because.
"""
SITE = "https://notes.test/ml/"


@pytest.fixture
def files() -> Files:
    paths = ["zh/page.md", "zh/labs/fit.ipynb", "snippets/fit.py", "snippets/other.py"]
    return Files([File(path, "docs", "site", True) for path in paths])


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with two modules and a value of a run."""
    artifacts, snippets = tmp_path / "artifacts", tmp_path / "snippets"
    (artifacts / "fit").mkdir(parents=True)
    (artifacts / "fit" / "values.json").write_text('{"loss": 0.25}', encoding="utf-8")
    snippets.mkdir()
    for name in ("fit", "idle", "other"):
        (snippets / f"{name}.py").write_text("", encoding="utf-8")
    monkeypatch.setattr(exercise_files, "ARTIFACTS", artifacts)
    monkeypatch.setattr(exercise_files, "SNIPPETS", snippets)
    return tmp_path


def _cells(files: Files, site_url: str | None = SITE, text: str = TEXT) -> list[str]:
    chapter = Chapter("zh/page.md", text, "zh")
    made = notebook(chapter, WORDS, lambda *to: link(files, site_url, *to))
    nbformat.validate(made)
    return [cell.source for cell in made.cells]


def test_the_first_cell_says_what_to_put_beside_it(files: Files) -> None:
    assert _cells(files)[0] == (
        "# [A page](https://notes.test/ml/zh/page/) · Exercises\n\n"
        "Run the check.\n\n"
        "It needs torch.\n\n"
        "Beside it:\n\n"
        "- [fit.py](https://notes.test/ml/snippets/fit.py)\n"
        "- [other.py](https://notes.test/ml/snippets/other.py)"
    )


def test_where_nothing_is_imported_nothing_is_to_be_put_beside(files: Files) -> None:
    text = TEXT.replace("from fit import", "from math import")
    head = _cells(files, text=text.replace("from other import", "from math import"))[0]
    assert head.endswith("It needs torch.")


def test_task_start_and_check_follow_each_other_without_the_answer(
    files: Files,
) -> None:
    _, task, start, between, check, explain = _cells(files)
    assert task.startswith("### Exercise 1\n\nSee ")
    assert start == "from fit import loss\n\nx = 1"
    assert between == "Then check."
    assert check == (
        "try:\n"
        "    for number in (x, x + 1):\n"
        '        assert loss(number) == 2, f"{number}: one more"\n'
        "except AssertionError as hint:\n"
        '    print("✗ 1:", hint)\n'
        "else:\n"
        '    print("✓ 1")'
    )
    assert explain == "### Exercise 2\n\nExplain it."


@pytest.mark.parametrize(
    ("site_url", "shown"),
    [
        (
            SITE,
            "[above](https://notes.test/ml/zh/page/#page), "
            "[a lab](https://notes.test/ml/zh/labs/fit.ipynb#part) and ",
        ),
        (None, "above, a lab and "),
    ],
)
def test_links_lead_to_the_site_if_it_has_an_address(
    site_url: str | None, shown: str, files: Files
) -> None:
    task = _cells(files, site_url)[1]
    assert f"See {shown}[elsewhere](https://a.org/b);" in task


def test_values_are_filled_in_and_code_stays(files: Files) -> None:
    task = _cells(files)[1]
    assert "in code `a[0](b.md)` stays. It was 0.2." in task
    assert task.endswith("```python\n# no heading { #x }\na[0](b.md)\n```")


def test_lines_of_chinese_are_joined(files: Files) -> None:
    text = TEXT.replace("Explain it.", "请你\n解释。")
    assert _cells(files, text=text)[-1] == "### Exercise 2\n\n请你解释。"


def test_two_builds_write_the_same(files: Files) -> None:
    chapter = Chapter("zh/page.md", TEXT, "zh")
    for write in FORMS.values():
        made = (notebook(chapter, WORDS, lambda words, _: words) for _ in range(2))
        first, second = map(write, made)
        assert first == second


def test_the_file_is_python_in_percent_format(files: Files) -> None:
    chapter = Chapter("zh/page.md", TEXT, "zh")
    made = notebook(chapter, WORDS, lambda words, _: words)
    text = FORMS["py"](made)
    assert text.startswith("# %% [markdown]\n# # A page · Exercises\n")
    assert "\n# %%\nfrom fit import loss\n" in text
    assert json.loads(FORMS["ipynb"](made))["nbformat"] == 4


def test_every_page_with_exercises_has_files(project: Path) -> None:
    for code, name, text in (
        ("zh", "b.md", TEXT),
        ("zh", "a.md", "# A { #a }\n"),
        ("en", "b.md", TEXT),
    ):
        (project / code).mkdir(exist_ok=True)
        (project / code / name).write_text(text, encoding="utf-8")
    found = list(chapters(project))
    assert [chapter.path for chapter in found] == ["zh/b.md", "en/b.md"]
    assert found[0].file("py") == "exercises/zh/b.py"
