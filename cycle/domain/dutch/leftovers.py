"""What no clause of a text accounts for: then the reading is not sure (law L1).

In a cell every word counts that is not in HARMLESS. In a sentence nouns do not count, but every figure, time word,
limit, negation, condition and tense does, for each phrase of that sentence.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

from cycle.domain.dutch.clauses import MAYBE_MEASURE, MAYBE_NAME, MAYBE_NO_LIMIT, MENTION, Clause, Dated
from cycle.domain.dutch.frequency import PER_YEAR_COUNT
from cycle.domain.dutch.meaning import ABOUT_PERIOD, FAR_YEAR, STATE, doubted
from cycle.domain.dutch.scope import Scope, count_at
from cycle.domain.dutch.spans import years_later
from cycle.domain.dutch.tokens import TokenKind
from cycle.domain.dutch.told import PAPERS, ends_itself, holds_until, is_called_off, is_counted_on
from cycle.domain.dutch.vocabulary import DURATIONS, FINISHED, MONTH, SHORT_MONTHS, WEEKDAY, WHOLE_YEARS, Limit, terms
from cycle.domain.dutch.years import LAST, UNREADABLE_YEAR
from cycle.domain.model import Reading, ReadingKind

# the words that add nothing to a moment; a closed class, and never a figure (a test counts them)
HARMLESS = terms(
    """
    de het een t s den der des dit deze dat die er en ook dus dan te om in op van bij met aan uit door onder per
    heel geheel nog pas wel weer steeds telkens ergens zo minimaal minstens tenminste ten minste wordt worden zal zullen
    moet moeten is zijn planning gepland gereed klaar realisatie oplevering uitvoering afronding deadline termijn datum
    streefdatum wanneer eenmalig eenmaal periode as aanstaande af
    """
)
HARMLESS_MARKS = frozenset("()[],:;.-/&!\"'")


@dataclass(frozen=True, slots=True)
class Unsettling:
    """Something at token `at` that a phrase beside it cannot be sure of; `is_none` says that it may be no deadline."""

    at: int
    reason: str
    is_none: bool = False
    of_years: bool = False  # it only unsettles a bare year
    is_left: bool = False  # it could not be placed


def taken(said: Sequence[Clause]) -> frozenset[int]:
    """The tokens that the clauses account for."""
    return frozenset(i for clause in said for i in range(clause.start, clause.end))


def words_left(scope: Scope, used: frozenset[int]) -> str:
    """What stands in a cell outside every clause and says something, as it is written; stretches apart by commas."""
    left: list[tuple[int, int]] = []
    for i in range(scope.text.length):
        if i in used or is_harmless(scope, i):
            continue
        if left and left[-1][1] == i:
            left[-1] = left[-1][0], i + 1
        else:
            left.append((i, i + 1))
    shown = [f"“{scope.text.between(start, end)}”" for start, end in left[:SHOWN]]
    return ", ".join(shown)


SHOWN = 4  # stretches; a sentence in a cell is shown whole beside it


def is_harmless(scope: Scope, i: int) -> bool:
    """Punctuation, an edge, or a word that adds nothing."""
    token = scope.text.at(i)
    if token.kind is TokenKind.WORD:
        accented = token.accented and token.text == "voor"
        return token.text in HARMLESS and not accented
    return token.kind is TokenKind.BREAK or (token.kind is TokenKind.MARK and token.text in HARMLESS_MARKS)


def sentences(scope: Scope) -> list[int]:
    """For each token the number of its sentence; a dot ends one only before a capital, a break or the end."""
    number, numbers = 0, []
    for i, token in enumerate(scope.text.tokens):
        numbers.append(number)
        following = scope.text.at(i + 1)
        if token.kind is TokenKind.BREAK or (token.text in ("!", "?", ";") and token.kind is TokenKind.MARK):
            number += 1
        elif scope.text.mark(i) == "." and not following.glued and following.kind is not TokenKind.END:
            number += scope.text.source[following.start].isupper() or following.fresh
    return numbers


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What one sentence says outside its clauses: the notes on it, and whether it tells of the past."""

    notes: tuple[Unsettling, ...]
    is_past: bool = False
    is_perfect: bool = False  # "is … vastgesteld"
    ends_itself: bool = False  # "loopt af", "is geldig"
    is_put_off: bool = False  # "met twee maanden verlengd"


