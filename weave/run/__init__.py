"""A snippet's one run: its notebook, its kernel, and the folder of all it produced."""
