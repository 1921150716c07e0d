"""Claims: what is read of the list, what holds, and whose words are on no page."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from weave.errors import WeaveError
from weave.site import claims
from weave.site.claims import Claim, broken, load, unstated, values

GOOD = """\
- page: page.md
  zh: 深的更好
  en: deeper is better
  holds: run.deep < run.wide
"""
VALUES = {"run": SimpleNamespace(deep=1.0, wide=2.0, errors=[0.1, 0.2])}


def _claim(holds: str) -> Claim:
    return Claim("page.md", {"zh": "深的更好", "en": "deeper is better"}, holds, 1)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A page in two languages and a snippet, in the folder we are in."""
    monkeypatch.chdir(tmp_path)
    for name in ("docs/zh", "docs/en", "snippets"):
        (tmp_path / name).mkdir(parents=True)
    texts = {
        "docs/zh/page.md": "所以，深的\n更好。",
        "docs/en/page.md": "So deeper is\nbetter.",
        "snippets/run.py": "# 深的\n# 更好。\n#\n# Here deeper is\n# better.\n",
        "docs/claims.yml": GOOD,
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_a_list_is_read_with_its_lines(project: Path) -> None:
    [claim] = load()
    assert claim == _claim("run.deep < run.wide")
    assert claim.modules() == {"run"}
    assert _claim("all(n.real > 1 for n in run.errors)").modules() == {"run"}


def test_without_a_list_there_are_no_claims(tmp_path: Path) -> None:
    assert load(tmp_path / "claims.yml") == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  en: deeper is better\n", "", r"yml:1: a claim has texts for en, holds, pa"),
        ("en: deeper is better", "en: 3", r"yml:1: a claim has texts for"),
        ("run.deep <", "run.deep <<<", r"yml:1: holds: invalid syntax: run\.deep <<<"),
        (GOOD, "a: b", r"yml:1: must be a list of claims"),
    ],
)
def test_what_is_no_claim_is_named_by_its_line(
    old: str, new: str, message: str, project: Path
) -> None:
    path = project / "docs" / "claims.yml"
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(WeaveError, match=message):
        load()


@pytest.mark.parametrize(
    "condition",
    [
        "run.deep < run.wide",
        "all(error < 1 for error in run.errors)",
        "median(run.errors) == mean(run.errors)",
        "max(run.errors) == sorted(run.errors)[-1]",
    ],
)
def test_what_holds_is_not_named(condition: str) -> None:
    assert list(broken([_claim(condition)], VALUES)) == []


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("run.deep > run.wide", "does not hold: run.deep > run.wide\nrun.deep = 1.0\n"),
        ("run.deep", "does not hold"),  # a number is no answer
        ("run.deep > 1 and run.gone", "does not hold"),  # it is not looked at
        ("all(n.real > 1 for n in run.errors)", "run.errors = [0.1, 0.2]"),
        ("run.depth > 1", "AttributeError"),
        ("walk.deep > 1", "NameError"),
        ("run.deep > open('x')", "NameError"),
    ],
)
def test_what_does_not_hold_is_named_with_its_values(
    condition: str, message: str
) -> None:
    [fault] = broken([_claim(condition)], VALUES)
    assert fault.startswith("docs/claims.yml:1: ")
    assert message in fault


@pytest.mark.parametrize("page", ["page.md", "snippets/run.py"])
def test_words_are_found_where_lines_end_within_them(page: str, project: Path) -> None:
    claim = Claim(page, _claim("").words, "", 1)
    assert list(unstated([claim])) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_words_that_are_not_on_the_page_are_named(language: str, project: Path) -> None:
    page = Path("docs") / language / "page.md"
    page.write_text("Wider is better.", encoding="utf-8")
    [fault] = unstated(load())
    assert fault.startswith(f"docs/claims.yml:1: not on {page}: ")


def test_a_page_that_is_not_there_is_named(project: Path) -> None:
    claim = Claim("gone.md", _claim("").words, "", 1)
    assert next(unstated([claim])) == "docs/claims.yml:1: there is no docs/zh/gone.md"


def test_the_build_says_all_at_once(project: Path) -> None:
    (project / "docs" / "en" / "page.md").write_text("", encoding="utf-8")
    folder = project / ".cache" / "artifacts" / "run"
    folder.mkdir(parents=True)
    (folder / "values.json").write_text('{"deep": 3, "wide": 2}', encoding="utf-8")
    with pytest.raises(WeaveError, match=r"not on docs/en(?s:.*)does not hold"):
        claims.require(load())
    assert values(["run", "none"])["run"].deep == 3
