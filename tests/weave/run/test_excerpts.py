"""What pages quote by name: functions and classes, whole; cells, what they print."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat import v4

from weave.errors import WeaveError
from weave.run.excerpts import excerpts, quotations, require_names
from weave.run.notebook import read

SOURCE = '''\
"""A module."""
import functools

K = 3


# Stands above the function, belongs to the page's text.
@functools.cache
@functools.wraps(
    print
)
def scale(x: float) -> float:
    """K x"""

    def inner() -> float:
        return K * x  # why

    return inner()
class Box:
    side = 1

    def area(self) -> float:
        return self.side**2


if __name__ == "__main__":
    def hidden() -> None: ...
'''


def test_only_top_level_functions_and_classes_are_excerpts() -> None:
    assert list(excerpts(SOURCE)) == ["scale", "Box"]


def test_an_excerpt_begins_with_its_decorators_and_ends_with_its_last_line() -> None:
    lines = excerpts(SOURCE)["scale"].splitlines()
    assert lines[0] == "@functools.cache"
    assert lines[-1] == "    return inner()"
    assert "        return K * x  # why" in lines


def test_an_excerpt_ends_with_one_newline() -> None:
    assert all(
        code.endswith("\n") and not code.endswith("\n\n")
        for code in excerpts(SOURCE).values()
    )


def test_without_functions_there_are_no_excerpts() -> None:
    assert excerpts("x = 1\n") == {}


names = st.integers(0, 99).map("f{}".format)
# As Python's tokenizer sees it: no NUL, no surrogates, one kind of line end.
texts = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=20)


@st.composite
def functions(draw: st.DrawFn) -> str:
    """A function with a text, a comment, and perhaps a decorator."""
    decorator = draw(st.sampled_from(["", "@print\n", "@print  # @\n@print\n"]))
    text = draw(texts).replace("\\", "").replace('"', "").replace("\n", "\n    ")
    comment = draw(texts).replace("\n", "")
    return (
        f"{decorator}def {draw(names)}(a, b=(1,\n2)):\n"
        f'    """{text}"""\n    # {comment}\n    return a\n'
    )


@given(
    st.lists(functions(), min_size=1), st.sampled_from(["", "\n", "\n# %%\nx = 1\n"])
)
def test_every_excerpt_parses_to_the_function_of_the_module(
    parts: list[str], between: str
) -> None:
    source = between.join(parts)
    nodes = {
        n.name: n for n in ast.parse(source).body if isinstance(n, ast.FunctionDef)
    }
    for name, code in excerpts(source).items():
        assert ast.dump(ast.parse(code).body[0]) == ast.dump(nodes[name])


CELLS = """\
# %%
def square(x: int) -> int:
    return x * x


# %% name="curve"
if __name__ == "__main__":
    print(square(3))

# %% name="quiet"
if __name__ == "__main__":
    y = 1
"""


def test_a_named_cell_is_quoted_without_its_guard_and_so_is_what_it_prints() -> None:
    notebook = read(CELLS, "x.py")
    notebook.cells[1].outputs = [v4.new_output("stream", name="stdout", text="9\n")]
    assert quotations(notebook, CELLS) == {
        "square.py": "def square(x: int) -> int:\n    return x * x\n",
        "curve.py": "print(square(3))\n",
        "curve.txt": "9\n",
        "quiet.py": "y = 1\n",
        "output.txt": "9\n",
    }


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"quiet"', '"curve"', r"x\.py:12: the name curve stands in line 8, too"),
        ('"quiet"', '"square"', r"x\.py:12: the name square stands in line 2, too"),
        ('"quiet"', '"Quiet one"', r"x\.py:12: no name for a cell: Quiet one"),
        ('"quiet"', '"output"', r"x\.py:12: no name for a cell: output.*; not fing"),
        (" name=", " title=", r'x\.py:1: no cell has a name.*\n# %% name="descent"'),
    ],
)
def test_a_name_that_is_none_or_stands_twice_is_named(
    old: str, new: str, message: str
) -> None:
    source = CELLS.replace(old, new)
    with pytest.raises(WeaveError, match=message):
        require_names(read(source, "x.py"), source, "x.py")
