"""The year of a table, as its secretariat makes it: which steps it has, and what it does differently in each.

What is chosen stands in the `overrides` of the covenant, as covenant.toml would have it; only what differs from
config.toml and the library is kept, so that all else follows those. `at_desk` names the steps that were changed here.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from cycle.actions.deadlines.deciding.closing import Settled
from cycle.actions.deadlines.deciding.habits import habits_in_words, with_habits
from cycle.actions.deadlines.deciding.rung_lines import rung_line
from cycle.actions.deadlines.upkeep.year_upkeep import keep_covenant
from cycle.actions.office.covenant_view import CovenantView, steps_of, views
from cycle.actions.office.logbook import note
from cycle.actions.office.office import Office
from cycle.actions.office.versions import refuse_changed
from cycle.domain.step_words import moment_words
from cycle.domain.words import day_words, joined
from cycle.domain.year_steps import linked
from cycle.errors import Refused, SettingsError
from cycle.settings import Settings, StepSettings, validated, with_overrides
from cycle.settings.library import library
from cycle.settings.overrides import base_steps
from cycle.settings.written import WHEN, as_written, own_fields
from cycle.store import actions, covenants, register
from cycle.store.database import Session
from cycle.store.ids import id_of
from cycle.store.tables import Covenant

THE_YEAR = "jaar van de tafel"
"""What the logbook calls it."""
AT_DESK = "at_desk"
MOST_STEPS = 80


@dataclass(frozen=True, slots=True)
class YearWish:
    """Another year for a table. `fields` says what is wanted of some steps, with the keys and words of covenant.toml; a
    step that is not there yet is one of its own, and a `source` has agreements by their numbers of today. `chosen` are
    names from config.toml or the library that come in.

    `ladders` says by kind of step when it is told, `reading` by word which months it means; both as covenant.toml.
    """

    fields: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    chosen: tuple[str, ...] = ()
    ladders: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    reading: Mapping[str, Any] = field(default_factory=dict)


def change_year(
    office: Office, covenant_id: int, wish: YearWish, now: datetime, *, by: str = "", version: str = ""
) -> Settled:
    """Gives a table another year; its deadlines follow at once.

    Raises SettingsError with what is wrong by the key of a step, Changed when it is not what the page of this
    `version` showed, or Refused for a step that names an unknown party.
    """
    with office.database.writing() as session:
        return apply_wish(session, office.settings, covenant_id, wish, now, by=by, version=version)


def apply_wish(
    session: Session,
    settings: Settings,
    covenant_id: int,
    wish: YearWish,
    now: datetime,
    *,
    by: str = "",
    version: str = "",
) -> Settled:
    """The same in the transaction of the caller, who may also only look at what comes of it."""
    covenants.lock(session, covenant_id)
    row = session.get_one(Covenant, covenant_id)
    refuse_changed(session, version, THE_YEAR, covenant_id, row)
    was, wish = _by_the_numbers_of_today(session, settings, row, wish)
    overrides = _wanted_overrides(settings, row, was, wish)
    own = with_overrides(settings, overrides, row.slug)
    steps_of(own, covenants.parties(session, covenant_id), covenants.groups(session, covenant_id))
    said = [*_changes_in_words(was, own), *habits_in_words(was, own)]
    if not said:
        return Settled("Het jaar van deze tafel", "stond al zo", changed=False)
    row.overrides = overrides
    session.add(row)
    session.flush()
    note(session, now, by, "stappen gewijzigd", THE_YEAR, "; ".join(said), covenant_id)
    keep_covenant(session, views(session, settings, [covenant_id])[covenant_id], now)
    return Settled("Het jaar van deze tafel", f"is bewaard: {'; '.join(said)}", changed=True)


def _by_the_numbers_of_today(
    session: Session, settings: Settings, row: Covenant, wish: YearWish
) -> tuple[Settings, YearWish]:
    """How the year was, and what is wanted of it. A person names agreements by the numbers of today, where settings may
    name them by older ones: whoever makes a step stand for others has all of them named anew."""
    was, covenant_id = with_overrides(settings, row.overrides, row.slug), id_of(row)
    steps = [was.steps[name].step(name, (), ()) for name in wish.fields if name in was.steps]
    links, held = actions.links_of_steps(session, [covenant_id])[covenant_id], register.agreements(session, covenant_id)
    numbers, fields = {one.key: one.number for one in held}, dict(wish.fields)
    own = {name: dict(step) for name, step in row.overrides.get("steps", {}).items()}
    for step in linked([one for one in steps if "source" in fields[one.name]], links, held):
        if set(fields[step.name]["source"]) == set(step.numbers):
            fields[step.name] = {**fields[step.name], "source": list(step.agreements)}
            continue
        keys = zip(step.agreements, step.keys, strict=True)
        names = {old: numbers.get(key, old) for old, key in keys if key in numbers or isinstance(key, str)}
        actions.name_sources_anew(session, step.action, names)
        tied = [names[old] for old in was.steps[step.name].tied if old in names]
        own[step.name] = own.get(step.name, {}) | {"source": list(dict.fromkeys(names.values())), "tied": tied}
    return with_overrides(settings, row.overrides | {"steps": own}, row.slug), replace(wish, fields=fields)


def step_words(name: str, steps: Mapping[str, StepSettings]) -> str:
    """One step of a table in a line: when it is and who leads; or that it is off, or not there."""
    if name not in steps:
        return "staat er niet in"
    step = steps[name]
    when = moment_words(step.step(name, (), ()), {other: one.title for other, one in steps.items()})
    said = [f"“{step.title}”", when, f"trekkers {_told(step.leads)}", f"deelnemers {_told(step.participants)}"]
    return ", ".join([*said, *(["uitgezet"] if step.off else [])])


def name_for(title: str, taken: Iterable[str]) -> str:
    """A short name for a new step, that no other has."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().casefold()
    name, names = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40] or "stap", set(taken)
    return next(one for one in (name, *(f"{name}-{number}" for number in range(2, 999))) if one not in names)


