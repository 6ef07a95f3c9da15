"""Where this office is: a moment is kept in UTC, and is a day for people only in their own zone."""

from datetime import UTC, date, datetime

from sqlmodel import Session

from cycle.domain.workdays import local_day

ZONE = "zone"
"""Under this name a session knows it; `Database` says it to each."""


def local(session: Session, moment: datetime) -> datetime:
    """The moment on the clock of this office, whose day and hour people read."""
    return moment.astimezone(session.info.get(ZONE, UTC))


def day_of(session: Session, moment: datetime) -> date:
    """The day of a moment for people."""
    return local_day(moment, session.info.get(ZONE, UTC))
