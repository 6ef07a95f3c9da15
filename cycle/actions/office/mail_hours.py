"""When reminders may leave: on mail days, between the send hour and the end of the day's mail."""

from datetime import date, datetime, time

from cycle.domain.workdays import moment
from cycle.settings import Settings
from cycle.store.deadlines import Where
from cycle.store.outbox import claiming
from cycle.store.outbox.tolerance import LONGEST_WAIT


def day_of(settings: Settings, now: datetime) -> tuple[date, datetime]:
    """The day of a moment here, and when it began."""
    today = settings.local_day(now)
    return today, moment(today, time(0), settings.zone)


def leaves(settings: Settings, now: datetime, *, hours: bool, paused: bool) -> Where:
    """For `claim` and `oldest_due`: what is due and may leave now. `hours` says whether reminders may."""
    today, midnight = day_of(settings, now)
    last = settings.mail_hours.next_open(now + LONGEST_WAIT)
    return claiming.leaves_now(now, last, hours=hours, paused=paused, today=today, midnight=midnight)
