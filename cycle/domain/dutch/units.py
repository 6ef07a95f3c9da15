"""One stretch of time in words or figures: "1 april 2027", "derde kwartaal", "eind volgend jaar", "week 14".

Each rule takes a place in the text and gives the Item that starts there with the place after it, or None.
"""

from collections.abc import Callable
from dataclasses import replace

from cycle.domain.dutch import spans
from cycle.domain.dutch.named import (
    SCHOOL_YEARS,
    budget,
    feast,
    iso_week,
    month_edge,
    school_year,
    season,
    week,
    week_beside_feast,
    weekday_beside_feast,
)
from cycle.domain.dutch.named_days import Match, dated, day_and_month, named_day, weekday_first, weekday_of_month
from cycle.domain.dutch.scope import Scope, count_at, ordinal_at, roman_at, year_at
from cycle.domain.dutch.spans import Grain, Stretch
from cycle.domain.dutch.tokens import TokenKind
from cycle.domain.dutch.vocabulary import DURATIONS, EDGES, MONTH, SEASONS, SHORT_MONTHS, WEEKDAY, Lexicon
from cycle.domain.dutch.years import CALENDAR_YEARS, LINKS, SHIFTS, after_joint, relative_year, with_year


def item(scope: Scope, i: int) -> Match:
    """The stretch that starts at token i, with its year where that is written."""
    for rule in RULES:
        match = rule(scope, i)
        if match:
            return match
    return None


def edge_of_part(scope: Scope, i: int) -> Match:
    """ "laatste werkdag van Q2 2027", "eerste werkdag van het derde kwartaal"."""
    text = scope.text
    ordinal = ordinal_at(scope, i)
    if not ordinal or ordinal[0] not in (1, -1) or text.word(ordinal[1]) not in ("werkdag", "dag"):
        return None
    j = text.skip(ordinal[1] + 1, LINKS)
    part = code(scope, j) or counted_part(scope, j)
    span = part[0].make(scope.year) if part and part[0].grain in (Grain.QUARTER, Grain.HALF) else None
    if part is None or span is None:
        return None
    month, is_workday = (span.start if ordinal[0] > 0 else span.end).month, text.word(ordinal[1]) == "werkdag"
    if not is_workday and ordinal[0] > 0:
        return replace(spans.day_item(1, month), year=part[0].year), part[1]
    day = spans.workday_item(ordinal[0], month) if is_workday else spans.month_end_item(month)
    return replace(day, year=part[0].year), part[1]


def counted_part(scope: Scope, i: int) -> Match:
    """ "3e kwartaal", "tweede helft van mei", "eerste week van april", "laatste drie maanden van 2025"."""
    ordinal = ordinal_at(scope, i) or roman_at(scope, i) or bare_ordinal(scope, i)
    if not ordinal:
        return None
    number, j = ordinal
    j = after_joint(scope, j)
    count = count_at(scope, j)
    if count and DURATIONS.get(scope.text.word(count[1])) == "month":
        return first_months(scope, number, count[0], count[1] + 1)
    if count and DURATIONS.get(scope.text.word(count[1])) in ("week", "day"):
        return first_days(scope, number, count, count[1] + 1)
    rule = COUNTED.get(scope.text.word(j))
    if rule is half and scope.text.word(j + 1) == "jaar":
        j += 1
        rule = half_year
    return rule(scope, number, j + 1) if rule else None


def bare_ordinal(scope: Scope, i: int) -> tuple[int, int] | None:
    """ "2 kwartaal 2027": a length would be "kwartalen" and has no year behind it."""
    number, text = scope.text.number(i), scope.text
    is_part = text.word(i + 1) in ("kwartaal", "kw", "halfjaar", "semester", "tertaal")
    after = i + 2 + (text.mark(i + 2) == ".")
    return (number, i + 1) if number and number <= 4 and is_part and year_at(scope, after) is not None else None


