"""The yearly cycle: steps as data, and the deadlines that a year makes of them.

A step says when it falls (`before`, `by`, `window`, `every`, or some weeks before another step), who leads and who
takes part. A step with a source *absorbs* the readings of that agreement, so that "5.9" gives one deadline a year and
not one from the cycle and one from the text.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from cycle.domain.model import Draft, LadderKind, Origin, Reading, ReadingKind
from cycle.domain.words import MONTHS

MonthDay = tuple[int, int]


class Every(StrEnum):
    """A standing duty without a date of its own: once in each such period."""

    YEAR = "year"
    HALF_YEAR = "half-year"
    QUARTER = "quarter"
    MONTH = "month"


PARTS = {Every.YEAR: 1, Every.HALF_YEAR: 2, Every.QUARTER: 4, Every.MONTH: 12}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the year. Exactly one of `before`, `by`, `window`, `every` and `weeks_before` is set.

    `before` is strict (the last day is the day before), `by` counts itself. `weeks_before` counts back from each of
    the `relative_to` steps: from its planned day, or else from the start of its window. `agreements` are the numbers
    of its source, whose readings it absorbs. Without `leads` the secretariat leads.
    """

    name: str
    title: str
    kind: LadderKind
    before: MonthDay | None = None
    by: MonthDay | None = None
    window: tuple[MonthDay, MonthDay] | None = None
    every: Every | None = None
    weeks_before: int | None = None
    relative_to: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()
    todo: str = ""
    via: str = ""
    joint: bool = False
    source: str = ""
    agreements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AgreementReading:
    """A reading with the place it has in the register: `ref` is its lasting name, unique within the covenant.

    `is_former` marks a phrase of an older agenda than the newest; `after` is the day up to which that older agenda
    still gives the occurrences.
    """

    ref: str
    phrase: str
    reading: Reading
    from_agenda: bool = False
    source: str = ""
    is_former: bool = False
    after: date | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """A numbered agreement as the year needs it; `leads` are those of the agenda where it names any."""

    number: str
    theme: str
    topic: str
    text: str
    leads: tuple[str, ...]
    readings: tuple[AgreementReading, ...] = ()
    via: str = ""


Planned = Mapping[tuple[str, str], date]
_DATED = (ReadingKind.ONCE, ReadingKind.YEARLY)


def year_drafts(
    year: int, steps: Sequence[Step], agreements: Iterable[Agreement], planned: Planned | None = None
) -> tuple[Draft, ...]:
    """All deadlines of one year, by due date: those of the steps, then what the agreements ask beside them.

    `planned` holds the days that were set for meetings, by step name and occurrence.
    """
    absorbed = {number for step in steps for number in step.agreements}
    drafts = [draft for step in steps for draft in step_drafts(step, year, steps, planned or {})]
    for agreement in agreements:
        if agreement.number not in absorbed:
            drafts.extend(draft for draft in agreement_drafts(agreement, year))
    return tuple(sorted(drafts, key=_by_due))


def step_drafts(step: Step, year: int, steps: Sequence[Step], planned: Planned) -> tuple[Draft, ...]:
    """The deadlines of one step in one year."""
    if step.weeks_before is not None:
        return _relative_drafts(step, year, steps, planned)
    if step.every is not None:
        return _standing_drafts(step, step.every, year)
    start, due = _dated(step, year)
    return (_step_draft(step, str(year), start, due),)


def agreement_drafts(agreement: Agreement, year: int) -> tuple[Draft, ...]:
    """The deadlines of one agreement that fall in one year."""
    return tuple(
        _agreement_draft(agreement, kept, occurrence, start, due)
        for kept in settled_readings(agreement.readings)
        for occurrence, start, due in _falls_in(kept, year)
    )


def belongs_to(text: str, steps: Sequence[str]) -> str:
    """The step at which an agreement comes up, when its text names one ("in de bouwtafel")."""
    words = text.lower()
    return next((name for name in steps if name in words), "")


def settled_readings(readings: Sequence[AgreementReading]) -> tuple[AgreementReading, ...]:
    """Which readings of one agreement count (design section 4).

    Per kind the agenda wins from the framework, but an exact day in the framework settles a vaguer phrase of the
    agenda in the same year. Within one text a narrower phrase replaces the wider one around it. What an older agenda
    asked stays beside the newest, for only a person carries it over or drops it.
    """
    if len(readings) < 2:  # as most agreements have it: nothing to weigh
        return tuple([one for one in readings if one.reading.due and one.reading.kind in _DATED])
    framework = [one for one in readings if not one.from_agenda and one.reading.due]
    settled: list[AgreementReading] = []
    for kind in _DATED:
        agenda = [one for one in readings if one.from_agenda and one.reading.kind is kind and one.reading.due]
        for former in (True, False):
            mine = [one for one in agenda if one.is_former is former]
            settled.extend(_narrowest([settled_by(one, framework) or one for one in mine]))
        if all(one.is_former for one in agenda):
            own = [one for one in framework if one.reading.kind is kind]
            settled.extend(_narrowest(_beside_former(own, agenda)))
    return tuple({one.ref: one for one in reversed(settled)}.values())[::-1]


