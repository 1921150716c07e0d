"""What a reader can do with the repository, where its address is known."""

import pytest

from weave.repository import at_home, colab

NOTEBOOK = "zh/labs/square/square.ipynb"


@pytest.mark.parametrize("end", ["", "/"])
def test_colab_opens_what_is_published(end: str) -> None:
    assert colab(f"https://github.com/us/ml{end}", NOTEBOOK) == (
        f"https://colab.research.google.com/github/us/ml/blob/gh-pages/{NOTEBOOK}"
    )


@pytest.mark.parametrize("repository", [None, "", "https://example.org/us/ml"])
def test_colab_opens_nothing_from_elsewhere(repository: str | None) -> None:
    assert colab(repository, NOTEBOOK) is None


@pytest.mark.parametrize("end", ["", "/", ".git"])
def test_two_commands_bring_the_notes_home(end: str) -> None:
    address = f"https://example.org/us/ml{end}"
    assert at_home(address) == [f"git clone {address}", "make -C ml serve"]


def test_of_an_unknown_repository_one_command_is_left() -> None:
    assert at_home(None) == at_home("") == ["make serve"]
