"""The site in other forms: a folder to read offline, a book to print."""
