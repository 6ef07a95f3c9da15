"""Reminders back out of the outbox: what nobody got was not told, and is planned anew."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import delete, or_, update
from sqlmodel import Session, col, select

from cycle.store.deadlines import Where, wake
from cycle.store.outbox.labels import DIGEST, DISCARDED, DRAFT, HELD, QUEUED, REPLACED, SENDING
from cycle.store.outbox.telling import told_in
from cycle.store.tables import Message, MessageCovenant, ReminderRow


def stale_digests(session: Session, today: date, last: date) -> list[int]:
    """Digests of another day that never reached anybody: today's plan takes their lines over. One of a day after
    `last` is of a clock that stood wrong."""
    query = select(Message.id).where(
        Message.kind == DIGEST,
        Message.state == QUEUED,
        col(Message.uncertain).is_(False),
        or_(col(Message.on) < today, col(Message.on) > last),
    )
    return [found for found in session.exec(query) if found is not None]


def on_their_way(session: Session, today: date) -> list[int]:
    """What waits for its turn or is being sent, but for the reminders of another day, which today's plan takes back."""
    going = select(Message.id).where(col(Message.state).in_((QUEUED, SENDING)))
    stale = stale_digests(session, today, today)
    return [key for key in session.exec(going) if key is not None and key not in stale]


def unsent_digests_about(session: Session, deadline_ids: Iterable[int], *, drafts: bool = False) -> list[int]:
    """Digests that name one of these deadlines, and that no server can have taken: they wait, are held, or a sender has
    them now; with those that wait for approval too, when asked."""
    query = (
        select(Message.id)
        .join(ReminderRow, col(ReminderRow.message_id) == Message.id)
        .where(col(ReminderRow.deadline_id).in_(list(deadline_ids)), *_unsent(DRAFT if drafts else QUEUED))
        .distinct()
    )
    return [found for found in session.exec(query) if found is not None]


def unsent_digests_to(session: Session, person_ids: Iterable[int], *, drafts: bool = False) -> list[int]:
    """The same for digests to one of these people, alone or with others of one mailbox; with those that wait for
    approval too, when asked."""
    unsent, people = _unsent(DRAFT if drafts else QUEUED), list(person_ids)
    tells = ReminderRow.message_id == Message.id, col(ReminderRow.person_id).in_(people)
    is_theirs = col(Message.person_id).in_(people) | select(ReminderRow.id).where(*tells).exists()
    query = select(Message.id).where(is_theirs, *unsent)
    return [found for found in session.exec(query) if found is not None]


def unsent_about(session: Session, covenant_id: int) -> tuple[list[int], list[int]]:
    """What is about a covenant and no server can have taken: the digests, which can be made anew without it, and all
    other mail, which is for this covenant alone."""
    about = select(MessageCovenant.message_id).where(MessageCovenant.covenant_id == covenant_id)
    is_about = (col(Message.covenant_id) == covenant_id) | col(Message.id).in_(about)
    open_ones = col(Message.state).in_((QUEUED, SENDING, HELD, DRAFT)), col(Message.uncertain).is_(False)
    query = select(Message.id, Message.kind).where(is_about, *open_ones)
    kinds = {key: kind for key, kind in session.exec(query) if key is not None}
    return [key for key in kinds if kinds[key] == DIGEST], [key for key in kinds if kinds[key] != DIGEST]


def lay_aside(session: Session, ids: Sequence[int]) -> list[Message]:
    """Mail that will not go any more, and that nobody makes anew; returns what ended. What a sender has at this moment
    ends when it turns out that it did not go."""
    ended: list[Message] = []
    rows = session.exec(select(Message).where(col(Message.id).in_(ids)).with_for_update()).all() if ids else ()
    for row in rows:
        if row.state == SENDING:
            row.is_outdated = True
        elif row.state in (QUEUED, HELD, DRAFT):
            row.state, row.next_try_at = DISCARDED, None
            ended.append(row)
        session.add(row)
    session.flush()
    return ended


def _unsent(also: str = QUEUED) -> tuple[Where, ...]:
    is_open = col(Message.state).in_((QUEUED, SENDING, HELD, also))
    return is_open, col(Message.kind) == DIGEST, col(Message.uncertain).is_(False)


def withdraw(session: Session, ids: Sequence[int], now: datetime) -> None:
    """Takes digests back before anybody got them: their lines were not told, and the next tick plans anew.

    A replaced message gives its key and Message-ID free; no server took either. The rows are locked first: what a
    sender has at this moment is marked, and taken back when it turns out that it did not go (`withdraw_outdated`). What
    a person holds is marked too, and made anew when they let it go.
    """
    open_ones = col(Message.state).in_((QUEUED, DRAFT, SENDING, HELD))
    still_open = select(Message).where(col(Message.id).in_(ids), open_ones, col(Message.uncertain).is_(False))
    rows = session.exec(still_open.order_by(col(Message.id)).with_for_update()).all() if ids else ()
    for row in rows:
        if row.state in (SENDING, HELD):
            row.is_outdated = True
            session.add(row)
    replace(session, [row for row in rows if row.state in (QUEUED, DRAFT)], now)


def withdraw_outdated(session: Session, ids: Sequence[int], now: datetime) -> None:
    """Takes back what somebody wanted to withdraw while a sender had it, as far as no server can have taken it."""
    query = select(Message.id).where(col(Message.id).in_(ids), Message.state == QUEUED, col(Message.is_outdated))
    withdraw(session, [found for found in session.exec(query) if found is not None], now)


def replace(session: Session, rows: Sequence[Message], now: datetime) -> None:
    """Ends these locked messages, which nobody got, so that the next tick plans what they told anew."""
    ids = [row.id for row in rows if row.id is not None]
    if not ids:
        return
    session.flush()
    _wake_told(session, ids, now)
    its_lines = col(ReminderRow.message_id).in_(ids), col(ReminderRow.failed_in) == 0
    session.connection().execute(delete(ReminderRow).where(*its_lines))
    for message in rows:
        message.state = REPLACED
        message.key, message.message_id = f"{message.key}~{message.id}", f"{message.message_id}~{message.id}"
        message.body, message.next_try_at = b"", None
        session.add(message)
    session.flush()


def free_lines(session: Session, message_id: int, now: datetime) -> None:
    """What a mail told that did not arrive was not told. The lines stay as proof that it was tried, and the next tick
    plans them anew: for the next mail day, since this one had its mail."""
    _wake_told(session, [message_id], now)
    session.connection().execute(
        update(ReminderRow).where(col(ReminderRow.message_id) == message_id).values(failed_in=message_id)
    )


def free_held(session: Session, person_id: int, now: datetime) -> None:
    """The same of what a person held of the reminders to somebody, before these are thrown away: others who share the
    mailbox are told again."""
    held = select(Message.id).where(Message.person_id == person_id, Message.state == HELD, *_unsent())
    for number in session.exec(held).all():
        free_lines(session, number or 0, now)


def _wake_told(session: Session, message_ids: Sequence[int], now: datetime) -> None:
    wake(session, {told.deadline for told in told_in(session, message_ids)}, now)
