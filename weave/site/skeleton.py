"""The skeleton of a page: what its two languages must have in common, or no build.

Order counts for headings, figures, displayed formulas and excerpts. Within a section
the inline formulas and links may stand in any order, as the sentences of a language
want it.
"""

import re
from collections import Counter
from dataclasses import dataclass, field, fields
from pathlib import Path

from weave.errors import WeaveError
from weave.languages import LANGUAGES
from weave.syntax import HEADING, IMAGE, INCLUDE, REFERENCE

FENCE = re.compile(r"^( *)(`{3,}).*?^\1\2 *$", re.M | re.S)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)")
DISPLAY = re.compile(r"^ *\$\$(.+?)\$\$ *$", re.M | re.S)
INLINE = re.compile(r"(?<![\\$])\$(?![\s$])([^$\n]+?)(?<!\s)\$(?!\$)")
WORDS = re.compile(r"\\text\{[^{}]*\}")
ADMONITION = re.compile(r"^ *(?:!!!|\?\?\?)\+? (\w+)", re.M)


@dataclass
class Section:
    """What stands between one heading and the next."""

    level: int
    id: str
    figures: list[str] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)
    inline: set[str] = field(default_factory=set)
    excerpts: list[str] = field(default_factory=list)
    values: Counter[str] = field(default_factory=Counter)
    links: Counter[str] = field(default_factory=Counter)
    admonitions: list[str] = field(default_factory=list)


def skeleton(text: str) -> list[Section]:
    """Return the sections of a Markdown page, in order."""
    sections, body = [Section(0, "")], [""]
    for line in _outside_fences(text).splitlines():
        if match := HEADING.match(line):
            sections.append(Section(len(match["marks"]), match["id"] or ""))
            body.append("")
        else:
            body[-1] += line + "\n"
    for section, part in zip(sections, body, strict=True):
        _fill(section, part)
    return sections


def _outside_fences(text: str) -> str:
    """Drop code, whose # is no heading, but keep the lines that include an excerpt."""

    def includes(match: re.Match[str]) -> str:
        lines = match[0].splitlines()
        return "\n".join(line for line in lines if INCLUDE.match(line))

    return FENCE.sub(includes, text)


def _fill(section: Section, text: str) -> None:
    section.figures = [image["source"] for image in IMAGE.finditer(text)]
    section.formulas = [_formula(tex) for tex in DISPLAY.findall(text)]
    section.inline = {_formula(tex) for tex in INLINE.findall(DISPLAY.sub("", text))}
    section.excerpts = [include["path"] for include in INCLUDE.finditer(text)]
    section.values = Counter(
        "".join(match[0].split()) for match in REFERENCE.finditer(text)
    )
    section.links = Counter(LINK.findall(text))
    section.admonitions = ADMONITION.findall(text)


def _formula(tex: str) -> str:
    return "".join(WORDS.sub(r"\\text{}", tex).split())


def require_both_languages(docs: Path) -> None:
    """Raise WeaveError if a page exists in one language only."""
    pages = [_names(docs / code) for code in LANGUAGES]
    for code, own in zip(LANGUAGES, pages, strict=True):
        for name in sorted(set().union(*pages) - own):
            raise WeaveError(f"docs/{code}/{name}: missing; the other language has it.")


def require_one_skeleton(docs: Path) -> None:
    """Raise WeaveError if the languages of a page differ, or a heading has no id."""
    for name in sorted(_names(docs / "zh")):
        texts = {code: _read(docs / code / name) for code in LANGUAGES}
        for code, text in texts.items():
            for heading in without_id(text):
                raise WeaveError(
                    f"docs/{code}/{name}: a heading needs its id, {{ #id }}: {heading}"
                )
        if found := differences(**texts):
            pages = f"docs/zh/{name} and docs/en/{name}:"
            raise WeaveError("\n".join([pages, *found]))


def _names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*.md")}


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def differences(zh: str, en: str) -> list[str]:
    """Return, in words, where the skeletons of two texts differ; empty if nowhere."""
    left, right = skeleton(zh), skeleton(en)
    headings = [[(s.level, s.id) for s in side] for side in (left, right)]
    if headings[0] != headings[1]:
        only = [set(a) - set(b) for a, b in (headings, headings[::-1])]
        return [f"headings differ: only zh {only[0]}, only en {only[1]} (or the order)"]
    return [
        f"#{a.id}: {part.name} differ: zh {getattr(a, part.name)}, "
        f"en {getattr(b, part.name)}"
        for a, b in zip(left, right, strict=True)
        for part in fields(Section)
        if getattr(a, part.name) != getattr(b, part.name)
    ]


def without_id(text: str) -> list[str]:
    """Return the headings that do not state their id."""
    lines = _outside_fences(text).splitlines()
    return [line for line in lines if (m := HEADING.match(line)) and not m["id"]]
