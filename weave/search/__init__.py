"""The search: the sections of each language, and the words that lead to them."""
