"""Meetings: planned, moved, cancelled, listed."""
