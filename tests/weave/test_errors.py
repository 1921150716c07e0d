"""What a writer can mend is shown alone; anything else as it is."""

import pytest

from weave.errors import WeaveError, shown_alone


def test_a_program_ends_with_the_message() -> None:
    said = r"^docs/zh/a\.md:3: what to do$"
    with pytest.raises(SystemExit, match=said), shown_alone():
        raise WeaveError("docs/zh/a.md:3: what to do")


def test_a_fault_of_ours_keeps_its_traceback() -> None:
    with pytest.raises(KeyError), shown_alone():
        raise KeyError("x")
