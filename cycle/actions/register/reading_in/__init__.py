"""What a document brings, reported first and then taken in."""
