"""A plugin of pytest for mutmut: a snippet's mutant meets all tests of that snippet.

mutmut notes which test calls which function. A snippet's main() runs only once for all
its tests, so that the note would name the first of them alone.
"""

from collections import defaultdict

import pytest
from mutmut.state import state

_tests: dict[str, set[str]] = defaultdict(set)
_functions: dict[str, set[str]] = defaultdict(set)


def _snippet(item: pytest.Function) -> str:
    """Return what tests/conftest.py groups the test under: the snippet it is about."""
    mark = item.get_closest_marker("xdist_group")
    return str(mark.args[0]) if mark else ""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Function]) -> None:
    """Put last what needs main() to run: most mutants die before."""
    items.sort(key=lambda item: bool({"run", "module"} & set(item.fixturenames)))


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
