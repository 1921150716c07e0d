"""YAML that people write: whatever is wrong with it is named with its line."""

from pathlib import Path
from typing import Any

import yaml

from weave.errors import WeaveError
from weave.text import read

WAY_OUT = (
    "YAML is indented with spaces; a text that begins with a sign or holds ': ' "
    "stands in quotes."
)


class Record(dict[Any, Any]):
    """A mapping that knows the line it begins on."""

    line: int


class _Loader(yaml.SafeLoader):
    """Makes records of mappings, and takes no key twice."""


def _record(loader: _Loader, node: yaml.MappingNode) -> Record:
    keys = [key.value for key, _ in node.value]
    for position, (key, _) in enumerate(node.value):
        if key.value in keys[:position]:
            problem = f"{key.value!r} stands there twice"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)
    record = Record(loader.construct_mapping(node, deep=True))
    record.line = node.start_mark.line + 1
    return record


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _record)


def load(path: Path) -> Any:
    """Return what a file of YAML holds. Raises WeaveError with the line."""
    return parse(read(path), str(path))


def parse(text: str, name: str, before: int = 0) -> Any:
    """Return what YAML says that stands ``before`` lines below the head of a file."""
    try:
        return yaml.load(text, _Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line if error.problem_mark else 0
        problem = error.problem
    except yaml.reader.ReaderError as error:
        line, problem = text[: error.position].count("\n"), error.reason
    raise WeaveError(f"{name}:{before + line + 1}: {problem}. {WAY_OUT}")
