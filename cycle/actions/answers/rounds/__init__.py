"""What all of a table answered: lights, trend, what was released."""
