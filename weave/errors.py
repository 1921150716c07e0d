"""The one error the build raises on purpose: it says where, what, and the way out."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from errno import ENOSPC

INSTALL = """\
Install what the project needs:
    {python} -m pip install --require-hashes -r requirements.lock
    {python} -m pip install --no-build-isolation -r torch.lock -e ."""


class WeaveError(Exception):
    """Something a writer can mend; shown without a traceback."""


def mendable(error: BaseException) -> WeaveError | None:
    """Return the error as one that a writer can mend; None for a fault of ours.

    A package that is not there and a place that cannot be read or written are the
    machine's: no module of ours can foresee them all.
    """
    if isinstance(error, WeaveError):
        return error
    if isinstance(error, ImportError):
        return WeaveError(f"{error}.\n{INSTALL.format(python=sys.executable)}")
    if isinstance(error, OSError) and (error.filename or error.errno == ENOSPC):
        return WeaveError(
            f"{error.filename or 'the disk'}: {error.strerror}. "
            "Set that right; what lies in .cache "
            "or in the site's folder may be removed: the build makes it anew."
        )
    return None


@contextmanager
def shown_alone() -> Iterator[None]:
    """End a program with the message, and status 1, if such an error comes this far."""
    try:
        yield
    except Exception as error:
        if (known := mendable(error)) is None:
            raise
        sys.exit(str(known))
