"""How a process ends: with the one that started it, and in good order when told to.

Python would end at SIGTERM with nothing put away: no temporary folder, no kernel.
"""

import asyncio
import ctypes
import os
import signal
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, NoReturn, TypeVar

Result = TypeVar("Result")

PARENT = "WEAVE_PARENT"  # the environment variable that names it
LONGEST = 4  # seconds that putting away may take
_SET_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG, in Linux' sys/prctl.h
_SIGNALS = [  # Windows has few
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP")
    if hasattr(signal, name)
]


def tied() -> dict[str, str]:
    """Return the environment of a child that shall call ``tie``."""
    return {PARENT: str(os.getpid())}


def tie() -> None:
    """Get SIGTERM once the parent is gone, if the parent asked for it.

    Only Linux offers this; elsewhere a child ends when its work is done. For Linux the
    parent is the thread that started this process.
    """
    parent = os.environ.pop(PARENT, None)
    if parent and sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGTERM)
        if os.getppid() != int(parent):  # it was gone before
            os.kill(os.getpid(), signal.SIGTERM)


def exit_in_order(*others: signal.Signals) -> None:
    """Let signals raise SystemExit, but those that others have a use for."""
    for number in set(_SIGNALS) - set(others):
        if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(number, _exit)


def _exit(number: int, frame: FrameType | None) -> NoReturn:
    _hurry()
    sys.exit(128 + number)


def _hurry() -> None:
    """End the process soon, should it not have ended by then."""
    if hasattr(signal, "alarm"):
        signal.alarm(LONGEST)


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine; a signal that would exit cancels it first: it may put away."""

    async def watched() -> Result:
        loop, task, number = asyncio.get_running_loop(), asyncio.current_task(), None

        def cancel(received: int) -> None:
            nonlocal number
            number = received
            _hurry()
            assert task
            task.cancel()

        for own in handled:
            loop.add_signal_handler(own, cancel, own)
        try:
            return await work
        except asyncio.CancelledError:
            if number is not None:
                sys.exit(128 + number)
            raise

    handled = [number for number in _SIGNALS if signal.getsignal(number) is _exit]
    try:
        return asyncio.run(watched())
    finally:
        for number in handled:  # the loop leaves none behind
            signal.signal(number, _exit)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let signals wait, so that what is being started is known when they come."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