def settled_by(vague: AgreementReading, framework: Iterable[AgreementReading]) -> AgreementReading | None:
    """The framework's exact day that settles a vaguer phrase of the agenda in the same year, if there is one.

    A yearly day does so too: "voorjaar 2023" where the framework says "in het voorjaar (uiterlijk 1 juli)" (5.3).
    """
    for reading_of_text in framework:
        if reading_of_text.reading.kind is vague.reading.kind:
            if reading_of_text.reading.window_start in (None, reading_of_text.reading.due) and _holds(
                vague.reading, reading_of_text.reading
            ):
                return reading_of_text
        elif reading_of_text.reading.kind is ReadingKind.YEARLY and _has_its_day_in(
            reading_of_text.reading, vague.reading
        ):
            return reading_of_text
    return None


def _has_its_day_in(yearly: Reading, vague: Reading) -> bool:
    """Whether a yearly reading names a day (not only the end of a month) for the same time of that year."""
    if yearly.due is None or vague.due is None or vague.window_start is None or vague.due.year < yearly.due.year:
        return False
    start, due = _moved(yearly, vague.due.year - yearly.due.year)
    if start in (None, due):
        return vague.window_start <= due <= vague.due
    names_a_day = (due + timedelta(days=1)).day != 1
    return names_a_day and start is not None and start <= vague.due and vague.window_start <= due


def _beside_former(framework: list[AgreementReading], former: list[AgreementReading]) -> list[AgreementReading]:
    """The framework where only an older agenda spoke: it repeats on from there, and asks nothing once again."""
    ends = [one.reading.until for one in former if one.reading.until]
    if not former:
        return framework
    return [replace(one, after=max(ends)) for one in framework if one.reading.kind is ReadingKind.YEARLY and ends]


def _narrowest(readings: Sequence[AgreementReading]) -> list[AgreementReading]:
    """Without the readings that only put a wider frame around another; of equal ones the first stays."""
    narrowest: list[AgreementReading] = []
    for reading in readings:
        rivals = [other for other in readings if other is not reading and _holds(reading.reading, other.reading)]
        wider = any(not _holds(other.reading, reading.reading) for other in rivals)
        twin = any(_same_span(other.reading, reading.reading) for other in narrowest)
        if not wider and not twin:
            narrowest.append(reading)
    return narrowest


def _holds(outer: Reading, inner: Reading) -> bool:
    """Whether the inner period lies within the outer one."""
    if outer.due is None or inner.due is None or outer.window_start is None:
        return False
    inner_start = inner.window_start or inner.due
    return outer.window_start <= inner_start and inner.due <= outer.due


def _same_span(reading: Reading, other: Reading) -> bool:
    return (reading.window_start, reading.due, reading.per_year) == (other.window_start, other.due, other.per_year)


def _dated(step: Step, year: int) -> tuple[date | None, date]:
    """The window and last day of a step with a date."""
    if step.before is not None:
        return None, _day(year, step.before) - timedelta(days=1)
    if step.by is not None:
        return None, _day(year, step.by)
    if step.window is None:
        raise ValueError(f"step {step.name} has no moment")
    return _day(year, step.window[0]), _day(year, step.window[1])


def _standing_drafts(step: Step, every: Every, year: int) -> tuple[Draft, ...]:
    """One deadline per period; the last day of the period is invented, no document names it."""
    parts = PARTS[every]
    return tuple(
        _step_draft(step, str(year) if parts == 1 else f"{year}-{part + 1}", start, due, invented=True)
        for part, (start, due) in enumerate(_parts_of(year, parts))
    )


def _parts_of(year: int, parts: int) -> list[tuple[date, date]]:
    """First and last day of each equal part of a year, in whole months."""
    months = 12 // parts
    starts = [date(year, 1 + part * months, 1) for part in range(parts)] + [date(year + 1, 1, 1)]
    return [(first, after - timedelta(days=1)) for first, after in pairwise(starts)]


def _relative_drafts(step: Step, year: int, steps: Sequence[Step], planned: Planned) -> tuple[Draft, ...]:
    """Some weeks before each occurrence of the named steps."""
    by_name = {one.name: one for one in steps}
    drafts = []
    for name in step.relative_to:
        for target in step_drafts(by_name[name], year, steps, planned):
            anchor = planned.get((name, target.occurrence)) or target.window_start or target.due
            if anchor is not None:
                due = anchor - timedelta(weeks=step.weeks_before or 0)
                drafts.append(_step_draft(step, f"{target.occurrence}-{name}", None, due, via=name))
    return tuple(drafts)


