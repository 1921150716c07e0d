"""Where things lie. Commands run in the project's root, as MkDocs itself does."""

from pathlib import Path

CONFIG = Path("mkdocs.yml")
DOCS = Path("docs")
SNIPPETS = Path("snippets")
CACHE = Path(".cache")
ARTIFACTS = CACHE / "artifacts"
DIST = Path("dist")

WEAVE = Path(__file__).resolve().parent
STYLES = WEAVE.parent / "assets" / "figures"
FIGURE_TEXT = WEAVE.parent / "docs" / "figure_text.yml"
