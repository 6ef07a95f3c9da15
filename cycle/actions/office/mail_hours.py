"""When reminders may leave: on mail days, between the send hour and the end of the day's mail."""

from datetime import date, datetime, time, timedelta

from cycle.domain.workdays import moment
from cycle.settings import Settings
from cycle.store import outbox
from cycle.store.deadlines import Where


def in_mail_hours(settings: Settings, now: datetime) -> bool:
    """Whether reminders may leave now."""
    local = now.astimezone(settings.zone)
    is_mail_day = settings.work_calendar.is_mail_day(local.date())
    return is_mail_day and settings.mail.send_hour <= local.time().replace(tzinfo=None) < settings.mail.send_until


def day_of(settings: Settings, now: datetime) -> tuple[date, datetime]:
    """The day of a moment here, and when it began."""
    today = settings.local_day(now)
    return today, moment(today, time(0), settings.zone)


def within_mail_hours(settings: Settings, wanted: datetime) -> datetime:
    """The wanted moment, or the first one after it at which reminders may leave (rule B12)."""
    if in_mail_hours(settings, wanted):
        return wanted
    local = wanted.astimezone(settings.zone)
    is_early = local.time().replace(tzinfo=None) < settings.mail.send_hour
    day = settings.work_calendar.mail_day_after(local.date() + timedelta(0 if is_early else 1))
    return moment(day, settings.mail.send_hour, settings.zone)


def working_hours_after(settings: Settings, start: datetime, hours: int) -> datetime:
    """The moment after so many hours in which reminders may leave: nights, free days and quiet periods do not count."""
    at, left = within_mail_hours(settings, start), timedelta(hours=hours)
    while True:
        end = moment(settings.local_day(at), settings.mail.send_until, settings.zone)
        if at + left < end:
            return at + left
        at, left = within_mail_hours(settings, end), left - (end - at)


def leaves(settings: Settings, now: datetime, *, hours: bool, paused: bool) -> Where:
    """For `outbox.claim` and `oldest_due`: what is due and may leave now. `hours` says whether reminders may."""
    today, midnight = day_of(settings, now)
    last = within_mail_hours(settings, now + outbox.LONGEST_WAIT)
    return outbox.leaves_now(now, last, hours=hours, paused=paused, today=today, midnight=midnight)
