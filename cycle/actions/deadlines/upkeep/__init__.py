"""The deadlines of this year and the next two, kept in line with steps and readings."""
