"""The only line that reads the clock. It lies above `actions`, so nothing that decides can reach it."""

from datetime import UTC, datetime


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(tz=UTC)
