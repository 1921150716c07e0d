"""The WSGI face: pages learn how to run their cells, and ask for it.

Wraps any application that sends pages: MkDocs' own server, or one for a built site.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NoReturn
from wsgiref.headers import Headers

from weave.live.gate import Environ, Gate, RefusedError, length
from weave.live.pool import Pool
from weave.live.visit import Step
from weave.paths import WEAVE

OURS = "/_live/"
FILES = WEAVE.parent / "assets" / "live"
HEAD = """\
<meta name="live-token" content="{token}">
<link rel="stylesheet" href="/_live/live.css">
<script type="module" src="/_live/live.js"></script>
</head>"""
LONGEST = 2  # seconds of a stream: the browser has few connections, and a page asks on
JSON = "application/json"
KINDS = {".js": "text/javascript", ".css": "text/css"}

Body = dict[str, Any]
Respond = Callable[..., Any]
Application = Callable[[Environ, Respond], Iterable[bytes]]


class Live:
    """Answers below ``/_live/``; lets other requests pass, and pages know the way."""

    def __init__(self, inner: Application, pool: Pool, gate: Gate) -> None:
        self.inner, self.pool, self.gate = inner, pool, gate
        self.verbs: dict[str, Callable[[Body], Any]] = {
            "open": self._open,
            "run": self._run,
            "events": self._events,
            "interrupt": self._interrupt,
            "restart": self._restart,
            "leave": self._leave,
            "state": self._state,
        }

    def __call__(self, environ: Environ, respond: Respond) -> Iterable[bytes]:
        """Be the application that a server calls."""
        path = environ["PATH_INFO"]
        if not path.startswith(OURS):
            return self._page(environ, respond)
        try:
            return self._ours(path.removeprefix(OURS), environ, respond)
        except RefusedError as refused:
            return _send(respond, refused.content, refused.status)

    def _ours(self, name: str, environ: Environ, respond: Respond) -> Iterable[bytes]:
        if name not in self.verbs:
            return self._file(name, environ, respond)
        self.gate.check(environ)
        answer = self.verbs[name](_body(environ))
        if isinstance(answer, dict):
            return _send(respond, answer)
        respond("200 OK", _headers("application/x-ndjson"))
        return answer  # type: ignore[no-any-return]

    def _file(self, name: str, environ: Environ, respond: Respond) -> Iterable[bytes]:
        """Send a script or a style sheet; they hold no secret."""
        file = FILES / name
        known = file.parent == FILES and file.suffix in KINDS and file.is_file()
        if not known or not self.gate.knows(environ):
            raise RefusedError("404 Not Found", "unknown")
        respond("200 OK", _headers(KINDS[file.suffix]))
        return [file.read_bytes()]

    def _page(self, environ: Environ, respond: Respond) -> Iterable[bytes]:
        """Pass on what the inner application sends; name the token in a page."""
        if not self.gate.knows(environ):
            return self.inner(environ, respond)
        said: list[Any] = []
        body = self.inner(environ, lambda *status: said.extend(status))
        head = HEAD.format(token=self.gate.token).encode()
        status, headers, *rest = said
        if not Headers(headers).get("Content-Type", "").startswith("text/html"):
            respond(status, headers, *rest)
            return body
        page = b"".join(body).replace(b"</head>", head, 1)
        _close(body)
        own = Headers(headers)
        own["Content-Length"] = str(len(page))
        own["Content-Security-Policy"] = "frame-ancestors 'self'"
        own["Cache-Control"] = "no-store"  # the token is of this start
        respond(status, own.items(), *rest)
        return [page]

    def _open(self, _: Body) -> Body:
        try:
            return {"kernel": self.pool.call(self.pool.open())}
        except RuntimeError as error:
            raise _not_started(error) from error

    def _restart(self, body: Body) -> Body:
        try:
            self.pool.call(self.pool.reopen(_kernel(body)))
        except RuntimeError as error:
            raise _not_started(error) from error
        return {}

    def _run(self, body: Body) -> Iterator[bytes]:
        name, after, steps = _kernel(body), _after(body), _steps(body)
        self.pool.do(lambda: self.pool.visit(name).run(steps))
        return self._stream(name, after)

    def _events(self, body: Body) -> Iterator[bytes]:
        name, after = _kernel(body), _after(body)
        self.pool.do(lambda: self.pool.visit(name))
        return self._stream(name, after)

    def _stream(self, name: str, after: int) -> Iterator[bytes]:
        """Yield a line for each event as it comes, but not for long."""
        end = time.monotonic() + LONGEST
        visit = self.pool.visits.get(name)
        while visit and (wait := end - time.monotonic()) > 0:
            events, more = self.pool.call(visit.news(after, wait))
            for event in events:
                after = event["n"]
                yield _line(event)
            if not more:
                return
        yield _line({"kind": "more"})  # ask on

    def _interrupt(self, body: Body) -> Body:
        name = _kernel(body)
        self.pool.do(lambda: self.pool.visit(name).interrupt())
        return {}

    def _leave(self, body: Body) -> Body:
        name = _kernel(body)
        self.pool.do(lambda: self.pool.leave(name))
        return {}

    def _state(self, body: Body) -> Body:
        name = _kernel(body)
        try:
            visit = self.pool.do(lambda: self.pool.visit(name))
        except RefusedError:  # a page that asks so expects it
            return {"alive": False, "why": "left", "running": False}
        return {"alive": not visit.why, "why": visit.why, "running": visit.running}


def _not_started(error: RuntimeError) -> RefusedError:
    return RefusedError("500 Internal Server Error", "start", message=str(error))


def _body(environ: Environ) -> Body:
    try:
        body = json.loads(environ["wsgi.input"].read(length(environ)))
    except ValueError:
        body = None
    return body if isinstance(body, dict) else _misshapen()


def _kernel(body: Body) -> str:
    name = body.get("kernel")
    return name if isinstance(name, str) else _misshapen()


def _after(body: Body) -> int:
    after = body.get("from")
    return after if isinstance(after, int) else _misshapen()


def _steps(body: Body) -> list[Step]:
    try:
        steps = [Step(**step) for step in body["steps"]]
    except (KeyError, TypeError):
        _misshapen()
    kinds = Step.__annotations__.values()
    for step in steps:
        if not all(map(isinstance, step, kinds)):
            _misshapen()
    return steps


def _misshapen() -> NoReturn:
    raise RefusedError("400 Bad Request", "form")


def _send(respond: Respond, content: Body, status: str = "200 OK") -> list[bytes]:
    data = json.dumps(content).encode()
    respond(status, [*_headers(JSON), ("Content-Length", str(len(data)))])
    return [data]


def _headers(kind: str) -> list[tuple[str, str]]:
    return [
        ("Content-Type", kind),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
    ]


def _line(event: Body) -> bytes:
    return json.dumps(event).encode() + b"\n"


def _close(body: Iterable[bytes]) -> None:
    if close := getattr(body, "close", None):
        close()
