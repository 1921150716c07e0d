"""``{{ module.name:.2f }}`` in the notes becomes a value that the module's run gave.

The part after the colon is a Python format spec; ``{{ module.list.0 }}`` is an item.
"""

import json
import math
import re
from functools import cache
from pathlib import Path
from typing import Any

from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor

from weave.errors import WeaveError
from weave.extensions.page_context import place
from weave.paths import ARTIFACTS
from weave.syntax import REFERENCE


def lookup(artifacts: Path, module: str, name: str) -> Any:
    """Return the named value of a module's run; ``a.0`` is item 0 of list ``a``.

    Raises KeyError with a readable message where there is none.
    """
    file = artifacts / module / "values.json"
    if not file.exists():
        raise KeyError(f"there is no snippet {module}")
    value: Any = _load(file, file.stat().st_mtime_ns)
    for part in name.split("."):
        value = _step(value, part, f"{module}.{name}")
    return value


@cache
def _load(file: Path, _changed: int) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def _step(value: Any, part: str, name: str) -> Any:
    if isinstance(value, list) and part.isdigit() and int(part) < len(value):
        return value[int(part)]
    if isinstance(value, dict) and part in value:
        return value[part]
    raise KeyError(
        f"{name} is not among the values of the run. Quotable is a number, a text or a "
        f"list of them that one cell alone sets: {_known(value)}"
    )


def _known(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(sorted(value))
    return f"0 … {len(value) - 1}" if isinstance(value, list) else repr(value)


def show(value: Any, spec: str | None) -> str:
    """Format a value; a minus is typeset as a minus."""
    if isinstance(value, list | dict):
        raise TypeError(f"holds several, name one: {_known(value)}")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"is {value}, which says nothing to a reader")
    text = format(value, spec or "")
    is_number = isinstance(value, int | float)
    return text.replace("-", "−", 1) if is_number and text.startswith("-") else text


class ValuePreprocessor(Preprocessor):
    """Runs before excerpts are included: code is never touched."""

    def __init__(self, md: Markdown, artifacts: Path) -> None:
        super().__init__(md)
        self.artifacts = artifacts

    def run(self, lines: list[str]) -> list[str]:
        return [REFERENCE.sub(self._replace, line) for line in lines]

    def _replace(self, match: re.Match[str]) -> str:
        module, name, spec = match.groups()
        try:
            return show(lookup(self.artifacts, module, name), spec)
        except (KeyError, TypeError, ValueError) as error:
            where = place(self.md, match[0])
            raise WeaveError(f"{where}: {match[0]}: {error.args[0]}") from None


class ValueExtension(Extension):
    def __init__(self, **kwargs: Any) -> None:
        self.config = {"artifacts": [str(ARTIFACTS), "folder of the artifacts"]}
        super().__init__(**kwargs)

    def extendMarkdown(self, md: Markdown) -> None:
        values = ValuePreprocessor(md, Path(self.getConfig("artifacts")))
        md.preprocessors.register(values, "values", 40)


def makeExtension(**kwargs: Any) -> ValueExtension:
    return ValueExtension(**kwargs)
