"""Recognise the official forms (declared in ``ontology/forms``) in documents of any format."""
