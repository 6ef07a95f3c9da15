"""When a reading comes round, as a rule and in words."""

from dataclasses import replace
from datetime import date, timedelta

from cycle.domain.model import Reading, ReadingKind
from cycle.domain.rules import EachPart, EachYear, Once, Relative, Rule, SeveralAYear, occurrences, parts_of, words_of
from cycle.domain.words import reading_words
from cycle.domain.year_days import MonthEnd, OnDate, YearDay

DATED = (ReadingKind.ONCE, ReadingKind.YEARLY)


def rule_of(reading: Reading) -> Rule | None:
    """When a reading comes round; nothing for one without a day.

    Of a yearly reading the first time gives day and month. More than once a year: the year in equal parts when the
    first time is such a part, else the further readings in `others`. Less than once: only each so many years.
    """
    if (reading.rule and not isinstance(reading.rule, Relative)) or reading.due is None or reading.kind not in DATED:
        return reading.rule
    if reading.kind is ReadingKind.ONCE:
        return Once(reading.due, reading.window_start)
    per_year, first = reading.per_year or 1, reading.due.year
    parts, every = max(1, round(per_year)), round(1 / per_year) if per_year < 1 else 1
    if 12 % parts == 0 and (reading.window_start, reading.due) in parts_of(first, parts):
        return EachPart(parts, first, every, reading.until)
    further = [other for other in reading.others if other.due] if per_year > 1 else []
    if not further:
        return replace(each_year(reading), first=first, every=every, until=reading.until)
    return SeveralAYear(tuple(each_year(one) for one in (reading, *further)), first, reading.until)


def words_of_reading(reading: Reading) -> str:
    """What a phrase is read as, in a few words: when, how it comes round, or why there is no date."""
    if isinstance(reading.rule, Relative) and reading.due is None:
        return f"{words_of(reading.rule)}, zodra die dag bekend is"
    if reading.rule is None:
        return reading_words(reading.window_start, reading.due, yearly=bool(reading.per_year))
    return f"{words_of(reading.rule)}, eerst {reading_words(reading.window_start, reading.due, yearly=False)}"


def each_year(reading: Reading) -> EachYear:
    """The days of a yearly reading in whatever year. Nothing moves later: a single 28 February stays that day, while a
    period that ran to the end of February still does."""
    if isinstance(reading.rule, EachYear):
        return reading.rule
    if reading.due is None:
        raise ValueError("a reading without a due date does not come back")
    start, due = reading.window_start, OnDate(reading.due.month, reading.due.day)
    if start is None:
        return EachYear(due)
    is_end_of_february = reading.due.month == 2 and (reading.due + timedelta(days=1)).month == 3
    last: YearDay = MonthEnd(2) if start < reading.due and is_end_of_february else due
    return EachYear(last, OnDate(start.month, start.day), reading.due.year - start.year)


def in_year(yearly: Reading, year: int) -> tuple[date | None, date]:
    """Window and last day in a year, of a reading that has a day."""
    [time] = occurrences(each_year(yearly), year)
    return time.start, time.due
