"""The term of a framework agreement: what is asked as its end comes near, and behind it.

Its end is a step of the year like any other, with a ladder of its own: the secretariat and who leads what the agreement
says of its own term hear of it a year, half a year and three months before. What runs on behind its end is asked about
each year; what does not renew has no more reminders from then on. A term without an end is never told of.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from cycle.domain.agreement import Agreement
from cycle.domain.ladders import Ladder, RungRule, To, What
from cycle.domain.model import LadderKind, ReadingKind
from cycle.domain.words import day_words
from cycle.domain.year_steps import Step

TERM = "looptijd"
"""The step by which a table asks each year how long it goes on; its source is what is agreed about the term."""
TERM_END, RUNS_ON = "looptijd-einde", "looptijd-verder"
TERM_STEPS = (TERM, TERM_END, RUNS_ON)
BEFORE_THE_END = (-365, -182, -91)


@dataclass(frozen=True, slots=True)
class TermDays:
    """How long a framework agreement holds, as far as that is known; one that `renews` goes on by itself."""

    start: date | None = None
    end: date | None = None
    renews: bool = True

    @property
    def words(self) -> str:
        """ "van 1 januari 2026 tot en met 31 december 2029" """
        first = f"van {day_words(self.start)}" if self.start else "begin niet bekend,"
        return f"{first} tot en met {day_words(self.end)}" if self.end else f"{first} zonder einddatum"

    @property
    def ends_on(self) -> date | None:
        """The last day on which it holds; nothing where it goes on by itself, or nobody knows."""
        return None if self.renews else self.end


def term_ladders(asked: Ladder) -> dict[str, Ladder]:
    """The ladders of its steps: the end on three days, what runs on once a year. `asked` is how a yearly question is
    asked; whoever leads it is asked so, and the secretariat hears it with them."""
    both = (To.LEADS, To.SECRETARIAT)
    known = [RungRule(one.days, To.SECRETARIAT, What.KNOW) for one in asked if one.what is What.ASK]
    return {
        TERM: (*asked, *known),
        TERM_END: tuple(RungRule(days, to) for days in BEFORE_THE_END for to in both),
        RUNS_ON: tuple(RungRule(BEFORE_THE_END[-1], to) for to in both),
    }


def with_term_steps(steps: Sequence[Step], term: TermDays, chosen: Iterable[str]) -> tuple[Step, ...]:
    """The steps of the year with those that the term asks for; `chosen` are all that the table has, or had and put off.

    The table's own question about the term makes place for the end in its year, and is over when that is.
    """
    if term.end is None:
        return tuple(steps)
    own = next((step for step in steps if step.name == TERM), None)
    source = own.agreements if own is not None else ()
    asked = [_beside_the_end(step, term.end, term) if step is own else step for step in steps]
    asked.append(_step(TERM_END, "Einde van de looptijd", term, source, term.end, term.end))
    if term.renews and TERM not in set(chosen):
        asked.append(_step(RUNS_ON, "Looptijd van de afspraken", term, source, term.end + timedelta(days=1)))
    return tuple(asked)


def led(steps: Iterable[Step], agreements: Iterable[Agreement]) -> tuple[Step, ...]:
    """The steps of the term, led by who leads what is agreed about it."""
    leads: Mapping[int | str, tuple[str, ...]] = {one.key: one.leads for one in agreements}

    def with_leads(step: Step) -> Step:
        if step.name not in TERM_STEPS or step.leads:
            return step
        named = dict.fromkeys(slug for key in step.keys for slug in leads.get(key, ()))
        return replace(step, leads=tuple(named), joint=True) if named else step

    return tuple(with_leads(step) for step in steps)


def within(
    steps: Iterable[Step], agreements: Iterable[Agreement], term: TermDays
) -> tuple[tuple[Step, ...], tuple[Agreement, ...]]:
    """Steps and agreements that come round no more behind the end of the term that they belong to."""
    ends_on = term.ends_on
    if ends_on is None:
        return tuple(steps), tuple(agreements)
    held = (replace(step, valid_to=min(step.valid_to or ends_on, ends_on)) if step.keys else step for step in steps)
    return tuple(held), tuple(_held(one, ends_on) for one in agreements)


def _held(agreement: Agreement, ends_on: date) -> Agreement:
    readings = tuple(
        replace(one, reading=replace(one.reading, until=min(one.reading.until or ends_on, ends_on)))
        if one.reading.kind is ReadingKind.YEARLY
        else one
        for one in agreement.readings
    )
    return replace(agreement, readings=readings, actions=tuple(_held(one, ends_on) for one in agreement.actions))


def term_words(term: TermDays) -> str:
    """How long it holds, and what comes then."""
    if term.end is None:
        return "Tot wanneer de afspraken gelden, is niet bekend."
    if term.renews:
        return f"De afspraken gelden tot en met {day_words(term.end)} en lopen daarna vanzelf door, tot er nieuwe zijn."
    return f"De afspraken gelden tot en met {day_words(term.end)} en eindigen dan: ze lopen niet vanzelf door."


def term_notice(term: TermDays, today: date) -> str:
    """What is to be seen of the end in its last year, and behind it where nothing goes on; else nothing."""
    if term.end is None:
        return ""
    if today > term.end:
        over = f"De afspraken zijn geëindigd op {day_words(term.end)}. Er gaan geen herinneringen meer over uit."
        return "" if term.renews else f"{over} Alles blijft bewaard."
    silent = "" if term.renews else " Dan stoppen de herinneringen. Alles blijft bewaard."
    return f"{term_words(term)}{silent}" if (term.end - today).days <= -BEFORE_THE_END[0] else ""


def _beside_the_end(step: Step, end: date, term: TermDays) -> Step:
    valid_to = min(step.valid_to or date.max, term.ends_on or date.max)
    return replace(step, skipped=(*step.skipped, end.year), valid_to=None if valid_to == date.max else valid_to)


def _step(
    name: str, title: str, term: TermDays, source: tuple[str, ...], first: date, last: date | None = None
) -> Step:
    end = term.end or first
    todo = "Gaat u zo door, of maakt u nieuwe afspraken? Spreek het af."
    if not term.renews:
        todo = (
            "Maakt u nieuwe afspraken? Zonder nieuwe stoppen op die dag de herinneringen. "
            "Alles wat er staat, blijft bewaard."
        )
    return Step(
        name,
        title,
        LadderKind.DOCUMENT,
        by=(end.month, end.day),
        todo=f"{term_words(term)} {todo}",
        source=f"afspraak {', '.join(source)}" if source else "de looptijd van de afspraken",
        agreements=source,
        valid_from=first,
        valid_to=last,
    )
