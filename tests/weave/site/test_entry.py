"""Where MkDocs finds the plugin: with all packages, and with one missing."""

import subprocess
import sys

from weave.site import entry
from weave.site.plugin import WeavePlugin

WITHOUT = """\
import sys
sys.modules["math_core"] = None
from mkdocs.exceptions import ConfigurationError
try:
    import weave.site.entry
except ConfigurationError as error:
    print(error)
"""


def test_the_plugin_is_found() -> None:
    assert entry.WeavePlugin is WeavePlugin


def test_a_missing_package_is_named_with_the_way_to_get_it() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=False
    )
    first, *rest = done.stdout.splitlines()
    assert "math_core" in first
    assert "-m pip install" in "".join(rest)
    assert "Traceback" not in done.stderr
