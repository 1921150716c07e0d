"""The few things only MkDocs can do: files, navigation, languages."""

import logging
import re
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import tostring

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc

from weave import (
    about,
    artifacts,
    both,
    figures,
    fonts,
    glossary,
    labs,
    languages,
    leads,
    search,
    styles,
)
from weave.colouring import lighten
from weave.later import later
from weave.minify import minify
from weave.notebooks import LANGUAGES
from weave.paths import ARTIFACTS, SNIPPETS

log = logging.getLogger("mkdocs.weave")
FIGURE = re.compile(r"figures/(\w+/\w+)\.light\.svg")
_dates: dict[str, str] = {}
_parts: dict[str, list[str]] = {}  # of the one style sheet and the one script


def on_config(config: MkDocsConfig) -> None:
    """Add the pages that show both languages to the navigation; name our one script."""
    config.nav = languages.add_both(config.nav or [])
    config.extra["words"] = config.extra["languages"]["zh"]
    config.extra["modes"] = {mode: f"{mode}/" for mode in languages.MODES}
    _parts[styles.SHEET] = config.extra_css
    _parts[styles.SCRIPT] = [str(script) for script in config.extra_javascript]
    config.extra_css = []  # assets/theme/main.html links the one sheet
    config.extra_javascript = [styles.SCRIPT]


def on_startup(command: str, dirty: bool) -> None:
    """Tell mkdocs-jupyter not to colour code: weave.labs does, of the plain text."""
    from mkdocs_jupyter import nbconvert2  # it warns when imported, as the plugin does

    # Thousands of coloured pieces a lab, to be parsed and thrown away again.
    nbconvert2.kernel_lang = "text"


def on_pre_build(config: MkDocsConfig) -> None:
    """Bring the artifacts up to date: a snippet that changed is run, once."""
    languages.require_both(Path(config.docs_dir))
    _dates.update(about.last_changes())
    artifacts.refresh(report=_report)


def _report(line: str) -> None:
    log.log(logging.DEBUG if line.endswith("reused") else logging.INFO, line)


@event_priority(50)  # before mkdocs-jupyter, which turns notebooks into pages
def on_files(files: Files, config: MkDocsConfig) -> None:
    """Add what the snippets produced: figures, notebooks, the snippets."""
    for path in artifacts.modules():
        folder = ARTIFACTS / path.stem
        _copy(files, config, f"snippets/{path.name}", path)
        for picture in sorted([*folder.glob("*.svg"), *folder.glob("*.png")]):
            _copy(files, config, f"figures/{path.stem}/{picture.name}", picture)
        for language in LANGUAGES:
            lab = artifacts.lab_path(path.stem, language)
            # Not File.generated: mkdocs-jupyter would lose where such a file lies.
            files.append(
                File(lab, str(folder), config.site_dir, config.use_directory_urls)
            )
    # Last, so that both languages of a page are there when its third mode is made.
    for file in files.documentation_pages():
        _both(files, config, file.src_uri)
    for path in artifacts.modules():
        _both(files, config, artifacts.lab_path(path.stem, "zh"))


def _both(files: Files, config: MkDocsConfig, src_uri: str) -> None:
    if languages.mode_of(src_uri) == "zh":
        path = languages.counterpart(src_uri, languages.BOTH)
        files.append(File.generated(config, path, content=""))


