"""What an exercise is made of; and each fault, with its line and the way out."""

import pytest

from weave.site.exercises import exercises, faults

START = "```{ .python .start }\nx = 1\n```\n"
CHECK = '```{ .python .check }\nassert x == 2, "one more"\n```\n'
ANSWER = """\
??? success "Answer"
    Text.

    ```{ .python .answer }
    x = 2
    ```
"""
HEADING = "### A { #exercise-1 }\n"
WHOLE = f"{HEADING}\nDo it.\n\n{START}\n{CHECK}\n{ANSWER}"


def test_an_exercise_ends_at_the_next_heading() -> None:
    code = "```python\n# no heading\n```\n"
    text = (
        f"# P {{ #p }}\n\n{HEADING}\none\n{code}\n### B {{ #exercise-12 }}\ntwo\n## C"
    )
    first, second = exercises(text)
    assert (first.number, first.line) == ("1", 3)
    assert first.text == f"{HEADING}\none\n{code}\n"
    assert (second.number, second.text) == ("12", "### B { #exercise-12 }\ntwo\n")


def test_a_heading_within_an_exercise_belongs_to_it() -> None:
    [exercise] = exercises(f"{HEADING}\n#### a) {{ #a }}\n\n{START}")
    assert [block.part for block in exercise.blocks] == ["start"]


def test_the_blocks_have_their_code_and_their_place() -> None:
    [exercise] = exercises(f"# P {{ #p }}\n\n{WHOLE}")
    start, check, answer = exercise.blocks
    assert start == ("start", "x = 1\n", 7, False)
    assert check == ("check", 'assert x == 2, "one more"\n', 11, False)
    assert answer == ("answer", "x = 2\n", 18, True)


@pytest.mark.parametrize(
    "text",
    [
        WHOLE,
        WHOLE.replace("???", "???+"),
        f"{WHOLE}\n{WHOLE.replace('-1', '-2')}",
        f'{HEADING}\nExplain.\n\n??? success "Answer"\n    Text.\n',
        f"````markdown\n{START}````\n",
        "```python\nfrom square import square\n```\n",
    ],
)
def test_what_is_well_formed_passes(text: str) -> None:
    assert list(faults(text)) == []


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (WHOLE.replace(START, ""), 1, "one start, one check and one answer"),
        (WHOLE.replace(START, ""), 1, "this one has: check, answer"),
        (WHOLE.replace(CHECK, ""), 1, "this one has: start, answer"),
        (WHOLE.replace(ANSWER, ""), 1, "this one has: start, check"),
        (WHOLE.replace(START, START + START), 1, "this one has: start, start, check"),
        (WHOLE.replace(START, CHECK + START), 1, "this one has: check, start, check"),
        (WHOLE.replace(".start", ".strat"), 5, "begins ```{ .python .start }"),
        (WHOLE.replace(".python .start", ".start"), 5, "and likewise .check"),
        (WHOLE.replace("#exercise-1", "#other"), 5, "a start belongs to an exercise"),
        (WHOLE.replace("x = 1", "x = ="), 6, "this is not Python: invalid syntax"),
        (WHOLE.replace("x = 2\n", "x =\n"), 17, "this is not Python"),
    ],
)
def test_a_fault_is_named_with_its_line(text: str, line: int, said: str) -> None:
    found = dict(faults(text))
    assert line in found
    assert said in found[line]


def test_an_answer_in_the_open_is_named() -> None:
    bare = "```{ .python .answer }\nx = 2\n```\n"
    [(line, said)] = faults(WHOLE.replace(ANSWER, bare))
    assert line == 13
    assert said.startswith("an answer is folded: four spaces in, below ??? success")


def test_a_check_in_the_fold_is_named() -> None:
    folded = "".join(f"    {line}\n" for line in CHECK.splitlines())
    text = WHOLE.replace(CHECK, "").replace("    Text.\n", folded)
    [(line, said)] = faults(text)
    assert line == 11
    assert said == "a check stands before the answer's fold, not in it"


@pytest.mark.parametrize("code", ["from snippets.a import b", "import snippets.a"])
def test_a_reader_has_no_package(code: str) -> None:
    [(line, said)] = faults(f"text\n\n```python\nx = 1\n{code}\n```\n")
    assert line == 5
    assert "from my_module import" in said
