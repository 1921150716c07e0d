"""A chapter's exercises to download: a notebook and a Python file, answers left out.

Each starting point is a cell, and so is its check, which prints a hint where it would
raise an error.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from textwrap import indent
from typing import Any, NamedTuple
from urllib.parse import urljoin

import jupytext
import nbformat
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from weave.extensions.values import lookup, show
from weave.languages import LANGUAGES
from weave.paths import ARTIFACTS, DOCS, SNIPPETS
from weave.site.exercises import Exercise, exercises
from weave.syntax import ANSWER, EXERCISES, FENCE, HEADING, PART, REFERENCE, without
from weave.text import join_chinese_lines, read

CHECK = """\
try:
{check}
except AssertionError as hint:
    print("✗ {number}:", hint)
else:
    print("✓ {number}")"""
# What a notebook shows in another way: a link or an image, the id of a heading; or
# code, in which nothing is one of these.
LINK = r"!?\[(?P<words>[^\]\n]*)\]\((?P<target>[^)\s]+)\)(?:\{[^}\n]*\})?"
ID = r"(?P<id> *\{ *#[^}\n]+\})$"
OTHERWISE = re.compile(rf"{FENCE.pattern}|`[^`\n]+`|{LINK}|{ID}", re.M | re.S)
IMPORTED = re.compile(r"^ *(?:from|import) +(\w+)", re.M)
METADATA = {
    "kernelspec": {"name": "python3", "display_name": "Python 3"},
    "language_info": {"name": "python"},
}
PERCENT = {
    "extension": ".py",
    "format_name": "percent",
    "notebook_metadata_filter": "-all",
}
# What is written of a notebook, by how the file's name ends.
FORMS: dict[str, Callable[[NotebookNode], str]] = {
    "ipynb": partial(nbformat.writes, version=4),
    "py": partial(jupytext.writes, fmt=PERCENT),
}

Link = Callable[[str, str], str]  # its words, and the file of the site that it leads to
Replace = Callable[[re.Match[str]], str]


class Chapter(NamedTuple):
    """A page that has exercises: its path below docs/, its text, its language."""

    path: str
    text: str
    language: str

    def file(self, form: str) -> str:
        """Return where its exercises lie on the site."""
        return f"exercises/{self.path.removesuffix('md')}{form}"


def chapters(docs: Path) -> Iterator[Chapter]:
    """Yield the pages that have exercises."""
    for language in LANGUAGES:
        for path in sorted((docs / language).glob("*.md")):
            if EXERCISES.search(text := read(path)):
                yield Chapter(f"{language}/{path.name}", text, language)


def add(files: Files, config: MkDocsConfig) -> None:
    """Let links lead to the downloads; without a path, none becomes a page."""
    for chapter in chapters(DOCS):
        for form in FORMS:
            files.append(File.generated(config, chapter.file(form), content=""))


def fill(files: Files, site_url: str | None, words: dict[str, dict[str, Any]]) -> None:
    """Write the downloads, now that every file has its address."""
    for chapter in chapters(DOCS):
        made = notebook(
            chapter,
            words[chapter.language]["exercises"],
            partial(link, files, site_url),
        )
        for form, write in FORMS.items():
            files.src_uris[chapter.file(form)].content_string = write(made)


def link(files: Files, site_url: str | None, words: str, path: str) -> str:
    """Return a link in Markdown; without an address of the site, its words alone."""
    path, mark, fragment = path.partition("#")
    file = files.src_uris.get(path)
    if not site_url or file is None:
        return words
    return f"[{words}]({urljoin(site_url, file.url)}{mark}{fragment})"


def notebook(chapter: Chapter, words: dict[str, str], link_to: Link) -> NotebookNode:
    """Return the exercises of a chapter as a notebook; ``words`` are of the head."""
    found = exercises(chapter.text)
    cells = [new_markdown_cell(_head(chapter, found, words, link_to))]
    for exercise in found:
        cells += _cells(exercise, partial(_otherwise, chapter.path, link_to))
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"  # nbformat draws ids at random
    made: NotebookNode = new_notebook(cells=cells, metadata=METADATA)
    return made


def _head(
    chapter: Chapter, found: list[Exercise], words: dict[str, str], link_to: Link
) -> str:
    """Say what this is, how to use it, and what to put beside it."""
    heading = HEADING.search(without(FENCE, chapter.text))
    title = link_to(heading["title"] if heading else chapter.path, chapter.path)
    said = [f"# {title} · {words['title']}", words["how"], words["needs"]]
    if modules := _modules(found):
        links = [f"- {link_to(path.name, f'snippets/{path.name}')}" for path in modules]
        said += [words["beside"], "\n".join(links)]
    return "\n\n".join(said)


def _modules(found: list[Exercise]) -> list[Path]:
    """Return the modules that the exercises import."""
    imported = {name for exercise in found for name in IMPORTED.findall(exercise.text)}
    return [path for path in sorted(SNIPPETS.glob("*.py")) if path.stem in imported]


def _cells(exercise: Exercise, replace: Replace) -> Iterator[NotebookNode]:
    """Yield the prose of an exercise, its start and its check, as they follow."""
    text = REFERENCE.sub(_value, ANSWER.sub("", exercise.text))
    end = 0
    for block in FENCE.finditer(text):
        if part := PART.fullmatch(block["info"]):
            yield from _prose(text[end : block.start()], replace)
            yield new_code_cell(_code(part["part"], block["code"], exercise.number))
            end = block.end()
    yield from _prose(text[end:], replace)


def _value(reference: re.Match[str]) -> str:
    module, name, spec = reference.groups()
    return show(lookup(ARTIFACTS, module, name), spec)


def _prose(text: str, replace: Replace) -> Iterator[NotebookNode]:
    """Yield a cell with text of a page, as a notebook shows it; none if it is empty."""
    if text := OTHERWISE.sub(replace, join_chinese_lines(text)).strip():
        yield new_markdown_cell(text)


def _otherwise(page: str, link_to: Link, match: re.Match[str]) -> str:
    """Return a link of a page as one that leads there from anywhere, and no id."""
    target = match["target"]
    if match["id"]:
        return ""
    if target is None or "://" in target:
        return match[0]
    return link_to(match["words"], urljoin(page, target))


def _code(part: str, code: str, number: str) -> str:
    code = code.rstrip()
    if part == "check":
        return CHECK.format(check=indent(code, "    "), number=number)
    return code
