"""What CONTRIBUTING and the other papers say of the code is so."""

import re
from pathlib import Path

import pytest
from markdown import Markdown
from mkdocs.config import load_config

from weave.paths import WEAVE
from weave.run.fingerprint import FINGERPRINT

TEXT = Path("CONTRIBUTING.md").read_text(encoding="utf-8")
PAPERS = ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "SECURITY.md"]
FOLDERS = r"(?:weave|tests|assets|docs|snippets|\.github)"
ROW = re.compile(r"^\| (preprocessors|treeprocessors|postprocessors) \| (.*) \|$", re.M)


@pytest.fixture(scope="module")
def md() -> Markdown:
    config = load_config("mkdocs.yml", plugins=[])
    return Markdown(
        extensions=config.markdown_extensions, extension_configs=config.mdx_configs
    )


@pytest.mark.parametrize(("stage", "row"), ROW.findall(TEXT))
def test_the_order_of_our_extensions_is_as_written(
    stage: str, row: str, md: Markdown
) -> None:
    there = {item.name: item.priority for item in getattr(md, stage)._priority}
    written = {name: int(at) for name, at in re.findall(r"\*\*(\w+)\*\* (\d+)", row)}
    assert written
    assert {name: there.get(name) for name in written} == written


def test_all_three_stages_are_written_down() -> None:
    assert len(ROW.findall(TEXT)) == 3


def test_the_folder_of_a_run_is_as_written() -> None:
    assert f"| `{FINGERPRINT}` |" in TEXT


@pytest.mark.parametrize("paper", PAPERS)
def test_every_file_that_is_named_is_there(paper: str) -> None:
    text = Path(paper).read_text(encoding="utf-8")
    named = re.findall(
        r"`((?:weave|tests|assets|docs|snippets|\.github)/[\w./-]+)`", text
    )
    examples = {
        "assets/figures/my_idea.py",
        "snippets/my_idea.py",
        "tests/snippets/test_my_idea.py",
    }
    examples |= {f"docs/{code}/my-chapter.md" for code in ("zh", "en")}
    missing = [path for path in named if not Path(path).exists()]
    assert named or paper == "SECURITY.md"
    assert set(missing) <= examples


def test_every_seam_is_in_a_file_that_is_there() -> None:
    seams = TEXT.partition("## Seams")[2].partition("\n## ")[0]
    files = re.findall(r"`weave/([\w/]+\.py)`", seams)
    assert len(files) > 10
    assert [file for file in files if not (WEAVE / file).is_file()] == []