def first_months(scope: Scope, number: int, count: int, i: int) -> Match:
    """The first or last so many months of a stretch, by default of the year."""
    if number not in (1, -1):
        return None
    whole, j = whole_or_year(scope, i)
    return spans.first_months_of(number, count, whole), j


def first_days(scope: Scope, number: int, count: tuple[int, int], i: int) -> Match:
    """The first or last so many weeks or days of a stretch that is named: "de eerste twee weken van juni"."""
    if number not in (1, -1):
        return None
    whole, j = whole_or_year(scope, i)
    days = count[0] * (7 if DURATIONS[scope.text.word(count[1])] == "week" else 1)
    return (spans.first_days_of(number, days, whole), j) if j > i else None


def quarter(scope: Scope, number: int, i: int) -> Match:
    """A quarter by its number; the last is the fourth."""
    return within_year(scope, spans.quarter_item(number + 5 if number < 0 else number), i, number, 4)


def half_year(scope: Scope, number: int, i: int) -> Match:
    """A half of the year."""
    return within_year(scope, spans.half_item(number + 3 if number < 0 else number), i, number, 2)


def third(scope: Scope, number: int, i: int) -> Match:
    """A trimester or tertaal."""
    return within_year(scope, spans.third_item(number + 4 if number < 0 else number), i, number, 3)


def within_year(scope: Scope, part: Stretch, i: int, number: int, most: int) -> Match:
    """A numbered part of the year; the fifth quarter is none, and its year no date."""
    if number and -most <= number <= most:
        return with_year(scope, part, i)
    said = with_year(scope, replace(part, make=nowhere), i)
    return said if part.grain is Grain.QUARTER or said[0].year else None


def nowhere(year: int) -> spans.Span | None:
    """What no year has."""
    return None


def half(scope: Scope, number: int, i: int) -> Match:
    """A half of what follows: a month, a year; alone of the year."""
    if number not in (1, 2, -1):
        return None
    whole, j = whole_or_year(scope, i)
    return spans.half_of(2 if number < 0 else number, whole), j


def month_week(scope: Scope, number: int, i: int) -> Match:
    """ "eerste week van april"."""
    text = scope.text
    j = text.skip(i, LINKS | {"maand"})
    month = MONTH.get(text.word(j))
    if month is None or not -1 <= number <= 5:
        return None
    return with_year(scope, spans.month_week_item(number, month), j + 1)


COUNTED: dict[str, Callable[[Scope, int, int], Match]] = {
    "kwartaal": quarter,
    "kwart": quarter,
    "kw": quarter,
    "q": quarter,
    "halfjaar": half_year,
    "half": half,
    "semester": half_year,
    "helft": half,
    "jaarhelft": half_year,
    "trimester": third,
    "tertaal": third,
    "week": month_week,
}
CODES: dict[str, Callable[[Scope, int, int], Match]] = {
    "q": quarter,
    "k": quarter,
    "kw": quarter,
    "kwartaal": quarter,
    "qtr": quarter,
    "h": half_year,
    "halfjaar": half_year,
    "hj": half_year,
    "t": third,
    "trimester": third,
    "tertaal": third,
}


def code(scope: Scope, i: int) -> Match:
    """Q3, K3, kw 3, kwartaal 3, H1."""
    text = scope.text
    rule = CODES.get(text.word(i))
    if not rule:
        return None
    j = after_joint(scope, i + 1 + (text.mark(i + 1) == "."))
    if run := code_and_year(scope, rule, j):
        return run
    number = text.number(j), j + 1
    if number[0] is None or len(text.at(j).text) > 1:
        roman = roman_at(scope, j)
        if not roman:
            return None
        number = roman
    if text.word(i) in ("t", "h", "k") and (not text.at(j).glued or j > i + 1):  # "t-1" is the year before
        return None
    return rule(scope, number[0] or 0, number[1])


def code_and_year(scope: Scope, rule: Callable[[Scope, int, int], Match], i: int) -> Match:
    """The "12027" of "Q12027": the part and its year written without a space."""
    figures, token = scope.text.at(i).text, scope.text.at(i)
    if token.kind is not TokenKind.NUMBER or not token.glued or len(figures) != 5 or figures[1:3] != "20":
        return None
    part = rule(scope, int(figures[0]), i + 1)
    return part and (replace(part[0], year=int(figures[1:])), i + 1)


