"""Which mutants are tried, by which tests, for how long, and how their fate is told."""

import os
import sys
import time
from fnmatch import fnmatch
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests import mutants as plugin
from weave.dev import mutants
from weave.dev.mutants import drawn, named, patterns, table, within
from weave.errors import WeaveError

SNIPPET = """
def relu(z): ...
def _arrow(z): ...
class Data: ...
"""
RESULTS = """
    snippets.a.x_f__mutmut_1: killed
    snippets.a.x_f__mutmut_2: survived
    snippets.a.x_g__mutmut_1: no tests
    snippets.b.x_g__mutmut_1: timeout
    snippets.b.x_h__mutmut_1: not checked
    snippets.b.x_h__mutmut_2: check was interrupted by user
    snippets.b.x_plot__mutmut_1: survived
    snippets.c.x_f__mutmut_1: not checked
"""
NAMES = ["snippets.a.*", "snippets.b.x_[gh]__*"]


@pytest.fixture
def snippets(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"{name}.py" for name in ("relu", "loss", "step", "sum")]
    for path in paths:
        path.write_text(SNIPPET, encoding="utf-8")
    return paths


def test_what_computes_is_changed(snippets: list[Path]) -> None:
    assert patterns(snippets[0]) == [
        "snippets.relu.x_relu__mutmut_*",
        "snippets.relu.xǁDataǁ*",
    ]


def test_a_seed_draws_the_same_sample_again(snippets: list[Path]) -> None:
    assert drawn(7, snippets) == drawn(7, snippets)
    assert len({str(drawn(seed, snippets)) for seed in range(20)}) > 10


def test_a_sample_has_one_mutant_in_five_of_each_function_drawn(
    snippets: list[Path],
) -> None:
    for seed in range(20):
        paths, names = drawn(seed, snippets)
        assert len(paths) == mutants.DRAWN
        for path in paths:
            for function in ("x_relu", "xǁDataǁload"):
                every = [
                    f"snippets.{path.stem}.{function}__mutmut_{n}" for n in range(100)
                ]
                kept = [m for m in every if any(fnmatch(m, name) for name in names)]
                assert len(kept) == 20


def test_every_mutant_may_be_drawn(snippets: list[Path]) -> None:
    names = [name for seed in range(200) for name in drawn(seed, snippets)[1]]
    for path in snippets:
        every = [f"snippets.{path.stem}.x_relu__mutmut_{n}" for n in range(1, 12)]
        assert all(any(fnmatch(mutant, name) for name in names) for mutant in every)


def test_a_snippet_or_all_are_tried_by_name(snippets: list[Path]) -> None:
    assert named(["step", "relu"], snippets) == [snippets[2], snippets[0]]
    assert named(["all"], snippets) == snippets


def test_a_name_that_is_none_is_answered_by_those_that_are(
    snippets: list[Path],
) -> None:
    with pytest.raises(
        WeaveError, match=r"ONLY=tanh: .* relu, loss, step, sum, and all"
    ):
        named(["relu", "tanh"], snippets)


def test_survivors_are_named_and_counted_and_what_was_not_tried() -> None:
    assert [" ".join(line.split()) for line in table(RESULTS, NAMES)] == [
        "a 1 of 3 killed 33.3%",
        "b 1 of 1 killed 100.0%",
        "all 2 of 4 killed 50.0%",
        "survived: snippets.a.x_f__mutmut_2",
        "no tests: snippets.a.x_g__mutmut_1",
        "not tried, for want of time: 2",
    ]


def test_where_none_was_tried_there_is_no_share() -> None:
    assert list(table(RESULTS, ["snippets.c.*"])) == [
        "none was tried",
        "not tried, for want of time: 1",
    ]


