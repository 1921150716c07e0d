"""Tools for those who work on the project: measuring, locking, comparing."""
