"""Days that come each year: by date, by weekday, by week, or counted from Easter."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from cycle.domain.easter import easter
from cycle.domain.words import MONTHS, WEEKDAYS, span_words
from cycle.domain.workdays import holidays, kings_day


@dataclass(frozen=True, slots=True)
class OnDate:
    """A date of the year; one that a month does not have in some year (29 February) is then its last day."""

    month: int
    day: int

    def in_year(self, year: int) -> date:
        return date(year, self.month, min(self.day, calendar.monthrange(year, self.month)[1]))

    def __str__(self) -> str:
        return f"{self.day} {MONTHS[self.month - 1]}"


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """The last day of a month, or its last working day."""

    month: int
    is_working: bool = False

    def in_year(self, year: int) -> date:
        day = date(year, self.month, calendar.monthrange(year, self.month)[1])
        while self.is_working and (day.weekday() > 4 or day in holidays(year)):
            day -= timedelta(days=1)
        return day

    def __str__(self) -> str:
        return f"de laatste {'werkdag' if self.is_working else 'dag'} van {MONTHS[self.month - 1]}"


@dataclass(frozen=True, slots=True)
class NthWorkday:
    """The first, second, … working day of a month; the last one is a `MonthEnd`."""

    month: int
    nth: int

    def in_year(self, year: int) -> date:
        day, left = date(year, self.month, 1) - timedelta(days=1), self.nth
        while left:
            day += timedelta(days=1)
            left -= day.weekday() < 5 and day not in holidays(year)
        return day

    def __str__(self) -> str:
        return f"de {_nth_words(self.nth)} werkdag van {MONTHS[self.month - 1]}"


@dataclass(frozen=True, slots=True)
class KingsDay:
    """27 April, or the Saturday before a Sunday."""

    def in_year(self, year: int) -> date:
        return kings_day(year)

    def __str__(self) -> str:
        return "Koningsdag"


@dataclass(frozen=True, slots=True)
class FromEaster:
    """Some days after Easter Sunday; less than none is before it. Whitsun is 49 days after it."""

    days: int

    def in_year(self, year: int) -> date:
        return easter(year) + timedelta(days=self.days)

    def __str__(self) -> str:
        return EASTER_DAYS.get(self.days) or f"{span_words(abs(self.days))} {'na' if self.days > 0 else 'vóór'} Pasen"


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """The first to fourth of a weekday (0 is Monday) in a month; with -1 the last, with -2 the one before it."""

    month: int
    weekday: int
    nth: int

    def in_year(self, year: int) -> date:
        if self.nth < 0:
            last = MonthEnd(self.month).in_year(year)
            return last - timedelta(days=(last.weekday() - self.weekday) % 7, weeks=-self.nth - 1)
        first = date(year, self.month, 1)
        return first + timedelta(days=(self.weekday - first.weekday()) % 7, weeks=self.nth - 1)

    def __str__(self) -> str:
        return f"de {_nth_words(self.nth)} {WEEKDAYS[self.weekday]} van {MONTHS[self.month - 1]}"


@dataclass(frozen=True, slots=True)
class WeekOfYear:
    """A weekday (0 is Monday) of a week by its number (ISO 8601); week 53 is the last one in a year without it."""

    week: int
    weekday: int

    def in_year(self, year: int) -> date:
        last = date(year, 12, 28).isocalendar().week
        return date.fromisocalendar(year, min(self.week, last), self.weekday + 1)

    def __str__(self) -> str:
        return f"{WEEKDAYS[self.weekday]} in week {self.week}"


@dataclass(frozen=True, slots=True)
class DayBefore:
    """The day before another: the last one of what must be ready before it."""

    of: "YearDay"

    def in_year(self, year: int) -> date:
        return self.of.in_year(year) - timedelta(days=1)

    def __str__(self) -> str:
        return f"de dag vóór {self.of}"


@dataclass(frozen=True, slots=True)
class Shifted:
    """Some days after another day, less than none before it; that other day may lie some years earlier."""

    of: "YearDay"
    days: int
    years_before: int = 0

    def in_year(self, year: int) -> date:
        return self.of.in_year(year - self.years_before) + timedelta(days=self.days)

    def __str__(self) -> str:
        side, of = "na" if self.days > 0 else "vóór", f"{self.of}{' van het jaar ervoor' if self.years_before else ''}"
        return f"de dag {side} {of}" if abs(self.days) == 1 else f"{span_words(abs(self.days))} {side} {of}"


@dataclass(frozen=True, slots=True)
class WeekdayBeside:
    """The first of a weekday (0 is Monday) after another day, or the last one before it."""

    of: "YearDay"
    weekday: int
    is_after: bool

    def in_year(self, year: int) -> date:
        day = self.of.in_year(year)
        days = (self.weekday - day.weekday() - 1) % 7 + 1 if self.is_after else (self.weekday - day.weekday()) % 7 - 7
        return day + timedelta(days=days)

    def __str__(self) -> str:
        return f"de {WEEKDAYS[self.weekday]} {'na' if self.is_after else 'vóór'} {self.of}"


YearDay = (
    OnDate
    | MonthEnd
    | NthWorkday
    | KingsDay
    | FromEaster
    | NthWeekday
    | WeekOfYear
    | DayBefore
    | Shifted
    | WeekdayBeside
)
"""A day that each year has."""


def _nth_words(nth: int) -> str:
    return NTH.get(nth) or f"{nth}e"


ORDINALS = ("", "eerste", "tweede", "derde", "vierde", "vijfde", "zesde")
NTH = dict(enumerate(ORDINALS)) | {-1: "laatste", -2: "voorlaatste"}
EASTER_DAYS = {
    -2: "Goede Vrijdag",
    0: "Pasen",
    1: "tweede paasdag",
    39: "Hemelvaartsdag",
    49: "Pinksteren",
    50: "tweede pinksterdag",
}
