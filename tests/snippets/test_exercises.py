"""Every answer passes its check and every start fails it, beside the modules alone.

The same is true of the files that readers download, which hold no answers.
"""

import ast
import contextlib
import io
import re
import runpy
import shutil
from collections.abc import Iterator
from pathlib import Path

import jupytext
import pytest
from mkdocs.config import load_config

from weave.paths import DOCS, SNIPPETS
from weave.run.artifacts import refresh
from weave.site.exercise_files import FORMS, Chapter, chapters, notebook
from weave.site.exercises import Exercise, exercises
from weave.syntax import ANSWER, FENCE

CHAPTERS = list(chapters(DOCS))
WORDS = load_config("mkdocs.yml", plugins=[]).extra["languages"]
UNCHECKED = re.compile("^ +```python$", re.M)
HINT = 15  # characters

PAGES = pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.path)
CHECKED = pytest.mark.parametrize(
    "exercise",
    [
        pytest.param(exercise, id=f"{chapter.path}-{exercise.number}")
        for chapter in CHAPTERS
        for exercise in exercises(chapter.text)
        if exercise.blocks
    ],
)


@pytest.fixture(scope="module", autouse=True)
def _artifacts() -> None:
    """Bring the values that exercises quote up to date."""
    refresh(report=lambda _: None)


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a folder that holds the modules alone, as a reader downloads them."""
    folder = tmp_path_factory.mktemp("beside")
    for module in SNIPPETS.glob("*.py"):
        shutil.copy(module, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield folder


def _run(folder: Path, *codes: str) -> None:
    names = {"__name__": "__exercise__"}
    with contextlib.chdir(folder):
        for code in codes:
            exec(compile(code, "<exercise>", "exec"), names)


@CHECKED
def test_an_answer_passes_its_check(exercise: Exercise, beside: Path) -> None:
    _, check, answer = (block.code for block in exercise.blocks)
    _run(beside, answer, check)


@CHECKED
def test_a_start_runs_and_its_check_gives_a_hint(
    exercise: Exercise, beside: Path
) -> None:
    start, check, _ = (block.code for block in exercise.blocks)
    _run(beside, start)
    with pytest.raises(AssertionError) as caught:
        _run(beside, start, check)
    assert len(str(caught.value)) >= HINT


def _same(code: str) -> str:
    """Return what code must have in common in both languages: all but its words."""
    tree = ast.parse(code)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
        if isinstance(node, ast.JoinedStr):
            node.values = []  # a value stands where the sentence wants it
    return ast.dump(tree)


ZH = [chapter for chapter in CHAPTERS if chapter.language == "zh"]
EN = [chapter for chapter in CHAPTERS if chapter.language == "en"]


@pytest.mark.parametrize(
    ("zh", "en"), list(zip(ZH, EN, strict=True)), ids=lambda chapter: chapter.path
)
def test_both_languages_have_the_same_code(zh: Chapter, en: Chapter) -> None:
    for one, other in zip(exercises(zh.text), exercises(en.text), strict=True):
        codes = [[_same(block.code) for block in each.blocks] for each in (one, other)]
        assert codes[0] == codes[1]


@PAGES
def test_no_answer_has_code_without_a_check(chapter: Chapter) -> None:
    for exercise in exercises(chapter.text):
        for answer in ANSWER.findall(exercise.text):
            assert UNCHECKED.search(answer) is None


@PAGES
def test_a_chapter_has_four_exercises_with_folded_answers(chapter: Chapter) -> None:
    found = exercises(chapter.text)
    assert len(found) >= 4
    assert [one.number for one in found] == [str(n + 1) for n in range(len(found))]
    title = {"zh": "答案", "en": "Answer"}[chapter.language]
    assert all(f'??? success "{title}"' in one.text for one in found)


def _downloads(chapter: Chapter) -> dict[str, str]:
    """Return the text of both downloads, as for a site without an address."""
    words = WORDS[chapter.language]["exercises"]
    made = notebook(chapter, words, lambda words, path: words)
    return {form: write(made) for form, write in FORMS.items()}


@PAGES
def test_the_file_runs_and_every_check_gives_a_hint(
    chapter: Chapter, beside: Path
) -> None:
    file = beside / "exercises.py"
    file.write_text(_downloads(chapter)["py"], encoding="utf-8")
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.chdir(beside):
        runpy.run_path(str(file), run_name="__main__")
    checked = [one.number for one in exercises(chapter.text) if one.blocks]
    assert re.findall(r"^✗ (\d+): .", out.getvalue(), re.M) == checked
    assert "✓" not in out.getvalue()


@PAGES
def test_both_files_have_the_same_cells_and_no_answer(chapter: Chapter) -> None:
    files = _downloads(chapter)
    cells = [
        [(cell.cell_type, cell.source) for cell in jupytext.reads(text, fmt=form).cells]
        for form, text in files.items()
    ]
    assert cells[0] == cells[1]
    told = "\n".join(source for _, source in cells[0])
    answers = ANSWER.findall(chapter.text)
    lines = {line.strip() for one in answers for line in FENCE.sub("", one).split("\n")}
    assert [line for line in lines if len(line) > 5 and line in told] == []
    assert not re.search(r"--8<--|\{\{ *\w+\.|^(?:\?{3}|!{3}|/{3})|\{ *#", told, re.M)