# Starts a process of its own, tells its number, and waits for longer than anyone will.
FAMILY = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
open(sys.argv[1], "w", encoding="utf-8").write(str(child.pid))
{then}
"""


@pytest.mark.parametrize(
    ("then", "seconds", "status"),
    [("time.sleep(600)", 3.0, None), ("sys.exit(3)", None, 3)],
)
def test_no_process_is_left_when_time_is_up_nor_when_it_is_not(
    then: str, seconds: float | None, status: int | None, tmp_path: Path
) -> None:
    note = tmp_path / "child"
    command = [sys.executable, "-c", FAMILY.format(then=then), str(note)]
    assert within(seconds, command, {}) == status
    child = int(note.read_text(encoding="utf-8"))
    for _ in range(1000):  # until the system has taken it away
        if not _runs(child):
            return
        time.sleep(0.01)
    pytest.fail("the child is still there")


def _runs(pid: int) -> bool:
    """Whether a process is alive: one that is dead may wait for its parent's notice."""
    try:
        os.kill(pid, 0)
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except (ProcessLookupError, FileNotFoundError):
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


@pytest.fixture
def run_of_mutmut(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> list[dict[str, str]]:
    """Stand in for mutmut, which fails; return what it was told in the environment."""
    told: list[dict[str, str]] = []

    def fails(seconds: Any, command: list[str], environment: dict[str, str]) -> int:
        told.append(environment)
        return 1

    monkeypatch.setattr(mutants, "within", fails)
    monkeypatch.chdir(tmp_path)
    return told


def test_mutmut_is_told_which_tests_and_until_when(
    run_of_mutmut: list[dict[str, str]], snippets: list[Path]
) -> None:
    mutants.try_out(snippets[:2], ["x"], budget=0.0)
    [told] = run_of_mutmut
    assert told["MUTANTS_OF"] == "relu loss"
    assert float(told["MUTANTS_UNTIL"]) <= time.time()


def test_only_what_is_tried_is_changed(
    run_of_mutmut: list[dict[str, str]], snippets: list[Path], tmp_path: Path
) -> None:
    (tmp_path / "mutants").mkdir()
    (stale := tmp_path / "mutants" / "stale").touch()
    here = [Path("snippets") / path.name for path in snippets]
    here[0].parent.mkdir()
    for path in here:
        path.write_text(SNIPPET, encoding="utf-8")
        os.utime(path, (1, 1))
    (made := Path(".cache/artifacts/step/output.txt")).parent.mkdir(parents=True)
    made.touch()
    mutants.try_out(here[:1], ["x"], budget=0.0)
    assert ("mutants" / made).exists()
    assert not stale.exists()
    copied = sorted(Path("mutants/snippets").iterdir())
    assert [path.name for path in copied] == ["loss.py", "step.py", "sum.py"]
    # Newer than their source: that is how mutmut knows them for its own.
    assert all(path.stat().st_mtime > 1 for path in copied)


def test_a_failure_of_mutmut_is_an_error_if_time_is_left(
    run_of_mutmut: list[dict[str, str]], snippets: list[Path]
) -> None:
    with pytest.raises(WeaveError, match="status 1"):
        mutants.try_out(snippets, ["x"], budget=None)
    assert "MUTANTS_UNTIL" not in run_of_mutmut[0]


def _item(snippet: str, *fixtures: str) -> Any:
    mark = SimpleNamespace(args=[snippet])
    return SimpleNamespace(
        fixturenames=fixtures, get_closest_marker=lambda name: mark, nodeid=snippet
    )


def test_only_tests_of_what_is_tried_are_run_and_main_comes_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MUTANTS_OF", "relu loss")
    items = [_item("relu", "run"), _item("step"), _item("relu"), _item("loss")]
    relu_run, step, relu, loss = items
    left_out: list[Any] = []
    hook = SimpleNamespace(pytest_deselected=lambda items: left_out.extend(items))
    config: Any = SimpleNamespace(hook=hook)
    plugin.pytest_collection_modifyitems(config, items)
    assert items == [relu, loss, relu_run]
    assert left_out == [step]


def test_no_test_begins_when_time_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    plugin.pytest_runtest_setup()
    monkeypatch.setenv("MUTANTS_UNTIL", str(time.time() + 600))
    plugin.pytest_runtest_setup()
    monkeypatch.setenv("MUTANTS_UNTIL", str(time.time() - 1))
    with pytest.raises(pytest.exit.Exception) as caught:
        plugin.pytest_runtest_setup()
    assert caught.value.returncode == 2
