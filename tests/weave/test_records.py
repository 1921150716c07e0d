"""YAML that people write: read with its lines, and named where it is wrong."""

from pathlib import Path

import pytest

from weave import records
from weave.errors import WeaveError
from weave.records import Record


def test_a_record_knows_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.yml"
    path.write_text("# list\n- a: 1\n- b: { c: [2] }\n", encoding="utf-8")
    first, second = records.load(path)
    assert (first, second) == ({"a": 1}, {"b": {"c": [2]}})
    assert (first.line, second.line) == (2, 3)
    assert isinstance(second["b"], Record)


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("a: 1\n\tb: 2\n", 2, r"'\\t' that cannot start"),
        ("a: 1\nb: [2\n", 3, "expected ',' or ']'"),
        ("a: b: c\n", 1, "mapping values are not allowed"),
        ("a: 1\nb: 2\na: 3\n", 3, "'a' stands there twice"),
        ("a: 1\nb: !other 2\n", 2, "could not determine a constructor"),
        ("a: 1\nb: \0\n", 2, "special characters are not allowed"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(
    text: str, line: int, problem: str
) -> None:
    with pytest.raises(WeaveError, match=rf"^a\.yml:{line}: .*{problem}.* spaces;"):
        records.parse(text, "a.yml")


def test_lines_are_counted_from_the_head_of_the_file() -> None:
    with pytest.raises(WeaveError, match=r"^a\.md:4: "):
        records.parse("a: 1\na: 2\n", "a.md", before=2)
