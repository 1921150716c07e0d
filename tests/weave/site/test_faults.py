"""What MkDocs and Jinja say of a mistake, with the file and the line."""

import logging
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader
from mkdocs.exceptions import Abort, ConfigurationError

from weave.errors import WeaveError
from weave.site import faults
from weave.site.theme import Unindented

PAGE = "# A { #a }\n\nb.md#x is no link\n\n[b](b.md#x)\n\n## C { #c }\n"


@pytest.fixture(autouse=True)
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("docs").mkdir()
    Path("docs/a.md").write_text(PAGE, encoding="utf-8")
    Path("mkdocs.yml").write_text("site_name: x\nnaw: []\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("logger", "message", "said"),
    [
        (
            "mkdocs.structure.pages",
            "Doc file 'a.md' contains a link 'b.md#x', but the target is not found.",
            "docs/a.md:5: Doc file",
        ),
        (
            "mkdocs.structure.pages",
            "Doc file 'a.md' contains a link 'b.md#x', but the doc 'a.md' does not "
            "contain an anchor '#x'.",
            "It has: a, c.",
        ),
        ("mkdocs.config", "Config value 'naw': Unknown.", "mkdocs.yml:2: Config"),
        ("mkdocs.config", "Config value 'nav': Missing.", "mkdocs.yml:1: Config"),
        (
            "mkdocs.structure.pages",
            "Doc file 'z.md' contains a link 'y'",
            "Doc file 'z",
        ),
        ("mkdocs.structure.pages", "Something else", "Something else"),
    ],
)
def test_a_warning_of_mkdocs_gets_its_place(
    logger: str, message: str, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    faults.name_places()
    logging.getLogger(logger).warning(message)
    [shown] = caplog.messages
    assert said in shown
    assert message in shown


def _rendered(text: str) -> None:
    Path("theme").mkdir()
    Path("theme/page.html").write_text(text, encoding="utf-8")
    loader = FileSystemLoader("theme")
    Environment(loader=loader, extensions=[Unindented]).get_template(
        "page.html"
    ).render()


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("{% endif %}", "TemplateSyntaxError: Encountered unknown tag 'endif'"),
        ("{{ a.b.c }}", "UndefinedError: 'a' is undefined"),
        ("{{ 1 // 0 }}", "ZeroDivisionError"),
        ('{% include "b.html" %}', "TemplateNotFound: "),
    ],
)
def test_what_fails_in_a_template_is_named_with_its_line(tag: str, said: str) -> None:
    with pytest.raises(Exception) as caught:  # noqa: PT011
        _rendered(
            f"<p>\n\n\n  {{% if 1 %}}\n  <b>\n  {{% endif %}}\n\n</b>{tag}\n\n</i>\n"
        )
    known = faults.mendable(caught.value)
    assert str(known).startswith(f"theme/page.html:8: {said}")


def test_a_template_that_is_not_there_is_named() -> None:
    with pytest.raises(Exception) as caught:  # noqa: PT011
        Environment(loader=FileSystemLoader(".")).get_template("b.html")
    assert "no template b.html" in str(faults.mendable(caught.value))


def test_an_error_of_ours_stays_as_it_is() -> None:
    error = WeaveError("docs/a.md:1: so")
    assert faults.mendable(error) is error
    assert faults.mendable(ZeroDivisionError()) is None


def test_the_server_goes_on_where_the_configuration_does_not_load() -> None:
    def builder() -> None:
        raise ConfigurationError("mkdocs.yml, line 2: so")

    with pytest.raises(Abort, match=r"^mkdocs\.yml, line 2: so$"):
        faults.survived(builder)()
