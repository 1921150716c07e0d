"""What a reader can do with the notes' repository, if it is known where that is."""

HOST = "https://github.com/"
COLAB = "https://colab.research.google.com/github/"


def colab(repository: str | None, notebook: str) -> str | None:
    """Return where Colab opens a notebook of the published site; it knows one host."""
    if not repository or not repository.startswith(HOST):
        return None
    own = repository.removeprefix(HOST).strip("/")
    return f"{COLAB}{own}/blob/gh-pages/{notebook}"


def at_home(repository: str | None) -> list[str]:
    """Return the commands that open the notes on a reader's own machine, running."""
    if not repository:
        return ["make serve"]
    name = repository.strip("/").rpartition("/")[2].removesuffix(".git")
    return [f"git clone {repository}", f"make -C {name} serve"]
