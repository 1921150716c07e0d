"""The names that the glossary does not allow, wherever somebody writes them."""

from weave.glossary import Term, pattern


def variants(terms: tuple[Term, ...], text: str, code: str) -> list[str]:
    """Return the names that the glossary does not allow, as they stand in ``text``.

    A Chinese text gives English names, too, beside its own.
    """
    languages = sorted({code, "en"})
    names = [name for term in terms for c in languages for name in term.never[c]]
    return [name for name in names if pattern(name).search(text)]
