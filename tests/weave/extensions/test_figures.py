"""Figures: both schemes, the size, the way to the file, and what is missing."""

from pathlib import Path

import pytest
from lxml import html
from matplotlib.figure import Figure

from tests.weave.pages import render
from weave.errors import WeaveError
from weave.extensions.figures import FigureExtension, size

TEXT = "![what to see](fit/curve.svg)"


@pytest.fixture
def artifacts(tmp_path: Path) -> Path:
    (tmp_path / "fit").mkdir()
    for name in ("curve", "loss"):
        for kind in ("zh.light", "zh.dark", "en.light", "en.dark"):
            Figure(figsize=(6, 3)).savefig(tmp_path / "fit" / f"{name}.{kind}.svg")
    return tmp_path


def _page(text: str, artifacts: Path, src_uri: str = "zh/page.md") -> html.HtmlElement:
    extension = FigureExtension(artifacts=str(artifacts))
    return html.fromstring(render(text, extension, src_uri=src_uri))


def test_an_image_becomes_the_pictures_of_both_schemes(artifacts: Path) -> None:
    light, dark = _page(TEXT, artifacts).xpath("//span[@class='figure']/img")
    assert light.attrib == {
        "src": "../figures/fit/curve.zh.light.svg",
        "class": "light",
        "width": "576",
        "height": "288",
        "loading": "lazy",
        "alt": "what to see",
    }
    assert dict(dark.attrib) == dict(light.attrib) | {
        "src": "../figures/fit/curve.zh.dark.svg",
        "class": "dark",
    }


def test_a_figure_can_be_linked_to(artifacts: Path) -> None:
    [span] = _page(TEXT, artifacts).xpath("//span[@class='figure']")
    assert span.get("id") == "fig-fit-curve"


@pytest.mark.parametrize(
    ("src_uri", "base"),
    [("index.md", ""), ("zh/page.md", "../"), ("zh/labs/fit.md", "../../")],
)
def test_the_path_leads_from_the_page_to_the_root(
    src_uri: str, base: str, artifacts: Path
) -> None:
    image = _page(TEXT, artifacts, src_uri).xpath("//img")[0]
    assert image.get("src") == f"{base}figures/fit/curve.zh.light.svg"


def test_the_text_after_a_figure_stays(artifacts: Path) -> None:
    page = _page(f"before {TEXT} after", artifacts)
    assert page.text_content() == "before  after"


@pytest.mark.parametrize("source", ["photo.png", "a/b/c.svg", "https://x.org/a/b.svg"])
def test_other_images_stay_as_they_are(source: str, artifacts: Path) -> None:
    [image] = _page(f"![alt]({source})", artifacts).xpath("//img")
    assert dict(image.attrib) == {"alt": "alt", "src": source}


@pytest.mark.parametrize(
    ("figure", "known"), [("fit/nothing", "curve, loss"), ("nowhere/curve", "none")]
)
def test_a_missing_figure_is_named_with_its_line_and_the_others(
    figure: str, known: str, artifacts: Path
) -> None:
    with pytest.raises(WeaveError) as caught:
        _page(f"text\n\n![alt]({figure}.svg)", artifacts)
    assert str(caught.value) == (
        f"docs/zh/page.md:3: no figure {figure}.svg; its module draws: {known}"
    )


def test_a_figure_has_one_place_on_a_page(artifacts: Path) -> None:
    with pytest.raises(WeaveError, match=r"^docs/zh/page\.md:1: .*#fig-fit-curve\)$"):
        _page(f"{TEXT}\n\n{TEXT}", artifacts)


def test_the_size_is_in_css_pixels(artifacts: Path) -> None:
    assert size(artifacts / "fit" / "curve.zh.light.svg") == (576, 288)


def test_a_drawing_without_a_size_in_points_is_refused(tmp_path: Path) -> None:
    svg = tmp_path / "drawn.svg"
    svg.write_text('<svg width="10px" height="10px"/>', encoding="utf-8")
    with pytest.raises(WeaveError, match=r"^drawn\.svg: no size in points"):
        size(svg)
