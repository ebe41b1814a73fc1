"""Publish reports to a store: graphs, histories, shared entities, links, comparison."""
