"""However the server ends, under load, no process of a cell outlives it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.weave.live.asking import Asker, Event
from tests.weave.site.tiny_site import build_in, project_in

pytestmark = [
    pytest.mark.xdist_group("ending"),
    pytest.mark.skipif(sys.platform != "linux", reason="the death signal is Linux'"),
]

LOAD = [
    "import subprocess\nsubprocess.Popen(['sleep', '98'])\n"
    "print(1)\nwhile True:\n    pass",
    "print(1)\nwhile True:\n    print('y' * 40, end='\\r')",
]
LONGEST = 5  # seconds that a process may live after the server
COMMANDS = {
    "weave.live": ["weave.live", "{site}", "--port", "{port}"],
    "mkdocs": ["mkdocs", "serve", "-a", "127.0.0.1:{port}"],
}

Start = Callable[..., subprocess.Popen[str]]


def _of_session(session: int) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        with suppress(ProcessLookupError, psutil.NoSuchProcess):
            alive = process.status() != psutil.STATUS_ZOMBIE
            if alive and os.getsid(process.pid) == session:
                found.append(process)
    return found


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = project_in(tmp_path_factory.mktemp("served") / "project")
    build_in(project)
    return project


@pytest.fixture
def start(project: Path) -> Iterator[Start]:
    """Start a command in a session of its own, and wait until it serves."""
    started: list[subprocess.Popen[str]] = []

    def start_(*command: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=project,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        assert process.stdout
        for line in process.stdout:
            if re.search(r"http://127\.0\.0\.1:\d+/", line):
                return process
        pytest.fail("it does not serve")

    yield start_
    for process in started:
        for survivor in _of_session(process.pid):
            survivor.kill()
        process.communicate()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _load(port: int) -> list[Iterator[Event]]:
    """Have a page run each of the cells; return them while they run."""
    runs = []
    for code in LOAD:
        page = Asker(port)
        page.open()
        run = page.start({"cell": "c", "code": code, "space": "s"})
        assert any(event["kind"] == "text" for event in run)
        runs.append(run)
    return runs


@pytest.mark.parametrize(
    ("server", "number"),
    [
        ("weave.live", signal.SIGTERM),
        ("mkdocs", signal.SIGKILL),
        pytest.param("weave.live", signal.SIGINT, marks=pytest.mark.audit),
        pytest.param("weave.live", signal.SIGKILL, marks=pytest.mark.audit),
        pytest.param("mkdocs", signal.SIGINT, marks=pytest.mark.audit),
        pytest.param("mkdocs", signal.SIGTERM, marks=pytest.mark.audit),
    ],
)
def test_nothing_outlives_the_server(
    server: str, number: signal.Signals, start: Start
) -> None:
    port = _free_port()
    command = [part.format(site="site", port=port) for part in COMMANDS[server]]
    process = start(*command)
    runs = _load(port)
    assert len(_of_session(process.pid)) >= 4
    process.send_signal(number)
    end = time.monotonic() + LONGEST
    while (left := _of_session(process.pid)) and time.monotonic() < end:
        process.poll()
        time.sleep(0.05)
    assert left == []
    del runs
