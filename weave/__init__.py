"""The build: runs the snippets, and weaves what they produce into the notes.

A room knows only the rooms below it in this list:

    dev/         for those who work on this: measuring, locking, comparing
    editions/    the site in other forms: a zip to read offline, a PDF to print
    site/        MkDocs: pages, navigation, both languages side by side, the theme
    search/      the search's indexes, and the words that lead to a section
    extensions/  Python-Markdown: values, excerpts, exercises, figures, formulas, terms
    live/        cells of a served page run in a kernel of its own; knows no MkDocs
    run/         a snippet's one run, and the folder that it leaves; knows no MkDocs
    (here)       the ground: files, paths, errors, lifeline, languages, text, records,
                 repository, syntax, glossary
"""
