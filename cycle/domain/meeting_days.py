"""On which days a meeting can be held: working days, best first, each with what speaks for or against it.

A day off or a quiet period rules a day out. School holidays and people who are away only warn: schools deviate from the
table, and the table ends somewhere (domain.md section 6).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cycle.domain.model import Member
from cycle.domain.words import joined, period_words
from cycle.domain.workdays import WorkCalendar

MOST = 5
MANY_AWAY = 3  # one in so many of those who take part is many
USUAL_DAYS = (1, 3)  # Tuesdays and Thursdays
DAYS_APART = 5


@dataclass(frozen=True, slots=True)
class SchoolHoliday:
    """One holiday of one region; both days count."""

    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class SchoolHolidays:
    """The table of one region. Of days before `first` or after `last` it knows nothing."""

    region: str = ""
    first: date = date.max
    last: date = date.min
    holidays: tuple[SchoolHoliday, ...] = ()

    def on(self, day: date) -> SchoolHoliday | None:
        """The holiday in which a day falls."""
        return next((one for one in self.holidays if one.first <= day <= one.last), None)

    def knows(self, day: date) -> bool:
        """Whether the table reaches to this day."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class MeetingDayOption:
    """A day on which a meeting can be held: `warnings` speak against it, `reasons` for it. All in words."""

    day: date
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]


def warnings_of(day: date, calendar: WorkCalendar, schools: SchoolHolidays, members: Sequence[Member]) -> list[str]:
    """What speaks against a day, in words; nothing for a good one.

    It warns of days off too, as people may choose any.
    """
    warnings = []
    if not calendar.is_working(day):
        warnings.append("Dit is een vrije dag of een weekend.")
    elif not calendar.is_mail_day(day):
        warnings.append("Dit valt in een rustperiode.")
    holiday = schools.on(day)
    if holiday is not None:
        warnings.append(f"Schoolvakantie in regio {schools.region}: {holiday.name} ({_period(holiday)}).")
    elif schools.region and not schools.knows(day):
        warnings.append("De schoolvakanties van dit jaar zijn hier nog niet bekend.")
    away = away_on(day, members)
    if away:
        verb = "is" if len(away) == 1 else "zijn"
        warnings.append(f"{len(away)} van de {_people(members)} mensen {verb} afwezig: {joined(away)}.")
    return warnings


def options(
    first: date,
    last: date,
    calendar: WorkCalendar,
    schools: SchoolHolidays,
    members: Sequence[Member],
    *,
    taken: Mapping[date, str] | None = None,
    most: int = MOST,
) -> tuple[MeetingDayOption, ...]:
    """Days from `first` to `last` on which a meeting can be held, best first and some days apart.

    `taken` are the days of other meetings, with their names: two meetings on one day is too much.
    """
    days = [date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1)]
    good = [day for day in days if calendar.is_mail_day(day) and day not in (taken or {})]
    chosen: list[date] = []
    for day in sorted(good, key=lambda day: _rank(day, first, last, calendar, schools, members)):
        if len(chosen) < most and all(abs((day - other).days) >= DAYS_APART for other in chosen):
            chosen.append(day)
    return tuple(
        MeetingDayOption(
            day, tuple(_reasons(day, schools, members)), tuple(warnings_of(day, calendar, schools, members))
        )
        for day in chosen
    )


def away_on(day: date, members: Sequence[Member]) -> list[str]:
    """Who is away on a day: by name, each once. An address that does not work is no absence."""
    return list(dict.fromkeys(one.name for one in members if any(first <= day <= last for first, last in one.away)))


def _rank(
    day: date, first: date, last: date, calendar: WorkCalendar, schools: SchoolHolidays, members: Sequence[Member]
) -> tuple[bool, bool, int, bool, bool, int]:
    """Smaller is better. Of equal days the one nearest to the middle: time to prepare, and room to move it."""
    away = len(away_on(day, members))
    neighbours = (date.fromordinal(day.toordinal() + step) for step in (-1, 1))
    is_bridge = any(other.weekday() < 5 and not calendar.is_working(other) for other in neighbours)
    middle = (first.toordinal() + last.toordinal()) // 2
    return (
        schools.on(day) is not None,
        away * MANY_AWAY >= max(_people(members), 1),
        away,
        is_bridge,
        day.weekday() not in USUAL_DAYS,
        abs(day.toordinal() - middle),
    )


def _reasons(day: date, schools: SchoolHolidays, members: Sequence[Member]) -> list[str]:
    reasons = ["Gewone werkdag"]
    if schools.knows(day) and schools.on(day) is None:
        reasons.append("geen schoolvakantie")
    if members and not away_on(day, members):
        reasons.append("niemand is afwezig gemeld")
    return reasons


def _people(members: Sequence[Member]) -> int:
    return len({one.person for one in members})


def _period(holiday: SchoolHoliday) -> str:
    return period_words(holiday.first, holiday.last)
