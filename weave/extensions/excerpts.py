"""Excerpts lead on to their module: the file and the lab.

Below a fenced block that holds only ``--8<-- "module/function.py"``, and below what
that printed, stands a line of two links; in a section, below a module's last excerpt.
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
from weave.repository import colab
from weave.syntax import EXCERPT, FENCE, INCLUDE, INCLUDE_LINE, without

FORM = '--8<-- "module/function.py"'
# A line that would include something, had it that form.
MISSPELT = re.compile(rf"^(?!{INCLUDE_LINE}$) *-*8<-.*$", re.M)
# An excerpt, and what it printed right below it.
PIECE = re.compile(
    rf"{EXCERPT.pattern}(?:\n\n(?P=indent)(?P=fence)text\n *--8<-- .*\n"
    r"(?P=indent)(?P=fence) *$)?",
    re.M,
)
# Where a section or a box begins.
PART = re.compile(r"^(?:#{1,6} | *(?:!!!|\?\?\?))", re.M)


class ExcerptPreprocessor(Preprocessor):
    """Runs before pymdownx.snippets (32) includes the files."""

    def __init__(
        self,
        md: Markdown,
        artifacts: Path,
        languages: dict[str, dict[str, str]],
        repository: str,
    ) -> None:
        super().__init__(md)
        self.artifacts = artifacts
        self.languages = languages
        self.repository = repository

    def run(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines)
        if misspelt := MISSPELT.search(text):
            line = misspelt[0].strip()
            raise WeaveError(f"{place(self.md, line)}: {line}: write {FORM}")
        for include in INCLUDE.finditer(text):
            self._require(include["path"])
        return PIECE.sub(self._lead_on, text).split("\n")

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
        if _goes_on(match):
            return match[0]
        module, indent = _module(match), match["indent"]
        words = self.languages[language(self.md)]
        line = (
            f"[{module}.py](../snippets/{module}.py)"
            f'{{ .download download title="{words["download"]}" }} '
            f"[{words['lab']}](labs/{module}.ipynb){{ .lab }}{self._colab(module)}"
            f"\n{indent}{{ .module data-search-exclude=true }}"
        )
        return f"{match[0]}\n\n{indent}{line}\n"

    def _colab(self, module: str) -> str:
        notebook = f"{language(self.md)}/labs/{module}/{module}.ipynb"
        address = colab(self.repository, notebook)
        return f" [Colab]({address})" if address else ""


def _goes_on(match: re.Match[str]) -> bool:
    """Tell whether the next excerpt, in the same section or box, is of the module."""
    following = EXCERPT.search(match.string, match.end())
    if following is None or _module(following) != _module(match):
        return False
    between = match.string[match.end() : following.start()]
    same_depth = following["indent"] == match["indent"]
    return same_depth and not PART.search(without(FENCE, between))


def _module(excerpt: re.Match[str]) -> str:
    return Path(excerpt["path"]).parts[0]


def _names(paths: Iterable[Path]) -> str:
    return ", ".join(sorted(path.name for path in paths))


class ExcerptExtension(Extension):
    def __init__(self, **kwargs: Any) -> None:
        self.config = {
            "artifacts": [str(ARTIFACTS), "folder of the artifacts"],
            "languages": [{}, "the interface's words in each language"],
            "repository": ["", "its address, if it is known"],
        }
        super().__init__(**kwargs)

    def extendMarkdown(self, md: Markdown) -> None:
        excerpts = ExcerptPreprocessor(
            md,
            Path(self.getConfig("artifacts")),
            self.getConfig("languages"),
            self.getConfig("repository"),
        )
        md.preprocessors.register(excerpts, "excerpts", 38)


def makeExtension(**kwargs: Any) -> ExcerptExtension:
    return ExcerptExtension(**kwargs)
