"""The words of messages that are over, taken out."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from cycle.store.outbox.labels import DISCARDED, FAILED, HELD, QUEUED, SENT, SIGN_IN
from cycle.store.tables import Message


def old_bodies(session: Session, before: datetime, limit: int) -> list[int]:
    """Messages made before a moment that are over, and still hold their words."""
    query = (
        select(Message.id)
        .where(col(Message.state).in_((SENT, FAILED, DISCARDED)), Message.created_at < before, Message.body != b"")
        .limit(limit)
    )
    return [found for found in session.exec(query) if found is not None]


def unblanked(session: Session, limit: int) -> list[int]:
    """Messages that are over, and still as they were sent: an older version kept their links."""
    over = col(Message.state).in_((SENT, FAILED, DISCARDED))
    query = select(Message.id).where(over, Message.body != b"", Message.body_sha256 == "").limit(limit)
    return [found for found in session.exec(query) if found is not None]


def lock_over(session: Session, ids: Sequence[int]) -> Sequence[Message]:
    """These of them that still are, locked."""
    over = col(Message.state).in_((SENT, FAILED, DISCARDED))
    query = select(Message).where(col(Message.id).in_(ids), over).order_by(col(Message.id))
    return session.exec(query.with_for_update()).all()


def empty_sign_ins(session: Session, made_before: datetime, key: str = "") -> None:
    """Takes the words out of mails to sign in that are of no use any more: made before a moment, or the one of a key.
    What still waits is not sent after all."""
    over = col(Message.state).in_((SENT, FAILED, DISCARDED, HELD, QUEUED)) & (col(Message.body) != b"")
    is_old = col(Message.key) == key if key else col(Message.created_at) < made_before
    ends = {"state": FAILED, "next_try_at": None, "last_answer": "te laat om nog te versturen", "body": b""}
    waits = col(Message.state).in_((HELD, QUEUED))
    for where, values in ((waits, ends), (~waits, {"body": b""})):
        command = update(Message).where(Message.kind == SIGN_IN, over, is_old, where)  # type: ignore[arg-type]
        session.connection().execute(command.values(values))


def empty_bodies(session: Session, ids: Sequence[int]) -> None:
    """Takes the words out; that they were sent, when and to whom stays."""
    over = col(Message.state).in_((SENT, FAILED, DISCARDED))
    session.connection().execute(update(Message).where(col(Message.id).in_(ids), over).values(body=b""))
