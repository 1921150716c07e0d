"""Copies of the project to measure with: its pages and snippets once, or many times.

The second copy of a page quotes the second copies of the snippets; its links lead to
the first pages. What the runs gave is copied too: nothing has to be run.
"""

import re
import shutil
from pathlib import Path
from typing import Any

import yaml

from weave.languages import LANGUAGES
from weave.paths import ARTIFACTS, DOCS, SNIPPETS, WEAVE
from weave.run.artifacts import modules
from weave.run.fingerprint import fingerprint, seal
from weave.run.lab import lab_path

NAV = re.compile(r"^nav:\n(?: .*\n)+", re.M)


def copied(project: Path, times: int = 1) -> Path:
    """Lay out the project in a folder, with all pages and snippets so many times."""
    for folder in (DOCS, SNIPPETS, ARTIFACTS):
        shutil.copytree(folder, project / folder)
    pages = [page.stem for page in sorted((DOCS / "zh").glob("*.md"))]
    for number in range(2, times + 1):
        for path in modules():
            _copy_snippet(project, path.stem, number)
        for page in pages:
            _copy_page(project, page, number)
    (project / "mkdocs.yml").write_text(_config(project), encoding="utf-8")
    return project


def _copy_snippet(project: Path, module: str, number: int) -> None:
    copy = f"{module}_{number}"
    path, folder = project / SNIPPETS / f"{copy}.py", project / ARTIFACTS / copy
    shutil.copy(SNIPPETS / f"{module}.py", path)
    shutil.copytree(ARTIFACTS / module, folder)
    for code in LANGUAGES:
        (folder / lab_path(module, code)).rename(folder / lab_path(copy, code))
    seal(folder, fingerprint(f"{SNIPPETS}/{path.name}", path.read_bytes()))


def _copy_page(project: Path, page: str, number: int) -> None:
    names = "|".join(path.stem for path in modules())
    # module/figure.svg, {{ module.value }}, labs/module.ipynb
    quoted = rf"(?:(?<![\w/])|(?<=labs/))(?:{names})(?=[/.]\w)"
    for code in LANGUAGES:
        text = (DOCS / code / f"{page}.md").read_text(encoding="utf-8")
        text = re.sub(quoted, lambda module: f"{module[0]}_{number}", text)
        path = project / DOCS / code / f"{page}-{number}.md"
        path.write_text(text, encoding="utf-8")


def _config(project: Path) -> str:
    """Return the project's own configuration, with every page in its navigation."""
    nav = yaml.safe_dump({"nav": ["index.md", *(_nav(project, c) for c in LANGUAGES)]})
    text = Path("mkdocs.yml").read_text(encoding="utf-8")
    text = NAV.sub(lambda _: nav, text)
    return text.replace("custom_dir: ", f"custom_dir: {WEAVE.parent}/")


def _nav(project: Path, code: str) -> dict[str, Any]:
    pages = sorted((project / DOCS / code).glob("*.md"))
    labs = [lab_path(path.stem, code) for path in modules(project / SNIPPETS)]
    return {code: [*(f"{code}/{page.name}" for page in pages), {"labs": labs}]}
