"""Who may run code: pages that this server sent, and nobody else.

Any page of the web can send requests to a server on the reader's own machine. Its
browser says from where; it can not read our pages, and so not the token; and of itself
it sends neither JSON nor a header of ours.
"""

import hmac
import secrets
from collections.abc import Iterable
from typing import Any, NoReturn
from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "::1")
LARGEST = 2**20  # bytes of a request

Environ = dict[str, Any]


class RefusedError(Exception):
    """A request that is not answered: its status, and one word of why."""

    def __init__(self, status: str, word: str, **more: str | None) -> None:
        super().__init__(word)
        self.status, self.content = status, {"error": word, **more}


class Gate:
    """Knows the names that this server has, and the token of this start."""

    def __init__(self, hosts: Iterable[str] = ()) -> None:
        """Take the names by which others may call it, beside those of the machine."""
        self.names = {*LOOPBACK, *hosts}
        self.token = secrets.token_urlsafe(32)

    def knows(self, environ: Environ) -> bool:
        """Say whether a request calls the server by a name that it has.

        A name of somebody else's that was made to lead here, "DNS rebinding", would let
        their page read ours.
        """
        return _name(environ.get("HTTP_HOST", "")) in self.names

    def check(self, environ: Environ) -> None:
        """Raise RefusedError unless the request comes from a page of this start."""
        origin, host = environ.get("HTTP_ORIGIN"), environ.get("HTTP_HOST")
        if not self.knows(environ):
            _refuse("403 Forbidden", "host")
        if origin not in (f"http://{host}", f"https://{host}"):
            _refuse("403 Forbidden", "origin")
        if environ["REQUEST_METHOD"] != "POST":
            _refuse("405 Method Not Allowed", "method")
        if environ.get("CONTENT_TYPE") != "application/json":
            _refuse("415 Unsupported Media Type", "type")
        said = environ.get("HTTP_X_LIVE_TOKEN", "").encode()
        if not hmac.compare_digest(said, self.token.encode()):
            _refuse("403 Forbidden", "token")
        if not 0 < length(environ) <= LARGEST:
            _refuse("413 Content Too Large", "large")


def length(environ: Environ) -> int:
    """Return how many bytes a request says that it has; 0 if it says nothing of use."""
    said = environ.get("CONTENT_LENGTH") or ""
    return int(said) if said.isascii() and said.isdigit() else 0


def _refuse(status: str, why: str) -> NoReturn:
    raise RefusedError(status, why)


def _name(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None
