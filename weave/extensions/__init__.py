"""What changes the text of the notes: extensions of Python-Markdown.

If a package that they need is missing, it is named here with the way to get it: MkDocs
would show no more than where it was imported.
"""

from weave.errors import shown_alone

with shown_alone():
    import weave.extensions.mathml  # noqa: F401
