"""Stretches of the calendar: what a month, a season or "eind" covers in a given year.

An Item is a stretch that may still lack its year ("najaar"); with a year it becomes a Span. Both ends count.
"""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import IntEnum

from cycle.domain.model import Conventions
from cycle.domain.rules import EachYear
from cycle.domain.words import MONTHS
from cycle.domain.year_days import (
    FromEaster,
    KingsDay,
    MonthEnd,
    NthWeekday,
    NthWorkday,
    OnDate,
    Shifted,
    WeekOfYear,
    YearDay,
)

DAY = timedelta(days=1)
Days = tuple[date, date]


class Grain(IntEnum):
    """How wide a stretch is; a finer grain can narrow a coarser one."""

    DAY = 1
    WEEK = 2
    PART = 3
    MONTH = 4
    QUARTER = 5
    SEASON = 6
    HALF = 7
    YEAR = 8


@dataclass(frozen=True, slots=True)
class Span:
    """Days from start to end, why people may see it otherwise, and those other days."""

    start: date
    end: date
    doubt: str = ""
    rivals: tuple[Days, ...] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of any year, or of one year; `make` gives None where the calendar has no such day."""

    grain: Grain
    make: Callable[[int], Span | None]
    year: int | None = None
    doubt: str = ""
    edge: str = ""
    rule: bool = False  # "laatste donderdag van november" says how it comes back each year
    own: bool = True  # the year was written, not only meant ("dit jaar")
    name: str = ""
    each: EachYear | None = None  # its days in whatever year, where the calendar moves them

    def span(self, year: int) -> Span | None:
        """The days in its own year, else in the year given."""
        span = self.make(year if self.year is None else self.year)
        if span and self.doubt and not span.doubt:
            return replace(span, doubt=self.doubt)
        return span


def with_rival(item: Stretch, other: Stretch, doubt: str) -> Stretch:
    """The same stretch with a doubt, and the days of another that may be meant instead."""

    def make(year: int) -> Span | None:
        span, rival = item.make(year), other.make(year)
        if span is None or rival is None:
            return span
        return replace(span, doubt=doubt, rivals=((rival.start, rival.end),))

    return replace(item, make=make)


def months(year: int, first: int, last: int) -> Days:
    """From the first day of one month to the last of another; a last before the first lies in the next year."""
    end_year = year + (last < first)
    return date(year, first, 1), date(end_year, last, monthrange(end_year, last)[1])


def years_later(day: date, years: int) -> date:
    """The same day in another year, or the last of that month."""
    return months_later(day, 12 * years)


def months_later(day: date, count: int) -> date:
    """The same day some months later, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def day_item(day: int, month: int, year: int | None = None, doubt: str = "") -> Stretch:
    """One calendar day."""

    def make(in_year: int) -> Span | None:
        exists = 1 <= month <= 12 and 1 <= day <= monthrange(in_year, month)[1]
        return Span(date(in_year, month, day), date(in_year, month, day)) if exists else None

    return Stretch(Grain.DAY, make, year, doubt)


def month_item(first: int, last: int | None = None, grain: Grain = Grain.MONTH, doubt: str = "") -> Stretch:
    """Whole months: a month, a quarter, a half."""
    return Stretch(grain, lambda year: Span(*months(year, first, last or first)), doubt=doubt)


def quarter_item(number: int) -> Stretch:
    """A quarter of the calendar year."""
    return month_item(3 * number - 2, 3 * number, Grain.QUARTER)


def half_item(number: int) -> Stretch:
    """A half of the calendar year."""
    return month_item(6 * number - 5, 6 * number, Grain.HALF)


def third_item(number: int) -> Stretch:
    """Four months: a trimester in a planning cycle, though schools count three."""
    return month_item(4 * number - 3, 4 * number, Grain.HALF, "een trimester kan drie of vier maanden zijn")


def year_item(year: int | None, doubt: str = "") -> Stretch:
    """A calendar year."""
    return Stretch(Grain.YEAR, lambda y: Span(date(y, 1, 1), date(y, 12, 31)), year, doubt)


def school_item(year: int | None, doubt: str = "") -> Stretch:
    """A school year: 1 August to 31 July (Wet op het primair onderwijs, art. 1)."""
    return Stretch(Grain.YEAR, lambda y: Span(date(y, 8, 1), date(y + 1, 7, 31)), year, doubt)


# the seasons of the sun, to the nearest day: what people mean who do not mean the seasons of the weather
SUN = {"voorjaar": (3, 20, 6, 20), "zomer": (6, 21, 9, 20), "najaar": (9, 21, 12, 20), "winter": (12, 21, 3, 19)}
ARTICLED = {"voorjaar": "het voorjaar", "zomer": "de zomer", "najaar": "het najaar", "winter": "de winter"}


def season_item(name: str, conventions: Conventions) -> Stretch:
    """A season as the covenant counts it; people differ on its last day, so it carries that doubt."""
    first, last = getattr(conventions, name)

    def make(year: int) -> Span:
        m1, d1, m2, d2 = SUN[name]
        sun = date(year, m1, d1), date(year + (m2 < m1), m2, d2)
        first_day, last_day = f"{d1} {MONTHS[m1 - 1]}", f"{d2} {MONTHS[m2 - 1]}"
        doubt = f"{ARTICLED[name]} loopt voor anderen van {first_day} tot en met {last_day}"
        return Span(*months(year, first, last), doubt, (sun,))

    return Stretch(Grain.SEASON, make, name=name)


def week_item(number: int) -> Stretch:
    """An ISO week, Monday to Sunday."""

    def make(year: int) -> Span | None:
        try:
            monday = date.fromisocalendar(year, number, 1)
        except ValueError:
            return None
        return Span(monday, monday + 6 * DAY)

    return Stretch(Grain.WEEK, make, each=EachYear(WeekOfYear(number, 6), WeekOfYear(number, 0)))


def month_week_item(number: int, month: int) -> Stretch:
    """The nth seven days of a month; people who look at a wall calendar mean the nth week from Monday."""

    def make(year: int) -> Span | None:
        first, last = months(year, month, month)
        if number < 0:
            monday = last - timedelta(days=last.weekday())
            return week_span(last - 6 * DAY, last, monday, min(monday + 6 * DAY, last))
        start = first + timedelta(days=7 * (number - 1))
        monday = first + timedelta(days=-first.weekday() % 7 + 7 * (number - 1))
        return week_span(start, min(start + 6 * DAY, last), monday, monday + 6 * DAY) if start <= last else None

    last_seven = EachYear(MonthEnd(month), Shifted(MonthEnd(month), -6))
    return Stretch(Grain.WEEK, make, each=last_seven if number < 0 else None)


def week_span(start: date, end: date, monday: date, sunday: date) -> Span:
    """Seven days counted from the first of the month, with the week from Monday as rival where it differs."""
    if (start, end) == (monday, sunday):
        return Span(start, end)
    return Span(start, end, "een week kan ook van maandag tot en met zondag lopen", ((monday, sunday),))


def weekday_item(number: int, weekday: int, month: int) -> Stretch:
    """The nth (or last) Monday of a month: a rule that returns each year."""

    def make(year: int) -> Span | None:
        first, last = months(year, month, month)
        if number < 0:
            day = last - timedelta(days=(last.weekday() - weekday) % 7 + 7 * (-number - 1))
        else:
            day = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))
        return Span(day, day) if day.month == month else None

    rule = NthWeekday(month, weekday, number)
    return Stretch(Grain.PART, make, rule=True, each=EachYear(rule, rule) if number < 5 else None)


def workday_item(number: int, month: int) -> Stretch:
    """The nth (or last) working day of a month."""
    return moving_day(MonthEnd(month, is_working=True) if number < 0 else NthWorkday(month, number))


def month_end_item(month: int) -> Stretch:
    """The last day of a month."""
    return moving_day(MonthEnd(month))


def moving_day(rule: YearDay, name: str = "") -> Stretch:
    """One day by its rule."""

    def make(year: int) -> Span:
        return Span(rule.in_year(year), rule.in_year(year))

    return Stretch(Grain.DAY, make, name=name, each=EachYear(rule))


FIXED_FEASTS = {
    "kerst": (12, 25),
    "tweede kerstdag": (12, 26),
    "kerstavond": (12, 24),
    "bevrijdingsdag": (5, 5),
    "sinterklaas": (12, 5),
    "oudjaar": (12, 31),
    "jaarwisseling": (12, 31),
    "nieuwjaar": (1, 1),
}
EASTER_FEASTS = {
    "goede vrijdag": -2,
    "pasen": 0,
    "tweede paasdag": 1,
    "hemelvaart": 39,
    "pinksteren": 49,
    "tweede pinksterdag": 50,
}
# Prinsjesdag is the third Tuesday of September (Grondwet, art. 65)
FEAST_RULES: dict[str, YearDay] = {
    **{name: OnDate(*day) for name, day in FIXED_FEASTS.items()},
    **{name: FromEaster(days) for name, days in EASTER_FEASTS.items()},
    "koningsdag": KingsDay(),
    "prinsjesdag": NthWeekday(9, 1, 3),
}


def feast_item(name: str) -> Stretch:
    """A feast day, by its first day."""
    return moving_day(FEAST_RULES[name], name)


def edge_of(edge: str, item: Stretch, conventions: Conventions) -> Stretch:
    """Begin, medio, eind, primo or ultimo of a stretch."""

    def make(year: int) -> Span | None:
        span = item.make(year)
        return span and edge_span(edge, item.grain, span, conventions)

    grain = Grain.DAY if edge in ("primo", "ultimo") else Grain.PART
    return Stretch(grain, make, item.year, item.doubt, edge, own=item.own)


def edge_span(edge: str, grain: Grain, span: Span, conventions: Conventions) -> Span:
    """The part of one span that the word names."""
    if edge == "primo":
        return replace(span, end=span.start, rivals=())
    if edge == "ultimo":
        return replace(span, start=span.end, rivals=())
    start, end = edge_days(edge, grain, span, conventions)
    if edge != "medio":
        doubt = span.doubt or ("dit deel van het jaar is ruim" if is_wide(grain, span) else "")
        return Span(start, end, doubt)
    middle = date(span.start.year, 7, 1) if grain is Grain.YEAR else start + (end - start) // 2
    if grain is Grain.MONTH:
        middle = span.start.replace(day=15)
    return Span(start, end, "medio is vaak ook de middelste dag", ((middle, middle),))


def is_wide(grain: Grain, span: Span) -> bool:
    """A half year or a school year has no settled begin or end."""
    return grain is Grain.HALF or (grain is Grain.YEAR and span.start.month != 1)


def edge_days(edge: str, grain: Grain, span: Span, conventions: Conventions) -> Days:
    """Begin, medio or eind in days: months of a year by the conventions, thirds of anything smaller."""
    if grain is Grain.YEAR and span.start.month == 1:
        return months(span.start.year, *getattr(conventions, edge))
    if grain is Grain.MONTH:
        first, last = {"begin": (1, 10), "medio": (11, 20), "eind": (21, span.end.day)}[edge]
        return span.start.replace(day=first), span.start.replace(day=last)
    length = (span.end.year - span.start.year) * 12 + span.end.month - span.start.month + 1
    if length < 3:
        return span.start, span.end
    third = length // 3
    begin = {"begin": 0, "medio": third, "eind": length - third}[edge]
    start = months_later(span.start.replace(day=1), begin)
    return start, months_later(start, third) - DAY


def half_of(number: int, item: Stretch) -> Stretch:
    """The first or second half: of a month from day 1 or 16, of anything longer by months."""

    def make(year: int) -> Span | None:
        span = item.make(year)
        if not span:
            return None
        middle = half_start(item.grain, span)
        return replace(span, end=middle - DAY) if number == 1 else replace(span, start=middle)

    return Stretch(Grain.HALF if item.grain is Grain.YEAR else Grain.PART, make, item.year, item.doubt, own=item.own)


def half_start(grain: Grain, span: Span) -> date:
    """The first day of the second half."""
    if grain is Grain.MONTH:
        return span.start.replace(day=16)
    if grain in (Grain.YEAR, Grain.HALF):
        return months_later(span.start, 6 if grain is Grain.YEAR else 3)
    return span.start + (span.end - span.start) // 2 + DAY


def first_months_of(number: int, count: int, item: Stretch) -> Stretch:
    """ "De eerste drie maanden van 2025", or with -1 the last."""

    def make(year: int) -> Span | None:
        span = item.make(year)
        if not span:
            return None
        if number > 0:
            return Span(span.start, min(span.end, months_later(span.start, count) - DAY), span.doubt)
        return Span(max(span.start, months_later(span.end + DAY, -count)), span.end, span.doubt)

    return Stretch(Grain.PART, make, item.year, item.doubt, own=item.own)


def first_days_of(number: int, days: int, item: Stretch) -> Stretch:
    """ "De eerste veertien dagen van mei", or with -1 the last."""

    def make(year: int) -> Span | None:
        span = item.make(year)
        if not span:
            return None
        if number > 0:
            return Span(span.start, min(span.end, span.start + (days - 1) * DAY), span.doubt)
        return Span(max(span.start, span.end - (days - 1) * DAY), span.end, span.doubt)

    return Stretch(Grain.PART, make, item.year, item.doubt, own=item.own)
