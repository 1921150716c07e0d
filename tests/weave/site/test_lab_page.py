"""A lab page made light: what stays is the text, the code, the output, the figures."""

import warnings
from pathlib import Path

import nbformat
import pytest
from lxml import html
from nbformat import NotebookNode

from weave.errors import WeaveError
from weave.run.lab import in_language
from weave.run.notebook import read
from weave.site import lab_page

SOURCE = '''\
# %% [markdown] lang="zh"
# # 一条曲线 $x^2$
#
# 这里画 $y = x_1 * x_2 < 3$，再 *强调*。
# %% [markdown] lang="en"
# # A curve $x^2$
#
# Here $y = x_1 * x_2 < 3$ is drawn, and *stressed*.

# %%
"""A curve."""
import math as m


# %% [markdown] lang="zh"
# ## 平方
#
# $$
# \\begin{aligned} a &= b \\\\ c &< d \\end{aligned}
# $$
# %% [markdown] lang="en"
# ## The square
#
# $$
# \\begin{aligned} a &= b \\\\ c &< d \\end{aligned}
# $$

# %%
def square(x: float) -> float:
    """x² & <b>"""
    return x * x if x < 1e9 and "$a$" else -1


# %% [markdown] lang="zh"
# ### 用一次
# %% [markdown] lang="en"
# ### One use

# %% name="curve"
if __name__ == "__main__":
    print(square(3))
'''
PICTURE = '<span class="figure" id="fig-x-curve"><img src="x.svg" alt="see"></span>'
IDS = ["a-curve-x2", "the-square", "one-use"]


def _notebook(source: str, language: str) -> NotebookNode:
    """The notebook of a language, as the kernel leaves it."""
    notebook = in_language(read(source, "x.py"), language)
    notebook.cells[-1].outputs = [
        nbformat.v4.new_output("stream", name="stdout", text="1 < 2 & $3$\n\n  four\n"),
        nbformat.v4.new_output(
            "display_data",
            data={"image/png": "iVBORw0KGgo=", "text/plain": "<figure curve>"},
            metadata={"weave": {"figure": "curve"}},
        ),
        nbformat.v4.new_output("stream", name="stdout", text="done\n"),
    ]
    return notebook


def _write(folder: Path, source: str, language: str = "zh") -> Path:
    path = folder / f"{language}.ipynb"
    nbformat.write(_notebook(source, language), path)
    return path


