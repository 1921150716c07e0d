"""One kernel: a process that runs a page's code, over jupyter_client."""

import asyncio
import signal
import tempfile
from collections.abc import AsyncIterator
from contextlib import suppress
from multiprocessing import util
from pathlib import Path
from typing import Any

import psutil
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager

from weave.live.limits import Limits
from weave.paths import STYLES, WEAVE
from weave.run.kernel import STARTUP, manager_at

INSTALL = """
import sys
sys.path += {paths!r}
sys.dont_write_bytecode = True
from weave.live.shell import install
install({styles!r}, {characters!r})
"""
GLANCE = 0.05  # seconds between looks at whether the process still lives

Message = dict[str, Any]


class EndedError(Exception):
    """The process is gone: what it was running has no answer."""


class Kernel:
    """A process that runs one piece of code after another."""

    def __init__(
        self, folder: Any, manager: AsyncKernelManager, client: AsyncKernelClient
    ) -> None:
        self._folder, self._manager, self._client = folder, manager, client
        self._ended = asyncio.ensure_future(self._end_of_process())

    @classmethod
    async def start(cls, snippets: Path, limits: Limits) -> "Kernel":
        """Start a process in an empty folder; it imports modules from ``snippets``.

        Raises RuntimeError if it does not start.
        """
        # Here, so that it goes with the server's sockets, however that ends.
        folder = tempfile.TemporaryDirectory(dir=util.get_temp_dir())
        own = manager_at(Path(folder.name) / "kernel.json")
        empty = Path(folder.name) / "empty"
        empty.mkdir()
        await own.start_kernel(cwd=str(empty))
        client = own.client()
        client.start_channels(stdin=False, hb=False)  # nobody is there to be asked
        kernel = cls(folder, own, client)
        try:
            await asyncio.wait_for(kernel._install(snippets, limits), STARTUP)
        except (TimeoutError, EndedError, RuntimeError) as error:
            await kernel.end()
            raise RuntimeError(str(error) or "it does not answer") from error
        return kernel

    async def _install(self, snippets: Path, limits: Limits) -> None:
        await self._hear()
        paths, styles = [str(snippets), str(WEAVE.parent)], str(STYLES)
        code = INSTALL.format(paths=paths, styles=styles, characters=limits.characters)
        async for message in self.run(code, silent=True):
            if message["msg_type"] == "error":
                raise RuntimeError(message["content"]["evalue"])

    async def _hear(self) -> None:
        """Wait until what the kernel publishes arrives."""
        while True:
            self._client.kernel_info()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._next(), 0.2)
                return

    async def run(self, code: str, silent: bool = False) -> AsyncIterator[Message]:
        """Yield what the code gives, as it comes, until it is done.

        Raises EndedError if the process ends before.
        """
        asked = self._client.execute(code, silent=silent, store_history=False)
        while True:
            message = await self._next()
            if message["parent_header"].get("msg_id") != asked:
                continue  # a thread of a cell that was run before
            yield message
            if message["content"].get("execution_state") == "idle":
                return

    async def _next(self) -> Message:
        getting = asyncio.ensure_future(self._client.get_iopub_msg())
        try:
            both = {getting, self._ended}
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            if not getting.done():
                raise EndedError
            message: Message = getting.result()
            return message
        finally:
            getting.cancel()

    @property
    def process(self) -> Any:
        """What was forked: has ``pid``, ``poll``, ``kill``."""
        provisioner: Any = self._manager.provisioner
        return provisioner.process

    async def _end_of_process(self) -> None:
        while self.process.poll() is None:
            await asyncio.sleep(GLANCE)

    @property
    def alive(self) -> bool:
        """Say whether the process is there."""
        return not self._ended.done()

    async def gone(self) -> None:
        """Wait for the end of the process."""
        await asyncio.wait({self._ended})

    def interrupt(self) -> None:
        """Raise KeyboardInterrupt in what is running."""
        self.process.send_signal(signal.SIGINT)

    def kill(self) -> None:
        """End the process, and those that it started, at once."""
        with suppress(psutil.NoSuchProcess):
            for child in psutil.Process(self.process.pid).children(recursive=True):
                with suppress(psutil.NoSuchProcess):
                    child.kill()
        self.process.kill()

    async def end(self) -> None:
        """End the process, and take away its folder."""
        self.kill()
        await self.gone()
        self._client.stop_channels()
        await self._manager.shutdown_kernel(now=True)
        with suppress(OSError):  # what it started may still write there
            self._folder.cleanup()
