"""Serve the content of a store: linked data, pages, a SPARQL endpoint."""
