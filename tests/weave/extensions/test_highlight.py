"""Code as HTML: coloured where it helps, and nothing of it changed."""

from html import unescape
from pathlib import Path

import pytest
from lxml import html

from weave.extensions.highlight import light_code, lighten
from weave.run.artifacts import modules


def test_only_what_is_coloured_is_marked() -> None:
    assert light_code("def f(): # why\n") == (
        '<i class="k">def</i> <i class="nf">f</i>(): <i class="c"># why</i>\n'
    )


def test_a_string_is_one_piece() -> None:
    assert light_code('f"a{x}\\n"\n') == ('<i>f"a{</i>x<i>}\\n"</i>\n')


def test_pieces_of_one_colour_are_one_across_a_space() -> None:
    assert light_code("x is not y\n") == 'x <i class="k">is not</i> y\n'
    assert light_code("(\n  'a'\n  'b'\n)") == ("(\n  <i>'a'\n  'b'</i>\n)\n")
    assert light_code("# a\n# b\n") == '<i class="c"># a\n# b</i>\n'


def test_what_html_would_read_is_escaped() -> None:
    assert light_code('a < b & "<i>"\n') == ('a &lt; b &amp; <i>"&lt;i&gt;"</i>\n')


def test_marks_without_a_colour_leave_a_page() -> None:
    code = '<span class="nf">f</span><span class="p">(</span><span class="n">x</span>'
    assert lighten(f"<pre>{code})</pre>") == '<pre><span class="nf">f</span>(x)</pre>'
    assert lighten(code) == code  # no code: perhaps the theme's own
    prompt = '<pre><span class="gp">$</span></pre>'
    assert lighten(prompt) == prompt


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.stem)
def test_the_code_stays_as_it_is(path: Path) -> None:
    code = path.read_text(encoding="utf-8")
    coloured = light_code(code)
    assert html.fromstring(f"<pre>{coloured}</pre>").text_content() == code
    assert len(coloured) < 1.6 * len(unescape(code))
