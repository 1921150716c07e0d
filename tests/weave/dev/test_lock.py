"""The lock: every package with its hashes, the same on every machine."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from weave.dev.lock import HEADER, LOCK, TORCH, without_torch

TEXT = LOCK.read_text(encoding="utf-8")
# A continued line is one line.
LINES = [line for line in TEXT.replace("\\\n", "").splitlines() if line[0] != "#"]
LOCKED = [Requirement(line.partition(" --hash")[0]) for line in LINES]
PROJECT = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
GROUPS: dict[str, list[Any]] = PROJECT["dependency-groups"]

ENTRIES = """\
sympy==1.14.0 \\
    --hash=sha256:aa
torch==2.13.0 \\
    --hash=sha256:bb \\
    --hash=sha256:cc
torchmetrics==1.0 \\
    --hash=sha256:dd
triton==3.7.1 ; sys_platform == 'linux' \\
    --hash=sha256:ee
nvidia-cublas==13.1 ; sys_platform == 'linux' \\
    --hash=sha256:ff
cuda-toolkit==13.0
"""


def _group(name: str) -> list[Requirement]:
    own = [item for item in GROUPS[name] if isinstance(item, str)]
    included = [item["include-group"] for item in GROUPS[name] if item not in own]
    return [Requirement(item) for item in own] + [
        requirement for other in included for requirement in _group(other)
    ]


def _asked_for() -> list[Requirement]:
    return [*map(Requirement, PROJECT["project"]["dependencies"]), *_group("dev")]


def test_torch_and_cuda_are_left_out_with_their_hashes() -> None:
    assert without_torch(ENTRIES) == (
        "sympy==1.14.0 \\\n    --hash=sha256:aa\n"
        "torchmetrics==1.0 \\\n    --hash=sha256:dd\n"
    )


def test_the_lock_has_neither_torch_nor_cuda() -> None:
    assert TEXT.startswith(HEADER)
    assert without_torch(TEXT) == TEXT


def test_every_line_is_one_version_with_hashes() -> None:
    assert len(LINES) > 100
    for line, requirement in zip(LINES, LOCKED, strict=True):
        assert re.fullmatch(r"==[^=*,+]+", str(requirement.specifier)), line
        assert re.search(r" --hash=sha256:[0-9a-f]{64}\b", line), line


def test_no_package_has_two_versions_on_one_machine() -> None:
    here = [r.name for r in LOCKED if r.marker is None or r.marker.evaluate()]
    assert len(here) == len(set(here))


@pytest.mark.parametrize("asked", _asked_for(), ids=lambda asked: asked.name)
def test_what_the_project_asks_for_is_locked_in_a_version_it_takes(
    asked: Requirement,
) -> None:
    torch = Requirement(TORCH.read_text(encoding="utf-8").splitlines()[-1])
    name = canonicalize_name(asked.name)
    found = [r for r in (*LOCKED, torch) if r.name == name]
    assert found
    for locked in found:
        (version,) = locked.specifier
        assert version.version in asked.specifier


def test_the_project_itself_is_built_with_what_is_locked() -> None:
    (builder,) = map(Requirement, PROJECT["build-system"]["requires"])
    assert builder.name in {requirement.name for requirement in LOCKED}


@pytest.mark.parametrize("file", ["Makefile", "README.md"])
def test_who_installs_the_lock_asks_for_its_hashes(file: str) -> None:
    text = Path(file).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if "requirements.lock" in line]
    installs = [line for line in lines if "pip" in line and "install" in line]
    assert installs
    assert all("--require-hashes" in line for line in installs)
