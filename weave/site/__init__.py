"""The site: what only MkDocs and its theme can do."""
