"""``python -m weave.run``: every snippet's folder, brought up to date."""

from weave.errors import shown_alone
from weave.lifeline import exit_in_order
from weave.run.artifacts import refresh


@shown_alone()
def main() -> None:
    """Refresh every folder, with a line a snippet."""
    exit_in_order()
    refresh()


if __name__ == "__main__":
    main()
