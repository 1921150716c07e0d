"""Runs a snippet's notebook once, in a kernel of its own, in an empty folder."""

import asyncio
import os
import re
import signal
import sys
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import nbformat
from ipykernel.compiler import get_file_name
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbconvert.preprocessors import CoalesceStreamsPreprocessor
from nbformat import NotebookNode

from weave.errors import WeaveError
from weave.paths import STYLES, WEAVE
from weave.run.demonstrations import set_once
from weave.run.forkserver import FORKS, ForkProvisioner

LONGEST = "WEAVE_TIMEOUT"  # the environment variable: seconds a cell may take
STARTUP = 60  # seconds a kernel may take to answer
GRACE = 2  # seconds in which a cell that is interrupted may say where it was

STRICT = """
import warnings
warnings.simplefilter("error")
warnings.filterwarnings("ignore", "To exit: use")  # IPython's, on sys.exit()
"""

INSTALL = """
import sys
sys.path.append({root!r})
from weave.run.figures import install
_weave = install({name!r}, {cells!r}, {folder!r}, {styles!r})
"""
FINISH = "_weave.finish(globals(), {names!r})"


class CellStoppedError(Exception):
    """A cell did not come to its end: what happened, in which cell, perhaps where."""

    def __init__(self, what: str, cell: NotebookNode, traceback: str = "") -> None:
        super().__init__(what)
        self.cell, self.traceback = cell, traceback


async def run(notebook: NotebookNode, folder: Path, name: str) -> None:
    """Execute ``notebook`` in place; figures and values go into ``folder``.

    Raises WeaveError, with the snippet's file and line, if a cell raises, warns, takes
    too long or ends its process.
    """
    cells = notebook.cells
    notebook.cells = _with_helpers(cells, folder, name)
    try:
        await _execute(notebook, folder.parent.resolve())
    except CellStoppedError as stop:
        raise WeaveError(_explain(stop, notebook, name)) from stop
    except RuntimeError as error:  # so jupyter_client says that a kernel does not start
        raise WeaveError(f"{name}:1: no kernel to run it: {error}.") from error
    finally:
        notebook.cells = cells
    _forget_counts(notebook)
    _refuse_stderr(notebook, name)
    _refuse_results(notebook, name)


def _with_helpers(
    cells: list[NotebookNode], folder: Path, name: str
) -> list[NotebookNode]:
    """Add the build's own cells: they make warnings errors, and keep what is drawn."""
    code = [cell for cell in cells if cell.cell_type == "code"]
    begin = INSTALL.format(
        root=str(WEAVE.parent),
        folder=str(folder.resolve()),
        styles=str(STYLES),
        name=name,
        cells=[(cell.metadata.get("name", ""), cell.metadata["line"]) for cell in code],
    )
    first = [_helper(STRICT), _helper(begin)]
    names = set_once(cell.source for cell in code)
    return [*first, *cells, _helper(FINISH.format(names=names))]


def _helper(source: str) -> NotebookNode:
    ours = {"helper": True, "line": 1}
    cell: NotebookNode = nbformat.v4.new_code_cell(source, metadata=ours)
    return cell


async def _execute(notebook: NotebookNode, scratch: Path) -> None:
    limit = longest()
    with tempfile.TemporaryDirectory(dir=scratch) as own:
        async with _kernel(Path(own)) as (manager, kernel):
            client = NotebookClient(notebook, km=manager, record_timing=False)
            client.kc = kernel
            client.reset_execution_trackers()
            for index, cell in enumerate(notebook.cells):
                allowed = STARTUP if cell.metadata.get("helper") else limit
                await _run_cell(client, cell, index, allowed)
    # What is printed arrives in pieces, cut by the clock. nbclient's coalesce_streams
    # would also move all that is printed after a figure to before it.
    CoalesceStreamsPreprocessor().preprocess(notebook, {})


@asynccontextmanager
async def _kernel(
    own: Path,
) -> AsyncIterator[tuple[AsyncKernelManager, AsyncKernelClient]]:
    """Start a kernel in an empty folder; it is killed when the context ends."""
    manager, empty = manager_at(own / "kernel.json"), own / "empty"
    empty.mkdir()
    try:
        await manager.start_kernel(cwd=str(empty))
        client = manager.client()
        client.start_channels(stdin=False)  # nobody is there to be asked
        try:
            await client.wait_for_ready(timeout=STARTUP)
            yield manager, client
        finally:
            client.stop_channels()
    finally:
        await manager.shutdown_kernel(now=True)


