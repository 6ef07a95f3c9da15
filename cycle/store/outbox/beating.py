"""When each job of the clock last came round, and what the newest moment is that was written down."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col, select

from cycle.store.columns import columns
from cycle.store.outbox.labels import DAILY, NEVER_PAUSED
from cycle.store.tables import Beat, Fact, Message

OVERVIEW, OVERVIEW_LOOK = "overview", "overview-look"
"""The names of the beats that say when overviews went, and when to look next at whether one is to go."""

RESUMED = "resumed"
"""The name of the beat that says when somebody last let sending go on."""

DAMAGED = "damaged"
"""The name of the beat that says when the file of the database was found damaged; none while it is whole."""


def beat(session: Session, name: str, now: datetime) -> None:
    """Notes that a job came round."""
    row = session.get(Beat, name)
    if row is None:
        session.add(Beat(name=name, at=now))
    else:
        row.at = now
        session.add(row)


def unbeat(session: Session, name: str) -> None:
    """Takes a beat back: what it said is so no more."""
    session.connection().execute(delete(Beat).where(col(Beat.name) == name))


def beats(session: Session) -> dict[str, datetime]:
    """When each job last came round."""
    return {row.name: row.at for row in session.exec(select(Beat))}


def look_at_overview(session: Session) -> None:
    """Lets the next tick look whether an overview is to go: somebody changed who gets one, or when."""
    session.connection().execute(delete(Beat).where(col(Beat.name) == OVERVIEW_LOOK))


def newest_moments(session: Session) -> list[datetime]:
    """The moments of what was written down last: a mail, a sending, a decision. What goes while the clock is not
    believed (alarms, signing in) does not count."""
    moments = [session.exec(query).first() for query in _newest()]
    return [row[0] for row in moments if row is not None]


@cache
def _newest() -> tuple[Any, ...]:
    """Put together once: it is asked at every round of the clock."""
    made = col(Message.kind).not_in((*NEVER_PAUSED, DAILY))
    queries = (
        columns(Message.created_at).where(made).order_by(col(Message.id).desc()),
        columns(Message.sent_at).where(made, col(Message.sent_at).is_not(None)).order_by(col(Message.sent_at).desc()),
        columns(Fact.at).where(Fact.about != "aanmelden").order_by(col(Fact.id).desc()),
    )
    return tuple(query.limit(1) for query in queries)
