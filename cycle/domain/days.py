"""Which days and times can be: how people write them, and one rule for how far they may lie from today.

Every door reads them here, and every action asks the rule, so that a slip of the pen (0027 for 2027, 9999 for "no
end") becomes a sentence and never a deadline. Days that are kept already and lie outside all reason are taken as the
nearest possible ones (`possible`), so that no sum with days runs off the calendar.
"""

import re
from dataclasses import dataclass
from datetime import date, time

from cycle.domain.words import MONTHS, WEEKDAYS, day_words
from cycle.errors import Refused

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
"""No day of ours lies outside these, whatever it is for."""

_TIME = re.compile(r"(\d{1,2})(?:[.:](\d{2})(?:[.:]00)?)?(?: ?u(?:ur)?)?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Days:
    """A stretch of days in which a day may lie; both count."""

    first: date
    last: date
    hint: str = ""

    def holds(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.first <= day <= self.last

    def refuse(self, *days: date | None) -> None:
        """Raises Refused for a day that lies outside; no day is right."""
        for day in days:
            if day is not None and not self.holds(day):
                raise Refused(f"De datum {day_words(day)} kan niet kloppen.", self.advice)

    def refuse_year(self, year: int) -> None:
        """Raises Refused for a year that lies outside."""
        if not self.first.year <= year <= self.last.year:
            advice = f"Kies een jaar van {self.first.year} tot en met {self.last.year}."
            raise Refused(f"Het jaar {year} kan niet kloppen.", advice)

    def fault(self, day: date) -> str:
        """What is wrong with a day, in one line for beside its field; nothing for one that can be."""
        return "" if self.holds(day) else f"De datum {day_words(day)} kan niet kloppen. {self.advice}"

    @property
    def advice(self) -> str:
        """What to do about a day that lies outside."""
        words = f"Kies een dag van {day_words(self.first)} tot en met {day_words(self.last)}."
        return f"{words} {self.hint}".strip()


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a kind of day may lie from today: so many calendar years back and ahead."""

    back: int
    ahead: int
    hint: str = ""

    def around(self, today: date) -> Days:
        """From the first day of the first year to the last day of the last."""
        first, last = max(today.year - self.back, EARLIEST.year), min(today.year + self.ahead, LATEST.year)
        return Days(date(first, 1, 1), date(last, 12, 31), self.hint)


NO_END = "Is er geen einde? Laat de dag dan leeg."
DEADLINE = Reach(25, 30)
"""A last day: agreements name 2050, and an old action keeps the day it had."""
MEETING = Reach(5, 5)
"""A sitting of a meeting, also one that has been."""
SEAT = Reach(60, 30, NO_END)
"""The first or last day on which somebody sits at the table."""
ABSENCE = Reach(2, 3)
LEAVING = Reach(5, 5)
"""Somebody's last day."""
TERM = Reach(60, 60, NO_END)
"""What a covenant says of itself: signed, in force, from when it is kept."""
LOOK_BACK = Reach(10, 0)
"""What has been: a letter that was sent, the day of a snapshot."""
KEPT_YEAR = Reach(25, 30)
"""A year whose plan, letter or mails somebody asks for."""
REHEARSED = Reach(0, 5)
"""A year that is yet to come: a rehearsal takes some seconds for each."""
MAILED = Reach(2, 2)
"""A day on which somebody sends by hand, in place of the clock."""
EVER = Days(EARLIEST, LATEST)
"""A day that somebody searches from or up to."""


def possible(day: date) -> date:
    """A day that was kept before there was a rule, as one that every calendar and sum can take."""
    return day if EARLIEST <= day <= LATEST else EARLIEST if day < EARLIEST else LATEST


def end_of(until: date | None) -> date | None:
    """The last day of something, None when it has no end: "31-12-9999" was a way to say so."""
    return None if until is None or until >= LATEST else until


def parse_day(text: str) -> date | None:
    """A day as people type it: "31-3-2027", "31/3/2027", "31 maart 2027" or "2027-03-31"; None for anything else.

    It may be one that no rule allows.
    """
    words = text.strip().lower().replace("/", "-").replace(".", "-").replace(" ", "-").split("-")
    if len(words) != 3:
        return None
    day, month, year = reversed(words) if len(words[0]) == 4 else words
    month = str(MONTHS.index(month) + 1) if month in MONTHS else month
    numbers = year + month + day
    if not (numbers.isascii() and numbers.isdecimal() and len(year) == 4 and len(month) < 3 and len(day) < 3):
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def read_day(text: str) -> date:
    """A day as a command gets it: as `parse_day` reads it, also behind its day of the week ("donderdag 22 april 2027").

    Raises Refused where it leaves a doubt: without a year, or with another day of the week than the one named.
    """
    weekday, _, rest = text.strip().lower().replace(",", " ").partition(" ")
    named = weekday if weekday in WEEKDAYS else ""
    said = rest.strip() if named else text
    day = parse_day(said)
    if day is None and parse_day(f"{said.strip().rstrip('-/. ')} 2028") is not None:  # a year with a 29 February
        raise Refused(f"bij {text.strip()} staat geen jaar.", f"Schrijf het erbij, zoals {said.strip()} 2027.")
    if day is None:
        raise Refused(f"{text!r} is geen dag.", "Schrijf hem zoals 2027-03-31, 31-3-2027 of 31 maart 2027.")
    if named and WEEKDAYS[day.weekday()] != named:
        raise Refused(f"{day_words(day)} is een {WEEKDAYS[day.weekday()]}, geen {named}.", "Kijk na welke u bedoelt.")
    return day


def parse_coming_day(text: str, today: date) -> date | None:
    """The same, also as people say it of a day to come: "donderdag 22 april", "22-4", "22 april"; then it is the first
    such day from today. None too where the day of the week is another one."""
    weekday, _, rest = text.strip().lower().replace(",", " ").partition(" ")
    named = weekday if weekday in WEEKDAYS else ""
    said = rest.strip() if named else text.strip().lower()
    day = parse_day(said) or _without_year(said, today)
    return None if day is None or (named and WEEKDAYS[day.weekday()] != named) else day


def _without_year(said: str, today: date) -> date | None:
    """A day and a month, in this year or the next: whichever is yet to come."""
    days = (parse_day(f"{said.rstrip('-/. ')} {year}") for year in (today.year, today.year + 1))
    return next((day for day in days if day is not None and day >= today), None)


def parse_time(text: str) -> time | None:
    """A time on the clock of the wall as people type it: "14:00", "9.30", "14 uur"; None for anything else.

    It bears no zone and no seconds: meetings are held where the people are.
    """
    match = _TIME.fullmatch(text.strip())
    hour, minute = (int(part or 0) for part in match.groups()) if match else (24, 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None
