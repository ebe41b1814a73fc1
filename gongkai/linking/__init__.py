"""Links to other data sets: candidates from a SPARQL endpoint, for a person to decide on.

Nothing is linked automatically: ``review.py`` writes a table of candidates with their evidence, and
only rows in which a person entered a decision become links (``gongkai/publishing/linksets.py``).
"""
