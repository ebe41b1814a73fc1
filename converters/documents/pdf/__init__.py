"""PDF files: two readings of every number, tables over pages."""
