"""Figures that the text of a report states of its own tables (design, section 5)."""
