"""What HTTP asks for: negotiation, codings, conditions, clients, errors."""
