"""Each snippet's run, once, for all tests that look at what it does."""

import contextlib
import functools
import io
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import matplotlib.pyplot as plt
import pytest
from matplotlib.figure import Figure

from tests.snippets.legibility import defects_in_both, style
from weave.paths import STYLES
from weave.run import figure_text
from weave.run.figures import drawings


@dataclass
class Run:
    """What it printed; its figures by name, and what is wrong with them."""

    module: str
    printed: str = ""
    figures: dict[str, Figure] = field(default_factory=dict)
    defects: list[str] = field(default_factory=list)

    def examine(self, figure: Figure, name: str) -> None:
        """Look for defects in a figure, in both languages, and keep it."""
        found = defects_in_both(figure, figure_text.load(self.module))
        self.defects += [f"{name}: {defect}" for defect in found]
        plt.close(figure)
        self.figures[name] = figure


@functools.cache
def run_of(module: str) -> Run:
    """Run the snippet in this process, in an empty folder; but once."""
    path, run = Path(f"snippets/{module}.py").resolve(), Run(module)
    out = io.StringIO()
    with (
        pytest.MonkeyPatch.context() as patch,
        tempfile.TemporaryDirectory() as empty,
        contextlib.chdir(empty),
        contextlib.redirect_stdout(out),
    ):
        _run_cells(path, run, patch)
        assert not any(Path(empty).iterdir()), "a snippet writes no files"
    run.printed = out.getvalue()
    return run


def _run_cells(path: Path, run: Run, patch: pytest.MonkeyPatch) -> None:
    """Run the cells as a program, then draw what assets/figures/ has for it."""

    def show() -> None:
        for number in plt.get_fignums():
            run.examine(plt.figure(number), f"figure {len(run.figures) + 1}")

    patch.setattr(plt, "show", show)
    namespace = {"__name__": "__main__"}
    with style():
        exec(compile(path.read_text(encoding="utf-8"), path, "exec"), namespace)
        for name, draw in drawings(STYLES / path.name):
            run.examine(draw(SimpleNamespace(**namespace)), name)
