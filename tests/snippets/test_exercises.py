"""Every answer that is code runs, by itself, and says what the exercise claims."""

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

DOCS = Path("docs")
EXERCISE = re.compile(r"^### .*\{ *#(exercise-\d+) *\}$", re.M)
BLOCK = re.compile(r"^( +)```python\n(.*?)^\1```$", re.M | re.S)
CHAPTERS = sorted(
    p.stem for p in (DOCS / "zh").glob("*.md") if EXERCISE.search(p.read_text("utf-8"))
)


def _answers(language: str, chapter: str) -> Iterator[tuple[str, str]]:
    """Yield the exercise and the code of every block in its answer."""
    text = (DOCS / language / f"{chapter}.md").read_text(encoding="utf-8")
    _, *parts = EXERCISE.split(text)
    for name, body in zip(parts[::2], parts[1::2], strict=True):
        for match in BLOCK.finditer(body):
            if "--8<--" not in match[2]:
                yield name, textwrap.dedent(match[2])


ANSWERS = [
    pytest.param(code, id=f"{language}-{chapter}-{name}")
    for chapter in CHAPTERS
    for language in ("zh", "en")
    for name, code in _answers(language, chapter)
]


@pytest.mark.parametrize("code", ANSWERS)
def test_an_answer_runs_and_shows_something(code: str) -> None:
    assert re.search(r"^\s*(assert|print)\b", code, re.M)
    exec(compile(code, "<answer>", "exec"), {"__name__": "__answer__"})


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_has_four_exercises_with_folded_answers(
    chapter: str, language: str
) -> None:
    text = (DOCS / language / f"{chapter}.md").read_text(encoding="utf-8")
    _, *parts = EXERCISE.split(text)
    names, bodies = parts[::2], parts[1::2]
    assert len(names) >= 4
    assert names == [f"exercise-{n}" for n in range(1, len(names) + 1)]
    title = {"zh": "答案", "en": "Answer"}[language]
    assert all(f'??? success "{title}"' in body for body in bodies)
