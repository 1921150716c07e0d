"""Each snippet's main() once, for all tests that look at what it does."""

import contextlib
import functools
import importlib
import io
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pytest
from matplotlib.figure import Figure

from tests.snippets.legibility import defects_in_both, style
from weave.run import figure_text


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
                found = defects_in_both(figure, figure_text.load(self.module))
            self.defects += [f"{name}: {defect}" for defect in found]
            plt.close(figure)
            self.figures[name], self.arguments[name] = figure, args
            return figure

        return record


@functools.cache
def run_of(module: str) -> Run:
    """Run the snippet's main() in this process, in an empty folder; but once."""
    snippet, run = importlib.import_module(f"snippets.{module}"), Run(module)
    plots = {n: plot for n, plot in vars(snippet).items() if n.startswith("plot_")}
    out = io.StringIO()
    with (
        pytest.MonkeyPatch.context() as patch,
        tempfile.TemporaryDirectory() as empty,
        contextlib.chdir(empty),
        contextlib.redirect_stdout(out),
    ):
        patch.setattr(plt, "show", lambda: None)
        for name, plot in plots.items():
            patch.setattr(snippet, name, run.recorded(plot))
        run.values = snippet.main()
        assert not any(Path(empty).iterdir()), "a snippet writes no files"
    run.printed = out.getvalue()
    return run
