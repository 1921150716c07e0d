"""Whether the build grows faster than the site: the notes, once, three and ten times.

A copy of a page quotes copies of the snippets; only its links lead to the first pages.
"""

import pstats
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from weave.languages import LANGUAGES
from weave.paths import ARTIFACTS, DOCS, SNIPPETS, WEAVE
from weave.run.artifacts import modules

TIMES = (1, 3, 10)
LEAST = 0.1  # seconds in the largest site, for a step to be looked at
NAV = re.compile(r"^nav:\n(?: .*\n)+", re.M)

Steps = dict[str, float]


def table(scratch: Path) -> list[str]:
    """Return a line for each step of the build that takes a while, worst growth first.

    Its seconds in each site; then its growth, where 1.0 is that of the pages.
    """
    found = {times: _profiled(_copied(scratch / f"{times}", times)) for times in TIMES}
    first, last = found[TIMES[0]], found[TIMES[-1]]
    growth = {
        step: seconds / first[step] / TIMES[-1]
        for step, seconds in last.items()
        if seconds > LEAST and first.get(step)
    }
    return [
        f"{step:44} "
        + " ".join(f"{found[times].get(step, 0):7.2f}" for times in TIMES)
        + f" s  {growth[step]:5.2f}"
        for step in sorted(growth, key=lambda step: -growth[step])
    ]


def _profiled(project: Path) -> Steps:
    """Build a project anew; return how long each function of ours and MkDocs' took."""
    command = ["-m", "cProfile", "-o", "profile", "-m", "mkdocs", "build", "--quiet"]
    subprocess.run([sys.executable, *command], cwd=project, check=True)
    stats = pstats.Stats(str(project / "profile")).stats  # type: ignore[attr-defined]
    steps: Steps = {}
    for (file, _, name), (_, _, _, cumulative, _) in stats.items():
        if part := re.search(r"/((?:weave|mkdocs)/.+)\.py$", file):
            steps[f"{part[1].replace('/', '.')}.{name}"] = cumulative
    return steps


def _copied(project: Path, times: int) -> Path:
    """Return a project with all pages and snippets so many times."""
    shutil.copytree(DOCS, project / DOCS)
    shutil.copytree(SNIPPETS, project / SNIPPETS)
    shutil.copytree(ARTIFACTS, project / ARTIFACTS)
    pages = [page.stem for page in sorted((DOCS / "zh").glob("*.md"))]
    for copy in range(2, times + 1):
        for path in modules():
            _copy_snippet(project, path.stem, f"{path.stem}_{copy}")
        for page in pages:
            _copy_page(project, page, copy)
    (project / "mkdocs.yml").write_text(_config(project), encoding="utf-8")
    return project


def _copy_snippet(project: Path, module: str, copy: str) -> None:
    shutil.copy(SNIPPETS / f"{module}.py", project / SNIPPETS / f"{copy}.py")
    shutil.copytree(ARTIFACTS / module, project / ARTIFACTS / copy)
    for code in LANGUAGES:
        lab = project / ARTIFACTS / copy / code / "labs" / f"{module}.ipynb"
        lab.rename(lab.with_stem(copy))


def _copy_page(project: Path, page: str, copy: int) -> None:
    names = "|".join(path.stem for path in modules())
    for code in LANGUAGES:
        text = (DOCS / code / f"{page}.md").read_text(encoding="utf-8")
        # module/figure.svg, {{ module.value }}, labs/module.ipynb
        quoted = rf"(?:(?<![\w/])|(?<=labs/))(?:{names})(?=[/.]\w)"
        text = re.sub(quoted, lambda module: f"{module[0]}_{copy}", text)
        path = project / DOCS / code / f"{page}-{copy}.md"
        path.write_text(text, encoding="utf-8")


def _config(project: Path) -> str:
    """Return the project's own configuration, with all the copies in its navigation."""
    nav: list[Any] = ["index.md"]
    nav += [
        {
            code: [
                *(f"{code}/{page.name}" for page in sorted(folder.glob("*.md"))),
                {"labs": [f"{code}/labs/{p.stem}.ipynb" for p in _snippets(project)]},
            ]
        }
        for code in LANGUAGES
        if (folder := project / DOCS / code)
    ]
    text = Path("mkdocs.yml").read_text(encoding="utf-8")
    text = NAV.sub(lambda _: yaml.safe_dump({"nav": nav}), text)
    return text.replace("custom_dir: ", f"custom_dir: {WEAVE.parent}/")


def _snippets(project: Path) -> list[Path]:
    return modules(project / SNIPPETS)
