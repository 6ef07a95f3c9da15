"""The pieces of a text that say something about time, from left to right.

A clause is a date with its limit word, a frequency, a term from a moment, an open end, or a trap: words that look like
a deadline and are none. What a piece means is decided elsewhere (meaning.py), how they combine too (reading.py).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from cycle.domain.dutch import delays, frequency, named, traps, units
from cycle.domain.dutch.days_in_parts import DayInPart, day_in_part
from cycle.domain.dutch.delays import Delay, delay
from cycle.domain.dutch.frequency import Often, often
from cycle.domain.dutch.hanging import Hanging, hanging, school_start
from cycle.domain.dutch.next_event import HEADS, WITH, next_event
from cycle.domain.dutch.scope import Scope, count_at, year_at
from cycle.domain.dutch.spans import Grain
from cycle.domain.dutch.tokens import TokenKind
from cycle.domain.dutch.traps import Trap, document, event_bound, numbered_part, yearly_fact
from cycle.domain.dutch.vocabulary import (
    DURATIONS,
    EDGES,
    EVENT_ENDINGS,
    FEASTS,
    FOR_WHAT,
    GARBLED_MONTHS,
    LIMITS,
    LOOSE_FEASTS,
    MONTH,
    NUMBER,
    NUMBERED,
    ONLY_ALONE,
    OPEN_DOUBTFUL,
    OPEN_PLAIN,
    ORDINAL,
    SEASONS,
    STARTS,
    TASK_WORDS,
    TERM_WORDS,
    YARDSTICKS,
    Limit,
    terms,
)
from cycle.domain.dutch.when import Join, When, is_alone, when
from cycle.domain.dutch.years import LAST, NEXT


@dataclass(frozen=True, slots=True)
class Dated:
    """Limit words and the period they bind; `firm` is "vóór" with its accents, which never means for."""

    start: int
    end: int
    limits: tuple[Limit, ...]
    when: When
    firm: bool = False
    period: bool = False  # "in de periode …"
    event: bool = False  # "voor de raadsvergadering van november"
    span: bool = False  # "van … tot" or "tussen … en"
    term: bool = False  # "looptijd", "geldend van"
    unsure: str = ""


@dataclass(frozen=True, slots=True)
class Open:
    """Words for no date, with the reason; `doubtful` ones ask for a date."""

    start: int
    end: int
    reason: str
    doubtful: bool


Clause = Dated | Often | Delay | DayInPart | Hanging | Open | Trap


def clauses(scope: Scope) -> Iterator[Clause]:
    """Everything in the text that says something about time."""
    i = 0
    while i < scope.text.length:
        clause = clause_at(scope, i)
        if clause:
            yield clause
            i = max(clause.end, i + 1)
        else:
            i += 1


def clause_at(scope: Scope, i: int) -> Clause | None:
    """The clause that starts at token i."""
    kind = scope.text.at(i).kind
    if kind in (TokenKind.MARK, TokenKind.BREAK, TokenKind.FIGURE):
        return None
    if kind is TokenKind.GARBLED:
        return Open(i, i + 1, GARBLED, True)
    if kind is TokenKind.WORD and scope.text.word(i) not in STARTERS and not is_compound(scope.text.word(i)):
        return None
    for rule in RULES if kind is TokenKind.WORD else FIGURE_RULES:
        clause = rule(scope, i)
        if clause:
            return clause
    return None


def is_compound(word: str) -> bool:
    """Words that are recognised by their parts."""
    return COMPOUND.search(word) is not None


COMPOUND = re.compile("lijks|jaar|maand|kwartaal|week|overleg$")


def garbled_month(scope: Scope, i: int) -> Open | None:
    """ "1 rnei", "l april": a scanner's slip next to a date."""
    text = scope.text
    slip = text.word(i) in GARBLED_MONTHS and text.number(i - 1) is not None
    slip = slip or (text.word(i) in ("l", "i", "o") and text.word(i + 1) in MONTH)
    end = i + 2 if text.word(i + 1) in MONTH else i + 1
    if slip and year_at(scope, end) is not None:
        end += 1
    return Open(i, end, ILLEGIBLE, True) if slip else None


GARBLED = "cijfers en letters staan door elkaar, dus de datum is niet te lezen"
ILLEGIBLE = "de datum is niet goed te lezen"


def yardstick(scope: Scope, i: int) -> Dated | Trap | None:
    """Words of measure or reference with the period right behind them."""
    measure = traps.yardstick(scope, i)
    if isinstance(measure, When):
        return Dated(i, measure.end, (), measure, unsure=MAYBE_MEASURE)
    return measure


