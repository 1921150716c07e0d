"""The plugin of MkDocs: hands each step of its build to the module that knows it."""

import logging
from os.path import relpath
from pathlib import Path
from typing import Any, cast
from xml.etree.ElementTree import tostring

from jinja2 import Environment
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc
from mkdocs.utils.templates import TemplateContext

from weave import glossary
from weave.extensions import figures
from weave.languages import BOTH, LANGUAGES, MODES, counterpart, language_of, mode_of
from weave.paths import ARTIFACTS, DOCS, SNIPPETS
from weave.run import artifacts
from weave.run.lab import lab_path
from weave.search import index, keywords
from weave.site import (
    bundle,
    faults,
    lab_page,
    math_font,
    navigation,
    page_info,
    page_language,
    side_by_side,
    skeleton,
    sources,
    theme,
)
from weave.syntax import FIGURE, IMAGE

log = logging.getLogger("mkdocs.weave")


class NoOptions(Config):
    """All there is to choose stands in mkdocs.yml, under extra."""


class WeavePlugin(BasePlugin[NoOptions]):
    """What one build knows lies on this object, and is made anew by the next."""

    def __init__(self) -> None:
        """Have MkDocs say where, from its first warning on."""
        faults.name_places()

    def on_config(self, config: MkDocsConfig) -> None:
        """Add the pages with both languages to the navigation; name our one script."""
        lab_page.leave_code_plain()
        self.words = page_language.words(config)
        title = self.words["zh"]["modes"][BOTH]
        config.nav = navigation.add_both(config.nav or [], title)
        self.sheets = config.extra_css
        self.scripts = [str(script) for script in config.extra_javascript]
        config.extra_css = []  # assets/theme/main.html links the one sheet
        config.extra_javascript = [bundle.SCRIPT]
        self.configs = page_language.in_each_language(config)

    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Bring the artifacts up to date: a snippet that changed is run, once."""
        skeleton.require_both_languages(DOCS)
        sources.require_well_formed(DOCS)
        sources.require_text(Path(relpath(config.theme.dirs[0])))
        self.leads = [*keywords.of_terms(glossary.load()), *keywords.load()]
        self.changes = page_info.last_changes()
        self.alt_texts = {code: lab_page.alt_texts(DOCS / code) for code in LANGUAGES}
        artifacts.refresh(report=_report)

    @event_priority(50)  # before mkdocs-jupyter, which turns notebooks into pages
    def on_files(self, files: Files, *, config: MkDocsConfig) -> None:
        """Add what the snippets produced, and a page with both languages for each."""
        for path in artifacts.modules():
            _add_artifacts(files, config, path)
        written = (".md", ".ipynb")
        pages = [file.src_uri for file in files if file.src_uri.endswith(written)]
        pages += [lab_path(p.stem, c) for p in artifacts.modules() for c in LANGUAGES]
        navigation.require(config.nav or [], pages)
        for src_uri in pages:
            if mode_of(src_uri) == "zh":
                both = counterpart(src_uri, BOTH)
                files.append(File.generated(config, both, content=""))

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> None:
        """Keep the languages apart."""
        self.navigations = navigation.separate(nav)

    def on_page_markdown(
        self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files
    ) -> None:
        """Let a page that is shared somewhere show its first figure."""
        sources = (FIGURE.fullmatch(m["source"]) for m in IMAGE.finditer(markdown))
        if first := next(filter(None, sources), None):
            page.meta["card"] = f"figures/{first['figure']}.png"

    def on_page_content(
        self, html: str, *, page: Page, config: MkDocsConfig, files: Files
    ) -> str:
        """Put two languages side by side; make a lab light."""
        if mode_of(page.file.src_uri) == BOTH:
            return _side_by_side(page, files)
        if page.file.src_uri.endswith(".ipynb"):
            return self._lab(html, page)
        return html

    def _lab(self, html: str, page: Page) -> str:
        module, language = Path(page.file.src_uri).stem, language_of(page.file.src_uri)
        ids = lab_page.heading_ids(ARTIFACTS / module / lab_path(module, "en"))
        names = lab_page.figure_names(ARTIFACTS / module / page.file.src_uri)
        root = "../" * page.url.count("/")
        pictures = [self._picture(f"{module}/{n}", language, root) for n in names]
        body = lab_page.tidy(html, ids, pictures, SNIPPETS / f"{module}.py")
        page.toc = get_toc(lab_page.toc_tokens(body))  # type: ignore[arg-type]
        page.present_anchor_ids = set(ids)
        page.meta.update(template="lab.html", module=module)
        return body

    def _picture(self, figure: str, language: str, root: str) -> str:
        if figure not in self.alt_texts[language]:
            raise lab_page.missing_alt(figure, language)
        alt = self.alt_texts[language][figure]
        pair = figures.pair(ARTIFACTS, figure, alt, root)
        return tostring(pair, encoding="unicode", method="html")

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> None:
        """Give the templates our filters, and the pages the font of their formulas.

        Now that every page has been read, and what is wrong with one was said.
        """
        skeleton.require_one_skeleton(DOCS)
        env.add_extension(theme.Unindented)
        env.filters.update(theme.FILTERS)
        env.policies["json.dumps_kwargs"] = theme.JSON
        pages = (file.page for file in files.documentation_pages())
        sheet = math_font.sheet(page.content or "" for page in pages if page)
        files.append(File.generated(config, math_font.URL, content=sheet))

    def on_template_context(
        self, context: TemplateContext, *, template_name: str, config: MkDocsConfig
    ) -> TemplateContext:
        """Let the page for wrong addresses lead to every mode."""
        modes = {mode: f"{mode}/" for mode in MODES}
        nav, words = self.navigations.own[None], self.words["zh"]
        return _with(context, mode="zh", modes=modes, nav=nav, words=words)

    def on_page_context(
        self,
        context: TemplateContext,
        *,
        page: Page,
        config: MkDocsConfig,
        nav: Navigation,
    ) -> TemplateContext:
        """Let the theme speak the page's language."""
        mode, language = mode_of(page.file.src_uri), language_of(page.file.src_uri)
        source = _source(page)
        page.edit_url = config.repo_url and f"{config.repo_url}/edit/main/{source}"
        page.meta["minutes"] = mode and page_info.minutes(page.content or "")
        page.meta["changed"] = self.changes.get(source)
        return _with(
            context,
            config=self.configs[language],
            mode=mode or language,
            modes=self.navigations.modes(page),
            nav=self.navigations.of(page),
            words=self.words[language],
        )

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Divide the search's index; join what every page loads."""
        suffix = "/" if config.use_directory_urls else ".html"
        index.split(Path(config.site_dir), self.leads, suffix)
        bundle.join_sheets(Path(config.site_dir), self.sheets)
        bundle.join_scripts(Path(config.site_dir), self.scripts)

    def on_build_error(self, *, error: Exception) -> None:
        """Show what a writer can mend without a traceback."""
        if known := faults.mendable(error):
            raise Abort(str(known))

    def on_serve(self, server: Any, *, config: MkDocsConfig, builder: Any) -> None:
        """Watch what pages are made of, beside docs/."""
        for folder in (SNIPPETS, Path("assets")):
            server.watch(str(folder))
        server.builder = faults.survived(server.builder)


