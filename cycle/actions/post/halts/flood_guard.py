"""What the guard against floods (rule C8) needs to know, from the ledger; what it decides is the domain's."""

from datetime import datetime

from cycle.domain.flood_guard import UNCOUNTED, FloodGuard
from cycle.settings import Settings
from cycle.store import deadlines
from cycle.store.database import Session
from cycle.store.outbox import beating, telling
from cycle.store.outbox.tolerance import NOT_YET

APPROVED = "guard"
"""The name of the beat that says that somebody looked."""


def guard_of(session: Session, settings: Settings, now: datetime) -> FloodGuard:
    """What is usual at this moment."""
    return FloodGuard(
        settings.mail.guard_times,
        deadlines.count_open(session),
        telling.lines_per_day(session, now, UNCOUNTED),
        _is_approved(session, settings, now),
    )


def _is_approved(session: Session, settings: Settings, now: datetime) -> bool:
    """Whether somebody looked today, or since the last mail day ended. A look in the future is of a wrong clock."""
    approved, hours = beating.beats(session).get(APPROVED), settings.mail_hours
    if approved is None or approved > now + NOT_YET:
        return False
    return hours.day_of(now) <= hours.day_of(hours.next_open(approved))
