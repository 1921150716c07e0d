"""The one error the build raises on purpose: it says where, what, and the way out."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


class WeaveError(Exception):
    """Something a writer can mend; shown without a traceback."""


@contextmanager
def shown_alone() -> Iterator[None]:
    """End a program with the message, and status 1, if such an error comes this far."""
    try:
        yield
    except WeaveError as error:
        sys.exit(str(error))
