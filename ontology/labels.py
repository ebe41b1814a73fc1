"""Texts that name a thing, by language."""

Label = dict[str, str]
"""A label by language tag."""
