"""Where MkDocs finds the plugin: with all packages, and with one missing."""

import subprocess
import sys

import pytest

from weave.site import entry
from weave.site.plugin import WeavePlugin


def test_the_plugin_is_found() -> None:
    assert entry.WeavePlugin is WeavePlugin


@pytest.mark.parametrize(
    ("package", "module"),
    [
        ("math_core", "weave.extensions.linebreaks"),
        ("lxml", "weave.extensions.linebreaks"),
        ("fontTools", "weave.site.entry"),
        ("nbclient", "weave.site.entry"),
    ],
)
def test_a_missing_package_is_named_with_the_way_to_get_it(
    package: str, module: str
) -> None:
    code = f"import sys; sys.modules[{package!r}] = None; import {module}"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert package in done.stderr.splitlines()[0]
    assert "-m pip install" in done.stderr
    assert "Traceback" not in done.stderr
