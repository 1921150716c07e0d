"""The build: runs the snippets, and weaves what they produce into the notes.

A room knows only the rooms above it in this list:

    (here)       the ground: languages, paths, errors, text, syntax, glossary
    run/         a snippet's one run, and the folder that it leaves; knows no MkDocs
    extensions/  Python-Markdown: values, excerpts, figures, formulas, terms
    search/      the search's indexes, and the words that lead to a section
    site/        MkDocs: pages, navigation, both languages side by side, the theme
    editions/    the site in other forms: a zip to read offline, a PDF to print
    dev/         for those who work on this: measuring, locking, comparing
"""
