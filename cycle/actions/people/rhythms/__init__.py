"""When somebody wants mail."""
