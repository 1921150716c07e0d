"""A tiny site, built with the project's own configuration as a writer would build it.

It is built in a folder of its own, once more with nothing changed, and once for each
mistake that a writer may make.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin

import nbformat
import pytest
from lxml import html
from nbclient import NotebookClient

from tests.weave.site.tiny_site import (
    PUBLISHED,
    ROOT,
    TINY,
    build_in,
    files,
    project_in,
)
from weave.errors import WeaveError
from weave.languages import LANGUAGES, MODES
from weave.site.exercise_files import FORMS

pytestmark = pytest.mark.xdist_group("tiny")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = project_in(tmp_path_factory.mktemp("tiny") / "one")
    build_in(project)
    return project


@pytest.fixture(scope="module")
def site(project: Path) -> dict[str, bytes]:
    return files(project / "site")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "path",
    [
        *("index.html", "page/index.html", "search/search_index.json"),
        *("labs/square/index.html", "labs/square/square.ipynb"),
    ],
)
def test_every_language_has_its_pages(
    path: str, language: str, site: dict[str, bytes]
) -> None:
    assert f"{language}/{path}" in site


def test_figures_snippets_and_font_are_on_the_site(site: dict[str, bytes]) -> None:
    source = (TINY / "snippets" / "square.py").read_bytes()
    assert site["snippets/square.py"] == source
    assert site["figures/square/curve.zh.light.svg"].startswith(b"<?xml")
    assert "figures/square/curve.en.dark.svg" in site
    assert site["stylesheets/math.css"].startswith(b'@font-face{font-family:"STIX')


def test_a_page_shows_what_the_run_gave(site: dict[str, bytes]) -> None:
    page = site["zh/page/index.html"].decode()
    assert "它是 9.0，一半是 −1.5。" in page
    assert "square of 3: 9\nletters: a b c\n" in page
    assert '<math display="block"><mtable' in page
    assert "curve.zh.light.svg" in page
    assert '<span class="k">def</span>' in page


@pytest.mark.parametrize("path", ["zh/page/", "en/labs/square/", "both/page/", ""])
def test_a_page_tells_other_programs_what_it_is(
    path: str, site: dict[str, bytes]
) -> None:
    address = PUBLISHED["SITE_URL"]
    tree = html.fromstring(site[f"{path}index.html"])
    og = {meta.get("property"): meta.get("content") for meta in tree.iter("meta")}
    assert og["og:url"] == address + path
    assert og["og:title"]
    assert og["og:description"]
    assert [
        link.get("href") for link in tree.iterfind(".//link[@rel='canonical']")
    ] == [address + path]
    about = json.loads(tree.findtext(".//script[@type='application/ld+json']"))
    assert about["@type"] == "LearningResource"
    assert about["isPartOf"]["@type"] == "Course"
    assert f"<loc>{address}{path}</loc>" in site["sitemap.xml"].decode()
    assert b"<lastmod>" not in site["sitemap.xml"]  # outside a repository nobody knows
    alternates = {link.get("href") for link in tree.iterfind(".//link[@hreflang]")}
    own = path.partition("/")[2]
    assert alternates == {f"{address}{code}/{own}" for code in ("zh", "en")}


@pytest.mark.parametrize(
    ("code", "words"), [("zh", "报告错误"), ("en", "Report an error")]
)
def test_a_page_says_how_to_mend_it(
    code: str, words: str, site: dict[str, bytes]
) -> None:
    tree = html.fromstring(site[f"{code}/page/index.html"])
    links = {a.text_content(): a.get("href") for a in tree.iterfind(".//footer//a")}
    assert f"{PUBLISHED['REPO_URL']}/issues/new?title=" in links[words]
    assert f"{PUBLISHED['REPO_URL']}/edit/main/docs/{code}/page.md" in links.values()


@pytest.mark.parametrize("path", ["zh/page/", "en/labs/square/", "both/page/", ""])
def test_a_page_links_to_the_repository_and_does_not_ask_its_host(
    path: str, site: dict[str, bytes]
) -> None:
    tree = html.fromstring(site[f"{path}index.html"])
    links = tree.xpath("//a[contains(@class, 'md-source')]")
    assert [link.get("href") for link in links] == [PUBLISHED["REPO_URL"]] * 2
    assert not tree.xpath("//*[@data-md-component='source']")


@pytest.mark.parametrize("code", ["zh", "en"])
def test_a_lab_opens_in_colab(code: str, site: dict[str, bytes]) -> None:
    tree = html.fromstring(site[f"{code}/labs/square/index.html"])
    links = [a.get("href") for a in tree.iter("a")]
    assert [link for link in links if "colab" in link] == [
        f"https://colab.research.google.com/github/us/ml/blob/gh-pages/{code}/labs/square/square.ipynb"
    ]
    [line] = tree.find_class("run-at-home")
    assert line.xpath("./code/text()") == [
        f"git clone {PUBLISHED['REPO_URL']}",
        "make -C ml serve",
    ]


LIVE = [b"/_live/", b"live-token", b"live-block", b"live-bar", b"X-Live"]


def test_the_built_site_has_no_trace_of_running_cells(site: dict[str, bytes]) -> None:
    found = [path for path, data in site.items() if any(word in data for word in LIVE)]
    assert found == []


@pytest.mark.parametrize("path", ["zh/page", "zh/labs/square", "en/page", "en", ""])
def test_nothing_is_left_unwoven(path: str, site: dict[str, bytes]) -> None:
    page = site[f"{path}/index.html".lstrip("/")].decode()
    article = page.partition("<article")[2].partition("</article>")[0]
    article = re.sub(r"<pre\b.*?</pre>", "", article, flags=re.S)
    assert article
    assert not re.search(r"\{\{|--8&lt;|--8<|\$|\\\(|arithmatex|¶", article)


HINT = {"zh": "✗ 1: cube(2): 应当是", "en": "✗ 1: cube(2): it should be"}


@pytest.fixture(params=LANGUAGES)
def exercises(
    request: pytest.FixtureRequest, site: dict[str, bytes], tmp_path: Path
) -> tuple[str, Path]:
    """A language, and a folder with its exercises and the module that they use."""
    for form in FORMS:
        path = f"exercises/{request.param}/page.{form}"
        (tmp_path / f"page.{form}").write_bytes(site[path])
    (tmp_path / "square.py").write_bytes(site["snippets/square.py"])
    return request.param, tmp_path


def test_the_exercises_run_as_a_file(exercises: tuple[str, Path]) -> None:
    language, folder = exercises
    done = subprocess.run(
        [sys.executable, "-W", "error", "page.py"],
        cwd=folder,
        env=os.environ | {"MPLBACKEND": "agg", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout.startswith(HINT[language])
    assert done.stdout.count("\n") == 1


def test_the_exercises_run_as_a_notebook(exercises: tuple[str, Path]) -> None:
    language, folder = exercises
    made = nbformat.reads((folder / "page.ipynb").read_text("utf-8"), as_version=4)
    nbformat.validate(made)
    NotebookClient(made, resources={"metadata": {"path": folder}}).execute()
    [output] = made.cells[-1].outputs
    assert output.text.startswith(HINT[language])


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_links_to_the_exercises(mode: str, site: dict[str, bytes]) -> None:
    tree = html.fromstring(site[f"{mode}/page/index.html"])
    links = [a.get("href") for p in tree.find_class("exercise-files") for a in p]
    own = [link for link in links if link and "colab" not in link]
    files = {urljoin(f"{mode}/page/", link) for link in own}
    languages = LANGUAGES if mode == "both" else [mode]
    assert len(links) - links.count(None) - len(own) == len(languages)
    assert files == {f"exercises/{c}/page.{f}" for c in languages for f in FORMS}
    assert files <= site.keys()


def test_with_nothing_changed_no_snippet_runs_and_no_artifact_is_touched(
    project: Path,
) -> None:
    folder = project / ".cache" / "artifacts"
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    assert not re.search("square .* run$", build_in(project), re.M)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def _replace(path: str, old: str, new: str) -> Callable[[Path], None]:
    """Return what replaces a text; in ``{}`` of the path, in both languages."""

    def edit(project: Path) -> None:
        for file in {project / path.format(code) for code in LANGUAGES}:
            text = file.read_text(encoding="utf-8")
            assert old in text
            file.write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


def _reencode(file: Path) -> None:
    file.write_bytes(file.read_text(encoding="utf-8").encode("gbk"))


def _write(file: Path, text: str) -> None:
    if file.is_dir():
        shutil.rmtree(file)
    file.write_text(text, encoding="utf-8")


def _break_theme(project: Path) -> None:
    theme = shutil.copytree(ROOT / "assets" / "theme", project / "theme")
    _write(theme / "main.html", '{% extends "base.html" %}\n\n<b>\n\n{% endif %}\n')
    _replace("mkdocs.yml", str(ROOT / "assets" / "theme"), "theme")(project)


def _remove(path: str) -> Callable[[Path], None]:
    return lambda project: (project / path).unlink()


SCREEN = 24  # lines
SNIPPET = "snippets/square.py"
MISTAKES: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "a snippet raises": (
        _replace(SNIPPET, "return x * x", "return x / 0"),
        rf"{SNIPPET}:31: ZeroDivisionError: float division by zero",
        rf"run `python {SNIPPET}` to see it alone",
    ),
    "a text of a snippet has no language": (
        _replace(SNIPPET, ' lang="en"', ""),
        rf"{SNIPPET}:6: a Markdown cell",
        'needs lang="zh" or lang="en"',
    ),
    "an excerpt is missing": (
        _replace("docs/zh/page.md", "square/square.py", "square/cube.py"),
        r"docs/zh/page\.md:21: there is no excerpt square/cube\.py",
        r"square has: curve\.py, curve\.txt, output\.txt, square\.py",
    ),
    "a figure is missing": (
        _replace("docs/en/page.md", "square/curve.svg", "square/line.svg"),
        r"docs/en/page\.md:14: no figure square/line\.svg",
        "its module draws: curve",
    ),
    "a value is missing": (
        _replace("docs/en/page.md", "square.nine", "square.ten"),
        r"docs/en/page\.md:8: \{\{ square\.ten:\.1f \}\}",
        "one cell alone sets: halves, nine",
    ),
    "a formula does not parse": (
        _replace("docs/zh/page.md", "$3^2 < 10$", r"$3^2 \lesss 10$"),
        r"docs/zh/page\.md:8: this formula does not parse",
        r"3\^2 \\lesss 10",
    ),
    "a formula of a lab does not parse": (
        _replace(SNIPPET, "# y = x^2\n", "# y = x^{2\n"),
        rf"{SNIPPET}:20: this formula does not parse",
        r"y = x\^\{2",
    ),
    "a page is missing in one language": (
        _remove("docs/en/page.md"),
        r"docs/en/page\.md: missing",
        "the other language has it",
    ),
    "the two languages of a page differ": (
        _replace("docs/en/page.md", "{{ square.halves.1 }}", "a half"),
        r"docs/zh/page\.md:8 and docs/en/page\.md:6: values differ",
        r"square\.halves\.1",
    ),
    "a page is absent from the navigation of one language": (
        _replace("mkdocs.yml", " en/page.md,", ""),
        r"mkdocs\.yml:\d+: nav lacks en/page\.md",
        "nav",
    ),
    "a link leads nowhere": (
        _replace("docs/{}/index.md", "#square", "#cube"),
        r"docs/en/index\.md:6: .*#cube",
        r"It has: page, square,",
    ),
    "a link leads to a place of a lab that is not there": (
        _replace("docs/{}/page.md", "square.ipynb", "square.ipynb#cube"),
        r"docs/en/page\.md:33: .*#cube",
        "does not contain an anchor",
    ),
    "a page is in another encoding": (
        lambda project: _reencode(project / "docs/zh/page.md"),
        r"docs/zh/page\.md:2: byte 0xa3 is not UTF-8",
        "save the file in UTF-8",
    ),
    "a formula does not close": (
        _replace("docs/zh/page.md", "$3^2 < 10$", "$3^2 < 10"),
        r"docs/zh/page\.md:8: \$ is left over",
        r"a dollar is written \\\$",
    ),
    "a formula of a lab does not close": (
        _replace(SNIPPET, "# Draws $y = x^2 < 10$.", "# Draws $y = x^2 < 10."),
        rf"{SNIPPET}:8: this formula does not parse: it does not close",
        r"\$y = x\^2 < 10\.",
    ),
    "an id stands twice": (
        _replace("docs/zh/page.md", "#page", "#square"),
        r"docs/zh/page\.md:4, 6: the id square stands there twice",
        "an id belongs to one heading",
    ),
    "an exercise has no check": (
        _replace("docs/{}/page.md", ".check", ".start"),
        r"docs/en/page\.md:37: an exercise has one start, one check and one answer",
        r"this one has: start, start, answer",
    ),
    "an image has no words": (
        _replace("docs/zh/page.md", "![一条抛物线]", "![]"),
        r"docs/zh/page\.md:14: an image needs words",
        r"!\[words\]",
    ),
    "a list of words is no YAML": (
        lambda project: _write(project / "docs/search.yml", "page.md:\n\t- [a]\n"),
        r"docs/search\.yml:2: found character",
        "indented with spaces",
    ),
    "a setting is misspelt": (
        _replace("mkdocs.yml", "extra_css:", "extra_sheets:"),
        r"mkdocs\.yml:\d+: Config value 'extra_sheets'",
        "Unrecognised configuration name",
    ),
    "a template is wrong": (
        _break_theme,
        r"theme/main\.html:3-5: TemplateSyntaxError",
        "Encountered unknown tag 'endif'",
    ),
    "the cache cannot be written": (
        lambda project: _write(project / ".cache", ""),
        r"\.cache/artifacts: Not a directory",
        "may be removed: the build makes it anew",
    ),
    "the site cannot be written": (
        lambda project: _write(project / "site", ""),
        r"/site: Not a directory",
        "may be removed",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_stops_the_build_and_is_explained(
    mistake: str, project: Path, tmp_path: Path
) -> None:
    make, where, way_out = MISTAKES[mistake]
    broken = shutil.copytree(project, tmp_path / "broken")
    make(broken)
    with pytest.raises(WeaveError) as caught:
        build_in(broken)
    said = str(caught.value)
    assert re.search(where, said), said
    assert re.search(way_out, said), said
    assert "Traceback" not in said
    assert len(said.splitlines()) <= SCREEN


def test_the_build_after_the_repair_is_right(
    project: Path, site: dict[str, bytes], tmp_path: Path
) -> None:
    mended = shutil.copytree(project, tmp_path / "mended")
    for mistake in (
        "a snippet raises",
        "a formula does not close",
        "an id stands twice",
    ):
        MISTAKES[mistake][0](mended)
        with pytest.raises(WeaveError):
            build_in(mended)
        for part in ("docs", "snippets"):
            shutil.copytree(project / part, mended / part, dirs_exist_ok=True)
    build_in(mended)
    assert files(mended / "site") == site
