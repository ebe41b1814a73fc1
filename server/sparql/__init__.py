"""The SPARQL endpoint and its service description."""
