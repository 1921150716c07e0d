"""The chapter on Colab: its Python runs, its commands have the options they use."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from weave.languages import LANGUAGES
from weave.syntax import FENCE, INCLUDE

TEXTS = {
    code: Path(f"docs/{code}/google-colab.md").read_text(encoding="utf-8")
    for code in LANGUAGES
}
OURS = [
    block["code"]
    for text in TEXTS.values()
    for block in FENCE.finditer(text)
    if block["info"] == "python" and not INCLUDE.match(block["code"])
]
AT_HOME = [code for code in OURS if "google.colab" not in code]
# `python -m pip …`, in a block of commands or within a sentence
COMMAND = re.compile(r"python -m (pip [^`\n]+)")
COMMANDS = sorted({c for text in TEXTS.values() for c in COMMAND.findall(text)})
MIRROR = re.compile(r"https://[\w.]+/(?:pypi/)?simple/?")


def _run(*command: str, home: Path) -> str:
    """Run a module of Python for somebody who lives in ``home``; no network."""
    places = dict.fromkeys(["HOME", "USERPROFILE", "APPDATA", "XDG_CONFIG_HOME"], home)
    environment = {name: str(place) for name, place in places.items()}
    run = subprocess.run(
        [sys.executable, "-m", *command],
        env=environment | {"PIP_NO_INDEX": "1"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return run.stdout


def test_a_web_page_is_told_from_data(tmp_path: Path) -> None:
    assert len(AT_HOME) == len(LANGUAGES)
    kinds = {
        b"\n<!DOCTYPE html><html>": True,
        b"<html>": True,
        b"id,x\n1,<html>": False,
    }
    for code in AT_HOME:
        names: dict[str, object] = {}
        exec(code, names)
        tell = names["is_web_page"]
        assert callable(tell)
        for content, is_page in kinds.items():
            (tmp_path / "file").write_bytes(content)
            assert tell(str(tmp_path / "file")) is is_page


def test_what_needs_colab_is_python_at_least() -> None:
    for code in OURS:
        compile(code, "<page>", "exec")


@pytest.mark.parametrize("command", COMMANDS)
def test_pip_knows_the_options(command: str, tmp_path: Path) -> None:
    name, *arguments = shlex.split(command)[1:]
    told = _run("pip", name, "--help", home=tmp_path)
    for option in (one for one in arguments if one.startswith("-")):
        assert re.search(rf"(?<![\w-]){option}(?![\w-])", told)


def test_a_shell_changes_its_own_folder_and_the_magic_the_kernels(
    tmp_path: Path,
) -> None:
    (tmp_path / "data" / "images").mkdir(parents=True)
    (tmp_path / "data" / "images" / "cat.png").touch()
    (cell,) = {
        block["code"]
        for text in TEXTS.values()
        for block in FENCE.finditer(text)
        if "%cd data" in block["code"]
    }
    (tmp_path / "cell.ipy").write_text(cell, encoding="utf-8")
    ipython = [sys.executable, "-m", "IPython", "--colors=NoColor", "cell.ipy"]
    environment = os.environ | {"IPYTHONDIR": str(tmp_path / "ipython")}
    run = subprocess.run(
        ipython,
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    before, *moved = run.stdout.split()
    assert before == str(tmp_path)
    assert moved == [str(tmp_path / "data")] * 2 + ["cat.png"]  # %cd prints, too


def test_a_mirror_is_set_shown_and_unset(tmp_path: Path) -> None:
    zh, en = (MIRROR.findall(text) for text in TEXTS.values())
    assert len(set(zh)) == 3
    assert zh == en
    setting = "config", "set", "global.index-url", zh[0]
    assert f"python -m pip {' '.join(setting)}" in TEXTS["zh"]
    assert str(tmp_path) in _run("pip", *setting, home=tmp_path)  # the file, written
    assert zh[0] in _run("pip", "config", "list", home=tmp_path)
    _run("pip", "config", "unset", "global.index-url", home=tmp_path)
    assert zh[0] not in _run("pip", "config", "list", home=tmp_path)


def test_the_version_of_pytorch_is_that_of_the_site() -> None:
    lock = Path("torch.lock").read_text(encoding="utf-8")
    for text in TEXTS.values():
        (version,) = re.findall(r"torch==[\d.]+", text)
        assert re.search(rf"^{version}(?!\S)", lock, re.M)
