"""Starts kernels as forks of one process that has imported what they will import.

Every snippet would import PyTorch anew, seconds each. Where a process can not
be forked safely (macOS, Windows), every kernel imports for itself.
"""

import ast
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import forkserver, util
from typing import Any

from jupyter_client.connect import KernelConnectionInfo as Info
from jupyter_client.provisioning import LocalProvisioner

from weave import lifeline
from weave.run import kernel_group

# One thread a kernel: snippets run side by side, and sums do not depend on the machine.
LIBRARIES = ("OMP", "MKL", "OPENBLAS", "VECLIB")  # each asks for its own, then OMP's
ENVIRONMENT = {
    **{f"{library}_NUM_THREADS": "1" for library in LIBRARIES},
    **{"MPLBACKEND": "agg", "PYTHONHASHSEED": "0"},
}

FORKS = sys.platform == "linux"
_one_at_a_time = threading.Lock()
_context: Any = multiprocessing.get_context("forkserver" if FORKS else "spawn")


def begin(sources: Iterable[bytes]) -> None:
    """Start the process that will be forked; it imports what these sources import.

    If it runs already, kernels import what is missing. It ends when this thread does.
    """
    if FORKS:
        _ensure_running(sorted({name for one in sources for name in _imports(one)}))


def preload(sources: Iterable[bytes]) -> None:
    """Begin, and wait until all is imported."""
    begin(sources)
    if FORKS:
        _context.Process(target=int, daemon=True).start()


def _ensure_running(modules: list[str]) -> None:
    """Start the process to fork, unless it runs."""
    first = [kernel_group.__name__, "ipykernel.kernelapp"]
    with _environment(), lifeline.undisturbed():
        forkserver.set_forkserver_preload([*first, *modules])
        forkserver.ensure_running()


def _imports(source: bytes) -> Iterator[str]:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return  # the kernel will say where
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Attribute) and node.attr == "optim":
            yield "torch._dynamo"  # the first optimizer imports it, for two seconds


class ForkProvisioner(LocalProvisioner):
    """Jupyter's way to start a kernel here, by a fork in place of a command."""

    async def launch_kernel(self, cmd: list[str], **options: Any) -> Info:
        """Start the kernel in the folder ``cwd``."""
        manager: Any = self.parent
        self.process: Any = _Process(manager.connection_file, options["cwd"])
        self.pid = self.process.pid
        return self.connection_info


class _Process:
    """What the provisioner asks of a process."""

    stdin = stdout = stderr = None

    def __init__(self, connection_file: str, cwd: str) -> None:
        arguments = (connection_file, cwd)
        self._process = _context.Process(target=_kernel, args=arguments, daemon=True)
        if FORKS:
            _ensure_running([])
        with _environment(), lifeline.undisturbed():
            self._process.start()
        self.pid: int = self._process.pid

    def poll(self) -> int | None:
        code: int | None = self._process.exitcode
        return code

    def wait(self) -> int | None:
        self._process.join()
        return self.poll()

    def send_signal(self, signal: int) -> None:
        with suppress(ProcessLookupError):  # it has just ended
            os.kill(self.pid, signal)

    def kill(self) -> None:
        self._process.kill()

    def terminate(self) -> None:
        self._process.terminate()


@contextmanager
def _environment() -> Iterator[None]:
    """What a new process inherits: it may be read before the kernel's first cell."""
    with _one_at_a_time:  # a page's kernel may start while snippets run
        before = os.environ.copy()
        os.environ.update(ENVIRONMENT)
        if FORKS:
            sockets = {kernel_group.SOCKETS: util.get_temp_dir()}
            os.environ.update(lifeline.tied(), **sockets)
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


def _kernel(connection_file: str, cwd: str) -> None:
    from ipykernel.kernelapp import IPKernelApp

    assert not FORKS or os.getpgrp() == os.getppid(), "no kernel is outside the group"
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # the group's leader is another
    os.chdir(cwd)
    # It would warn that a local socket is a socket, and remember what was run.
    quiet = ["--log-level=ERROR", "--HistoryManager.enabled=False"]
    argv = ["-f", connection_file, *quiet]
    IPKernelApp.launch_instance(argv=argv, parent_handle=os.getppid())
