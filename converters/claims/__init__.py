"""Figures that the text of a report states, tied to the cells of its tables."""
