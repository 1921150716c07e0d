"""The exercises of a chapter, read from its source.

One that asks for code has three blocks of it: where to start, what checks the result,
and, folded, an answer. All three are plain Python for a file that lies beside the
modules of ``snippets/``.
"""

import ast
import re
from collections.abc import Iterator
from textwrap import dedent
from typing import NamedTuple

from weave.syntax import ANSWER, EXERCISE, FENCE, HEADING, PART, without

PARTS = ["start", "check", "answer"]
FORM = "```{ .python .start }, and likewise .check and .answer"
AS_PACKAGE = re.compile(r"^ *(?:from|import) +snippets\b", re.M)


class Block(NamedTuple):
    """Code of an exercise, and where it begins; ``part`` is empty if unknown."""

    part: str
    code: str
    line: int
    folded: bool


class Exercise(NamedTuple):
    """A task with its heading, and the line of that."""

    number: str
    text: str
    line: int

    @property
    def blocks(self) -> list[Block]:
        """Return the blocks of code that are part of it, in order."""
        return blocks(self.text, self.line)


def exercises(text: str) -> list[Exercise]:
    """Return the exercises of a page, in order; each ends at the next heading."""
    bare, lines = without(FENCE, text), text.splitlines(keepends=True)
    headings = [h for h in HEADING.finditer(bare) if len(h["marks"]) <= 3]
    begins = [bare.count("\n", 0, heading.start()) for heading in headings]
    return [
        Exercise(own["number"], "".join(lines[begin:end]), begin + 1)
        for heading, begin, end in zip(
            headings, begins, [*begins[1:], None], strict=False
        )
        if (own := EXERCISE.fullmatch(heading["id"] or ""))
    ]


def blocks(text: str, line: int = 1) -> list[Block]:
    """Return the blocks whose first line has braces; ``line`` is that of the text."""
    folds = [range(*fold.span()) for fold in ANSWER.finditer(text)]
    return [
        Block(
            part["part"] if (part := PART.fullmatch(block["info"])) else "",
            dedent(block["code"]),
            line + text.count("\n", 0, block.start()),
            any(block.start() in fold for fold in folds),
        )
        for block in FENCE.finditer(text)
        if block["info"].lstrip().startswith("{")
    ]


def faults(text: str) -> Iterator[tuple[int, str]]:
    """Yield the line of each fault, and what it should be."""
    inside = [block for exercise in exercises(text) for block in exercise.blocks]
    for block in blocks(text):
        yield from _of_block(block, block in inside)
    for exercise in exercises(text):
        yield from _of_exercise(exercise)
    for match in AS_PACKAGE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        yield line, "the reader has the file beside it: from my_module import …"


def _of_block(block: Block, inside: bool) -> Iterator[tuple[int, str]]:
    if not block.part:
        yield block.line, f"a block of an exercise begins {FORM}"
        return
    if not inside:
        form = "### Title { #exercise-1 }"
        yield block.line, f"a {block.part} belongs to an exercise, below {form}"
    elif block.part == "answer" and not block.folded:
        yield block.line, 'an answer is folded: four spaces in, below ??? success "…"'
    elif block.part != "answer" and block.folded:
        yield block.line, f"a {block.part} stands before the answer's fold, not in it"
    try:
        ast.parse(block.code)
    except SyntaxError as error:
        yield block.line + (error.lineno or 1), f"this is not Python: {error.msg}"


def _of_exercise(exercise: Exercise) -> Iterator[tuple[int, str]]:
    parts = [block.part for block in exercise.blocks]
    if parts and "" not in parts and parts != PARTS:
        wanted = "an exercise has one start, one check and one answer, in this order"
        yield exercise.line, f"{wanted}; this one has: {', '.join(parts)}"
