"""Days as people name them: by date, by weekday, by feast, or which weekday of a month."""

from dataclasses import replace

from cycle.domain.dutch import spans
from cycle.domain.dutch.named import week
from cycle.domain.dutch.scope import Scope, ordinal_at
from cycle.domain.dutch.spans import Grain, Stretch
from cycle.domain.dutch.tokens import TokenKind
from cycle.domain.dutch.vocabulary import LIMITS, MONTH, NUMBER, NUMBERED, WEEKDAY, WEEKDAY_NAMES
from cycle.domain.dutch.years import LINKS, after_joint, with_year

Match = tuple[Stretch, int] | None


def dated(scope: Scope, i: int) -> Match:
    """1-4-2027, 1/4/'27, 2027-04-01; 1.4.27 could also be the number of an agreement."""
    token = scope.text.at(i)
    if token.kind is TokenKind.NUMBER and len(token.text) == 8 and not scope.searching:
        return run_together(token.text, i)
    if token.kind is not TokenKind.DATE:
        return None
    sep = next(sign for sign in token.text if sign in "-/.")
    first, month, last = (int(part) for part in token.text.split(sep))
    if first > 31:
        return spans.day_item(last, month, first), i + 1
    short = len(token.text.split(sep)[2]) == 2
    if short and sep == "." and scope.searching:
        return None
    doubt = "dit kan ook een nummer zijn" if short and sep == "." else ""
    return spans.day_item(first, month, 2000 + last if short else last, doubt), i + 1


def run_together(figures: str, i: int) -> Match:
    """ "20270501", "01052027": eight figures in a row, which may also be a number of something."""
    century = ("19", "20")
    if figures.startswith(century) and int(figures[4:6]) in range(1, 13) and int(figures[6:]) in range(1, 32):
        year, month, day = int(figures[:4]), int(figures[4:6]), int(figures[6:])
    elif figures[4:6] in century and int(figures[2:4]) in range(1, 13) and int(figures[:2]) in range(1, 32):
        year, month, day = int(figures[4:]), int(figures[2:4]), int(figures[:2])
    else:
        return None
    return spans.day_item(day, month, year, "dit kan ook een nummer zijn"), i + 1


def weekday_first(scope: Scope, i: int) -> Match:
    """ "maandag 5 april 2027": the date holds, and a weekday that does not fit it is a doubt."""
    text = scope.text
    weekday = WEEKDAY.get(text.word(i))
    if weekday is None:
        return None
    j = i + 1
    while text.mark(j) in (".", ","):
        j += 1
    day_said = named_day(scope, j) or dated(scope, j) or day_and_month(scope, j)
    if not day_said:
        return day_of_week(scope, weekday, j)
    day, after = day_said
    span = day.span(scope.year)
    if span and span.start.weekday() != weekday:
        name = WEEKDAY_NAMES[span.start.weekday()]
        day = replace(
            day, doubt=f"de dag klopt niet: {span.start.day}-{span.start.month}-{span.start.year} is een {name}"
        )
    return day, after


def day_of_week(scope: Scope, weekday: int, i: int) -> Match:
    """ "dinsdag week 12", "donderdag in week 40": that day of a week by its number."""
    this = week(scope, scope.text.skip(i, LINKS))
    if this is None:
        return None
    of_week, after = this

    def make(year: int) -> spans.Span | None:
        span = of_week.make(year)
        return span and spans.Span(span.start + weekday * spans.DAY, span.start + weekday * spans.DAY)

    return Stretch(Grain.DAY, make, of_week.year, of_week.doubt, own=of_week.own), after


def named_day(scope: Scope, i: int) -> Match:
    """ "1 april", "1juli", "1e april", "1-apr-25", "eerste januari"; 32 mei is a day that does not exist."""
    text = scope.text
    number = text.number(i)
    if number is not None and number <= 99 and len(text.at(i).text) <= 2:
        j = i + 1
        if text.word(j) in ("e", "ste", "de") and text.at(j).glued:
            j += 1
        if text.mark(j) == "(" and NUMBER.get(text.word(j + 1)) == number and text.mark(j + 2) == ")":
            j += 3
    elif (ordinal := ordinal_at(scope, i)) and ordinal[0] > 0:
        number, j = ordinal
    elif (written := NUMBER.get(text.word(i))) and text.word(i) != "een":
        number, j = written, i + 1
    else:
        return None
    j = after_joint(scope, j)
    month = MONTH.get(text.word(text.skip(j, frozenset({"van"}))))
    if month is None:
        return None
    j = text.skip(j, frozenset({"van"})) + 1
    doubt = "dit kan ook een maand en een jaar zijn" if number > 19 and text.mark(i + 1) == "-" else ""
    day = spans.day_item(number, month, doubt=doubt)
    if text.word(i - 1) in NUMBERED and text.number(i) is not None:
        day = spans.with_rival(day, spans.month_item(month), f"“{number}” kan ook bij “{text.word(i - 1)}” horen")
    return with_year(scope, day, j)


def day_and_month(scope: Scope, i: int) -> Match:
    """ "15/4", "15-4" behind a weekday or in a cell; 1/4 may also be a part, and 1-4 may count from 1 to 4."""
    text = scope.text
    day, month, sign = text.number(i), text.number(i + 2), text.mark(i + 1)
    if sign not in ("/", "-") or not text.at(i + 1).glued or not text.at(i + 2).glued or not day or not month:
        return None
    is_of_weekday = text.word(i - 1) in WEEKDAY or text.word(i - 2) in WEEKDAY
    loose = scope.searching and not is_of_weekday
    if loose or day > 31 or month > 12 or (day, month) == (24, 7) or text.mark(i + 3) in ("/", "-"):
        return None
    if sign == "-" and not is_of_weekday and not may_be_day(scope, i):
        return None
    sure = (day > 12 and sign == "/") or is_of_weekday
    return spans.day_item(day, month, doubt="" if sure else "dit kan ook een deel van iets zijn"), i + 3


def may_be_day(scope: Scope, i: int) -> bool:
    """ "1-4" in a cell: behind nothing or a limit word, and before nothing that it can count."""
    text = scope.text
    before, after = text.word(i - 1), text.word(i + 3)
    counts = text.at(i + 3).kind in (TokenKind.NUMBER, TokenKind.SHORT_YEAR) or after not in BESIDE_DAYS
    return before in BESIDE_DAYS | frozenset(LIMITS.by_first) and not counts


BESIDE_DAYS = frozenset({"", "en", "of", "t/m", "tot", "om"})


def weekday_of_month(scope: Scope, i: int) -> Match:
    """ "laatste donderdag van november", "eerste maandag in mei 2027"."""
    text = scope.text
    ordinal = ordinal_at(scope, i)
    if not ordinal or (weekday := WEEKDAY.get(text.word(ordinal[1]))) is None:
        return None
    j = text.skip(ordinal[1] + 1, LINKS | {"maand"})
    month = MONTH.get(text.word(j))
    if month is None or not -2 <= ordinal[0] <= 5:
        return None
    return with_year(scope, spans.weekday_item(ordinal[0], weekday, month), j + 1)
