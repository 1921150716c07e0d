"""What has a meaning in the notes: one grammar each, for whoever reads them.

A heading with its id, a figure, an excerpt that is included, a value of a run, an
exercise.
"""

import re

# ## Title { #id }
HEADING = re.compile(
    r"^(?P<marks>#{1,6}) +(?P<title>.*?) *(?:\{ *#(?P<id>[\w-]+)[^}]*\})? *$", re.M
)
# ![alt](source), and the source of a figure that a run has drawn
IMAGE = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<source>[^)\s]+)")
FIGURE = re.compile(r"(?P<figure>[a-z_]\w*/[\w-]+)\.svg")
# --8<-- "module/function.py", and a block of Python that holds nothing else
INCLUDE_LINE = r' *--8<-- "(?P<path>[^"\n]+)" *'
INCLUDE = re.compile(rf"^{INCLUDE_LINE}$", re.M)
EXCERPT = re.compile(
    r"^(?P<indent> *)(?P<fence>`{3,})python[^\n]*\n"
    rf"{INCLUDE_LINE}\n"
    r"(?P=indent)(?P=fence) *$",
    re.M,
)
# A block of code, of whichever language
FENCE = re.compile(
    r"^(?P<indent> *)(?P<fence>`{3,})(?P<info>[^`\n]*)\n"
    r"(?P<code>.*?)^(?P=indent)(?P=fence) *$",
    re.M | re.S,
)
# The section of the exercises; the id of one; what follows ``` where a part of it
# begins, { .python .start }; the fold with its answer
EXERCISES = re.compile(r"^## .*\{ *#exercises *\} *$", re.M)
EXERCISE = re.compile(r"exercise-(?P<number>\d+)")
PART = re.compile(r" *\{ *\.python +\.(?P<part>start|check|answer) *\} *")
ANSWER = re.compile(r'^\?{3}\+? success "[^"\n]+" *\n(?: {4}.*\n?| *\n)*', re.M)
# What may be a module that is quoted: no page, whose address has its name perhaps
QUOTED = re.compile(r"\b([a-z_]\w*)(?:/|\.(?!md\b))", re.A)
# {{ module.name.0:.2f }}
REFERENCE = re.compile(r"\{\{ *([a-z_]\w*)\.([\w.]+) *(?::([^{}]*?))? *\}\}")


def without(pattern: re.Pattern[str], text: str) -> str:
    """Leave what matches out of a text, though none of its lines."""
    return pattern.sub(lambda match: "\n" * match[0].count("\n"), text)
