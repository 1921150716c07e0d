"""Excerpts lead on to their module, and a missing one is named."""

from pathlib import Path

import pytest

from tests.weave.pages import render
from weave.errors import WeaveError
from weave.extensions.excerpts import ExcerptExtension

BLOCK = '```python\n--8<-- "fit/square.py"\n```'
WORDS = {"zh": {"lab": "打开实验"}, "en": {"lab": "Open the lab"}}


@pytest.fixture
def artifacts(tmp_path: Path) -> Path:
    (tmp_path / "fit" / "zh" / "labs").mkdir(parents=True)
    (tmp_path / "curve").mkdir()
    for name, text in (
        ("square.py", "def square(x): ...\n"),
        ("output.txt", "nine\n"),
        ("fingerprint.json", "{}"),
        ("values.json", "{}"),
    ):
        (tmp_path / "fit" / name).write_text(text, encoding="utf-8")
    return tmp_path


def _page(text: str, artifacts: Path, language: str = "en") -> str:
    return render(
        text,
        ExcerptExtension(artifacts=str(artifacts), languages=WORDS),
        *("pymdownx.superfences", "pymdownx.snippets", "attr_list"),
        src_uri=f"{language}/page.md",
        configs={"pymdownx.snippets": {"base_path": [str(artifacts)]}},
    )


def test_an_excerpt_is_followed_by_file_lab_and_command(artifacts: Path) -> None:
    code, line = _page(BLOCK, artifacts).rsplit("\n", 1)
    assert "square" in code
    assert line.startswith('<p class="module"')
    assert 'download="" href="../snippets/fit.py">fit.py</a>' in line.replace(
        'download="download"', 'download=""'
    ).replace("download href", 'download="" href')
    assert '<a class="lab" href="labs/fit.ipynb">Open the lab</a>' in line
    assert "<code>python fit.py</code>" in line


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_link_speaks_the_page_s_language(language: str, artifacts: Path) -> None:
    other = "en" if language == "zh" else "zh"
    html = _page(BLOCK, artifacts, language)
    assert WORDS[language]["lab"] in html
    assert WORDS[other]["lab"] not in html


@pytest.mark.parametrize(
    "block",
    [
        '```text\n--8<-- "fit/output.txt"\n```',
        '```python\n--8<-- "fit/square.py"\nsquare(3)\n```',
        "```python\nprint(3)\n```",
    ],
)
def test_only_a_block_that_is_one_excerpt_leads_on(block: str, artifacts: Path) -> None:
    assert 'class="module"' not in _page(block, artifacts)


def test_an_excerpt_inside_a_list_or_an_answer_leads_on_there(artifacts: Path) -> None:
    indented = BLOCK.replace("\n", "\n    ")
    html = _page(f"1. one\n\n    {indented}\n\n2. two\n", artifacts)
    assert html.index("<ol>") < html.index('class="module"') < html.index("two")


def test_two_excerpts_lead_on_each(artifacts: Path) -> None:
    html = _page(f"{BLOCK}\n\ntext\n\n{BLOCK}", artifacts)
    assert html.count('class="module"') == 2


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("fit/cube.py", "fit has: output.txt, square.py"),
        ("fitt/square.py", "snippets: curve, fit"),
    ],
)
def test_a_missing_excerpt_is_named_with_its_line_and_what_there_is(
    path: str, known: str, artifacts: Path
) -> None:
    with pytest.raises(WeaveError) as caught:
        _page(f'text\n\n```python\n--8<-- "{path}"\n```', artifacts)
    assert str(caught.value) == (
        f"docs/en/page.md:4: there is no excerpt {path}; {known}"
    )


def test_a_folder_is_no_excerpt(artifacts: Path) -> None:
    with pytest.raises(WeaveError, match="there is no excerpt fit/zh"):
        _page('```\n--8<-- "fit/zh"\n```', artifacts)


@pytest.mark.parametrize(
    "line",
    [
        '--8<- "fit/square.py"',
        '-8<-- "fit/square.py"',
        "--8<-- fit/square.py",
        '--8<-- "fit/square.py',
        "--8<--",
    ],
)
def test_a_line_that_would_include_something_is_named(
    line: str, artifacts: Path
) -> None:
    with pytest.raises(WeaveError, match=r'^docs/en/page\.md:4: .*: write --8<-- "'):
        _page(f"text\n\n```python\n{line}\n```", artifacts)
