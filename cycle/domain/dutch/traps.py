"""Words that look like a deadline and are none: measures, references, names of documents, what happens by itself.

A trap takes the period right behind its own words and no other; it never swallows a limit or a day still to come (L1).
"""

from dataclasses import dataclass

from cycle.domain.dutch import frequency
from cycle.domain.dutch.scope import Scope, year_at
from cycle.domain.dutch.tokens import TokenKind
from cycle.domain.dutch.vocabulary import (
    COMPARISONS,
    DECIDED,
    DOCUMENT_ENDINGS,
    LIMITS,
    MEASURES,
    MONTH,
    NUMBERED,
    REFERENCES,
    YARDSTICKS,
    Lexicon,
    Limit,
    terms,
)
from cycle.domain.dutch.when import When, when


@dataclass(frozen=True, slots=True)
class Trap:
    """Words that look like a deadline."""

    start: int
    end: int
    reason: str


def numbered_part(scope: Scope, i: int) -> Trap | None:
    """ "artikel 44", "bijlage 2": the figure is a number of its own, and says nothing about the words behind it."""
    text = scope.text
    j = i + 1 + (text.mark(i + 1) == ".")
    numbered = text.word(i) in NUMBERED and (text.number(j) is not None or text.at(j).kind is TokenKind.FIGURE)
    is_year = year_at(scope, j) is not None and text.word(i) not in PARTS_OF_TEXT
    is_day = text.word(j + 1) in MONTH  # "fase 2 mei 2028" may be the second of May, or May for phase two
    return Trap(i, j + 1, "dit is het nummer van een stuk tekst") if numbered and not (is_year or is_day) else None


PARTS_OF_TEXT = terms("artikel art lid paragraaf par hoofdstuk bijlage pagina blz kenmerk nummer nr tabel figuur")


def yardstick(scope: Scope, i: int) -> Trap | When | None:
    """ "op peil 2021", "t.o.v. 1.045 in 2019", "(peildatum 2018)": what follows is a measure.

    It takes the period right behind it and no other; a limit word, or a day still to come, is never swallowed (L1).
    """
    text = scope.text
    for lexicon in YARDSTICKS:
        if not (yard := lexicon.match(text, i)):
            continue
        reason, j = yard
        start = text.skip(j, MEASURE_LINKS)
        if measure := when(scope, start):
            return measured(scope, i, lexicon, measure, reason)
        if lexicon is COMPARISONS and (end := compared_with(scope, j)):
            return Trap(i, end, reason)
    return None


MEASURE_LINKS = terms("de het van per in op over uit jaar")


def measured(scope: Scope, i: int, lexicon: Lexicon[str], measure: When, reason: str) -> Trap | When | None:
    """The period right behind a yardstick: a measure, or what may as well be the deadline."""
    genitive = scope.text.word(measure.start - 1) in ("van", "over", "uit", "de", "het")
    placed = scope.text.word(measure.start - 1) in ("in", "op", "per")
    if lexicon is MEASURES or is_over(scope, measure) or (lexicon is REFERENCES and genitive):
        return Trap(i, measure.end, reason)
    fine = bool(measure.periods) and not measure.years_only
    if lexicon is DECIDED or (fine and scope.text.word(measure.start - 1) in ("in", "op")):
        return None
    if bool(measure.periods) and measure.years_only and (lexicon is COMPARISONS or not placed):
        return Trap(i, measure.end, reason)
    return measure


def is_over(scope: Scope, measure: When) -> bool:
    """It had ended when the words were written."""
    last = max((period.end for period in measure.periods), default=None)
    return last is not None and (last < scope.day if scope.day else last.year < scope.year)


def compared_with(scope: Scope, j: int) -> int | None:
    """The place after the year that a comparison leads to: "t.o.v. het aantal woningen in 2019"."""
    for k in range(j, j + 7):
        limit = LIMITS.match(scope.text, k)
        if scope.text.at(k).kind in (TokenKind.BREAK, TokenKind.END) or scope.text.at(k).text in (".", ";", ")", ","):
            return None
        if limit and limit[0] is not Limit.IN:
            return None
        if year_at(scope, k) is not None and (measure := when(scope, k)) and measure.years_only:
            return measure.end
    return None


def document(scope: Scope, i: int) -> Trap | None:
    """ "woonagenda 2030", "Prestatieafspraken 2022-2025": the year is part of a name."""
    text = scope.text
    share = text.word(i - 1) == "van" and "%" in text.at(i - 2).text
    if year_at(scope, i) is None or not (share or text.word(i - 1).endswith(DOCUMENT_ENDINGS)):
        return None
    name = when(scope, i)
    if not name or not name.years_only or (len(name.periods) > 1 and not scope.searching):
        return None
    return Trap(i, name.end, "het jaar hoort bij de naam van een document")


def yearly_fact(scope: Scope, i: int) -> Trap | None:
    """ "de jaarlijkse huurverhoging" happens by itself."""
    if frequency.is_yearly_fact(scope, i):
        return Trap(i, i + 1, "dit gebeurt elk jaar vanzelf en vraagt hier niets")
    return None


def event_bound(scope: Scope, i: int) -> Trap | None:
    """ "tot er sprake is van …": open until something happens."""
    text = scope.text
    if text.word(i) in ("tot", "totdat", "zolang") and text.word(i + 1) in (
        "er",
        "nader",
        "dat",
        "het",
        "de",
        "een",
        "aan",
    ):
        if text.word(i) == "tot" and text.word(i + 1) in ("het", "de", "een", "aan"):
            return None
        return Trap(i, i + 2, "dit loopt door tot er iets gebeurt, zonder datum")
    return None
