"""The files of a built site, as a WSGI application."""

import mimetypes
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any


class Site:
    """Sends what lies in a folder; a folder's page is its index.html."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()

    def __call__(
        self, environ: dict[str, Any], respond: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Be the application that a server calls."""
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
        file = (self.folder / path.lstrip("/")).resolve()
        if file.is_dir() and self._has(file) and not path.endswith("/"):
            respond("301 Moved Permanently", [("Location", f"{path}/")])
            return []
        if file.is_dir():
            file /= "index.html"
        status = "200 OK"
        if not (self._has(file) and file.is_file()):
            file, status = self.folder / "404.html", "404 Not Found"
        return self._send(file, status, respond)

    def _has(self, file: Path) -> bool:
        return file.is_relative_to(self.folder)

    def _send(
        self, file: Path, status: str, respond: Callable[..., Any]
    ) -> Iterable[bytes]:
        data = file.read_bytes() if file.is_file() else b"404"
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        if kind.startswith("text/"):
            kind = f"{kind}; charset=utf-8"
        respond(status, [("Content-Type", kind), ("Content-Length", str(len(data)))])
        return [data]
