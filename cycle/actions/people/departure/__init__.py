"""Who leaves, hands over, or is forgotten."""
