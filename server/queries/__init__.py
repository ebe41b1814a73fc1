"""The queries that the server asks its store, and what they find."""
