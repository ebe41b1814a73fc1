"""Check reports and RDF files against the rules."""
