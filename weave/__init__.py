"""The build: runs the snippets, and weaves what they produce into the notes."""
