"""All kernels are in one group of processes, which ends with the build.

The process that kernels are forks of imports this before all else, and so leads them.
"""

import atexit
import os
import shutil
import signal

from weave import lifeline

SOCKETS = "WEAVE_SOCKETS"  # the environment variable that names their folder


def _lead(sockets: str) -> None:
    os.setpgrp()  # Ctrl-C is for the build, which then ends the group
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # one that came before is forgotten
    signal.signal(signal.SIGINT, signal.default_int_handler)

    def end(*_: object) -> None:
        if os.getpid() == os.getpgrp():  # not in a fork
            shutil.rmtree(sockets, ignore_errors=True)
            os.killpg(0, signal.SIGKILL)

    atexit.register(end)
    signal.signal(signal.SIGTERM, end)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    lifeline.tie()


if sockets := os.environ.pop(SOCKETS, None):
    _lead(sockets)
