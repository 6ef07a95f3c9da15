"""Reminders that wait for approval."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import case, func, or_, update
from sqlmodel import Session, col

from cycle.domain.mail_plan import WaitingMail
from cycle.store.columns import columns
from cycle.store.outbox.labels import DRAFT
from cycle.store.outbox.telling import covenants_of, readers_of, told_by
from cycle.store.tables import DeadlineRow, Message, ReminderRow


def drafts(session: Session) -> list[WaitingMail]:
    """All that waits for approval; outdated is one about a deadline that was changed or settled since it was made."""
    rows = session.exec(_drafts()).all()
    if not rows:
        return []
    ids = [row[3] for row in rows]
    about, lines, told = covenants_of(session, ids), told_by(session, ids), readers_of(session, ids)
    return [
        WaitingMail(
            person,
            goes_at,
            frozenset(about[key]),
            on,
            key,
            frozenset(lines[key]),
            bool(is_old),
            tuple(one for one in told.get(key, ()) if one != person),
        )
        for person, goes_at, on, key, is_old in rows
    ]


@cache
def _drafts() -> Any:
    """Put together once: it is asked at every round of the clock."""
    changed = func.max(case((col(DeadlineRow.changed_at) > col(Message.created_at), 1), else_=0))
    return (
        columns(Message.person_id, Message.next_try_at, Message.on, Message.id, changed)
        .join(ReminderRow, col(ReminderRow.message_id) == Message.id, isouter=True)
        .join(DeadlineRow, col(ReminderRow.deadline_id) == DeadlineRow.id, isouter=True)
        .where(Message.state == DRAFT)
        .group_by(col(Message.id))
        .order_by(col(Message.id))
    )


def let_go(session: Session, ids: Sequence[int], now: datetime) -> list[int]:
    """Drafts may go from now on; returns those that still were drafts."""
    waits = or_(col(Message.next_try_at) > now, col(Message.next_try_at).is_(None))
    command = (
        update(Message).where(col(Message.id).in_(ids), col(Message.state) == DRAFT, waits).values(next_try_at=now)
    )
    gone = session.connection().execute(command.returning(col(Message.id))).scalars()
    return sorted(one for one in gone if one is not None)
