"""Whatever a page does, in whatever order: nothing is left, no answer is another's.

A failure names the seed of its sequence.
"""

import os
import random
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial

import psutil
import pytest

from tests.weave.live.asking import Asker, Event, text
from weave.live.server import Server

pytestmark = pytest.mark.xdist_group("live")

ENDS = ["interrupt", "restart", "kill", "leave"]
LONGEST = 5  # seconds that a process may live after its page


class Sequence:
    """What one page does, drawn at random; knows which processes it had."""

    def __init__(self, port: int, seed: int) -> None:
        self.draw, self.page = random.Random(seed), Asker(port)
        self.pids: set[int] = set()
        self.heard: list[Event] = []
        self.number = 0

    def step(self, more: str = "") -> Event:
        """A cell that says its own name and its process, and goes on."""
        self.number += 1
        cell = f"{self.page.kernel[:6]}-{self.number}"
        code = f"import os\nprint({cell!r}, os.getpid(), flush=True)\n{more}"
        return {"cell": cell, "code": code, "space": "s"}

    def hear(self, event: Event) -> None:
        self.heard.append(event)
        if event["kind"] == "text":
            self.pids |= {int(line.split()[1]) for line in event["text"].splitlines()}

    def calm(self) -> None:
        """Run a few cells, and hear all of each."""
        steps = [self.step() for _ in range(self.draw.randint(1, 3))]
        events = list(self.page.start(*steps))
        for event in events:
            self.hear(event)
        assert [line.split()[0] for line in text(events).splitlines()] == [
            step["cell"] for step in steps
        ]

    def rough(self, end: str) -> None:
        """End a cell, and one that waits, while it runs."""
        for event in self.page.start(self.step("while True:\n    pass"), self.step()):
            self.hear(event)
            if event["kind"] == "text":
                self.end(end)
        if not self.page.do("state")["alive"]:
            assert self.page.do("restart") == {}

    def end(self, end: str) -> None:
        if end == "kill":
            for pid in self.pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        else:
            self.page.do(end)
        if end == "leave":  # and come again, before it is over
            assert self.page.do("state")["alive"]
            self.page.do("interrupt")

    def play(self) -> None:
        self.page.open()
        for _ in range(self.draw.randint(2, 5)):
            end = self.draw.choice(["", *ENDS])
            if end:
                self.rough(end)
            else:
                self.calm()
        for event in [*self.heard, *self.page.again()]:
            if event["kind"] == "text":
                assert {line.split()[0] for line in event["text"].splitlines()} == {
                    event["cell"]
                }
        self.page.do("leave")


def _play(port: int, seed: int) -> set[int]:
    sequence = Sequence(port, seed)
    try:
        sequence.play()
    except Exception as error:
        error.add_note(f"seed {seed}")
        raise
    return sequence.pids


def _play_all(server: Server, seeds: range) -> None:
    with ThreadPoolExecutor(4) as pages:
        pids = set().union(*pages.map(partial(_play, server.server_port), seeds))
    processes = []
    for pid in pids:
        with suppress(psutil.NoSuchProcess):
            processes.append(psutil.Process(pid))
    assert len(pids) >= len(seeds)
    assert psutil.wait_procs(processes, timeout=LONGEST)[1] == []


def test_sequences_leave_nothing(live: Server) -> None:
    _play_all(live, range(8))


@pytest.mark.audit
def test_200_sequences_leave_nothing(live: Server) -> None:
    _play_all(live, range(8, 208))