def edged(scope: Scope, i: int) -> Match:
    """ "eind 2024", "begin volgend jaar", "half mei", "medio Q2", "einde van het jaar"."""
    edge = EDGES.match(scope.text, i)
    if not edge:
        return None
    name, j = edge
    j += scope.text.word(i) == "ult" and scope.text.mark(j) == "."
    if scope.text.word(i) == "half" and scope.text.word(i + 1) == "jaar":
        return None
    whole, after = whole_or_year(scope, j)
    is_each_year = EACH_YEAR.match(scope.text, j) is not None  # "eind van elk jaar": the frequency is read by itself
    return (spans.edge_of(name, whole, scope.conventions), after) if after > j or is_each_year else None


EACH_YEAR = Lexicon(
    {"van elk jaar|van ieder jaar|elk jaar|ieder jaar|van elk kalenderjaar|elk kalenderjaar|van ieder kalenderjaar": ""}
)


def whole_or_year(scope: Scope, i: int) -> tuple[Stretch, int]:
    """What "begin van" or "eerste helft van" is a part of; alone it is a part of the year."""
    text = scope.text
    j = text.skip(i, LINKS)
    if text.word(j) == "maand" and text.word(j + 1) in MONTH:
        j += 1
    part = item(scope, j) if not EDGES.match(text, j) else None
    if part and part[0].grain > Grain.WEEK:
        return part
    if text.word(j) in ("maand", "kwartaal") and (this := shifted_unit(scope, 0, text.word(j), j + 1)):
        return this
    if text.word(j) in CALENDAR_YEARS:
        return replace(spans.year_item(scope.year), own=False), j + 1
    return replace(spans.year_item(None), own=False), i


def named_month(scope: Scope, i: int) -> Match:
    """ "juni 2022", "sep-25", "Dec 2022", "mei2022"."""
    text = scope.text
    word = text.word(i)
    if word == "maand" and text.word(i + 1) in MONTH:
        i, word = i + 1, text.word(i + 1)
    month = MONTH.get(word)
    if month is None:
        return None
    month_said = with_year(scope, spans.month_item(month), i + 1)
    bare = word in SHORT_MONTHS and month_said[1] == i + 1
    return None if bare and scope.searching else month_said


def numbered_month(scope: Scope, i: int) -> Match:
    """ "03-2025", "3/2025" and the ISO form 2025-03."""
    text = scope.text
    first, second = text.number(i), text.number(i + 2)
    if text.mark(i + 1) not in ("-", "/") or not text.at(i + 1).glued or not text.at(i + 2).glued:
        return None
    if first is not None and len(text.at(i).text) <= 2 and (year := year_at(scope, i + 2)):
        month = spans.month_item(first) if 1 <= first <= 12 else Stretch(Grain.MONTH, nowhere)
        return replace(month, year=year), i + 3
    iso = len(text.at(i + 2).text) == 2 and second and second <= 12
    year = year_at(scope, i)
    if text.mark(i + 1) == "/" and year and second == (year + 1) % 100:
        return None
    if second and text.mark(i + 3) not in ("-", "/") and text.word(i + 3) not in MONTH and year:
        if iso:
            return replace(spans.month_item(second), year=year), i + 3
        if second <= 9 and text.mark(i + 1) == "-" and not scope.searching:
            return replace(spans.month_item(second), year=year, doubt="dit kan ook een reeks jaren zijn"), i + 3
    return None


def calendar_year(scope: Scope, i: int) -> Match:
    """ "2022", "'25", "het kalenderjaar 2020"; and "2025 Q3" with the year in front."""
    text = scope.text
    j = i + 1 if text.word(i) in CALENDAR_YEARS | {"jaren"} else i
    year = year_at(scope, j)
    if year is None:
        return None
    return part_of(scope, year, j + 1) or (spans.year_item(year), j + 1)


