"""The outbox and the ledger: what is to be mailed, what was, and what was told to whom (rules C2 to C4)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from cycle.domain.planning import Reminder, Told
from cycle.store.columns import columns
from cycle.store.deadlines import Where, wake
from cycle.store.tables import Beat, DeadlineRow, Message, OutboxPause, ReminderRow

DIGEST, LETTER = "digest", "letter"
QUEUED, SENDING, SENT, FAILED, HELD, REPLACED = "queued", "sending", "sent", "failed", "held", "replaced"


class Parcel(NamedTuple):
    """What delivering one message takes."""

    id: int
    key: str
    kind: str
    to: str
    envelope_from: str
    body: bytes
    attempts: int


def told(session: Session, *where: Where) -> dict[Told, date]:
    """The ledger, of the deadlines that meet a condition or of all."""
    query = (
        columns(
            ReminderRow.deadline_id, ReminderRow.party, ReminderRow.rung, ReminderRow.counted_from, ReminderRow.on
        ).join(DeadlineRow, col(ReminderRow.deadline_id) == DeadlineRow.id)
    ).where(*where)
    return {Told(deadline, party, rung, anchor): on for deadline, party, rung, anchor, on in session.exec(query)}


def has_digest(session: Session, keys: Iterable[str]) -> set[str]:
    """Which of these keys are taken."""
    wanted = list(keys)
    found: set[str] = set()
    for start in range(0, len(wanted), 500):
        found.update(session.exec(select(Message.key).where(col(Message.key).in_(wanted[start : start + 500]))))
    return found


def persons_mailed_on(session: Session, day: date) -> frozenset[int]:
    """Who has a digest of this day, sent or waiting."""
    query = select(Message.person_id).where(Message.kind == DIGEST, Message.on == day, Message.state != REPLACED)
    return frozenset(person for person in session.exec(query) if person is not None)


def put(session: Session, message: Message, reminders: Sequence[Reminder], now: datetime) -> None:
    """A mail and the lines it tells, into the outbox and the ledger. A line that is there already is an error."""
    session.add(message)
    session.flush()
    for line in reminders:
        session.add(
            ReminderRow(
                deadline_id=line.deadline, party=line.party, person_id=line.person, rung=line.rung,
                counted_from=line.counted_from, on=line.on, reason=line.reason, message_id=message.id or 0,
                created_at=now,
            )
        )  # fmt: skip
    session.flush()


def stale_digests(session: Session, today: date) -> list[int]:
    """Digests of an earlier day that never reached anybody: today's plan takes their lines over."""
    query = select(Message.id).where(
        Message.kind == DIGEST, Message.state == QUEUED, col(Message.uncertain).is_(False), Message.on < today
    )
    return [found for found in session.exec(query) if found is not None]


def untried_digests_about(session: Session, deadline_ids: Iterable[int]) -> list[int]:
    """Queued digests that were never tried and name one of these deadlines."""
    query = (
        select(Message.id)
        .join(ReminderRow, col(ReminderRow.message_id) == Message.id)
        .where(
            col(ReminderRow.deadline_id).in_(list(deadline_ids)), Message.state == QUEUED, Message.attempts == 0,
            Message.kind == DIGEST,
        ).distinct()
    )  # fmt: skip
    return [found for found in session.exec(query) if found is not None]


def withdraw(session: Session, ids: Sequence[int], now: datetime) -> None:
    """Takes digests back before anybody got them: their lines were not told, and the next tick plans anew.

    A replaced message gives its key and Message-ID free; neither ever left this database.
    """
    if not ids:
        return
    lines = session.exec(select(ReminderRow.deadline_id).where(col(ReminderRow.message_id).in_(ids))).all()
    wake(session, lines, now)
    session.connection().execute(delete(ReminderRow).where(col(ReminderRow.message_id).in_(ids)))
    for message in session.exec(select(Message).where(col(Message.id).in_(ids))):
        message.state = REPLACED
        message.key, message.message_id = f"{message.key}~{message.id}", f"{message.message_id}~{message.id}"
        message.body, message.next_try_at = b"", None
        session.add(message)
    session.flush()


def claim(session: Session, now: datetime, lease_until: datetime, owner: str, limit: int) -> list[Parcel]:
    """Up to `limit` messages that are due, for this sender alone until its lease ends (rule C4)."""
    waiting = (
        select(Message.id)
        .where(Message.state == QUEUED, col(Message.next_try_at) <= now)
        .order_by(col(Message.next_try_at), col(Message.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = list(session.exec(waiting))
    if not ids:
        return []
    session.connection().execute(
        update(Message)
        .where(col(Message.id).in_(ids))
        .values(
            state=SENDING, lease_until=lease_until, lease_owner=owner, attempts=col(Message.attempts) + 1,
        )
    )  # fmt: skip
    rows = session.exec(select(Message).where(col(Message.id).in_(ids)).order_by(col(Message.id))).all()
    return [Parcel(row.id or 0, row.key, row.kind, row.to, row.envelope_from, row.body, row.attempts) for row in rows]


def record(session: Session, message_id: int, owner: str, **values: Any) -> bool:
    """Writes down how a try ended, unless this sender lost its lease meanwhile."""
    result = session.connection().execute(
        update(Message)
        .where(col(Message.id) == message_id, col(Message.state) == SENDING, col(Message.lease_owner) == owner)
        .values(lease_until=None, lease_owner="", **values)
        .returning(col(Message.id))
    )
    return result.first() is not None


def lost_leases(session: Session, now: datetime) -> Sequence[Message]:
    """Messages whose sender died in the middle: nobody knows whether they arrived."""
    return session.exec(select(Message).where(Message.state == SENDING, col(Message.lease_until) < now)).all()


def messages(session: Session, *where: Where, limit: int | None = None) -> Sequence[Message]:
    """Messages, newest first."""
    return session.exec(select(Message).where(*where).order_by(col(Message.id).desc()).limit(limit)).all()


def in_state(*states: str) -> Where:
    """For `messages`: those in one of these states."""
    return col(Message.state).in_(states)


def oldest_due(session: Session, now: datetime) -> datetime | None:
    """When the oldest message that should have left was due."""
    query = select(func.min(Message.next_try_at)).where(Message.state == QUEUED, col(Message.next_try_at) <= now)
    return session.exec(query).one()


def counts(session: Session) -> dict[str, int]:
    """How many messages are in each state."""
    found: dict[str, int] = defaultdict(int)
    for state, number in session.exec(select(Message.state, func.count()).group_by(Message.state)):
        found[state] = number
    return found


def last_sent(session: Session) -> datetime | None:
    """When the last mail left."""
    return session.exec(select(func.max(Message.sent_at))).one()


def pause(session: Session) -> OutboxPause | None:
    """Why sending stands still, if it does."""
    return session.exec(select(OutboxPause)).first()


def set_pause(session: Session, now: datetime, reason: str) -> None:
    """Stops all sending until somebody resumes it."""
    if pause(session) is None:
        session.add(OutboxPause(id=1, at=now, reason=reason))
        session.flush()


def resume(session: Session) -> bool:
    """Lets sending go on; says whether it stood still."""
    found = pause(session)
    if found is not None:
        session.delete(found)
    return found is not None


def beat(session: Session, name: str, now: datetime) -> None:
    """Notes that a job came round."""
    found = session.get(Beat, name)
    if found is None:
        session.add(Beat(name=name, at=now))
    else:
        found.at = now
        session.add(found)


def beats(session: Session) -> dict[str, datetime]:
    """When each job last came round."""
    return {row.name: row.at for row in session.exec(select(Beat))}
