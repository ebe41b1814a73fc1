"""Links out: candidates for bodies and areas from a SPARQL endpoint, for a person to decide on.

Nothing is linked by itself: ``review.py`` writes a table of candidates with their evidence, and
only rows in which a person filled in a decision become links (``gongkai/publishing/linksets.py``).
"""
