"""What a cell says, and how it ends."""

import os
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.weave.live.asking import Asker, Event, outcome, text
from tests.weave.live.conftest import LIMITS

pytestmark = pytest.mark.xdist_group("live")


def _kinds(events: list[Event]) -> list[str]:
    return [event["kind"] for event in events]


def test_text_and_value_come_in_order(asker: Asker) -> None:
    events = asker.run("import sys\nprint('a')\nprint('b', file=sys.stderr)\n'c'")
    said = [(e["kind"], e.get("stream"), e.get("text")) for e in events]
    assert said == [
        ("text", "stdout", "a\n"),
        ("text", "stderr", "b\n"),
        ("value", None, "'c'"),
        ("end", None, None),
    ]


def test_text_streams_while_a_cell_runs(asker: Asker) -> None:
    code = "import time\nprint(1)\ntime.sleep(1.5)\nprint(2)"
    times = {
        event["text"]: time.monotonic()
        for event in asker.start({"cell": "c", "code": code, "space": "s"})
        if event["kind"] == "text"
    }
    assert times["2\n"] - times["1\n"] > 0.8


def test_an_error_has_the_lines_of_our_cells_alone(asker: Asker) -> None:
    asker.run("import json\ndef load(text):\n    return json.loads(text)", cell="a")
    error, end = asker.run("\nload('{')", cell="b")
    assert error["name"] == "JSONDecodeError"
    assert error["lines"] == [
        {"cell": "b", "line": 2, "name": "", "code": "load('{')"},
        {"cell": "a", "line": 3, "name": "load", "code": "    return json.loads(text)"},
    ]
    assert end["outcome"] == "error"


@pytest.mark.parametrize(
    ("code", "name", "line"),
    [
        ("x = 1\nx = = 2", "SyntaxError", 2),
        ("if True:\npass", "IndentationError", 2),
        ("x = 1\n1 / 0", "ZeroDivisionError", 2),
        ("raise SystemExit", "SystemExit", 1),
        ("bytearray(10**15)", "MemoryError", 1),
    ],
)
def test_an_error_says_where(code: str, name: str, line: int, asker: Asker) -> None:
    error, _ = asker.run(code)
    assert (error["name"], error["lines"][-1]["line"]) == (name, line)
    assert ".py" not in error["message"]
    assert asker.do("state")["alive"]


def test_a_recursion_is_told_shortly(asker: Asker) -> None:
    error, _ = asker.run("def f():\n    f()\n\nf()")
    assert error["name"] == "RecursionError"
    assert 2 <= len(error["lines"]) <= 20


def test_html_and_pictures_of_others_are_text(asker: Asker) -> None:
    events = asker.run(
        "from IPython.display import HTML, SVG, Image, display\n"
        "print('<script>1</script>')\ndisplay(HTML('<b>x</b>'))\n"
        "display(SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>'))\nHTML('<i>y</i>')"
    )
    assert set(_kinds(events)) == {"text", "value", "end"}
    assert all("<b>" not in event.get("text", "") for event in events)


PLOT = "import matplotlib.pyplot as plt\nplt.rcParams['svg.fonttype'] = 'none'\n"


@pytest.mark.parametrize(("language", "word"), [("zh", "更新次数"), ("en", "updates")])
def test_a_figure_speaks_the_language_in_both_schemes(
    language: str, word: str, asker: Asker
) -> None:
    code = f"{PLOT}plt.plot([1, 2])\nplt.xlabel('updates')\nplt.title('My own')"
    figure, _ = asker.run(
        f"{code}\nplt.show()", language=language, module="gradient_descent"
    )
    assert figure["kind"] == "figure"
    assert word in figure["light"]
    assert "My own" in figure["light"]
    assert "#0069a8" in figure["light"]
    assert "#0069a8" not in figure["dark"]
    assert (figure["width"], figure["height"]) == (432, 307)


