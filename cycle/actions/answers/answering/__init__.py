"""The page behind a mail: what it asks, and what is answered there."""
