"""Writes requirements.lock: the newest versions that pyproject.toml allows.

Whatever belongs to one machine (where packages come from, a build's local tag, the
CUDA packages that some platforms' wheels ask for) is left out, so that the file says
the same everywhere.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

LOCK = Path("requirements.lock")
# PyTorch moves on purpose: the numbers that the pages quote come out of it.
HELD = "torch==2.13.0\n"
CUDA = re.compile(r"^(nvidia-|cuda-|triton)")
HEADER = """\
# Exact versions of everything; `make lock` writes this file.
# The project itself, so that MkDocs finds weave:
-e .
"""


def portable(text: str) -> str:
    """Drop CUDA packages and local version tags (``+cpu``)."""
    lines = [line for line in text.splitlines() if not CUDA.match(line)]
    return re.sub(r"(==[^+\s]+)\+\S+", r"\1", "\n".join(lines)) + "\n"


def main() -> None:
    """Resolve all extras of pyproject.toml with pip-compile."""
    command = [sys.executable, "-m", "piptools", "compile", "--all-extras", "--upgrade"]
    options = ["--strip-extras", "--no-header", "--no-annotate", "--quiet"]
    hidden = ["--no-emit-index-url", "--no-emit-find-links", "--no-emit-trusted-host"]
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as held:
        held.write(HELD)
        held.flush()
        target = ["--constraint", held.name, "--output-file", "-", "pyproject.toml"]
        run = subprocess.run(
            [*command, *options, *hidden, *target], check=True, stdout=subprocess.PIPE
        )
    LOCK.write_text(HEADER + portable(run.stdout.decode()), encoding="utf-8")


if __name__ == "__main__":
    main()
