"""The lock file says the same on every machine."""

from weave.dev.lock import HEADER, LOCK, portable


def test_local_tags_are_dropped() -> None:
    assert portable("torch==2.13.0+cpu\nnumpy==2.4.0\n") == (
        "torch==2.13.0\nnumpy==2.4.0\n"
    )


def test_a_plus_elsewhere_stays() -> None:
    assert portable("# a+b\nx==1\n") == "# a+b\nx==1\n"


def test_what_only_some_platforms_need_is_dropped() -> None:
    lines = ["nvidia-cublas==13.1", "cuda-toolkit==13", "triton==3.4", "nvidia==1"]
    assert portable("\n".join(lines)) == "nvidia==1\n"


def test_a_lock_made_portable_twice_is_the_same() -> None:
    once = portable("torch==2.13.0+cu130\ntriton==3\n")
    assert portable(once) == once


def test_the_lock_of_the_project_is_portable() -> None:
    text = LOCK.read_text(encoding="utf-8")
    assert text.startswith(HEADER)
    assert portable(text) == text
