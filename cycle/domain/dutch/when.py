"""One stretch of time, or several joined: "juni-juli 2021", "2022 en 2023", "Q3 2023 - 2026", "1 t/m 15 mei".

A part without a year takes the year of its neighbour, and only the whole chain without any takes the reference year.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import Enum, auto

from cycle.domain.dutch import named_days, spans, units
from cycle.domain.dutch.scope import Scope, ordinal_at
from cycle.domain.dutch.spans import DAY, Grain, Stretch
from cycle.domain.dutch.tokens import TokenKind
from cycle.domain.dutch.vocabulary import MONTH, QUANTITIES, Lexicon
from cycle.domain.dutch.years import with_year


class Join(Enum):
    """How two stretches hang together."""

    DASH = auto()
    THROUGH = auto()
    UNTIL = auto()
    AND = auto()
    OR = auto()
    SLASH = auto()
    COMMA = auto()


RANGES = frozenset({Join.DASH, Join.THROUGH, Join.UNTIL})
JOIN_WORDS = Lexicon(
    {
        "t/m|tot en met|tot uiterlijk|tot en met uiterlijk|tot en met eind": Join.THROUGH,
        "tot|tot aan": Join.UNTIL,
        "en|alsmede|evenals|en ook|en daarna|respectievelijk": Join.AND,
        "of|dan wel|danwel|en of|of uiterlijk|ofwel": Join.OR,
    }
)
JOIN_MARKS = {"-": Join.DASH, "/": Join.SLASH, ",": Join.COMMA, "&": Join.AND, "+": Join.AND}
BETWEEN = frozenset({"in", "het", "de", "op", "van"})


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch in a year: `given` says that the text names the year."""

    start: date
    end: date
    item: Stretch
    year: int
    given: bool
    doubt: str = ""
    rivals: tuple[spans.Days, ...] = ()

    @property
    def grain(self) -> Grain:
        """How wide it is."""
        return self.item.grain


@dataclass(frozen=True, slots=True)
class When:
    """The stretches of one phrase in order and what joins them; none where the calendar has no such day."""

    periods: tuple[Period, ...]
    joins: tuple[Join, ...]
    start: int
    end: int
    repeated: bool = False  # "najaar 2022 en 2023": the same stretch in several years
    apart: bool = False  # "in 2022 en in 2023"

    @property
    def is_range(self) -> bool:
        """From the first to the last."""
        return bool(RANGES.intersection(self.joins))

    @property
    def first(self) -> Period:
        """The first stretch."""
        return self.periods[0]

    @property
    def last(self) -> Period:
        """The last stretch."""
        return self.periods[-1]

    @property
    def years_only(self) -> bool:
        """Nothing finer than years is named."""
        return all(period.grain is Grain.YEAR for period in self.periods)

    @property
    def given(self) -> bool:
        """The text names a year."""
        return any(period.given for period in self.periods)


def when(scope: Scope, i: int, between: bool = False) -> When | None:
    """The chain of stretches that starts at token i; `between` joins two by "en" as a range ("tussen A en B")."""
    first = elided(scope, i) or units.item(scope, i)
    if not first:
        return None
    items, joins, j, apart = [first[0]], [], first[1], False
    while following := next_item(scope, items, j):
        join, stretch, after, own_word = following
        joins.append(Join.DASH if between and join is Join.AND else join)
        items.append(stretch)
        apart, j = apart or (own_word and join is Join.AND), after
        if between or len(items) > 40:
            break
    repeated = is_repeated(items, joins)
    periods = placed(scope, repeat(items) if repeated else items)
    return When(periods, tuple(joins), i, j, repeated, apart)


def next_item(scope: Scope, items: list[Stretch], i: int) -> tuple[Join, Stretch, int, bool] | None:
    """The join and the stretch behind the last one, if both are there."""
    join = join_at(scope, i)
    if not join:
        return None
    kind, k = join
    j = scope.text.skip(k, BETWEEN)
    match = short_second(scope, items[-1], kind, j) or elided(scope, j) or units.item(scope, j)
    if not match or (kind is Join.COMMA and not same_list(items[-1], match[0])):
        return None
    return kind, match[0], match[1], j > k and scope.text.word(k) == "in"


def join_at(scope: Scope, i: int) -> tuple[Join, int] | None:
    """A joining word or sign."""
    word = JOIN_WORDS.match(scope.text, i)
    if word:
        return word
    mark = scope.text.mark(i)
    if mark == "/" and scope.text.word(i - 1) == "en":
        return None
    return (JOIN_MARKS[mark], i + 1) if mark in JOIN_MARKS else None


def same_list(left: Stretch, right: Stretch) -> bool:
    """A comma only joins equals: years, or stretches of one width of which the first has no year yet."""
    return left.grain == right.grain and (left.year is None or left.grain is Grain.YEAR)


def elided(scope: Scope, i: int) -> tuple[Stretch, int] | None:
    """A first part that leans on the second: "1 en 15 mei", "tweede en derde kwartaal", "voor- en najaar"."""
    return elided_day(scope, i) or elided_ordinal(scope, i) or elided_season(scope, i)