def manager_at(connection: Path) -> AsyncKernelManager:
    """Return what starts a kernel here, as a fork where that is safe."""
    manager = AsyncKernelManager(connection_file=str(connection))
    # This interpreter, whatever kernels the machine knows by the name of python3.
    spec = KernelSpec(argv=[sys.executable], language="python")
    manager._kernel_spec = spec
    manager.provisioner = ForkProvisioner(kernel_spec=spec, parent=manager)
    if FORKS:  # Linux: a free port may be taken before the kernel gets there
        manager.transport, manager.ip = "ipc", f"@{uuid.uuid4()}"  # a name, no file
    return manager


async def _run_cell(
    client: NotebookClient, cell: NotebookNode, index: int, limit: int
) -> None:
    what, traceback = "the process ended, without an exception", ""
    manager: Any = client.km
    with _ending(manager.provisioner.process, limit) as timer:
        try:
            await client.async_execute_cell(cell, index)
            return
        except CellExecutionError as error:
            what, traceback = f"{error.ename}: {error.evalue}", error.traceback
        except DeadKernelError:
            pass
        if timer.when() < asyncio.get_running_loop().time():
            what = (
                f"this runs for more than {limit} seconds. "
                f"{LONGEST}={2 * limit} would give a cell twice as long."
            )
    raise CellStoppedError(what, cell, traceback)


@contextmanager
def _ending(process: Any, limit: int) -> Iterator[asyncio.TimerHandle]:
    """Interrupt what takes longer: it says where it was. If it does not, kill it."""
    later = asyncio.get_running_loop().call_later
    timer = later(limit, process.send_signal, signal.SIGINT)
    killer = later(limit + GRACE, process.kill)
    try:
        yield timer
    finally:
        timer.cancel()
        killer.cancel()


def longest() -> int:
    """Return how many seconds a cell may take, as the environment says."""
    said = os.environ.get(LONGEST, "300")
    if not re.fullmatch("[1-9][0-9]{0,5}", said):
        raise WeaveError(
            f"{LONGEST}={said}: not a number of seconds that a cell may take.\n"
            f"Say a whole number from 1 to 999999, or unset it for 300."
        )
    return int(said)


def _forget_counts(notebook: NotebookNode) -> None:
    """Number the cells as if the build's own had never been there."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for count, cell in enumerate(code, start=1):
        cell["execution_count"] = count


def _refuse_stderr(notebook: NotebookNode, name: str) -> None:
    for cell in notebook.cells:
        outputs = cell.get("outputs", [])
        text = "".join(o["text"] for o in outputs if o.get("name") == "stderr")
        if text:
            line = cell.metadata["line"]
            for file, row in re.findall(r'ipykernel_\d+.(\d+\.py)", line (\d+)', text):
                line = _line_in_file(file, int(row), notebook) or line
            last = text.strip().rpartition("\n")[2]  # of a traceback: the error
            raise WeaveError(
                f"{name}:{line}: wrote to stderr: {_brief(last)}\n"
                "What a snippet has to say it prints; a thread must not raise."
            )


def _refuse_results(notebook: NotebookNode, name: str) -> None:
    for cell in notebook.cells:
        if any(o.output_type == "execute_result" for o in cell.get("outputs", [])):
            raise WeaveError(
                f"{name}:{cell.metadata['line']}: only a notebook shows the value of "
                "this cell's last line: print it, or end with plt.show()"
            )


def _line_in_file(file: str, row: int, notebook: NotebookNode) -> int | None:
    """Return the line of the source that a traceback names by the cell's own file."""
    for cell in notebook.cells:
        if Path(get_file_name(cell.source)).name == file:
            return int(cell.metadata["line"]) + row - 1
    return None


def _explain(stop: CellStoppedError, notebook: NotebookNode, name: str) -> str:
    """Say in which line of which file it went wrong."""
    if placed := re.fullmatch(r"PlacedError: (.*)", str(stop), re.S):
        return _brief(placed[1])
    plain = re.sub(r"\x1b\[[0-9;]*m", "", stop.traceback)
    begins = {
        cell["execution_count"]: cell.metadata["line"]
        for cell in notebook.cells
        if cell.get("execution_count") and not cell.metadata.get("helper")
    }
    line = stop.cell.metadata["line"]
    for count, row in re.findall(r"Cell In\[(\d+)\], line (\d+)", plain):
        if int(count) in begins:
            line = begins[int(count)] + int(row) - 1
    return (
        f"{name}:{line}: {_brief(str(stop))}\n"
        f"The snippet stopped; run `python {name}` to see it alone."
    )


def _brief(text: str, lines: int = 5, columns: int = 160) -> str:
    """Return as much of an error's words as there is room for on a screen."""
    rows = text.removesuffix(": ").strip().splitlines()
    cut = [row if len(row) <= columns else f"{row[:columns]}…" for row in rows]
    return "\n".join(cut if len(cut) <= lines else [*cut[:lines], "…"])
