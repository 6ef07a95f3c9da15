"""What stands still until a person says go: sending, planning, or both."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from cycle.store.tables import OutboxPause

SENDING_PAUSE, PLANNING_PAUSE, CLOCK_PAUSE = ALL_PAUSES = (1, 2, 3)
"""What stands still: sending, planning, or both because the clock is not to be believed."""


def pause(session: Session, which: int = SENDING_PAUSE) -> OutboxPause | None:
    """Why sending (or planning) stands still, if it does."""
    return session.get(OutboxPause, which)


def pauses(session: Session) -> Sequence[OutboxPause]:
    """All that stands still."""
    return session.exec(select(OutboxPause).order_by(col(OutboxPause.id))).all()


def set_pause(session: Session, now: datetime, reason: str, which: int = SENDING_PAUSE) -> bool:
    """Stops all sending (or planning) until somebody resumes it; says whether it still went on."""
    row = OutboxPause(id=which, at=now, reason=reason)
    try:
        with session.begin_nested():  # two senders may hear the same refusal at once
            if pause(session, which) is None:
                session.add(row)
                return True
    except IntegrityError:
        pass
    return False


def is_sending_paused(session: Session) -> bool:
    """Whether nearly nothing may leave."""
    return any(one.id in (SENDING_PAUSE, CLOCK_PAUSE) for one in pauses(session))


def resume(session: Session, which: Sequence[int] = ALL_PAUSES) -> tuple[int, ...]:
    """Lets all go on, or some of it; says what stood still."""
    pauses_there = [one for one in pauses(session) if one.id in which]
    for halt in pauses_there:
        session.delete(halt)
    return tuple(one.id for one in pauses_there)
