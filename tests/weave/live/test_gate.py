"""Only pages that the server sent may run code."""

from typing import Any

import pytest

from weave.live.gate import LARGEST, Gate, RefusedError

GATE = Gate(["notes.home"])
RIGHT = {
    "REQUEST_METHOD": "POST",
    "HTTP_HOST": "127.0.0.1:8000",
    "HTTP_ORIGIN": "http://127.0.0.1:8000",
    "HTTP_X_LIVE_TOKEN": GATE.token,
    "CONTENT_TYPE": "application/json",
    "CONTENT_LENGTH": "2",
}
ELSEWHERE = {"HTTP_HOST": "evil.test:8000", "HTTP_ORIGIN": "http://evil.test:8000"}


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:9", "[::1]:8000"])
def test_a_page_of_this_start_may(host: str) -> None:
    GATE.check(RIGHT | {"HTTP_HOST": host, "HTTP_ORIGIN": f"http://{host}"})


def test_a_name_that_was_given_is_known() -> None:
    host = {"HTTP_HOST": "notes.home:80"}
    assert GATE.knows(host)
    assert not Gate().knows(host)


@pytest.mark.parametrize(
    ("word", "wrong"),
    [
        ("host", ELSEWHERE),
        ("host", {"HTTP_HOST": ""}),
        ("host", {"HTTP_HOST": "127.0.0.1.evil.test:8000"}),
        ("host", {"HTTP_HOST": "[127.0.0.1"}),
        ("origin", {"HTTP_ORIGIN": "http://evil.test"}),
        ("origin", {"HTTP_ORIGIN": "http://127.0.0.1:3000"}),
        ("origin", {"HTTP_ORIGIN": "null"}),
        ("origin", {"HTTP_ORIGIN": None}),
        ("method", {"REQUEST_METHOD": "GET"}),
        ("method", {"REQUEST_METHOD": "OPTIONS"}),
        ("type", {"CONTENT_TYPE": "text/plain"}),
        ("type", {"CONTENT_TYPE": "application/x-www-form-urlencoded"}),
        ("type", {"CONTENT_TYPE": None}),
        ("token", {"HTTP_X_LIVE_TOKEN": GATE.token[:-1]}),
        ("token", {"HTTP_X_LIVE_TOKEN": Gate().token}),
        ("token", {"HTTP_X_LIVE_TOKEN": "ü"}),
        ("large", {"CONTENT_LENGTH": str(LARGEST + 1)}),
        ("large", {"CONTENT_LENGTH": "-1"}),
        ("large", {"CONTENT_LENGTH": "²"}),
        ("large", {"CONTENT_LENGTH": None}),
    ],
)
def test_nobody_else_may(word: str, wrong: dict[str, Any]) -> None:
    environ = {k: v for k, v in (RIGHT | wrong).items() if v is not None}
    with pytest.raises(RefusedError, match=f"^{word}$"):
        GATE.check(environ)


@pytest.mark.parametrize("name", ["HTTP_X_LIVE_TOKEN", "HTTP_ORIGIN", "HTTP_HOST"])
def test_what_is_missing_is_refused(name: str) -> None:
    environ = {key: value for key, value in RIGHT.items() if key != name}
    with pytest.raises(RefusedError):
        GATE.check(environ)
