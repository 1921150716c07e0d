"""What a writer can mend is shown alone; anything else as it is."""

from errno import ENOSPC
from pathlib import Path

import pytest

from weave.errors import WeaveError, mendable, shown_alone


def test_a_program_ends_with_the_message() -> None:
    said = r"^docs/zh/a\.md:3: what to do$"
    with pytest.raises(SystemExit, match=said), shown_alone():
        raise WeaveError("docs/zh/a.md:3: what to do")


def test_a_fault_of_ours_keeps_its_traceback() -> None:
    with pytest.raises(KeyError), shown_alone():
        raise KeyError("x")


def test_a_package_that_is_missing_is_named_with_the_way_to_get_it() -> None:
    with pytest.raises(SystemExit) as caught, shown_alone():
        import a_package_that_nobody_has  # type: ignore[import-not-found]  # noqa: F401
    assert "No module named 'a_package_that_nobody_has'" in str(caught.value)
    for file in ("requirements.lock", "torch.lock"):
        assert f"-r {file}" in str(caught.value)
        assert Path(file).exists()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file", encoding="utf-8")
    said = r"cache/artifacts: Not a directory\. .*removed"
    with pytest.raises(SystemExit, match=said), shown_alone():
        (tmp_path / "cache" / "artifacts").mkdir()


def test_a_full_disk_is_named() -> None:
    with pytest.raises(SystemExit, match="the disk: No space left"), shown_alone():
        raise OSError(ENOSPC, "No space left on device")


def test_what_no_writer_can_mend_is_not_mendable() -> None:
    assert mendable(ZeroDivisionError()) is None
    assert mendable(OSError("no file")) is None
