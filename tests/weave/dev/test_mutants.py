"""Which mutants are tried, and how their fate is told."""

from pathlib import Path

from weave.dev.mutants import patterns, table

SNIPPET = """
def relu(z): ...
def plot_relu(z): ...
def draw_axes(z): ...
def _arrow(z): ...
def show_relu(): ...
def main(): ...
class Data: ...
"""


def test_what_computes_is_changed(tmp_path: Path) -> None:
    (path := tmp_path / "relu.py").write_text(SNIPPET, encoding="utf-8")
    assert patterns(path) == [
        "snippets.relu.x_relu__mutmut_*",
        "snippets.relu.xǁDataǁ*",
    ]


def test_survivors_are_named_and_counted() -> None:
    results = """
    snippets.a.x_f__mutmut_1: killed
    snippets.a.x_f__mutmut_2: survived
    snippets.b.x_g__mutmut_1: timeout
    snippets.b.x_h__mutmut_1: not checked
"""
    assert [" ".join(line.split()) for line in table(results)] == [
        "a 1 of 2 50.0%",
        "b 1 of 1 100.0%",
        "all 2 of 3 66.7%",
        "survived: a.x_f__mutmut_2",
    ]