def in_a_cell(around: Surroundings) -> Surroundings:
    """Without what could not be placed: a cell names all words that are left over at once."""
    return replace(around, notes=tuple(note for note in around.notes if not note.is_left))


def slipped(scope: Scope, places: Sequence[int]) -> Iterator[Unsettling]:
    """A typing error that was mended: it is read, and asked about."""
    for i in places:
        if i in scope.text.slips:
            yield Unsettling(i, f"“{scope.text.between(i, i + 1)}” is gelezen als “{scope.text.word(i)}”")


def surroundings(scope: Scope, used: frozenset[int], places: Sequence[int]) -> Surroundings:
    """A look at one sentence; what one phrase of it is unsure of, each of them is."""
    free = [i for i in places if i not in used]
    words = {scope.text.word(i) for i in free}
    perfect = bool(PERFECT & words) and not FUTURE & words and any(is_participle(word) for word in words)
    notes = chain(slipped(scope, places), notes_of(scope, free)) if scope.text.slips else notes_of(scope, free)
    is_put_off = any(word.startswith(PUT_OFF) for word in words) and any(is_by_length(scope, i) for i in free)
    itself = any(ends_itself(scope, i) for i in free)
    return Surroundings(tuple(islice(notes, MOST_NOTES)), bool(PAST & words), perfect, itself, is_put_off)


PUT_OFF = (
    "verleng",
    "verschuif",
    "verschuiv",
    "verschov",
    "opgescho",
    "doorgescho",
    "uitgestel",
    "vertraag",
    "verlaat",
)


def is_by_length(scope: Scope, i: int) -> bool:
    """ "met twee maanden", "met een kwartaal"."""
    text = scope.text
    if text.word(i) != "met":
        return False
    count = count_at(scope, i + 1)
    return text.word(count[1] if count else i + 2) in DURATIONS


MOST_NOTES = 6  # more say nothing new, and a bound keeps reading linear


def notes_of(scope: Scope, free: Sequence[int]) -> Iterator[Unsettling]:
    """What makes the phrases of one sentence unsure, from left to right."""
    for i in free:
        token = scope.text.at(i)
        if is_denied(scope, i):
            yield Unsettling(i, "er staat een ontkenning bij", True)
        elif is_condition(scope, i):
            yield Unsettling(i, f"er staat een voorwaarde bij (“{token.text}”)", True)
        elif is_called_off(scope, i):
            yield Unsettling(i, f"er staat dat dit niet meer geldt (“{token.text}”)", True)
        elif is_odd_figure(scope, i) or is_left_over(scope, i):
            yield Unsettling(i, not_understood(f"“{scope.text.between(i, i + 1)}”"), is_left=True)
        elif token.kind is TokenKind.FIGURE and token.text.endswith("%"):
            yield Unsettling(i, f"“{token.text}” kan een streefgetal zijn", True, of_years=True)
        elif token.text == "€":
            yield Unsettling(i, "het kan om een bedrag gaan", True, of_years=True)


def not_understood(words: str) -> str:
    """The reason, in the words that every page shows."""
    return f"niet begrepen: {words}"


NEGATIONS = terms("niet geen nooit evenmin nergens niets noch zonder")


def is_denied(scope: Scope, i: int) -> bool:
    """ "niet" and its like, but not "niet alleen" or "niet-reguliere"."""
    word = scope.text.word(i)
    if word not in NEGATIONS:
        return False
    return not (word == "niet" and (scope.text.mark(i + 1) == "-" or scope.text.word(i + 1) in ("alleen", "slechts")))


CONDITIONS = terms("indien mits tenzij zodra")
CONDITIONAL = (
    ("onder", "voorbehoud"),
    ("afhankelijk", "van"),
    ("in", "geval"),
    ("op", "voorwaarde"),
    ("voor", "zover"),
    ("voorzover",),
    ("mogelijk", "in"),
    ("mogelijk", "vanaf"),
    ("bij", "goedkeuring"),
    ("bij", "akkoord"),
    ("bij", "instemming"),
    ("bij", "voldoende"),
    ("na", "goedkeuring"),
    ("mocht",),
    ("mochten",),
    ("tot", "nader"),
    ("op", "verzoek"),
    ("zo", "nodig"),
    ("waar", "nodig"),
    ("desgewenst",),
)


