"""``mkdocs build`` as a command of its own: the one way to have the site built."""

import os
import subprocess
import sys
from pathlib import Path
from pstats import Stats
from tempfile import TemporaryDirectory

from weave import lifeline
from weave.errors import WeaveError


def build(folder: Path, *, project: Path = Path(), **environment: str) -> str:
    """Build the site of ``project`` into ``folder``; return what the build said.

    Raises WeaveError with that text if the build fails.
    """
    return _run(_command(folder), project, environment)


def profile(folder: Path, *, project: Path) -> Stats:
    """Build a site as ``build`` does; return where the time went."""
    with TemporaryDirectory() as scratch:
        file = str(Path(scratch) / "profile")
        said = _run(["-m", "cProfile", "-o", file, *_command(folder)], project, {})
        if not (folder / "index.html").exists():  # the profiler tells no exit status
            raise WeaveError(said)
        return Stats(file)


def _command(folder: Path) -> list[str]:
    return ["-m", "mkdocs", "build", "--site-dir", str(folder.resolve())]


def _run(command: list[str], project: Path, environment: dict[str, str]) -> str:
    # Material would announce its successor at every build.
    quiet = {"NO_MKDOCS_2_WARNING": "1", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, *command],
        cwd=project,
        env=os.environ | quiet | lifeline.tied() | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    if done.returncode != 0:
        raise WeaveError(done.stdout)
    return done.stdout
