"""Runs a snippet's notebook once, in a kernel of its own, in an empty folder."""

import asyncio
import os
import re
import sys
import tempfile
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbconvert.preprocessors import CoalesceStreamsPreprocessor
from nbformat import NotebookNode

from weave.errors import WeaveError
from weave.paths import STYLES, WEAVE
from weave.run.forkserver import ForkProvisioner
from weave.run.notebook import line_of_cell

LONGEST = 300  # seconds a cell may take

STRICT = "import warnings; warnings.simplefilter('error')"

INSTALL = """
import sys, pathlib
sys.path.append({root!r})
from weave.run.figures import install
install(globals(), pathlib.Path({folder!r}), pathlib.Path({styles!r}))
"""


def run(notebook: NotebookNode, folder: Path, name: str, source: str) -> None:
    """Execute ``notebook`` in place; figures and values go into ``folder``.

    Raises WeaveError, with the snippet's file and line, if a cell raises or warns.
    """
    install = INSTALL.format(
        root=str(WEAVE.parent), folder=str(folder.resolve()), styles=str(STYLES)
    )
    helpers = [nbformat.v4.new_code_cell(text) for text in (STRICT, install)]
    cells = notebook.cells
    notebook.cells = [helpers[0], *cells[:-1], helpers[1], cells[-1]]
    try:
        _execute(notebook)
    except CellExecutionError as error:
        raise WeaveError(_explain(error, notebook, name, source)) from error
    finally:
        notebook.cells = cells
    _forget_counts(notebook)
    _refuse_stderr(notebook, name)


def _execute(notebook: NotebookNode) -> None:
    with tempfile.TemporaryDirectory() as empty, tempfile.TemporaryDirectory() as own:
        client = NotebookClient(
            notebook,
            km=_kernel(Path(own) / "k.json"),
            timeout=LONGEST,
            record_timing=False,
            shutdown_kernel="immediate",
            resources={"metadata": {"path": empty}},
        )
        # nbclient leaves a kernel it was given running, unless told otherwise.
        asyncio.run(client.async_execute(cleanup_kc=True))
    # What is printed arrives in pieces, cut by the clock. nbclient's coalesce_streams
    # would also move all that is printed after a figure to before it.
    CoalesceStreamsPreprocessor().preprocess(notebook, {})


def _kernel(connection: Path) -> AsyncKernelManager:
    manager = AsyncKernelManager(connection_file=str(connection))
    # This interpreter, whatever kernels the machine knows by the name of python3.
    spec = KernelSpec(argv=[sys.executable], language="python")
    manager._kernel_spec = spec
    manager.provisioner = ForkProvisioner(kernel_spec=spec, parent=manager)
    if os.name == "posix":  # a free port may be taken before the kernel gets there
        manager.transport, manager.ip = "ipc", str(connection.with_suffix(""))
    return manager


def _forget_counts(notebook: NotebookNode) -> None:
    """Number the cells as if the build's own had never been there."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for count, cell in enumerate(code, start=1):
        cell["execution_count"] = count


def _refuse_stderr(notebook: NotebookNode, name: str) -> None:
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr":
                raise WeaveError(f"{name}: wrote to stderr:\n{output['text']}")


def _explain(
    error: CellExecutionError, notebook: NotebookNode, name: str, source: str
) -> str:
    """Say in which line of the snippet's file it went wrong."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", error.traceback)
    sources = {
        cell["execution_count"]: cell.source
        for cell in notebook.cells
        if cell.get("execution_count")
    }
    line = 1
    for count, row in re.findall(r"Cell In\[(\d+)\], line (\d+)", plain):
        cell = sources.get(int(count), "")
        if cell and cell in source:
            line = line_of_cell(source, cell) + int(row) - 1
    return (
        f"{name}:{line}: {error.ename}: {error.evalue}\n"
        f"The snippet stopped; run `python {name}` to see it alone."
    )