def meant_for(scope: Scope, i: int) -> Trap | None:
    """ "voor de komende tien jaar", "voor 2024 en 2025", "voor twee jaar": voor means for, not before."""
    text = scope.text
    if text.word(i) not in ("voor", "over") or text.at(i).accented:
        return None
    small = frozenset({"de", "het", "elk", "ieder", "deze", "die"}) | ({"een"} if text.word(i) == "voor" else set())
    j = text.skip(i + 1, small)
    end = horizon(scope, j)
    if end is None and j == i + 1 and text.word(i) == "voor":
        years = when(scope, j)
        is_of_years = years and years.years_only and len(years.periods) > 1 and Join.OR not in years.joins
        end = years.end if years and is_of_years else None
    reason = "“voor” betekent hier “bedoeld voor”, dus dit is geen termijn"
    return Trap(i, end, reason) if end else None


def horizon(scope: Scope, i: int) -> int | None:
    """The place after "(voor de) komende tien jaar", "periode tot 2020", "twee opvolgende jaren"."""
    text = scope.text
    count = count_at(scope, i)
    j = count[1] if count else i
    if count and text.word(j) in DURATIONS:
        return None if text.word(i - 1) == "over" or text.word(j + 1) in ("na", "voor") else j + 1
    if text.word(j) not in FOR_WHAT:
        return None
    for _ in range(8):
        length = count_at(scope, j)
        if length and text.word(length[1]) in DURATIONS:
            j = length[1]
        if text.word(j) not in FOR_WHAT and text.word(j) not in HORIZON_WORDS and text.word(j) not in DURATIONS:
            break
        j += 1
    rest = dated(scope, j)
    if rest and rest.limits and not (is_frame(rest) and rest.limits[0] in FRAMES):
        return j
    return rest.end if rest else j


HORIZON_WORDS = frozenset({"de", "het", "van", "in", "der"})
FRAMES = frozenset({Limit.UNTIL, Limit.THROUGH, Limit.FROM, Limit.IN})


def is_frame(clause: "Dated") -> bool:
    """Only years, so that it says how long something holds."""
    return bool(clause.when.periods) and clause.when.years_only


def hanging_start(scope: Scope, i: int) -> Hanging | None:
    """ "begin schooljaar" is a moment of its own, and no part of a year that can be divided."""
    return hanging(scope, i) if school_start(scope, i) else None


def loose_feast(scope: Scope, i: int) -> Open | None:
    """ "voor de zomervakantie": each region and council sets its own days."""
    word = scope.text.word(i)
    if word not in LOOSE_FEASTS:
        return None
    after = i + 1 + (scope.text.word(i + 1) in ("van", "in"))
    end = i + 1 if year_at(scope, after) is None else after + 1
    return Open(i, end, f"hangt af van {word}: daarvoor is geen vaste datum", True)


def open_end(scope: Scope, i: int) -> Open | None:
    """ "n.t.b.", "periodiek", "doorlopend", "indien nodig"."""
    text = scope.text
    for lexicon, doubtful in ((OPEN_DOUBTFUL, True), (OPEN_PLAIN, False)):
        opened = lexicon.match(text, i)
        if not opened:
            continue
        reason, end = opened
        if scope.searching and text.word(i) in ONLY_ALONE and not is_alone(scope, i, end):
            continue
        return Open(i, end, reason, doubtful)
    return None


def dated_or_mention(scope: Scope, i: int) -> Dated | Trap | None:
    """A date; in running text a bare year that no deadline can be is passed over in one piece."""
    clause = dated(scope, i)
    if clause and scope.searching and not is_meant(scope, clause):
        return Trap(clause.start, clause.end, "dit is een vermelding, geen termijn")
    return clause


def dated(scope: Scope, i: int) -> Dated | None:
    """Limit words, if any, and a period."""
    text = scope.text
    limits, j, firm, period = limits_at(scope, i)
    spanned = text.word(j) in ("van", "tussen", "vanaf") or (Limit.FROM in limits and text.word(i) in ("vanaf", "per"))
    start = j + 1 if text.word(j) in ("van", "tussen") else j
    start = text.skip(start, SKIPPED)
    when_said = when(scope, start, between=text.word(j) == "tussen")
    if not when_said:
        return event(scope, i, limits, j)
    span = spanned and when_said.is_range
    if text.word(j) in ("van", "tussen") and not span and not limits:
        return None
    if limits == (Limit.BEFORE,) and not firm and text.word(i - 1) in PLANNED_FOR:  # "gepland voor 1 mei 2027"
        limits = (Limit.IN,)
    clause = Dated(i, when_said.end, limits, when_said, firm, period, span=span, term=is_term(scope, i))
    return checked(scope, clause if limits else with_tail(scope, clause))


