"""The theme's script comes after the first paint."""

import pytest

from weave.errors import WeaveError
from weave.later import later

SCRIPT = '<script src="../assets/javascripts/bundle.a5f9d56c.min.js"></script>'


def test_the_script_is_fetched_at_once_and_run_later() -> None:
    page = later(f"<body><p>text</p>{SCRIPT}</body>")
    assert SCRIPT not in page
    assert page.count("../assets/javascripts/bundle.a5f9d56c.min.js") == 2
    assert '<link rel="preload" as="script"' in page
    assert page.index("requestAnimationFrame") < page.index("createElement")


def test_other_scripts_stay() -> None:
    other = '<script src="../javascripts/site.js"></script>'
    assert other in later(SCRIPT + other)


@pytest.mark.parametrize("html", ["<body></body>", SCRIPT + SCRIPT])
def test_a_theme_that_has_changed_is_noticed(html: str) -> None:
    with pytest.raises(WeaveError, match=r"weave/later\.py"):
        later(html)
