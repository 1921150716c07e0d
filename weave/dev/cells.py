"""What a cell takes in a page, and over jupyter_client alone.

``python -m weave.dev.cells SITE`` measures it, as ``make bench`` does.
"""

import asyncio
import json
import re
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient

from weave.live.gate import LOOPBACK
from weave.live.server import server
from weave.run.kernel import STARTUP, manager_at

TIMES = 15
CELLS = {
    "nothing": "pass",
    "a product": "import torch\nx = torch.ones(100, 100)\n(x @ x).sum()",
    "100 lines": "for line in range(100):\n    print(line)",
    "a figure": "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
}


class Page:
    """Asks as the script of a page does: each time with a connection of its own."""

    def __init__(self, port: int) -> None:
        self.host, self.seen = f"{LOOPBACK[0]}:{port}", 0
        page = self._ask("GET", "/", b"", {})
        self.token = re.findall(rb'live-token" content="([^"]+)', page)[0].decode()
        self.kernel = ""

    def open(self) -> None:
        """Open a visit."""
        self.kernel = json.loads(self._post("open"))["kernel"]

    def run(self, code: str) -> None:
        """Run a cell, and read all that it gives."""
        step = {"cell": "cell", "code": code, "space": "space"}
        lines = self._post("run", kernel=self.kernel, steps=[step], **self._after())
        self.seen = json.loads(lines.splitlines()[-1])["n"]

    def _after(self) -> dict[str, Any]:
        return {"from": self.seen}

    def _post(self, verb: str, **body: Any) -> bytes:
        headers = {
            "Content-Type": "application/json",
            "X-Live-Token": self.token,
            "Origin": f"http://{self.host}",
        }
        return self._ask("POST", f"/_live/{verb}", json.dumps(body).encode(), headers)

    def _ask(self, method: str, path: str, body: bytes, headers: Any) -> bytes:
        connection = HTTPConnection(self.host)
        connection.request(method, path, body, headers)
        answer = connection.getresponse().read()
        connection.close()
        return answer


@contextmanager
def _page(site: Path) -> Iterator[Page]:
    with server(site) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield Page(made.server_port)
        made.shutdown()


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _in_page(site: Path) -> tuple[list[float], dict[str, float]]:
    """Return the seconds until a first and a second kernel are ready, and of cells."""
    with _page(site) as page:
        opened = [_timed(page.open) for _ in range(2)]
        return opened, {
            name: median(_timed(partial(page.run, code)) for _ in range(TIMES))
            for name, code in CELLS.items()
        }


async def _alone() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        manager = manager_at(Path(folder) / "kernel.json")
        await manager.start_kernel(cwd=folder)
        client = manager.client()
        client.start_channels(stdin=False)
        try:
            await client.wait_for_ready(timeout=STARTUP)
            await _median(client, "%matplotlib inline")  # as a notebook shows figures
            return {name: await _median(client, code) for name, code in CELLS.items()}
        finally:
            client.stop_channels()
            await manager.shutdown_kernel(now=True)


async def _median(client: AsyncKernelClient, code: str) -> float:
    seconds = []
    for _ in range(TIMES):
        start = time.perf_counter()
        await client._async_execute_interactive(
            code, store_history=False, allow_stdin=False, output_hook=lambda _: None
        )
        seconds.append(time.perf_counter() - start)
    return median(seconds)


def rows(site: Path) -> Iterator[tuple[str, str]]:
    """Yield a line for each cell."""
    (first, second), page = _in_page(site)
    alone = asyncio.run(_alone())
    yield "a page's first kernel, the server just started", f"{first:6.1f} s"
    yield "another page's kernel", f"{second:6.1f} s"
    for name, seconds in page.items():
        more, ratio = 1000 * (seconds - alone[name]), seconds / alone[name]
        figure = f"{1000 * seconds:6.0f} ms, {more:+.0f} ms, {ratio:.2f} times"
        yield f"cell, {name}: in a page; against jupyter_client", figure


if __name__ == "__main__":
    for name, figure in rows(Path(sys.argv[1])):
        print(f"{name:50} {figure}")
