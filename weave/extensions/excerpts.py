"""Every excerpt leads on to its module: the file, the lab, the command that runs it.

A fenced block that holds only ``--8<-- "module/function.py"`` gets a line below it.
A missing excerpt is named with its line and what there is instead.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor

from weave.errors import WeaveError
from weave.extensions.page_context import language, place
from weave.paths import ARTIFACTS
from weave.syntax import EXCERPT, INCLUDE, INCLUDE_LINE

FORM = '--8<-- "module/function.py"'
# A line that would include something, had it that form.
MISSPELT = re.compile(rf"^(?!{INCLUDE_LINE}$) *-*8<-.*$", re.M)


class ExcerptPreprocessor(Preprocessor):
    """Runs before pymdownx.snippets (32) includes the files."""

    def __init__(
        self, md: Markdown, artifacts: Path, languages: dict[str, dict[str, str]]
    ) -> None:
        super().__init__(md)
        self.artifacts = artifacts
        self.languages = languages

    def run(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines)
        if misspelt := MISSPELT.search(text):
            line = misspelt[0].strip()
            raise WeaveError(f"{place(self.md, line)}: {line}: write {FORM}")
        for include in INCLUDE.finditer(text):
            self._require(include["path"])
        return EXCERPT.sub(self._lead_on, text).split("\n")

    def _require(self, path: str) -> None:
        file = self.artifacts / path
        if file.is_file():
            return
        if not file.parent.is_dir():
            known = "snippets: " + _names(self.artifacts.glob("[!.]*"))
        else:
            excerpts = _names(file.parent.glob("*.[pt][yx]*"))
            known = f"{file.parent.name} has: {excerpts}"
        where = place(self.md, f'--8<-- "{path}"')
        raise WeaveError(f"{where}: there is no excerpt {path}; {known}")

    def _lead_on(self, match: re.Match[str]) -> str:
        module, indent = Path(match["path"]).parts[0], match["indent"]
        words = self.languages[language(self.md)]
        line = (
            f"[{module}.py](../snippets/{module}.py){{ .download download }} "
            f"[{words['lab']}](labs/{module}.ipynb){{ .lab }} "
            f"`python {module}.py`\n{indent}{{ .module data-search-exclude=true }}"
        )
        return f"{match[0]}\n\n{indent}{line}\n"


def _names(paths: Iterable[Path]) -> str:
    return ", ".join(sorted(path.name for path in paths))


class ExcerptExtension(Extension):
    def __init__(self, **kwargs: Any) -> None:
        self.config = {
            "artifacts": [str(ARTIFACTS), "folder of the artifacts"],
            "languages": [{}, "the interface's words in each language"],
        }
        super().__init__(**kwargs)

    def extendMarkdown(self, md: Markdown) -> None:
        excerpts = ExcerptPreprocessor(
            md, Path(self.getConfig("artifacts")), self.getConfig("languages")
        )
        md.preprocessors.register(excerpts, "excerpts", 38)


def makeExtension(**kwargs: Any) -> ExcerptExtension:
    return ExcerptExtension(**kwargs)
