"""``![alt](module/figure.svg)`` becomes the figure's light and dark pictures.

They speak the page's language. Each carries its size, so that nothing moves when it
arrives, and loads when it comes into view; the one that the colour scheme hides is not
fetched.
"""

import re
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor

from weave.errors import WeaveError
from weave.extensions.page_context import language, page_of, place
from weave.paths import ARTIFACTS
from weave.syntax import FIGURE
from weave.text import read

POINT = 96 / 72  # CSS pixels


def size(svg: Path) -> tuple[int, int]:
    """Return width and height in CSS pixels, as the file's first lines state them."""
    head = read(svg)[:2000]
    sides = dict(re.findall(r'\b(width|height)="([\d.]+)pt"', head))
    if len(sides) < 2:
        raise WeaveError(f"{svg.name}: no size in points; draw it with Matplotlib.")
    width, height = (round(float(sides[s]) * POINT) for s in ("width", "height"))
    return width, height


def pair(artifacts: Path, figure: str, alt: str, base: str, language: str) -> Element:
    """Return a figure's pictures in one language, light and dark, in a span.

    ``figure`` is ``module/name``; ``base`` leads to the site's root.

    Raises WeaveError, with the figures there are, if this one is missing.
    """
    svg = artifacts / f"{figure}.{language}.light.svg"
    if not svg.exists():
        names = {p.name.split(".")[0] for p in svg.parent.glob("*.svg")}
        known = ", ".join(sorted(names)) or "none"
        raise WeaveError(f"no figure {figure}.svg; its module draws: {known}")
    width, height = size(svg)
    shared = {"width": str(width), "height": str(height), "loading": "lazy", "alt": alt}
    span = Element("span", {"class": "figure", "id": f"fig-{figure.replace('/', '-')}"})
    for scheme in ("light", "dark"):
        source = f"{base}figures/{figure}.{language}.{scheme}.svg"
        SubElement(span, "img", {"src": source, "class": scheme} | shared)
    return span


class FigureTreeprocessor(Treeprocessor):
    def __init__(self, md: Markdown, artifacts: Path) -> None:
        super().__init__(md)
        self.artifacts = artifacts

    def run(self, root: Element) -> None:
        seen: set[str] = set()
        for image in list(root.iter("img")):
            if match := FIGURE.fullmatch(image.get("src", "")):
                self._require_first(match["figure"], seen)
                self._replace(image, match["figure"])

    def _require_first(self, figure: str, seen: set[str]) -> None:
        if figure in seen:
            where = place(self.md, f"{figure}.svg")
            link = f"[words](#fig-{figure.replace('/', '-')})"
            raise WeaveError(
                f"{where}: {figure}.svg is shown twice; link to it: {link}"
            )
        seen.add(figure)

    def _replace(self, image: Element, figure: str) -> None:
        page = page_of(self.md)
        base = "../" * (len(page.path.parts) - 1 if page else 0)
        try:
            alt = image.get("alt", "")
            span = pair(self.artifacts, figure, alt, base, language(self.md))
        except WeaveError as error:
            where = place(self.md, f"{figure}.svg")
            raise WeaveError(f"{where}: {error}") from None
        span.tail = image.tail
        image.clear()
        image.tag, image.tail = span.tag, span.tail
        image.attrib.update(span.attrib)
        image.extend(span)


class FigureExtension(Extension):
    def __init__(self, **kwargs: Any) -> None:
        self.config = {"artifacts": [str(ARTIFACTS), "folder of the artifacts"]}
        super().__init__(**kwargs)

    def extendMarkdown(self, md: Markdown) -> None:
        figures = FigureTreeprocessor(md, Path(self.getConfig("artifacts")))
        # After "inline" (20) has made the images, before MkDocs (0) resolves the paths.
        md.treeprocessors.register(figures, "figures", 5)


def makeExtension(**kwargs: Any) -> FigureExtension:
    return FigureExtension(**kwargs)