def with_tail(scope: Scope, clause: Dated) -> Dated:
    """ "1 mei 2027 (uiterlijk)", "1 mei 2027, uiterlijk", "1 mei 2027 of eerder": the limit behind the date."""
    text, i = scope.text, clause.end
    if clause.when.is_range or not clause.when.periods:
        return clause
    if text.word(i) == "of" and text.word(i + 1) in ("eerder", "vroeger") and text.word(i + 2) != "dan":
        return replace(clause, end=i + 2, limits=(Limit.BY,))
    is_bracket = text.mark(i) == "(" and text.mark(i + 2) == ")"
    is_last = text.mark(i) == "," and i + 2 >= text.length
    if text.word(i + 1) == "uiterlijk" and (is_bracket or is_last):
        return replace(clause, end=i + 2 + is_bracket, limits=(Limit.BY,))
    return clause


PLANNED_FOR = terms("gepland ingepland geagendeerd voorzien")
SKIPPED = terms("de het een ten minste minimaal datum maand aanstaande")


def limits_at(scope: Scope, i: int) -> tuple[tuple[Limit, ...], int, bool, bool]:
    """The limit words from token i on, whether voor bore its accents, and whether "periode" stood there."""
    text = scope.text
    limits: list[Limit] = []
    firm = period = False
    for _ in range(5):
        limit = LIMITS.match(text, i)
        if limit and text.word(i) == "voor" and text.mark(i + 1) == "-":
            break  # "voor- en najaar"
        if limit:
            limits.append(limit[0])
            firm = firm or any(text.at(k).accented for k in range(i, limit[1]))
            i = limit[1]
        elif limits and is_between(scope, i):
            i += 1
        elif text.word(i) in ("periode", "tijdvak") and (limits or not scope.searching):
            period, i = True, i + 1
        else:
            break
    return tuple(limits), i, firm, period


def is_between(scope: Scope, i: int) -> bool:
    """What may stand between a limit word and its period: a colon, an article, the dot of "ca."."""
    text = scope.text
    dotted = text.mark(i) == "." and text.word(i - 1) in ("ca", "uiterl", "va")
    return dotted or text.mark(i) == ":" or text.word(i) in BEHIND_LIMIT


BEHIND_LIMIT = terms("de het ten minste datum dag")


EVENT_WORDS = terms("bestuurlijk bestuurlijke ambtelijk ambtelijke")


def event(scope: Scope, i: int, limits: tuple[Limit, ...], j: int) -> Dated | None:
    """ "voor de raadsvergadering van november", "na de verkiezingen in maart": the month of an event."""
    text = scope.text
    if not limits or limits == (Limit.TOWARDS,):
        return None
    for k in range(j, j + 4):
        if not text.word(k):
            return None
        if text.word(k).endswith(EVENT_ENDINGS) and text.word(k + 1) in ("van", "in", "op"):
            when_said = when(scope, text.skip(k + 2, SKIPPED))
            left = text.between(text.skip(j, SKIPPED | EVENT_WORDS), k)
            unsure = f"niet begrepen: “{left}”" if left else ""
            return Dated(i, when_said.end, limits, when_said, event=True, unsure=unsure) if when_said else None
    return None


def is_term(scope: Scope, i: int) -> bool:
    """A word for how long an agreement holds stands shortly before."""
    return any(scope.text.word(k) in TERM_WORDS for k in range(max(0, i - 5), i))


def checked(scope: Scope, clause: Dated) -> Dated | None:
    """Bare years and short words count only where they can be meant as a moment."""
    text = scope.text
    bare_year = bool(clause.when.periods) and clause.when.years_only
    named = is_named(scope, clause)
    if scope.searching:
        return marked(clause, MENTION) if is_mention(scope, clause) else clause
    before = text.word(clause.start - 1)
    if not clause.limits and bare_year and not clause.span and before and before not in TASK_WORDS | HARMLESS:
        return marked(clause, MAYBE_NAME)
    return marked(clause, MAYBE_NO_LIMIT) if named else clause


MAYBE_NAME = "het jaar kan ook bij een naam horen"
MAYBE_NO_LIMIT = "het is niet zeker dat dit een termijn is"
MAYBE_MEASURE = "het kan ook een maat of een verwijzing zijn"
MENTION = "het kan ook een vermelding zijn"


