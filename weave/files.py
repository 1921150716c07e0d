"""Files that are written whole, or not at all."""

import os
from pathlib import Path

from weave.errors import WeaveError


def write_whole(path: Path, data: bytes) -> None:
    """Write the file, and its folder; whoever reads it meanwhile reads the old one.

    Raises WeaveError if it cannot be written.
    """
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch.write_bytes(data)
        scratch.replace(path)
    except OSError as error:
        raise WeaveError(f"{path} cannot be written: {error.strerror}") from error
