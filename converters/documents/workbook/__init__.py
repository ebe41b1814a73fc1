"""Workbooks: what their sheets display."""
