"""Values in the notes: found, formatted, and missed with a message that helps."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.weave.pages import render
from weave.errors import WeaveError
from weave.extensions.values import ValueExtension, lookup, show

VALUES = {"error": 0.123456, "drop": -2.5, "steps": 1200, "name": "-Adam-"}
LISTS = {"losses": [3.0, -1.0, 0.5], "nested": [[1, 2], [3, 4]], "by": {"sgd": 7}}


@pytest.fixture
def artifacts(tmp_path: Path) -> Path:
    (tmp_path / "fit").mkdir()
    text = json.dumps(VALUES | LISTS)
    (tmp_path / "fit" / "values.json").write_text(text, encoding="utf-8")
    return tmp_path


def _page(text: str, artifacts: Path) -> str:
    html = render(text, ValueExtension(artifacts=str(artifacts)))
    return html.removeprefix("<p>").removesuffix("</p>")


@pytest.mark.parametrize(
    ("reference", "shown"),
    [
        ("{{ fit.error }}", "0.123456"),
        ("{{fit.error}}", "0.123456"),
        ("{{ fit.error:.2f }}", "0.12"),
        ("{{ fit.error:.1%}}", "12.3%"),
        ("{{ fit.steps:, }}", "1,200"),
        ("{{ fit.losses.0 }}", "3.0"),
        ("{{ fit.losses.2:.2f }}", "0.50"),
        ("{{ fit.nested.1.0 }}", "3"),
        ("{{ fit.by.sgd }}", "7"),
        ("{{ fit.drop }}", "−2.5"),
        ("{{ fit.losses.1:.1f }}", "−1.0"),
        ("{{ fit.name }}", "-Adam-"),
    ],
)
def test_a_reference_becomes_its_value(
    reference: str, shown: str, artifacts: Path
) -> None:
    assert _page(f"a {reference} b", artifacts) == f"a {shown} b"


def test_a_line_may_quote_several_values(artifacts: Path) -> None:
    text = "{{ fit.steps }} and {{ fit.error:.1f }}"
    assert _page(text, artifacts) == "1200 and 0.1"


def test_a_changed_run_changes_the_value(artifacts: Path) -> None:
    assert lookup(artifacts, "fit", "steps") == 1200
    file = artifacts / "fit" / "values.json"
    file.write_text('{"steps": 7}', encoding="utf-8")
    assert lookup(artifacts, "fit", "steps") == 7


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        ("{{ fit.eror }}", "fit.eror .*: by, drop, error, losses, name, nested, steps"),
        ("{{ fitt.error }}", "there is no snippet fitt"),
        ("{{ fit.losses.3 }}", "fit.losses.3 .*: 0 … 2"),
        ("{{ fit.losses.last }}", "fit.losses.last .*: 0 … 2"),
        ("{{ fit.error.x }}", "fit.error.x .*: 0.123456"),
        ("{{ fit.name:.2f }}", "format code 'f'"),
        ("{{ fit.losses:.2f }}", "holds several, name one: 0 … 2"),
    ],
)
def test_what_is_wrong_with_a_reference_is_said_with_its_line(
    reference: str, reason: str, artifacts: Path
) -> None:
    with pytest.raises(WeaveError, match=reason) as caught:
        _page(f"one\n\ntwo {reference}", artifacts)
    assert str(caught.value).startswith(f"docs/zh/page.md:3: {reference}: ")


def test_included_code_is_never_touched(artifacts: Path) -> None:
    code = 'print(f"{{ fit.error }} {x}")'
    (artifacts / "fit" / "f.py").write_text(code, encoding="utf-8")
    html = render(
        '<pre>\n--8<-- "fit/f.py"\n</pre>',
        *(ValueExtension(artifacts=str(artifacts)), "pymdownx.snippets"),
        configs={"pymdownx.snippets": {"base_path": [str(artifacts)]}},
    )
    assert "{{ fit.error }} {x}" in html


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers())
def test_a_number_shown_reads_back_as_itself(number: float) -> None:
    text = show(number, None)
    assert text[1:].count("−") == 0
    assert not text.startswith("-")
    assert type(number)(text.replace("−", "-", 1)) == number


@given(st.text())
def test_a_text_is_shown_as_it_is(text: str) -> None:
    assert show(text, None) == text
