"""Serve what a store holds: linked data, pages, a SPARQL endpoint."""
