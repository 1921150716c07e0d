"""Each snippet's run, once, for all tests that look at what it does."""

import contextlib
import functools
import importlib
import io
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import matplotlib.pyplot as plt
import pytest
from matplotlib.figure import Figure

from tests.snippets.legibility import defects_in_both, style
from weave.paths import STYLES
from weave.run import figure_text
from weave.run.figures import drawings


@dataclass
class Run:
    """What main() returned and printed; its figures by name, with their arguments."""

    module: str
    values: dict[str, Any] = field(default_factory=dict)
    printed: str = ""
    figures: dict[str, Figure] = field(default_factory=dict)
    arguments: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    defects: list[str] = field(default_factory=list)

    def recorded(self, plot: Callable[..., Figure]) -> Callable[..., Figure]:
        """The plot function, made to draw as the build does and to leave a trace."""
        name = plot.__name__

        def record(*args: Any, **kwargs: Any) -> Figure:
            assert name not in self.figures, "a figure is drawn once"
            with style():
                figure = plot(*args, **kwargs)
                self.examine(figure, name)
            self.arguments[name] = args
            return figure

        return record

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
    snippet = importlib.import_module(f"snippets.{module}")
    out = io.StringIO()
    with (
        pytest.MonkeyPatch.context() as patch,
        tempfile.TemporaryDirectory() as empty,
        contextlib.chdir(empty),
        contextlib.redirect_stdout(out),
    ):
        if hasattr(snippet, "main"):
            _run_main(snippet, run, patch)
        else:
            _run_cells(path, run, patch)
        assert not any(Path(empty).iterdir()), "a snippet writes no files"
    run.printed = out.getvalue()
    return run


def _run_main(snippet: ModuleType, run: Run, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(plt, "show", lambda: None)
    plots = {n: plot for n, plot in vars(snippet).items() if n.startswith("plot_")}
    for name, plot in plots.items():
        patch.setattr(snippet, name, run.recorded(plot))
    run.values = snippet.main()


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
