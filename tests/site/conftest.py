"""The built pages, parsed once."""

from pathlib import Path

import pytest
from lxml import html

from tests.site.pages import Pages


@pytest.fixture(scope="session")
def pages(site: Path) -> Pages:
    """Every page of the site by its path, such as ``zh/labs/square/index.html``."""
    return {
        path.relative_to(site).as_posix(): html.parse(str(path), _utf8()).getroot()
        for path in sorted(site.rglob("*.html"))
    }


def _utf8() -> html.HTMLParser:
    return html.HTMLParser(encoding="utf-8")


@pytest.fixture(scope="session")
def chapters(pages: Pages) -> Pages:
    """The pages that lie in a reading mode's folder: all but the greeting and 404."""
    return {path: page for path, page in pages.items() if "/" in path}
