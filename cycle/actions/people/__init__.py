"""Who sits where, and how each wants to be told: seats, parties, leaving, rhythm."""
