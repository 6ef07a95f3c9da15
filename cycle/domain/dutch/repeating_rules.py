"""By which rule a yearly reading comes round, where its days are not the same each year (law L4).

"Vóór Pasen", "week 12", "de laatste vrijdag van september" and "vier weken vóór 1 maart" lie elsewhere in each year.
The reading itself gives the first time; its rule is put together here from the words that gave it, and a moving day for
which there is no rule is a doubt.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from cycle.domain.dutch.clauses import Clause, Dated
from cycle.domain.dutch.delays import Delay, Length
from cycle.domain.dutch.meaning import doubted, settled
from cycle.domain.dutch.spans import DAY, Grain, Stretch
from cycle.domain.dutch.vocabulary import Limit
from cycle.domain.dutch.when import Join, Period
from cycle.domain.model import Reading, ReadingKind
from cycle.domain.reading_rules import rule_of
from cycle.domain.rules import EachYear, SeveralAYear, occurrences
from cycle.domain.year_days import DayBefore, MonthEnd, NthWeekday, NthWorkday, OnDate, Shifted, YearDay

SOME_YEARS = (2027, 2028, 2030)  # a leap year among them
YEARS_AHEAD = 12
LOOSE = 60  # days by which a period between two days may be longer in one year than in another


@dataclass(frozen=True, slots=True)
class Edges:
    """The first and the last day of a stretch in whatever year; nothing for one that no rule gives."""

    start: YearDay | None
    due: YearDay | None
    is_moving: bool


Days = Mapping[date, YearDay]
"""What gave a day of the first time, by that day."""


def with_rule(reading: Reading, said: Sequence[Clause]) -> Reading:
    """The reading with its rule, and those beside it with theirs."""
    if ReadingKind.YEARLY not in (reading.kind, *(other.kind for other in reading.others)):
        return reading
    days, moments = _days_of(said), [moment for clause in said for moment in _moments_of(clause)]
    is_moving = any(_is_moving(clause) for clause in said)
    others = tuple(_ruled(other, _rule(other, days, ()), is_moving=False) for other in reading.others)
    return replace(_ruled(reading, _rule(reading, days, moments), is_moving=is_moving), others=others)


def _ruled(reading: Reading, rule: EachYear | SeveralAYear | None, *, is_moving: bool) -> Reading:
    """The reading with that rule; as it was where its own days say the same. A moving day without a rule is a doubt."""
    if reading.kind is not ReadingKind.YEARLY or reading.due is None or reading.rule is not None:
        return reading
    if rule is None:
        return doubted(reading, "die dag valt niet elk jaar op dezelfde datum") if is_moving else reading
    plain, years = rule_of(reading), range(reading.due.year, reading.due.year + YEARS_AHEAD)
    is_plain = plain is not None and all(occurrences(rule, year) == occurrences(plain, year) for year in years)
    return reading if is_plain else replace(reading, rule=rule)


def _rule(reading: Reading, days: Days, moments: Sequence[EachYear | None]) -> EachYear | SeveralAYear | None:
    """The rule that these days give, if it gives the days of the reading."""
    rule = _several(reading, moments) or _single(reading, days)
    return rule if rule is not None and _fits(rule, reading) else None


def _single(reading: Reading, days: Days) -> EachYear | None:
    """One moment a year, or once in some years."""
    per_year, start = reading.per_year or 1, reading.window_start
    due, opening = _rule_for(reading.due, days), _rule_for(start, days)
    if per_year > 1 or reading.due is None or due is None or (start and opening is None):
        return None
    year, every = _year_of(due, reading.due), round(1 / per_year)
    before = year - _year_of(opening, start) if opening and start else 0
    return EachYear(due, opening, before, year, every, reading.until)


def _rule_for(day: date | None, days: Days) -> YearDay | None:
    """What gives that day; in another year than the words were read in, what gives it there."""
    if day is None or day in days:
        return days[day] if day else None
    return next((rule for rule in days.values() if rule.in_year(day.year) == day), None)


def _several(reading: Reading, moments: Sequence[EachYear | None]) -> SeveralAYear | None:
    """As many moments a year as the frequency says, each with its own words."""
    times = [each for each in moments if each is not None]
    if reading.due is None or len(times) < 2 or not reading.per_year == len(times) == len(moments):
        return None
    year = reading.due.year
    return SeveralAYear(tuple(sorted(times, key=lambda each: each.due.in_year(year))), year, reading.until)


def _fits(rule: EachYear | SeveralAYear, reading: Reading) -> bool:
    """The rule gives the days of the reading, and a period that is about as long in each year."""
    if reading.due is None:
        return False
    first = reading.due.year
    times = [time for year in range(first, first + YEARS_AHEAD) for time in occurrences(rule, year)]
    if (reading.window_start, reading.due) not in [(time.start, time.due) for time in times]:
        return False
    if reading.window_start is None or isinstance(rule, SeveralAYear):
        return True
    length = (reading.due - reading.window_start).days
    return all(time.start is not None and abs((time.due - time.start).days - length) < LOOSE for time in times)


def _days_of(said: Sequence[Clause]) -> Days:
    """Each day that these words can have given, with what it is in whatever year; the first word wins."""
    days: dict[date, YearDay] = {}
    for clause in said:
        for day, rule in _given_by(clause):
            if rule is not None and any(rule.in_year(day.year + n) == day for n in (0, 1, -1)):
                days.setdefault(day, rule)
    return days


def _given_by(clause: Clause) -> Iterator[tuple[date, YearDay | None]]:
    if isinstance(clause, Dated):
        for period in clause.when.periods:
            edges = edges_of(period.item)
            yield period.end, edges.due
            yield period.start - DAY, edges.start and DayBefore(edges.start)
            yield period.start, edges.start
            yield period.end + DAY, edges.due and Shifted(edges.due, 1)
    elif isinstance(clause, Delay) and clause.anchor and clause.length:
        yield from _counted_from(clause, clause.length)


def _counted_from(clause: Delay, length: Length) -> Iterator[tuple[date, YearDay | None]]:
    """The days of "acht weken na Pasen": the day after that one, and the last."""
    if clause.anchor is None or clause.reading.due is None:
        return
    edges = edges_of(clause.anchor.item)
    day = clause.anchor.start if clause.sign < 0 else clause.anchor.end
    rule = edges.start if clause.sign < 0 else edges.due
    if rule is None or length.unit in ("workday", "hour"):
        return
    yield day + DAY, Shifted(rule, 1)
    yield clause.reading.due, _moved(rule, length, clause.sign, clause.reading.due.year - day.year)


def _moved(rule: YearDay, length: Length, sign: int, years: int) -> YearDay | None:
    """That much later than a day, or earlier; months from a fixed day give a fixed day."""
    if length.unit in ("day", "week"):
        return Shifted(rule, sign * length.number * (7 if length.unit == "week" else 1), years)
    return _same_each_year([length.after(rule.in_year(year), sign) for year in SOME_YEARS])


def _is_moving(clause: Clause) -> bool:
    """Its day has another date in another year."""
    if isinstance(clause, Delay):
        counts_days = clause.length is not None and clause.length.unit in ("day", "week", "workday", "hour")
        return clause.anchor is not None and (counts_days or edges_of(clause.anchor.item).is_moving)
    return isinstance(clause, Dated) and any(edges_of(period.item).is_moving for period in clause.when.periods)


def _moments_of(clause: Clause) -> Iterator[EachYear | None]:
    """The moments that a clause names, each as it comes round; nothing in place of one that is not settled."""
    if isinstance(clause, Delay) and clause.rounds > 1:
        yield from _after_each_part(clause)
    if not isinstance(clause, Dated) or not clause.when.periods or clause.when.years_only:
        return
    chain, limit = clause.when, settled(clause.limits)[0]
    if chain.is_range or Join.SLASH in chain.joins or Join.OR in chain.joins or clause.event:
        yield None
        return
    for period in chain.periods:
        yield _moment(_like_first(chain.first, period), limit)


def _after_each_part(clause: Delay) -> Iterator[EachYear | None]:
    """ "binnen zes weken na afloop van elk kwartaal": what ends in December is due in the year after."""
    step = 12 // clause.rounds
    for month in range(step, 13, step):
        end, length = MonthEnd(month), clause.length
        due = length and _moved(end, length, 1, 1 if month == 12 else 0)
        yield EachYear(due, OnDate(month % 12 + 1, 1)) if due else None


def _like_first(first: Period, period: Period) -> Period:
    """ "de eerste maandag van maart en oktober": of each of the months."""
    day = first.item.each.due if first.item.each else None
    if not isinstance(day, NthWeekday | NthWorkday | MonthEnd) or period.grain is not Grain.MONTH:
        return period
    item = replace(first.item, each=each_on(replace(day, month=period.start.month), first.item))
    return replace(period, item=item)


def each_on(day: YearDay, item: Stretch) -> EachYear:
    """One day, as that stretch has it."""
    return EachYear(day, day if item.each and item.each.start else None)


def _moment(period: Period, limit: Limit) -> EachYear | None:
    """One period with the limit word before it."""
    edges, is_end = edges_of(period.item), period.item.edge in ("eind", "ultimo")
    if limit is Limit.BEFORE and not is_end:
        return EachYear(DayBefore(edges.start)) if edges.start and not period.item.edge else None
    if limit in (Limit.BEFORE, Limit.BY, Limit.THROUGH):
        return EachYear(edges.due) if edges.due else None
    if limit is not Limit.IN or edges.due is None or edges.start is None:
        return None
    if period.grain is Grain.DAY:
        return EachYear(edges.due)
    return EachYear(edges.due, edges.start, period.end.year - period.start.year)


def edges_of(stretch: Stretch) -> Edges:
    """The first and the last day of a stretch in whatever year."""
    if stretch.each is not None:
        each = stretch.each
        return Edges(each.start or each.due, each.due, not isinstance(each.due, OnDate))
    spans = [span for year in SOME_YEARS if (span := stretch.make(year))]
    if len(spans) < len(SOME_YEARS):  # 29 February, or a fifth Monday
        return Edges(None, None, stretch.grain is not Grain.DAY)
    start, due = _same_each_year([span.start for span in spans]), _same_each_year([span.end for span in spans])
    return Edges(start, due, start is None or due is None)


def _same_each_year(days: Sequence[date]) -> YearDay | None:
    """The date that these days of several years share, or the end of a month."""
    if len({(day.month, day.day) for day in days}) == 1:
        return OnDate(days[0].month, days[0].day)
    ends = {day.month for day in days if (day + DAY).day == 1}
    return MonthEnd(days[0].month) if len(ends) == 1 and all((day + DAY).day == 1 for day in days) else None


def _year_of(rule: YearDay, day: date) -> int:
    """For which year the rule gives that day: the first week of a year may begin in the year before."""
    return next(day.year + n for n in (0, 1, -1) if rule.in_year(day.year + n) == day)
