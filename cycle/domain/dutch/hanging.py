"""Moments that hang on something else: "twee weken na het voorjaarsoverleg", "vóór de zomervakantie".

What it hangs on is named as the document does; only the covenant knows its day (see `year.anchors_of`), so the words
alone leave a doubt: "hangt af van het voorjaarsoverleg".
"""

from dataclasses import dataclass

from cycle.domain.dutch.scope import Scope, year_at
from cycle.domain.dutch.tokens import TokenKind
from cycle.domain.dutch.vocabulary import ARTICLES, EVENT_ENDINGS, LIMITS, LOOSE_FEASTS, Lexicon, Limit, terms
from cycle.domain.model import Reading, ReadingKind
from cycle.domain.rules import SCHOOL_START, SIGNING, TERM_END, TERM_START, Relative

SIGNINGS = terms("ondertekening ondertekenen tekening tekenen")
ENDS = terms("einde eind afloop expiratie verstrijken")
STARTS = terms("inwerkingtreding ingang ingangsdatum begin start aanvang")
AGREEMENTS = terms(
    """
    looptijd overeenkomst raamovereenkomst convenant prestatieafspraken afspraken contract samenwerkingsovereenkomst
    """
)
SCHOOL_YEARS = terms("schooljaar")
EVENTS = terms(
    """
    vaststelling vaststellen verzending verzenden ontvangst goedkeuring oplevering publicatie verschijnen besluit
    akkoord instemming brief uitnodigingsbrief uitvoeringsagenda begroting kadernota jaarrekening inspraak verkiezingen
    start afronding peiling bod inwerkingtreding
    """
)
SMALL = ARTICLES | terms("dit deze dat die elk elke ieder iedere")
OF = terms("van door over voor met")
BY_PLACE = Lexicon({"bij|op|tijdens|in": 0, "voor|voorafgaand aan": -1})


@dataclass(frozen=True, slots=True)
class Hanging:
    """Words that hang a moment on an event, with their reading."""

    start: int
    end: int
    reading: Reading


@dataclass(frozen=True, slots=True)
class Happening:
    """What a moment hangs on: its name, as it stands in the text, the year that is named with it (or 0), and the place
    after it. `is_known` says that covenants know such a thing: a meeting, a school holiday, the signing."""

    name: str
    words: str
    year: int
    end: int
    is_known: bool


def hanging(scope: Scope, i: int) -> Hanging | None:
    """The moment that starts at token i: "vóór het najaarsoverleg", "na vaststelling van de begroting"."""
    if (start := school_start(scope, i)) is not None:
        words = scope.text.between(i, start.end)
        return Hanging(i, start.end, hung(words, start, Relative((start.name,), 0), ReadingKind.ONCE))
    limit = LIMITS.match(scope.text, i)
    if not limit or limit[0] not in (Limit.BEFORE, Limit.BY, Limit.AFTER):
        return None
    place = BY_PLACE.match(scope.text, limit[1]) if limit[0] is Limit.BY else None
    event = event_at(scope, place[1] if place else limit[1])
    if event is None or (limit[0] is Limit.BY and not place) or not is_meant(scope, i, limit[0], event):
        return None
    words = scope.text.between(i, event.end)
    if limit[0] is Limit.AFTER:
        reading = hung(words, event, None, ReadingKind.FROM_DATE)
    else:
        reading = hung(words, event, Relative((event.name,), place[0] if place else -1, year=event.year))
    return Hanging(i, event.end, reading)


def is_meant(scope: Scope, i: int, limit: Limit, event: Happening) -> bool:
    """In running text only a clear limit before something that covenants know is a moment."""
    if not scope.searching:
        return True
    is_clear = scope.text.at(i).accented or limit is Limit.BY
    return limit is not Limit.AFTER and is_clear and event.is_known


def hung(words: str, event: Happening, rule: Relative | None, kind: ReadingKind = ReadingKind.NONE) -> Reading:
    """A reading without a day, until what it hangs on has one."""
    doubt = "" if rule else ", en een laatste dag staat er niet bij"
    return Reading(kind, f"{words}: hangt af van {event.words}{doubt}", doubtful=True, rule=rule)


def event_at(scope: Scope, i: int, *, is_counted: bool = False) -> Happening | None:
    """The event that is named at token i; after a length of time (`is_counted`) any noun is one."""
    text = scope.text
    j = text.skip(i, SMALL)
    if (agreed := of_agreement(scope, i, j)) or (agreed := school_start(scope, j)):
        return agreed
    if text.at(j).kind is not TokenKind.WORD:
        return None
    end = j + 1
    if not is_event(text.word(j)):
        if is_event(text.word(end)):
            end += 1
        elif not is_counted:
            return None
    is_known = text.word(end - 1) in LOOSE_FEASTS or text.word(end - 1).endswith(("overleg", "tafel"))
    nouns, end = [*text.words[j:end]], end
    if text.word(end) in OF and (k := text.skip(end + 1, SMALL)) and text.at(k).kind is TokenKind.WORD:
        nouns, end = [*nouns, text.word(k)], k + 1
    year = year_at(scope, end)
    end += year is not None
    return Happening(" ".join(nouns), text.between(i, end), year or 0, end, is_known)


def is_event(word: str) -> bool:
    """A word for something that happens on a day."""
    return word in EVENTS | LOOSE_FEASTS or word.endswith(EVENT_ENDINGS)


def of_agreement(scope: Scope, i: int, j: int) -> Happening | None:
    """ "ondertekening (van het convenant)", "einde looptijd", "inwerkingtreding van de afspraken"."""
    text = scope.text
    k = text.skip(j + 1, frozenset({"van", "der"}) | SMALL)
    is_agreed = text.word(k) in AGREEMENTS
    word, end = text.word(j), k + 1 if is_agreed else j + 1
    if word in SIGNINGS and (is_agreed or text.word(j + 1) != "van"):
        return Happening(SIGNING, text.between(i, end), 0, end, True)
    if is_agreed and (word in ENDS or word in STARTS):
        return Happening(TERM_END if word in ENDS else TERM_START, text.between(i, end), 0, end, True)
    return None


def school_start(scope: Scope, i: int) -> Happening | None:
    """ "begin (nieuwe) schooljaar", without its years."""
    text = scope.text
    if text.word(i) not in ("begin", "start", "aanvang"):
        return None
    k = text.skip(i + 1, frozenset({"van", "nieuw", "nieuwe", "volgend", "komend"}) | ARTICLES)
    if text.word(k) not in SCHOOL_YEARS or year_at(scope, k + 1) is not None:
        return None
    return Happening(SCHOOL_START, text.between(i, k + 1), 0, k + 1, True)
