"""What happened, asked of the facts: the one reader of what things were, what they became, when, and by whom."""

from bisect import bisect
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func
from sqlmodel import Session, col, select

from cycle.domain.model import ActorKind, State
from cycle.domain.words import VIA
from cycle.errors import NotFound
from cycle.store.columns import columns
from cycle.store.facts import values_in
from cycle.store.ids import id_of
from cycle.store.tables import Actor, DeadlineRow, Fact, Person, ReminderRow

DAYS = {"deadline": "due", "meeting": "day"}
"""Which of the values of a thing is its day."""

AT_FIRST, AT_ONCE = 20, 500

Things = Mapping[str, Collection[int]]
"""Which things are meant: their numbers, by what facts call them."""


class PastChange(NamedTuple):
    """One fact, with what a thing held before and what it became; of a row that came `old` is empty, of one that went
    `new`. `about` is None where no act said anything of it, and `person` is whoever the actor is of the people."""

    id: int
    covenant_id: int | None
    seq: int
    at: datetime
    kind: ActorKind
    by: str
    person: str
    verb: str
    subject: str
    subject_id: int
    about: str | None
    text: str
    old: dict[str, Any]
    new: dict[str, Any]

    @property
    def is_erased(self) -> bool:
        """Whether what it told of a row was taken out, with whoever that named."""
        return self.about is None and not self.old and not self.new

    @property
    def who(self) -> str:
        """By name where the register has one; nobody where it was the clock."""
        return "" if self.kind == ActorKind.CLOCK else self.person or self.by.partition(VIA)[0]


class Moved(NamedTuple):
    """The day that was told, if facts or rows know it, and who changed it last; nobody where that was the clock."""

    old: date | None
    by: str = ""


def changes_of(
    session: Session,
    covenant_id: int | None,
    things: Things,
    *,
    number: str = "",
    last: int | None = None,
) -> list[PastChange]:
    """What became of some things, the oldest first; of many, only the `last` so many. Where they are those of one
    agreement, `number` is what it is called today: before there were facts the logbook knew it by that alone."""
    wanted = [
        and_(col(Fact.subject) == subject, col(Fact.subject_id).in_(list(numbers)))
        for subject, numbers in things.items()
        if numbers
    ]
    # one by one, each along its own index: together either engine may walk a whole chain
    changes = [change for where in wanted for change in _read(session, _changes(covenant_id).where(where))]
    changes.sort(key=lambda one: one.id)
    if number:
        changes = _with_numbered(session, covenant_id, changes, number)
    return changes if last is None else changes[-last:]


def _with_numbered(
    session: Session, covenant_id: int | None, changes: Sequence[PastChange], number: str
) -> list[PastChange]:
    """With what was said of an agreement while it had the number that is named; others may have had it before."""
    mine = [one for one in changes if one.subject == "agreement" and "number" in (one.old or one.new)]
    numbers = [str(one.old.get("number", "")) for one in mine] + [number]
    said = col(Fact.about).in_({f"afspraak {one}" for one in numbers if one}), col(Fact.subject_id) == 0
    ends = [one.id for one in mine]
    numbered = [
        one
        for one in _read(session, _changes(covenant_id).where(*said))
        if one.about == f"afspraak {numbers[bisect(ends, one.id)]}"
    ]
    return sorted([*changes, *numbered], key=lambda one: one.id)


def said_since(session: Session, covenant_id: int, since: datetime, subjects: Collection[str]) -> list[PastChange]:
    """What people said since a moment of what they did to things of these kinds, the oldest first.

    It reads back from the end, so that a long past costs no more than a short one.
    """
    query = _changes(covenant_id).where(col(Fact.about).is_not(None)).order_by(col(Fact.id).desc())
    changes, at_once = list[PastChange](), AT_FIRST
    while True:
        block = _read(session, query.limit(at_once))
        changes += [one for one in block if one.at >= since and one.subject in subjects and one.kind != ActorKind.CLOCK]
        if len(block) < at_once or block[-1].at < since:
            return changes[::-1]
        query, at_once = query.where(col(Fact.id) < block[-1].id), AT_ONCE


