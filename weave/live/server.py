"""Serves a built site with running cells, on this machine alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from weave.live.app import Live
from weave.live.files import Site
from weave.live.gate import LOOPBACK, Gate
from weave.live.limits import Limits
from weave.live.pool import Pool


class Server(ThreadingMixIn, WSGIServer):
    """Answers each request in a thread of its own."""

    daemon_threads = True


class Quiet(WSGIRequestHandler):
    """Says nothing of requests."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def server(site: Path, port: int = 0, limits: Limits | None = None) -> Iterator[Server]:
    """Return a server at 127.0.0.1, on a free port if none is named.

    When the context ends, so do its kernels.
    """
    pool = Pool(site / "snippets", limits or Limits())
    app = Live(Site(site), pool, Gate())
    with make_server(LOOPBACK[0], port, app, Server, Quiet) as made:
        pool.start()
        try:
            yield made
        finally:
            pool.stop()