def _with(context: TemplateContext, **ours: Any) -> TemplateContext:
    """Return what a template knows, and what ours know besides."""
    return cast(TemplateContext, {**context, **ours})


def _report(line: str) -> None:
    log.log(logging.DEBUG if line.endswith("reused") else logging.INFO, line)


def _add_artifacts(files: Files, config: MkDocsConfig, path: Path) -> None:
    """Add a snippet, the figures that its run drew, and its labs."""
    folder = ARTIFACTS / path.stem
    _add(files, config, f"snippets/{path.name}", path)
    for picture in sorted([*folder.glob("*.svg"), *folder.glob("*.png")]):
        _add(files, config, f"figures/{path.stem}/{picture.name}", picture)
    for language in LANGUAGES:
        lab = lab_path(path.stem, language)
        # Not File.generated: mkdocs-jupyter would lose where such a file lies.
        files.append(File(lab, str(folder), config.site_dir, config.use_directory_urls))


def _add(files: Files, config: MkDocsConfig, src_uri: str, path: Path) -> None:
    files.append(File.generated(config, src_uri, abs_src_path=str(path)))


def _side_by_side(page: Page, files: Files) -> str:
    zh, en = (
        files.src_uris[counterpart(page.file.src_uri, code)].page for code in LANGUAGES
    )
    assert zh is not None
    assert en is not None
    page.title, page.toc = zh.title, zh.toc
    page.meta.update(zh.meta, search={"exclude": True})
    return side_by_side.merge(zh.content or "", en.content or "")


def _source(page: Page) -> str:
    """Return the file that a page is written in."""
    if module := page.meta.get("module"):
        return f"snippets/{module}.py"
    if mode_of(page.file.src_uri) == BOTH:
        return f"docs/{counterpart(page.file.src_uri, 'zh')}"
    return f"docs/{page.file.src_uri}"
