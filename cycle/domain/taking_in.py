"""Which step takes in what an agreement asks, so that it is not asked twice (law L4)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from cycle.domain.agreement import Agreement
from cycle.domain.rules import occurrences
from cycle.domain.step_times import anchors_of
from cycle.domain.year_steps import Step, rule_of_step

Span = tuple[date | None, date | None]
"""From when (if that is said) until when something is asked."""


def steps_about(agreement: Agreement, steps: Iterable[Step]) -> tuple[Step, ...]:
    """The steps of which the agreement is the source, and that it speaks of: a number that now means something else
    makes nothing of the year's."""
    return tuple(step for step in steps if agreement.key in step.keys and _speaks_of(agreement, step))


def step_taking_in(span: Span, agreement: Agreement, steps: Sequence[Step]) -> Step | None:
    """The step whose own moment is all that this asks; None when it stands beside the steps. What has no day is left
    to the step that the agreement speaks of. One that a person tied to a step need not speak of it, but then asks just
    its moment, and no wider frame."""
    start, due = span
    spoken_of = steps_about(agreement, steps)
    for step in (*spoken_of, *(one for one in steps if agreement.key in one.tied and one not in spoken_of)):
        if due is None:
            if step in spoken_of:
                return step
            continue
        more = timedelta(days=step.before is not None)  # "uiterlijk 1 april" is what others call "vóór 1 april"
        says = _says if step in spoken_of else _says_just
        if any(says(start, due, moment, more) for moment in _moments_of(step, due.year, steps)):
            return step
    return None


def _moments_of(step: Step, year: int, steps: Sequence[Step]) -> list[tuple[date | None, date]]:
    """When a step falls in a year; one without a day of its own also when the meeting does at which it comes up."""
    times = occurrences(rule_of_step(step), year, anchors_of(step, year, steps, {}))
    moments = [(one.start, one.due) for one in times]
    meeting = next((one for one in steps if one.name == step.via and one is not step), None)
    if meeting is not None and any(one.invented for one in times):
        moments += _moments_of(replace(meeting, via=""), year, steps)
    return moments


def _says(start: date | None, due: date, moment: tuple[date | None, date], more: timedelta) -> bool:
    """Whether a period is that moment, or only a wider frame around it; a narrower one is a day of its own."""
    first, last = moment
    return last <= due <= last + more if start in (None, due) else start <= (first or last) and last <= due


def _says_just(start: date | None, due: date, moment: tuple[date | None, date], more: timedelta) -> bool:
    """Whether a period is that moment and nothing else."""
    first, last = moment
    return last <= due <= last + more and (start in (None, due) or start == first)


def _speaks_of(agreement: Agreement, step: Step) -> bool:
    """Whether an agreement is about a step: it has a word of its name, or some of what is to be done."""
    said = f"{agreement.topic} {agreement.text} {agreement.framework}"
    words = _words_of(_IN_CONSULTATION.sub(" ", said.lower()))
    named, to_do = _words_of(f"{step.name} {step.title}".lower()), _words_of(step.todo.lower())
    is_named = any(word in name or name in word for word in words for name in named)
    return not said.strip() or is_named or len(words & to_do) >= _MANY_WORDS


def _words_of(text: str) -> frozenset[str]:
    return _tokens(text) - _SAY_LITTLE


def _tokens(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W\d_]{5,}", text))


_MANY_WORDS = 2
_IN_CONSULTATION = re.compile(r"\b(?:in|na) (?:\w+ )?overleg\b|\boverleg(?:gen)? met\b")
_SAY_LITTLE = _tokens(
    "afspraak afspraken partij partijen gemeente gemeenten corporatie corporaties huurder huurders woning woningen "
    "jaarlijks jaarlijkse minste uiterlijk nieuwe andere worden wordt hebben tussen daarvan hierbij bestuur deze onder "
    "bespreek bespreken maken"
)
"""Words that nearly every agreement has, and that tell nothing of what it is about."""
