"""The way out of Material: ``make successor`` builds the notes with Zensical as well.

Zensical is what Material's makers write next. It has no hooks and takes no plugin of
ours, but it reads Markdown with the same Python-Markdown, so whatever our extensions
make of a page must come out the same. Chapters, glossary, symbols and errata of both
languages are built by both, and compared: formulas, terms, figures, code and the whole
text.
"""

import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest
from pathlib import Path, PurePosixPath
from typing import Any

import yaml
from lxml import html
from mkdocs.utils.yaml import yaml_load

from weave.editions.build import build
from weave.errors import WeaveError, shown_alone
from weave.extensions.terms import UNMARKED
from weave.languages import LANGUAGES
from weave.paths import CACHE, DOCS

# The last that brings all its parts: later ones ask for zensical-ui, not to be had yet.
VERSION = "0.0.73"

HOME = CACHE / "successor"
VENV = HOME / "venv"
CONFIG = HOME / "mkdocs.yml"
SITE = HOME / "zensical"
PATIENCE = 300  # seconds, for each command

IN_A_CHAPTER = ("formulas", "terms", "code")
Article = dict[str, list[str]]  # pieces by kind


@shown_alone()
def main() -> None:
    """Build with both, print a line a page; exit with 1 if one differs."""
    with tempfile.TemporaryDirectory() as scratch:
        # First MkDocs: it brings up to date the runs that both quote.
        site = Path(scratch) / "mkdocs"
        build(site, DIRECTORY_URLS="true")
        build_with_zensical()
        same = compare(site, SITE)
    sys.exit(0 if same else 1)


def pages() -> list[str]:
    """Return the pages that are compared; those of links alone are not."""
    files = (path for code in LANGUAGES for path in sorted((DOCS / code).glob("*.md")))
    return [path.relative_to(DOCS).as_posix() for path in files if path.stem != "index"]


def build_with_zensical() -> None:
    """Build the pages anew into SITE."""
    python = _python_with_zensical()
    for folder in (HOME / "docs", SITE):
        shutil.rmtree(folder, ignore_errors=True)
    for page in pages():
        (HOME / "docs" / page).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(DOCS / page, HOME / "docs" / page)
    config = derived(yaml_load(Path("mkdocs.yml").read_text(encoding="utf-8")))
    CONFIG.write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    # -m finds weave/ here; --clean, because its cache does not know our extensions.
    _run(python, "-m", "zensical", "build", "--clean", "--config-file", CONFIG)


def derived(config: dict[str, Any]) -> dict[str, Any]:
    """Return of mkdocs.yml what is compared, the extensions, under a plain theme."""
    return {
        "site_name": config["site_name"],
        "docs_dir": "docs",
        "site_dir": SITE.name,
        "theme": {"name": "material", "font": False},
        "markdown_extensions": config["markdown_extensions"],
    }


def _python_with_zensical() -> Path:
    """Return the Python of a venv that has Zensical; make the venv if need be.

    It sees the packages that run this module, so that both builds use the same
    Python-Markdown, Pygments and extensions: only what is newer in Zensical's own
    requirements is installed beside it, and then comes first.
    """
    python = VENV / "bin" / "python"
    if python.exists() and _version(python) == VERSION:
        return python
    _run(Path(sys.executable), "-m", "venv", "--clear", VENV)
    command = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(_run(python, "-c", command).strip())
    shared = packages / "shared.pth"
    shared.write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    _run(python, "-m", "pip", "install", "--quiet", f"zensical=={VERSION}")
    return python


def _version(python: Path) -> str | None:
    try:
        return _run(python, "-m", "zensical", "--version").strip()
    except WeaveError:  # an unfinished venv, or one whose packages are gone
        return None


