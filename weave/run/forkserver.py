"""Starts kernels as forks of one process that has imported what they will import.

Twelve snippets would import PyTorch twelve times, seconds each. Where a process can not
be forked safely (macOS, Windows), every kernel imports for itself.
"""

import ast
import multiprocessing
import os
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from jupyter_client.connect import KernelConnectionInfo as Info
from jupyter_client.provisioning import LocalProvisioner

# One thread a kernel: snippets run side by side, and sums do not depend on the machine.
LIBRARIES = ("OMP", "MKL", "OPENBLAS", "VECLIB")  # each asks for its own, then OMP's
ENVIRONMENT = {
    **{f"{library}_NUM_THREADS": "1" for library in LIBRARIES},
    **{"MPLBACKEND": "agg", "PYTHONHASHSEED": "0"},
}

_WAY = "forkserver" if sys.platform == "linux" else "spawn"
_context: Any = multiprocessing.get_context(_WAY)
_starting = threading.Lock()


def preload(sources: Iterable[bytes]) -> None:
    """Let the process that will be forked import what these sources import.

    Works before the first kernel starts; later kernels import what is missing.
    """
    modules = sorted({name for source in sources for name in _imports(source)})
    _context.set_forkserver_preload(["ipykernel.kernelapp", *modules])


def _imports(source: bytes) -> Iterator[str]:
    try:
        tree = ast.parse(source)
    except SyntaxError:
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
        with _starting, _environment():
            self._process.start()
        self.pid: int = self._process.pid

    def poll(self) -> int | None:
        code: int | None = self._process.exitcode
        return code

    def wait(self) -> int | None:
        self._process.join()
        return self.poll()

    def send_signal(self, signal: int) -> None:
        os.kill(self.pid, signal)

    def kill(self) -> None:
        self._process.kill()

    def terminate(self) -> None:
        self._process.terminate()


@contextmanager
def _environment() -> Iterator[None]:
    """What a new process inherits: it may be read before the kernel's first cell."""
    before = os.environ.copy()
    os.environ.update(ENVIRONMENT)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _kernel(connection_file: str, cwd: str) -> None:
    from ipykernel.kernelapp import IPKernelApp

    os.chdir(cwd)
    # It would warn that a local socket is a socket.
    quiet = ["-f", connection_file, "--log-level=ERROR"]
    IPKernelApp.launch_instance(argv=quiet, parent_handle=os.getppid())
