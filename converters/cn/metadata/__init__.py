"""Who reports on which year, and how to reach them: what the text around the tables says."""
