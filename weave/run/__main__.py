"""``python -m weave.run``: every snippet's folder, brought up to date.

``--why MODULE`` runs nothing: it says for what reasons a snippet would be run.
"""

from argparse import ArgumentParser
from pathlib import Path

from weave.errors import WeaveError, shown_alone
from weave.lifeline import exit_in_order
from weave.paths import SNIPPETS
from weave.run.artifacts import modules, refresh, why

CURRENT = ["current: nothing changed since it was run"]


@shown_alone()
def main() -> None:
    """Refresh every folder, with a line a snippet; or say why a snippet would run."""
    exit_in_order()
    parser = ArgumentParser(prog="python -m weave.run", description=__doc__)
    parser.add_argument("--why", nargs="+", metavar="MODULE")
    asked = parser.parse_args().why
    if asked is None:
        refresh()
    for path in [_snippet(name) for name in asked or []]:
        for reason in why(path) or CURRENT:
            print(f"{path.stem}: {reason}")


def _snippet(name: str) -> Path:
    known = {path.stem: path for path in modules()}
    if name not in known:
        raise WeaveError(f"{SNIPPETS}: no module {name}; there are {', '.join(known)}")
    return known[name]


if __name__ == "__main__":
    main()
