"""Excerpts: every top-level function and class, whole, and nothing else."""

import ast

from hypothesis import given
from hypothesis import strategies as st

from weave.run.excerpts import excerpts

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
