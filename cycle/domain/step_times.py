"""The deadlines that one step gives in one year."""

from collections.abc import Mapping, Sequence
from datetime import date

from cycle.domain.model import Draft, Origin
from cycle.domain.rules import Anchored, Anchors, Occurrence, occurrences
from cycle.domain.words import MONTHS
from cycle.domain.year_steps import Step, rule_of_step

Planned = Mapping[tuple[str, str], date]
"""The days that were set for meetings, by step and occurrence."""


def step_drafts(step: Step, year: int, steps: Sequence[Step], planned: Planned) -> tuple[Draft, ...]:
    """The deadlines of one step in one year."""
    if year in step.skipped:
        return ()
    times_hung_on = anchors_of(step, year, steps, planned)
    times = occurrences(rule_of_step(step), year, times_hung_on)
    return tuple(_step_draft(step, time) for time in times if _is_valid(step, time.due))


def _is_valid(step: Step, day: date) -> bool:
    return (step.valid_from is None or step.valid_from <= day) and (step.valid_to is None or day <= step.valid_to)


def anchors_of(step: Step, year: int, steps: Sequence[Step], planned: Planned) -> Anchors:
    """The days on which a step hangs: of each time the planned one, or else the start of its window."""
    by_name = {one.name: one for one in steps}
    return {
        name: [
            Anchored(draft.occurrence, planned.get((name, draft.occurrence)) or draft.window_start or draft.due)
            for draft in step_drafts(by_name[name], year, steps, planned)
            if draft.due is not None
        ]
        for name in step.relative_to
    }


def _step_draft(step: Step, time: Occurrence) -> Draft:
    return Draft(
        origin=Origin.STEP,
        action=step.action,
        step=step.name,
        occurrence=time.name,
        title=step.title,
        kind=step.kind,
        leads=step.leads,
        participants=step.participants,
        todo=step.todo,
        number=", ".join(step.numbers[:1]),
        theme=step.theme,
        window_start=time.start,
        due=time.due,
        invented=time.invented,
        via=time.anchor or step.via,
        joint=step.joint,
        source=step.source,
        agreements=step.keys,
        phrase=_phrase(step),
    )


def _phrase(step: Step) -> str:
    """How the step names its own day: "vóór 1 april", "uiterlijk 1 juli"."""
    if step.before is not None:
        return f"vóór {step.before[1]} {MONTHS[step.before[0] - 1]}"
    if step.by is not None:
        return f"uiterlijk {step.by[1]} {MONTHS[step.by[0] - 1]}"
    return ""
