"""The year of a stretch: behind it in figures, joined by a hyphen, or as "volgend jaar"."""

from dataclasses import replace

from cycle.domain.dutch import spans
from cycle.domain.dutch.scope import Scope, year_at
from cycle.domain.dutch.spans import Stretch
from cycle.domain.dutch.vocabulary import ARTICLES, MONTH, SHORT_MONTHS

LINKS = frozenset({"van", "in", "uit", "over"}) | ARTICLES


CALENDAR_YEARS = frozenset(
    {"jaar", "kalenderjaar", "begrotingsjaar", "boekjaar", "verslagjaar", "jaarschijf", "jaargang", "dienstjaar"}
)


def after_joint(scope: Scope, i: int) -> int:
    """The place after a hyphen, slash or dot that ties the parts of a date."""
    if scope.text.mark(i) in ("-", "/", ".") and scope.text.at(i).glued and scope.text.at(i + 1).glued:
        return i + 1
    return i


THIS = frozenset({"dit", "deze", "lopende", "lopend", "huidige", "huidig", "hetzelfde", "betreffende"})


NEXT = frozenset(
    {
        "komend",
        "komende",
        "volgend",
        "volgende",
        "aankomend",
        "aankomende",
        "aanstaande",
        "eerstvolgende",
        "eerstvolgend",
        "opvolgende",
        "opvolgend",
        "a",
    }
)


LAST = frozenset({"vorig", "vorige", "afgelopen", "voorgaande", "voorgaand"})
SHIFTS = dict.fromkeys(THIS, 0) | dict.fromkeys(NEXT, 1) | dict.fromkeys(LAST, -1)


def relative_year(scope: Scope, i: int) -> tuple[Stretch, int] | None:
    """ "dit jaar", "volgend jaar", "het afgelopen jaar"."""
    word = scope.text.word(i)
    if scope.text.word(i + 1) not in CALENDAR_YEARS or word not in SHIFTS:
        return None
    return shifted_year(scope, word, SHIFTS[word]), i + 2


def shifted_year(scope: Scope, word: str, shift: int) -> Stretch:
    """This, next or last year; "komend jaar" may also be the twelve months to come."""
    doubt = ""
    if shift and not scope.day:
        doubt = "het hangt ervan af wanneer dit is geschreven"
    if word.startswith(("komend", "aankomend", "aanstaand")):
        doubt = "“komend jaar” kan ook de komende twaalf maanden zijn"
    return replace(spans.year_item(scope.year + shift, doubt), own=shift != 0)


def with_year(scope: Scope, unit: Stretch, i: int) -> tuple[Stretch, int]:
    """The stretch with the year that follows it, if one does."""
    text = scope.text
    j = i + (text.mark(i) == "." and text.word(i - 1) in SHORTENED)
    if text.mark(j) == "," and not scope.searching and unit.year is None and is_last_year(scope, j + 1):
        return replace(unit, year=year_at(scope, j + 1)), j + 2  # "week 20, 2027"
    joint = after_joint(scope, j)
    if joint > j and (year := joined_year(scope, joint)):
        return replace(unit, year=year), joint + 1
    if joint == j:
        k = text.skip(j, LINKS)
        year_said = calendar_word_year(scope, k)
        if year_said and "over" not in text.words[j:k]:
            return replace(
                unit, year=year_said[0].year, doubt=unit.doubt or year_said[0].doubt, own=year_said[0].own
            ), year_said[1]
        if odd := odd_year(scope, j):
            return replace(unit, year=odd[0], doubt=odd[1]), j + 1
    return unit, j


def is_last_year(scope: Scope, i: int) -> bool:
    """A year that closes the phrase: no list of years follows."""
    return year_at(scope, i) is not None and i + 1 >= scope.text.length


SHORTENED = SHORT_MONTHS | {"kw", "wk", "q"}


def joined_year(scope: Scope, i: int) -> int | None:
    """The year behind a hyphen or slash, of four or of two figures; not the first of a range with its own unit."""
    year = year_at(scope, i)
    number = scope.text.number(i)
    if year is None and number is not None and 20 <= number <= 60 and len(scope.text.at(i).text) == 2:
        year = 2000 + number if scope.text.word(i + 1) not in MONTH else None
    return year


def calendar_word_year(scope: Scope, i: int) -> tuple[Stretch, int] | None:
    """A year as figures or as "dit jaar", "volgend jaar", "het jaar 2025"."""
    text = scope.text
    if text.word(i) in THIS | NEXT | LAST and text.word(i + 1) in CALENDAR_YEARS:
        return relative_year(scope, i)
    j = i + 1 if text.word(i) in CALENDAR_YEARS else i
    year = year_at(scope, j)
    if year is None:
        return None
    return spans.year_item(year), j + 1


def odd_year(scope: Scope, i: int) -> tuple[int | None, str] | None:
    """Two loose figures behind a month are perhaps a year; three or five are a slip."""
    text = scope.text
    number = text.number(i)
    if number is None or text.word(i + 1) or text.mark(i + 1) in ("-", "/", "%"):
        return None
    if len(text.at(i).text) == 2 and 20 <= number <= 60:
        return 2000 + number, "het jaartal heeft twee cijfers"
    return (None, UNREADABLE_YEAR) if 3 <= len(text.at(i).text) <= 5 else None


UNREADABLE_YEAR = "het jaartal is niet te lezen"
