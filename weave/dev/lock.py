"""Writes requirements.lock: the newest versions that pyproject.toml allows.

The file serves every machine: it has the packages of every platform, each
with a condition where only some need it, and the hashes of all files of a release.
Left out are PyTorch, which stands in torch.lock (there is why), and the CUDA packages
that only PyTorch asks for.
"""

import re
import subprocess
import sys
from pathlib import Path

LOCK = Path("requirements.lock")
TORCH = Path("torch.lock")
HEADER = """\
# Exact versions of everything but PyTorch, which is in torch.lock; `make lock` writes
# this file. It is installed with `pip install --require-hashes`.
"""
# An entry of PyTorch or CUDA, from its name to its last hash.
ENTRY = r"^(?:torch|triton|(?:cuda|nvidia)-[\w-]+)==.*\n(?: .*\n)*"


def without_torch(text: str) -> str:
    """Leave out PyTorch and the CUDA packages, their hashes included."""
    return re.sub(ENTRY, "", text, flags=re.MULTILINE)


def resolve() -> str:
    """Let uv find the newest versions; it reads about packages, and loads none."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml"]
    what = ["--group", "dev", "--constraints", str(TORCH), "--upgrade"]
    everywhere = ["--universal", "--python-version", "3.11", "--generate-hashes"]
    # One version for every Python, where there is one: the same numbers for all.
    everywhere += ["--fork-strategy", "fewest"]
    form = ["--no-header", "--no-annotate", "--quiet"]
    run = subprocess.run(
        [*command, *what, *everywhere, *form], check=True, stdout=subprocess.PIPE
    )
    return run.stdout.decode()


if __name__ == "__main__":
    LOCK.write_text(HEADER + without_torch(resolve()), encoding="utf-8")
