"""White space between tags goes; what a reader sees, and code, stays."""

from hypothesis import given
from hypothesis import strategies as st

from weave.minify import minify


def test_only_runs_with_a_line_end_shrink() -> None:
    assert minify("<p>a  b</p>\n\n   <p>\n  c</p>") == "<p>a  b</p>\n<p>\nc</p>"


def test_code_and_scripts_stay() -> None:
    page = "<pre>  a\n\n    b</pre>\n\n<script>\n\n x</script>\n\n<i>"
    assert minify(page) == "<pre>  a\n\n    b</pre>\n<script>\n\n x</script>\n<i>"


def test_marks_in_code_need_no_quotes() -> None:
    page = '<pre><i class="k">if</i><span class="a b">x</span></pre>'
    assert minify(page) == '<pre><i class=k>if</i><span class="a b">x</span></pre>'


@given(st.text(alphabet="a \n<>/pre", max_size=60))
def test_words_stay_and_twice_is_once(page: str) -> None:
    assert minify(page).split() == page.split()
    assert minify(minify(page)) == minify(page)
