"""Exercises: a starting point has a label, its check is folded, files are offered.

A reader sees the task and where to start; then, closed, what checks the result, and the
answer. The blocks keep the classes ``start``, ``check`` and ``answer``.
"""

import re
from textwrap import indent
from typing import Any

from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor

from weave.extensions.page_context import language, page_of
from weave.repository import at_home, colab
from weave.syntax import EXERCISES, FENCE, PART


class ExercisePreprocessor(Preprocessor):
    """Runs before superfences (25) makes HTML of the blocks."""

    def __init__(
        self, md: Markdown, languages: dict[str, dict[str, Any]], repository: str
    ) -> None:
        super().__init__(md)
        self.languages = languages
        self.repository = repository

    def run(self, lines: list[str]) -> list[str]:
        text = FENCE.sub(self._shown, "\n".join(lines))
        return EXERCISES.sub(self._with_files, text).split("\n")

    def _words(self) -> dict[str, str]:
        words: dict[str, str] = self.languages[language(self.md)]["exercises"]
        return words

    def _shown(self, block: re.Match[str]) -> str:
        """Label a block that is a start; fold one that is a check."""
        part = PART.fullmatch(block["info"])
        if part and part["part"] == "start":
            info = f'{{ .python .start data-label="{self._words()["start"]}" }}'
            return block[0].replace(block["info"], info, 1)
        if part and part["part"] == "check":
            fold = f'{block["indent"]}??? check "{self._words()["check"]}"'
            return f"{fold}\n\n{indent(block[0], '    ')}"
        return block[0]

    def _with_files(self, heading: re.Match[str]) -> str:
        """Offer the page's exercises, which weave.site.exercise_files writes."""
        if (page := page_of(self.md)) is None:
            return heading[0]
        words, file = self._words(), f"exercises/{page.path.with_suffix('')}"
        forms = ("ipynb", "py")
        links = [f"[.{form}](../{file}.{form}){{ download }}" for form in forms]
        if address := colab(self.repository, f"{file}.ipynb"):
            links.append(f"[Colab]({address})")
        line = f"{words['files']}{' · '.join(links)}"
        attributes = "{ .exercise-files data-search-exclude=true }"
        return f"{heading[0]}\n\n{line}\n{attributes}\n\n{self._at_home()}\n"

    def _at_home(self) -> str:
        """Say how the page runs on a reader's own machine."""
        commands = [f"`{command}`" for command in at_home(self.repository)]
        line = self.languages[language(self.md)]["home"] + " · ".join(commands)
        return f"{line}\n{{ .run-at-home data-search-exclude=true }}"


class ExerciseExtension(Extension):
    def __init__(self, **kwargs: Any) -> None:
        self.config = {
            "languages": [{}, "the interface's words in each language"],
            "repository": ["", "its address, if it is known"],
        }
        super().__init__(**kwargs)

    def extendMarkdown(self, md: Markdown) -> None:
        exercises = ExercisePreprocessor(
            md, self.getConfig("languages"), self.getConfig("repository")
        )
        md.preprocessors.register(exercises, "exercises", 37)


def makeExtension(**kwargs: Any) -> ExerciseExtension:
    return ExerciseExtension(**kwargs)
