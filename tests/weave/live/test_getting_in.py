"""Trying to run code from elsewhere: nothing is run, and no answer can be read."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.weave.live.asking import Asker
from weave.live.app import FILES
from weave.live.gate import LARGEST
from weave.live.server import Server

pytestmark = pytest.mark.xdist_group("live")

WRONG: dict[str, dict[str, str | None]] = {
    "the page of another site": {"Origin": "https://evil.test"},
    "a page of this machine, another port": {"Origin": "http://127.0.0.1:1"},
    "a page of nowhere": {"Origin": "null"},
    "no page": {"Origin": None},
    "a name that was made to lead here": {
        "Host": "evil.test",
        "Origin": "http://evil.test",
    },
    "a form": {"Content_Type": "application/x-www-form-urlencoded"},
    "a form with files": {"Content_Type": "multipart/form-data; boundary=x"},
    "text, which asks no leave": {"Content_Type": "text/plain"},
    "no token": {"X_Live_Token": None},
    "a wrong token": {"X_Live_Token": "A" * 43},
}


@pytest.fixture(scope="module")
def asker(live: Server) -> Asker:
    """One page for all tests: none of them does it any harm."""
    page = Asker(live.server_port)
    page.open()
    return page


def _code(file: Path) -> dict[str, Any]:
    step = {"cell": "c", "space": "s", "code": f"open({str(file)!r}, 'w').close()"}
    return {"from": 0, "steps": [step]}


@pytest.mark.parametrize("who", WRONG)
def test_nobody_else_runs_anything(who: str, asker: Asker, tmp_path: Path) -> None:
    file = tmp_path / "made"
    body = json.dumps({"kernel": asker.kernel, **_code(file)}).encode()
    headers = asker.headers(**WRONG[who])
    for verb in ("run", "open", "interrupt", "restart", "leave"):
        answer = asker.ask("POST", f"/_live/{verb}", body, headers)
        assert answer.status in (403, 415)
        assert not [name for name, _ in answer.getheaders() if "Access-Control" in name]
    asker.run("pass")  # all that came before is done
    assert not file.exists()
    assert asker.do("state")["alive"]


def test_whoever_may_does_run_it(asker: Asker, tmp_path: Path) -> None:
    file = tmp_path / "made"
    list(asker.start(_code(file)["steps"][0]))
    assert file.exists()


def test_a_page_under_another_name_has_no_token(asker: Asker) -> None:
    assert asker.tokens("evil.test") == []
    assert asker.tokens("localhost:8000") == [asker.token]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS", "HEAD"])
def test_only_posts_are_answered(method: str, asker: Asker) -> None:
    answer = asker.ask(method, "/_live/open", None, asker.headers())
    assert answer.status == 405
    assert not [name for name, _ in answer.getheaders() if "Access-Control" in name]


def test_a_request_has_a_size_that_it_says(asker: Asker) -> None:
    large = {"Content-Length": str(LARGEST + 1)}
    answer = asker.ask("POST", "/_live/run", None, asker.headers() | large)
    assert answer.status == 413
    nothing = asker.ask("POST", "/_live/run", None, asker.headers())
    assert nothing.status == 413


@pytest.mark.parametrize(
    "body",
    [
        b"no JSON",
        b"[]",
        b"{}",
        b'{"kernel": 1, "from": 0, "steps": []}',
        b'{"kernel": "x", "from": "0", "steps": []}',
        b'{"kernel": "x", "from": 0, "steps": 1}',
        b'{"kernel": "x", "from": 0, "steps": [{"cell": "c", "code": "1"}]}',
        b'{"kernel": "x", "from": 0,'
        b' "steps": [{"cell": "c", "code": 1, "space": "s"}]}',
        b'{"kernel": "x", "from": 0,'
        b' "steps": [{"cell": "c", "code": "1", "space": "s", "more": 1}]}',
    ],
)
def test_what_has_another_form_is_refused(body: bytes, asker: Asker) -> None:
    answer = asker.ask("POST", "/_live/run", body, asker.headers())
    assert (answer.status, json.loads(answer.read())) == (400, {"error": "form"})


def test_nobody_guesses_a_kernel(asker: Asker) -> None:
    status, said = asker.post("run", **{"kernel": "guess", "from": 0, "steps": []})
    assert (status, said) == (404, {"error": "unknown"})


@pytest.mark.parametrize(
    "path",
    ["..%2Fx.css", "../live.css", "%2e%2e/live.css", "x/live.js", "", "words.py"],
)
def test_only_its_own_files_are_sent(path: str, asker: Asker) -> None:
    assert asker.ask("GET", f"/_live/{path}", None, {}).status == 404


def test_scripts_and_sheets_are_sent(asker: Asker) -> None:
    for file in FILES.iterdir():
        answer = asker.ask("GET", f"/_live/{file.name}", None, {})
        assert answer.read() == file.read_bytes()
        kind = "text/css" if file.suffix == ".css" else "text/javascript"
        assert answer.getheader("Content-Type") == kind


def test_no_page_of_another_site_frames_ours(asker: Asker) -> None:
    answer = asker.ask("GET", "/", None, {})
    assert answer.getheader("Content-Security-Policy") == "frame-ancestors 'self'"
