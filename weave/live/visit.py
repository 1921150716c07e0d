"""A page's visit: its kernel, its runs one after another, and all that they said."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

from weave.live import FIGURE
from weave.live.gate import RefusedError
from weave.live.kernel import EndedError, Kernel, Message
from weave.live.limits import Limits

Event = dict[str, Any]
Start = Callable[[], Awaitable[Kernel]]

ENTER = "get_ipython().weave.enter(**{where!r})"
AGAIN, GRACE = 1, 3  # seconds until an interrupted cell is so again; until it is killed


class Step(NamedTuple):
    """Code of one cell, and where it runs."""

    cell: str
    code: str
    space: str
    language: str = "en"
    module: str = ""
    fresh: bool = False
    unseen: bool = False

    @property
    def enter(self) -> str:
        """The code that says to the kernel's shell where the next code runs."""
        told = ("cell", "space", "fresh", "language", "module")
        return ENTER.format(where={name: getattr(self, name) for name in told})


class Visit:
    """What is known of one page; lives in the pool's own thread."""

    def __init__(self, start: Start, limits: Limits) -> None:
        self._start, self._limits = start, limits
        self._kernel: Kernel | None = None
        self._watch: asyncio.Task[None] | None = None
        self.why: str | None = "new"  # there is no kernel
        self.events: list[Event] = []
        self.used = time.monotonic()
        self._count = self._runs = self._open = 0
        self._stops = 0  # how often what was running had to end
        self._now: object = None  # what runs: another thing for each step
        self._turn, self._change = asyncio.Lock(), asyncio.Lock()
        self._bell = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def running(self) -> bool:
        """Say whether a run is not over yet."""
        return self._open > 0

    @property
    def pid(self) -> int | None:
        """The kernel's process, if there is one."""
        return self._kernel.process.pid if self._kernel else None

    async def open(self) -> None:
        """Start a kernel in place of the last. Raises RuntimeError if none starts."""
        async with self._change:
            await self._end("restart")
            self._kernel = await self._start()
            self.why = None
            self._watch = asyncio.create_task(self._until_gone(self._kernel))
            self._tell(kind="fresh")
        self.used = time.monotonic()

    async def end(self, why: str) -> None:
        """End the kernel; the page is told why."""
        async with self._change:
            await self._end(why)

    async def _end(self, why: str) -> None:
        self._stops += 1
        if self._kernel:
            self.why = why
            self._kernel.kill()
        if self._watch:
            await self._watch

    async def _until_gone(self, kernel: Kernel) -> None:
        """Wait for the end of the process, and say why it came."""
        await kernel.gone()
        self._kernel, self.why = None, self.why or "died"
        if self.why != "restart":
            self._tell(kind="gone", why=self.why)
        await kernel.end()

    def run(self, steps: list[Step]) -> None:
        """Run the steps when the runs before are over; what they say becomes events."""
        if self.why:
            raise RefusedError("409 Conflict", "gone", why=self.why)
        self._runs += 1
        self._open += 1
        task = asyncio.create_task(self._run(self._runs, steps, self._stops))
        self._tasks.add(task)  # or it could be collected
        task.add_done_callback(self._tasks.discard)

    async def _run(self, run: int, steps: list[Step], stops: int) -> None:
        outcome = "died"
        try:
            async with self._turn:
                for number, step in enumerate(steps, start=1):
                    outcome = await self._step(run, step, number, len(steps), stops)
                    if outcome != "ok":
                        break
        finally:
            self._open -= 1
            self.used = time.monotonic()
            self._tell(kind="done", run=run, outcome=outcome)

    async def _step(
        self, run: int, step: Step, number: int, of: int, stops: int
    ) -> str:
        if not step.unseen:  # what it said before is not said any more
            self.events = [e for e in self.events if e.get("cell") != step.cell]
        about = {"run": run, "cell": step.cell}
        self._tell(kind="begin", **about, unseen=step.unseen, step=number, of=of)
        start, outcome = time.monotonic(), "stopped"
        if self._stops == stops and self._kernel:
            self._now = object()
            with self._ending_late(about):
                outcome = await self._answer(self._kernel, step, about)
            self._now = None
        if self._stops != stops and outcome != "ok":
            outcome = "stopped"
        seconds = round(time.monotonic() - start, 3)
        end = {"unseen": step.unseen, "outcome": outcome, "seconds": seconds}
        self._tell(kind="end", **about, **end)
        return outcome

    async def _answer(self, kernel: Kernel, step: Step, about: Event) -> str:
        """Tell what a cell says as it comes; return how it went."""
        outcome, room = "ok", self._limits.characters
        with suppress(EndedError):
            async for _ in kernel.run(step.enter, silent=True):
                pass
            async for message in kernel.run(step.code):
                for said in _events(message):
                    wrong, size = said["kind"] == "error", len(said.get("text", ""))
                    outcome = "error" if wrong else outcome
                    if wrong or (not step.unseen and room > 0):
                        self._tell(**_cut(said, room), **about)
                    if size > room > 0:
                        self._tell(kind="cut", **about, limit=self._limits.characters)
                        self.interrupt()
                    room -= size
            return outcome
        return "died"

    @contextmanager
    def _ending_late(self, about: Event) -> Iterator[None]:
        """Interrupt what takes longer than a cell may."""
        stops = self._stops

        def late() -> None:
            if self._stops != stops:  # it is stopped already
                return
            self._tell(kind="late", **about, limit=self._limits.seconds)
            self.interrupt()

        loop = asyncio.get_running_loop()
        timer = loop.call_later(self._limits.seconds, late)
        try:
            yield
        finally:
            timer.cancel()

    def interrupt(self) -> None:
        """End what is running and what waits for it; if need be, with the kernel."""
        self._stops += 1
        if kernel := self._kernel:
            kernel.interrupt()
            later = asyncio.get_running_loop().call_later
            later(AGAIN, self._insist, self._now, kernel.interrupt)
            later(GRACE, self._insist, self._now, self._kill)

    def _insist(self, what: object, end: Callable[[], None]) -> None:
        """Do so, if what was told to stop still runs."""
        if what and self._now is what:
            end()

    def _kill(self) -> None:
        self.why = "killed"
        if self._kernel:
            self._kernel.kill()

    def _tell(self, **event: Any) -> None:
        self._count += 1
        self.events.append({"n": self._count, **event})
        self._bell.set()
        self._bell = asyncio.Event()

    async def news(self, after: int, wait: float) -> tuple[list[Event], bool]:
        """Return the events after a number, and whether more will come.

        If there are none, wait for them for so many seconds, while a run is open.
        """
        if self._count <= after and self.running:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._bell.wait(), wait)
        return [event for event in self.events if event["n"] > after], self.running


def _cut(event: Event, room: int) -> Event:
    """Return the event with no more text than there is room for."""
    return event | {"text": event["text"][:room]} if "text" in event else event


def _events(message: Message) -> Iterator[Event]:
    """Yield what a page is told of a kernel's message."""
    content, data = message["content"], message["content"].get("data", {})
    match message["msg_type"]:
        case "stream":
            yield {"kind": "text", "stream": content["name"], "text": content["text"]}
        case "display_data" if FIGURE in data:
            yield {"kind": "figure", **data[FIGURE]}
        case "display_data" | "execute_result":
            yield {"kind": "value", "text": data.get("text/plain", "")}
        case "error":
            lines = json.loads(content["traceback"][0])
            said = {"name": content["ename"], "message": content["evalue"]}
            yield {"kind": "error", **said, "lines": lines}
