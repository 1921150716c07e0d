"""The artifact step: every snippet is run once, and what it produces lies in a folder.

``python -m weave.run`` brings every folder up to date:

    .cache/artifacts/<module>/   <figure>.light.svg, <figure>.dark.svg, <figure>.png,
                                 <function>.py, output.txt, values.json,
                                 {zh,en}/labs/<module>.ipynb, fingerprint.json
"""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from filelock import FileLock
from nbformat import NotebookNode

from weave.errors import WeaveError
from weave.paths import ARTIFACTS, SNIPPETS
from weave.run.excerpts import excerpts
from weave.run.fingerprint import FINGERPRINT, changes, fingerprint, seal
from weave.run.forkserver import preload
from weave.run.kernel import run
from weave.run.lab import write_labs
from weave.run.notebook import read

Report = Callable[[str], None]


def modules(snippets: Path = SNIPPETS) -> list[Path]:
    """Return every snippet module, by name."""
    return sorted(p for p in snippets.glob("*.py") if p.name != "__init__.py")


def refresh(
    snippets: Path = SNIPPETS, artifacts: Path = ARTIFACTS, report: Report = print
) -> None:
    """Run the snippets that changed, side by side; keep the folders of the others.

    Raises WeaveError once all have run, with every snippet that failed.
    """
    artifacts.mkdir(parents=True, exist_ok=True)
    # Builds side by side would run everything twice.
    with FileLock(artifacts.with_suffix(".lock")):
        _refresh(modules(snippets), artifacts, report)


def _refresh(paths: list[Path], artifacts: Path, report: Report) -> None:
    _drop_orphans({path.stem for path in paths}, artifacts)
    preload(path.read_bytes() for path in paths if not _is_current(path, artifacts))
    failures: list[str] = []

    def one(path: Path) -> None:
        try:
            report(_timed(path, artifacts))
        except WeaveError as error:
            failures.append(str(error))

    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        list(pool.map(one, paths))
    if failures:
        raise WeaveError("\n".join(sorted(failures)))


def _timed(path: Path, artifacts: Path) -> str:
    start = time.perf_counter()
    done = "run" if make(path, artifacts) else "reused"
    return f"{path.stem:20} {time.perf_counter() - start:6.1f} s  {done}"


def make(path: Path, artifacts: Path = ARTIFACTS) -> bool:
    """Bring one snippet's folder up to date; return whether the snippet was run."""
    if _is_current(path, artifacts):
        return False
    source, folder = path.read_bytes(), artifacts / path.stem
    parts = fingerprint(_name(path), source)
    artifacts.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=artifacts, prefix=".") as scratch:
        fresh = Path(scratch) / path.stem
        fresh.mkdir()
        _produce(path, source.decode(), fresh)
        seal(fresh, parts)
        _swap(fresh, folder, Path(scratch) / "old")
    return True


def _produce(path: Path, source: str, folder: Path) -> None:
    name = _name(path)
    notebook = read(source, name)
    _require_main(notebook, name)
    run(notebook, folder, name, source)
    for function, code in excerpts(source).items():
        (folder / f"{function}.py").write_text(code, encoding="utf-8")
    (folder / "output.txt").write_text("".join(_printed(notebook)), encoding="utf-8")
    write_labs(notebook, path.stem, folder)


def _require_main(notebook: NotebookNode, name: str) -> None:
    if "__main__" not in notebook.cells[-1].source:
        raise WeaveError(
            f"{name}: the last cell must be\n"
            '# %%\nif __name__ == "__main__":\n    main()'
        )


def _printed(notebook: NotebookNode) -> Iterator[str]:
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "stream":
                yield output.text


def when_made(path: Path, artifacts: Path = ARTIFACTS) -> int:
    """Return when a snippet's folder was made, in nanoseconds: another for each run."""
    return (artifacts / path.stem / FINGERPRINT).stat().st_mtime_ns


def why(path: Path, artifacts: Path = ARTIFACTS) -> list[str]:
    """Return the reasons to run a snippet: what has changed since its last run."""
    parts = fingerprint(_name(path), path.read_bytes())
    return changes(artifacts / path.stem, parts)


def _is_current(path: Path, artifacts: Path) -> bool:
    return not why(path, artifacts)


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
