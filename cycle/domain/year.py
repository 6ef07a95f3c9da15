"""The yearly cycle: steps as data, and the deadlines that a year makes of them.

A step says when it falls (`before`, `by`, `window`, `every`, or some weeks before another step), who leads and who
takes part. A step with a source takes in the readings of that agreement that say the step's own moment, so that "5.9"
gives one deadline a year and not one from the cycle and one from the text; another date under that number stands beside
it (law L4).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from cycle.domain.action_titles import called, told_apart
from cycle.domain.model import AgreementKey, Draft, LadderKind, Origin, Reading, ReadingKind
from cycle.domain.rules import (
    ONCE,
    Anchored,
    Anchors,
    DayBefore,
    EachPart,
    EachYear,
    MonthEnd,
    Occurrence,
    Once,
    OnDate,
    Relative,
    Rule,
    SeveralAYear,
    YearDay,
    occurrences,
    parts_of,
    words_of,
)
from cycle.domain.words import MONTHS, reading_words

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


@dataclass(frozen=True, slots=True)
class AgreementReading:
    """A reading with the place it has in the register: `slot` is its lasting name within its action, `ref` the one that
    a document knows it by, unique within the covenant.

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
    slot: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """A numbered agreement as the year needs it; `leads` are those of the agenda where it names any.

    `id` and `action` are 0 for one that the register does not hold. `framework` is its text there, where `text` is that
    of the agenda. `actions` are the further ones under its number, each with its own words, leads and readings. With a
    reason in `standing` no round asks about it.
    """

    number: str
    theme: str
    topic: str
    text: str
    leads: tuple[str, ...]
    readings: tuple[AgreementReading, ...] = ()
    via: str = ""
    id: int = 0
    action: int = 0
    framework: str = ""
    actions: tuple["Agreement", ...] = ()
    standing: str = ""

    @property
    def tasks(self) -> tuple["Agreement", ...]:
        """All that is to be done under this number: what the agreement itself asks, and its further actions, each
        called as nothing else there."""
        if not self.actions:
            return (self,)
        titles = told_apart([self, *self.actions])
        return tuple(replace(one, topic=title) for one, title in zip((self, *self.actions), titles, strict=True))

    @property
    def title(self) -> str:
        """What people read: its topic, and where it has none its first words."""
        return called(self.topic, self.text or self.framework)

    @property
    def key(self) -> AgreementKey:
        """How whoever is named for it names it."""
        return self.id or self.number


Planned = Mapping[tuple[str, str], date]
_DATED = (ReadingKind.ONCE, ReadingKind.YEARLY)


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


def step_called(name: str, steps: Sequence[Step]) -> Step | None:
    """The step that these words name: by its name or title, or as one of them ("verzending uitnodigingsbrief")."""
    words = name.lower().split()
    by_title = next((step for step in steps if name.lower() in (step.name, step.title.lower())), None)
    return by_title or next((step for step in steps if step.name in words or step.title.lower() in words), None)


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
    times = occurrences(rule_of_step(step), year, _anchors(step, year, steps, {}))
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


def step_drafts(step: Step, year: int, steps: Sequence[Step], planned: Planned) -> tuple[Draft, ...]:
    """The deadlines of one step in one year."""
    if year in step.skipped:
        return ()
    anchors = _anchors(step, year, steps, planned)
    times = occurrences(rule_of_step(step), year, anchors)
    return tuple(_step_draft(step, time) for time in times if _is_valid(step, time.due))


def _is_valid(step: Step, day: date) -> bool:
    return (step.valid_from is None or step.valid_from <= day) and (step.valid_to is None or day <= step.valid_to)


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
    start, due = _in_year(yearly, vague.due.year)
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


def rule_of(reading: Reading) -> Rule | None:
    """When a reading comes round; nothing for one without a day.

    Of a yearly reading the first time gives day and month. More than once a year: the year in equal parts when the
    first time is such a part, else the further readings in `others`. Less than once: only each so many years.
    """
    if (reading.rule and not isinstance(reading.rule, Relative)) or reading.due is None or reading.kind not in _DATED:
        return reading.rule
    if reading.kind is ReadingKind.ONCE:
        return Once(reading.due, reading.window_start)
    per_year, first = reading.per_year or 1, reading.due.year
    parts, every = max(1, round(per_year)), round(1 / per_year) if per_year < 1 else 1
    if 12 % parts == 0 and (reading.window_start, reading.due) in parts_of(first, parts):
        return EachPart(parts, first, every, reading.until)
    further = [other for other in reading.others if other.due] if per_year > 1 else []
    if not further:
        return replace(_each_year(reading), first=first, every=every, until=reading.until)
    return SeveralAYear(tuple(_each_year(one) for one in (reading, *further)), first, reading.until)


def words_of_reading(reading: Reading) -> str:
    """What a phrase is read as, in a few words: when, how it comes round, or why there is no date."""
    if isinstance(reading.rule, Relative) and reading.due is None:
        return f"{words_of(reading.rule)}, zodra die dag bekend is"
    if reading.rule is None:
        return reading_words(reading.window_start, reading.due, yearly=bool(reading.per_year))
    return f"{words_of(reading.rule)}, eerst {reading_words(reading.window_start, reading.due, yearly=False)}"


def _each_year(reading: Reading) -> EachYear:
    """The days of a yearly reading in whatever year. Nothing moves later: a single 28 February stays that day, while a
    period that ran to the end of February still does."""
    if isinstance(reading.rule, EachYear):
        return reading.rule
    if reading.due is None:
        raise ValueError("a reading without a due date does not come back")
    start, due = reading.window_start, OnDate(reading.due.month, reading.due.day)
    if start is None:
        return EachYear(due)
    is_end_of_february = reading.due.month == 2 and (reading.due + timedelta(days=1)).month == 3
    last: YearDay = MonthEnd(2) if start < reading.due and is_end_of_february else due
    return EachYear(last, OnDate(start.month, start.day), reading.due.year - start.year)


def _in_year(yearly: Reading, year: int) -> tuple[date | None, date]:
    """Window and last day in a year, of a reading that has a day."""
    [time] = occurrences(_each_year(yearly), year)
    return time.start, time.due


def _anchors(step: Step, year: int, steps: Sequence[Step], planned: Planned) -> Anchors:
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
