"""A step that grows faster than the site stands above those that grow with it."""

from pathlib import Path

import pytest

from weave.dev import growth


def test_the_worst_step_comes_first_and_small_ones_not_at_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def profiled(times: int) -> growth.Steps:
        square, small = 0.01 * times**2, 0.001 * times**2
        return {"linear": 0.1 * times, "square": square, "small": small, "once": 1.0}

    monkeypatch.setattr(growth, "copied", lambda project, times: times)
    monkeypatch.setattr(growth, "_profiled", profiled)
    _, *rows = growth.table(Path())
    assert [row.split()[0] for row in rows] == ["square", "linear", "once"]
    assert [float(row.split()[-1]) for row in rows] == [10.0, 1.0, 0.1]
