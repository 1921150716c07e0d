"""What a page says of itself: reading time, last change."""

import subprocess
from pathlib import Path

import pytest

from weave.site import page_info


def test_words_and_characters_take_time_and_code_and_formulas_do_not() -> None:
    words, characters = "word " * 440, "字" * 700
    assert page_info.minutes(f"<p>{words}</p>") == 2
    assert page_info.minutes(f"<p>{characters}</p>") == 2
    assert page_info.minutes(f"<p>{words}{characters}</p>") == 4
    labels = f"<pre class='x'>{words}</pre><math>{words}</math>"
    assert page_info.minutes(f"<p>{words}</p>{labels}") == 2


def test_a_page_takes_a_minute_at_least() -> None:
    assert page_info.minutes("<p></p>") == 1


def test_a_file_was_changed_by_its_last_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def git(*arguments: str, date: str = "2020-01-01T12:00:00") -> None:
        monkeypatch.setenv("GIT_COMMITTER_DATE", date)
        who = ["-c", "user.name=a", "-c", "user.email=a@b.c"]
        subprocess.run(["git", *who, *arguments], check=True, capture_output=True)

    monkeypatch.chdir(tmp_path)
    git("init")
    for name, date in (("old", "2020-01-01"), ("new", "2021-02-03")):
        Path(f"{name}.md").write_text(name, encoding="utf-8")
        git("add", ".")
        git("commit", "-m", name, date=f"{date}T12:00:00")
    assert page_info.last_changes() == {"old.md": "2020-01-01", "new.md": "2021-02-03"}


def test_outside_a_repository_nothing_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert page_info.last_changes() == {}
