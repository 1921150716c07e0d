"""The artifact step: every snippet is run once, and what it produces lies in a folder.

``python -m weave.run`` brings every folder up to date:

    .cache/artifacts/<module>/   <figure>.{zh,en}.{light,dark}.svg,
                                 <figure>.{zh,en}.png,
                                 <function>.py, <cell>.py, <cell>.txt, output.txt,
                                 values.json, {zh,en}/labs/<module>.ipynb,
                                 fingerprint.json
"""

import asyncio
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from keyword import iskeyword
from pathlib import Path

from filelock import FileLock

from weave import lifeline
from weave.errors import WeaveError
from weave.paths import ARTIFACTS, SNIPPETS
from weave.run.excerpts import quotations, require_names
from weave.run.fingerprint import FINGERPRINT, changes, fingerprint, seal
from weave.run.forkserver import preload
from weave.run.kernel import longest, run
from weave.run.lab import write_labs
from weave.run.notebook import decode, read, require_python

Report = Callable[[str], None]

SCREEN = 20  # lines


def modules(snippets: Path = SNIPPETS) -> list[Path]:
    """Return every snippet module, by name."""
    return sorted(p for p in snippets.glob("[!.]*.py") if p.name != "__init__.py")


def refresh(
    snippets: Path = SNIPPETS, artifacts: Path = ARTIFACTS, report: Report = print
) -> None:
    """Run the snippets that changed, side by side; keep the folders of the others.

    Raises WeaveError once all have run, with every snippet that failed.
    """
    longest()  # what is wrong with it is said even if no snippet is run
    paths = modules(snippets)
    for path in paths:
        _require_module(path)
    # Builds side by side would run everything twice.
    lock = FileLock(artifacts.with_suffix(".lock"))
    artifacts.mkdir(parents=True, exist_ok=True)
    with lock, _swept(artifacts):
        _drop_orphans({path.stem for path in paths}, artifacts)
        _refresh(paths, artifacts, report)


@contextmanager
def _swept(artifacts: Path) -> Iterator[None]:
    """Take away what is unfinished: at the end, and what a killed build left before."""
    scratch = _scratch(artifacts)
    shutil.rmtree(scratch, ignore_errors=True)
    try:
        yield
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _scratch(artifacts: Path) -> Path:
    return artifacts.with_name("scratch")


def _refresh(paths: list[Path], artifacts: Path, report: Report) -> None:
    stale = [path for path in paths if why(path, artifacts)]
    for path in sorted({*paths} - {*stale}):
        report(f"{path.stem:20} {'':8}  reused")
    if not stale:
        return
    preload(path.read_bytes() for path in stale)
    if failures := lifeline.run(_make_all(stale, artifacts, report)):
        raise WeaveError(_on_one_screen(sorted(failures)))


async def _make_all(paths: list[Path], artifacts: Path, report: Report) -> list[str]:
    """Make the folders side by side; return what went wrong."""
    failures: list[str] = []
    free = asyncio.Semaphore(os.cpu_count() or 1)

    async def one(path: Path) -> None:
        async with free:
            start = time.perf_counter()
            try:
                await make(path, artifacts)
                report(f"{path.stem:20} {time.perf_counter() - start:6.1f} s  run")
            except WeaveError as error:
                failures.append(str(error))

    await asyncio.gather(*map(one, paths))
    return failures


def _on_one_screen(failures: list[str]) -> str:
    """Return them all: in full, or the first line of each."""
    full = "\n".join(failures)
    if full.count("\n") < SCREEN:
        return full
    return "\n".join(failure.partition("\n")[0] for failure in failures)


async def make(path: Path, artifacts: Path = ARTIFACTS) -> None:
    """Run one snippet, and put what it gives in place of its folder."""
    source, folder = path.read_bytes(), artifacts / path.stem
    parts = fingerprint(_name(path), source)
    for place in (artifacts, _scratch(artifacts)):
        place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=_scratch(artifacts)) as scratch:
        fresh = Path(scratch) / path.stem
        fresh.mkdir()
        await _produce(path, source, fresh)
        seal(fresh, parts)
        _swap(fresh, folder, Path(scratch) / "old")


async def _produce(path: Path, data: bytes, folder: Path) -> None:
    name = _name(path)
    source = decode(data, name)
    require_python(source, name)
    notebook = read(source, name)
    require_names(notebook, source, name)
    await run(notebook, folder, name)
    for file, text in quotations(notebook, source).items():
        (folder / file).write_text(text, encoding="utf-8")
    write_labs(notebook, path.stem, folder)


def _require_module(path: Path) -> None:
    name = _name(path)
    if not path.is_file():
        raise WeaveError(f"{name}: not a file. Only snippets may be called so here.")
    if not path.stem.isidentifier() or iskeyword(path.stem):
        raise WeaveError(
            f"{name}: not a name that Python can import. "
            "Rename it: letters, digits and _, no digit first."
        )


def when_made(path: Path, artifacts: Path = ARTIFACTS) -> int:
    """Return when a snippet's folder was made, in nanoseconds: another for each run."""
    return (artifacts / path.stem / FINGERPRINT).stat().st_mtime_ns


def why(path: Path, artifacts: Path = ARTIFACTS) -> list[str]:
    """Return the reasons to run a snippet: what has changed since its last run."""
    parts = fingerprint(_name(path), path.read_bytes())
    return changes(artifacts / path.stem, parts)


def _name(path: Path) -> str:
    """Return a snippet's name in messages, wherever the project lies."""
    return f"{path.parent.name}/{path.name}"


def _swap(fresh: Path, folder: Path, old: Path) -> None:
    """Put the fresh folder where the old one stood: whole, or not at all."""
    if folder.exists():
        folder.rename(old)
    fresh.rename(folder)


def _drop_orphans(names: set[str], artifacts: Path) -> None:
    for folder in artifacts.glob("[!.]*"):
        if folder.name not in names:
            shutil.rmtree(folder)
