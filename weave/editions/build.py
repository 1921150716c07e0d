"""``mkdocs build`` as a command of its own: the one way to have the site built."""

import os
import subprocess
import sys
from pathlib import Path

from weave import lifeline
from weave.errors import WeaveError


def build(folder: Path, *, project: Path = Path(), **environment: str) -> str:
    """Build the site of ``project`` into ``folder``; return what the build said.

    Raises WeaveError with that text if the build fails.
    """
    target = str(folder.resolve())
    command = [sys.executable, "-m", "mkdocs", "build", "--site-dir", target]
    # Material would announce its successor at every build.
    quiet = {"NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(
        command,
        cwd=project,
        env=os.environ | quiet | lifeline.tied() | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise WeaveError(done.stdout)
    return done.stdout
