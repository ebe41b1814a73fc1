"""Dereference the URIs of resources in the store."""
