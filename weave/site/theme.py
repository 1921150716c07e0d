"""What the build knows of the insides of Material, the theme.

The functions are filters of the templates in assets/theme, each for one block of the
theme's. Whatever is looked for has to be there once, or the theme has changed.
"""

import json
import re
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from jinja2.ext import Extension
from material.plugins.search.plugin import SearchIndex
from mkdocs.structure.pages import Page

from weave.errors import WeaveError
from weave.repository import at_home, colab
from weave.search.index import WORKER

MADE_FOR = "9.8"

# The style sheets of the theme, as globs below the site's root.
SHEETS = ("assets/stylesheets/main.*.css", "assets/stylesheets/palette.*.css")
# It stands for every element there is: a page would be styled three times as it comes.
SWITCHING = re.compile(r"\[data-md-color-switching\] \*[^{}]*\{[^{}]*\}")
# A rule of a style sheet; a class that its selector asks for, outside of brackets.
RULE = re.compile(r"(?P<selectors>[^{}]+)\{[^{}]*\}")
BRACKETS = re.compile(r"\((?:[^()]|\([^()]*\))*\)")
CLASS = re.compile(r"\.([A-Za-z_][\w-]*)")
ICON = re.compile(r'(--[\w-]+):url\("[^"]*"\);?')
LEFTWARDS = "[dir=rtl]"  # neither of our languages is written so

CONFIG = re.compile(
    r'(?<=<script id="__config" type="application/json">).*?(?=</script>)'
)
DIALOG = re.compile(r'(?<=role="dialog")')
SOURCE = re.compile(r' data-md-component="source"')
BUNDLE = re.compile(r'<script src="(?P<url>[^"]*/bundle\.\w+\.min\.js)"></script>')
# The theme's script waits for an event that is long over by then. Each step is a task
# of its own: a finger is heard in between.
DEFERRED = """\
<link rel="preload" as="script" href="{url}">
<script>
requestAnimationFrame(() => setTimeout(() => {{
  const theme = Object.assign(document.createElement("script"), {{ src: "{url}" }})
  const ready = () => document.dispatchEvent(new Event("DOMContentLoaded"))
  theme.onload = () => setTimeout(ready)
  document.body.append(theme)
}}))
</script>"""

# Chinese in the data of a page as it is, not six characters for one; and no spaces.
JSON: dict[str, Any] = {"ensure_ascii": False, "separators": (",", ":")}
INDENTATION = re.compile(r"\n\s+")
TAG_ALONE = re.compile(r"\n(\{%(?:(?!%\}).)*%\})(?=\n)")

Replace = Callable[[re.Match[str]], str]


def point_search_at(script: str, mode: str) -> str:
    """Let the search of a page use our worker, and the index of the page's mode."""

    def settings(match: re.Match[str]) -> str:
        found = json.loads(match[0])
        base = found["base"]  # the site's root, seen from the page
        found["search"] = f"{base.rstrip('/')}/{WORKER}"
        found["base"] = _below(base, mode)
        return json.dumps(found, **JSON)

    return _once(CONFIG, settings, script, "the page's settings")


def _below(base: str, mode: str) -> str:
    """Return the path to the mode's folder: one step in, or one step less up."""
    if base.startswith("/"):  # the page for wrong addresses, which has no place
        return f"{base.rstrip('/')}/{mode}/"
    return f"{mode}/" if base == "." else "/".join(base.split("/")[:-1]) or "."


def name_search_dialog(header: str, name: str) -> str:
    """Give the search's dialog a name, for those who hear it."""
    return _once(DIALOG, lambda _: f' aria-label="{name}"', header, "the search")


def ask_no_host(block: str, repository: str | None) -> str:
    """Link to the repository, if there is one, but leave its host out of every visit.

    The theme's script would ask there for the numbers of stars and forks.
    """
    what = "the link to the repository"
    return _once(SOURCE, lambda _: "", block, what) if repository else block


def defer_script(scripts: str) -> str:
    """Run the theme's script after the first paint: nobody waits for it to read."""

    def deferred(match: re.Match[str]) -> str:
        return DEFERRED.format(url=match["url"])

    return _once(BUNDLE, deferred, scripts, "its script")


def without_switching(sheet: str) -> str:
    """Leave out the rule that has all of a page styled anew when the scheme changes."""
    return _once(SWITCHING, lambda _: "", sheet, "the rule for changing the scheme")


def without_unused(sheet: str, classes: set[str]) -> str:
    """Leave out the rules for what is on no page: a quarter of the theme's style."""

    def used(rule: re.Match[str]) -> bool:
        selectors = BRACKETS.sub("", rule["selectors"]).split(",")
        return any(
            classes.issuperset(CLASS.findall(one)) and LEFTWARDS not in one
            for one in selectors
        )

    return RULE.sub(lambda rule: rule[0] if used(rule) else "", sheet)


def without_unused_icons(sheet: str) -> str:
    """Leave out the icons that no rule asks for."""

    def asked_for(icon: re.Match[str]) -> bool:
        return f"var({icon[1]})" in sheet

    return ICON.sub(lambda icon: icon[0] if asked_for(icon) else "", sheet)


def sections(page: Page) -> list[dict[str, Any]]:
    """Return the sections of a page as the theme's search divides it."""
    index = SearchIndex()
    index.add_entry_from_context(page)
    found: list[dict[str, Any]] = index.entries
    return found


class Unindented(Extension):
    """Templates without the white space that shows their structure: a tenth of a page.

    Lines are not indented, and one that holds a tag alone leaves no empty line.
    """

    def preprocess(
        self, source: str, name: str | None, filename: str | None = None
    ) -> str:
        return _unindented(source)


def _unindented(source: str) -> str:
    return TAG_ALONE.sub(r"\1", INDENTATION.sub("\n", source))


def lines_in_source(source: str, line: int) -> str:
    """Return the lines of a template that one without white space is made of."""
    lines = source.splitlines()
    heads = ("\n".join(lines[:end]) + "\n" for end in range(1, len(lines) + 1))
    made_in = [_unindented(head).count("\n") for head in heads]
    own = [
        n for n, made in enumerate(made_in, 1) if made == line and lines[n - 1].strip()
    ]
    return "-".join(str(n) for n in dict.fromkeys([own[0], own[-1]])) if own else "1"


FILTERS = {
    function.__name__: function
    for function in (
        point_search_at,
        name_search_dialog,
        ask_no_host,
        defer_script,
        at_home,
        colab,
    )
}


def _once(pattern: re.Pattern[str], replace: Replace, text: str, what: str) -> str:
    changed, found = pattern.subn(replace, text)
    if found != 1:
        raise WeaveError(
            f"mkdocs-material {version('mkdocs-material')}: {what} was found {found} "
            f"times in place of once. weave/site/theme.py is made for {MADE_FOR}: "
            "install that, or adapt the pattern there."
        )
    return changed
