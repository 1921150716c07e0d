"""Asks a server as a page would, and otherwise."""

import json
import re
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from typing import Any

Event = dict[str, Any]


class Asker:
    """One page: knows the token, and its kernel once it has opened one."""

    def __init__(self, port: int) -> None:
        self.host, self.seen, self.kernel = f"127.0.0.1:{port}", 0, ""
        self.token = self.tokens()[0]

    def tokens(self, host: str | None = None) -> list[str]:
        """Return the token that a page has."""
        page = self.ask("GET", "/", b"", {"Host": host or self.host}).read()
        return re.findall('live-token" content="([^"]+)', page.decode())

    def headers(self, **changed: str | None) -> dict[str, str]:
        own: dict[str, str | None] = {
            "Content-Type": "application/json",
            "X-Live-Token": self.token,
            "Origin": f"http://{self.host}",
        }
        own |= {name.replace("_", "-"): value for name, value in changed.items()}
        return {name: value for name, value in own.items() if value is not None}

    def ask(
        self, method: str, path: str, body: Any, headers: dict[str, str]
    ) -> HTTPResponse:
        connection = HTTPConnection(self.host, timeout=60)
        connection.request(method, path, body, headers)
        return connection.getresponse()

    def post(self, verb: str, **body: Any) -> Any:
        """Return the JSON of the answer, with its status if it is no 200."""
        data = json.dumps(body).encode()
        answer = self.ask("POST", f"/_live/{verb}", data, self.headers())
        said = json.loads(answer.read())
        return said if answer.status == 200 else (answer.status, said)

    def open(self) -> str:
        """Open a kernel."""
        self.kernel, self.seen = self.post("open")["kernel"], 0
        return self.kernel

    def do(self, verb: str) -> Any:
        return self.post(verb, kernel=self.kernel)

    def start(self, *steps: Event) -> Iterator[Event]:
        """Run steps; yield what comes, as it comes."""
        body: Event = {"kernel": self.kernel, "from": self.seen, "steps": steps}
        yield from self._events("run", body)

    def again(self, after: int = 0) -> list[Event]:
        """Return all that was said."""
        return list(self._events("events", {"kernel": self.kernel, "from": after}))

    def _events(self, verb: str, body: Event) -> Iterator[Event]:
        data = json.dumps(body).encode()
        answer = self.ask("POST", f"/_live/{verb}", data, self.headers())
        assert answer.status == 200, answer.read()
        more = False
        while line := answer.readline():
            event = json.loads(line)
            more = event["kind"] == "more"
            if not more:
                self.seen = event["n"]
                yield event
        if more:
            more_of = {"kernel": self.kernel, "from": self.seen}
            yield from self._events("events", more_of)

    def run(self, code: str, **step: Any) -> list[Event]:
        """Run one cell; return what it said between its beginning and its end."""
        events = list(self.start({"cell": "c", "code": code, "space": "s", **step}))
        return [event for event in events if event.get("cell")][1:]


def text(events: list[Event]) -> str:
    """Return all that was printed."""
    return "".join(event["text"] for event in events if event["kind"] == "text")


def outcome(events: list[Event]) -> str:
    """Return how the last cell ended."""
    return str(events[-1]["outcome"])
