"""Stretches with a name of their own: seasons, feast days, weeks by number, school years, the papers of a budget."""

from dataclasses import replace

from cycle.domain.dutch import spans
from cycle.domain.dutch.scope import Scope, ordinal_at, year_at
from cycle.domain.dutch.spans import Grain, Stretch
from cycle.domain.dutch.vocabulary import FEASTS, MONTH, QUANTITIES, SEASONS, WEEKDAY
from cycle.domain.dutch.years import CALENDAR_YEARS, LINKS, with_year
from cycle.domain.year_days import WeekdayBeside

SCHOOL_YEARS = frozenset({"schooljaar", "studiejaar", "cursusjaar", "schooljaren"})


def season(scope: Scope, i: int) -> tuple[Stretch, int] | None:
    """ "najaar 2022", "winter 2025/2026"."""
    text = scope.text
    word = text.word(i).removeprefix("vroege").removeprefix("late")
    if word not in SEASONS:
        return None
    this, j = with_year(scope, spans.season_item(SEASONS[word], scope.conventions), i + 1)
    crosses = word == "winter" and this.year and text.mark(j) in ("-", "/")
    if crosses and (number := text.number(j + 1)) is not None and number % 100 == ((this.year or 0) + 1) % 100:
        return this, j + 2
    return this, j


def feast(scope: Scope, i: int) -> tuple[Stretch, int] | None:
    """ "kerst", "Pasen 2027", "Prinsjesdag"."""
    feast_day = FEASTS.match(scope.text, i) or second_day(scope, i)
    if not feast_day:
        return None
    # before the turn of the year is still this year, as before the end of it
    edge = "eind" if feast_day[0] == "jaarwisseling" else ""
    return with_year(scope, replace(spans.feast_item(feast_day[0]), edge=edge), feast_day[1])


def weekday_beside_feast(scope: Scope, i: int) -> tuple[Stretch, int] | None:
    """ "vrijdag voor Pinksteren", "de eerste dinsdag na Pasen", "laatste vrijdag voor de kerst"."""
    text = scope.text
    ordinal = ordinal_at(scope, i)
    j = ordinal[1] if ordinal else i
    weekday, is_after = WEEKDAY.get(text.word(j)), text.word(j + 1) == "na"
    feast_day = feast(scope, text.skip(j + 2, LINKS)) if text.word(j + 1) in ("voor", "na") else None
    if weekday is None or feast_day is None or (ordinal and ordinal[0] != (1 if is_after else -1)):
        return None
    stretch, end = feast_day
    day = spans.moving_day(WeekdayBeside(stretch.each.due, weekday, is_after)) if stretch.each else stretch
    return replace(day, year=stretch.year), end


def week_beside_feast(scope: Scope, i: int) -> tuple[Stretch, int] | None:
    """ "de week na Pasen", "week voor kerst": the week next to that of the feast day."""
    text = scope.text
    if text.word(i) != "week" or text.word(i + 1) not in ("voor", "na"):
        return None
    feast_day = feast(scope, text.skip(i + 2, LINKS))
    if feast_day is None:
        return None
    stretch, end = feast_day
    weeks = 1 if text.word(i + 1) == "na" else -1

    def make(year: int) -> spans.Span | None:
        span = stretch.make(year)
        if span is None:
            return None
        monday = span.start + (7 * weeks - span.start.weekday()) * spans.DAY
        return spans.Span(monday, monday + 6 * spans.DAY, "welke week dat is, kunnen mensen anders zien")

    return Stretch(Grain.WEEK, make, stretch.year), end


def second_day(scope: Scope, i: int) -> tuple[str, int] | None:
    """ "1e kerstdag", "2e paasdag"."""
    ordinal = ordinal_at(scope, i)
    feast_of = {"kerstdag": "kerst", "paasdag": "pasen", "pinksterdag": "pinksteren"}
    word = scope.text.word(ordinal[1]) if ordinal else ""
    if not ordinal or word not in feast_of or ordinal[0] not in (1, 2):
        return None
    return feast_of[word] if ordinal[0] == 1 else f"tweede {word}", ordinal[1] + 1