def test_a_figure_left_open_is_shown_and_is_gone(asker: Asker) -> None:
    assert _kinds(asker.run(f"{PLOT}_ = plt.plot([1, 2])")) == ["figure", "end"]
    assert _kinds(asker.run("plt.show()")) == ["end"]


def test_chinese_of_the_readers_own_has_its_letters(asker: Asker) -> None:
    events = asker.run(
        "import matplotlib.pyplot as plt\nplt.title('我的图')\nplt.show()"
    )
    assert _kinds(events) == ["figure", "end"]  # no warning of a glyph that is missing


def test_namespaces_are_apart_and_may_be_begun_anew(asker: Asker) -> None:
    asker.run("x = 1\ndef f():\n    return x", space="a")
    assert text(asker.run("print('x' in globals())", space="b")) == "False\n"
    assert text(asker.run("print(f(), __name__)", space="a")) == "1 __main__\n"
    assert (
        text(asker.run("print('x' in globals())", space="a", fresh=True)) == "False\n"
    )


def test_modules_of_the_site_can_be_imported(asker: Asker) -> None:
    assert text(asker.run("from doubling import double\nprint(double(2))")) == "4\n"


def test_a_run_stops_at_the_first_error_and_says_it_even_unseen(asker: Asker) -> None:
    steps: list[Event] = [
        {"cell": "a", "code": "print(1)", "space": "s", "unseen": True},
        {"cell": "b", "code": "print(2)\n1 / 0", "space": "s", "unseen": True},
        {"cell": "c", "code": "print(3)", "space": "s"},
    ]
    events = [event for event in asker.start(*steps) if event["kind"] != "fresh"]
    assert [(event["kind"], event.get("cell")) for event in events] == [
        *(("begin", "a"), ("end", "a")),
        *(("begin", "b"), ("error", "b"), ("end", "b")),
        ("done", None),
    ]


@pytest.mark.parametrize(
    "code", ["import time\nprint(1)\ntime.sleep(30)", "print(1)\nwhile True:\n    pass"]
)
def test_a_cell_is_interrupted_within_a_second(code: str, asker: Asker) -> None:
    began = 0.0
    for event in asker.start({"cell": "c", "code": code, "space": "s"}):
        if event["kind"] == "text":
            began = time.monotonic()
            asker.do("interrupt")
        if event["kind"] == "end":
            assert event["outcome"] == "stopped"
            assert time.monotonic() - began < 1
    assert text(asker.run("print('on')")) == "on\n"


def test_what_will_not_stop_is_ended(asker: Asker) -> None:
    code = (
        "print(1)\nwhile True:\n    try:\n        while True:\n            pass\n"
        "    except BaseException:\n        pass"
    )
    events, began = [], 0.0
    for event in asker.start({"cell": "c", "code": code, "space": "s"}):
        events.append(event)
        if event["kind"] == "text":
            began = time.monotonic()
            asker.do("interrupt")
    assert 2.5 < time.monotonic() - began < 5
    assert any(event.get("why") == "killed" for event in events)
    assert asker.do("state") == {"alive": False, "why": "killed", "running": False}


def test_time_has_a_limit(asker: Asker) -> None:
    events = asker.run("while True:\n    pass")
    assert _kinds(events) == ["late", "error", "end"]
    assert events[0]["limit"] == LIMITS.seconds
    assert outcome(events) == "stopped"


@pytest.mark.parametrize(
    "code", ["while True:\n    print('y' * 60)", "print('y' * 10**8)"]
)
def test_output_has_a_limit(code: str, asker: Asker) -> None:
    events = asker.run(code)
    assert len(text(events)) == LIMITS.characters
    assert "cut" in _kinds(events)
    assert text(asker.run("print('on')")) == "on\n"


