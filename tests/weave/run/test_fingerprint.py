"""A fingerprint changes with all that an artifact depends on, and nothing else."""

import platform
import re
import shutil
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

from weave.paths import STYLES, WEAVE
from weave.run import fingerprint


@pytest.fixture
def copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Style sheets and build modules that a test may change."""
    for name, folder in (("STYLES", STYLES), ("WEAVE", WEAVE)):
        shutil.copytree(folder, tmp_path / name)
        monkeypatch.setattr(fingerprint, name, tmp_path / name)
    return tmp_path


def _append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_the_same_source_has_the_same_fingerprint() -> None:
    assert fingerprint.fingerprint(b"x = 1") == fingerprint.fingerprint(b"x = 1")


def test_another_source_has_another_fingerprint() -> None:
    assert fingerprint.fingerprint(b"x = 1") != fingerprint.fingerprint(b"x = 2")


@pytest.mark.parametrize("sheet", ["base", "light", "dark"])
def test_a_style_sheet_changes_it(copies: Path, sheet: str) -> None:
    before = fingerprint.fingerprint(b"x")
    _append(copies / "STYLES" / f"{sheet}.mplstyle", "\n# changed\n")
    assert fingerprint.fingerprint(b"x") != before


@pytest.mark.parametrize("module", ["paths", "text", "run/figures", "run/new"])
def test_what_makes_artifacts_changes_it(copies: Path, module: str) -> None:
    before = fingerprint.fingerprint(b"x")
    (path := copies / "WEAVE" / f"{module}.py").touch()
    _append(path, "\n# changed\n")
    assert fingerprint.fingerprint(b"x") != before


def test_what_only_makes_pages_leaves_the_fingerprint(copies: Path) -> None:
    before = fingerprint.fingerprint(b"x")
    _append(copies / "WEAVE" / "extensions" / "figures.py", "\n# changed\n")
    assert fingerprint.fingerprint(b"x") == before


@pytest.mark.parametrize("package", fingerprint.PACKAGES)
def test_a_new_release_changes_it(
    package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = fingerprint.fingerprint(b"x")
    monkeypatch.setattr(
        fingerprint, "version", lambda name: version(name) + ".1" * (name == package)
    )
    assert fingerprint.fingerprint(b"x") != before


def test_where_the_folders_lie_does_not_change_the_fingerprint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = set()
    for styles, weave in (("a", "b"), ("d", "c")):
        for name, source, folder in (
            ("STYLES", STYLES, styles),
            ("WEAVE", WEAVE, weave),
        ):
            shutil.copytree(source, tmp_path / folder)
            monkeypatch.setattr(fingerprint, name, tmp_path / folder)
        found.add(fingerprint.fingerprint(b"x"))
    assert len(found) == 1


def test_another_python_changes_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = fingerprint.fingerprint(b"x")
    monkeypatch.setattr(sys, "version", "4.0")
    assert fingerprint.fingerprint(b"x") != before


def test_another_machine_changes_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = fingerprint.fingerprint(b"x")
    monkeypatch.setattr(platform, "machine", lambda: "abacus")
    assert fingerprint.fingerprint(b"x") != before


def test_whatever_a_snippet_may_import_is_watched() -> None:
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
    named = {re.split(r"[<>=]", d)[0] for d in project["project"]["dependencies"]}
    assert named <= set(fingerprint.PACKAGES)
