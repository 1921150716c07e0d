"""The kernels of all pages: a few at once, each as long as its page uses it.

They live in one thread with one event loop.
"""

import asyncio
import secrets
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from weave.live.gate import RefusedError
from weave.live.kernel import Kernel
from weave.live.limits import Limits
from weave.live.visit import Visit
from weave.run.forkserver import begin

Result = TypeVar("Result")

RETURN = 3  # seconds in which a page that was left may come again: it was reloaded
LOOK = 5  # seconds between looks for kernels that nobody uses
REMEMBERED = 50  # visits without a kernel whose pages may ask why
SHELL = b"import weave.live.shell, matplotlib.backends.backend_svg"


class Pool:
    """Opens a visit for a page, and ends those that are over."""

    def __init__(self, snippets: Path, limits: Limits) -> None:
        """Take the folder that cells may import from."""
        self.snippets, self.limits = snippets.resolve(), limits
        self.visits: dict[str, Visit] = {}
        self._leaving: dict[str, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._opening = asyncio.Lock()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._live, name="live", daemon=True)

    def start(self) -> None:
        """Begin to import what kernels need; what does so ends with this thread.

        None that answers a single request may call this.
        """
        sources = [path.read_bytes() for path in sorted(self.snippets.glob("*.py"))]
        begin([SHELL, *sources])
        self._thread.start()

    def _live(self) -> None:
        idle = self._loop.create_task(self._end_idle())
        self._loop.run_forever()
        idle.cancel()
        self._loop.run_until_complete(asyncio.gather(idle, return_exceptions=True))

    def stop(self) -> None:
        """End all kernels."""
        self.call(self._end_all())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def call(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Do this in the thread of the kernels; return what comes of it."""
        done: Future[Result] = asyncio.run_coroutine_threadsafe(work, self._loop)
        return done.result()

    def do(self, work: Callable[[], Result]) -> Result:
        """Do this there too, which takes no time."""

        async def now() -> Result:
            return work()

        return self.call(now())

    async def open(self) -> str:
        """Start a kernel for a page; return the visit's name, which nobody guesses."""
        async with self._opening:
            await self._make_room()
            name = secrets.token_urlsafe(16)
            start = partial(Kernel.start, self.snippets, self.limits)
            visit = Visit(start, self.limits)
            await visit.open()
            self.visits[name] = visit
            return name

    async def reopen(self, name: str) -> None:
        """Start the kernel of a visit anew."""
        visit = self.visit(name)
        async with self._opening:
            if visit.why:
                await self._make_room()
            await visit.open()

    async def _make_room(self) -> None:
        """Let a kernel give way: of a page that was left, or longest not used.

        Raises RefusedError if all are busy.
        """
        alive = [visit for visit in self.visits.values() if not visit.why]
        if len(alive) < self.limits.kernels:
            return
        if self._leaving:
            return await self._forget(next(iter(self._leaving)))
        idle = [visit for visit in alive if not visit.running]
        if not idle:
            raise RefusedError("503 Service Unavailable", "full")
        await min(idle, key=lambda visit: visit.used).end("gave-way")

    def visit(self, name: str) -> Visit:
        """Return a visit; its page is still there, or there again."""
        if name not in self.visits:
            raise RefusedError("404 Not Found", "unknown")
        if leaving := self._leaving.pop(name, None):
            leaving.cancel()
        return self.visits[name]

    def leave(self, name: str) -> None:
        """End a visit soon, unless its page comes again."""
        self.visit(name)

        def forget() -> None:
            task = self._loop.create_task(self._forget(name))
            self._tasks.add(task)  # or it could be collected
            task.add_done_callback(self._tasks.discard)

        self._leaving[name] = self._loop.call_later(RETURN, forget)

    async def _forget(self, name: str) -> None:
        if leaving := self._leaving.pop(name, None):
            leaving.cancel()
        if visit := self.visits.pop(name, None):
            await visit.end("left")

    async def _end_idle(self) -> None:
        while True:
            await asyncio.sleep(min(LOOK, self.limits.idle))
            latest = time.monotonic() - self.limits.idle
            for visit in list(self.visits.values()):
                if not visit.why and not visit.running and visit.used < latest:
                    await visit.end("idle")
            over = [name for name, visit in self.visits.items() if visit.why]
            for name in over[:-REMEMBERED]:
                await self._forget(name)

    async def _end_all(self) -> None:
        await asyncio.gather(*map(self._forget, list(self.visits)), *self._tasks)
