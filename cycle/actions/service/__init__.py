"""What the clock does around everything: its rounds, health, watching over what waits, forgetting what is old."""
