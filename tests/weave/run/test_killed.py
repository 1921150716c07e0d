"""However a build is ended, nothing that it started outlives it, and the next is right.

The moments are drawn at random; a failure names the one it was.
"""

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from weave.editions.build import build
from weave.paths import WEAVE

# The configuration's paths, and the tiny site that is built twice at most.
TINY = WEAVE.parent / "tests" / "weave" / "site" / "tiny"
NAV = """\
nav:
  - index.md
  - 中文: [zh/index.md, zh/page.md, {实验: [zh/labs/square.ipynb]}]
  - English: [en/index.md, en/page.md, {Labs: [en/labs/square.ipynb]}]
"""
SIGNALS = [signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM)]
COMMANDS = {"artifacts": ["weave.run"], "site": ["mkdocs", "build", "--quiet"]}
SLOW = '    import subprocess\n\n    subprocess.run(["sleep", "1"])\n'
LONGEST = 5  # seconds that a process may live after the build
DATED = {"sitemap.xml", "sitemap.xml.gz"}  # they say when they were written

pytestmark = [
    pytest.mark.xdist_group("killed"),
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc"),
]


def _project(folder: Path) -> Path:
    """The tiny site; its snippet takes a while, and has a child of its own."""
    shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns("__pycache__"))
    snippet = folder / "snippets" / "square.py"
    text = snippet.read_text(encoding="utf-8")
    text = text.replace('    print("square', f'{SLOW}    print("square', 1)
    snippet.write_text(text, encoding="utf-8")
    config = (WEAVE.parent / "mkdocs.yml").read_text(encoding="utf-8")
    config = re.sub(r"^nav:\n(?: .*\n)+", NAV, config, flags=re.M)
    config = config.replace("custom_dir: ", f"custom_dir: {WEAVE.parent}/")
    (folder / "mkdocs.yml").write_text(config, encoding="utf-8")
    return folder


def _files(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in files
        if path.name not in DATED
    }


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, float]:
    """A project whose build nobody disturbed, and the seconds that it took."""
    project = _project(tmp_path_factory.mktemp("clean") / "project")
    start = time.monotonic()
    build(project / "site", project=project)
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
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
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
    build(project / "site", project=project)
    for tree in ("site", ".cache"):
        assert _files(project / tree).keys() == _files(right / tree).keys()
    assert _files(project / "site") == _files(right / "site")
    artifacts = Path(".cache", "artifacts")
    assert _files(project / artifacts) == _files(right / artifacts)
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
