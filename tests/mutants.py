"""A plugin of pytest for mutmut: a snippet's mutant meets all tests of that snippet.

mutmut notes which test calls which function. A snippet runs only once for all its
tests, so that the note would name the first of them alone.

weave/dev/mutants.py says in the environment which snippets are tried, and until when.
"""

import os
import time
from collections import defaultdict

import pytest
from mutmut.state import state

_tests: dict[str, set[str]] = defaultdict(set)
_functions: dict[str, set[str]] = defaultdict(set)


def _snippet(item: pytest.Item) -> str:
    """Return what tests/conftest.py groups the test under: the snippet it is about."""
    mark = item.get_closest_marker("xdist_group")
    return str(mark.args[0]) if mark else ""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Function]
) -> None:
    """Leave out other snippets' tests; put last what needs a run: most die before."""
    tried = os.environ["MUTANTS_OF"].split()
    others = [item for item in items if _snippet(item) not in tried]
    config.hook.pytest_deselected(items=others)
    items[:] = [item for item in items if _snippet(item) in tried]
    items.sort(key=lambda item: bool({"run", "module"} & set(item.fixturenames)))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Begin no test when time is up; mutmut notes that its mutant was not tried."""
    if time.time() > float(os.environ.get("MUTANTS_UNTIL", "inf")):
        pytest.exit("time is up", returncode=2)


@pytest.hookimpl(tryfirst=True)  # mutmut empties its note afterwards
def pytest_runtest_teardown(item: pytest.Function) -> None:
    _tests[_snippet(item)].add(item.nodeid)
    _functions[_snippet(item)] |= state()._stats


def pytest_sessionfinish() -> None:
    """Correct mutmut's note."""
    for snippet, functions in _functions.items():
        for function in functions:
            if function.startswith(f"snippets.{snippet}."):
                state().tests_by_mangled_function_name[function] = _tests[snippet]
