"""The plugin of MkDocs: hands each step of its build to the module that knows it."""

import logging
from collections.abc import Callable
from functools import partial
from os.path import relpath
from pathlib import Path
from signal import SIGINT
from typing import Any, cast

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc
from mkdocs.utils.templates import TemplateContext

from weave import glossary
from weave.extensions import symbol_list
from weave.languages import BOTH, LANGUAGES, MODES, counterpart, language_of, mode_of
from weave.lifeline import exit_in_order, tie
from weave.paths import ARTIFACTS, DOCS, SNIPPETS, STYLES
from weave.run import artifacts
from weave.run.lab import lab_path
from weave.search import index, keywords
from weave.site import (
    bundle,
    claims,
    exercise_files,
    faults,
    lab_page,
    letters,
    math_font,
    navigation,
    page_cache,
    page_info,
    page_language,
    rendered,
    running,
    side_by_side,
    skeleton,
    sources,
    theme,
)
from weave.site.rendered import Rendered
from weave.site.running import Options, Running
from weave.syntax import FIGURE, IMAGE, QUOTED

Convert = Callable[[MkDocsConfig, Files], None]

log = logging.getLogger("mkdocs.weave")


class WeavePlugin(BasePlugin[Options]):
    """What one build knows lies on this object, and is made anew by the next."""

    def __init__(self) -> None:
        """Have MkDocs say where, from its first warning on."""
        faults.name_places()
        self.running: Running | None = None

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """End with whoever started this; end in order, and silently, when told to."""
        exit_in_order(*([SIGINT] if command == "serve" else []))  # it says good-bye
        tie()
        self.serving = command == "serve"

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
        if self.serving:  # early: what kernels import comes while pages are made
            self.serving, self.running = False, running.start(self.config.live, config)

    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Bring the artifacts up to date: a snippet that changed is run, once."""
        skeleton.require_both_languages(DOCS)
        sources.require_well_formed(DOCS)
        sources.require_text(Path(relpath(config.theme.dirs[0])))
        self.leads = [*keywords.of_terms(glossary.load()), *keywords.load()]
        self.changes = page_info.last_changes()
        self.alt_texts = {code: lab_page.alt_texts(DOCS / code) for code in LANGUAGES}
        artifacts.refresh(report=_report)
        claims.require(claims.load())
        snippets = artifacts.modules()
        self.runs = {path.stem: artifacts.when_made(path) for path in snippets}
        self.cache = page_cache.PageCache(config)
        self.rendered: dict[str, Rendered] = {}

    @event_priority(50)  # before mkdocs-jupyter, which turns notebooks into pages
    def on_files(self, files: Files, *, config: MkDocsConfig) -> None:
        """Add what the snippets produced, and a page with both languages for each."""
        for path in artifacts.modules():
            _add_artifacts(files, config, path)
        written = (".md", ".ipynb")
        pages = [file.src_uri for file in files if file.src_uri.endswith(written)]
        navigation.require(config.nav or [], pages)
        exercise_files.add(files, config)
        for src_uri in pages:
            if mode_of(src_uri) == "zh":
                both = counterpart(src_uri, BOTH)
                files.append(File.generated(config, both, content=""))

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> None:
        """Keep the languages apart; know where links may lead."""
        self.navigations = navigation.separate(nav)
        self.chapters = self.navigations.chapters()
        self.addresses = page_cache.digest(sorted(files.src_uris))

    def on_page_markdown(
        self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files
    ) -> None:
        """Say what a page is; let it be converted only if it is new."""
        sources = (FIGURE.fullmatch(m["source"]) for m in IMAGE.finditer(markdown))
        if first := next(filter(None, sources), None):
            language = language_of(page.file.src_uri)
            page.meta["card"] = f"figures/{first['figure']}.{language}.png"
        if module := _lab(page):
            page.meta.update(template="lab.html", module=module)
        if mode_of(page.file.src_uri) == BOTH:
            zh, _ = _sides(page, files)
            page.meta.update(zh.meta, search={"exclude": True})
        convert = page.render  # MkDocs' own, or mkdocs-jupyter's
        page.render = partial(self._render, page, convert)  # type: ignore[method-assign]

    def _render(
        self, page: Page, convert: Convert, config: MkDocsConfig, files: Files
    ) -> None:
        path = page.file.src_uri

        def make() -> Rendered:
            convert(config, files)
            self._finish(page)
            return rendered.take(page)

        made_of = [self.addresses, self._made_of(page)]
        self.rendered[path] = self.cache.get(path, "content", made_of, make)
        rendered.put_back(self.rendered[path], page, files)
        if chapter := self.chapters.get(path):
            navigation.number(page, chapter)

    def _made_of(self, page: Page) -> list[Any]:
        """Return what a page's content is made of, beside what all pages are."""
        path = page.file.src_uri
        if mode_of(path) == BOTH:
            return [self.rendered[counterpart(path, code)] for code in LANGUAGES]
        if module := _lab(page):
            return [self.runs[module], self._alt_texts(module, page)]
        text = page.markdown or ""
        runs = [self.runs.get(module) for module in sorted(set(QUOTED.findall(text)))]
        return [text, repr(page.meta), runs]

    def _finish(self, page: Page) -> None:
        """Put two languages side by side; make a lab light."""
        path = page.file.src_uri
        if mode_of(path) == BOTH:
            zh, en = (self.rendered[counterpart(path, code)] for code in LANGUAGES)
            page.title, page.toc = zh["title"], get_toc(zh["toc"])
            page.content = side_by_side.merge(zh["content"], en["content"])
        elif module := _lab(page):
            lab_page.finish(page, module, self._alt_texts(module, page))

    def _alt_texts(self, module: str, page: Page) -> dict[str, str]:
        return self.alt_texts[language_of(page.file.src_uri)].get(module, {})

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> None:
        """Give the templates our filters; the pages their dates, their formulas' font.

        Now that every page has been read, and what is wrong with one was said.
        """
        skeleton.require_one_skeleton(DOCS)
        if listed := symbol_list.load():
            letters.require(listed, self.chapters)
        exercise_files.fill(files, config.site_url, self.words)
        env.add_extension(theme.Unindented)
        env.filters.update(theme.FILTERS)
        env.template_class = page_cache.FilledOnce
        self.outlines = self.navigations.outlines()
        env.policies["json.dumps_kwargs"] = theme.JSON
        pages = [file.page for file in files.documentation_pages() if file.page]
        for page in pages:
            page_info.date(page, self.changes.get(_source(page)))
        sheet = math_font.sheet(page.content or "" for page in pages)
        files.append(File.generated(config, math_font.URL, content=sheet))

    def on_template_context(
        self, context: TemplateContext, *, template_name: str, config: MkDocsConfig
    ) -> TemplateContext:
        """Let the page for wrong addresses lead to every mode."""
        if template_name != "404.html":
            return context
        modes = {mode: f"{mode}/" for mode in MODES}
        return _with(
            context,
            mode="zh",
            modes=modes,
            nav=self.navigations.own[None],
            words=self.words["zh"],
            fill=partial(self.cache.get, template_name, "html", self.outlines[None]),
        )

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
        modes = self.navigations.modes(page)
        made_of = [rendered.look(page), modes, self.outlines[mode]]
        return _with(
            context,
            config=self.configs[language],
            mode=mode or language,
            modes=modes,
            nav=self.navigations.own[mode],
            words=self.words[language],
            symbols=self._symbols(page),
            fill=partial(self.cache.get, page.file.src_uri, "html", made_of),
        )

    def _symbols(self, page: Page) -> str | None:
        """Return the address of the table of symbols, for a chapter."""
        path = page.file.src_uri
        table = f"{mode_of(path)}/symbols.md"
        return self.navigations.urls.get(table) if path in self.chapters else None

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Divide the search's index; join what every page loads."""
        suffix = "/" if config.use_directory_urls else ".html"
        pages = self.rendered.values()
        sections = [section for page in pages for section in page["sections"]]
        index.split(Path(config.site_dir), sections, self.leads, suffix)
        bundle.join_sheets(Path(config.site_dir), self.sheets)
        bundle.join_scripts(Path(config.site_dir), self.scripts)
        self.cache.sweep()

    def on_build_error(self, *, error: Exception) -> None:
        """Show what a writer can mend without a traceback."""
        if known := faults.mendable(error):
            raise Abort(str(known))

    def on_serve(self, server: Any, *, config: MkDocsConfig, builder: Any) -> None:
        """Watch what pages are made of, beside docs/; let their cells run."""
        for folder in (SNIPPETS, STYLES, config.theme.dirs[0]):
            server.watch(str(folder))
        server.builder = faults.survived(server.builder)
        if self.running:
            self.running.join(server)

    def on_shutdown(self) -> None:
        """End what runs cells."""
        if self.running:
            self.running.stop()


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


def _lab(page: Page) -> str | None:
    """Return the module that a page is the lab of, if it is one."""
    path = Path(page.file.src_uri)
    return path.stem if path.suffix == ".ipynb" else None


def _sides(page: Page, files: Files) -> list[Page]:
    """Return the page in each language."""
    paths = (counterpart(page.file.src_uri, code) for code in LANGUAGES)
    return [side for path in paths if (side := files.src_uris[path].page)]


def _source(page: Page) -> str:
    """Return the file that a page is written in."""
    if module := page.meta.get("module"):
        return f"snippets/{module}.py"
    if mode_of(page.file.src_uri) == BOTH:
        return f"docs/{counterpart(page.file.src_uri, 'zh')}"
    return f"docs/{page.file.src_uri}"
