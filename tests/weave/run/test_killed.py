"""However a build is ended, nothing that it started outlives it, and the next is right.

The moments are drawn at random; a failure names the one it was.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.weave.site.tiny_site import PUBLISHED, build_in, files, project_in

SIGNALS = [signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM)]
COMMANDS = {"artifacts": ["weave.run"], "site": ["mkdocs", "build", "--quiet"]}
SLOW = '    import subprocess\n\n    subprocess.run(["sleep", "1"])\n'
LONGEST = 5  # seconds that a process may live after the build

pytestmark = [
    pytest.mark.xdist_group("killed"),
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc"),
]


def _project(folder: Path) -> Path:
    """The tiny site; its snippet takes a while, and has a child of its own."""
    project = project_in(folder)
    snippet = project / "snippets" / "square.py"
    text = snippet.read_text(encoding="utf-8")
    text = text.replace('    print("square', f'{SLOW}    print("square', 1)
    snippet.write_text(text, encoding="utf-8")
    return project


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, float]:
    """A project whose build nobody disturbed, and the seconds that it took."""
    project = _project(tmp_path_factory.mktemp("clean") / "project")
    start = time.monotonic()
    build_in(project)
    return project, time.monotonic() - start


def _alive(session: int) -> dict[int, str]:
    """Return the commands of the processes of a session."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            fields = (process / "stat").read_text().rpartition(")")[2].split()
            if int(fields[3]) == session and fields[0] not in "ZX":
                command = (process / "cmdline").read_bytes().replace(b"\0", b" ")
                found[int(process.name)] = command.decode()
        except (FileNotFoundError, ProcessLookupError):
            pass  # it ended meanwhile
    return found


def _kill(command: list[str], project: Path, after: float, number: int) -> str:
    """Start the command in a session of its own, and end it; return what it said."""
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=project,
        env=os.environ | PUBLISHED,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        start_new_session=True,
    )
    try:
        time.sleep(after)
        process.send_signal(number)
        end = time.monotonic() + LONGEST
        while (left := _alive(process.pid)) and time.monotonic() < end:
            process.poll()
            time.sleep(0.05)
        assert left == {}
        return process.communicate()[0]
    finally:
        for survivor in _alive(process.pid):
            os.kill(survivor, signal.SIGKILL)
        process.wait()


def _check(seed: int, clean: tuple[Path, float], folder: Path) -> None:
    """Kill a command at a random moment; see what is left, and what comes next."""
    (right, seconds), draw = clean, random.Random(seed)
    name, number = draw.choice(sorted(COMMANDS)), SIGNALS[seed % len(SIGNALS)]
    moment = draw.uniform(0.1, 1) * seconds
    print(f"seed {seed}: {name}, {number!r} after {moment:.2f} s")
    project = _project(folder / "project")
    said = _kill(COMMANDS[name], project, moment, number)
    assert "Traceback" not in said or "<frozen importlib" in said
    if number != SIGNALS[-1]:
        assert not (project / ".cache" / "scratch").exists()
    build_in(project)
    for tree in ("site", ".cache"):
        assert files(project / tree).keys() == files(right / tree).keys()
    assert files(project / "site") == files(right / "site")
    artifacts = Path(".cache", "artifacts")
    assert files(project / artifacts) == files(right / artifacts)
    assert not (project / ".cache" / "scratch").exists()


@pytest.mark.parametrize("seed", range(3))
def test_nothing_outlives_a_build(
    seed: int, clean: tuple[Path, float], tmp_path: Path
) -> None:
    _check(seed, clean, tmp_path)


@pytest.mark.audit
@pytest.mark.parametrize("seed", range(3, 23))
def test_nothing_outlives_a_build_at_many_moments(
    seed: int, clean: tuple[Path, float], tmp_path: Path
) -> None:
    _check(seed, clean, tmp_path)
