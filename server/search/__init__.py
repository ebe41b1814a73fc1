"""The search index and the words that are looked for."""
