"""How each person wants their mail, when they are away, and on which days they had some."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sqlmodel import Session, col, select

from cycle.domain.rhythm import EVERY_DAY, Rhythm
from cycle.store.columns import columns
from cycle.store.outbox.labels import DIGEST, DISCARDED, FAILED, REPLACED
from cycle.store.tables import Absence, Message, RhythmRow


def chosen(session: Session, usual: Rhythm) -> tuple[dict[int, Rhythm], frozenset[int]]:
    """The rhythms that people chose, by person (what somebody left open is as usual), and who stopped the overview."""
    rows = session.exec(select(RhythmRow)).all()
    by_person = {row.person_id: rhythm_of(row, usual) for row in rows}
    return by_person, frozenset(row.person_id for row in rows if not row.overview)


def rhythm_of(row: RhythmRow, usual: Rhythm) -> Rhythm:
    """One row as the domain knows it."""
    return Rhythm(row.send_hour, frozenset(row.weekdays) or EVERY_DAY, row.per_week or usual.per_week)


def row_of(session: Session, person_id: int) -> RhythmRow | None:
    """What one person chose, if they did."""
    return session.get(RhythmRow, person_id)


def absences_of(session: Session, person_ids: Iterable[int], today: date) -> Sequence[Absence]:
    """The days away of some people, as far as they are not over."""
    query = select(Absence).where(col(Absence.person_id).in_(list(person_ids)), Absence.last >= today)
    return session.exec(query.order_by(col(Absence.first), col(Absence.id))).all()


def has_absence(session: Session, person_id: int, first: date, last: date, deputy_id: int | None) -> bool:
    """Whether it is noted that somebody is away on just these days, with this deputy or with none."""
    same = select(Absence.id).where(Absence.person_id == person_id, Absence.first == first, Absence.last == last)
    return session.exec(same.where(Absence.deputy_id == deputy_id)).first() is not None


def mail_days(session: Session, today: date, *, without: Sequence[int] = ()) -> dict[int, set[date]]:
    """The days of this week, from Monday through today, on which people had a reminder mail, or have one waiting; some
    messages do not count."""
    monday = today - timedelta(today.weekday())
    query = columns(Message.person_id, Message.on).where(
        Message.kind == DIGEST,
        col(Message.on).between(monday, today),
        col(Message.state).not_in((REPLACED, DISCARDED, FAILED)),
        col(Message.id).not_in(without),
    )
    by_person: dict[int, set[date]] = defaultdict(set)
    for person, day in session.exec(query):
        by_person[person].add(day)
    return by_person
