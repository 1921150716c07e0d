"""The tiny site: a project in a folder of its own, with the real configuration."""

import re
import shutil
from pathlib import Path

from weave.editions.build import build

TINY = Path(__file__).parent / "tiny"
ROOT = Path(__file__).parents[3]
NAV = """\
nav:
  - index.md
  - 中文:
      [zh/index.md, zh/page.md, 实验: [zh/labs/square.ipynb, zh/labs/chance.ipynb]]
  - English:
      [en/index.md, en/page.md, Labs: [en/labs/square.ipynb, en/labs/chance.ipynb]]
"""
PUBLISHED = {
    "SITE_URL": "https://notes.test/ml/",
    "REPO_URL": "https://github.com/us/ml",
}


def _config() -> str:
    """The project's configuration with the tiny site's navigation."""
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    text, navs = re.subn(r"^nav:\n(?: .*\n)+", NAV, text, flags=re.M)
    text, themes = re.subn("custom_dir: ", f"custom_dir: {ROOT}/", text)
    assert navs == themes == 1
    return text


def project_in(folder: Path) -> Path:
    """Lay out the project in ``folder``, which must not be there."""
    shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "mkdocs.yml").write_text(_config(), encoding="utf-8")
    return folder


def build_in(project: Path, **environment: str) -> str:
    """Build the project into its own site/; return what the build said."""
    return build(project / "site", project=project, **PUBLISHED, **environment)


def files(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file below the folder, by its path from there."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
