"""An artifact's key: the hash of all it depends on."""

import hashlib
import platform
import sys
from importlib.metadata import version
from pathlib import Path

from weave.paths import STYLES, WEAVE

# Whatever computes, draws or runs a snippet; a new release may change its output.
PACKAGES = (
    *("torch", "numpy", "scipy", "scikit-learn", "matplotlib", "pillow"),
    *("ipykernel", "ipython", "nbclient", "nbformat", "jupytext"),
)
BUILDERS = ("artifacts", "excerpts", "exporter", "forks", "kernel", "notebooks")


def key(source: bytes) -> str:
    """Return the key of a snippet with this source, on this machine, today."""
    digest = hashlib.sha256(source)
    digest.update(_surroundings().encode())
    return digest.hexdigest()


def _surroundings() -> str:
    files = [*STYLES.glob("*.mplstyle"), *(WEAVE / f"{b}.py" for b in BUILDERS)]
    machine = (sys.version, platform.system(), platform.machine())
    versions = [f"{package}=={version(package)}" for package in PACKAGES]
    # By name: where the folders lie is not what a figure depends on.
    files.sort(key=lambda path: path.name)
    return "\n".join([*machine, *versions, *map(_fingerprint, files)])


def _fingerprint(path: Path) -> str:
    return f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}"
