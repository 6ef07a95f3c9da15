"""One phrase, one reading: what the clauses in it mean together.

A frequency takes the period beside it as its first occurrence; a date in brackets narrows the words before it; of
several deadlines the first decides and the others stand beside it.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from cycle.domain.dutch.clauses import GARBLED, ILLEGIBLE, Clause, Dated, Open, clauses, is_past
from cycle.domain.dutch.days_in_parts import DayInPart
from cycle.domain.dutch.delays import Delay, none
from cycle.domain.dutch.each_month import in_each_part
from cycle.domain.dutch.frequency import EACH, MEETINGS, Often
from cycle.domain.dutch.hanging import Hanging
from cycle.domain.dutch.leftovers import (
    in_a_cell,
    is_firm,
    not_understood,
    noted,
    perhaps_none,
    surroundings,
    taken,
    words_left,
)
from cycle.domain.dutch.meaning import doubted, goes_on, meaning, started
from cycle.domain.dutch.meeting_names import meeting_season, season_meeting, season_meeting_at, yearly_meeting
from cycle.domain.dutch.moment import Reference, as_reference
from cycle.domain.dutch.recurrence import repeating, resettled
from cycle.domain.dutch.repeating_rules import with_rule
from cycle.domain.dutch.scope import Scope
from cycle.domain.dutch.spans import DAY, Grain, years_later
from cycle.domain.dutch.succession import succession
from cycle.domain.dutch.tokens import SourceText, TokenKind
from cycle.domain.dutch.traps import Trap
from cycle.domain.dutch.vocabulary import (
    DURATIONS,
    HASTE,
    IF_NEEDED,
    MONTH,
    NOT_ASKED,
    NUMBER,
    TERM_WORDS,
    WEEKDAY,
    WHOLE_YEARS,
    Limit,
    terms,
)
from cycle.domain.model import Conventions, Reading, ReadingKind
from cycle.domain.rules import Relative
from cycle.domain.words import day_words


def read(phrase: str, on: Reference | date, conventions: Conventions = Conventions()) -> Reading:
    """How one phrase is understood from that moment; any text gives a reading."""
    scope = Scope(SourceText(phrase[:LONGEST]), as_reference(on), conventions)
    if not scope.text.length:
        return none("er staat niets, dus ook geen datum")
    if not is_readable_from(scope.on):
        return none("vanaf dit jaar is niet te rekenen")
    said = tuple(clauses(scope))
    return explained(scope, combined(scope, said), said)


def is_readable_from(on: Reference) -> bool:
    """Years far from ours would run off the calendar."""
    return 1800 <= on.year <= 2200


NOTHING_FOUND = "hier is geen datum in te lezen"
LONGEST = 20_000  # signs; a phrase is a line, not a document


def explained(scope: Scope, reading: Reading, said: Sequence[Clause]) -> Reading:
    """The reading of a cell, sure only when each of its words is accounted for (L1)."""
    used = taken(said) | explained_beside(scope, said)
    around = in_a_cell(surroundings(scope, used, range(scope.text.length)))
    if not any(isinstance(clause, (Dated, Often, Delay, DayInPart, Hanging, Open)) for clause in said):
        return reading
    reading = noted(scope, reading, said, around)
    if perhaps_nothing(said):
        reading = perhaps_none(doubted(reading, "het hoeft misschien niet"))
    left = words_left(scope, used | {note.at for note in around.notes})
    if not left:
        return reading
    reading = beside_words(scope, doubted(reading, not_understood(left)), said)
    return reading if any(is_firm(clause) for clause in said if isinstance(clause, Dated)) else perhaps_none(reading)


def beside_words(scope: Scope, reading: Reading, said: Sequence[Clause]) -> Reading:
    """The other day that a word before a date points to: "voor raad 25 april"."""
    for clause in said:
        if not isinstance(clause, Dated) or not clause.when.periods or reading.due is None:
            continue
        first = clause.when.first
        loose_before = any(scope.text.word(i) == "voor" for i in range(clause.start - 3, clause.start))
        if loose_before and not clause.limits and first.grain is Grain.DAY:
            reading = doubted(reading, "“voor” kan ook de dag ervoor zijn", (None, first.start - DAY))
    return reading


def is_called_before(scope: Scope, clause: Dated) -> bool:
    """ "elke eerste maandag van mei", "raad juni 2027": the word before belongs to it."""
    word, first = scope.text.word(clause.start - 1), clause.when.first
    if first.item.rule:
        return word in EACH
    return word in BODIES and not clause.limits and Grain.DAY < first.grain < Grain.YEAR


BODIES = terms("raad gemeenteraad college commissie raadscommissie")


def is_meeting_of(scope: Scope, beat: Often) -> bool:
    """ "halfjaarlijkse rapportage": what comes back stands right behind its adjective."""
    return scope.text.word(beat.end - 1).endswith("lijkse") and scope.text.word(beat.end) in MEETINGS


def perhaps_nothing(said: Sequence[Clause]) -> bool:
    """ "indien nodig in Q3", "geen evaluatie in 2027": a date, and words that take it back."""
    timed = any(isinstance(clause, (Dated, Often, Delay)) for clause in said)
    opens = [clause for clause in said if isinstance(clause, Open)]
    timed = timed or len({clause.reason for clause in opens}) > 1
    return timed and any(clause.reason in (IF_NEEDED, NOT_ASKED) for clause in opens)


def explained_beside(scope: Scope, said: Sequence[Clause]) -> frozenset[int]:
    """Words outside the clauses that the reading took into account: "Voorjaarsoverleg (april)", "en verder"."""
    dates = [clause for clause in said if isinstance(clause, Dated)]
    used = set(succession(scope, dates).used) | clock_times(scope, said)
    for clause in said:
        if not isinstance(clause, Dated) or not clause.when.periods:
            continue
        if clause.term:
            used |= {i for i in range(clause.start - 5, clause.start) if scope.text.word(i) in TERM_WORDS}
        if season_meeting_at(scope, clause):
            used |= {clause.start - 1, clause.start - 2}
        if is_called_before(scope, clause):
            used.add(clause.start - 1)
        if goes_on(scope, clause):
            used |= {clause.end, clause.end + 1}
        if follows_whole_year(scope, clause):
            used |= set(range(clause.end, clause.end + 6))
        if is_past(scope, clause) and scope.text.word(clause.start - 1) == "over":  # what a yearly report is about
            used.add(clause.start - 1)
    for clause in said:
        if isinstance(clause, Open) and dates and is_hasty(scope, clause, dates[0]):
            used |= set(range(clause.end, dates[0].start))
    used |= {clause.end for clause in said if isinstance(clause, Often) and is_meeting_of(scope, clause)}
    if any(meeting_season(word) for word in scope.text.words) and not any(isinstance(c, Dated) for c in said):
        used |= {i for i, word in enumerate(scope.text.words) if meeting_season(word)}
    return frozenset(used)


def combined(scope: Scope, said: Sequence[Clause]) -> Reading:
    """The reading of all clauses of one phrase together, with the rule by which it comes round."""
    return with_rule(together(scope, said), said)


def together(scope: Scope, said: Sequence[Clause]) -> Reading:
    """The reading of all clauses, by what there is among them."""
    oftens = [clause for clause in said if isinstance(clause, Often)]
    dates = [clause for clause in said if isinstance(clause, Dated)]
    terms = [clause for clause in said if isinstance(clause, Delay)]
    if parts := [clause for clause in said if isinstance(clause, DayInPart)]:
        return in_each_part(scope, parts[0], oftens, is_more=bool(dates or terms or parts[1:] or oftens[1:]))
    if (hung := hanging_in(said)) and not dates and all(often.per_year == 1 for often in oftens):
        return hung[0] if len(hung) == 1 else replace(hung[0], others=tuple(hung[1:3]))
    if terms and not oftens:
        return with_term(scope, terms, dates)
    if oftens:
        return or_holiday(scope, dates, beside_event(repeating(scope, oftens, dates, terms), hung))
    if dates:
        reading = single(scope, dates, [clause for clause in said if isinstance(clause, Open)])
        return or_holiday(scope, dates, beside_event(reading, hung))
    return undated(scope, said)


def hanging_in(said: Sequence[Clause]) -> list[Reading]:
    """The moments that hang on something else, each with its rule as far as there is one."""
    clauses_said = [clause for clause in said if isinstance(clause, Hanging | Delay)]
    return [one.reading for one in clauses_said if isinstance(one, Hanging) or one.reading.rule is not None]


def or_holiday(scope: Scope, dates: Sequence[Dated], reading: Reading) -> Reading:
    """ "voor de zomer" may well mean before the school holidays."""
    before = [one for one in dates if Limit.BEFORE in one.limits and one.when.periods]
    if not reading.doubtful or not any(one.when.first.item.name == "zomer" for one in before):
        return reading
    year = before[0].when.first.year if before[0].when.given else 0
    rule = Relative(("zomervakantie",), -1, year=year)
    words = scope.text.between(before[0].start, before[0].end)
    reason = f"{words}: als de zomervakantie is bedoeld, hangt het af van de regio"
    rival = Reading(ReadingKind.NONE, reason, doubtful=True, rule=rule)
    return replace(reading, others=(*reading.others, rival)[-2:])


def beside_event(reading: Reading, hung: Sequence[Reading]) -> Reading:
    """A date with a moment that hangs on something beside it: which of them counts is for a person."""
    if not hung:
        return reading
    both = doubted(reading, f"er staat ook “{hung[0].reason}”")
    return replace(both, others=(*both.others, *hung)[:2])


def undated(scope: Scope, said: Sequence[Clause]) -> Reading:
    """No date in it: an open end, a trap, or nothing that can be read."""
    opens = [clause for clause in said if isinstance(clause, Open)]
    if not scope.searching and (meeting := season_meeting(scope)):
        return meeting
    if opens:
        first = next((clause for clause in opens if clause.doubtful), opens[0])
        words = scope.text.between(first.start, first.end)
        reading = Reading(ReadingKind.NONE, f"{words}: {first.reason}", doubtful=first.doubtful)
        return replace(reading, others=as_scanned(scope, first)) if first.reason in SCANNED else reading
    traps = [clause for clause in said if isinstance(clause, Trap)]
    if traps:
        words = scope.text.between(traps[0].start, traps[0].end)
        used = taken(traps)
        hint = next((i for i in range(scope.text.length) if i not in used and is_hint(scope, i)), None)
        reading = Reading(ReadingKind.NONE, f"{words}: {traps[0].reason}")
        return reading if hint is None else doubted(reading, not_understood(f"“{scope.text.between(hint, hint + 1)}”"))
    hint = any(is_hint(scope, i) for i in range(scope.text.length)) or not is_said(scope)
    return Reading(ReadingKind.NONE, NOTHING_FOUND, doubtful=hint)


def as_scanned(scope: Scope, clause: Open) -> tuple[Reading, ...]:
    """What a scanner may have had before it: "O1-05-2027", "l juli 2027" with the figures that look like letters."""
    before = scope.text.at(clause.start - 1)
    start = before.start if is_limit_word(scope, clause.start - 1) else scope.text.at(clause.start).start
    source = scope.text.source[start : scope.text.at(clause.end - 1).end]
    mended = SCANNED_FIGURE.sub(lambda found: found.group().translate(FIGURES), source)
    meant = read(mended, scope.on, scope.conventions) if mended != source else None
    return (meant,) if meant and meant.due else ()


def is_limit_word(scope: Scope, i: int) -> bool:
    """ "voor", "uiterlijk" and their like, as one word."""
    return scope.text.word(i) in ("voor", "uiterlijk", "tot", "per", "vanaf", "na")


SCANNED = (GARBLED, ILLEGIBLE)
SCANNED_FIGURE = re.compile(r"(?<![A-Za-z])[0-9OoIlZzSsB]{1,4}(?![A-Za-z])")
FIGURES = str.maketrans("OoIlZzSsB", "001122558")


def is_said(scope: Scope) -> bool:
    """There is at least a word or a figure, not only "-" or "?"."""
    return any(token.kind in (TokenKind.WORD, TokenKind.FIGURE) for token in scope.text.tokens)


HINTS = terms(
    """
    uiterlijk vanaf tot voorjaar najaar zomer winter kwartaal halfjaar datum deadline begin eind medio einde week
    maand jaar helft ultimo primo volgend volgende komend komende termijn jaarlijks per na mits tweeduizend
    """
)


def is_hint(scope: Scope, i: int) -> bool:
    """A token that smells of a date, in a phrase where none could be read."""
    text = scope.text
    word = text.word(i)
    counted = text.number(i - 1) is not None or text.word(i - 1) in NUMBER
    if counted and DURATIONS.get(word) in ("day", "week", "month", "workday", "quarter"):
        return True
    if (word in WEEKDAY and len(word) > 2) or word in ("vandaag", "morgen", "overmorgen", "gisteren"):
        return True
    if word == "voor" and text.at(i).accented:
        return True
    if word in ("vanaf", "tot") and text.number(i + 1) is not None and text.word(i + 2) == "jaar":
        return False
    if word in MONTH or (word in HINTS and word not in ("per", "na", "tot", "jaar")):
        return True
    return text.at(i).kind is TokenKind.DATE or (
        text.number(i) is not None and text.word(i + 1) not in DURATIONS and alone(text, i)
    )


def alone(text: SourceText, i: int) -> bool:
    """Figures with no noun behind them."""
    return not text.word(i + 1) and text.mark(i - 1) != "("


def with_term(scope: Scope, terms: list[Delay], dates: list[Dated]) -> Reading:
    """A term from a moment; a date behind it may be the day of the event it leans on."""
    first = terms[0]
    if said_by_day := beside_a_last_day(scope, first, dates):
        return said_by_day
    if first.reading.kind is ReadingKind.NONE and dates and dates[0].start < first.start:
        return single(scope, dates, [])
    reading = first.reading
    later = [clause for clause in dates if clause.start >= first.end]
    earlier = [clause for clause in dates if clause.start < first.start]
    if (later and first.leans) or earlier:
        rivals = [meaning(scope, clause) for clause in (*earlier, *later)]
        reading = replace(doubted(reading, "er staat ook een andere datum bij"), others=tuple(rivals[:2]))
    return reading


def beside_a_last_day(scope: Scope, term: Delay, dates: list[Dated]) -> Reading | None:
    """ "binnen twee jaar, dus uiterlijk 1 mei 2028": the day that is named counts; a term that ends otherwise is asked.

    "Dus" explains a term of which nobody knows the first day; without it the two may be two moments.
    """
    firm = [clause for clause in dates if is_firm(clause) and clause.when.periods and clause.when.given]
    if len(firm) != 1 or len(dates) > 1:
        return None
    day = meaning(scope, firm[0])
    between = range(min(term.end, firm[0].end), max(term.start, firm[0].start))
    is_explained = any(scope.text.word(i) in EXPLAINS for i in between)
    if day.due is None or day.due == term.reading.due or (is_explained and term.reading.due is None):
        return day
    return replace(doubted(day, "de termijn ernaast zegt iets anders"), others=(term.reading, *day.others)[:2])


EXPLAINS = terms("dus dwz oftewel namelijk derhalve")


def single(scope: Scope, dates: list[Dated], opens: list[Open]) -> Reading:
    """One deadline, or the first of several; of one that took the place of another, the newest."""
    now = succession(scope, dates)
    reading = of_dates(scope, list(now.current), opens)
    if not now.former:
        return reading
    old = ", ".join(words_of(scope, clause) for clause in now.former)
    reading = replace(reading, reason=f"{reading.reason} (eerder: {old})")
    lists = [clause.when for clause in now.former if len(clause.when.periods) > 1 and not clause.when.is_range]
    rivals = [(chain.first.start, chain.last.end) for chain in lists]
    return doubted(reading, "er staan meer momenten" if lists else "", *rivals)


def of_dates(scope: Scope, dates: list[Dated], opens: list[Open]) -> Reading:
    """One deadline, or the first of several."""
    if dates[0].when.periods and season_meeting_at(scope, dates[0]):
        return yearly_meeting(scope, dates[0])
    first, rest = narrowed(scope, dates)
    if (yearly := whole_year_after(scope, dates[0], first)) is not None:
        return yearly
    others = [reading for clause in rest if (reading := meaning(scope, clause)).kind is not ReadingKind.NONE]
    if any(not same(other, first) for other in others):
        first = beside(scope, first, dates, others)
    if opens and all(is_hasty(scope, clause, dates[0]) for clause in opens):
        return first
    if opens and first.kind is ReadingKind.ONCE and any(clause.doubtful or loops(clause) for clause in opens):
        return doubted(first, f"er staat ook “{scope.text.between(opens[0].start, opens[0].end)}”")
    return first


def is_hasty(scope: Scope, clause: Open, date_said: Dated) -> bool:
    """ "z.s.m., maar uiterlijk 1 mei 2027": haste before a last day takes nothing from it."""
    between = range(clause.end, date_said.start)
    only = all(scope.text.word(i) in EMPHASIS or scope.text.mark(i) in (",", "(", "-", "/") for i in between)
    return clause.reason == HASTE and is_firm(date_said) and clause.end <= date_said.start and only


EMPHASIS = terms("maar doch en echter in elk ieder geval wel dan ook of")


def loops(clause: Open) -> bool:
    """The open end that goes on."""
    return "loopt door" in clause.reason


def same(left: Reading, right: Reading) -> bool:
    """The same days: "de derde dinsdag van september (Prinsjesdag)"."""
    dated = {left.kind, right.kind} == {ReadingKind.ONCE, ReadingKind.YEARLY}
    if dated and (left.window_start or left.due, left.due) == (right.window_start or right.due, right.due):
        return left.due is not None
    return (left.kind, left.window_start, left.due) == (right.kind, right.window_start, right.due)


def beside(scope: Scope, first: Reading, dates: list[Dated], others: list[Reading]) -> Reading:
    """Other deadlines in the phrase stand beside the first; "of" between two makes it a choice."""
    words = [scope.text.word(i) for i in range(dates[0].end, dates[1].start)]
    if first.kind is ReadingKind.NONE and others:
        return replace(doubted(others[0], "een deel van de tekst is niet te lezen"), others=(first,))
    merged = replace(first, others=tuple([*first.others, *others][:2]))
    if started(scope, dates[0]) and others[0].kind is ReadingKind.ONCE:
        return replace(doubted(others[0], "het begin en het einde staan apart"), others=(first, *others[1:])[:2])
    if first.kind is ReadingKind.FROM_DATE and others[0].kind is ReadingKind.ONCE and others[0].due:
        both = replace(others[0], window_start=first.window_start, others=(first, others[0]))
        valid = first.window_start is None or others[0].due >= first.window_start
        return doubted(both, "het begin en het einde staan apart") if valid else doubted(merged, "er staan meer datums")
    return doubted(merged, "er staan meer mogelijkheden" if CHOICE.intersection(words) else "er staan meer momenten")


def clock_times(scope: Scope, said: Sequence[Clause]) -> set[int]:
    """The tokens of "14:00-16:00" and "10.00 uur" behind a day."""
    text = scope.text
    used: set[int] = set()
    for clause in said:
        if not isinstance(clause, Dated) or not clause.when.periods or clause.when.last.grain is not Grain.DAY:
            continue
        for i in range(clause.end, clause.end + 12):
            figure = text.at(i).kind is TokenKind.FIGURE and text.word(i + 1) in ("uur", "u")
            if text.number(i) is not None and text.mark(i + 1) == ":" and text.number(i + 2) is not None:
                used |= {i, i + 1, i + 2, i + 3} if text.word(i + 3) in ("uur", "u") else {i, i + 1, i + 2}
            elif figure or (text.number(i) is not None and text.word(i + 1) in ("uur", "u")):
                used |= {i, i + 1}
    return used


CHOICE = terms("of dan danwel anders tenzij maar doch tot naar verschoven verplaatst uitgesteld")


def narrowed(scope: Scope, dates: list[Dated]) -> tuple[Reading, list[Dated]]:
    """The first deadline; a second right behind it that falls inside narrows it: "najaar 2025 (oktober)"."""
    first = meaning(scope, dates[0])
    if len(dates) < 2 or not adjoining(scope, dates[0], dates[1]) or first.kind is not ReadingKind.ONCE:
        return first, dates[1:]
    second = resettled(scope, dates[0], dates[1]) or meaning(scope, dates[1])
    inside = second.due and first.window_start and first.window_start <= second.due
    finer = bool(dates[1].when.periods) and length(dates[1]) < length(dates[0])
    near = second.due and first.due and second.due <= spring_stretch(first.due, dates[0])
    if second.kind is not ReadingKind.ONCE or not inside or not finer or not near:
        return first, dates[1:]
    year_only = dates[0].when.years_only
    start = second.window_start or (None if year_only else first.window_start)
    second = doubted(second, dates[0].when.first.item.doubt)
    return replace(second, window_start=start, reason=f"{second.reason} (binnen {words_of(scope, dates[0])})"), dates[
        2:
    ]


def length(clause: Dated) -> int:
    """How many days it covers."""
    return (clause.when.last.end - clause.when.first.start).days


def words_of(scope: Scope, clause: Dated) -> str:
    """The clause as written."""
    return scope.text.between(clause.start, clause.end)


def spring_stretch(due: date, clause: Dated) -> date:
    """A season is loose at its end: "voorjaar (uiterlijk 1 juli)"."""
    if clause.when.first.grain is not Grain.SEASON:
        return due
    year, month = divmod(due.year * 12 + due.month, 12)
    return date(year, month + 1, 28)


ADJOINING = terms(
    """
    te weten en wel namelijk dwz dat wil zeggen maar dus ie bij voorkeur
    """
)


def adjoining(scope: Scope, left: Clause, right: Clause) -> bool:
    """Only brackets, commas or "te weten" stand between."""
    text = scope.text
    between = range(left.end, right.start)
    if isinstance(left, Dated) and left.when.periods and left.when.years_only and not between:
        return True
    return (
        len(between) < 6
        and all(text.mark(i) in ("(", ",", ":", ";", "-", ".") or text.word(i) in ADJOINING for i in between)
        and any(text.mark(i) in ("(", ",", ":", "-", ";") for i in between)
    )


def whole_year_after(scope: Scope, clause: Dated, reading: Reading) -> Reading | None:
    """ "in de maand juni na afloop van het begrotingsjaar": each year, in the year after the reference."""
    if not follows_whole_year(scope, clause) or not reading.due:
        return None
    start = reading.window_start and years_later(reading.window_start, 1)
    due = years_later(reading.due, 1)
    reason = f"{words_of(scope, clause)} na afloop van het jaar: voor het eerst uiterlijk op {day_words(due)}"
    return Reading(ReadingKind.YEARLY, reason, start, due, 1, reading.doubtful)


def follows_whole_year(scope: Scope, clause: Dated) -> bool:
    """ "na afloop van het begrotingsjaar" stands behind it."""
    words = [scope.text.word(i) for i in range(clause.end, clause.end + 6)]
    follows = words[0] == "na" or words[:2] == ["volgend", "op"]
    return follows and bool(WHOLE_YEARS.intersection(words)) and not clause.when.given
