"""The freedom of information statistics of the United Kingdom."""