def elided_day(scope: Scope, i: int) -> tuple[Stretch, int] | None:
    """The 1 of "1 en 15 mei"; lists may be longer."""
    text = scope.text
    number = text.number(i)
    if number is None or number > 31:
        return None
    j = i
    for _ in range(4):
        join = join_at(scope, j + 1)
        if not join or text.number(join[1]) is None:
            return None
        j = join[1]
        if named := named_days.named_day(scope, j):
            month = next(MONTH[text.word(k)] for k in range(j, named[1]) if text.word(k) in MONTH)
            return spans.day_item(number, month), i + 1
    return None


def elided_ordinal(scope: Scope, i: int) -> tuple[Stretch, int] | None:
    """The tweede of "tweede en derde kwartaal"."""
    first = ordinal_at(scope, i)
    join = first and join_at(scope, first[1])
    second = join and ordinal_at(scope, scope.text.skip(join[1], BETWEEN))
    if not first or not second:
        return None
    rule = units.COUNTED.get(scope.text.word(second[1]))
    match = rule and rule(scope, first[0], second[1] + 1)
    return (replace(match[0], year=None), first[1]) if match else None


def elided_season(scope: Scope, i: int) -> tuple[Stretch, int] | None:
    """The voor of "voor- en najaar"."""
    text = scope.text
    if text.word(i) != "voor" or text.mark(i + 1) not in ("-", "/"):
        return None
    if text.word(i + 2) in ("en", "of") and text.word(i + 3) == "najaar":
        return spans.season_item("voorjaar", scope.conventions), i + 2
    return None


def short_second(scope: Scope, left: Stretch, join: Join, i: int) -> tuple[Stretch, int] | None:
    """A second part in bare figures: "week 14 en 15", "2025-26"."""
    text = scope.text
    number = text.number(i)
    if number is None or len(text.at(i).text) > 2 or text.word(i + 1) in MONTH or text.word(i + 1) in QUANTITIES:
        return None
    if left.grain is Grain.WEEK and 0 < number <= 53 and text.mark(i + 1) != "/":
        return with_year(scope, spans.week_item(number), i + 1)
    tied = text.at(i).glued and join in (Join.DASH, Join.SLASH)
    if left.grain is Grain.YEAR and left.year and tied and left.year % 100 < number < 60:
        return spans.year_item(left.year // 100 * 100 + number), i + 1
    return None


def is_repeated(items: list[Stretch], joins: list[Join]) -> bool:
    """ "najaar 2022 en 2023": something finer with a year, then bare years."""
    first, rest = items[0], items[1:]
    lists = not RANGES.intersection(joins) and Join.OR not in joins and Join.SLASH not in joins
    fine = first.grain < Grain.YEAR and first.year is not None
    return bool(rest) and lists and fine and all(item.grain is Grain.YEAR for item in rest)


def repeat(items: list[Stretch]) -> list[Stretch]:
    """The first stretch in each of the years named."""
    return [items[0], *(replace(items[0], year=item.year) for item in items[1:])]


def placed(scope: Scope, items: list[Stretch]) -> tuple[Period, ...]:
    """Each stretch in its year; nothing at all if one of them is no day of the calendar."""
    given = any(item.year is not None and item.own for item in items)
    periods = []
    for item, year in zip(items, years_of(scope, items), strict=True):
        span = item.span(year) if 1 < year < 9000 else None
        if span is None:
            return ()
        periods.append(Period(span.start, span.end, item, year, given, span.doubt, span.rivals))
    return tuple(periods)


def years_of(scope: Scope, items: list[Stretch]) -> list[int]:
    """The year of each part: its own, else that of the next, else that of the one before, else of the reference."""
    years = [item.year for item in items]
    for k in reversed(range(len(items) - 1)):
        following = years[k + 1]
        if years[k] is None and following is not None:
            years[k] = following - crosses(items[k], items[k + 1], following)
    filled: list[int] = []
    for k, year in enumerate(years):
        if year is None:
            year = scope.year if k == 0 else filled[-1] + crosses(items[k - 1], items[k], filled[-1])
        filled.append(year)
    return filled


def crosses(left: Stretch, right: Stretch, year: int) -> bool:
    """November - februari runs over New Year."""
    first, second = left.make(year), right.make(year)
    return bool(first and second and second.start < first.start and right.grain < Grain.YEAR)


def days_of(chain: When) -> spans.Days:
    """The first and the last day of the chain; "tot" leaves out the day it names."""
    end = max(period.end for period in chain.periods)
    if chain.joins and chain.joins[-1] is Join.UNTIL and chain.last.grain is Grain.DAY:
        end = chain.last.start - DAY
    return min(period.start for period in chain.periods), end


def stretches_of(chain: When) -> tuple[Period, ...]:
    """ "april-juni, oktober-december": what stands between the signs of a list, each from its first day to its last."""
    stretches = [chain.first]
    for join, period in zip(chain.joins, chain.periods[1:], strict=True):
        if join not in RANGES:
            stretches.append(period)
            continue
        end = period.start - DAY if join is Join.UNTIL and period.grain is Grain.DAY else period.end
        stretches[-1] = replace(stretches[-1], end=max(stretches[-1].end, end))
    return tuple(stretches)


def is_alone(scope: Scope, i: int, j: int) -> bool:
    """The tokens stand apart, as in a cell: punctuation, a break or nothing on both sides."""
    text = scope.text
    before, after = text.at(i - 1), text.at(j)
    edges = (TokenKind.MARK, TokenKind.BREAK, TokenKind.END)
    return (before.kind in edges or text.at(i).fresh) and (after.kind in edges or after.fresh)
