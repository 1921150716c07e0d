"""Where MkDocs finds the plugin: if a package is missing, it is told how to get it."""

from weave.errors import shown_alone

with shown_alone():
    from weave.site.plugin import WeavePlugin

__all__ = ["WeavePlugin"]
