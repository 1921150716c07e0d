"""The search: one index a reading mode, and the words that lead to its sections."""
