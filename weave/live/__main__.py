"""``python -m weave.live SITE``: a built site, whose cells run."""

from argparse import ArgumentParser
from pathlib import Path

from weave.errors import WeaveError, shown_alone
from weave.lifeline import exit_in_order, tie
from weave.live.server import server


@shown_alone()
def main() -> None:
    """Serve until Ctrl-C."""
    exit_in_order()
    tie()
    parser = ArgumentParser(prog="python -m weave.live", description=__doc__)
    parser.add_argument("site", type=Path, metavar="SITE")
    parser.add_argument("--port", type=int, default=8000)
    asked = parser.parse_args()
    if not (asked.site / "snippets").is_dir():
        raise WeaveError(f"{asked.site}: no built site; `make build` makes site/.")
    with server(asked.site, asked.port) as made:
        print(f"http://127.0.0.1:{made.server_port}/", flush=True)
        made.serve_forever()


if __name__ == "__main__":
    main()
