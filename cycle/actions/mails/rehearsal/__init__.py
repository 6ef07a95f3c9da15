"""The plan of a morning in a loop: the year as it will be."""
