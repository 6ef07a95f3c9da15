"""The yearly cycle: steps as data, and the deadlines that a year makes of them.

A step says when it falls (`before`, `by`, `window`, `every`, or some weeks before another step), who leads and who
takes part. A step with a source takes in the readings of that agreement that say the step's own moment, so that "5.9"
gives one deadline a year and not one from the cycle and one from the text; another date under that number stands beside
it (law L4).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cycle.domain.agreement import Agreement, AgreementReading
from cycle.domain.model import Draft, LadderKind, Origin, Reading
from cycle.domain.reading_rules import rule_of
from cycle.domain.rules import ONCE, Anchored, Anchors, Occurrence, Once, Relative, occurrences
from cycle.domain.settled_readings import settled_readings
from cycle.domain.step_times import Planned, step_drafts
from cycle.domain.taking_in import step_taking_in
from cycle.domain.year_steps import Step, step_called

Known = Mapping[str, Sequence[Anchored]]
"""The days that a covenant knows by itself (signing, term, school holidays) by what documents call them."""


def year_drafts(
    year: int,
    steps: Sequence[Step],
    agreements: Iterable[Agreement],
    planned: Planned | None = None,
    known: Known | None = None,
) -> tuple[Draft, ...]:
    """All deadlines of one year, by due date: those of the steps, then what the agreements ask beside them.

    `planned` holds the days that were set for meetings, by step name and occurrence.
    """
    hooks = Hooks(steps, planned or {}, known or {})
    named = {key for step in steps for key in step.keys}
    drafts = [draft for step in steps for draft in step_drafts(step, year, steps, hooks.planned)]
    for task in (task for agreement in agreements for task in agreement.tasks):
        mine = agreement_drafts(task, year, hooks)
        if mine and task.key in named:
            mine = tuple(one for one in mine if not step_taking_in((one.window_start, one.due), task, steps))
        drafts.extend(mine)
    return tuple(sorted(drafts, key=_by_due))


@dataclass(frozen=True, slots=True)
class Hooks:
    """All that a reading may hang on: the steps with the days that were set for them, and what the covenant knows."""

    steps: Sequence[Step]
    planned: Planned
    known: Known

    def hold(self, reading: Reading) -> bool:
        """Whether the reading hangs on something of this covenant."""
        return isinstance(reading.rule, Relative) and any(self._has(name) for name in reading.rule.to)

    def have_day_for(self, reading: Reading) -> bool:
        """Whether it hangs on something of which a day is settled, so that nobody need be asked."""
        if not isinstance(reading.rule, Relative):
            return False
        steps = [step for name in reading.rule.to if (step := step_called(name, self.steps)) is not None]
        has_day = any(one.before or one.by or one.name in {name for name, _time in self.planned} for one in steps)
        return has_day or any(name in self.known for name in reading.rule.to)

    def years_of(self, reading: Reading) -> set[int]:
        """The years in which something is due that hangs on a day which comes once, such as the signing."""
        if not isinstance(reading.rule, Relative):
            return set()
        days = [one.day for name in reading.rule.to for one in self.known.get(name, ()) if one.name == ONCE]
        times = [time for day in days for time in _hung_on(reading.rule, day.year, self)]
        return {time.due.year for time in times}

    def anchors(self, rule: Relative, year: int) -> Anchors:
        """The times in one year of what a rule hangs on."""
        return {name: self._times(name, year) for name in rule.to}

    def _has(self, name: str) -> bool:
        return name in self.known or step_called(name, self.steps) is not None

    def _times(self, name: str, year: int) -> list[Anchored]:
        if name in self.known:
            return [one for one in self.known[name] if one.day.year == year]
        step = step_called(name, self.steps)
        drafts = step_drafts(step, year, self.steps, self.planned) if step else ()
        return [self._time(draft) for draft in drafts if draft.due is not None]

    def _time(self, draft: Draft) -> Anchored:
        """The day that was set; without one a meeting may be on any day of its window. A letter has its last day."""
        due, day = draft.due or date.max, self.planned.get((draft.step, draft.occurrence))
        if day is not None or (draft.window_start is None and draft.kind is not LadderKind.MEETING):
            return Anchored(draft.occurrence, day or due)
        return Anchored(draft.occurrence, draft.window_start or due, due, is_open=True)


def agreement_drafts(agreement: Agreement, year: int, hooks: Hooks | None = None) -> tuple[Draft, ...]:
    """The deadlines of one agreement that fall in one year, without those of its further actions: what hangs on
    something, then what has days of its own."""
    hung = [one for one in agreement.readings if hooks and hooks.hold(one.reading)]
    own = agreement.readings if not hung else [one for one in agreement.readings if one not in hung]
    times = [(one, time) for one in hung if hooks and not one.is_former for time in _hung_in(one.reading, year, hooks)]
    times += [(one, time) for one in settled_readings(own) for time in _falls_in(one, year)]
    return tuple(_agreement_draft(agreement, one, time) for one, time in times)


def _hung_in(reading: Reading, year: int, hooks: Hooks) -> Iterable[Occurrence]:
    """The times due in one year of what hangs on something, which may itself lie in the year beside it."""
    if isinstance(reading.rule, Relative):
        for beside in (year - 1, year, year + 1):
            yield from (time for time in _hung_on(reading.rule, beside, hooks) if time.due.year == year)


def _hung_on(rule: Relative, year: int, hooks: Hooks) -> Sequence[Occurrence]:
    return occurrences(rule, year, hooks.anchors(rule, year))


def _agreement_draft(agreement: Agreement, reading: AgreementReading, time: Occurrence) -> Draft:
    return Draft(
        origin=Origin.AGREEMENT,
        action=agreement.action,
        slot=reading.slot,
        occurrence=time.name,
        title=agreement.title,
        kind=LadderKind.YEARLY if time.invented else LadderKind.ACTION,
        leads=agreement.leads,
        todo=agreement.text,
        number=agreement.number,
        theme=agreement.theme,
        window_start=time.start,
        due=time.due,
        invented=time.invented,
        doubtful=time.is_open or (reading.reading.doubtful and not time.anchor),
        via=agreement.via,
        source=reading.source,
        agreements=(agreement.key,),
        phrase=reading.phrase,
    )


def _falls_in(settled: AgreementReading, year: int) -> list[Occurrence]:
    """The times of a reading in one year, for as long as it holds."""
    rule, until, after = rule_of(settled.reading), settled.reading.until, settled.after
    times = occurrences(rule, year) if rule else ()
    if isinstance(rule, Once):
        return [*times]
    return [one for one in times if (until is None or one.due <= until) and (after is None or one.due > after)]


def _by_due(draft: Draft) -> tuple[date, str, str, str, str]:
    return (draft.due or date.max, draft.number, draft.step, draft.slot, draft.occurrence)
