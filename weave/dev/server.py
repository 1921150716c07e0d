"""A static server on a free port that compresses as a host does."""

import gzip
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

TEXT = ("text/", "application/json", "image/svg+xml", "application/javascript")


class Handler(SimpleHTTPRequestHandler):
    """Sends text compressed, and 404.html for what is not there."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def send_head(self) -> BytesIO:
        path, status = Path(self.translate_path(self.path)), 200
        if path.is_dir():
            path = path / "index.html"
        if not path.is_file():
            path, status = Path(self.directory) / "404.html", 404
        return self._send(path, status)

    def _send(self, path: Path, status: int) -> BytesIO:
        data, kind = path.read_bytes(), self.guess_type(path)
        self.send_response(status)
        if kind.startswith(TEXT):
            data, kind = gzip.compress(data), f"{kind}; charset=utf-8"
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "max-age=600")
        self.end_headers()
        return BytesIO(data)


class Server(ThreadingHTTPServer):
    """Says nothing of a reader who left before all was sent: windows are closed."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def serving(site: Path) -> Iterator[str]:
    """Serve ``site`` while the context lasts; yield its address, with a slash."""
    server = Server(("127.0.0.1", 0), partial(Handler, directory=site))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
