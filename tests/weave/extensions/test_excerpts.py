"""Excerpts lead on to their module, and a missing one is named."""

import re
from pathlib import Path

import pytest
from lxml import html

from tests.weave.pages import render
from weave.errors import WeaveError
from weave.extensions.excerpts import ExcerptExtension
from weave.languages import other

BLOCK = '```python\n--8<-- "fit/square.py"\n```'
WORDS = {
    "zh": {"lab": "实验", "download": "下载"},
    "en": {"lab": "The lab", "download": "Download"},
}
LINE = '<p class="module"'


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


def _page(
    text: str, artifacts: Path, language: str = "en", repository: str = ""
) -> str:
    return render(
        text,
        ExcerptExtension(
            artifacts=str(artifacts), languages=WORDS, repository=repository
        ),
        *("pymdownx.superfences", "pymdownx.snippets", "pymdownx.details"),
        "attr_list",
        src_uri=f"{language}/page.md",
        configs={"pymdownx.snippets": {"base_path": [str(artifacts)]}},
    )


def test_an_excerpt_is_followed_by_file_and_lab(artifacts: Path) -> None:
    code, line = _page(BLOCK, artifacts).rsplit("\n", 1)
    assert "square" in code
    assert line.startswith(LINE)
    file, lab = html.fromstring(line).iter("a")
    assert file.text == "fit.py"
    assert file.get("href") == "../snippets/fit.py"
    assert file.get("title") == "Download"
    assert "download" in file.attrib
    assert lab.text == "The lab"
    assert lab.get("href") == "labs/fit.ipynb"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_published_module_opens_in_colab(language: str, artifacts: Path) -> None:
    line = _page(BLOCK, artifacts, language, "https://github.com/us/ml").rsplit("\n")[
        -1
    ]
    *_, link = html.fromstring(line).iter("a")
    assert link.text == "Colab"
    assert link.get("href") == (
        "https://colab.research.google.com/github/us/ml/blob/gh-pages/"
        f"{language}/labs/fit/fit.ipynb"
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_link_speaks_the_page_s_language(language: str, artifacts: Path) -> None:
    line = _page(BLOCK, artifacts, language).rsplit("\n", 1)[1]
    assert all(word in line for word in WORDS[language].values())
    assert all(word not in line for word in WORDS[other(language)].values())


@pytest.mark.parametrize(
    "block",
    [
        '```text\n--8<-- "fit/output.txt"\n```',
        '```python\n--8<-- "fit/square.py"\nsquare(3)\n```',
        "```python\nprint(3)\n```",
    ],
)
def test_only_a_block_that_is_one_excerpt_leads_on(block: str, artifacts: Path) -> None:
    assert LINE not in _page(block, artifacts)


def test_an_excerpt_inside_a_list_or_an_answer_leads_on_there(artifacts: Path) -> None:
    indented = BLOCK.replace("\n", "\n    ")
    page = _page(f"1. one\n\n    {indented}\n\n2. two\n", artifacts)
    assert page.index("<ol>") < page.index(LINE) < page.index("two")


def test_what_an_excerpt_printed_stands_right_below_it(artifacts: Path) -> None:
    printed = '```text\n--8<-- "fit/output.txt"\n```'
    page = _page(f"{BLOCK}\n\n{printed}\n\nafter", artifacts)
    assert page.index("nine") < page.index(LINE) < page.index("after")


def _lines(text: str, artifacts: Path) -> list[str]:
    """Return the words among "text" and "line" in the order of the page."""
    page = _page(text, artifacts)
    return re.findall(r"text|line", page.replace(LINE, "line"))


BOX = '??? note "text"\n\n    ' + BLOCK.replace("\n", "\n    ")


@pytest.mark.parametrize(
    ("between", "lines"),
    [
        ("text", ["text", "line"]),
        ("### text { #id }", ["line", "text", "line"]),
        (BOX, ["line", "text", "line", "line"]),
    ],
)
def test_of_a_module_s_excerpts_in_a_section_the_last_leads_on(
    between: str, lines: list[str], artifacts: Path
) -> None:
    assert _lines(f"{BLOCK}\n\n{between}\n\n{BLOCK}", artifacts) == lines


def test_excerpts_of_two_modules_lead_on_each(artifacts: Path) -> None:
    (artifacts / "curve" / "square.py").write_text("x\n", encoding="utf-8")
    of_curve = BLOCK.replace("fit", "curve")
    assert _lines(f"{BLOCK}\n\ntext\n\n{of_curve}", artifacts) == [
        "line",
        "text",
        "line",
    ]


def test_a_comment_in_code_begins_no_section(artifacts: Path) -> None:
    code = "```python\n# text\n```"
    assert _lines(f"{BLOCK}\n\n{code}\n\n{BLOCK}", artifacts) == ["text", "line"]


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
