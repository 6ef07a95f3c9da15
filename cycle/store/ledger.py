"""The ledger read back: what was told to whom, why, when, and what became of the mail (rule C10)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func
from sqlmodel import Session, and_, col

from cycle.domain.model import MailState
from cycle.store.columns import columns
from cycle.store.deadlines import LEAD
from cycle.store.outbox.labels import DIGEST, SENT
from cycle.store.tables import DeadlineParty, DeadlineRow, Message, PartyRow, Person, ReminderRow


class Proof(NamedTuple):
    """One line of one mail. `answer` is the mail server's own, with its queue number; `settled_by` is who ended it."""

    covenant: int
    deadline: int
    number: str
    title: str
    due: date | None
    party: str
    person: str
    to: str
    rung: str
    reason: str
    counted_from: date
    on: date
    planned_at: datetime
    message: int
    message_id: str
    state: MailState
    first_tried_at: datetime | None
    sent_at: datetime | None
    attempts: int
    answer: str
    bounced_at: datetime | None
    settled_at: datetime | None
    settled_by: str | None


def proofs(
    session: Session,
    covenant: int,
    *,
    deadline: int | None = None,
    first: date | None = None,
    last: date | None = None,
    agreement: int | None = None,
) -> Iterator[Proof]:
    """The proof of one covenant, oldest first: of one deadline, of all of one agreement, or of the days from `first` to
    `last` (both count)."""
    query = _every_proof().where(DeadlineRow.covenant_id == covenant)
    if deadline is not None:
        query = query.where(DeadlineRow.id == deadline)
    if agreement is not None:
        query = query.where(DeadlineRow.agreement_id == agreement)
    if first is not None:
        query = query.where(col(ReminderRow.on) >= first)
    if last is not None:
        query = query.where(col(ReminderRow.on) <= last)
    for row in session.exec(query.order_by(ReminderRow.on, ReminderRow.id)):
        yield Proof(*row)


def _every_proof() -> Any:
    """The columns of a proof, in its order, and where they come from."""
    party = and_(PartyRow.covenant_id == DeadlineRow.covenant_id, PartyRow.slug == ReminderRow.party)
    lead = and_(
        DeadlineParty.deadline_id == DeadlineRow.id, DeadlineParty.party_id == PartyRow.id, DeadlineParty.part == LEAD
    )
    return (
        columns(
            DeadlineRow.covenant_id,
            DeadlineRow.id,
            DeadlineRow.number,
            DeadlineRow.title,
            DeadlineRow.due,
            ReminderRow.party,
            Person.name,
            Message.to,
            ReminderRow.rung,
            ReminderRow.reason,
            ReminderRow.counted_from,
            ReminderRow.on,
            ReminderRow.created_at,
            Message.id,
            Message.message_id,
            Message.state,
            Message.first_tried_at,
            Message.sent_at,
            Message.attempts,
            Message.last_answer,
            Message.bounced_at,
            DeadlineParty.settled_at,
            DeadlineParty.settled_by,
        )
        .select_from(ReminderRow)
        .join(DeadlineRow, col(ReminderRow.deadline_id) == DeadlineRow.id)
        .join(Message, col(ReminderRow.message_id) == Message.id)
        .join(Person, col(ReminderRow.person_id) == Person.id)
        .join(PartyRow, party, isouter=True)
        .join(DeadlineParty, lead, isouter=True)
    )


def last_mail_day(session: Session, person: int, today: date, days: int = 60) -> date | None:
    """The day of a person's newest reminder mail that was sent within so many days."""
    query = columns(func.max(Message.on)).where(
        Message.person_id == person,
        Message.kind == DIGEST,
        Message.state == SENT,
        col(Message.on) >= today - timedelta(days),
    )
    last_day: date | None = session.exec(query).scalar_one()
    return last_day