@pytest.mark.parametrize(
    "end",
    [
        "import os\nos._exit(3)",
        "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    ],
)
def test_a_kernel_that_dies_says_so_and_starts_again(end: str, asker: Asker) -> None:
    events = asker.run(f"x = 1\n{end}")
    assert outcome(events) == "died"
    assert asker.do("state")["why"] == "died"
    status, said = asker.post("run", **{"kernel": asker.kernel, "from": 0, "steps": []})
    assert (status, said) == (409, {"error": "gone", "why": "died"})
    assert asker.do("restart") == {}
    assert text(asker.run("print('x' in globals())")) == "False\n"


def test_restart_ends_what_runs(asker: Asker) -> None:
    code = "print(1)\nwhile True:\n    pass"
    for event in asker.start({"cell": "c", "code": code, "space": "s"}):
        if event["kind"] == "text":
            assert asker.do("restart") == {}
        if event["kind"] == "end":
            assert event["outcome"] == "stopped"
    assert text(asker.run("print('on')")) == "on\n"


def test_two_pages_know_nothing_of_each_other(
    asker: Asker, ask: Callable[[], Asker]
) -> None:
    other = ask()
    other.open()
    asker.run("x = 1")
    assert text(other.run("print('x' in globals())")) == "False\n"
    other.do("leave")


def test_all_can_be_heard_again(asker: Asker) -> None:
    asker.run("print('a')", cell="a")
    asker.run("print('b')", cell="b")
    asker.run("print('c')", cell="a")  # in place of the first
    assert text(asker.again()) == "b\nc\n"


def _gone(pid: int, seconds: float = 5) -> bool:
    end = time.monotonic() + seconds
    while psutil.pid_exists(pid) and time.monotonic() < end:
        if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return not psutil.pid_exists(pid)


def _pids(asker: Asker) -> list[int]:
    """Return the kernel, and a process that it starts."""
    code = (
        "import os, subprocess as s\nprint(os.getpid(), s.Popen(['sleep', '99']).pid)"
    )
    return [int(pid) for pid in text(asker.run(code)).split()]


def test_a_page_that_is_left_ends_all_that_it_started(ask: Callable[[], Asker]) -> None:
    page = ask()
    page.open()
    pids = _pids(page)
    folder = Path(f"/proc/{pids[0]}/cwd").readlink()
    page.do("leave")
    assert all(map(_gone, pids))
    time.sleep(0.5)
    assert not folder.exists()
    assert page.do("state") == {"alive": False, "why": "left", "running": False}


def test_a_page_that_comes_again_keeps_its_kernel(asker: Asker) -> None:
    asker.run("x = 1")
    asker.do("leave")
    assert asker.do("state")["alive"]
    time.sleep(1)
    assert text(asker.run("print(x)")) == "1\n"


def test_the_longest_unused_gives_way_and_busy_ones_do_not(
    ask: Callable[[], Asker],
) -> None:
    pages = [ask() for _ in range(LIMITS.kernels + 1)]
    for page in pages:
        page.open()
        page.run("pass")
    assert [page.do("state")["why"] for page in pages] == ["gave-way"] + [None] * 4
    runs = [
        page.start(
            {"cell": "c", "code": "print(1)\nimport time\ntime.sleep(2)", "space": "s"}
        )
        for page in pages[1:]
    ]
    for run in runs:
        assert any(event["kind"] == "text" for event in run)
    assert pages[0].post("open") == (503, {"error": "full"})
    for page in pages:
        page.do("leave")


def test_a_kernel_can_have_processes_of_pytorch(asker: Asker) -> None:
    code = (
        "from torch.utils.data import DataLoader\n"
        "print(sum(len(batch) for batch in DataLoader(range(8), 2, num_workers=2)))"
    )
    events = asker.run(code)
    assert text(events) == "8\n", events


def test_a_signal_from_outside_is_a_death(asker: Asker) -> None:
    pid, child = _pids(asker)
    os.kill(pid, signal.SIGKILL)
    assert _gone(pid)
    time.sleep(0.2)
    assert re.match("died", str(asker.do("state")["why"]))
    assert asker.do("restart") == {}
    os.kill(child, signal.SIGKILL)