def is_condition(scope: Scope, i: int) -> bool:
    """ "indien", "mits", and "als" where a clause begins with it."""
    text = scope.text
    word = text.word(i)
    if word in CONDITIONS:
        return True
    if word == "wanneer":
        return text.word(i + 1) in ("er", "dat", "de", "het", "een")
    if word == "als":
        opens = i == 0 or text.at(i - 1).kind in (TokenKind.MARK, TokenKind.BREAK)
        return (opens and text.word(i + 1) != "") or text.word(i + 1) in ("er", "dat", "het", "de")
    return any(word == first[0] and tuple(text.words[i : i + len(first)]) == first for first in CONDITIONAL)


STRONG = terms(
    """
    uiterlijk uiterst werkdag daaropvolgend daaropvolgende deadline medio kwartaal halfjaar ultimo primo
    """
)


def is_left_over(scope: Scope, i: int) -> bool:
    """A word of time that nothing took up."""
    text = scope.text
    word = text.word(i)
    if not word:
        return text.at(i).kind is TokenKind.GARBLED
    if word == "voor" and text.at(i).accented:
        return True
    if text.word(i - 1) in LAST:  # "het voorgaande kwartaal" looks back
        return False
    if word in MONTH:
        return word not in SHORT_MONTHS and len(word) > 2
    return word in STRONG or (word in WEEKDAY and len(word) > 2)


def is_odd_figure(scope: Scope, i: int) -> bool:
    """A figure that counts nothing, numbers nothing and is no part of a date."""
    text = scope.text
    token = text.at(i)
    if token.kind is TokenKind.SHORT_YEAR:
        return True
    if token.kind is not TokenKind.NUMBER or token.fresh or i == 0 or text.word(i + 1):
        return False
    before = text.at(i - 1)
    labelled = before.kind is TokenKind.WORD and before.text not in HARMLESS | LOOSE
    numbered = before.kind in (TokenKind.BREAK, TokenKind.FIGURE) or before.text in ("€", "$", "(", "+", "x")
    return not labelled and not numbered


LOOSE = terms("uiterlijk tot na vanaf rond tegen omstreeks circa ca")


def noted(scope: Scope, reading: Reading, clauses: Sequence[Clause], around: Surroundings) -> Reading:
    """The reading with what makes it unsure; where it may be no deadline at all, that is offered too."""
    dates = [clause for clause in clauses if isinstance(clause, Dated) and clause.when.periods]
    years = any(clause.when.years_only and not is_firm(clause) for clause in dates)
    notes = [note for note in around.notes if years or not note.of_years]
    if any(has_happened(scope, clause, around) for clause in dates):
        notes.append(Unsettling(0, "dit kan al gebeurd zijn", True))
    if reading.kind is ReadingKind.ONCE:
        notes += [Unsettling(0, told, True) for clause in dates if (told := only_told(scope, clause, around))]
    for note in notes:
        reading = doubted(reading, note.reason)
    reading = of_another_year(scope, reading, dates)
    if scope.searching and reading.kind is ReadingKind.ONCE and reading.due and reading.due.year < scope.year:
        reading = doubted(reading, BEFORE_THE_TEXT)
    is_none = any(note.is_none for note in notes) or any(doubt in reading.reason for doubt in NO_DEADLINE)
    return perhaps_none(reading) if is_none else reading


def only_told(scope: Scope, clause: Dated, around: Surroundings) -> str:
    """Why a date may only be told of: "wie vóór 1 mei tekent", "over het eerste kwartaal", "de nota van 1 mei"."""
    text = scope.text
    before = text.word(clause.start - 1)
    if before in ("die", "wie"):
        return "dit kan zeggen over wie of wat het gaat"
    if around.is_put_off:
        return "er staat dat dit verschoven is"
    if scope.searching and holds_until(clause):
        return "dit kan vanzelf gebeuren" if around.ends_itself else "dit kan zeggen hoe lang iets geldt of loopt"
    if is_firm(clause):
        return ""
    if is_counted_on(scope, clause):
        return "dit kan een stand op die dag zijn"
    if before == "over":
        return "dit kan zijn waarover het gaat"
    if before == "versie" or (before == "van" and text.word(clause.start - 2) in PAPERS):
        return "dit kan de datum van een stuk zijn"
    return "dit kan vanzelf gebeuren" if around.ends_itself else ""


