"""What changes the text of the notes: extensions of Python-Markdown."""
