"""A service that matches the tables of others with our bodies, areas and codes (OpenRefine).

W3C Entity Reconciliation Community Group, Reconciliation Service API v0.2 (2023-04-10).
"""
