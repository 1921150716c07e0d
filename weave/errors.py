"""The one error the build raises on purpose: it says where, what, and the way out."""


class WeaveError(Exception):
    """Something a writer can mend; shown without a traceback."""
