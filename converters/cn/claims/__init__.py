"""Figures that the text of a report states about its own tables (docs/design.md, section 5)."""
