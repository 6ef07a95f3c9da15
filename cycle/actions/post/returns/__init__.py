"""What comes back: returned mail and replies."""
