"""The annual FOIA reports of the agencies of the United States."""
