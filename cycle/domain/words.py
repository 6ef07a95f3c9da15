"""Dates in Dutch words. One place for month and weekday names."""

import re
from datetime import date

MONTHS = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)
WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")

VIA = ", via "
"""What stands between who did something and how it came, where it came otherwise than by the desk."""

BY_LINK, BY_COMMAND_LINE = f"{VIA}link in mail van ", f"{VIA}de opdrachtregel"


def day_words(day: date) -> str:
    """ "31 maart 2027" """
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def via_words(who: str, mailed_on: date | None) -> str:
    """Who did something, and by the link in which mail: "jan@clavis.example, via link in mail van 5 maart 2027"."""
    return who if mailed_on is None else f"{who}{BY_LINK}{day_words(mailed_on)}"


def command_line_words(who: str) -> str:
    """Who did something by the command line: "jan@clavis.example, via de opdrachtregel"."""
    return f"{who}{BY_COMMAND_LINE}"


def who_of(by: str) -> str:
    """Who did something, without how it came."""
    return by.partition(VIA)[0]


def near_day_words(day: date, today: date) -> str:
    """ "31 maart", with the year when it is another one than today's"""
    return day_words(day) if day.year != today.year else f"{day.day} {MONTHS[day.month - 1]}"


def weekday_words(day: date) -> str:
    """ "woensdag 31 maart 2027" """
    return f"{WEEKDAYS[day.weekday()]} {day_words(day)}"


def short_words(day: date) -> str:
    """ "wo 31 mrt" """
    return f"{WEEKDAYS[day.weekday()][:2]} {day.day} {short_month(day.month)}"


def short_month(number: int) -> str:
    """ "jan", "mrt" """
    return "mrt" if number == 3 else MONTHS[number - 1][:3]


def period_words(first: date, last: date) -> str:
    """ "april 2027", "1 september tot en met 30 november 2027" """
    if first == last:
        return day_words(first)
    if _whole_months(first, last) and (first.year, first.month) == (last.year, last.month):
        return f"{MONTHS[first.month - 1]} {first.year}"
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
        return f"{first.year}"
    if first.year == last.year:
        return f"{first.day} {MONTHS[first.month - 1]} tot en met {day_words(last)}"
    return f"{day_words(first)} tot en met {day_words(last)}"


def reading_words(start: date | None, due: date | None, *, yearly: bool) -> str:
    """What a phrase is read as, in a few words: when, or why there is no date."""
    if due is None:
        return f"vanaf {day_words(start)}" if start else "geen datum"
    often = "elk jaar, eerst " if yearly else ""
    return often + (period_words(start, due) if start and start != due else f"uiterlijk {day_words(due)}")


def span_words(days: int) -> str:
    """A number of days as people say it: "1 dag", "10 dagen", "4 weken"."""
    weeks, rest = divmod(days, 7)
    if weeks and not rest:
        return "1 week" if weeks == 1 else f"{weeks} weken"
    return "1 dag" if days == 1 else f"{days} dagen"


def about_span_words(days: int) -> str:
    """The same from two weeks on by the week, so that no mail counts fifty-eight days: "ruim 8 weken"."""
    weeks, rest = divmod(days, 7)
    if weeks < 2 or not rest:
        return span_words(days)
    return f"ruim {weeks} weken" if rest < 4 else f"bijna {weeks + 1} weken"


def joined(words: tuple[str, ...] | list[str]) -> str:
    """ "Clavis, WZV en de gemeente" """
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} en {words[-1]}"


def plain_words(detail: str) -> str:
    """A detail with its dates and times as people say them."""
    detail = _DAY.sub(_day_words, detail.strip())
    return _HOUR.sub(r"\1.\2 uur", detail)


def _whole_months(first: date, last: date) -> bool:
    """Whether the period starts on a first day and ends on the last day of a month."""
    return first.day == 1 and date.fromordinal(last.toordinal() + 1).day == 1


def _day_words(match: re.Match[str]) -> str:
    try:
        return day_words(date.fromisoformat(match[0]))
    except ValueError:
        return match[0]


_DAY = re.compile(r"\b\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])\b")
_HOUR = re.compile(r"\b(\d\d):(\d\d):00\b")
