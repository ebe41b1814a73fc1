"""Web pages, saved or not."""