def _step_draft(
    step: Step, occurrence: str, start: date | None, due: date, *, invented: bool = False, via: str = ""
) -> Draft:
    return Draft(
        origin=Origin.STEP,
        origin_ref=step.name,
        occurrence=occurrence,
        title=step.title,
        kind=step.kind,
        leads=step.leads,
        participants=step.participants,
        todo=step.todo,
        number=", ".join(step.agreements[:1]),
        theme=step.agreements[0].split(".")[0] if step.agreements else "",
        window_start=start,
        due=due,
        invented=invented,
        via=via or step.via,
        joint=step.joint,
        source=step.source,
        agreements=step.agreements,
        phrase=_phrase(step),
    )


def _phrase(step: Step) -> str:
    """How the step names its own day: "vóór 1 april", "uiterlijk 1 juli"."""
    if step.before is not None:
        return f"vóór {step.before[1]} {MONTHS[step.before[0] - 1]}"
    if step.by is not None:
        return f"uiterlijk {step.by[1]} {MONTHS[step.by[0] - 1]}"
    return ""


def _agreement_draft(
    agreement: Agreement, reading: AgreementReading, occurrence: str, start: date | None, due: date
) -> Draft:
    invented = _is_invented(reading.reading, start, due)
    return Draft(
        origin=Origin.AGREEMENT,
        origin_ref=reading.ref,
        occurrence=occurrence,
        title=agreement.topic,
        kind=LadderKind.YEARLY if invented else LadderKind.ACTION,
        leads=agreement.leads,
        todo=agreement.text,
        number=agreement.number,
        theme=agreement.theme,
        window_start=start,
        due=due,
        invented=invented,
        doubtful=reading.reading.doubtful,
        via=agreement.via,
        source=reading.source,
        agreements=(agreement.number,),
        phrase=reading.phrase,
    )


def _is_invented(reading: Reading, start: date | None, due: date) -> bool:
    """Whether the last day is only the end of a period ("jaarlijks", "per kwartaal") that no document names."""
    if reading.kind is not ReadingKind.YEARLY or start is None:
        return False
    per_year = reading.per_year or 1
    if per_year < 1:
        return (start.month, start.day, due.month, due.day) == (1, 1, 12, 31)
    return 12 % round(per_year) == 0 and (start, due) in _parts_of(due.year, round(per_year))


def _falls_in(settled: AgreementReading, year: int) -> list[tuple[str, date | None, date]]:
    """Occurrence, window and last day of a reading in one year."""
    reading = settled.reading
    if reading.due is None:
        return []
    if reading.kind is ReadingKind.ONCE:
        return [("once", reading.window_start, reading.due)] if reading.due.year == year else []
    return [
        (f"{year}-{slot + 1}" if len(slots) > 1 else str(year), start, due)
        for slots in [_slots(reading, year)]
        for slot, (start, due) in enumerate(slots)
        if (reading.until is None or due <= reading.until) and (settled.after is None or due > settled.after)
    ]


def _slots(reading: Reading, year: int) -> list[tuple[date | None, date]]:
    """The periods of a yearly reading in one year.

    The first occurrence gives day and month. More than once a year: the year in equal parts when the first occurrence
    is such a part, else the further readings in `others`. Less than once: only the years that keep step with it.
    """
    if reading.due is None:
        return []
    first = reading.due.year
    per_year = reading.per_year or 1
    if per_year < 1:
        return [_moved(reading, year - first)] if year >= first and (year - first) % round(1 / per_year) == 0 else []
    if year < first or per_year == 1:
        return [_moved(reading, year - first)] if year >= first else []
    parts = _parts_of(year, round(per_year)) if 12 % round(per_year) == 0 else []
    start, due = _moved(reading, year - first)
    if (start, due) in parts:
        return [*parts]
    return [(start, due), *(_moved(other, year - other.due.year) for other in reading.others if other.due)]


def _moved(reading: Reading, years: int) -> tuple[date | None, date]:
    """The window and last day of a reading some years on. Nothing moves later: a single 28 February stays that day,
    while a period that ran to the end of February still does."""
    if reading.due is None:
        raise ValueError("a reading without a due date does not come back")
    start = reading.window_start
    is_period = start is not None and start < reading.due
    due = _month_end_on(reading.due, years) if is_period else _years_on(reading.due, years)
    return (_years_on(start, years) if start else None), due


def _month_end_on(day: date, years: int) -> date:
    """The same day some years on, where a last day of February stays the last."""
    is_last_of_february = day.month == 2 and (day + timedelta(days=1)).month == 3
    return date(day.year + years, 3, 1) - timedelta(days=1) if is_last_of_february else _years_on(day, years)


def _years_on(day: date, years: int) -> date:
    """The same day some years on; 29 February becomes the 28th in a year that has none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 2, 28)


def _day(year: int, month_day: MonthDay) -> date:
    """A month and day in a year; 29 February becomes the last day of February."""
    month, day = month_day
    if (month, day) == (2, 29):
        return date(year, 3, 1) - timedelta(days=1)
    return date(year, month, day)


def _by_due(draft: Draft) -> tuple[date, str, str, str]:
    return (draft.due or date.max, draft.number, draft.origin_ref, draft.occurrence)
