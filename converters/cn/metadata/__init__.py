"""The body, the year and the contact particulars of a report, from the text around the tables."""
