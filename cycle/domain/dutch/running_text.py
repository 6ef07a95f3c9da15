"""The deadline phrases inside running text, in order, without the traps."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from cycle.domain.dutch.clauses import Clause, Dated, Open, Trap, clauses
from cycle.domain.dutch.frequency import Often
from cycle.domain.dutch.meeting_names import season_meeting_at
from cycle.domain.dutch.moment import Reference, as_reference
from cycle.domain.dutch.reading import adjoining, combined, is_readable_from
from cycle.domain.dutch.scope import Scope
from cycle.domain.dutch.tokens import SourceText
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
    phrases = (phrase(scope, group) for group in groups(scope))
    return tuple(found for found in phrases if found and asks(found.reading))


def groups(scope: Scope) -> Iterator[list[Clause]]:
    """Clauses that belong together: a frequency with its period, a season with the day in brackets behind it."""
    group: list[Clause] = []
    for clause in clauses(scope):
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
    rhythm = sum(isinstance(part, Often) for part in (*group, clause)) == 1
    if rhythm:
        return len(gap) < 4 and all(sign in ("", ",", "(", "in", "de", "het", ":", "-", "en") for sign in gap)
    return isinstance(last, Dated) and isinstance(clause, Dated) and "(" in gap and adjoining(scope, last, clause)


def phrase(scope: Scope, group: list[Clause]) -> Found | None:
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
    return Found(written, start, stop, combined(scope, group))


TAG = re.compile(r"<[^<>]{0,200}>")


def asks(reading: Reading) -> bool:
    """It names a moment, or says that one must be named."""
    return reading.kind is not ReadingKind.NONE or reading.doubtful
