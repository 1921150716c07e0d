"""The variables of a run: which of them are quoted, and what becomes of each kind."""

import json
import math
from collections import namedtuple
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from weave.run.demonstrations import set_once
from weave.run.variables import MOST, NotQuotableError, plain, write

Point = namedtuple("Point", "x y")


@dataclass
class Result:
    loss: float
    curve: torch.Tensor


@pytest.mark.parametrize(
    ("value", "quoted"),
    [
        (3, 3),
        (True, True),
        ("过拟合", "过拟合"),
        (None, None),
        (torch.tensor(1.5), 1.5),
        (torch.zeros(2, 3), [[0.0] * 3] * 2),
        (torch.tensor(1.0, requires_grad=True), 1.0),
        (np.float32(0.5), 0.5),
        (np.arange(3), [0, 1, 2]),
        (range(3), [0, 1, 2]),
        ({0.1: (1, torch.ones(1))}, {"0.1": [1, [1.0]]}),
        (Point(1, 2.0), {"x": 1, "y": 2.0}),
        (Result(0.5, torch.ones(2)), {"loss": 0.5, "curve": [1.0, 1.0]}),
    ],
)
def test_numbers_texts_and_what_holds_them_are_quoted(value: Any, quoted: Any) -> None:
    assert plain(value) == quoted
    assert type(plain(value)) is type(quoted)


@pytest.mark.parametrize(
    "value",
    [
        print,
        torch.nn.Linear(1, 1),
        [print],
        {1: object()},
        1j,
        Result,
        {1, 2},
        torch.zeros(MOST + 1),
        [0] * (MOST + 1),
    ],
)
def test_what_no_page_can_show_is_not(value: Any) -> None:
    with pytest.raises(NotQuotableError):
        plain(value)


def test_a_file_holds_what_can_be_quoted_and_leaves_the_rest_out(
    tmp_path: Path,
) -> None:
    file, namespace = tmp_path / "values.json", {"a": 1, "f": print, "b": math.inf}
    write(namespace, ["a", "f", "gone"], file)
    assert json.loads(file.read_text()) == {"a": 1}


@pytest.mark.parametrize(
    ("cells", "names"),
    [
        (["x = 1", "y = x"], ["x", "y"]),
        (["x = 1", "x = 2"], []),
        (["x = 1; x += 1"], ["x"]),
        (["a, (b, *c) = f()"], ["a", "b", "c"]),
        (["for i in r:\n    z = i", "for i in r:\n    pass"], ["z"]),
        (["with f() as g:\n    pass"], ["g"]),
        (["def f():\n    inner = 1", "[k for k in r]", "_private = 1"], []),
    ],
)
def test_a_variable_that_two_cells_set_is_not_quoted(
    cells: list[str], names: list[str]
) -> None:
    assert set_once(cells) == names
