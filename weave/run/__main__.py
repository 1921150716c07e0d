"""``python -m weave.run``: every snippet's folder, brought up to date."""

import sys

from weave.errors import WeaveError
from weave.run.artifacts import refresh


def main() -> None:
    """Refresh every folder, with a line a snippet."""
    try:
        refresh()
    except WeaveError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
