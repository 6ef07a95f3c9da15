"""Questions to the outbox: which messages wait, went, or went wrong, and how many."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import func, or_, update
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from cycle.domain.model import MailState
from cycle.store.columns import columns
from cycle.store.deadlines import Where
from cycle.store.outbox.beating import RESUMED, beats
from cycle.store.outbox.labels import ALARM, DAILY, DIGEST, DRAFT, FAILED, HELD, NEVER_PAUSED, QUEUED, SENDING, SIGN_IN
from cycle.store.outbox.standstill import pause
from cycle.store.tables import Covenant, Message, Moment, Person


def messages(session: Session, *where: Where, limit: int | None = None) -> Sequence[Message]:
    """Messages, newest first."""
    return session.exec(select(Message).where(*where).order_by(col(Message.id).desc()).limit(limit)).all()


def with_message_id(session: Session, message_id: str) -> Message | None:
    """The message that went under this Message-ID, locked."""
    return session.exec(select(Message).where(col(Message.message_id) == message_id).with_for_update()).first()


def waiting_for(person_id: int) -> Where:
    """For `messages`: what is still to go to somebody."""
    return (col(Message.person_id) == person_id) & col(Message.state).in_([QUEUED, DRAFT, HELD])


def surely_waiting_for(person_id: int) -> Where:
    """The same, without what may have arrived."""
    return waiting_for(person_id) & col(Message.uncertain).is_(False)


def newest(session: Session) -> int:
    """The number of the message that was made last: another one once mail was planned."""
    return session.exec(select(func.max(Message.id))).one() or 0


def in_state(*states: str) -> Where:
    """For `messages`: those in one of these states."""
    return col(Message.state).in_(states)


def oldest_due(session: Session, where: Where) -> datetime | None:
    """When the oldest message that meets a condition was due."""
    since = func.coalesce(Message.next_try_at, Message.created_at, type_=Moment)
    return session.exec(select(func.min(since)).where(Message.state == QUEUED, where)).one()


def oldest_queued(session: Session) -> datetime | None:
    """When the message that waits longest was made; alarms do not count."""
    query = select(func.min(Message.created_at)).where(Message.state == QUEUED, Message.kind != ALARM)
    return session.exec(query).one()


def count_queued(session: Session) -> int:
    """How many messages wait for their turn; it does not look at the others."""
    return session.exec(select(func.count()).select_from(Message).where(Message.state == QUEUED)).one()


def count_by_state(session: Session) -> dict[str, int]:
    """How many messages there are in each state; 0 for one in which there is none."""
    counted = session.exec(columns(Message.state, func.count()).group_by(Message.state)).all()
    return {str(state): 0 for state in MailState} | {str(state): count for state, count in counted}


def went_wrong() -> Where:
    """What failed, hangs in uncertainty, or is refused and waits for another try."""
    hangs = (col(Message.state) == HELD) & col(Message.uncertain)
    is_refused = (col(Message.state) == QUEUED) & col(Message.refused_at).is_not(None)
    return or_(col(Message.state) == FAILED, hangs, is_refused)


def unreported(session: Session, limit: int = 500) -> Sequence[Message]:
    """What went wrong and was not told to anybody yet; who asked for a link to sign in knows. While sending stands
    still, a refusal need not be about the mail that got it."""
    rows: Sequence[Message] = session.exec(_unreported(limit, is_paused=pause(session) is not None)).all()
    return rows


@cache
def _unreported(limit: int, *, is_paused: bool) -> Any:
    wrong = went_wrong() & (col(Message.state) != QUEUED) if is_paused else went_wrong()
    untold = col(Message.reported_at).is_(None) & col(Message.kind).not_in((ALARM, SIGN_IN))
    query = select(Message).options(defer(Message.body)).where(wrong, untold)  # type: ignore[arg-type]
    return query.order_by(col(Message.id)).limit(limit)


def failed_since(session: Session, moment: datetime) -> Sequence[Message]:
    """What went wrong, of the messages made since a moment."""
    query = select(Message).options(defer(Message.body)).where(went_wrong())  # type: ignore[arg-type]
    return session.exec(query.where(Message.created_at >= moment).order_by(col(Message.id))).all()


def mark_reported(session: Session, ids: Sequence[int], now: datetime) -> None:
    """Somebody was told."""
    session.connection().execute(update(Message).where(col(Message.id).in_(ids)).values(reported_at=now))


def refused_since(session: Session, sort: str, since: datetime | None) -> Sequence[Message]:
    """What got its first refusal after a moment, with an answer of this sort; locked. Not links to sign in."""
    query = select(Message).where(Message.refused_as == sort, col(Message.kind).not_in(NEVER_PAUSED))
    query = query.where(col(Message.refused_at).is_not(None) if since is None else col(Message.refused_at) > since)
    return session.exec(query.order_by(col(Message.id)).with_for_update()).all()


def last_heard(session: Session) -> datetime | None:
    """When somebody last got a mail, or said that sending can go on. An alarm may have gone into a folder."""
    query = select(Message.sent_at).where(col(Message.sent_at).is_not(None), Message.kind != ALARM)
    sent = session.exec(query.order_by(col(Message.sent_at).desc()).limit(1)).first()
    known = [one for one in (sent, beats(session).get(RESUMED)) if one is not None]
    return max(known, default=None)


def left_since(session: Session, since: datetime) -> Sequence[Message]:
    """What a server took after a moment, also what came back since."""
    query = select(Message).options(defer(Message.body)).where(col(Message.sent_at) >= since, Message.kind != ALARM)  # type: ignore[arg-type]
    return session.exec(query.order_by(col(Message.id))).all()


class Tally(NamedTuple):
    """How many mails left in a stretch of time, how many did not, and how many wait now."""

    sent: int
    failed: int
    waiting: int


def tally(session: Session, first: datetime, end: datetime) -> Tally:
    """The tally from one moment to another (not counted). Mails to the operator do not count."""
    for_people = col(Message.kind).not_in((ALARM, DAILY))
    sent = select(func.count()).where(col(Message.sent_at) >= first, col(Message.sent_at) < end, for_people)
    wrong = select(func.count()).where(
        Message.state == FAILED, Message.created_at >= first, Message.created_at < end, for_people
    )
    return Tally(session.exec(sent).one(), session.exec(wrong).one(), count_queued(session))


def last_sent(session: Session) -> datetime | None:
    """When the last mail left."""
    return session.exec(select(func.max(Message.sent_at))).one()


def sent_since(session: Session, moment: datetime) -> Sequence[str]:
    """The Message-IDs of what left after a moment."""
    return session.exec(select(Message.message_id).where(col(Message.sent_at) >= moment)).all()


def waiting(session: Session) -> Sequence[str]:
    """The Message-IDs of all that may still leave, by itself or after somebody said so."""
    states = col(Message.state).in_((DRAFT, QUEUED, SENDING, HELD, FAILED))
    return session.exec(select(Message.message_id).where(states)).all()


def senders(session: Session) -> Sequence[str]:
    """The addresses of their own that covenants mail from."""
    return session.exec(select(Covenant.sender).distinct()).all()


def readers(session: Session) -> Iterator[tuple[int, str, str]]:
    """Everybody who gets mail: their number and address, and the address that their last reminder came from."""
    newest = select(func.max(Message.id)).where(Message.kind == DIGEST).group_by(col(Message.person_id))
    known = columns(Message.person_id, Message.envelope_from).where(col(Message.id).in_(newest))
    froms = dict(session.exec(known).all())
    for person, email in session.exec(columns(Person.id, Person.email)):
        yield person, email, froms.get(person, "")
