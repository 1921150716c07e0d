"""The run that a snippet's tests share."""

import pytest

from tests.snippets.runs import Run, run_of


@pytest.fixture(scope="module")
def run(request: pytest.FixtureRequest) -> Run:
    """Return what the snippet did that the test file is named after."""
    return run_of(request.path.stem.removeprefix("test_"))
