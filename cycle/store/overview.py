"""What the secretariat's weekly overview counts of the mails about some covenants together."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import and_, func
from sqlmodel import Session, col, select

from cycle.store.columns import columns
from cycle.store.deadlines import Where
from cycle.store.outbox import lookups
from cycle.store.outbox.labels import DIGEST, SENT
from cycle.store.outbox.telling import readers_of
from cycle.store.tables import AnswerRow, DeadlineParty, Message, MessageCovenant, Person, ReminderRow


def readers(
    session: Session, covenant_ids: Sequence[int], since: datetime, now: datetime, *, waiting: Sequence[int] = ()
) -> list[frozenset[int]]:
    """For whom each mail was that was sent from one moment to another, both included; with those of some that wait to
    be sent and were made since. One to a mailbox that several people share can be for several."""
    was_sent = col(Message.state) == SENT, col(Message.sent_at) >= since, col(Message.sent_at) <= now
    goes = and_(*was_sent) | (col(Message.id).in_(waiting) & (col(Message.created_at) >= since))
    went = dict(session.exec(columns(Message.id, Message.person_id).where(_about(covenant_ids), goes)).all())
    told = readers_of(session, list(went))
    return [frozenset({*told.get(key, ()), *([one] if one is not None else [])}) for key, one in went.items()]


def failed(session: Session, covenant_ids: Sequence[int], since: datetime) -> tuple[tuple[str, str, str], ...]:
    """What was made since a moment and went wrong, or came back since: its kind, to whom, and the server's answer."""
    query = (
        columns(Message.kind, Message.to, Message.last_answer)
        .where(
            _about(covenant_ids),
            lookups.went_wrong() | (col(Message.bounced_at) >= since),
            Message.created_at >= since,
        )
        .order_by(col(Message.id))
    )
    return tuple(session.exec(query).all())


def silent(
    session: Session, covenant_ids: Sequence[int], since: datetime, now: datetime, *, mails: int, but: Collection[int]
) -> tuple[tuple[str, int], ...]:
    """Who got at least so many reminder mails since a moment, and neither let anything know nor settled anything: by
    name, with the number of mails, most first; `but` some people who are never meant."""
    answered = select(AnswerRow.person_id).where(
        col(AnswerRow.covenant_id).in_(covenant_ids), col(AnswerRow.at) >= since
    )
    settled = select(DeadlineParty.settled_by).where(col(DeadlineParty.settled_at) >= since)
    number = func.count(func.distinct(Message.id))
    query = (
        columns(Person.name, number)
        .join(ReminderRow, col(ReminderRow.person_id) == Person.id)
        .join(Message, col(ReminderRow.message_id) == Message.id)
        .where(
            _about(covenant_ids),
            Message.kind == DIGEST,
            Message.state == SENT,
            col(Message.sent_at) >= since,
            col(Message.sent_at) <= now,
            col(Person.id).not_in(answered),
            col(Person.id).not_in(list(but)),
            col(Person.email).not_in(settled),
        )
        .group_by(col(Person.id), col(Person.name))
        .having(number >= mails)
        .order_by(number.desc(), col(Person.name))
    )
    return tuple(session.exec(query).all())


def _about(covenant_ids: Iterable[int]) -> Where:
    """Messages about one of these covenants."""
    mine = select(MessageCovenant.message_id).where(col(MessageCovenant.covenant_id).in_(list(covenant_ids)))
    return col(Message.id).in_(mine)
