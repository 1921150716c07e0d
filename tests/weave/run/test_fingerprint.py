"""What a snippet's folder depends on, changed one at a time, and what it does not.

The kernel is played by a function; at the end a real one is asked as well.
"""

import ast
import json
import os
import platform
import shutil
import sys
import tomllib
from collections.abc import Callable
from importlib.metadata import packages_distributions, requires, version
from pathlib import Path

import pytest
from nbformat import NotebookNode

from weave.paths import STYLES, WEAVE
from weave.run import __main__, artifacts, fingerprint

ROOT = WEAVE.parent
SNIPPET = """\
# %% name="nine"
if __name__ == "__main__":
    nine = 9
    print(nine)
"""
FIGURE_TEXT = """\
as_they_are: [Adam]
all: { update: 更新 }
one: { loss: 损失 }
other: { batch: 批次 }
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of all that a test may change, with two snippets: the project's root."""
    for folder in ("weave", "docs", "assets"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    for file in ("pyproject.toml", "mkdocs.yml"):
        shutil.copy(ROOT / file, tmp_path)
    for name in ("one", "other"):
        _write(tmp_path / "snippets" / f"{name}.py", SNIPPET)
    _write(tmp_path / "docs" / "figure_text.yml", FIGURE_TEXT)
    _work_in(tmp_path, monkeypatch)
    fingerprint._versions.cache_clear()
    return tmp_path


def _work_in(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fingerprint, "STYLES", root / STYLES.relative_to(ROOT))
    monkeypatch.setattr(fingerprint, "WEAVE", root / "weave")
    monkeypatch.setattr(fingerprint, "FIGURE_TEXT", root / "docs/figure_text.yml")
    monkeypatch.chdir(root)


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Stand in for the kernel; return the names of the snippets that it ran."""
    ran: list[str] = []

    async def run(notebook: NotebookNode, folder: Path, name: str) -> None:
        ran.append(name)
        (folder / "curve.svg").write_text("<svg/>", encoding="utf-8")

    monkeypatch.setattr(artifacts, "run", run)
    return ran


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _refresh() -> None:
    artifacts.refresh(report=lambda line: None)


def _why(name: str = "one") -> list[str]:
    return artifacts.why(Path("snippets") / f"{name}.py")


Change = Callable[[pytest.MonkeyPatch], None]


def _append(file: str) -> Change:
    """Add a line to a file, which may be new."""

    def change(patch: pytest.MonkeyPatch) -> None:
        old = Path(file).read_text(encoding="utf-8") if Path(file).exists() else ""
        _write(Path(file), f"{old}\n# changed\n")

    return change


def _remove(file: str) -> Change:
    return lambda patch: Path(file).unlink()


def _figure_text(old: str, new: str) -> Change:
    """Change a word in the list of the figures' texts."""
    text = FIGURE_TEXT.replace(old, new)
    return lambda patch: _write(Path("docs/figure_text.yml"), text)


def _release(package: str) -> Change:
    def change(patch: pytest.MonkeyPatch) -> None:
        newer = {package: "99.1"}
        patch.setattr(fingerprint, "version", lambda n: newer.get(n) or version(n))
        fingerprint._versions.cache_clear()

    return change


def _touch(patch: pytest.MonkeyPatch) -> None:
    for path in Path().rglob("*.*"):
        os.utime(path, (1, 1))


MADE = ".cache/artifacts/one"
DEPENDED_ON: dict[str, tuple[Change, str]] = {
    "its source": (_append("snippets/one.py"), "snippets/one.py changed"),
    **{
        f"the sheet {name}": (
            _append(f"assets/figures/{name}.mplstyle"),
            f"assets/figures/{name}.mplstyle changed",
        )
        for name in ("base", "light", "dark")
    },
    "a new sheet": (
        _append("assets/figures/print.mplstyle"),
        "assets/figures/print.mplstyle is new",
    ),
    "a sheet that is gone": (
        _remove("assets/figures/dark.mplstyle"),
        "assets/figures/dark.mplstyle is gone",
    ),
    **{
        name: (_append(name), f"{name} changed")
        for name in (
            *(f"weave/{path.name}" for path in WEAVE.glob("*.py")),
            *(f"weave/run/{path.name}" for path in (WEAVE / "run").glob("*.py")),
        )
    },
    "the Chinese in its figures": (
        _figure_text("损失", "误差"),
        "docs/figure_text.yml changed",
    ),
    "the Chinese in all figures": (
        _figure_text("更新", "步"),
        "docs/figure_text.yml changed",
    ),
    "a new module": (_append("weave/run/new.py"), "weave/run/new.py is new"),
    **{
        package: (_release(package), f"{package} {version(package)} → 99.1")
        for package in ("torch", "numpy", "scipy", "kiwisolver", "traitlets", "pyzmq")
    },
    "Python": (
        lambda patch: patch.setattr(platform, "python_version", lambda: "4.0"),
        f"Python {platform.python_version()} → 4.0",
    ),
    "the machine": (
        lambda patch: patch.setattr(platform, "machine", lambda: "abacus"),
        f"the machine {platform.system()} {platform.machine()} → "
        f"{platform.system()} abacus",
    ),
    "a picture that is gone": (
        _remove(f"{MADE}/curve.svg"),
        "one/curve.svg is gone",
    ),
    "a lab that is gone": (
        _remove(f"{MADE}/en/labs/one.ipynb"),
        "one/en/labs/one.ipynb is gone",
    ),
    "a value that was changed": (_append(f"{MADE}/curve.svg"), "one/curve.svg changed"),
    "a fingerprint of another kind": (
        lambda patch: _write(Path(MADE) / fingerprint.FINGERPRINT, "[]"),
        f"one/{fingerprint.FINGERPRINT} is spoilt",
    ),
    "a fingerprint that was spoilt": (
        _append(f"{MADE}/{fingerprint.FINGERPRINT}"),
        f"one/{fingerprint.FINGERPRINT} is spoilt",
    ),
    "its fingerprint": (_remove(f"{MADE}/{fingerprint.FINGERPRINT}"), "never run"),
    "the whole folder": (lambda patch: shutil.rmtree(MADE), "never run"),
}
NOT_DEPENDED_ON: dict[str, Change] = {
    **{
        file: _append(file)
        for file in (
            *("docs/zh/index.md", "docs/glossary.yml", "mkdocs.yml"),
            *("weave/site/plugin.py", "weave/extensions/figures.py"),
            *("assets/theme/main.html", "assets/theme/stylesheets/palette.css"),
            *("snippets/other.py", "snippets/__init__.py", "pyproject.toml"),
        )
    },
    "the Chinese in another's figures": _figure_text("批次", "批"),
    "a name in figures": _figure_text("Adam", "SGD"),
    "the times of all files": _touch,
    "a package that is not needed": _release("mkdocs-material"),
}


@pytest.mark.parametrize("part", DEPENDED_ON)
def test_what_a_folder_depends_on_makes_it_anew(
    part: str, project: Path, kernel: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    change, reason = DEPENDED_ON[part]
    _refresh()
    kernel.clear()
    change(monkeypatch)
    assert _why() == [reason]
    _refresh()
    assert "snippets/one.py" in kernel
    assert _why() == []


@pytest.mark.parametrize("part", NOT_DEPENDED_ON)
def test_what_a_folder_does_not_depend_on_leaves_it(
    part: str, project: Path, kernel: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _refresh()
    kernel.clear()
    NOT_DEPENDED_ON[part](monkeypatch)
    assert _why() == []
    _refresh()
    assert "snippets/one.py" not in kernel


def test_what_was_made_elsewhere_is_current_here(
    project: Path, kernel: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _refresh()
    shutil.copytree(project, moved := project / "moved")
    _work_in(moved, monkeypatch)
    assert _why() == []


def _imports(path: Path) -> set[str]:
    """Return the packages that a file of ours imports from others."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").partition(".")[0])
    return names - sys.stdlib_module_names - {"weave", ""}


@pytest.mark.parametrize("pattern", ["snippets/*.py", "weave/run/*.py"])
def test_the_version_of_all_that_is_imported_is_a_part(pattern: str) -> None:
    distributions = packages_distributions()
    imported = {name for path in ROOT.glob(pattern) for name in _imports(path)}
    parts = fingerprint.fingerprint("", b"").keys()
    assert imported
    for name in imported:
        assert parts & {d.lower().replace("_", "-") for d in distributions[name]}, name


def test_what_a_package_requires_is_a_part_too() -> None:
    plain = [r for r in requires("matplotlib") or [] if ";" not in r]
    assert plain
    parts = fingerprint.fingerprint("", b"").keys()
    assert {requirement.partition(">")[0] for requirement in plain} <= parts


def test_all_packages_stand_in_the_groups_that_are_installed() -> None:
    text = Path("pyproject.toml").read_text(encoding="utf-8")
    build = tomllib.loads(text)["dependency-groups"]["build"]
    assert {"include-group": "run"} in build


def _say(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> None:
    monkeypatch.setattr(sys, "argv", ["weave.run", *arguments])
    __main__.main()


def test_why_says_the_reasons_and_runs_nothing(
    project: Path,
    kernel: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _say(monkeypatch, "--why", "one")
    assert kernel == []
    _refresh()
    _append("snippets/one.py")(monkeypatch)
    _remove(f"{MADE}/curve.svg")(monkeypatch)
    _say(monkeypatch, "--why", "one", "other")
    assert capsys.readouterr().out.splitlines() == [
        "one: never run",
        "one: snippets/one.py changed",
        "one: one/curve.svg is gone",
        "other: current: nothing changed since it was run",
    ]
    assert len(kernel) == 2


def test_without_a_question_all_are_refreshed(
    project: Path, kernel: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _say(monkeypatch)
    assert sorted(kernel) == ["snippets/one.py", "snippets/other.py"]


def test_a_name_that_is_none_is_answered_by_those_that_are(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SystemExit) as caught:
        _say(monkeypatch, "--why", "two")
    assert str(caught.value) == "snippets: no module two; there are one, other"


def test_a_real_run_is_kept_until_its_source_changes(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = Path(MADE) / "values.json"
    _refresh()
    before = values.stat().st_ino
    _refresh()
    assert values.stat().st_ino == before
    _write(Path("snippets/one.py"), SNIPPET.replace("= 9", "= 10"))
    _refresh()
    assert json.loads(values.read_text(encoding="utf-8")) == {"nine": 10}
