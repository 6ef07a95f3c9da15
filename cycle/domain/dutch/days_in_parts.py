"""A day of each month or quarter: "de eerste dinsdag van elke maand", "elk kwartaal, uiterlijk de laatste werkdag"."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from cycle.domain.dutch import frequency
from cycle.domain.dutch.scope import Scope, ordinal_at
from cycle.domain.dutch.vocabulary import LIMITS, MONTH, WEEKDAY, Limit
from cycle.domain.dutch.years import CALENDAR_YEARS
from cycle.domain.year_days import MonthEnd, NthWeekday, NthWorkday, OnDate, YearDay

MONTHS_IN = {"maand": 1, "kwartaal": 3}
EACH = frozenset({"elk", "elke", "ieder", "iedere", "alle"})
LINKS = frozenset({"van", "in", "op", "de", "het", "een", "elk", "elke", "ieder", "iedere"})
AFTER = frozenset({"erna", "daarna", "daarop", "daaropvolgend", "nadien"})
NEXT = frozenset({"volgende", "daaropvolgende", "opvolgende"})
NEAR = 8  # tokens around it in which the frequency may stand


@dataclass(frozen=True, slots=True)
class DayInPart:
    """A day by its place in a month. `months` is how long the part is that the words name (0: they name none);
    `is_each` says that they speak of each such part, `is_later` of the month after it."""

    start: int
    end: int
    day: Callable[[int], YearDay]
    limit: Limit
    is_last: bool
    is_by_date: bool
    months: int = 0
    is_each: bool = False
    is_later: bool = False


def day_in_part(scope: Scope, i: int) -> DayInPart | None:
    """The day that starts at token i, where the words say that it comes back within the year."""
    text = scope.text
    limit = LIMITS.match(text, i)
    j = limit[1] if limit else i
    if limit and limit[0] is Limit.BY and text.word(j) in ("op", "voor"):
        limit, j = (Limit.BEFORE if text.word(j) == "voor" else Limit.BY, j + 1), j + 1
    is_each = text.word(j) in EACH
    j = text.skip(j, frozenset({"de", "het"}) | EACH)
    place = place_at(scope, j)
    if not place or (limit and limit[0] not in (Limit.IN, Limit.BY, Limit.BEFORE, Limit.THROUGH)):
        return None
    day, last, by_date, j = place
    spot = DayInPart(i, j, day, limit[0] if limit else Limit.IN, last, by_date, is_each=is_each)
    if is_of_month(scope, j):
        return None
    spot = with_part(scope, spot)
    return spot if spot.months or is_often_near(scope, spot) else None


def is_of_month(scope: Scope, i: int) -> bool:
    """ "de eerste maandag van juni" is a day of the year."""
    j = scope.text.skip(i, LINKS | {"maand"})
    return scope.text.word(j) in MONTH or scope.text.word(j) in CALENDAR_YEARS


def place_at(scope: Scope, i: int) -> tuple[Callable[[int], YearDay], bool, bool, int] | None:
    """ "eerste dinsdag", "laatste werkdag", "laatste dag", "15e".

    That is: the day of a month, whether it is the last, whether it goes by its date, and the place after it.
    """
    ordinal = ordinal_at(scope, i)
    if not ordinal:
        return None
    nth, j = ordinal
    word = scope.text.word(j)
    if word in WEEKDAY and -2 <= nth <= 4:
        return lambda month: NthWeekday(month, WEEKDAY[word], nth), nth < 0, False, j + 1
    if word == "werkdag" and 0 < nth <= 10:
        return lambda month: NthWorkday(month, nth), False, False, j + 1
    if word in ("werkdag", "dag") and nth == -1:
        return lambda month: MonthEnd(month, word == "werkdag"), True, False, j + 1
    is_written = word == "van" and scope.text.word(scope.text.skip(j, LINKS)) == "maand"  # "de vijfde van de maand"
    is_date = (scope.text.number(i) is not None or is_written) and 0 < nth <= 28
    return (lambda month: OnDate(month, nth), False, True, j) if is_date else None


def with_part(scope: Scope, spot: DayInPart) -> DayInPart:
    """The part of the year that is named behind it: "van de maand", "van elk kwartaal", "van de maand erna"."""
    text = scope.text
    j = text.skip(spot.end, LINKS | NEXT)
    skipped = {text.word(k) for k in range(spot.end, j)}
    months = MONTHS_IN.get(text.word(j), 0) if skipped else 0
    if not months:
        return spot
    is_later = bool(NEXT & skipped) or text.word(j + 1) in AFTER
    end = j + 1 + (text.word(j + 1) in AFTER)
    return replace(spot, end=end, months=months, is_each=spot.is_each or bool(EACH & skipped), is_later=is_later)


def is_often_near(scope: Scope, spot: DayInPart) -> bool:
    """A frequency of more than once a year stands beside it."""
    before, after = range(max(0, spot.start - NEAR), spot.start), range(spot.end, spot.end + NEAR)
    oftens = (frequency.often(scope, k) for k in (*before, *after))
    return any(often is not None and often.per_year in (2, 4, 6, 12) for often in oftens)
