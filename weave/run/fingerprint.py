"""An artifact's fingerprint: all that it depends on, part by part.

A part is a file with its digest, or a program with its version. The fingerprint lies in
the artifact's folder, and names the files that belong there.
"""

import functools
import hashlib
import json
import platform
import tomllib
from collections.abc import Iterator
from importlib.metadata import requires, version
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from weave.paths import FIGURE_TEXT, STYLES, WEAVE
from weave.run import figure_text

FINGERPRINT = "fingerprint.json"  # the file in the artifact's folder
DIGEST = "sha256:"

Parts = dict[str, str]


def fingerprint(name: str, source: bytes) -> Parts:
    """Return the parts that a snippet depends on, on this machine, today."""
    machine = {
        "Python": platform.python_version(),
        "the machine": f"{platform.system()} {platform.machine()}",
    }
    files = {_name(p): _digest(p.read_bytes()) for p in _files(Path(name).name)}
    words = {_name(FIGURE_TEXT): _figure_text(Path(name).stem)}
    return {name: _digest(source)} | machine | files | words | _versions(_project())


def seal(folder: Path, parts: Parts) -> None:
    """Write the fingerprint into a folder in which all the rest lies."""
    content = {"parts": parts, "files": _files_in(folder)}
    text = json.dumps(content, ensure_ascii=False, indent=1)
    (folder / FINGERPRINT).write_text(f"{text}\n", encoding="utf-8")


def changes(folder: Path, parts: Parts) -> list[str]:
    """Return what has changed since the folder was made: nothing if it is current."""
    if not (folder / FINGERPRINT).exists():
        return ["never run"]
    try:
        sealed = json.loads((folder / FINGERPRINT).read_bytes())
        before, made = dict(sealed["parts"]), dict(sealed["files"])
    except (ValueError, KeyError, TypeError):
        return [f"{folder.name}/{FINGERPRINT} is spoilt"]
    files = (f"{folder.name}/{what}" for what in _differences(made, _files_in(folder)))
    return [*_differences(before, parts), *files]


def _differences(old: Parts, new: Parts) -> Iterator[str]:
    for part in sorted(old.keys() | new.keys()):
        if part not in old:
            yield f"{part} is new"
        elif part not in new:
            yield f"{part} is gone"
        elif old[part] != new[part]:
            is_file = new[part].startswith(DIGEST)
            yield f"{part} " + ("changed" if is_file else f"{old[part]} → {new[part]}")


def _files_in(folder: Path) -> Parts:
    """Return the files that a run has left, each with its digest."""
    return {
        path.relative_to(folder).as_posix(): _digest(path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != FINGERPRINT
    }


def _files(snippet: str) -> Iterator[Path]:
    """Return the style sheets, the snippet's drawings, the ground and this room."""
    yield from STYLES.glob("*.mplstyle")
    if (STYLES / snippet).is_file():
        yield from (STYLES / snippet, STYLES / "drawing.py")
    yield from WEAVE.glob("*.py")
    yield from (WEAVE / "run").glob("*.py")


def _figure_text(module: str) -> str:
    """Return the digest of the Chinese that a module's figures may have."""
    return _digest(repr(figure_text.load(module, FIGURE_TEXT).chinese).encode())


def _name(path: Path) -> str:
    """Return a file's name from the project's root, wherever that lies."""
    return path.relative_to(WEAVE.parent).as_posix()


def _digest(data: bytes) -> str:
    return DIGEST + hashlib.sha256(data).hexdigest()


def _project() -> tuple[str, ...]:
    """Return what pyproject.toml says that snippets import, and that runs them."""
    text = (WEAVE.parent / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(text)
    needed = project["project"]["dependencies"] + project["dependency-groups"]["run"]
    return tuple(needed)


@functools.cache  # for as long as the process lives, which has imported them
def _versions(needed: tuple[str, ...]) -> Parts:
    """Return the versions of these packages, and of all that they require."""
    found: Parts = {}
    waiting = list(map(Requirement, needed))
    while waiting:
        package = waiting.pop()
        name = canonicalize_name(package.name)
        if name not in found and _is_for_us(package):
            found[name] = version(name)
            waiting += map(Requirement, requires(name) or [])
    return found


def _is_for_us(package: Requirement) -> bool:
    return package.marker is None or package.marker.evaluate({"extra": ""})