def month_edge(scope: Scope, i: int) -> tuple[Stretch, int] | None:
    """ "laatste werkdag van mei", "eerste werkdag van het jaar", "laatste dag van februari"."""
    text = scope.text
    ordinal = ordinal_at(scope, i)
    if not ordinal or text.word(ordinal[1]) not in ("werkdag", "dag"):
        return None
    number, is_workday = ordinal[0], text.word(ordinal[1]) == "werkdag"
    j = text.skip(ordinal[1] + 1, LINKS | {"maand"})
    of_year = text.word(j) in CALENDAR_YEARS or year_at(scope, j) is not None
    month = MONTH.get(text.word(j)) or (of_year and (12 if number < 0 else 1))
    if not month or j == ordinal[1] + 1 or number not in ((-1, *range(1, 11)) if is_workday else (-1,)):
        return None
    stretch = spans.workday_item(number, month) if is_workday else spans.month_end_item(month)
    is_figures = of_year and (year_at(scope, j) or year_at(scope, j + 1)) is not None
    return with_year(scope, stretch, j if is_figures else j + 1)


def iso_week(scope: Scope, i: int) -> tuple[Stretch, int] | None:
    """The "W12" of "2027-W12"."""
    text = scope.text
    number = text.number(i + 1) if text.word(i) == "w" and text.at(i + 1).glued else None
    return (spans.week_item(number), i + 2) if number is not None and number <= LAST_WEEK else None


LAST_WEEK = 53


def week(scope: Scope, i: int) -> tuple[Stretch, int] | None:
    """ "week 14 2027", "wk 36"."""
    text = scope.text
    if text.word(i) not in ("week", "wk", "weken", "weeknummer", "weeknr"):
        return None
    j = i + 1 + (text.mark(i + 1) == ".")
    number = text.number(j)
    if number is None or number > 60 or text.word(j + 1) in QUANTITIES:
        return None
    second = text.number(j + 2) if text.mark(j + 1) in ("-", "/") else None
    if second is None or not number < second <= LAST_WEEK:
        return with_year(scope, spans.week_item(number), j + 1)
    near = text.mark(j + 1) == "/" and abs(2000 + second - scope.year) <= NEAR_YEARS
    # "wk 36-38" and "week 36/37" are two weeks; "week 26/27" may also be week 26 of 2027
    return replace(spans.week_item(number), doubt="het tweede getal kan ook het jaar zijn" if near else ""), j + 1


NEAR_YEARS = 3


def school_year(scope: Scope, i: int) -> tuple[Stretch, int] | None:
    """ "schooljaar 2026/2027" or, by its first year only, "schooljaar 2026"."""
    text = scope.text
    if text.word(i) not in SCHOOL_YEARS:
        return None
    year = year_at(scope, i + 1)
    if year is None:
        return spans.school_item(None, "welk schooljaar staat er niet"), i + 1
    second = text.number(i + 3)
    if text.mark(i + 2) in ("/", "-") and second is not None and second % 100 == (year + 1) % 100:
        return spans.school_item(year), i + 4
    return spans.school_item(year, "een schooljaar loopt over twee jaren"), i + 2


# budget papers: when the college or the council usually has them (Gemeentewet, art. 191: the budget before 15 November)
BUDGETS = {"begroting": (-1, 11, 14), "programmabegroting": (-1, 11, 14), "gemeentebegroting": (-1, 11, 14)}


NOTES = {"kadernota": (-1, 6, 7), "perspectiefnota": (-1, 6, 7), "voorjaarsnota": (0, 5, 7), "najaarsnota": (0, 10, 12)}


def budget(scope: Scope, i: int) -> tuple[Stretch, int] | None:
    """ "begroting 2026" is settled in November 2025; "kadernota 2026" in the summer before."""
    text = scope.text
    word = text.word(i)
    if word not in BUDGETS and word not in NOTES:
        return None
    j = text.skip(i + 1, LINKS)
    year = year_at(scope, j)
    if year is None or scope.searching:
        return None
    if word in BUDGETS:
        shift, month, day = BUDGETS[word]
        budget_day = spans.day_item(day, month, year + shift, "de dag hangt af van de raad")
        return replace(budget_day, edge="eind"), j + 1
    shift, first, last = NOTES[word]
    note = spans.month_item(first, last, Grain.QUARTER, "de maand hangt af van de raad")
    return replace(note, year=year + shift), j + 1