def _run(python: Path, *arguments: str | Path) -> str:
    """Return what a command says; if it fails or does not end, WeaveError says it."""
    try:
        done = subprocess.run(
            [python, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
            timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired:
        command = " ".join(map(str, arguments))
        raise WeaveError(f"not done after {PATIENCE} s: {command}") from None
    if done.returncode != 0:
        raise WeaveError(done.stdout)
    return done.stdout


def compare(ours: Path, theirs: Path) -> bool:
    """Print what the pages of two built sites share; return whether that is all."""
    found: Counter[str] = Counter()
    same = 0
    for page in pages():
        mine, other = (_article(site, page) for site in (ours, theirs))
        found.update({kind: len(pieces) for kind, pieces in mine.items()})
        difference = first_difference(mine, other)
        same += difference is None
        print(f"{page:32} {difference or f'the same: {counted(mine)}'}", flush=True)
    require(found, found.keys(), "any page")
    print(f"{same} of {len(pages())} the same")
    return same == len(pages())


def _article(site: Path, page: str) -> Article:
    """Return a page's article; WeaveError, naming the site, if it was not built."""
    built = site / PurePosixPath(page).with_suffix("") / "index.html"
    name = f"{site.name}/{page}"
    if not built.exists():
        raise WeaveError(f"{name} was not built; is it left out of that site?")
    return read(built.read_text(encoding="utf-8"), name)


def read(page: str, name: str) -> Article:
    """Return what a built page's article says, in pieces by kind.

    Raises WeaveError if there is no article, or nothing in it that a chapter has:
    nothing compared with nothing is always the same.
    """
    article = html.fromstring(page).find(".//article")
    if article is None:
        raise WeaveError(f"{name}: no <article> on the page that was built")
    found = pieces(article)
    chapter = PurePosixPath(name).stem not in UNMARKED
    require(found, ("text", *(IN_A_CHAPTER if chapter else ())), name)
    return found


def pieces(article: Any) -> Article:
    """Take an article apart; what comes from around the text is left out."""
    footer, links = "./footer", ".//a[contains(@class, 'headerlink')]"
    number = ".//h1/span[@class='number']"  # from the navigation
    for extra in article.xpath(f"{footer} | {links} | {number}"):
        extra.drop_tree()
    text = " ".join(article.text_content().split())
    return {
        "formulas": [_source(formula) for formula in article.iter("math")],
        "terms": [_term(term) for term in article.xpath(".//abbr[@class='term']")],
        "figures": [_figure(image) for image in article.iter("img")],
        "code": [block.text_content() for block in article.iter("pre")],
        "text": [text] if text else [],
    }


def _source(node: Any) -> str:
    return str(html.tostring(node, encoding="unicode", with_tail=False))


def _term(term: Any) -> str:
    return f"{term.text_content()} = {term.get('title')}"


def _figure(image: Any) -> str:
    values = (image.get(name) for name in ("src", "width", "height", "class", "alt"))
    return " ".join(map(str, values))


def require(found: Mapping[str, object], kinds: Iterable[str], where: str) -> None:
    """Raise WeaveError if there is none of a kind: it would never be seen to differ."""
    if missing := [kind for kind in kinds if not found[kind]]:
        raise WeaveError(
            f"{where}: no {', '.join(missing)} in the article, so none is compared: "
            "either an extension did nothing there, or weave/dev/successor.py looks "
            "for other elements than the extension makes"
        )


def first_difference(ours: Article, theirs: Article) -> str | None:
    """Return the first piece that differs, as both have it; None if none does."""
    return next(_differences(ours, theirs), None)


def _differences(ours: Article, theirs: Article) -> Iterator[str]:
    for kind in ours:
        pairs = zip_longest(ours[kind], theirs[kind])
        for number, (mine, other) in enumerate(pairs, start=1):
            if mine != other:
                yield f"{kind} {number} differs\n{_both(mine, other)}"


def _both(mine: str | None, other: str | None) -> str:
    """Return two lines: from shortly before they part, with white space visible."""
    start = max(0, _parting(mine or "", other or "") - 30)
    mkdocs, zensical = (
        "(none)" if piece is None else repr(piece[start : start + 90])
        for piece in (mine, other)
    )
    return f"    MkDocs    {mkdocs}\n    Zensical  {zensical}"


def _parting(mine: str, other: str) -> int:
    """Return how many characters two texts begin with alike."""
    letters = enumerate(zip(mine, other, strict=False))
    return next((i for i, (a, b) in letters if a != b), min(len(mine), len(other)))


def counted(article: Article) -> str:
    """Return how many pieces of each kind were compared, beside the text."""
    kinds = {kind: len(found) for kind, found in article.items() if kind != "text"}
    return "text, " + ", ".join(f"{n} {kind}" for kind, n in kinds.items())


if __name__ == "__main__":
    main()
