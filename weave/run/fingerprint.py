"""An artifact's fingerprint: the hash of all it depends on."""

import hashlib
import platform
import sys
from importlib.metadata import version
from pathlib import Path

from weave.paths import STYLES, WEAVE

FINGERPRINT = "fingerprint"  # the file in the artifact's folder
# Whatever computes, draws or runs a snippet; a new release may change its output.
PACKAGES = (
    *("torch", "numpy", "scipy", "scikit-learn", "matplotlib", "pillow"),
    *("ipykernel", "ipython", "nbclient", "nbformat", "jupytext"),
)


def fingerprint(source: bytes) -> str:
    """Return the fingerprint of a snippet with this source, on this machine, today."""
    digest = hashlib.sha256(source)
    digest.update(_surroundings().encode())
    return digest.hexdigest()


def _surroundings() -> str:
    machine = (sys.version, platform.system(), platform.machine())
    versions = [f"{package}=={version(package)}" for package in PACKAGES]
    return "\n".join([*machine, *versions, *map(_hashed, _files())])


def _files() -> list[Path]:
    """Return the style sheets, the ground and this room: by name, wherever they lie."""
    ground, room = WEAVE.glob("*.py"), (WEAVE / "run").glob("*.py")
    return [*sorted(STYLES.glob("*.mplstyle")), *sorted(ground), *sorted(room)]


def _hashed(path: Path) -> str:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return f"{path.name} {digest}"
