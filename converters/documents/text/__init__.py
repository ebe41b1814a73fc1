"""Plain text in the layouts that were found."""
