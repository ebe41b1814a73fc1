"""The full-text index and its words."""