def is_mention(scope: Scope, clause: Dated) -> bool:
    """A month or season in running text without a limit word or a year: "de oplevering is november"."""
    loose = not (clause.limits or clause.span or clause.period) and bool(clause.when.periods)
    if loose and clause.when.years_only:
        return is_of_task(scope, clause) and not is_alone(scope, clause.start, clause.end)
    loose = loose and not clause.when.given
    fine = loose and clause.when.first.grain is not Grain.DAY
    return fine and not is_alone(scope, clause.start, clause.end)


def is_of_task(scope: Scope, clause: Dated) -> bool:
    """ "oplevering 2029", "start bouw 2027": a word of doing stands before the year."""
    before = (scope.text.word(clause.start - 1), scope.text.word(clause.start - 2))
    return bool(before[0]) and any(word in TASK_WORDS | STARTS for word in before)


# before a bare year these leave no doubt that it is a moment
HARMLESS = frozenset({"en", "of", "in", "het", "de", "start", "is", "wordt", "worden", "dan", "heel", "nog"})


def is_named(scope: Scope, clause: Dated) -> bool:
    """ "met 2022", "op 2023": the year is spoken of, nothing is due in it."""
    weak = all(limit is Limit.IN for limit in clause.limits)
    word = scope.text.word(clause.start)
    return word in ("met", "aan", "bij", "op", "over") and weak and bool(clause.when.periods) and clause.when.years_only


def is_meant(scope: Scope, clause: Dated) -> bool:
    """Whether a stretch in running text is a moment and not a mention."""
    if is_named(scope, clause) or is_past(scope, clause):
        return False
    if not clause.when.periods:
        return True
    if clause.limits or clause.span or clause.period:
        return True
    bare_year = bool(clause.when.periods) and clause.when.years_only
    if bare_year and is_heading(scope, clause):
        return False
    if bare_year and opens_with_next_year(scope, clause):
        return True
    if bare_year and is_of_task(scope, clause):
        return True
    if bare_year or not clause.when.given:
        first = clause.when.periods[0] if clause.when.periods else None
        exact = first is not None and first.grain is Grain.DAY and first.item.name == ""
        return exact or is_alone(scope, clause.start, clause.end) or not bare_year
    return True


def opens_with_next_year(scope: Scope, clause: Dated) -> bool:
    """ "Volgend jaar volgt de tweede tranche.": a sentence that begins with the year in which something is done."""
    text = scope.text
    before = text.at(clause.start - 1)
    opens = before.kind in (TokenKind.END, TokenKind.BREAK) or (before.kind is TokenKind.MARK and before.text in ".;:")
    return opens and text.word(clause.start) in NEXT


def is_past(scope: Scope, clause: Dated) -> bool:
    """ "in het voorgaande jaar" looks back."""
    return any(scope.text.word(k) in LAST for k in range(clause.start, clause.end))


def is_heading(scope: Scope, clause: Dated) -> bool:
    """One of a row of years above columns of figures."""
    text = scope.text
    around = (text.at(clause.start - 1), text.at(clause.start - 2)), (text.at(clause.end), text.at(clause.end + 1))
    return any(
        side[0].kind is TokenKind.BREAK and side[1].kind in (TokenKind.NUMBER, TokenKind.FIGURE) for side in around
    )


def marked(clause: Dated, unsure: str) -> Dated:
    """The same clause with a reason to doubt it."""
    return replace(clause, unsure=unsure)


RULES = (
    garbled_month,
    numbered_part,
    yardstick,
    document,
    next_event,
    meant_for,
    yearly_fact,
    event_bound,
    day_in_part,
    often,
    delay,
    loose_feast,
    hanging_start,
    dated_or_mention,
    hanging,
    open_end,
)
FIGURE_RULES = (document, often, delay, dated_or_mention)  # the others begin with a word
STARTERS = (
    frozenset(LIMITS.by_first)
    | frozenset(first for lexicon in YARDSTICKS for first in lexicon.by_first)
    | NUMBERED
    | frozenset(OPEN_DOUBTFUL.by_first)
    | frozenset(OPEN_PLAIN.by_first)
    | frozenset(EDGES.by_first)
    | frozenset(FEASTS.by_first)
    | frozenset(SEASONS)
    | frozenset(MONTH)
    | LOOSE_FEASTS
    | units.STARTERS
    | frozenset(units.CODES)
    | frozenset(ORDINAL)
    | frozenset(NUMBER)
    | frequency.STARTERS
    | frozenset(frequency.FIXED.by_first)
    | frozenset(delays.HEADS.by_first)
    | GARBLED_MONTHS
    | frozenset(HEADS.by_first)
    | frozenset(WITH.by_first)
    | frozenset(named.BUDGETS)
    | frozenset(named.NOTES)
    | terms("voor over van tussen periode tijdvak totdat zolang l i o week wk weken half anderhalf ii iii iv")
)
