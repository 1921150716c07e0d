"""The one error the build raises on purpose: it says where, what, and the way out."""

from mkdocs.exceptions import BuildError


class WeaveError(BuildError):
    """Something a writer can mend; MkDocs prints the message without a traceback."""
