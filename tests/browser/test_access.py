"""For everybody: axe finds nothing on a page, in either scheme."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Open
from tests.browser.pages import ALL, KINDS

# One page of every kind; `make audit` asks about all of them.
PAGES = [
    pytest.param(path, marks=[] if path in KINDS else [pytest.mark.audit])
    for path in ALL
]


def _violations(page: Page, scheme: str) -> list[str]:
    set_scheme = "name => document.body.setAttribute('data-md-color-scheme', name)"
    page.evaluate(set_scheme, scheme)
    found = Axe().run(page).response["violations"]
    return [
        f"{scheme}: {rule['id']}: {rule['help']}: {node['target']}"
        for rule in found
        for node in rule["nodes"][:3]
    ]


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_in_either_scheme(path: str, reader: Open) -> None:
    page = reader("narrow").open(path)
    # A colour on its way from one scheme to the other is the colour of neither.
    page.add_style_tag(content="* { transition: none !important }")
    found = [v for scheme in ("default", "slate") for v in _violations(page, scheme)]
    assert not found, "\n".join(found)