def names_taken(view: CovenantView, settings: Settings) -> set[str]:
    """All names that mean a step already, also of steps that this table does not have."""
    return {*view.settings.steps, *settings.steps, *library().steps, *view.row.overrides.get("steps", {}), *RESERVED}


RESERVED = ("nieuw", "erbij")
"""Names that are pages at the desk."""


def _wanted_overrides(settings: Settings, row: Covenant, was: Settings, wish: YearWish) -> dict[str, Any]:
    overrides = dict(row.overrides)
    steps = {key: dict(own) for key, own in overrides.get("steps", {}).items()}
    coming = [name for name in wish.chosen if name not in was.steps]
    if coming:
        overrides["year"] = [*(overrides.get("year") or settings.steps), *coming]
    for name in wish.chosen:  # one that was switched off before is on again
        steps.get(name, {}).pop("off", None)
    base = base_steps(settings, overrides)
    faults = []
    for name, fields in wish.fields.items():
        current = as_written(was.steps[name]) if name in was.steps else {}
        if any(key in fields for key in WHEN):
            current = {key: value for key, value in current.items() if key not in WHEN}
        if "source" in fields:
            current["tied"] = _tied(current, fields["source"])
        step, wrong = validated(StepSettings, {**current, **fields}, name, "")
        faults += wrong
        if step is not None:
            steps[name] = own_fields(base.get(name, {}), step)
    if faults:
        raise SettingsError(tuple(faults))
    if len({*was.steps, *wish.fields}) + len(coming) > MOST_STEPS:
        raise Refused(
            f"Een jaar heeft hoogstens {MOST_STEPS} stappen.", "Gebruik een stap die u hebt uitgezet opnieuw."
        )
    overrides["steps"] = {name: own for name, own in steps.items() if own}
    overrides[AT_DESK] = sorted({*overrides.get(AT_DESK, ()), *wish.fields, *wish.chosen})
    return with_habits(settings, overrides, wish.ladders, wish.reading)


def _tied(was: Mapping[str, Any], source: Iterable[str]) -> list[str]:
    """The agreements that people tied to a step: those of before, and what is in its source now that was not."""
    before, tied = was.get("source", ()), was.get("tied", ())
    return [number for number in source if number in tied or number not in before]


def _changes_in_words(was: Settings, own: Settings) -> list[str]:
    """What is different, a sentence for each step: "Bod: uiterlijk 1 juli werd uiterlijk 15 juli"."""
    titles = {name: step.title for name, step in (was.steps | own.steps).items()}
    said = []
    for name, step in own.steps.items():
        before = was.steps.get(name)
        if before is None:
            said.append(f"{step.title} kwam erbij ({moment_words(step.step(name, (), ()), titles)})")
        elif before != step:
            said.append(f"{before.title}: {', '.join(_differences(name, before, step, titles))}")
    return said


def _differences(name: str, was: StepSettings, step: StepSettings, titles: Mapping[str, str]) -> Iterable[str]:
    """What is another in one step, each in a few words."""
    before, after = (moment_words(one.step(name, (), ()), titles) for one in (was, step))
    if was.off != step.off:
        yield "uitgezet" if step.off else "weer aan"
    if before != after:
        yield f"{before} werd {after}"
    if was.source != step.source:
        yield f"hoort nu bij afspraak {joined(step.source)}" if step.source else "hoort bij geen afspraak meer"
    if was.skipped != step.skipped:
        years = joined([str(year) for year in step.skipped])
        yield f"wordt overgeslagen in {years}" if years else "wordt in geen jaar meer overgeslagen"
    for words, key in _TOLD.items():
        old, new = (_told(getattr(one, key)) for one in (was, step))
        if old != new:
            yield f"{words} {old} werd {new}"
    for words, key in _NAMED.items():
        if getattr(was, key) != getattr(step, key):
            yield f"{words} gewijzigd"


_TOLD = {
    "titel": "title",
    "trekkers": "leads",
    "deelnemers": "participants",
    "overleg": "body",
    "geldt vanaf": "valid_from",
    "geldt tot en met": "valid_to",
    "ladder": "ladder",
}
_NAMED = {
    "soort": "kind",
    "wat er te doen is": "todo",
    "samen gedaan": "joint",
    "grond": "basis",
    "komt ter sprake": "via",
}


def _told(value: Any) -> str:
    if isinstance(value, tuple):
        return joined([rung_line(one.model_dump()) if hasattr(one, "model_dump") else str(one) for one in value]) or (
            "niemand"
        )
    return "geen" if value in (None, "") else day_words(value) if hasattr(value, "toordinal") else f"“{value}”"
