"""The rounds of the clock, and whether all goes well."""
