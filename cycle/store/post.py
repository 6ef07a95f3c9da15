"""The outbox as one covenant's secretariat sees it. A mail about several covenants is found by each of them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func
from sqlmodel import Session, col, select

from cycle.domain.model import MailState, Role
from cycle.domain.words import joined
from cycle.store.columns import columns
from cycle.store.covenants import people as people_of
from cycle.store.outbox.labels import DIGEST, SENT, SIGN_IN
from cycle.store.outbox.telling import readers_of
from cycle.store.tables import (
    AnswerRow,
    DeadlineRow,
    Membership,
    Message,
    MessageCovenant,
    PartyRow,
    Person,
    ReminderRow,
)


class Piece(NamedTuple):
    """One mail in a list."""

    id: int
    kind: str
    to: str
    name: str | None
    subject: str
    state: MailState
    on: date
    next_try_at: datetime | None
    sent_at: datetime | None
    last_answer: str
    bounced_at: datetime | None


class ToldLine(NamedTuple):
    """One line of a mail, of this covenant."""

    deadline: int
    number: str
    title: str
    party: str
    rung: str
    reason: str


class Silent(NamedTuple):
    """Somebody who was asked several times and let nothing know: how often, and since when."""

    person: int
    name: str
    email: str
    asked: int
    first: date
    last: date


def pieces(
    session: Session,
    covenant_id: int,
    states: Sequence[str],
    *,
    limit: int,
    before: int | None = None,
    person: int | None = None,
) -> list[Piece]:
    """Mails of a covenant in some states, newest first."""
    about = col(MessageCovenant.message_id)
    query = (
        columns(
            Message.id,
            Message.kind,
            Message.to,
            Person.name,
            Message.subject,
            Message.state,
            Message.on,
            Message.next_try_at,
            Message.sent_at,
            Message.last_answer,
            Message.bounced_at,
        )
        .select_from(MessageCovenant)
        .join(Message, about == Message.id)
        .join(Person, col(Message.person_id) == Person.id, isouter=True)
        .where(MessageCovenant.covenant_id == covenant_id, col(Message.state).in_(states))
    )
    if before is not None:
        query = query.where(about < before)
    if person is not None:
        told = select(ReminderRow.message_id).where(ReminderRow.person_id == person)
        query = query.where((col(Message.person_id) == person) | about.in_(told))
    pieces_there = [Piece(*row) for row in session.exec(query.order_by(about.desc()).limit(limit))]
    names = names_told(session, [one.id for one in pieces_there])
    return [one._replace(name=names.get(one.id, one.name)) for one in pieces_there]


def names_told(session: Session, message_ids: Sequence[int]) -> dict[int, str]:
    """The same in words: "Werkgroep Duurzaam en Jan"."""
    return {key: joined(names) for key, names in readers_named(session, message_ids).items()}


def readers_named(session: Session, message_ids: Sequence[int]) -> dict[int, list[str]]:
    """Whom reminder mails are for, each by name, where several people share the mailbox."""
    readers = {key: people for key, people in readers_of(session, message_ids).items() if len(people) > 1}
    known = people_of(session, {person for people in readers.values() for person in people})
    return {key: [known[person].name for person in people] for key, people in readers.items()}


def counts(session: Session, covenant_id: int, states: Sequence[str]) -> dict[str, int]:
    """How many mails of a covenant are in each of these states; those that pile up are not to be asked for."""
    return counts_by_covenant(session, [covenant_id], states)[covenant_id]


def counts_by_covenant(
    session: Session, covenant_ids: Sequence[int], states: Sequence[str]
) -> dict[int, dict[str, int]]:
    """The same of several covenants, each of them."""
    query = (
        columns(MessageCovenant.covenant_id, Message.state, func.count())
        .join(Message, col(MessageCovenant.message_id) == Message.id)
        .where(col(MessageCovenant.covenant_id).in_(covenant_ids), col(Message.state).in_(states))
        .group_by(MessageCovenant.covenant_id, Message.state)
    )
    counted: dict[int, dict[str, int]] = {key: {} for key in covenant_ids}
    for covenant, state, count in session.exec(query):
        counted[covenant][state] = count
    return counted


def message(session: Session, covenant_id: int, message_id: int) -> Message | None:
    """One mail, if it is about this covenant."""
    if not 0 < message_id < 2**31 or session.get(MessageCovenant, (covenant_id, message_id)) is None:
        return None
    return session.get(Message, message_id)


def is_shared(session: Session, message_id: int) -> bool:
    """Whether a mail is about other covenants too."""
    query = select(func.count()).select_from(MessageCovenant).where(MessageCovenant.message_id == message_id)
    return session.exec(query).one() > 1


def lines(session: Session, covenant_id: int, message_id: int) -> list[ToldLine]:
    """What a mail tells about this covenant."""
    query = (
        columns(
            ReminderRow.deadline_id,
            DeadlineRow.number,
            DeadlineRow.title,
            ReminderRow.party,
            ReminderRow.rung,
            ReminderRow.reason,
        )
        .join(DeadlineRow, col(ReminderRow.deadline_id) == DeadlineRow.id)
        .where(ReminderRow.message_id == message_id, DeadlineRow.covenant_id == covenant_id)
        .order_by(col(ReminderRow.id))
    )
    return [ToldLine(*row) for row in session.exec(query)]


def last_sent(session: Session, covenant_id: int) -> datetime | None:
    """When the last mail about this covenant left. One to sign in is about nothing, and would tell passers-by that
    somebody has an address here."""
    query = columns(func.max(Message.sent_at)).join(MessageCovenant, col(MessageCovenant.message_id) == Message.id)
    where = (MessageCovenant.covenant_id == covenant_id, Message.state == SENT, Message.kind != SIGN_IN)
    sent_at: datetime | None = session.exec(query.where(*where)).scalar_one()
    return sent_at


def silent(session: Session, covenant_id: int, today: date, *, days: int = 365, times: int = 3) -> list[Silent]:
    """Who was asked so many times in so many days and never let anything know in that time."""
    since = today - timedelta(days)
    asked = (
        columns(
            Person.id,
            Person.name,
            Person.email,
            func.count(func.distinct(Message.id)),
            func.min(ReminderRow.on),
            func.max(ReminderRow.on),
        )
        .select_from(ReminderRow)
        .join(DeadlineRow, col(ReminderRow.deadline_id) == DeadlineRow.id)
        .join(Message, col(ReminderRow.message_id) == Message.id)
        .join(Person, col(ReminderRow.person_id) == Person.id)
        .where(
            DeadlineRow.covenant_id == covenant_id,
            col(ReminderRow.on) >= since,
            Message.kind == DIGEST,
            Message.state == SENT,
            col(Person.id).not_in(_who_answered(covenant_id, since)),
            col(Person.id).not_in(_secretaries(covenant_id)),
        )
        .group_by(col(Person.id), col(Person.name), col(Person.email))
        .having(func.count(func.distinct(Message.id)) >= times)
    )
    return sorted((Silent(*row) for row in session.exec(asked)), key=lambda one: (-one.asked, one.name))


def _who_answered(covenant_id: int, since: date) -> Any:
    begin = datetime(since.year, since.month, since.day, tzinfo=UTC)
    return select(AnswerRow.person_id).where(AnswerRow.covenant_id == covenant_id, AnswerRow.at >= begin)


def _secretaries(covenant_id: int) -> Any:
    query = select(Membership.person_id).join(PartyRow, col(Membership.party_id) == PartyRow.id)
    return query.where(PartyRow.covenant_id == covenant_id, Membership.role == Role.SECRETARIAT)