def of_another_year(scope: Scope, reading: Reading, dates: Sequence[Dated]) -> Reading:
    """ "vóór 1 april van het jaar volgend op het verslagjaar": which year that is, other words say."""
    shift = next((shift for clause in dates if (shift := year_beside(scope, clause.end))), 0)
    if not shift or reading.due is None:
        return reading
    start = reading.window_start and years_later(reading.window_start, shift)
    return doubted(reading, "het jaar hangt van andere woorden af", (start, years_later(reading.due, shift)))


def year_beside(scope: Scope, i: int) -> int:
    """ "van het jaar volgend op" is a year later, "van het jaar voorafgaand aan" a year earlier; 0 without."""
    if scope.text.word(i).startswith("voorafgaand") and WHOLE_YEARS.intersection(scope.text.words[i + 1 : i + 5]):
        return -1  # "1 april voorafgaand aan het begrotingsjaar"
    j = scope.text.skip(i, frozenset({"van", "in", "het"}))
    if scope.text.word(j) not in WHOLE_YEARS:
        return 0
    word = scope.text.word(j + 1)
    later = word in ("volgend", "volgende", "na", "daarop", "daaropvolgend", "erna", "erop")
    return 1 if later else -1 * word.startswith(("voor", "ervoor", "daarvoor"))


# with one of these doubts there may be no deadline at all
BEFORE_THE_TEXT = "die tijd is voorbij"
NO_DEADLINE = (
    BEFORE_THE_TEXT,
    *(FAR_YEAR, ABOUT_PERIOD, STATE, UNREADABLE_YEAR, MAYBE_NAME, MAYBE_NO_LIMIT, MAYBE_MEASURE, MENTION),
    PER_YEAR_COUNT,
)


def perhaps_none(reading: Reading) -> Reading:
    """The same with "no date" among the readings offered."""
    if reading.kind is ReadingKind.NONE or any(other.kind is ReadingKind.NONE for other in reading.others):
        return reading
    none = Reading(ReadingKind.NONE, "hier hoort geen datum bij")
    return replace(reading, others=(*reading.others[:1], none))


def is_firm(clause: Dated) -> bool:
    """It names a last day."""
    return bool({Limit.BEFORE, Limit.BY, Limit.THROUGH} & set(clause.limits))


def has_happened(scope: Scope, clause: Dated, around: Surroundings) -> bool:
    """ "is ondertekend in 2021", "werd in mei 2027 geopend", "afgerond (dec. 2024)": perhaps it is done.

    "Uiterlijk 1 juli is het plan vastgesteld" is how people write a deadline.
    """
    if {Limit.FROM, Limit.AFTER, Limit.EARLIEST} & set(clause.limits):
        return False
    last = clause.when.last.end
    gone = last < scope.day if scope.day else last.year < scope.year
    soon = last.year == scope.year and not is_firm(clause)
    bracket = scope.text.mark(clause.start - 1) == "("
    before = scope.text.word(clause.start - 1 - bracket)
    done = (is_participle(before) or (bracket and before in FINISHED)) and (gone or bracket)
    return around.is_past or (around.is_perfect and (gone or soon)) or done


PAST = terms(
    """
    werd werden was waren had hadden kwam kwamen vond vonden ging gingen stond stonden telde telden bedroeg bedroegen
    bleef bleven kreeg kregen deed deden gaf gaven nam namen liep liepen begon stelde stelden leverde leverden bouwde
    bouwden maakte maakten startte startten tekende tekenden sprak spraken voerde voerden hield hielden besloot
    """
)
PERFECT = terms("is zijn heeft hebben")
FUTURE = terms("moet moeten zal zullen wordt worden dient dienen")
PARTICIPLE = re.compile(r"(?:\w{2,}ge|ge)\w{2,}(?:d|t|en)|(?:be|ver|ont|her)\w{2,}(?:d|t)")
NO_PARTICIPLES = terms(
    """
    gebied gebieden beleid verband overheid gemeenten gesprek gesprekken gevallen gezinnen geld gebruikt gelden gezin
    begroot beheerd gehandicapten verschillend volgend gezond verstand herkomst bericht behoefte besluiten berichten
    gezamenlijken vergelijkend betreffend bestand
    """
)


def is_participle(word: str) -> bool:
    """ "ondertekend", "vastgesteld", "afgerond"."""
    return bool(PARTICIPLE.fullmatch(word) or (word.startswith("onder") and word.endswith("end"))) and (
        word not in NO_PARTICIPLES
    )