def _copy(files: Files, config: MkDocsConfig, src_uri: str, path: Path) -> None:
    files.append(File.generated(config, src_uri, abs_src_path=str(path)))


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> None:
    """Write Chinese in the data of a page as it is, not six characters for one."""
    env.policies["json.dumps_kwargs"] = {"ensure_ascii": False}


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> None:
    """Keep the languages apart."""
    languages.separate(nav)


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Make a lab and the code of a chapter light; put two languages side by side."""
    fonts.note(html)
    if first := FIGURE.search(html):
        page.meta["card"] = f"figures/{first[1]}.png"
    if languages.mode_of(page.file.src_uri) == languages.BOTH:
        return _side_by_side(page, files)
    if page.file.src_uri.endswith(".ipynb"):
        return _lab(html, page, config)
    return lighten(html)


def _side_by_side(page: Page, files: Files) -> str:
    zh, en = (
        files.src_uris[languages.counterpart(page.file.src_uri, code)].page
        for code in LANGUAGES
    )
    assert zh is not None
    assert en is not None
    page.title, page.toc = zh.title, zh.toc
    page.meta.update(zh.meta, search={"exclude": True})
    return both.weave(zh.content or "", en.content or "")


def _lab(html: str, page: Page, config: MkDocsConfig) -> str:
    module = Path(page.file.src_uri).stem
    language = page.file.src_uri.partition("/")[0]
    ids = labs.heading_ids(ARTIFACTS / module / artifacts.lab_path(module, "en"))
    notebook = ARTIFACTS / module / page.file.src_uri
    alts = labs.alt_texts(Path(config.docs_dir) / language)
    root = "../" * page.url.count("/")
    pictures = []
    for name in labs.figure_names(notebook):
        figure = f"{module}/{name}"
        if figure not in alts:
            raise labs.missing_alt(figure, language)
        pair = figures.pair(ARTIFACTS, figure, alts[figure], root)
        pictures.append(tostring(pair, encoding="unicode", method="html"))
    body = labs.tidy(html, ids, pictures, SNIPPETS / f"{module}.py")
    page.toc = get_toc(labs.toc_tokens(body))  # type: ignore[arg-type]
    page.meta.update(template="lab.html", module=module)
    fonts.note(body)
    return body


def on_page_context(
    context: dict[str, Any], page: Page, config: MkDocsConfig, nav: Navigation
) -> dict[str, Any]:
    """Let the theme speak the page's language."""
    mode = languages.mode_of(page.file.src_uri)
    languages.speak(config, page, nav)
    page.edit_url = _edit_url(page, config)
    page.meta["minutes"] = mode and about.minutes(page.content or "")
    page.meta["changed"] = _dates.get(_source(page))
    context["nav"] = languages.own_nav(nav, mode) if mode else languages.doors(nav)
    return context


def on_template_context(
    context: dict[str, Any], template_name: str, config: MkDocsConfig
) -> dict[str, Any]:
    """Let the page for wrong addresses lead to every mode."""
    return context | {"nav": languages.doors(context["nav"])}


def _edit_url(page: Page, config: MkDocsConfig) -> str | None:
    if not config.repo_url:
        return None
    return f"{config.repo_url}/edit/main/{_source(page)}"


def _source(page: Page) -> str:
    """Return the file that a page is written in."""
    if module := page.meta.get("module"):
        return f"snippets/{module}.py"
    return f"docs/{page.file.src_uri}".replace("docs/both/", "docs/zh/")


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Let each mode search its own pages; keep the page small, and soon to be seen."""
    mode = languages.mode_of(page.file.src_uri)
    page_ = search.own_index(output, mode or "zh", config.extra["words"]["search"])
    return minify(later(page_))


def on_post_template(output: str, template_name: str, config: MkDocsConfig) -> str:
    """Let the page for wrong addresses search too."""
    if template_name != "404.html":
        return output
    return later(search.own_index(output, "zh", config.extra["words"]["search"]))


def on_post_build(config: MkDocsConfig) -> None:
    """Finish what needs every page: search indexes, the font; join styles, scripts."""
    suffix = "/" if config.use_directory_urls else ".html"
    words = [*leads.of_terms(glossary.load()), *leads.load()]
    search.split(Path(config.site_dir), words, suffix)
    fonts.write(Path(config.site_dir) / fonts.URL)
    styles.join_sheets(Path(config.site_dir), _parts[styles.SHEET])
    styles.join_scripts(Path(config.site_dir), _parts[styles.SCRIPT])


def on_serve(server: Any, config: MkDocsConfig, builder: Any) -> None:
    """Watch what pages are made of, beside docs/."""
    for folder in (SNIPPETS, Path("assets")):
        server.watch(str(folder))
