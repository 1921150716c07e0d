"""Two languages, three modes: whose page it is."""

import pytest

from weave.languages import LANGUAGES, counterpart, language_of, mode_of, other


@pytest.mark.parametrize(
    ("src_uri", "mode", "language"),
    [
        ("zh/index.md", "zh", "zh"),
        ("en/labs/x.ipynb", "en", "en"),
        ("both/a.md", "both", "zh"),
        ("index.md", None, "zh"),
        ("zh.md", None, "zh"),
        ("de/index.md", None, "zh"),
        ("english/index.md", None, "zh"),
    ],
)
def test_the_mode_of_a_page_is_its_first_folder(
    src_uri: str, mode: str | None, language: str
) -> None:
    assert mode_of(src_uri) == mode
    assert language_of(src_uri) == language


def test_each_language_is_the_other_s_other() -> None:
    assert [other(code) for code in LANGUAGES] == ["en", "zh"]


@pytest.mark.parametrize(
    ("src_uri", "mode", "there"),
    [
        ("zh/a.md", "en", "en/a.md"),
        ("zh/a.md", "both", "both/a.md"),
        ("both/a.md", "zh", "zh/a.md"),
        ("en/labs/x.ipynb", "zh", "zh/labs/x.ipynb"),
        ("en/labs/x.ipynb", "both", "both/labs/x.md"),
        ("both/labs/x.md", "en", "en/labs/x.ipynb"),
        ("zh/a.md", "zh", "zh/a.md"),
        ("index.md", "en", "en/index.md"),
    ],
)
def test_a_counterpart_is_the_same_page_in_another_mode(
    src_uri: str, mode: str, there: str
) -> None:
    assert counterpart(src_uri, mode) == there
