"""Figures that the text of a report states of its own tables (docs/design.md, section 5)."""
