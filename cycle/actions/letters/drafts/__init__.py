"""A letter as it is written, and how it stands."""
