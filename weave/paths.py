"""Where things lie. Commands run in the project's root, as MkDocs itself does."""

from pathlib import Path

SNIPPETS = Path("snippets")
CACHE = Path(".cache")
ARTIFACTS = CACHE / "artifacts"

WEAVE = Path(__file__).resolve().parent
STYLES = WEAVE.parent / "assets" / "figures"
