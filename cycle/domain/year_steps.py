"""The steps of the year as data: what a table does each year, when, and who leads it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from cycle.domain.agreement import Agreement
from cycle.domain.model import AgreementKey, LadderKind
from cycle.domain.rules import EachPart, EachYear, Relative, Rule
from cycle.domain.year_days import DayBefore, OnDate

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
    of its source (see `step_taking_in`), `tied` those that a person tied to it. Without `leads` the secretariat leads.
    `body` is the table of people that meets, where it has a name of its own. What would fall before `valid_from`, after
    `valid_to` or in a year that is `skipped` is not asked: laws change, and a table may leave something out for a year.

    Once it is kept it has an `action`, and knows the agreements of its source whatever number they bear now: `keys` by
    the register (see `linked`), `numbers` as they are called today. `is_linked` says that this is kept too.
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
    action: int = 0
    keys: tuple[AgreementKey, ...] = ()
    numbers: tuple[str, ...] = ()
    theme: str = ""
    is_linked: bool = False
    body: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    skipped: tuple[int, ...] = ()
    tied: tuple[AgreementKey, ...] = ()

    def __post_init__(self) -> None:
        if not self.keys:
            object.__setattr__(self, "keys", self.agreements)
            object.__setattr__(self, "numbers", self.agreements)
            object.__setattr__(self, "theme", self.agreements[0].split(".")[0] if self.agreements else "")


@dataclass(frozen=True, slots=True)
class StepLinks:
    """What is kept of a step: its action, and the agreements of its source by the number that the settings name."""

    action: int
    sources: Mapping[str, int]


def step_called(name: str, steps: Sequence[Step]) -> Step | None:
    """The step that these words name: by its name or title, or as one of them ("verzending uitnodigingsbrief")."""
    words = name.lower().split()
    by_title = next((step for step in steps if name.lower() in (step.name, step.title.lower())), None)
    return by_title or next((step for step in steps if step.name in words or step.title.lower() in words), None)


def linked(steps: Iterable[Step], links: Mapping[str, StepLinks], agreements: Iterable[Agreement]) -> tuple[Step, ...]:
    """Steps with what is kept of them. A source that was linked before stays the same agreement, also where that holds
    no more; one that the register holds since goes by its number now, and is to be kept."""
    known = tuple(agreements)
    by_id, by_number = {one.id: one for one in known}, {one.number: one for one in known}

    def link(step: Step) -> Step:
        kept_so = links.get(step.name, StepLinks(0, {}))
        past = {number: key for number, key in kept_so.sources.items() if key not in by_id}
        named = {one: by_id.get(kept_so.sources.get(one, -1)) or by_number.get(one) for one in step.agreements}
        named |= {number: None for number in past if number in named}
        keys = {number: one.key if one else past.get(number, number) for number, one in named.items()}
        first = next(iter(named.values()), None)
        return replace(
            step,
            action=kept_so.action,
            keys=tuple(keys.values()),
            tied=tuple(keys[number] for number in step.agreements if number in step.tied),
            numbers=tuple(one.number if one else number for number, one in named.items() if number not in past),
            theme=first.theme if first and first.theme else step.theme,
            is_linked=bool(kept_so.action) and {**kept_so.sources} == sources_of(keys),
        )

    return tuple(link(step) for step in steps)


def sources_of(keys: Mapping[str, AgreementKey]) -> dict[str, int]:
    """The agreements among these keys that the register holds, by the number that named them."""
    return {number: key for number, key in keys.items() if isinstance(key, int)}


def belongs_to(text: str, steps: Sequence[str]) -> str:
    """The step at which an agreement comes up, when its text names one ("in de bouwtafel")."""
    words = text.lower()
    return next((name for name in steps if name in words), "")


def rule_of_step(step: Step) -> Rule:
    """When a step comes round."""
    if step.weeks_before is not None:
        return Relative(step.relative_to, -7 * step.weeks_before)
    if step.every is not None:
        return EachPart(PARTS[step.every])
    if step.before is not None:
        return EachYear(DayBefore(OnDate(*step.before)))
    if step.by is not None:
        return EachYear(OnDate(*step.by))
    if step.window is None:
        raise ValueError(f"step {step.name} has no moment")
    return EachYear(OnDate(*step.window[1]), OnDate(*step.window[0]))
