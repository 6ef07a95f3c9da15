"""How somebody wants their mail: on which days, at what hour, and at most how many a week.

A rhythm only lets mail wait and fold together. It never loses a line, and never lets one pass the day it is about: the
last reminder before that day goes when waiting would be too long.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from cycle.domain.workdays import ONE_DAY, WorkCalendar

EVERY_DAY = frozenset(range(5))
"""Monday (0) to Friday: reminders go on no other day."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """One person's choice. `hour` is local time, None for the usual hour; `per_week` counts from Monday."""

    hour: time | None = None
    weekdays: frozenset[int] = EVERY_DAY
    per_week: int = len(EVERY_DAY)

    def is_own_day(self, day: date, calendar: WorkCalendar) -> bool:
        """Whether this person gets mail on a day: one of their own, or the first mail day after one that was free."""
        if not calendar.is_mail_day(day):
            return False
        if day.weekday() in self.weekdays:
            return True
        before = day - ONE_DAY
        while not calendar.is_mail_day(before):
            if before.weekday() in self.weekdays:
                return True
            before -= ONE_DAY
        return False


@dataclass(frozen=True, slots=True)
class Rhythms:
    """How everybody wants their mail: `own` by person, `usual` for whoever chose nothing.

    The secretariat gets its overview on `overview_day` of the week (0 is Monday; None for never), but for those who
    stopped it.
    """

    calendar: WorkCalendar = field(default_factory=WorkCalendar)
    usual: Rhythm = field(default_factory=Rhythm)
    own: Mapping[int, Rhythm] = field(default_factory=dict)
    overview_day: int | None = None
    no_overview: frozenset[int] = frozenset()

    def of(self, person: int) -> Rhythm:
        """The rhythm of one person."""
        return self.own.get(person, self.usual)

    def is_overview_day(self, day: date) -> bool:
        """Whether the secretariat gets its weekly overview: on its day, or the first mail day after it."""
        if self.overview_day is None:
            return False
        return Rhythm(weekdays=frozenset((self.overview_day,))).is_own_day(day, self.calendar)


@dataclass(frozen=True, slots=True)
class MailWeek:
    """Who had mail on which days of this week, as far as it counts for their rhythm."""

    rhythms: Rhythms
    had: Mapping[int, Collection[date]] = field(default_factory=dict)

    def may_have(self, person: int, day: date) -> bool:
        """Whether this person's rhythm has room for a mail on a day."""
        rhythm = self.rhythms.of(person)
        return rhythm.is_own_day(day, self.rhythms.calendar) and self._number(person, day) < rhythm.per_week

    def next_day(self, person: int, after: date) -> date:
        """The next day on which it has."""
        day = after + ONE_DAY
        while not self.may_have(person, day):
            day += ONE_DAY
        return day

    def is_full(self, person: int, day: date, planned: Collection[date]) -> bool:
        """Whether the week of a day, with the mails on planned days too, has as many as the rhythm lets through."""
        monday = day - timedelta(day.weekday())
        days = {*planned, *self.had.get(person, ())}
        return sum(monday <= one < monday + timedelta(7) for one in days) >= self.rhythms.of(person).per_week

    def _number(self, person: int, day: date) -> int:
        monday = day - timedelta(day.weekday())
        return sum(monday <= one < day for one in self.had.get(person, ()))
