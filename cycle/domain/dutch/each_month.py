"""What a day of each month or quarter means: the same day in each of them, as one rule."""

from collections.abc import Sequence
from dataclasses import replace

from cycle.domain.dutch import frequency
from cycle.domain.dutch.days_in_parts import DayInPart
from cycle.domain.dutch.delays import none
from cycle.domain.dutch.frequency import Often
from cycle.domain.dutch.meaning import doubted
from cycle.domain.dutch.scope import Scope
from cycle.domain.dutch.vocabulary import Limit
from cycle.domain.model import Reading, ReadingKind
from cycle.domain.rules import EachYear, SeveralAYear, words_of
from cycle.domain.words import day_words
from cycle.domain.year_days import DayBefore, YearDay

IN_WHICH_MONTH = "in welke maand staat er niet bij"


def in_each_part(scope: Scope, spot: DayInPart, oftens: Sequence[Often], *, is_more: bool) -> Reading:
    """The reading of such a day with the frequency beside it; `is_more` says that other words of time stand there."""
    per_year = oftens[0].per_year if oftens else 12 / spot.months if spot.months else 0
    if per_year not in (2, 4, 6, 12):
        words = scope.text.between(spot.start, spot.end)
        return none(f"{words}: hoe vaak dit terugkomt staat er niet bij")
    reading = of_days(scope, spot, int(per_year), days_in_year(spot, int(per_year)))
    doubts = [text for holds, text in doubts_about(spot, oftens, int(per_year), is_more=is_more) if holds]
    for doubt in doubts:
        reading = doubted(reading, doubt)
    others = other_months(spot, int(per_year)) if IN_WHICH_MONTH in doubts else []
    return replace(reading, others=tuple(of_days(scope, spot, int(per_year), days) for days in others))


def of_days(scope: Scope, spot: DayInPart, per_year: int, days: Sequence[YearDay]) -> Reading:
    """The reading of those days, of which the first one is the first time."""
    times = [EachYear(day, day if is_day(spot) else None) for day in days]
    rule = SeveralAYear(tuple(sorted(times, key=lambda each: each.due.in_year(scope.year))), scope.year)
    due = days[0].in_year(scope.year)
    words = scope.text.between(spot.start, spot.end)
    reason = f"{words}: {words_of(rule)}, voor het eerst op {day_words(due)}"
    start = due if is_day(spot) else None
    return Reading(ReadingKind.YEARLY, reason, start, due, frequency.tidy(per_year), rule=rule)


def other_months(spot: DayInPart, per_year: int) -> list[list[YearDay]]:
    """The same day in the last month of each part, and in the month after it."""
    length = 12 // per_year
    return [in_months(spot, first, length) for first in (length, length + 1)]


def is_day(spot: DayInPart) -> bool:
    """It happens on that day, as a meeting does; else it must be there by then."""
    return spot.limit is Limit.IN and not spot.is_by_date


def days_in_year(spot: DayInPart, per_year: int) -> list[YearDay]:
    """The day in the first month of each part, the last one in its last month, and "erna" in the month after it."""
    length = 12 // per_year
    first = length if spot.is_last else 1
    first = length + 1 if spot.is_later else first
    return in_months(spot, first, length)


def in_months(spot: DayInPart, first: int, length: int) -> list[YearDay]:
    """The day in that month and in each one so many months on."""
    days = [spot.day((month - 1) % 12 + 1) for month in range(first, first + 12, length)]
    return [DayBefore(day) if spot.limit is Limit.BEFORE else day for day in days]


def doubts_about(spot: DayInPart, oftens: Sequence[Often], per_year: int, *, is_more: bool) -> list[tuple[bool, str]]:
    """What leaves it open which days are meant."""
    length, named = 12 // per_year, spot.months
    is_open = spot.is_by_date or named == 1 or length == 6
    vague = length > 1 and is_open and not spot.is_later
    return [
        (vague or (named > length), IN_WHICH_MONTH),
        (spot.is_later, "de maand erna kan ook de maand na het gesprek of de brief zijn"),
        (not oftens and not spot.is_each, "het staat er niet bij of dit elke keer zo is"),
        (is_more, "er staat ook een andere termijn bij"),
    ]
