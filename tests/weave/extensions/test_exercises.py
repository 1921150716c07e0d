"""An exercise on its page: the start has a label, the check is folded."""

import pytest
from lxml import html
from lxml.html import HtmlElement

from tests.weave.pages import render
from weave.extensions.exercises import ExerciseExtension

WORDS = {
    "zh": {
        "exercises": {"start": "起点", "check": "检查", "files": "下载："},
        "home": "在自己的电脑上：",
    },
    "en": {
        "exercises": {"start": "Start", "check": "Check", "files": "Files: "},
        "home": "At home: ",
    },
}
PAGE = """\
## Exercises { #exercises }

### Exercise 1 { #exercise-1 }

```{ .python .start }
x = 1
```

```{ .python .check }
assert x == 2

assert x, "a hint"
```

??? success "Answer"
    ```{ .python .answer }
    x = 2
    ```

```python
x = 3
```
"""


def _page(text: str, language: str = "en", repository: str = "") -> HtmlElement:
    shown = render(
        text,
        ExerciseExtension(languages=WORDS, repository=repository),
        *("pymdownx.superfences", "pymdownx.highlight", "pymdownx.details"),
        "attr_list",
        src_uri=f"{language}/page.md",
    )
    return html.fromstring(f"<main>{shown}</main>")


@pytest.mark.parametrize(("language", "word"), [("zh", "起点"), ("en", "Start")])
def test_a_start_has_a_label(language: str, word: str) -> None:
    [start] = _page(PAGE, language).find_class("start")
    assert start.get("data-label") == word
    assert start.text_content().strip() == "x = 1"


@pytest.mark.parametrize(("language", "word"), [("zh", "检查"), ("en", "Check")])
def test_a_check_is_folded_whole(language: str, word: str) -> None:
    [fold] = _page(PAGE, language).xpath("//details[@class='check']")
    assert fold.get("open") is None
    assert fold.findtext("summary") == word
    [code] = fold.xpath("./div[contains(@class, 'check')]")
    assert code.text_content().strip() == 'assert x == 2\n\nassert x, "a hint"'


def test_task_start_check_and_answer_follow_each_other() -> None:
    kinds = [node.get("class") or node.tag for node in _page(PAGE)]
    assert kinds[3:] == ["h3", "start highlight", "check", "success", "highlight"]
    assert len(_page(PAGE).find_class("answer")) == 1


def test_the_section_offers_its_files() -> None:
    heading, line, *_ = _page(PAGE, "zh")
    assert heading.get("id") == "exercises"
    assert line.get("class") == "exercise-files"
    assert line.text_content() == "下载：.ipynb · .py"
    links = list(line.iter("a"))
    assert [link.get("href") for link in links] == [
        "../exercises/zh/page.ipynb",
        "../exercises/zh/page.py",
    ]
    assert all("download" in link.attrib for link in links)


def test_published_exercises_open_in_colab() -> None:
    [line] = _page(PAGE, "en", "https://github.com/us/ml").find_class("exercise-files")
    *_, link = line.iter("a")
    assert link.get("href").endswith("/us/ml/blob/gh-pages/exercises/en/page.ipynb")


@pytest.mark.parametrize(("language", "words"), [("zh", "在自己"), ("en", "At home: ")])
def test_the_section_says_how_to_run_it_at_home(language: str, words: str) -> None:
    page = _page(PAGE, language, "https://github.com/us/ml")
    [line] = page.find_class("run-at-home")
    assert line.text_content().startswith(words)
    assert [code.text for code in line.iter("code")] == [
        "git clone https://github.com/us/ml",
        "make -C ml serve",
    ]


def test_a_page_without_exercises_stays_as_it_is() -> None:
    text = "## A { #a }\n\n```python\nx = 1\n```\n"
    page = _page(text)
    assert [node.tag for node in page] == ["h2", "div"]
