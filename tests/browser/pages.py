"""The addresses of the site's pages, known before it is built."""

from pathlib import Path

from weave.languages import MODES
from weave.run.artifacts import modules

CHAPTER = "machine-learning-basics/"
LAB = "labs/gradient_descent/"
NAMES = [path.stem for path in sorted(Path("docs/zh").glob("*.md"))]

WRITTEN = ["" if name == "index" else f"{name}/" for name in NAMES]
LABS = [f"labs/{path.stem}/" for path in modules()]


def of_mode(mode: str, labs: list[str] = LABS) -> list[str]:
    """Return the addresses of all written pages in a mode, and of labs."""
    return [f"{mode}/{page}" for page in [*WRITTEN, *labs]]


ALL = ["", "404.html", *(page for mode in MODES for page in of_mode(mode))]
# A page of every kind, each in some mode.
KINDS = ["", "404.html", "zh/", "en/google-colab/", f"zh/{LAB}", "both/glossary/"]
