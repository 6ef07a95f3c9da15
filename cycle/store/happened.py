"""What happened to deadlines, asked of the facts: from which day somebody moved them since they were told of."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import func
from sqlmodel import Session, col, select

from cycle.domain.model import ActorKind
from cycle.store.columns import columns
from cycle.store.facts import values_in
from cycle.store.ids import id_of
from cycle.store.tables import Actor, DeadlineRow, Fact, Person, ReminderRow

DAYS = {"deadline": "due", "meeting": "day"}
"""Which of the values of a thing is its day."""


class Moved(NamedTuple):
    """The day that was told, if facts or rows know it, and who changed it last; nobody where that was the clock."""

    old: date | None
    by: str = ""


def moved_since_told(session: Session, rows: Iterable[DeadlineRow]) -> dict[int, Moved]:
    """What became of the day of some deadlines, or of their meetings, since anybody was told of them."""
    return {id_of(row): _moved(session, row) for row in rows}


def _moved(session: Session, row: DeadlineRow) -> Moved:
    subject, number = ("meeting", row.meeting.id) if row.meeting is not None else ("deadline", row.id)
    mine = Fact.covenant_id == row.covenant_id, Fact.subject == subject, Fact.subject_id == number
    query = (
        columns(Fact.old, Fact.new, Actor.kind, Actor.name, Person.name.label("person"))  # type: ignore[attr-defined]
        .join(Actor, col(Actor.id) == Fact.actor_id)
        .outerjoin(Person, col(Person.id) == Actor.person_id)
        .where(*mine, Fact.old != "", col(Fact.at) > _told_at(session, row))
        .order_by(col(Fact.id))
    )
    changes = [change for change in session.exec(query) if DAYS[subject] in values_in(change.old) or _is_off(change)]
    days = [values_in(change.old).get(DAYS[subject]) for change in changes]
    old = next((date.fromisoformat(day) for day in days if day), row.meeting.day if row.meeting is not None else None)
    return Moved(old, _who(changes[-1]) if changes else "")


def _told_at(session: Session, row: DeadlineRow) -> datetime:
    """When somebody was last told of a deadline as it was before."""
    told = ReminderRow.deadline_id == row.id, col(ReminderRow.on) < (row.known_since or date.max)
    return session.exec(select(func.max(ReminderRow.created_at)).where(*told)).one() or row.created_at


def _is_off(change: Any) -> bool:
    return "called_off_at" in values_in(change.new)


def _who(change: Any) -> str:
    return "" if change.kind == ActorKind.CLOCK else str(change.person or change.name)
