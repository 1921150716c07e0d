"""Runs inside a page's kernel: namespaces, figures in our style, short errors."""

import json
import linecache
import multiprocessing
import sys
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from io import StringIO
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any

import matplotlib
import matplotlib.pyplot as plt
from ipykernel.compiler import get_file_name
from IPython.core.getipython import get_ipython
from IPython.core.inputtransformer2 import leading_empty_lines
from IPython.display import display
from matplotlib.figure import Figure

from weave.live import FIGURE
from weave.run import chinese, figure_text, pictures
from weave.run.figures import set_style

SHOWN = 5  # lines of an error, from its beginning and from its end
DOTS = 96  # CSS pixels in an inch


class Shell:
    """What IPython does here in another way; knows which cell is running."""

    def __init__(self, shell: Any, styles: Path, characters: int) -> None:
        self.shell, self.styles, self.characters = shell, styles, characters
        self.spaces: dict[str, ModuleType] = {}
        self.cells: dict[str, str] = {}  # by the file that a frame names
        self.cell, self.language, self.module = "", "en", ""
        self.printed = 0

    def enter(
        self, cell: str, space: str, fresh: bool, language: str, module: str
    ) -> None:
        """Let the next code be that of a cell, with the variables of its namespace."""
        self.cell, self.language, self.module = cell, language, module
        self.printed = 0
        if fresh or space not in self.spaces:
            self.spaces[space] = ModuleType("__main__")
        own = self.spaces[space]
        sys.modules["__main__"] = own
        self.shell.user_module, self.shell.user_ns = own, vars(own)
        self.shell.init_user_ns()

    def begin(self, info: Any) -> None:
        """Note the file by which a frame of this code will be known."""
        self.cells[get_file_name(info.raw_cell)] = self.cell

    def show(self, *_: object, **__: object) -> None:
        """Show the open figures below the cell, and close them."""
        for number in plt.get_fignums():
            data = {FIGURE: self._picture(plt.figure(number)), "text/plain": ""}
            display(data, raw=True)
        plt.close("all")

    def _picture(self, figure: Figure) -> dict[str, Any]:
        with self._speaking(figure):
            file = StringIO()
            figure.savefig(file, format="svg", metadata={"Date": None})
        light = file.getvalue()
        width, height = (round(side * DOTS) for side in figure.get_size_inches())
        dark = pictures.darkened(light, self.styles)
        return {"light": light, "dark": dark, "width": width, "height": height}

    def _speaking(self, figure: Figure) -> AbstractContextManager[None]:
        """Give the figure the page's language; what the reader wrote stays."""
        if self.language != "zh":
            return nullcontext()
        figure.draw_without_rendering()  # it has all its texts only then
        return chinese.exchanged(figure, figure_text.load(self.module))

    def explain(self, exc_tuple: Any = None, **_: object) -> None:
        """Publish an error with the lines of the page's own cells alone."""
        kind, error, trace = exc_tuple or sys.exc_info()
        lines = [*self._lines(trace)]
        if len(lines) > 2 * SHOWN:  # a recursion
            lines = lines[:SHOWN] + lines[-SHOWN:]
        if isinstance(error, SyntaxError) and error.filename in self.cells:
            code = (error.text or "").rstrip("\n")
            lines.append(self._line(error.filename, error.lineno or 1, "", code))
            error = error.msg  # without the name of a file that nobody has seen
        self.shell._showtraceback(kind, error, [json.dumps(lines)])

    def _lines(self, trace: TracebackType | None) -> Iterator[dict[str, Any]]:
        while trace:
            code = trace.tb_frame.f_code
            if code.co_filename in self.cells:
                name = code.co_name.strip("<>").replace("module", "")
                line = linecache.getline(code.co_filename, trace.tb_lineno)
                yield self._line(code.co_filename, trace.tb_lineno, name, line.rstrip())
            trace = trace.tb_next

    def _line(self, file: str, line: int, name: str, code: str) -> dict[str, Any]:
        return {"cell": self.cells[file], "line": line, "name": name, "code": code}

    def limit(self, stream: Any) -> None:
        """Let no cell write much more than may be sent: memory would fill with it."""
        write = stream.write

        def limited(text: str) -> int:
            room = max(0, self.characters + 1 - self.printed)
            self.printed += len(text)
            write(text[:room])
            return len(text)

        stream.write = limited


def install(styles: str, characters: int) -> None:
    """Make the kernel's shell one of a page."""
    shell: Any = get_ipython()
    own = Shell(shell, Path(styles), characters)
    set_style(own.styles)
    # A cell may have processes of its own, as PyTorch's loaders do, in the usual way.
    multiprocessing.current_process().daemon = False
    multiprocessing.set_start_method(None, force=True)
    chinese.add_font()  # for words that the reader writes
    matplotlib.rcParams["font.family"] = ["DejaVu Sans", chinese.FAMILY[0]]
    # A function, no method: Matplotlib notes its signature on it.
    plt.show = lambda *args, **kwargs: own.show()
    warnings.formatwarning = _short
    shell.weave = own
    shell.showtraceback = shell.showsyntaxerror = own.explain
    shell.events.register("pre_run_cell", own.begin)
    shell.events.register("post_run_cell", own.show)
    warnings.filterwarnings("ignore", "To exit: use")  # IPython's, on sys.exit()
    # It takes empty lines off the top: lines would have other numbers than on the page.
    cleanup = shell.input_transformer_manager.cleanup_transforms
    cleanup[:] = [one for one in cleanup if one is not leading_empty_lines]
    for stream in (sys.stdout, sys.stderr):
        own.limit(stream)


def _short(message: Any, category: type[Warning], *_: object, **__: object) -> str:
    return f"{category.__name__}: {message}\n"
