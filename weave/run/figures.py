"""Runs inside a snippet's kernel: keeps what is drawn, and what pages may quote.

``plt.show()`` keeps every open figure under the name of its cell, and shows it below.
When the last cell has run, the drawings of ``assets/figures/<module>.py`` are called
with the run's variables.
"""

import base64
import importlib.util
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, NamedTuple

import matplotlib
import matplotlib.pyplot as plt
from IPython.core.getipython import get_ipython
from IPython.display import display
from matplotlib.figure import Figure

from weave.run import pictures, variables


class Cell(NamedTuple):
    """A code cell: its name, if it has one, and the snippet's line it begins on."""

    name: str
    line: int


class PlacedError(Exception):
    """What went wrong after the last cell, beginning with the file and its line."""


class Recorder:
    """What a run leaves in its folder; knows which cell is running."""

    def __init__(
        self, snippet: str, cells: list[tuple[str, int]], folder: str, styles: str
    ) -> None:
        """Take ``snippets/<module>.py``, its code cells in order, and two folders."""
        self.snippet, self.folder, self.styles = snippet, Path(folder), Path(styles)
        self.cells = iter([Cell(*cell) for cell in cells])
        self.cell = Cell("", 1)
        self.left_open: Cell | None = None

    def begin(self, _info: object = None) -> None:
        """Note that the next cell begins, and whether the one before has shown all."""
        if plt.get_fignums() and not self.left_open:
            self.left_open = self.cell
        self.cell = next(self.cells, self.cell)

    def show(self) -> None:
        """Keep the open figures, show them below the cell, and close them."""
        for number in plt.get_fignums():
            self.keep(plt.figure(number), self._free_name())
        plt.close("all")

    def _free_name(self) -> str:
        """Return the cell's name, or with -2, -3 after it for a further figure."""
        name = self.cell.name
        if not name:
            raise ValueError('a cell that draws has a name: # %% name="curve"')
        further = (f"{name}-{number}" for number in range(2, 100))
        return next(n for n in [name, *further] if not self._kept(n))

    def _kept(self, name: str) -> bool:
        return (self.folder / f"{name}.en.png").exists()

    def keep(self, figure: Figure, name: str, shown: bool = True) -> None:
        """Write the figure's pictures; show it, as any notebook can show it."""
        pictures.save(figure, name, self.folder, self.styles)
        if shown:
            png = (self.folder / f"{name}.en.png").read_bytes()
            text = base64.b64encode(png).decode()
            data = {"image/png": text, "text/plain": f"<figure {name}>"}
            display(data, raw=True, metadata={"weave": {"figure": name}})
        plt.close(figure)

    def finish(self, namespace: dict[str, Any], names: list[str]) -> None:
        """Write the variables of these names, and let the module's drawings draw."""
        self.begin()
        if self.left_open:
            raise PlacedError(
                f"{self.snippet}:{self.left_open.line}: this cell draws a figure that "
                "it does not show: end it with plt.show()"
            )
        variables.write(namespace, names, self.folder / "values.json")
        run = SimpleNamespace(**namespace)
        path = self.styles / Path(self.snippet).name
        with _placed(path):
            found = dict(drawings(path))
        for name, draw in found.items():
            with _placed(path, f"{name}: ", draw.__code__.co_firstlineno):
                self._draw(name, draw(run))

    def _draw(self, name: str, figure: Figure) -> None:
        if self._kept(name):
            raise ValueError(f"a cell of {self.snippet} has the name {name}, too")
        self.keep(figure, name, shown=False)


def install(
    snippet: str, cells: list[tuple[str, int]], folder: str, styles: str
) -> Recorder:
    """Draw in the light palette from now on; return what keeps the run's figures."""
    set_style(Path(styles))
    recorder = Recorder(snippet, cells, folder, styles)
    # A function, no method: Matplotlib notes its signature on it.
    plt.show = lambda *args, **kwargs: recorder.show()
    if shell := get_ipython():
        shell.events.register("pre_run_cell", recorder.begin)
    return recorder


def set_style(styles: Path) -> None:
    """Draw in the light palette, whatever the machine says in a matplotlibrc."""
    matplotlib.rcdefaults()
    plt.style.use([styles / "base.mplstyle", styles / "light.mplstyle"])


def drawings(path: Path) -> Iterator[tuple[str, Callable[..., Figure]]]:
    """Yield the drawings of a module, by their names; none, if it is not there."""
    if path.exists():
        for name, value in vars(_load(path)).items():
            own = getattr(value, "__module__", "") == f"assets.figures.{path.stem}"
            if own and callable(value) and not name.startswith("_"):
                yield name, value


@contextmanager
def _placed(path: Path, what: str = "", line: int = 1) -> Iterator[None]:
    """Name the line of a module of drawings on which an error came up."""
    try:
        yield
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        lines = [frame.lineno for frame in frames if frame.filename == str(path)]
        if isinstance(error, SyntaxError) and error.filename == str(path):
            lines.append(error.lineno)
        where = f"assets/figures/{path.name}:{[line, *lines][-1]}"
        raise PlacedError(f"{where}: {what}{type(error).__name__}: {error}") from None


def _load(path: Path) -> ModuleType:
    """Import a module of drawings from where it lies."""
    spec = importlib.util.spec_from_file_location(f"assets.figures.{path.stem}", path)
    if spec is None or spec.loader is None:  # never, of a file that ends in .py
        raise ImportError(str(path))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
