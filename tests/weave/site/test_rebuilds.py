"""A build after a change is what a build from nothing would be, and makes no more."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.weave.site.tiny_site import build_in, files, project_in
from weave.errors import WeaveError
from weave.languages import MODES
from weave.site.page_cache import PAGES

pytestmark = pytest.mark.xdist_group("rebuilds")

Change = Callable[[Path], None]


def _replace(path: str, old: str, new: str) -> Change:
    def edit(project: Path) -> None:
        text = (project / path).read_text(encoding="utf-8")
        assert old in text
        (project / path).write_text(text.replace(old, new), encoding="utf-8")

    return edit


SNIPPET = "snippets/square.py"
FIGURE = "](square/curve.svg)"
LABS = {"zh/labs/square.ipynb", "en/labs/square.ipynb", "both/labs/square.md"}
PAGES_OF_ALL = {f"{mode}/{page}.md" for mode in MODES for page in ("index", "page")}
QUOTING = {f"{mode}/page.md" for mode in MODES}  # the others only link to #square

# What changes, and the pages whose text is converted again.
CHANGES: dict[str, tuple[Change, set[str]]] = {
    "a sentence": (
        _replace("docs/zh/page.md", "三的平方", "3 的平方"),
        {"zh/page.md", "both/page.md"},
    ),
    "a run": (
        _replace(SNIPPET, "square(3.0)", "square(4.0)"),
        QUOTING | LABS,
    ),
    "an alt text": (
        _replace("docs/en/page.md", FIGURE, f", again{FIGURE}"),
        {"en/page.md", "both/page.md", "en/labs/square.ipynb", "both/labs/square.md"},
    ),
    "a title, which stands in the navigation of other pages": (
        _replace("docs/en/page.md", "# A page", "# Another page"),
        {"en/page.md", "both/page.md"},
    ),
    "a description": (
        _replace("docs/zh/page.md", "description: ", "description: 这是"),
        {"zh/page.md"},
    ),
    "a word of the interface": (
        _replace("mkdocs.yml", "Report an error", "Report a mistake"),
        PAGES_OF_ALL
        | LABS
        | {"index.md", *(lab.replace("square", "chance") for lab in LABS)},
    ),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = project_in(tmp_path_factory.mktemp("rebuilds") / "project")
    build_in(project)
    return project


@pytest.fixture
def copy(project: Path, tmp_path: Path) -> Path:
    return shutil.copytree(project, tmp_path / "copy")  # with the times of the files


def _conversions(project: Path) -> dict[str, int]:
    """Return when each page was last converted."""
    [edition] = (project / PAGES).iterdir()
    return {
        slot.parent.relative_to(edition).as_posix(): slot.stat().st_mtime_ns
        for slot in edition.rglob("content.json")
    }


@pytest.mark.parametrize("what", CHANGES)
def test_after_a_change_the_site_is_as_if_made_from_nothing(
    what: str, copy: Path
) -> None:
    change, converted = CHANGES[what]
    before = _conversions(copy)
    change(copy)
    build_in(copy)
    after, site = _conversions(copy), files(copy / "site")
    assert {page for page in after if before[page] != after[page]} == converted
    shutil.rmtree(copy / PAGES)
    build_in(copy)
    assert files(copy / "site") == site


def test_with_nothing_changed_nothing_is_made(copy: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in (copy / PAGES).rglob("*")}
    site = files(copy / "site")
    build_in(copy)
    assert files(copy / "site") == site
    assert {p: p.stat().st_mtime_ns for p in (copy / PAGES).rglob("*")} == before


def test_a_page_that_is_gone_leaves_nothing(copy: Path) -> None:
    for code in ("zh", "en"):
        _replace(f"docs/{code}/index.md", "page.md#", "other.md#")(copy)
        (copy / f"docs/{code}/page.md").rename(copy / f"docs/{code}/other.md")
    _replace("mkdocs.yml", "/page.md", "/other.md")(copy)
    build_in(copy)
    assert not [page for page in _conversions(copy) if page.endswith("/page.md")]
    assert not (copy / "site" / "zh" / "page").exists()


def test_a_link_that_leads_nowhere_is_told_at_every_build(copy: Path) -> None:
    _replace("docs/en/index.md", "page.md#square", "no_page.md")(copy)
    _replace("docs/zh/index.md", "page.md#square", "no_page.md")(copy)
    for _ in range(2):
        with pytest.raises(WeaveError, match=r"en/index\.md.*no_page\.md"):
            build_in(copy)
