"""Where MkDocs finds the plugin: if a package is missing, it is told how to get it."""

from mkdocs.exceptions import ConfigurationError

from weave.errors import mendable

try:
    from weave.site.plugin import WeavePlugin
except ImportError as error:
    raise ConfigurationError(str(mendable(error))) from None

__all__ = ["WeavePlugin"]
