"""A date that takes the place of another: "was Q4 2026, wordt Q2 2027", "mei → juli", "doorgeschoven naar 2028".

The newest form counts (design section 4); the words that say so are accounted for.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from cycle.domain.dutch.clauses import Dated
from cycle.domain.dutch.scope import Scope
from cycle.domain.dutch.tokens import SourceText
from cycle.domain.dutch.vocabulary import Limit, terms


@dataclass(frozen=True, slots=True)
class Succession:
    """What counts now, what counted before, and the tokens that say so."""

    current: tuple[Dated, ...]
    former: tuple[Dated, ...] = ()
    used: frozenset[int] = frozenset()


FORMER = terms("was waren oorspronkelijk oorspronkelijke aanvankelijk voorheen eerder ipv oude")
SAID = terms("gepland voorzien geplande op in van de het nu thans wordt worden inmiddels nieuw nieuwe naar en is tot")
HOPED, NOW, AGAIN = terms("zou zouden"), terms("nu thans"), "opnieuw"
MISSED = terms("gehaald gelukt gerealiseerd afgerond gereed klaar uitgevoerd")
PLANNED = terms("gepland voorzien geplande")
SHIFTED = (
    *("verschuif", "verschov", "doorgescho", "doorschui", "uitgestel", "uitstel", "verplaats", "verzet", "opgescho"),
    *("vervroeg", "verdaag", "bijgestel", "gewijzigd", "aangepast", "verlaat"),
    *("schuif", "schoof", "schoven", "geschoven", "vertraag"),
)
EXTENDED = "verleng"
ARROWS = frozenset("→⇒➔➜>")
REACH = 5  # words between a date and the word that says it is the old or the new one


def succession(scope: Scope, dates: Sequence[Dated]) -> Succession:
    """Which of these dates still count."""
    if not dates or not speaks_of_change(scope.text):
        return Succession(tuple(dates))
    former, used = set(), set()
    for k, clause in enumerate(dates):
        edge = dates[k - 1].end if k else 0
        before = range(max(edge, clause.start - REACH), clause.start)
        marks = [i for i in before if is_former(scope, i)]
        if marks:
            former.add(k)
            used |= set(range(marks[0], clause.start))
        if k and any(scope.text.mark(i) in ARROWS for i in range(edge, clause.start)):
            former |= set(range(k))
            used |= set(range(edge, clause.start))
        if k and (anew := planned_anew(scope, edge, clause)):
            former |= set(range(k))
            used |= set(range(anew, clause.start)) | missed(scope, dates[0])
        if k and (longer := extended(scope, dates[k - 1], clause)):
            former |= set(range(k))
            used |= longer
        if moved := moved_by(scope, dates[0].start if k else 0, clause):
            former |= set(range(k))
            used |= moved
    current = tuple(plain(scope, clause) for k, clause in enumerate(dates) if k not in former)
    if not current:
        return Succession(tuple(dates))
    if former:
        used |= {i for k in range(1, len(dates)) for i in range(dates[k - 1].end, dates[k].start) if is_said(scope, i)}
    return Succession(current, tuple(dates[k] for k in sorted(former)), frozenset(used))


@lru_cache(maxsize=16)
def speaks_of_change(text: SourceText) -> bool:
    """Whether any word or sign in the text can say so; most texts have none."""
    words = frozenset(text.words)
    swaps = "plaats" in words or {"niet", "maar"} <= words or bool(HOPED & words and NOW & words)
    arrows = any(token.text in ARROWS for token in text.tokens)
    moves = any(word.startswith((*SHIFTED, EXTENDED)) for word in words)
    return swaps or arrows or moves or bool((FORMER | {"eerst", AGAIN}) & words)


def is_former(scope: Scope, i: int) -> bool:
    """ "was", "i.p.v.", "in plaats van", "niet" where "maar" follows, and "zou" where "nu" does."""
    text = scope.text
    if text.word(i) == "niet":
        return any(text.word(k) == "maar" for k in range(i + 1, i + 10))
    if text.word(i) in HOPED:
        return any(is_now(scope, k) for k in range(i + 1, i + 4 * REACH))
    if text.word(i) == "eerst":
        return text.word(i + 1) in PLANNED or text.word(i - 1) in ("was", "waren")
    return text.word(i) in FORMER or (text.word(i) == "plaats" and text.word(i + 1) == "van")


def is_now(scope: Scope, i: int) -> bool:
    """ "dat wordt nu", "nu wordt het"; and "dat wordt" right before the new date."""
    text = scope.text
    becomes = {"wordt", "worden"}
    is_short = text.word(i) == "dat" and text.word(i + 1) == "wordt" and text.number(i + 2) is not None
    return is_short or (text.word(i) in NOW and bool(becomes & {text.word(i - 1), text.word(i + 1)}))


def planned_anew(scope: Scope, edge: int, clause: Dated) -> int | None:
    """Where "opnieuw gepland voor" begins before the date, None when it is not said."""
    return next((i for i in range(edge, clause.start) if scope.text.word(i) == AGAIN), None)


def missed(scope: Scope, clause: Dated) -> set[int]:
    """The words before the former date that say that it was not kept: "niet gehaald in"."""
    before = range(max(0, clause.start - REACH), clause.start)
    verbs = [i for i in before if scope.text.word(i) in MISSED and scope.text.word(i - 1) == "niet"]
    return set(range(verbs[0] - 1, clause.start)) if verbs else set()


def is_said(scope: Scope, i: int) -> bool:
    """A small word between the old and the new date."""
    return scope.text.word(i) in SAID or scope.text.word(i) == "maar" or is_shift(scope, i)


def is_shift(scope: Scope, i: int) -> bool:
    """ "verschoven", "uitgesteld", "doorgeschoven"."""
    return scope.text.word(i).startswith(SHIFTED)


def moved_by(scope: Scope, first: int, clause: Dated) -> frozenset[int]:
    """The words of "verzet van … naar" before the new date; nothing when it does not say so."""
    if not is_towards(scope, clause):
        return frozenset()
    reach = range(max(0, first - REACH, clause.start - 3 * REACH), clause.start)
    verbs = [i for i in reach if is_shift(scope, i)]
    return frozenset({*verbs, clause.start - 1} if verbs else ())


def extended(scope: Scope, last: Dated, clause: Dated) -> frozenset[int]:
    """The words between a term and the longer one: "van 1 maart wordt verlengd tot en met 1 april"."""
    between = range(last.end, clause.start)
    is_longer = bool({Limit.UNTIL, Limit.THROUGH} & set(clause.limits))
    is_term = "van" in (scope.text.word(last.start), scope.text.word(last.start - 1))
    says_so = any(scope.text.word(i).startswith(EXTENDED) for i in between)
    return frozenset(between) if is_longer and is_term and says_so else frozenset()


def is_towards(scope: Scope, clause: Dated) -> bool:
    """ "naar 2028", "tot 1 juli"."""
    return bool({Limit.TOWARDS, Limit.UNTIL} & set(clause.limits)) or scope.text.word(clause.start - 1) == "naar"


def plain(scope: Scope, clause: Dated) -> Dated:
    """The new date itself: behind "verschoven" the word "naar" is no direction."""
    if not moved_by(scope, clause.start, clause):
        return clause
    doubt = "“tot” kan hier ook “naar” zijn" if Limit.UNTIL in clause.limits else ""
    limits = tuple(limit for limit in clause.limits if limit not in (Limit.TOWARDS, Limit.UNTIL))
    return replace(clause, limits=limits, unsure=clause.unsure or doubt)
