"""The hours in which reminders may leave, and when somebody's mail of a day goes."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cycle.domain.workdays import ONE_DAY, WorkCalendar, local_day, moment


@dataclass(frozen=True, slots=True)
class MailHours:
    """On mail days, from `opens` until `closes`, by the clock of `zone`."""

    calendar: WorkCalendar
    zone: ZoneInfo
    opens: time
    closes: time

    def day_of(self, now: datetime) -> date:
        """The day of a moment here."""
        return local_day(now, self.zone)

    def is_open(self, now: datetime) -> bool:
        """Whether reminders may leave now."""
        local = now.astimezone(self.zone)
        return self.calendar.is_mail_day(local.date()) and self.opens <= local.time().replace(tzinfo=None) < self.closes

    def moment_of(self, day: date, hour: time | None = None) -> datetime:
        """When mail of a day goes: at somebody's own hour where that lies within these hours, else as they open."""
        is_possible = hour is not None and self.opens <= hour < self.closes
        return moment(day, hour if hour and is_possible else self.opens, self.zone)

    def end_of(self, day: date) -> datetime:
        """When the mail of a day is over."""
        return moment(day, self.closes, self.zone)

    def next_open(self, wanted: datetime) -> datetime:
        """The wanted moment, or the first one after it at which reminders may leave (rule B12)."""
        if self.is_open(wanted):
            return wanted
        local = wanted.astimezone(self.zone)
        is_early = local.time().replace(tzinfo=None) < self.opens
        day = self.calendar.mail_day_after(local.date() if is_early else local.date() + ONE_DAY)
        return self.moment_of(day)

    def after(self, start: datetime, hours: int) -> datetime:
        """The moment after so many of these hours: nights, free days and quiet periods do not count."""
        at, left = self.next_open(start), timedelta(hours=hours)
        while True:
            end = self.end_of(self.day_of(at))
            if at + left < end:
                return at + left
            at, left = self.next_open(end), left - (end - at)