def past_change(session: Session, fact_id: int, covenant_id: int | None) -> PastChange:
    """One fact. Raises NotFound, also for one of another covenant."""
    is_possible = 0 < fact_id < 2**31
    changes = _read(session, _changes(covenant_id).where(Fact.id == fact_id)) if is_possible else []
    if not changes:
        raise NotFound("Deze regel staat niet in het logboek.", "Kijk in het logboek.")
    return changes[0]


def act_of(session: Session, change: PastChange) -> list[PastChange]:
    """All that was done and said together with a change, the oldest first: its neighbours in the chain that bear the
    same moment. An act writes what it did before what it said, so there one of the same moment ends too."""
    mine = _is_of(change.covenant_id), Fact.at != change.at
    start = session.exec(select(func.max(Fact.seq)).where(*mine, col(Fact.seq) < change.seq)).one()
    end = session.exec(select(func.min(Fact.seq)).where(*mine, col(Fact.seq) > change.seq)).one()
    query = _changes(change.covenant_id).order_by(col(Fact.seq))
    if start is not None:
        query = query.where(col(Fact.seq) > start)
    together = _read(session, query if end is None else query.where(col(Fact.seq) < end))
    ends = [pair[1].seq for pair in pairwise(together) if pair[0].about is not None and pair[1].about is None]
    first = max((seq for seq in ends if seq <= change.seq), default=together[0].seq)
    following = min((seq for seq in ends if seq > change.seq), default=together[-1].seq + 1)
    return [one for one in together if first <= one.seq < following]


def moved_since_told(session: Session, rows: Iterable[DeadlineRow]) -> dict[int, Moved]:
    """What became of the day of some deadlines, or of their meetings, since anybody was told of them."""
    return {id_of(row): _moved(session, row) for row in rows}


def _moved(session: Session, row: DeadlineRow) -> Moved:
    subject, number = ("meeting", row.meeting.id) if row.meeting is not None else ("deadline", row.id)
    told_at = _told_at(session, row)
    changes = [
        one
        for one in changes_of(session, row.covenant_id, {subject: [number or 0]})
        if one.old and one.at > told_at and (DAYS[subject] in one.old or "called_off_at" in one.new)
    ]
    days = [one.old.get(DAYS[subject]) for one in changes]
    old = next((date.fromisoformat(day) for day in days if day), row.meeting.day if row.meeting is not None else None)
    if row.state == State.DROPPED:
        dropped = changes_of(session, row.covenant_id, {"deadline": [id_of(row)]})
        changes = [one for one in dropped if one.new.get("state") == State.DROPPED]
    return Moved(old, changes[-1].who if changes else "")


def _told_at(session: Session, row: DeadlineRow) -> datetime:
    """When somebody was last told of a deadline as it was before."""
    told = ReminderRow.deadline_id == row.id, col(ReminderRow.on) < (row.known_since or date.max)
    return session.exec(select(func.max(ReminderRow.created_at)).where(*told)).one() or row.created_at


def _changes(covenant_id: int | None) -> Any:
    query = columns(
        Fact.id,
        Fact.covenant_id,
        Fact.seq,
        Fact.at,
        Actor.kind,
        Actor.name,
        Actor.via,
        Person.name.label("person"),  # type: ignore[attr-defined]
        Fact.verb,
        Fact.subject,
        Fact.subject_id,
        Fact.about,
        Fact.text,
        Fact.old,
        Fact.new,
    )
    query = query.join(Actor, col(Actor.id) == Fact.actor_id).outerjoin(Person, col(Person.id) == Actor.person_id)
    return query.where(_is_of(covenant_id))


def _is_of(covenant_id: int | None) -> ColumnElement[bool]:
    return col(Fact.covenant_id) == covenant_id if covenant_id is not None else col(Fact.covenant_id).is_(None)


def _read(session: Session, query: Any) -> list[PastChange]:
    return [_change(row) for row in session.exec(query)]


def _change(row: Any) -> PastChange:
    by = f"{row.name}{VIA if row.via else ''}{row.via}"
    return PastChange._make([*row[:5], by, row.person or "", *row[8:-2], values_in(row.old), values_in(row.new)])
