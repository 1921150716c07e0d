"""A lab page: mkdocs-jupyter's HTML of an executed notebook, made light.

Of its wrappers, styles, scripts and second copies of the code only the text, the code,
the printed output and the figures stay, in the markup of the chapters.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from html import unescape
from importlib.metadata import version
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import tostring

from lxml import html
from markdown.extensions.toc import slugify
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc

from weave.errors import WeaveError
from weave.extensions import figures
from weave.extensions.highlight import light_code
from weave.extensions.mathml import FormulaError, mathml
from weave.languages import language_of
from weave.paths import ARTIFACTS, SNIPPETS
from weave.run.lab import lab_path
from weave.syntax import FIGURE, HEADING, IMAGE
from weave.text import inner_html, line_of, read

MATH = re.compile(r"\$\$(?P<block>.+?)\$\$|\$(?P<inline>[^$\n]+?)\$", re.S)
MARKUP = re.compile(r"<code>.*?</code>|<[^>]+>|\\\$", re.S)
PARTS = (
    "//*[contains(@class, 'jp-RenderedMarkdown')"
    " or contains(@class, 'highlight-ipynb')"
    " or contains(@class, 'jp-RenderedText')"
    " or contains(@class, 'jp-RenderedImage')]"
)


def leave_code_plain() -> None:
    """Tell mkdocs-jupyter not to colour code: a lab's page does, of the plain text.

    It would write thousands of coloured pieces a lab, to be parsed and thrown away.
    """
    from mkdocs_jupyter import nbconvert2  # it warns when imported, as the plugin does

    if not hasattr(nbconvert2, "kernel_lang"):
        raise WeaveError(
            f"mkdocs-jupyter {version('mkdocs-jupyter')}: nbconvert2.kernel_lang is "
            "gone. weave/site/lab_page.py is made for 0.26: install that, or adapt it."
        )
    nbconvert2.kernel_lang = "text"


def finish(page: Page, module: str, alt_texts: dict[str, str]) -> None:
    """Make the page light; ``alt_texts`` are of the module's figures, by their names.

    Raises WeaveError if one of the figures has none.
    """
    folder, root = ARTIFACTS / module, "../" * page.url.count("/")
    ids = heading_ids(folder / lab_path(module, "en"))
    language, pictures = language_of(page.file.src_uri), []
    for name in figure_names(folder / page.file.src_uri):
        if name not in alt_texts:
            raise missing_alt(f"{module}/{name}", language)
        figure = f"{module}/{name}"
        pair = figures.pair(ARTIFACTS, figure, alt_texts[name], root, language)
        pictures.append(tostring(pair, encoding="unicode", method="html"))
    page.content = tidy(page.content or "", ids, pictures, SNIPPETS / f"{module}.py")
    page.toc = get_toc(toc_tokens(page.content))  # type: ignore[arg-type]
    page.present_anchor_ids = set(ids)


def heading_ids(notebook: Path) -> list[str]:
    """Return an id for every heading: the slug of the text in this notebook."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    texts = ["".join(c["source"]) for c in cells if c["cell_type"] == "markdown"]
    headings = [heading for text in texts for heading in HEADING.finditer(text)]
    return [slugify(heading["title"], "-") for heading in headings]


def figure_names(notebook: Path) -> list[str]:
    """Return the names of the figures that the notebook shows, in order."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    marks = [output.get("metadata", {}).get("weave") for output in outputs]
    return [mark["figure"] for mark in marks if mark]


def alt_texts(folder: Path) -> dict[str, dict[str, str]]:
    """Return ``{module: {figure: alt text}}`` as the pages in ``folder`` state it."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for text in (read(page) for page in sorted(folder.glob("*.md")) if page.is_file()):
        for image in IMAGE.finditer(text):
            if figure := FIGURE.fullmatch(image["source"]):
                module, _, name = figure["figure"].partition("/")
                found[module][name] = image["alt"]
    return dict(found)


def tidy(body: str, ids: list[str], figures: list[str], source: Path) -> str:
    """Return the light HTML; ``figures`` are the HTML of each picture, in order.

    Raises WeaveError, with the line of the snippet ``source``, at a wrong formula.
    """
    numbers, pictures = iter(ids), iter(figures)
    tree = html.fromstring(f"<div>{body}</div>")
    try:
        parts = [_part(node, numbers, pictures) for node in tree.xpath(PARTS)]
    except FormulaError as error:
        raise WeaveError(f"{_line(source, error.tex)}: {error}") from None
    return "\n".join(parts)


def _line(source: Path, text: str) -> str:
    line = line_of(read(source), text.splitlines()[0])
    return f"{source}:{line or 1}"


def toc_tokens(body: str) -> list[dict[str, Any]]:
    """Return the headings of tidy HTML as Python-Markdown's nested toc tokens."""
    root: dict[str, Any] = {"level": 0, "children": []}
    path = [root]
    for node in html.fromstring(f"<div>{body}</div>").iter("h1", "h2", "h3"):
        name, level = node.text_content().removesuffix("#"), int(node.tag[1])
        token = {"level": level, "id": node.get("id"), "name": name, "children": []}
        while path[-1]["level"] >= level:
            path.pop()
        path[-1]["children"].append(token)
        path.append(token)
    return list(root["children"])


def _part(node: html.HtmlElement, ids: Iterator[str], pictures: Iterator[str]) -> str:
    kind = node.get("class")
    if "jp-RenderedMarkdown" in kind:
        return _text(node, ids)
    if "jp-RenderedImage" in kind:
        return f"<figure>{next(pictures)}</figure>"
    pre = node.find("pre")
    if "highlight-ipynb" in kind:
        kind, code = "language-python highlight", light_code(pre.text_content())
        return f'<div class="{kind}"><pre><code>{code}</code></pre></div>'
    return f'<div class="output"><pre tabindex="0">{inner_html(pre)}</pre></div>'


def _text(node: html.HtmlElement, ids: Iterator[str]) -> str:
    for link in node.find_class("anchor-link"):
        link.drop_tree()
    for heading in node.iter("h1", "h2", "h3", "h4", "h5", "h6"):
        number = next(ids)
        heading.set("id", number)
        heading.append(html.Element("a", {"class": "headerlink", "href": f"#{number}"}))
        heading[-1].text = "#"
    text = inner_html(node).strip()
    _require_closed(text)
    return MATH.sub(_formula, text)


def _require_closed(text: str) -> None:
    """Raise FormulaError at a dollar that is left when formulas and code are gone."""
    prose = MARKUP.sub("", MATH.sub("", text))
    if "$" in prose:
        line = prose[prose.index("$") :].splitlines()[0]
        raise FormulaError(unescape(line), "it does not close")


def _formula(match: re.Match[str]) -> str:
    tex = html.fromstring(f"<p>{match['block'] or match['inline']}</p>").text_content()
    formula = mathml(tex.strip(), display=bool(match["block"]))
    return (
        f'<span class="formula" tabindex="0">{formula}</span>'
        if match["block"]
        else formula
    )


def missing_alt(figure: str, language: str) -> WeaveError:
    """Return the error for a figure that no chapter shows in this language."""
    module, name = figure.split("/")
    source = SNIPPETS / f"{module}.py"
    cell = re.sub(r"-\d+$", "", name)
    line = re.search(rf'name="{cell}"', read(source))
    return WeaveError(
        f"{_line(source, line[0] if line else '')}: no page in docs/{language} shows "
        f"{figure}.svg: a lab takes a figure's alt text from the chapter; show it "
        f"there, ![words]({figure}.svg), or draw it no more."
    )
