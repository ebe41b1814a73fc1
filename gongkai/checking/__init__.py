"""Reports and RDF files held against the rules."""
