"""Sample reports, made by the project: official labels and figures as published, prose retold."""
