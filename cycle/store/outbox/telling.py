"""The ledger as it is read: what was told to whom, who had mail on a day, and what each mail is about."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from cycle.domain.situation import Told
from cycle.store.columns import columns
from cycle.store.deadlines import Where, ids_of
from cycle.store.outbox.conditions import is_on_the_day_of
from cycle.store.outbox.labels import DIGEST, REPLACED, SENDING
from cycle.store.outbox.tolerance import NOT_YET
from cycle.store.tables import Message, MessageCovenant, ReminderRow


def told(session: Session, now: datetime, *where: Where, without: Sequence[int] = ()) -> dict[Told, date]:
    """The ledger, of the deadlines that meet a condition or of all; without what is in some messages, and without what
    failed to arrive.

    What was written down in the future, by a clock that stood wrong, was not told.
    """
    query = columns(
        ReminderRow.deadline_id, ReminderRow.party, ReminderRow.rung, ReminderRow.counted_from, ReminderRow.on
    ).where(col(ReminderRow.failed_in) == 0, col(ReminderRow.created_at) <= now + NOT_YET)
    if where:
        query = query.where(col(ReminderRow.deadline_id).in_(ids_of(*where)))
    if without:
        query = query.where(col(ReminderRow.message_id).not_in(without))
    return {Told(deadline, party, rung, anchor): on for deadline, party, rung, anchor, on in session.exec(query)}


def has_digest(session: Session, keys: Iterable[str]) -> set[str]:
    """Which of these keys are taken."""
    wanted = list(keys)
    taken: set[str] = set()
    for start in range(0, len(wanted), 500):
        taken.update(session.exec(select(Message.key).where(col(Message.key).in_(wanted[start : start + 500]))))
    return taken


def persons_mailed_on(
    session: Session, day: date, midnight: datetime, *, without: Sequence[int] = ()
) -> frozenset[int]:
    """Who has a digest of this day (which began at `midnight`), sent or waiting, or got an older one on it; some
    messages do not count."""
    of_day = Message.kind == DIGEST, Message.on == day, Message.state != REPLACED
    query = select(Message.person_id).where(*of_day, col(Message.id).not_in(without))
    own = frozenset(person for person in session.exec(query) if person is not None)
    return own | persons_mailed_again(session, day, midnight)


def persons_mailed_again(session: Session, day: date, midnight: datetime) -> frozenset[int]:
    """Who got a digest of an earlier day on this one, may have got it, or is about to: it was tried again."""
    arrives = or_(
        col(Message.state) == SENDING,
        is_on_the_day_of(midnight, Message.sent_at),
        is_on_the_day_of(midnight, Message.doubted_at),
    )
    query = columns(Message.person_id, Message.on).where(col(Message.kind) == DIGEST, arrives)
    # the day is compared here: SQLite would take the index on it, and read the outbox of years
    return frozenset(person for person, on in session.exec(query) if person is not None and on < day)


def told_in(session: Session, message_ids: Sequence[int]) -> set[Told]:
    """The lines that some messages tell."""
    return set().union(*told_by(session, message_ids).values()) if message_ids else set()


def told_by(session: Session, message_ids: Sequence[int]) -> dict[int, set[Told]]:
    """The lines by message."""
    query = columns(
        ReminderRow.message_id,
        ReminderRow.deadline_id,
        ReminderRow.party,
        ReminderRow.rung,
        ReminderRow.counted_from,
    ).where(col(ReminderRow.message_id).in_(message_ids))
    lines: dict[int, set[Told]] = defaultdict(set)
    for message, *told in session.exec(query):
        lines[message].add(Told(*told))
    return lines


def readers_of(session: Session, message_ids: Sequence[int]) -> dict[int, list[int]]:
    """Whom each message tells something, by number: several who share the mailbox it goes to."""
    query = columns(ReminderRow.message_id, ReminderRow.person_id).distinct()
    readers: dict[int, list[int]] = defaultdict(list)
    told = query.where(col(ReminderRow.message_id).in_(message_ids))
    for message, person in session.exec(told.order_by(col(ReminderRow.person_id))):
        readers[message].append(person)
    return readers


def covenants_of(session: Session, message_ids: Sequence[int]) -> dict[int, set[int]]:
    """The covenants that each message is about."""
    by_message: dict[int, set[int]] = defaultdict(set)
    query = columns(MessageCovenant.message_id, MessageCovenant.covenant_id)
    for message, covenant in session.exec(query.where(col(MessageCovenant.message_id).in_(message_ids))):
        by_message[message].add(covenant)
    return by_message


def lines_per_day(session: Session, now: datetime, without: Sequence[str], newest: int = 20_000) -> dict[date, int]:
    """How many lines were told on each day, but for some rungs, of the newest ones.

    It reads as much of a long ledger as of a short one.
    """
    top = session.exec(select(func.max(ReminderRow.id))).one() or 0
    counted = (
        col(ReminderRow.rung).not_in(without),
        col(ReminderRow.failed_in) == 0,
        col(ReminderRow.created_at) <= now + NOT_YET,
        col(ReminderRow.id) > top - newest,
    )
    return dict(session.exec(columns(ReminderRow.on, func.count()).where(*counted).group_by(ReminderRow.on)).all())
