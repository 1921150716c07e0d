"""A line ``[[symbols]]`` becomes the table of symbols, a part for each group."""

from typing import Any

from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor

from weave.extensions.page_context import language
from weave.extensions.symbol_list import Symbol, Symbols, load

MARKER = "[[symbols]]"
HEAD = {"zh": "| 符号 | 含义 |", "en": "| Symbol | Meaning |"}
SHAPE = {"zh": "形状", "en": "shape"}
CHAPTERS = {"zh": ("第 {} 章", "第 {} 章"), "en": ("chapter {}", "chapters {}")}
COMMA = {"zh": "、", "en": ", "}
PAUSE = {"zh": "；", "en": "; "}


def listing(symbols: Symbols, code: str) -> str:
    """Return the list as Markdown, in the language ``code``."""
    return "\n\n".join(
        "\n".join(
            [
                f"## {group.title[code]} {{ #{group.id} }}\n",
                HEAD[code],
                "|---|---|",
                *(_row(symbol, symbols.chapters, code) for symbol in group.symbols),
            ]
        )
        for group in symbols.groups
    )


def _row(symbol: Symbol, stems: tuple[str, ...], code: str) -> str:
    """Return a row of two columns, which fit on a phone: the rest stands below."""
    shape = f"{SHAPE[code]} ${symbol.shape}$" if symbol.shape else ""
    links = (f"[{number}]({stems[number - 1]}.md)" for number in symbol.chapters)
    one, several = CHAPTERS[code]
    words = several if len(symbol.chapters) > 1 else one
    chapters = words.format(COMMA[code].join(links))
    said = [shape, chapters, symbol.where[code], symbol.note[code]]
    below = PAUSE[code].join(filter(None, said))
    return f"| ${symbol.tex}$ | {symbol.meaning[code]}<br><small>{below}</small> |"


class ListingPreprocessor(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        if MARKER not in lines or not (symbols := load()):
            return lines
        text = listing(symbols, language(self.md))
        return "\n".join(lines).replace(MARKER, text).split("\n")


class SymbolExtension(Extension):
    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.register(ListingPreprocessor(md), "symbols", 39)


def makeExtension(**kwargs: Any) -> SymbolExtension:
    return SymbolExtension(**kwargs)
