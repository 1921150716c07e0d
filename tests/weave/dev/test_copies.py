"""Copies of the project: pages that quote copies of snippets, and nothing to run."""

from pathlib import Path

import pytest
import yaml

from tests.weave.site.tiny_site import project_in
from weave.dev.copies import copied
from weave.languages import LANGUAGES
from weave.paths import ARTIFACTS, SNIPPETS
from weave.run.artifacts import modules, why
from weave.run.fingerprint import fingerprint, seal
from weave.run.lab import lab_path


@pytest.fixture
def copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tiny site, three times; its snippets stand as if they had been run."""
    monkeypatch.chdir(project_in(tmp_path / "tiny"))
    for path in modules():
        for code in LANGUAGES:
            lab = ARTIFACTS / path.stem / lab_path(path.stem, code)
            lab.parent.mkdir(parents=True)
            lab.touch()
        seal(ARTIFACTS / path.stem, fingerprint(str(path), path.read_bytes()))
    return copied(tmp_path / "copies", 3)


def test_there_are_so_many_pages_and_snippets(copies: Path) -> None:
    assert len(modules(copies / SNIPPETS)) == 3 * len(modules())
    for code in LANGUAGES:
        pages = {page.stem for page in (copies / "docs" / code).glob("*.md")}
        assert pages == {f"{p}{n}" for p in ("index", "page") for n in ("", "-2", "-3")}


def test_a_copy_quotes_copies(copies: Path) -> None:
    first, third = (
        (copies / f"docs/en/page{n}.md").read_text(encoding="utf-8") for n in ("", "-3")
    )
    assert "](square/curve.svg)" in first
    for quoted in (
        "](square_3/curve.svg)",
        "{{ square_3.nine:.1f }}",
        '--8<-- "square_3/square.py"',
        "](labs/square_3.ipynb)",
    ):
        assert quoted in third


def test_no_copy_has_to_be_run(copies: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(copies)
    assert {path.stem: why(path) for path in modules()} == {
        path.stem: [] for path in modules()
    }


def test_every_page_and_lab_is_in_the_navigation(copies: Path) -> None:
    text = (copies / "mkdocs.yml").read_text(encoding="utf-8")
    nav = yaml.safe_load(text[text.index("\nnav:") :].partition("\nplugins:")[0])["nav"]
    assert nav[0] == "index.md"
    pages, labs = nav[1]["zh"][:-1], nav[1]["zh"][-1]["labs"]
    assert len(pages) == 6
    assert sorted(labs) == [lab_path(p.stem, "zh") for p in modules(copies / SNIPPETS)]
