"""What leaves now: a sender takes some messages, for itself alone until its lease ends (rule C4)."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from itertools import takewhile
from typing import Any, NamedTuple

from sqlalchemy import case, false, func, or_, true, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from cycle.store.columns import columns
from cycle.store.deadlines import Where
from cycle.store.outbox.conditions import another_message, is_on_the_day_of
from cycle.store.outbox.labels import DIGEST, HELD, KEEPS_HOURS, NEVER_PAUSED, QUEUED, SENDING
from cycle.store.outbox.tolerance import LONGEST_WAIT, NOT_YET
from cycle.store.tables import Message, Moment, Person

_mate, _reader = aliased(Person), aliased(Person)


class Parcel(NamedTuple):
    """What delivering one message takes."""

    id: int
    key: str
    kind: str
    to: str
    envelope_from: str
    body: bytes
    attempts: int
    message_id: str
    first_tried_at: datetime
    uncertain: bool = False
    tries_in_doubt: int = 0
    refused_at: datetime | None = None
    person_id: int | None = None


def claim(session: Session, now: datetime, lease_until: datetime, owner: str, limit: int, where: Where) -> list[Parcel]:
    """Up to `limit` messages that meet a condition, for this sender alone until its lease ends (rule C4).

    What was refused before waits at the end: it is claimed when nothing else is due. What a person must look at after
    an unknown outcome is claimed one at a time. The first of them counts as in hand from now on.
    """
    ids = _due_ids(session, limit, where, is_refused=False) or _due_ids(session, limit, where, is_refused=True)
    if not ids:
        return []
    session.connection().execute(
        update(Message)
        .where(col(Message.id).in_(ids))
        .values(
            state=SENDING,
            lease_until=lease_until,
            lease_owner=owner,
            attempts=col(Message.attempts) + 1,
            first_tried_at=case((_is_first_try(now), now), else_=col(Message.first_tried_at)),
            in_hand=col(Message.id) == ids[0],
        )
    )
    rows = session.exec(
        columns(
            Message.id,
            Message.key,
            Message.kind,
            Message.to,
            Message.envelope_from,
            Message.body,
            Message.attempts,
            Message.message_id,
            func.coalesce(Message.first_tried_at, now, type_=Moment),
            Message.uncertain,
            Message.tries_in_doubt,
            Message.refused_at,
            Message.person_id,
        )
        .where(col(Message.id).in_(ids))
        .order_by(col(Message.next_try_at), col(Message.id))
    )
    return [Parcel(*row) for row in rows]


def _due_ids(session: Session, limit: int, where: Where, *, is_refused: bool) -> list[int]:
    """Reminders together, as far as they come first; anything else alone."""
    refused = col(Message.refused_at).is_not(None) if is_refused else col(Message.refused_at).is_(None)
    waiting = (
        select(Message.id, Message.kind)
        .where(Message.state == QUEUED, refused, where)
        .order_by(col(Message.next_try_at), col(Message.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    due = session.exec(waiting).all()
    reminders = list(takewhile(lambda one: one[1] == DIGEST, due))
    return [found for found, _kind in reminders or due[:1] if found is not None]


def _is_first_try(now: datetime) -> Where:
    """A first try in the future would never be given up."""
    return or_(col(Message.attempts) == 0, col(Message.first_tried_at) > now + NOT_YET)


def leaves_now(now: datetime, last: datetime, *, hours: bool, paused: bool, today: date, midnight: datetime) -> Where:
    """For `claim` and `oldest_due`: what is due and may leave, on the day that began at `midnight`. The night holds
    reminders, a pause nearly everything, and nobody gets two reminders in one day.

    No next try lies after `last` (for reminders), or further than the longest wait: what does was written by a clock
    that stood wrong, and is due. So is what has none.
    """
    next_try, is_reminder = col(Message.next_try_at), col(Message.kind).in_(KEEPS_HOURS)
    is_false = or_(next_try > last + NOT_YET, (next_try > now + LONGEST_WAIT + NOT_YET) & ~is_reminder)
    is_due = or_(next_try <= now, is_false, next_try.is_(None))
    if paused:
        return is_due & col(Message.kind).in_(NEVER_PAUSED)
    return is_due & (~is_reminder | (_only_one(today, midnight) if hours else false()))


@lru_cache(maxsize=16)
def _only_one(today: date, midnight: datetime) -> Where:
    """Today's own digest waits when one of an earlier day, tried again, goes or went today, or may have come today. One
    of an earlier day also waits for today's own, and for an older one, unless it may have come today itself: then it is
    tried again at once."""
    other = another_message()
    mine = col(other.person_id).in_(_behind(Message.person_id)), other.kind == DIGEST, other.id != Message.id
    is_older = col(Message.on) < today
    is_before = is_older & ((col(other.on) == today) | (col(other.id) < col(Message.id)))
    came = is_on_the_day_of(midnight, Message.doubted_at)
    may_have_come = is_on_the_day_of(midnight, other.doubted_at) & (is_older | (col(other.on) < today))
    goes = or_(
        col(other.state) == SENDING,
        (col(other.state) == QUEUED) & is_before & func.coalesce(~came, true()),
        may_have_come,
    )
    waits = select(other.id).where(*mine, col(other.state).in_((QUEUED, SENDING, HELD)), goes).exists()
    sent_today = is_on_the_day_of(midnight, other.sent_at), other.kind == DIGEST, col(other.person_id).is_not(None)
    went, went_to = select(other.person_id).where(*sent_today), select(other.to).where(*sent_today)
    in_own, in_older = (
        col(Message.person_id).in_(went.where(*of_day)) | col(Message.to).in_(went_to.where(*of_day))
        for of_day in ((), (other.on < today,))
    )
    had = in_older | (is_older & in_own)
    return col(Message.person_id).is_(None) | ~(waits | had)


def _behind(person: Any) -> Any:
    """Everybody who reads the mailbox of somebody."""
    return select(_mate.id).join(_reader, col(_reader.email) == col(_mate.email)).where(col(_reader.id) == person)


def renew_lease(session: Session, ids: Sequence[int], owner: str, lease_until: datetime) -> set[int]:
    """Keeps claimed messages a while longer; returns those that are still this sender's."""
    result = session.connection().execute(
        update(Message)
        .where(col(Message.id).in_(ids), col(Message.state) == SENDING, col(Message.lease_owner) == owner)
        .values(lease_until=lease_until)
        .returning(col(Message.id))
    )
    return {found for found in result.scalars() if found is not None}
