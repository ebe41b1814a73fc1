"""The server's queries to its store, and their results."""
