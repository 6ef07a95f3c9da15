"""What people wrote back to mails: once each, however often it is read, until a person says what is done with it."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from cycle.store.columns import columns
from cycle.store.deadlines import Where
from cycle.store.tables import MailReply, Message, MessageCovenant


def message_with(session: Session, message_ids: Iterable[str]) -> Message | None:
    """The message of ours that bears one of these Message-IDs, the first of them that does."""
    for name in message_ids:
        if message := session.exec(select(Message).where(Message.message_id == name)).first():
            return message
    return None


def is_known(session: Session, mail_id: str) -> bool:
    """Whether a mail was read before."""
    return session.exec(select(MailReply.id).where(MailReply.mail_id == mail_id)).first() is not None


def waiting(session: Session, covenant_id: int) -> list[MailReply]:
    """What nobody did anything with yet, the oldest first: replies to mails about a covenant."""
    query = select(MailReply).where(_about(covenant_id), col(MailReply.settled_at).is_(None))
    return list(session.exec(query.order_by(col(MailReply.id))))


def count_waiting(session: Session, covenant_ids: Iterable[int]) -> Counter[int]:
    """How many there are of those, by covenant."""
    query = (
        columns(MessageCovenant.covenant_id, func.count())
        .join(MailReply, col(MailReply.message_id) == MessageCovenant.message_id)
        .where(col(MessageCovenant.covenant_id).in_(covenant_ids), col(MailReply.settled_at).is_(None))
        .group_by(MessageCovenant.covenant_id)
    )
    return Counter(dict(session.exec(query).all()))


def oldest_waiting(session: Session) -> datetime | None:
    """When the first was read that nobody did anything with yet, of all covenants."""
    query = select(MailReply.read_at).where(col(MailReply.settled_at).is_(None)).order_by(col(MailReply.id))
    return session.exec(query).first()


def reply(session: Session, covenant_id: int, number: int, *, lock: bool = False) -> MailReply | None:
    """One reply to a mail about a covenant, locked for who changes it; None for one that is not there."""
    query = select(MailReply).where(MailReply.id == number, _about(covenant_id))
    return session.exec(query.with_for_update() if lock else query).first()


def forget(session: Session, before: datetime) -> None:
    """Takes away what was settled before a moment: what was of use is an answer by now."""
    session.connection().execute(delete(MailReply).where(col(MailReply.settled_at) < before))


def _about(covenant_id: int) -> Where:
    """Replies to mails about a covenant."""
    mine = select(MessageCovenant.message_id).where(col(MessageCovenant.covenant_id) == covenant_id)
    return col(MailReply.message_id).in_(mine)
