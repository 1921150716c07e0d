"""What all tests share: no window ever opens, no figure outlives its test; the site."""

import os
from collections.abc import Iterator
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import pytest
import torch
from filelock import FileLock
from hypothesis import settings
from xdist.workermanage import NodeManager

from weave import lifeline
from weave.editions.build import build
from weave.errors import WeaveError

matplotlib.use("Agg")
torch.set_num_threads(1)  # tests run side by side; more would wait for each other
# How long an example takes says how busy the machine is, not whether it is right.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

TESTS = Path(__file__).parent

if "PYTEST_XDIST_WORKER" in os.environ:  # it would finish its test first
    os.environ.update({lifeline.PARENT: str(os.getppid())})
    lifeline.tie()


def pytest_keyboard_interrupt() -> None:
    """Do not wait for what the workers are at."""
    NodeManager.EXIT_TIMEOUT = 2


@pytest.hookimpl(tryfirst=True)  # before xdist reads the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let one worker run all tests that share a snippet's run, or a browser.

    What needs the whole site comes last but for one file, which has it built meanwhile;
    first of these what takes longest, and waits more than it works.
    """
    late, longest = ("browser", "site"), "running"
    items.sort(key=lambda item: longest not in item.path.name)
    items.sort(key=lambda item: _part(item) in late and "access" not in item.path.name)
    for item in items:
        if _part(item) in ("snippets", *late):
            item.add_marker(pytest.mark.xdist_group(_shared(item)))


def _part(item: pytest.Item) -> str:
    """Return the part of the tests that a test lies in: the folder below tests/."""
    return item.path.relative_to(TESTS).parts[0]


def _shared(item: pytest.Item) -> str:
    """Return the snippet that a test is about, as its parameter or file says."""
    parameters = getattr(item, "callspec", None)
    named = parameters and parameters.params.get("module")
    return named or item.path.stem.removeprefix("test_")


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole site, built strictly as ``make build`` does, once for all workers."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "site"
    with FileLock(folder.with_suffix(".lock")):
        if not folder.exists():
            _build(folder.with_suffix(".new")).rename(folder)
    return folder


def _build(folder: Path) -> Path:
    try:
        build(folder)
    except WeaveError as error:
        pytest.fail(f"the site does not build:\n{error}", pytrace=False)
    return folder
