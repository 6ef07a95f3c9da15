"""The deadlines of a year: upkeep, closing and moving them, meetings, listings. Here alone a deadline changes."""
