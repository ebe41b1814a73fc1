"""The SPARQL endpoint and its description."""
