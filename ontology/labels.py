"""Labels of an entity, by language."""

Label = dict[str, str]
"""A label by language tag."""
