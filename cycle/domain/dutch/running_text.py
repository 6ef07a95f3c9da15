"""The deadline phrases inside running text, in order, without the traps."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from cycle.domain.dutch.clauses import Clause, Dated, Open, clauses
from cycle.domain.dutch.delays import Delay, none
from cycle.domain.dutch.frequency import Often
from cycle.domain.dutch.leftovers import (
    Surroundings,
    is_firm,
    is_left_over,
    not_understood,
    noted,
    sentences,
    surroundings,
    taken,
)
from cycle.domain.dutch.meeting_names import season_meeting_at
from cycle.domain.dutch.moment import Reference, as_reference
from cycle.domain.dutch.reading import ADJOINING, adjoining, combined, is_readable_from
from cycle.domain.dutch.scope import Scope
from cycle.domain.dutch.succession import is_now, succession
from cycle.domain.dutch.tokens import SourceText, TokenKind
from cycle.domain.dutch.traps import Trap
from cycle.domain.dutch.vocabulary import Limit
from cycle.domain.model import Conventions, Reading, ReadingKind


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase at its place in the text, with its reading."""

    phrase: str
    start: int
    end: int
    reading: Reading


def find(text: str, on: Reference | date, conventions: Conventions = Conventions()) -> tuple[Found, ...]:
    """Every deadline phrase of a sentence or a document; what asks nothing of anyone is left out."""
    scope = Scope(SourceText(text), as_reference(on), conventions, searching=True)
    if not is_readable_from(scope.on):
        return ()
    said = tuple(clauses(scope))
    used = taken(said) | succeeded(scope, said)
    around = Sentences(scope, used)
    phrases = [phrase(scope, group, around) for group in groups(scope, said)]
    asked = [found for found in phrases if asks(found.reading)]
    return tuple(sorted([*asked, *unread(scope, used, around, asked)], key=lambda found: found.start))


def succeeded(scope: Scope, said: Sequence[Clause]) -> frozenset[int]:
    """The words that say of one date that it took the place of another."""
    dates = [clause for clause in said if isinstance(clause, Dated)]
    pairs = [(dates[:1]), *(list(pair) for pair in pairwise(dates))]
    return frozenset(i for pair in pairs for i in succession(scope, pair).used)


class Sentences:
    """The sentences of a text, each looked at once."""

    def __init__(self, scope: Scope, used: frozenset[int]) -> None:
        self.scope, self.used = scope, used
        self.numbers = sentences(scope)
        self.places: dict[int, list[int]] = {}
        for i, number in enumerate(self.numbers):
            self.places.setdefault(number, []).append(i)
        self.known: dict[int, Surroundings] = {}

    def around(self, i: int) -> Surroundings:
        """What the sentence of token i says outside its clauses."""
        number = self.numbers[i]
        if number not in self.known:
            self.known[number] = surroundings(self.scope, self.used, self.places[number])
        return self.known[number]


def unread(scope: Scope, used: frozenset[int], around: Sentences, asked: list[Found]) -> Iterator[Found]:
    """A limit in a sentence without any phrase: a date may follow that could not be read, so it is asked (L1)."""
    text = scope.text
    starts = {token.start: i for i, token in enumerate(text.tokens)}
    spoken = {around.numbers[starts[found.start]] for found in asked}
    for i in range(text.length):
        number = around.numbers[i]
        if i in used or number in spoken or not is_left_over(scope, i):
            continue
        spoken.add(number)
        end = min(i + UNREAD_WORDS, around.places[number][-1] + 1)
        while end > i + 1 and not text.word(end - 1) and text.number(end - 1) is None:
            end -= 1
        words = text.between(i, end)
        yield Found(words, text.at(i).start, text.at(end - 1).end, none(not_understood(f"“{words}”")))


UNREAD_WORDS = 6


def groups(scope: Scope, said: Iterable[Clause]) -> Iterator[list[Clause]]:
    """Clauses that belong together: a frequency with its period, a season with the day in brackets behind it."""
    group: list[Clause] = []
    for clause in said:
        if isinstance(clause, Trap):
            continue
        if group and not belongs(scope, group, clause):
            yield group
            group = []
        group.append(clause)
    if group:
        yield group


def belongs(scope: Scope, group: list[Clause], clause: Clause) -> bool:
    """Whether a clause continues the phrase before it."""
    last = group[-1]
    if isinstance(last, Open) or isinstance(clause, Open) or len(group) > 3:
        return False
    gap = [scope.text.word(i) or scope.text.mark(i) or "|" for i in range(last.end, clause.start)]
    if isinstance(last, Dated) and isinstance(clause, Dated) and replaced(scope, last, clause):
        return True
    if isinstance(last, Delay) and isinstance(clause, Dated) and is_firm(clause):
        return all(sign in ("|", ",", "(", "-", ":", *ADJOINING) for sign in gap) and len(gap) < 4
    rhythm = sum(isinstance(part, Often) for part in (*group, clause)) == 1
    if rhythm and isinstance(last, Often) and says_first_time(scope, last, clause):
        return True
    if rhythm:
        return len(gap) < 4 and all(sign in BESIDE_A_RHYTHM for sign in gap)
    return isinstance(last, Dated) and isinstance(clause, Dated) and "(" in gap and adjoining(scope, last, clause)


def says_first_time(scope: Scope, last: Often, clause: Clause) -> bool:
    """ "Om de vier jaar wordt dit herhaald, voor het eerst in 2028": the first time, further on in the sentence."""
    if not isinstance(clause, Dated) or clause.start - last.end > NEAR or apart(scope, last.end, clause.start):
        return False
    return any("eerst" in scope.text.word(i) for i in range(clause.start, clause.end)) and Limit.FROM in clause.limits


BESIDE_A_RHYTHM = frozenset({"", ",", "(", "in", "de", "het", ":", "-", "en", "daarna", "vervolgens", "nadien"})


def replaced(scope: Scope, last: Dated, clause: Dated) -> bool:
    """One of the two took the place of the other, in the same sentence."""
    near = clause.start - last.end < NEAR
    between = range(last.end, clause.start)
    goes_on = any(is_now(scope, i) for i in between) and all(scope.text.mark(i) != "." for i in between)
    together = goes_on or not apart(scope, last.end, clause.start)
    return near and together and bool(succession(scope, (last, clause)).former)


NEAR = 16  # words between an old date and the new one


def apart(scope: Scope, i: int, j: int) -> bool:
    """A sentence ends between the tokens."""
    return any(scope.text.at(k).kind is TokenKind.BREAK or scope.text.mark(k) in (".", ";") for k in range(i, j))


def phrase(scope: Scope, group: list[Clause], around: Sentences) -> Found:
    """The words from the first clause to the last, with a closing bracket, and their reading."""
    text = scope.text
    first, last = group[0], group[-1]
    begin, end = first.start, last.end
    if isinstance(first, Dated) and season_meeting_at(scope, first):
        begin -= 1 + bool(text.mark(begin - 1))
    if text.mark(end) == ")" and any(text.mark(i) == "(" for i in range(begin, end)):
        end += 1
    start, stop = text.at(begin).start, text.at(end - 1).end
    written = " ".join(TAG.sub("", text.source[start:stop]).split())
    return Found(written, start, stop, noted(scope, combined(scope, group), group, around.around(begin)))


TAG = re.compile(r"<[^<>]{0,200}>")


def asks(reading: Reading) -> bool:
    """It names a moment, or says that one must be named."""
    return reading.kind is not ReadingKind.NONE or reading.doubtful
