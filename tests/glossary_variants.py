"""The names that the glossary does not allow, wherever somebody writes them."""

from weave.glossary import Term, pattern


def variants(terms: tuple[Term, ...], text: str, code: str) -> list[str]:
    """Return the names that the glossary does not allow, as they stand in ``text``."""
    names = [name for term in terms for name in term.never[code]]
    return [name for name in names if pattern(name).search(text)]
