"""Working days, holidays and the moment at which a day's mail goes out.

Due dates never move later. A due date on a free day is *shown* as the last working day on or before it; the Algemene
termijnenwet speaks of terms set in a law, not of contracts (domain.md section 5), so its extension does not apply.
Its list of holidays does (art. 3): Goede Vrijdag and 5 May count every year.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from cycle.domain.easter import easter

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class QuietPeriod:
    """A stretch of every year in which nobody gets reminders: month and day, both ends included."""

    first: tuple[int, int]
    last: tuple[int, int]

    def holds(self, day: date) -> bool:
        """Whether the day falls in this period; a period may run over New Year."""
        month_day = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= month_day <= self.last
        return month_day >= self.first or month_day <= self.last


@dataclass(frozen=True, slots=True, eq=False)
class WorkCalendar:
    """Which days people work and which days get mail. Made once with the settings, compared by identity.

    `free_days` are extra days off (a bridging day, a local holiday). `quiet` periods stay working days, so they do not
    change what is shown as the last working day, but no reminder goes out in them.
    """

    free_days: frozenset[date] = frozenset()
    quiet: tuple[QuietPeriod, ...] = (QuietPeriod((12, 24), (1, 2)),)
    _kept: dict[date, bool] = field(default_factory=dict, init=False, repr=False)
    _kept_mail: dict[date, bool] = field(default_factory=dict, init=False, repr=False)

    def is_working(self, day: date) -> bool:
        """Whether the day is neither weekend, nor holiday, nor an extra free day."""
        known = self._kept.get(day)
        if known is None:
            known = day.weekday() < 5 and day not in holidays(day.year) and day not in self.free_days
            self._kept[day] = known
        return known

    def is_mail_day(self, day: date) -> bool:
        """Whether reminders may go out: a working day outside the quiet periods."""
        known = self._kept_mail.get(day)
        if known is None:
            known = self.is_working(day) and not any(period.holds(day) for period in self.quiet)
            self._kept_mail[day] = known
        return known

    def shown(self, due: date) -> date:
        """The last working day on or before a due date: the day that people are told."""
        while not self.is_working(due):
            due -= ONE_DAY
        return due

    def mail_day_before(self, day: date) -> date:
        """The last mail day on or before a day."""
        while not self.is_mail_day(day):
            day -= ONE_DAY
        return day

    def mail_day_after(self, day: date) -> date:
        """The first mail day on or after a day."""
        while not self.is_mail_day(day):
            day += ONE_DAY
        return day


@lru_cache(maxsize=256)
def holidays(year: int) -> dict[date, str]:
    """The holidays of the Algemene termijnenwet, art. 3, with their names."""
    paas = easter(year)
    return {
        date(year, 1, 1): "Nieuwjaarsdag",
        paas - 2 * ONE_DAY: "Goede Vrijdag",
        paas: "Eerste Paasdag",
        paas + ONE_DAY: "Tweede Paasdag",
        kings_day(year): "Koningsdag",
        date(year, 5, 5): "Bevrijdingsdag",
        paas + 39 * ONE_DAY: "Hemelvaartsdag",
        paas + 49 * ONE_DAY: "Eerste Pinksterdag",
        paas + 50 * ONE_DAY: "Tweede Pinksterdag",
        date(year, 12, 25): "Eerste Kerstdag",
        date(year, 12, 26): "Tweede Kerstdag",
    }


def kings_day(year: int) -> date:
    """27 April, or the 26th where the 27th is a Sunday (in force since 2014)."""
    day = date(year, 4, 27)
    return day - ONE_DAY if day.weekday() == 6 else day


@lru_cache(maxsize=10_000)
def moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The one UTC moment of a wall-clock time on a date (rule C8).

    In the spring gap it is the first valid minute after; in the autumn overlap the first of the two.
    """
    wall = datetime.combine(day, at.replace(fold=0))
    while not _exists(wall, zone):
        wall += timedelta(minutes=1)
    return wall.replace(tzinfo=zone).astimezone(UTC)


@lru_cache(maxsize=10_000)
def local_day(at: datetime, zone: ZoneInfo) -> date:
    """The calendar day of a moment, where clocks show the time of this zone."""
    return at.astimezone(zone).date()


def _exists(wall: datetime, zone: ZoneInfo) -> bool:
    """Whether clocks in the zone ever show this time: it survives the way to UTC and back."""
    return wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall
