"""When something comes round: a rule, and the one way to work it out for a year (law L4).

What repeats is a rule that is worked out anew in each year ("vóór Pasen", "de eerste maandag van juni", "week 12", the
last of February), never last year's day moved on. Steps, readings, the plan of a year, feeds and rehearsal all ask
`occurrences`; `as_data` and `from_data` are how a rule is kept.
"""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from cycle.domain.words import MONTHS, day_words, joined, period_words, span_words
from cycle.domain.year_days import (
    NTH,
    DayBefore,
    MonthEnd,
    NthWeekday,
    NthWorkday,
    OnDate,
    Shifted,
    WeekOfYear,
    YearDay,
)


class Occurrence(NamedTuple):
    """One time that a rule comes round.

    `name` tells it from the other times of the same rule: "once", "2027", "2027-2", "2027-voorjaarsoverleg". `due` is
    its last day and `start` the first one of its period. `invented` says that `due` is only the end of a period, which
    no document names; `anchor` is what it hangs on, and `is_open` says that this has no day of its own yet.
    """

    name: str
    start: date | None
    due: date
    invented: bool = False
    anchor: str = ""
    is_open: bool = False


class Anchored(NamedTuple):
    """One time of what a relative rule hangs on: its name and its day.

    `last` is its last day where it lasts, or may yet lie on any day up to there: then it is open.
    """

    name: str
    day: date
    last: date | None = None
    is_open: bool = False


Anchors = Mapping[str, Sequence[Anchored]]
"""The times in one year of each thing that a rule may hang on, such as a step."""


@dataclass(frozen=True, slots=True)
class Once:
    """One period, or one last day."""

    due: date
    start: date | None = None

    def in_year(self, year: int, anchors: Anchors) -> Sequence[Occurrence]:
        return [Occurrence(ONCE, self.start, self.due)] if self.due.year == year else []

    def __str__(self) -> str:
        period = self.start is not None and self.start != self.due
        return period_words(self.start or self.due, self.due) if period else f"uiterlijk {day_words(self.due)}"


@dataclass(frozen=True, slots=True)
class EachYear:
    """A day, or a period up to it, in each year from the first on, or each so many years; `until` counts.

    A period may begin `starts_before` years earlier than it ends: "winter" does. The end of whole years is invented.
    """

    due: YearDay
    start: YearDay | None = None
    starts_before: int = 0
    first: int = 0
    every: int = 1
    until: date | None = None

    def in_year(self, year: int, anchors: Anchors) -> Sequence[Occurrence]:
        if not _is_its_year(year, self.first, self.every):
            return []
        start, due = self.start.in_year(year - self.starts_before) if self.start else None, self.due.in_year(year)
        is_whole = start is not None and (start.month, start.day, due.month, due.day) == (1, 1, 12, 31)
        return _held(self.until, [Occurrence(str(year), start, due, is_whole)])

    def __str__(self) -> str:
        return " ".join((_years_words(self.every), _when_words(self), *_end_words(self.until)))


@dataclass(frozen=True, slots=True)
class SeveralAYear:
    """Several days or periods in each year from the first on; `until` counts."""

    times: tuple[EachYear, ...]
    first: int = 0
    until: date | None = None

    def in_year(self, year: int, anchors: Anchors) -> Sequence[Occurrence]:
        if year < self.first:
            return []
        days = [one for each in self.times for one in each.in_year(year, anchors)]
        named = [day._replace(name=f"{year}-{number}", invented=self._is_part(day)) for number, day in _counted(days)]
        return _held(self.until, named)

    def _is_part(self, day: Occurrence) -> bool:
        count = len(self.times)
        return 12 % count == 0 and (day.start, day.due) in parts_of(day.due.year, count)

    def __str__(self) -> str:
        times = _part_words(self.times) or f"{_years_words(1)} {joined([_when_words(each) for each in self.times])}"
        return " ".join((times, *_end_words(self.until)))


@dataclass(frozen=True, slots=True)
class EachPart:
    """Once in each of so many equal parts of a year: a standing duty, whose last days are invented."""

    parts: int = 1
    first: int = 0
    every: int = 1
    until: date | None = None

    def in_year(self, year: int, anchors: Anchors) -> Sequence[Occurrence]:
        if not _is_its_year(year, self.first, self.every):
            return []
        days = parts_of(year, self.parts)
        names = [str(year)] if self.parts == 1 else [f"{year}-{number}" for number, _days in _counted(days)]
        return _held(self.until, [Occurrence(name, *day, invented=True) for name, day in zip(names, days, strict=True)])

    def __str__(self) -> str:
        words = _years_words(self.every) if self.parts == 1 else PART_WORDS[self.parts]
        return " ".join((words, *_end_words(self.until)))


@dataclass(frozen=True, slots=True)
class Relative:
    """So many days and months after each time of something else; less than none is before it.

    After means after its last day. With a `year` it hangs on the times of that year only.
    """

    to: tuple[str, ...]
    days: int
    months: int = 0
    year: int = 0

    def in_year(self, year: int, anchors: Anchors) -> Sequence[Occurrence]:
        if self.year not in (0, year):
            return []
        return [self._hung(name, time) for name in self.to for time in anchors.get(name, ())]

    def _hung(self, to: str, time: Anchored) -> Occurrence:
        name = ONCE if time.name == ONCE else f"{time.name}-{to}"
        is_after = self.days >= 0 and self.months >= 0
        due = self._from(time.last or time.day) if is_after else self._from(time.day)
        start = self._from(time.day) if is_after and time.is_open else None
        return Occurrence(name, start, due, anchor=to, is_open=time.is_open)

    def _from(self, day: date) -> date:
        year, month = divmod(day.year * 12 + day.month - 1 + self.months, 12)
        moved = date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
        return moved + timedelta(days=self.days)

    def __str__(self) -> str:
        to = f"{joined(self.to)}{f' {self.year}' if self.year else ''}"
        if not self.days and not self.months:
            return f"op de dag van {to}"
        if self.months:
            months = "1 maand" if abs(self.months) == 1 else f"{abs(self.months)} maanden"
            return f"{months} {'na' if self.months > 0 else 'vóór'} {to}"
        if self.days == -1:
            return f"vóór {to}"
        return f"{span_words(abs(self.days))} {'na' if self.days > 0 else 'vóór'} {to}"


Rule = Once | EachYear | SeveralAYear | EachPart | Relative


def occurrences(rule: Rule, year: int, anchors: Anchors | None = None) -> Sequence[Occurrence]:
    """Each time in a year that a rule comes round, in order; of a relative one what hangs on the times of that year."""
    return rule.in_year(year, anchors or {})


def words_of(rule: Rule) -> str:
    """A rule in Dutch: "elk jaar uiterlijk 1 juli"."""
    return str(rule)


def parts_of(year: int, parts: int) -> list[tuple[date, date]]:
    """First and last day of each of so many equal parts of a year, in whole months: 1, 2, 3, 4, 6 or 12."""
    months = 12 // parts
    starts = [date(year, 1 + part * months, 1) for part in range(parts)] + [date(year + 1, 1, 1)]
    return [(first, after - timedelta(days=1)) for first, after in pairwise(starts)]


def _is_its_year(year: int, first: int, every: int) -> bool:
    return year >= first and (year - first) % every == 0


def _held(until: date | None, times: Sequence[Occurrence]) -> Sequence[Occurrence]:
    return [one for one in times if until is None or one.due <= until]


def _counted(days: Sequence[Any]) -> Sequence[tuple[int, Any]]:
    return list(enumerate(days, 1))


def _years_words(every: int) -> str:
    return "elk jaar" if every == 1 else f"eens in de {every} jaar"


def _when_words(each: EachYear) -> str:
    if isinstance(each.due, Shifted) and each.due.years_before and each.due.of == MonthEnd(12):
        return f"binnen {span_words(each.due.days)} na afloop van het jaar"
    if each.start is not None:
        return _whole_words(each) or f"van {each.start} tot en met {each.due}"
    due = each.due
    before = due.of if isinstance(due, DayBefore) else None
    if isinstance(before, WeekOfYear) and before.weekday == 0:
        return f"vóór week {before.week}"
    if isinstance(due, WeekOfYear) and due.weekday == 6:
        return f"uiterlijk in week {due.week}"
    return f"vóór {before}" if before else f"uiterlijk {due}"


def _whole_words(each: EachYear) -> str:
    """A period that has a name of its own, or is one day."""
    start, due = each.start, each.due
    if start == due:
        return f"op {due}"
    if isinstance(due, WeekOfYear) and (start, due.weekday) == (WeekOfYear(due.week, 0), 6):
        return f"in week {due.week}"
    if isinstance(due, MonthEnd) and start in (OnDate(due.month, 1), Shifted(due, -6)):
        return f"in {'' if isinstance(start, OnDate) else 'de laatste week van '}{MONTHS[due.month - 1]}"
    return ""


def _part_words(times: Sequence[EachYear]) -> str:
    """Times of each month or quarter that are the same but for their month."""
    ends = {each.due.days for each in times if isinstance(each.due, Shifted) and isinstance(each.due.of, MonthEnd)}
    is_after = len(ends) == 1 and min(ends) > 0 and all(isinstance(each.due, Shifted) for each in times)
    if is_after and len(times) in PART_WORDS:
        return f"{PART_WORDS[len(times)]} binnen {span_words(*ends)} na afloop"
    months, step = [_month_of(each.due) for each in times], 12 // len(times)
    is_even = len(times) in (4, 12) and all(months) and all(b - a == step for a, b in pairwise(months))
    if not is_even or months[0] > step or any(_in_month(each, months[0]) != times[0] for each in times):
        return ""
    name, part = MONTHS[months[0] - 1], f"van de {f'{NTH[months[0]]} ' if step > 1 else ''}maand"
    words = _when_words(times[0]).replace(f"van {name}", part)
    limit, _space, day = words.partition(" ")
    return f"{PART_WORDS[len(times)]} {limit} " + (f"de {day.replace(f' {name}', f'e {part}')}" if name in day else day)


def _month_of(day: YearDay) -> int:
    return _month_of(day.of) if isinstance(day, DayBefore) else getattr(day, "month", 0)


def _in_month(each: EachYear, month: int) -> EachYear:
    """The same days in another month."""
    return replace(each, start=each.start and _moved(each.start, month), due=_moved(each.due, month))


def _moved(day: YearDay, month: int) -> YearDay:
    if isinstance(day, DayBefore):
        return DayBefore(_moved(day.of, month))
    return replace(day, month=month) if isinstance(day, OnDate | MonthEnd | NthWeekday | NthWorkday) else day


def _end_words(until: date | None) -> tuple[str, ...]:
    return (f"tot en met {day_words(until)}",) if until else ()


ONCE = "once"
"""The name of the only time of what does not repeat."""
SIGNING, TERM_START, TERM_END, SCHOOL_START = "ondertekening", "begin looptijd", "einde looptijd", "begin schooljaar"
"""What the days that a covenant knows are called, however a document names them."""
PART_WORDS = {2: "elk half jaar", 3: "elke vier maanden", 4: "elk kwartaal", 6: "elke twee maanden", 12: "elke maand"}
