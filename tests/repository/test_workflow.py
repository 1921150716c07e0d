"""What runs on every push: nothing in it changes by itself, one job may write."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

FOLDER = Path(".github/workflows")
WORKFLOWS = {path.name: yaml.safe_load(path.read_bytes()) for path in FOLDER.iterdir()}
JOBS: dict[str, dict[str, Any]] = {
    f"{file}:{name}": job
    for file, workflow in WORKFLOWS.items()
    for name, job in workflow["jobs"].items()
}
USES = [
    line.strip().removeprefix("- ")
    for path in sorted(FOLDER.iterdir())
    for line in path.read_text(encoding="utf-8").splitlines()
    if re.match(r" *(- )?uses:", line)
]

every_job = pytest.mark.parametrize("job", JOBS.values(), ids=list(JOBS))


def _commands(job: dict[str, Any]) -> str:
    return "\n".join(step.get("run", "") for step in job["steps"])


@pytest.mark.parametrize("use", sorted(set(USES)))
def test_an_action_is_pinned_by_its_commit_and_says_its_version(use: str) -> None:
    assert re.fullmatch(r"uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", use)


def test_every_action_was_looked_at() -> None:
    steps = [step for job in JOBS.values() for step in job["steps"]]
    assert len(USES) == sum("uses" in step for step in steps) > 0


def test_nothing_is_allowed_unless_a_job_says_so() -> None:
    assert all(workflow["permissions"] == {} for workflow in WORKFLOWS.values())


@every_job
def test_a_job_ends_and_says_what_it_may(job: dict[str, Any]) -> None:
    assert 0 < job["timeout-minutes"] <= 120
    assert set(job["permissions"]) == {"contents"}


def test_one_job_alone_may_write() -> None:
    writing = [n for n, job in JOBS.items() if "write" in job["permissions"].values()]
    assert writing == ["docs.yml:publish"]


@every_job
def test_who_may_write_installs_only_by_hash(job: dict[str, Any]) -> None:
    if job["permissions"]["contents"] == "write":
        for line in _commands(job).splitlines():
            assert "pip install" not in line or "--require-hashes" in line
            assert not re.search(r"\b(curl|wget|npx|npm|make|uvx?|pipx)\b", line)


@every_job
def test_no_value_from_outside_is_pasted_into_a_command(job: dict[str, Any]) -> None:
    assert "${{" not in _commands(job)


@every_job
def test_a_checkout_leaves_no_password_behind(job: dict[str, Any]) -> None:
    for step in job["steps"]:
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False