def part_of(scope: Scope, year: int, i: int) -> Match:
    """A part without a year of its own, right behind a year: "2025-Q3", "2025: najaar"."""
    text = scope.text
    if text.mark(i) == "-" or (text.mark(i) in ("/", ":", ",") and text.at(i).glued):
        i += 1
    elif text.at(i).kind is not TokenKind.WORD:
        return None
    if text.word(i) not in PARTS | WEEK_WORDS and not ordinal_at(scope, i):
        return None
    for rule in (code, counted_part, named_month, season, week, iso_week):
        match = rule(scope, i)
        if match and match[0].year is None:
            return replace(match[0], year=year), match[1]
    return None


WEEK_WORDS = frozenset({"w", "week", "wk"})


def relative(scope: Scope, i: int) -> Match:
    """ "dit najaar", "volgend jaar", "komend kwartaal", "vorige maand"; "het jaar" is the year itself."""
    text = scope.text
    word = text.word(i)
    if word == "jaar" and text.word(i - 1) == "het" and "loop" in (text.word(i - 2), text.word(i - 3)):
        return replace(spans.year_item(scope.year), own=False), i + 1
    shift = SHIFTS.get(word)
    if shift is None:
        return None
    if word in ("komende", "volgende", "aankomende", "eerstvolgende", "opvolgende") and count_at(scope, i + 1):
        return None
    if match := relative_year(scope, i):
        return match
    unit = text.word(i + 1)
    if unit in DURATIONS:
        return shifted_unit(scope, shift, unit, i + 2)
    named = next((match for rule in (season, named_month) if (match := rule(scope, i + 1))), None)
    if not named:
        return None
    return (nearest(scope, shift, named[0]), named[1]) if named[0].year is None else named


def shifted_unit(scope: Scope, shift: int, unit: str, i: int) -> Match:
    """This or the next month, quarter, half or week, as far as the reference tells."""
    if not scope.on.month:
        return None
    today = scope.on.as_date()
    kind = DURATIONS[unit]
    length = {"month": 1, "quarter": 3, "half": 6}.get(kind)
    if length:
        first = today.replace(month=(today.month - 1) // length * length + 1, day=1)
        start = spans.months_later(first, shift * length)
        grain = {1: Grain.MONTH, 3: Grain.QUARTER, 6: Grain.HALF}[length]
        stretch = spans.month_item(start.month, start.month + length - 1, grain)
        return replace(stretch, year=start.year), i
    if kind != "week" or not scope.day:
        return None
    year, number, _ = (today + 7 * shift * spans.DAY).isocalendar()
    return replace(spans.week_item(number), year=year), i


def nearest(scope: Scope, shift: int, unit: Stretch) -> Stretch:
    """The season or month meant by this, coming or last: of the reference year, or the next one that has not begun."""
    if not scope.on.month:
        if shift == 0:
            return replace(unit, year=scope.year)
        later = replace(unit, make=lambda year: unit.make(year + shift))
        moved = spans.with_rival(unit, later, "het hangt ervan af wanneer dit is geschreven")
        return replace(moved, year=scope.year, own=False)
    today = scope.on.as_date()
    span = unit.make(scope.year)
    year = scope.year
    if span and shift > 0 and span.start <= today:
        year += 1
    if span and shift < 0 and span.end >= today:
        year -= 1
    return replace(unit, year=year)


RULES = (
    dated,
    weekday_beside_feast,
    week_beside_feast,
    weekday_first,
    weekday_of_month,
    month_edge,
    edge_of_part,
    numbered_month,
    named_day,
    day_and_month,
    counted_part,
    code,
    edged,
    named_month,
    season,
    feast,
    week,
    school_year,
    budget,
    calendar_year,
    relative,
)
PARTS = frozenset(CODES) | frozenset(MONTH) | frozenset(SEASONS)
STARTERS = frozenset(WEEKDAY) | PARTS | SCHOOL_YEARS | CALENDAR_YEARS | frozenset(SHIFTS)
