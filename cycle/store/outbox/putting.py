"""Mails into the outbox, with the lines that they tell and the covenants that they are about."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import String, cast, insert, or_, update
from sqlalchemy.orm import make_transient
from sqlmodel import Session, col, select

from cycle.domain.model import Role
from cycle.domain.situation import Reminder
from cycle.store.columns import columns
from cycle.store.outbox.conditions import another_message
from cycle.store.outbox.labels import DIGEST, NEVER_PAUSED, QUEUED, REPLACED
from cycle.store.outbox.tolerance import NOT_YET
from cycle.store.outbox.withdrawing import withdraw
from cycle.store.tables import Covenant, DeadlineRow, Membership, Message, MessageCovenant, PartyRow, ReminderRow


class NewMail(NamedTuple):
    """A message that is to go into the outbox, the lines that it tells, and covenants that it is about besides those
    of its lines."""

    message: Message
    lines: Sequence[Reminder] = ()
    about: Collection[int] = ()


def put(
    session: Session, message: Message, reminders: Sequence[Reminder], now: datetime, instead_of: Sequence[int] = ()
) -> None:
    """A mail and the lines it tells, into the outbox and the ledger. A line that is there already is an error."""
    put_all(session, [NewMail(message, reminders)], now, instead_of)


def put_all(session: Session, mails: Sequence[NewMail], now: datetime, instead_of: Sequence[int] = ()) -> None:
    """Several of these at once: all of them, or an error. They take the place of some drafts."""
    withdraw(session, instead_of, now)
    _go_on(session, [one.message for one in mails])
    session.add_all([one.message for one in mails])
    session.flush()
    lines = [
        {
            "deadline_id": line.deadline,
            "party": line.party,
            "person_id": line.person,
            "rung": line.rung,
            "counted_from": line.counted_from,
            "on": line.on,
            "reason": line.reason,
            "message_id": one.message.id,
            "created_at": now,
        }
        for one in mails
        for line in one.lines
    ]
    if lines:
        _make_room(session, [line.deadline for one in mails for line in one.lines], now)
        session.connection().execute(insert(ReminderRow), lines)
    _note_covenants(session, mails)


def as_new(message: Message) -> None:
    """Makes a message that could not be put with others ready to be put by itself."""
    make_transient(message)
    message.id = None


def _go_on(session: Session, mails: Sequence[Message]) -> None:
    """A digest that is made anew goes on where the one before it stood, which no server took: its tries count, and so
    does a refusal, unless it goes to another address now."""
    anew = {one.person_id: one for one in mails if one.kind == DIGEST and one.person_id and one.state == QUEUED}
    if not anew:
        return
    later = another_message()
    is_last = (
        ~select(later.id)
        .where(later.person_id == Message.person_id, later.kind == DIGEST, col(later.id) > col(Message.id))
        .exists()
    )
    query = columns(
        Message.person_id, Message.to, Message.attempts, Message.first_tried_at, Message.refused_at, Message.refused_as
    ).where(
        col(Message.person_id).in_(anew),
        col(Message.state) == REPLACED,
        Message.kind == DIGEST,
        col(Message.attempts) > 0,
        is_last,
    )
    for person, to, *course in session.exec(query):
        if anew[person].to == to:
            again = anew[person]
            again.attempts, again.first_tried_at, again.refused_at, again.refused_as = course


def _make_room(session: Session, deadline_ids: Iterable[int], now: datetime) -> None:
    """Lines of a clock that stood wrong stay, as proof of what their mail said, under a name that nothing asks for."""
    is_false = col(ReminderRow.created_at) > now + NOT_YET, col(ReminderRow.rung).not_like("%~%")
    session.connection().execute(
        update(ReminderRow)
        .where(col(ReminderRow.deadline_id).in_(list(deadline_ids)), *is_false)
        .values(rung=col(ReminderRow.rung) + "~" + cast(ReminderRow.id, String))
    )


def _note_covenants(session: Session, mails: Sequence[NewMail]) -> None:
    """Which covenants these mails are about: their own, those of the lines that they tell, those that are named with
    them; a mail that is about a person and no covenant is about all of theirs."""
    ids = [one.message.id for one in mails]
    named = {(one.message.id, key) for one in mails for key in (one.message.covenant_id, *one.about) if key is not None}
    rows = [{"message_id": message, "covenant_id": covenant} for message, covenant in sorted(named)]
    if rows:
        session.connection().execute(insert(MessageCovenant), rows)
    rest = _covenants_told(ids).union(_covenants_of_readers(ids))
    session.connection().execute(insert(MessageCovenant).from_select(["message_id", "covenant_id"], rest))


def _covenants_told(ids: Sequence[int | None]) -> Any:
    return (
        columns(ReminderRow.message_id, DeadlineRow.covenant_id)
        .join(DeadlineRow, col(ReminderRow.deadline_id) == DeadlineRow.id)
        .where(col(ReminderRow.message_id).in_(ids), ~_is_noted(ReminderRow.message_id, DeadlineRow.covenant_id))
    )


def _covenants_of_readers(ids: Sequence[int | None]) -> Any:
    """Of a mail to a person that is about no covenant and tells no lines: all that they may see."""
    role = col(Membership.role)
    keepers = select(Membership.party_id).where(role == Role.SECRETARIAT)
    is_keeper = or_(role == Role.SECRETARIAT, (role == Role.DEPUTY) & col(Membership.party_id).in_(keepers))
    has_lines = select(ReminderRow.id).where(ReminderRow.message_id == Message.id).exists()
    has_covenant = select(MessageCovenant.message_id).where(MessageCovenant.message_id == Message.id).exists()
    return (
        columns(Message.id, PartyRow.covenant_id)
        .join(Membership, col(Membership.person_id) == Message.person_id)
        .join(PartyRow, col(Membership.party_id) == PartyRow.id)
        .join(Covenant, col(PartyRow.covenant_id) == Covenant.id)
        .where(col(Message.id).in_(ids), col(Message.kind).not_in(NEVER_PAUSED), ~has_lines, ~has_covenant)
        .where(is_keeper | col(Covenant.released_at).is_not(None))  # a held one is not there for its other members
    )


def _is_noted(message_id: Any, covenant_id: Any) -> Any:
    same = MessageCovenant.message_id == message_id, MessageCovenant.covenant_id == covenant_id
    return select(MessageCovenant.message_id).where(*same).exists()
