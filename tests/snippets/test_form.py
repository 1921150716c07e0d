"""The form of a snippet: prose in both languages, an idea a cell, its demonstration."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbformat import NotebookNode

from weave.run.artifacts import modules
from weave.run.notebook import read

SOURCES = {path.stem: path.read_text(encoding="utf-8") for path in modules()}
NEW = sorted(name for name, text in SOURCES.items() if "def main(" not in text)
LINES = range(60, 251)  # of code, without docstrings, comments and guards
DEFINES = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Assign)


@pytest.fixture(params=NEW)
def module(request: pytest.FixtureRequest) -> str:
    """Return each module that is written as a notebook, in turn."""
    return str(request.param)


def _code(module: str) -> list[NotebookNode]:
    cells = read(SOURCES[module], module).cells
    return [cell for cell in cells if cell.cell_type == "code"]


def _statements(module: str) -> Iterator[ast.stmt]:
    for cell in _code(module):
        yield from ast.parse(cell.source).body


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _lines_of_code(source: str) -> int:
    texts = (node for node in ast.walk(ast.parse(source)) if _is_docstring(node))
    prose = {line for node in texts for line in range(node.lineno, node.end_lineno + 1)}  # type: ignore[attr-defined]
    lines = enumerate(source.splitlines(), start=1)
    return sum(
        number not in prose and re.match(r" *[^#\s]", line) is not None
        for number, line in lines
    )


def test_a_module_is_one_idea_long(module: str) -> None:
    assert sum(_lines_of_code(cell.source) for cell in _code(module)) in LINES


def test_nothing_serves_the_site_alone(module: str) -> None:
    names = [getattr(node, "name", "") for node in _statements(module)]
    assert [n for n in names if re.match("main$|show_|plot_", n)] == []


def test_as_a_module_it_only_defines(module: str) -> None:
    guard = 'if __name__ == "__main__":'
    for node in ast.parse(SOURCES[module]).body:
        text = ast.get_source_segment(SOURCES[module], node) or ""
        sets_threads = text.startswith("torch.set_num_threads(")
        alone = isinstance(node, DEFINES) or _is_docstring(node) or sets_threads
        assert alone or text.startswith(guard), text[:60]


def test_every_demonstration_has_its_own_name(module: str) -> None:
    demonstrations = re.findall(
        r"^# %%(.*)\nif __name__ == ", SOURCES[module], flags=re.M
    )
    assert len(demonstrations) >= 3
    assert all(re.fullmatch(r' name="\w+"', mark) for mark in demonstrations)


def test_prose_stands_in_both_languages_chinese_first(module: str) -> None:
    cells = read(SOURCES[module], module).cells
    said = [cell.metadata.get("lang") for cell in cells]
    assert said[:2] == ["zh", "en"]
    prose = [language for language in said if language]
    assert prose == ["zh", "en"] * (len(prose) // 2)


def test_a_lab_asks_and_says_what_to_notice(module: str) -> None:
    """At most four cells of code follow each other without a word between."""
    kinds = "".join(cell.cell_type[0] for cell in read(SOURCES[module], module).cells)
    assert kinds.endswith("m"), "at the end stands what to notice"
    assert "ccccc" not in kinds.partition("c")[2]


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("x = 1", 1),
        ('def f():\n    """One.\n\n    Two."""\n    return 1  # why', 2),
        ("# what for\n\nx = [\n    1,\n]\n", 3),
    ],
)
def test_lines_of_code_are_counted_without_words(source: str, lines: int) -> None:
    assert _lines_of_code(source) == lines


def test_the_engine_has_the_sixty_lines_of_its_heading() -> None:
    parts = {"Value", "as_value", "exp", "log", "tanh", "sigmoid"}
    parts |= {"topological_order", "backward"}
    statements = _statements("autograd_engine")
    code = [ast.unparse(n) for n in statements if getattr(n, "name", "") in parts]
    assert sum(map(_lines_of_code, code)) == 60


def test_some_modules_have_the_form() -> None:
    assert {"sigmoid_fitting", "relu_fitting", "gradient_descent"} <= {*NEW}
    assert all(Path(f"snippets/{name}.py").is_file() for name in NEW)
