"""A key changes with whatever the artifact depends on, and with nothing else."""

import re
import shutil
import tomllib
from pathlib import Path

import pytest

from weave.run import fingerprint
from weave.run.fingerprint import key


@pytest.fixture
def copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Style sheets and build modules that a test may change."""
    for name, folder in (("STYLES", fingerprint.STYLES), ("WEAVE", fingerprint.WEAVE)):
        shutil.copytree(folder, tmp_path / name)
        monkeypatch.setattr(fingerprint, name, tmp_path / name)
    return tmp_path


def _append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_the_same_source_has_the_same_key() -> None:
    assert key(b"x = 1") == key(b"x = 1")


def test_another_source_has_another_key() -> None:
    assert key(b"x = 1") != key(b"x = 2")


@pytest.mark.parametrize("sheet", ["base", "light", "dark"])
def test_a_style_sheet_changes_the_key(copies: Path, sheet: str) -> None:
    before = key(b"x")
    _append(copies / "STYLES" / f"{sheet}.mplstyle", "\n# changed\n")
    assert key(b"x") != before


@pytest.mark.parametrize("module", fingerprint.BUILDERS)
def test_what_makes_the_artifacts_changes_the_key(copies: Path, module: str) -> None:
    before = key(b"x")
    _append(copies / "WEAVE" / f"{module}.py", "\n# changed\n")
    assert key(b"x") != before


def test_what_only_makes_pages_leaves_the_key(copies: Path) -> None:
    before = key(b"x")
    _append(copies / "WEAVE" / "figures.py", "\n# changed\n")
    assert key(b"x") == before


@pytest.mark.parametrize("package", fingerprint.PACKAGES)
def test_a_new_release_changes_the_key(
    package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, version = key(b"x"), fingerprint.version
    monkeypatch.setattr(
        fingerprint, "version", lambda name: version(name) + ".1" * (name == package)
    )
    assert key(b"x") != before


def test_where_the_folders_lie_does_not_change_the_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = set()
    for styles, weave in (("a", "b"), ("d", "c")):
        for name, folder in (("STYLES", styles), ("WEAVE", weave)):
            shutil.copytree(getattr(fingerprint, name), tmp_path / folder)
            monkeypatch.setattr(fingerprint, name, tmp_path / folder)
        found.add(key(b"x"))
    assert len(found) == 1


def test_another_python_changes_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    before = key(b"x")
    monkeypatch.setattr(fingerprint.sys, "version", "4.0")
    assert key(b"x") != before


def test_another_machine_changes_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    before = key(b"x")
    monkeypatch.setattr(fingerprint.platform, "machine", lambda: "abacus")
    assert key(b"x") != before


def test_whatever_a_snippet_may_import_is_watched() -> None:
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
    named = {re.split(r"[<>=]", d)[0] for d in project["project"]["dependencies"]}
    assert named <= set(fingerprint.PACKAGES)