def _rendered(path: Path) -> str:
    """What mkdocs-jupyter makes of the notebook."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its imports', not ours
        from mkdocs_jupyter.convert import nb2html

        return str(nb2html(str(path), no_prompt=True))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lab")
    (folder / "x.py").write_text(SOURCE, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def body(folder: Path) -> str:
    rendered = _rendered(_write(folder, SOURCE))
    return lab_page.tidy(rendered, IDS, [PICTURE], folder / "x.py")


@pytest.fixture(scope="module")
def page(body: str) -> html.HtmlElement:
    return html.fromstring(f"<div>{body}</div>")


@pytest.mark.parametrize(
    "waste",
    [*("<style", "<script", "data:", "In [1]", "Copied!", "¶", "jp-", "clipboard")],
)
def test_nothing_of_the_notebook_s_wrapping_stays(waste: str, body: str) -> None:
    assert waste not in body


def test_the_wrapping_was_there(folder: Path) -> None:
    rendered = _rendered(_write(folder, SOURCE))
    for waste in ("<style", "<script", "data:", "Copied!", "jp-"):
        assert waste in rendered


def test_the_code_is_that_of_the_cells(page: html.HtmlElement) -> None:
    cells = [c.source for c in read(SOURCE, "x").cells if c.cell_type == "code"]
    blocks = page.xpath("//div[contains(@class, 'language-python')]//code")
    assert [block.text_content().removesuffix("\n") for block in blocks] == cells


def test_the_output_is_what_was_printed(page: html.HtmlElement) -> None:
    outputs = page.xpath("//div[@class='output']/pre")
    texts = [output.text_content() for output in outputs]
    assert texts == ["1 < 2 & $3$\n\n  four\n", "done\n"]


def test_a_figure_stands_between_what_was_printed(page: html.HtmlElement) -> None:
    [figure] = page.xpath("//figure")
    assert figure.getprevious().text_content().endswith("four\n")
    assert figure.getnext().text_content() == "done\n"
    [image] = figure.xpath(".//img")
    assert dict(image.attrib) == {"src": "x.svg", "alt": "see"}


def test_headings_have_the_ids_given_and_a_link_to_themselves(
    page: html.HtmlElement,
) -> None:
    headings = page.xpath("//h1 | //h2 | //h3")
    assert [heading.get("id") for heading in headings] == IDS
    links = [heading.find("a[@class='headerlink']") for heading in headings]
    assert [link.get("href") for link in links] == [f"#{i}" for i in IDS]
    assert {link.text for link in links} == {"#"}


def test_formulas_are_mathml_and_stars_in_them_are_no_emphasis(
    page: html.HtmlElement,
) -> None:
    title, inline, block = page.xpath("//math")
    assert title.getparent().tag == "h1"
    assert inline.text_content() == "y=x1∗x2<3"
    assert block.get("display") == "block"
    rows = [[c.text_content() for c in row] for row in block.xpath(".//mtr")]
    assert rows == [["a", "=b"], ["c", "<d"]]
    assert page.xpath("//em")[0].text == "强调"


def test_the_text_around_a_formula_stays(page: html.HtmlElement) -> None:
    paragraph = page.xpath("//p[em]")[0]
    assert paragraph.text == "这里画 "
    assert paragraph.text_content().endswith("，再 强调。")


def test_a_wrong_formula_is_named_by_its_line_in_the_snippet(folder: Path) -> None:
    source = SOURCE.replace("a &= b", "a &= \\wrong")
    path = folder / "wrong.py"
    path.write_text(source, encoding="utf-8")
    rendered = _rendered(_write(folder, source))
    line = 1 + next(n for n, row in enumerate(source.splitlines()) if "wrong" in row)
    with pytest.raises(WeaveError, match=r"does not parse(?s:.*)\\wrong") as caught:
        lab_page.tidy(rendered, IDS, [PICTURE], path)
    assert str(caught.value).startswith(f"{path}:{line}: ")


def test_the_ids_come_from_the_headings_of_the_notebook(folder: Path) -> None:
    assert lab_page.heading_ids(_write(folder, SOURCE, "en")) == IDS


def test_figures_are_named_in_the_order_they_are_shown(folder: Path) -> None:
    assert lab_page.figure_names(_write(folder, SOURCE)) == ["curve"]


def test_the_alt_text_is_the_chapters(tmp_path: Path) -> None:
    text = "![what to see](x/curve.svg)\n![photo](x.png)\n"
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    (tmp_path / "b.md").write_text("a ![two](y/loss.svg) b", encoding="utf-8")
    assert lab_page.alt_texts(tmp_path) == {
        "x": {"curve": "what to see"},
        "y": {"loss": "two"},
    }


def test_a_figure_that_no_chapter_shows_is_named_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("snippets").mkdir()
    Path("snippets/x.py").write_text('a\n\n# %% name="curve"\n', encoding="utf-8")
    message = str(lab_page.missing_alt("x/curve", "zh"))
    assert message.startswith("snippets/x.py:3: no page in docs/zh")
    assert "x/curve.svg" in message
    assert "show it there" in message


def test_the_contents_are_nested_as_the_headings_are(body: str) -> None:
    [top] = lab_page.toc_tokens(
        f'{body}<h2 id="last">Last<a class="headerlink">#</a></h2>'
    )
    assert (top["level"], top["id"]) == (1, "a-curve-x2")
    first, last = top["children"]
    assert (first["name"], first["id"]) == ("平方", "the-square")
    assert [child["id"] for child in first["children"]] == ["one-use"]
    assert (last["name"], last["children"]) == ("Last", [])


def test_a_converter_that_has_changed_is_named_with_its_version(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its imports', not ours
        from mkdocs_jupyter import nbconvert2
    monkeypatch.delattr(nbconvert2, "kernel_lang")
    with pytest.raises(WeaveError, match=r"^mkdocs-jupyter [\d.]+: .* made for 0\.26"):
        lab_page.leave_code_plain()
