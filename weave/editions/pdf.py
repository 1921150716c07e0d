"""The whole book as a PDF, one a language: title page, contents, chapters, glossary.

Chromium prints it from the built pages, so it shows what they show: MathML, the figures
as vectors, the answers unfolded; with bookmarks, tags, and links that stay inside.
"""

import re
import tempfile
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from lxml import html
from mkdocs.config import load_config
from playwright.sync_api import sync_playwright

from weave.editions.browser import ARGUMENTS, system_browser
from weave.editions.build import build
from weave.editions.offline import NAME
from weave.editions.pdf_text import make_searchable
from weave.errors import shown_alone
from weave.languages import LANGUAGES
from weave.paths import DIST
from weave.text import inner_html

PAGE = """<!doctype html>
<html lang="{language}" dir="ltr">
<head>
<meta charset="utf-8">
<title>{title}</title>
<link rel="stylesheet" href="stylesheets/site.css">
<link rel="stylesheet" href="stylesheets/math.css">
<link rel="stylesheet" href="stylesheets/book.css">
</head>
<body data-md-color-scheme="default" class="md-typeset book" lang="{language}">
<section class="title"><h1>{title}</h1><p>{description}</p><p>{copyright}</p></section>
<nav class="contents"><h1>{contents}</h1>{entries}</nav>
{chapters}
</body>
</html>
"""
FOOTER = (
    '<div style="font-size:8px;width:100%;text-align:center;color:#5b6470">'
    '<span class="pageNumber"></span></div>'
)

Node = Any  # an element of lxml, which brings no types


def pages(nav: list[Any], language: str) -> list[str]:
    """Return the Markdown pages of a language in reading order, home and labs aside."""
    return [
        path.removeprefix(f"{language}/").removesuffix(".md")
        for path in _flat(nav)
        if path.startswith(f"{language}/")
        and path.endswith(".md")
        and path != f"{language}/index.md"
    ]


def _flat(item: Any) -> list[str]:
    if isinstance(item, str):
        return [item]
    children = item.values() if isinstance(item, dict) else item
    return [path for child in children for path in _flat(child)]


def chapter(article: Node, slug: str, slugs: list[str], base: str) -> str:
    """Return a page's article as a chapter: ids of its own, links inside the book.

    ``base`` is the page's address; a link that leaves the book becomes whole, or text.
    """
    for node in article.iter("footer", "nav"):
        node.getparent().remove(node)
    for node in [*article.find_class("headerlink"), *article.find_class("dark")]:
        node.drop_tree()
    for node in article.iter():
        if node.get("id"):
            node.set("id", f"{slug}--{node.get('id')}")
        if node.get("src"):
            node.set("src", urljoin(f"{slug}/x/", node.get("src")).lstrip("./"))
            node.attrib.pop("loading", None)
        if node.get("href"):
            _redirect(node, _link(node.get("href"), slug, slugs, base))
        if node.tag == "details":
            node.set("open", "")
    return f'<section class="chapter">{inner_html(article)}</section>'


def _redirect(link: Node, target: str) -> None:
    """Point the link at the target; a site without an address is nowhere to lead to."""
    if target.startswith(("#", "http")):
        link.set("href", target)
    else:
        del link.attrib["href"]


def _link(href: str, slug: str, slugs: list[str], base: str) -> str:
    match = re.fullmatch(r"(?:\.\./([\w-]+)/|\./)?(?:#([\w-]+))?", href)
    target = (match[1] or slug) if match else ""
    if match and target in slugs:
        return f"#{target}--{match[2]}" if match[2] else f"#{target}"
    return urljoin(base, href)


def compose(site: Path, config: Any, language: str) -> str:
    """Return the book's HTML, to lie in the site's root."""
    words = config.extra["languages"][language]
    slugs = pages(config.nav, language)
    chapters, entries = [], []
    for slug in slugs:
        tree = html.parse(str(site / language / slug / "index.html")).getroot()
        article = tree.find(".//article")
        heading = article.find(".//h1")
        base = urljoin(config.site_url or "", f"{language}/{slug}/")
        title = heading.text_content().removesuffix("#")
        entries.append(f'<li><a href="#{slug}">{escape(title)}</a></li>')
        body = chapter(article, slug, slugs, base)
        chapters.append(f'<div id="{slug}"></div>{body}')
    return PAGE.format(
        language=language,
        title=words["site_name"],
        description=words["description"],
        copyright=words["copyright"],
        contents=words["contents"],
        entries=f"<ol>{''.join(entries)}</ol>",
        chapters="\n".join(chapters),
    )


@shown_alone()
def main() -> None:
    """Build the site, and print a book a language into dist/."""
    with tempfile.TemporaryDirectory() as scratch:
        build(Path(scratch))
        config = load_config("mkdocs.yml", plugins=[])
        DIST.mkdir(exist_ok=True)
        for language in LANGUAGES:
            source = Path(scratch) / f"book.{language}.html"
            text = compose(Path(scratch), config, language)
            source.write_text(text, encoding="utf-8")
            target = DIST / f"{NAME}.{language}.pdf"
            to_pdf(source, target)
            print(target)


def to_pdf(source: Path, target: Path) -> None:
    """Print a book's HTML, which lies in the root of the built site."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=system_browser(), args=ARGUMENTS
        )
        page = browser.new_page()
        # Not for a quiet network: on a busy machine that comes before the last chapter.
        page.goto(source.as_uri(), wait_until="load")
        page.evaluate("document.fonts.ready.then(() => true)")
        page.pdf(
            path=target,
            format="A4",
            outline=True,
            tagged=True,
            display_header_footer=True,
            header_template="<span></span>",
            footer_template=FOOTER,
            margin={"top": "20mm", "bottom": "20mm", "left": "18mm", "right": "18mm"},
        )
        browser.close()
    make_searchable(target)


if __name__ == "__main__":
    main()
