"""The HTTP layer: negotiation, codings, conditional requests, clients, errors."""
