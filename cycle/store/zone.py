"""Where this office is: a moment is kept in UTC, and is a day for people only in their own zone."""

from datetime import UTC, datetime

from sqlmodel import Session

ZONE = "zone"
"""Under this name a session knows it; `Database` says it to each."""


def local(session: Session, moment: datetime) -> datetime:
    """The moment on the clock of this office, whose day and hour people read."""
    return moment.astimezone(session.info.get(ZONE, UTC))
