"""How much a page may ask of the machine; mkdocs.yml may say otherwise."""

from typing import NamedTuple


class Limits(NamedTuple):
    """What ends a cell, and a kernel."""

    seconds: int = 600  # that a cell may take
    characters: int = 1_000_000  # that a cell may print
    idle: int = 600  # seconds until a kernel that nobody uses ends
    kernels: int = 4  # at once
