"""What all tests share: no window ever opens, no figure outlives its test; the site."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import pytest
from hypothesis import settings

matplotlib.use("Agg")
# How long an example takes says how busy the machine is, not whether it is right.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

TESTS = Path(__file__).parent
# These need the whole site, or all artifacts: one worker makes them, once.
WHOLE = (TESTS / "site", TESTS / "browser", TESTS / "snippets" / "test_alone.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let one worker run all tests that share the built site."""
    for item in items:
        if any(item.path.is_relative_to(path) for path in WHOLE):
            item.add_marker(pytest.mark.xdist_group("site"))


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole site, built strictly as ``make build`` does."""
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", folder],
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        pytest.fail(f"the site does not build:\n{done.stdout}", pytrace=False)
    return folder
