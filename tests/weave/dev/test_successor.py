"""The same article twice is the same; whatever differs, or is not there, is seen."""

from pathlib import Path

import pytest
from mkdocs.utils.yaml import yaml_load

from weave.dev.successor import (
    compare,
    counted,
    derived,
    first_difference,
    pages,
    read,
)
from weave.errors import WeaveError
from weave.languages import LANGUAGES

TERM = '<abbr class="term" title="loss: how bad" tabindex="0">loss</abbr>'
FORMULA = "<math><mi>θ</mi></math>"
FIGURE = '<img src="../f.svg" width="10" height="5" class="light" alt="a line">'
CODE = "<pre><code>x = 1\n    y</code></pre>"
CHAPTER = f"<p>The {TERM} of {FORMULA}</p>{FIGURE}{CODE}"


def _page(article: str) -> str:
    return f"<html><body><nav>Menu</nav><article>{article}</article></body></html>"


def _difference(article: str) -> str | None:
    ours, theirs = (read(_page(html), "zh/x.md") for html in (CHAPTER, article))
    return first_difference(ours, theirs)


def test_the_same_article_is_the_same() -> None:
    assert _difference(CHAPTER) is None


def test_what_a_theme_adds_and_where_lines_end_makes_no_difference() -> None:
    link = '<a class="headerlink" href="#a">¶</a>'
    broken = CHAPTER.replace("The ", f"{link}The\n")
    added = f'<a id="__skip"></a>\n{broken}<footer>1 min</footer>'
    assert _difference(added) is None


def test_the_number_of_a_chapter_makes_no_difference() -> None:
    number = '<span class="number">1</span> '
    ours, theirs = (
        read(_page(f"<h1>{before}Title</h1>{CHAPTER}"), "zh/x.md")
        for before in (number, "")
    )
    assert first_difference(ours, theirs) is None


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("The ", "A ", "text 1"),
        (" of ", "of ", "text 1"),
        ("θ", "w", "formulas 1"),
        ("<mi>θ</mi>", "<mn>θ</mn>", "formulas 1"),
        ("how bad", "how good", "terms 1"),
        ("f.svg", "g.svg", "figures 1"),
        ('width="10"', 'width="11"', "figures 1"),
        ("a line", "", "figures 1"),
        (FIGURE, "", "figures 1"),
        ("    y", "y", "code 1"),
        (CODE, CODE * 2, "code 2"),
        ("</p>", "</p><pre></pre>", "code 1"),
    ],
)
def test_what_differs_is_named(old: str, new: str, kind: str) -> None:
    difference = _difference(CHAPTER.replace(old, new))
    assert (difference or "").startswith(f"{kind} differs\n")


def test_both_sides_are_shown_from_where_they_part() -> None:
    long = "so " * 99
    ours, theirs = ({"text": [f"{long}{end}"]} for end in ("ends", "stops"))
    difference = first_difference(ours, theirs) or ""
    assert "MkDocs    'so so" in difference
    assert "so ends'\n" in difference
    assert difference.endswith("so stops'")


def test_a_piece_that_only_one_side_has_is_shown_against_none() -> None:
    assert "Zensical  (none)" in (first_difference({"code": ["x"]}, {"code": []}) or "")
    # An empty piece is one, too.
    assert "MkDocs    (none)" in (first_difference({"code": []}, {"code": [""]}) or "")


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("<main><p>a page of another make</p></main>", "no <article>"),
        (_page("\n"), "no text, formulas, terms, code"),
        (_page(CHAPTER.replace(FORMULA, "θ")), "no formulas"),
        (_page(CHAPTER.replace(' class="term"', "")), "no terms"),
        (_page(CHAPTER.replace("pre>", "div>")), "no code"),
    ],
)
def test_nothing_to_compare_is_an_error(page: str, message: str) -> None:
    with pytest.raises(WeaveError, match=f"zh/x.md: {message}"):
        read(page, "zh/x.md")


def test_the_lists_need_only_text() -> None:
    assert counted(read(_page("<p>Words</p>"), "zh/errata.md")).startswith("text, 0")
    with pytest.raises(WeaveError, match="no text"):
        read(_page(""), "zh/glossary.md")


def _site(folder: Path, chapter: str) -> Path:
    for page in pages():
        built = folder / page.removesuffix(".md") / "index.html"
        built.parent.mkdir(parents=True)
        built.write_text(_page(chapter), encoding="utf-8")
    return folder


def test_two_sites_are_compared_page_by_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ours, theirs = (_site(tmp_path / name, CHAPTER) for name in ("ours", "theirs"))
    assert compare(ours, theirs)
    assert capsys.readouterr().out.endswith("\n20 of 20 the same\n")
    other = theirs / "en" / "errata" / "index.html"
    other.write_text(_page(CHAPTER.replace("The", "A")), encoding="utf-8")
    assert not compare(ours, theirs)
    said = capsys.readouterr().out
    assert "en/errata.md                     text 1 differs" in said
    assert said.endswith("\n19 of 20 the same\n")


def test_a_page_that_was_not_built_is_an_error(tmp_path: Path) -> None:
    ours, theirs = (_site(tmp_path / name, CHAPTER) for name in ("ours", "theirs"))
    (theirs / "zh" / "errata" / "index.html").unlink()
    with pytest.raises(WeaveError, match=r"theirs/zh/errata\.md was not built"):
        compare(ours, theirs)


def test_two_sites_without_any_figure_show_nothing_about_figures(
    tmp_path: Path,
) -> None:
    bare = CHAPTER.replace(FIGURE, "")
    with pytest.raises(WeaveError, match="any page: no figures"):
        compare(_site(tmp_path / "ours", bare), _site(tmp_path / "theirs", bare))


def test_chapters_glossary_and_errata_of_both_languages_are_compared() -> None:
    zh, en = (
        [page.partition("/")[2] for page in pages() if page.startswith(f"{code}/")]
        for code in LANGUAGES
    )
    assert zh == en
    assert len(zh) == 10
    assert {"errata.md", "glossary.md", "symbols.md", "backpropagation.md"} < set(zh)


def test_the_extensions_are_those_of_the_site_and_no_plugin_is_ours() -> None:
    config = yaml_load(Path("mkdocs.yml").read_text(encoding="utf-8"))
    ours = derived(config)
    assert ours["markdown_extensions"] == config["markdown_extensions"]
    assert "weave.extensions.mathml" in ours["markdown_extensions"]
    assert ours["theme"]["name"] == "material"
    assert "custom_dir" not in ours["theme"]
    assert not {"plugins", "hooks", "nav", "extra"} & ours.keys()
