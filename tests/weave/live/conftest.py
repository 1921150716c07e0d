"""A site of one page with running cells, on this machine."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.weave.live.asking import Asker
from weave.live import pool
from weave.live.limits import Limits
from weave.live.server import Server, server

LIMITS = Limits(seconds=3, characters=2000)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("live")
    page = "<html><head><title>One</title></head><body></body></html>"
    (folder / "index.html").write_text(page, encoding="utf-8")
    (folder / "snippets").mkdir()
    module = "def double(x):\n    return 2 * x\n"
    (folder / "snippets" / "doubling.py").write_text(module, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def live(site: Path) -> Iterator[Server]:
    with (
        pytest.MonkeyPatch.context() as patch,
        server(site, limits=LIMITS) as made,
    ):
        patch.setattr(pool, "RETURN", 0.5)
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield made
        made.shutdown()


@pytest.fixture
def asker(live: Server) -> Iterator[Asker]:
    """A page with a kernel, which it leaves."""
    page = Asker(live.server_port)
    page.open()
    yield page
    page.do("leave")


@pytest.fixture
def ask(live: Server) -> Callable[[], Asker]:
    """Another page, without a kernel yet."""
    return lambda: Asker(live.server_port)
