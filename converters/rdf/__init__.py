"""The graph of a report: observations, claims, bodies, provenance."""
