"""The variables of a run, as JSON: what pages and claims may quote."""

import dataclasses
import json
from pathlib import Path
from typing import Any

MOST = 1_000  # numbers in one variable


class NotQuotableError(Exception):
    """Something that no page can quote: a model, a function, too many numbers."""


def write(namespace: dict[str, Any], names: list[str], file: Path) -> None:
    """Write those of the variables that can be quoted."""
    found = {}
    for name in names:
        try:
            found[name] = plain(namespace[name])
        except (KeyError, NotQuotableError):  # deleted again, or nothing to quote
            continue
    text = json.dumps(found, ensure_ascii=False)
    file.write_text(f"{text}\n", encoding="utf-8")


def plain(value: Any) -> Any:
    """Return numbers, texts, and lists and dictionaries of these.

    A tensor or an array becomes a list of its shape. Raises NotQuotableError.
    """
    if hasattr(value, "tolist"):  # a tensor, an array, or one of its numbers
        if getattr(value, "size", 0) and _count(value) > MOST:
            raise NotQuotableError
        return plain(value.tolist())
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return plain(vars(value))
    if hasattr(value, "_asdict"):  # a named tuple
        return plain(value._asdict())
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | range) and len(value) <= MOST:
        return [plain(item) for item in value]
    raise NotQuotableError


def _count(value: Any) -> int:
    return int(value.numel() if hasattr(value, "numel") else value.size)
