"""Changes the snippets a little, place by place, to see whether a test notices.

``make mutants`` draws some snippets and tries one in five of their mutants, within ten
minutes; ``SEED=7`` repeats a draw. ``make mutants ONLY=tensor_ops`` tries every mutant
of a snippet, ``ONLY=all`` those of all, for hours. The functions are changed: what
demonstrations print is compared with the pages as a whole, and pictures are looked at.
mutmut does the work, in mutants/; ``mutmut show NAME`` shows a survivor.
"""

import ast
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from fnmatch import fnmatch
from pathlib import Path

from weave.errors import WeaveError, shown_alone
from weave.paths import ARTIFACTS
from weave.run.artifacts import modules

DRAWN = 2  # snippets in a sample
DIGITS = 2  # of ten: a sample has the mutants whose number ends in one of them
BUDGET = 540.0  # seconds; no mutant is begun later: tests/mutants.py
GRACE = 40.0  # seconds for what was begun, before it is killed
FOLDER = Path("mutants")  # mutmut's
MUTMUT = str(Path(sys.executable).with_name("mutmut"))
RESULT = re.compile(r"(snippets\.(\w+)\.\S+): (.+)")
UNNOTICED = {"survived", "no tests"}
NOT_TRIED = {"not checked", "check was interrupted by user"}


def patterns(path: Path) -> list[str]:
    """Return mutmut's names for the mutants of all that computes in a snippet."""
    names = []
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef):
            names.append(f"xǁ{node.name}ǁ*")
        if isinstance(node, ast.FunctionDef) and node.name[0] != "_":
            names.append(f"x_{node.name}__mutmut_*")
    return [f"snippets.{path.stem}.{name}" for name in names]


def drawn(seed: int, paths: list[Path]) -> tuple[list[Path], list[str]]:
    """Return some of the snippets, and names for one in five of their mutants.

    Each mutant has the same chance: function by function, last digits are drawn.
    """
    draw = random.Random(seed)
    chosen = sorted(draw.sample(paths, min(DRAWN, len(paths))))
    names = [name for path in chosen for name in patterns(path)]
    return chosen, [
        f"{name}[{''.join(draw.sample('0123456789', DIGITS))}]" for name in names
    ]


def named(names: list[str], paths: list[Path]) -> list[Path]:
    """Return the snippets of these names; "all" is every one."""
    known = {path.stem: path for path in paths}
    if unknown := sorted({*names} - {*known, "all"}):
        raise WeaveError(
            f"ONLY={' '.join(unknown)}: no such snippet; there are {', '.join(known)}, "
            "and all."
        )
    return paths if "all" in names else [known[name] for name in names]


def table(results: str, names: list[str]) -> Iterator[str]:
    """Tell the fate of the mutants of these names, as ``mutmut results`` has it.

    A line a snippet, the survivors, and how many were not tried.
    """
    found = [
        result
        for result in RESULT.findall(results)
        if any(fnmatch(result[0], name) for name in names)
    ]
    tried = [result for result in found if result[2] not in NOT_TRIED]
    every = Counter(module for _, module, _ in tried)
    died = Counter(module for _, module, fate in tried if fate not in UNNOTICED)
    for module, n in every.items():
        yield _row(module, died[module], n)
    yield _row("all", died.total(), every.total()) if tried else "none was tried"
    yield from (f"{fate}: {name}" for name, _, fate in tried if fate in UNNOTICED)
    if left := len(found) - len(tried):
        yield f"not tried, for want of time: {left}"


def _row(name: str, died: int, tried: int) -> str:
    return f"{name:20} {died:5} of {tried:5} killed {died / tried:7.1%}"


def try_out(paths: list[Path], names: list[str], budget: float | None) -> None:
    """Let mutmut try the mutants of these names, with the tests of these snippets."""
    shutil.rmtree(FOLDER, ignore_errors=True)  # what was tried once says nothing now
    _leave_alone(path for path in modules() if path not in paths)
    environment = {"MUTANTS_OF": " ".join(path.stem for path in paths)}
    longest = None
    if budget is not None:
        environment["MUTANTS_UNTIL"] = str(time.time() + budget)
        longest = budget + GRACE
    start = time.monotonic()
    status = within(longest, [MUTMUT, "run", *names], environment)
    over = budget is not None and time.monotonic() > start + budget
    if status and not over:
        raise WeaveError(f"mutmut ended with status {status}; it says why above.")


def _leave_alone(paths: Iterable[Path]) -> None:
    """Spare mutmut the mutants of these: it keeps what is newer than its source.

    Their artifacts stay current as well, for the tests that ask for all.
    """
    if ARTIFACTS.exists():
        shutil.copytree(ARTIFACTS, FOLDER / ARTIFACTS)
    for path in paths:
        (FOLDER / path.parent).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, FOLDER / path)


def within(
    seconds: float | None, command: list[str], environment: dict[str, str]
) -> int | None:
    """Run a command; return its status, or None if it had to be stopped.

    However this ends, no process of the command is left.
    """
    process = subprocess.Popen(
        command, env=os.environ | environment, start_new_session=True
    )
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        return None
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _arguments() -> Namespace:
    parser = ArgumentParser(prog="python -m weave.dev.mutants")
    parser.add_argument("only", nargs="*", metavar="SNIPPET", help='or "all"')
    parser.add_argument("--seed", type=int, default=random.randrange(10_000))
    return parser.parse_args()


@shown_alone()
def main() -> None:
    """Try the mutants of the snippets that were named, or of a sample."""
    arguments, budget, title = _arguments(), None, "every mutant"
    if arguments.only:
        paths = named(arguments.only, modules())
        names = [name for path in paths for name in patterns(path)]
    else:
        paths, names = drawn(arguments.seed, modules())
        budget, title = BUDGET, f"seed {arguments.seed}: one mutant in five"
    title += f" of {', '.join(path.stem for path in paths)}"
    print(title, flush=True)
    try_out(paths, names, budget)
    results = [MUTMUT, "results", "--all", "true"]
    done = subprocess.run(results, check=True, stdout=subprocess.PIPE, encoding="utf-8")
    print("", title, *table(done.stdout, names), sep="\n")


if __name__ == "__main__":
    main()
