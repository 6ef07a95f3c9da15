"""How an agreement went, round by round: its light at each, as it was then. Silence is grey, and no judgement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from cycle.actions.office.covenant_view import CovenantView, rounds_of
from cycle.domain.answering import Stand, common_light
from cycle.domain.model import Light, State
from cycle.store import answers, covenants, deadlines, happened, progress
from cycle.store.answers import Given
from cycle.store.database import Session
from cycle.store.happened import PastChange

ROUNDS = 6
"""How many rounds back are told."""


@dataclass(frozen=True, slots=True)
class RoundLight:
    """One round: for which meeting, on which day it was (or is, while it runs), and how each lead party stood."""

    title: str
    day: date
    light: Light
    parties: tuple[tuple[str, str], ...]


def trend_of(session: Session, view: CovenantView, deadline_ids: Sequence[int], today: date) -> list[RoundLight]:
    """The rounds that asked about these deadlines, the newest first: from what was answered in each, and from what the
    facts tell was settled by then."""
    asked: dict[date, list[progress.AskedAbout]] = {}
    for part in progress.asked_about(session, deadline_ids):
        asked.setdefault(part.anchor, []).append(part)
    rounds = rounds_of(view.settings.progress, deadlines.meetings(session, [view.id]).get(view.id, {}))
    held = sorted((one for one in rounds if one.anchor in asked), key=lambda one: one.day, reverse=True)[:ROUNDS]
    said = answers.history(session, deadline_ids) if held else {}
    changes = happened.changes_of(session, view.id, {"part": deadline_ids}) if held else []
    slugs = {row.id: row.slug for row in covenants.party_rows(session, view.id)} if held else {}
    lights = []
    for round_ in held:
        by_party: dict[str, list[Light]] = {}
        for part in asked[round_.anchor]:
            end = max(min(round_.day, today), part.asked_on)
            heard = [
                one for one in said.get((part.deadline, part.party), ()) if part.asked_on <= view.local_day(one.at)
            ]
            is_done = _is_done(view, changes, slugs, part, end)
            by_party.setdefault(part.party, []).append(_light(view, heard, end, is_done=is_done))
        shown = tuple((view.party_names.get(slug, slug), common_light(of)) for slug, of in sorted(by_party.items()))
        title = f"{view.settings.steps[round_.meeting].title} {round_.year}"
        lights.append(RoundLight(title, round_.day, common_light([light for _name, light in shown]), shown))
    return lights


def _light(view: CovenantView, heard: Iterable[Given], end: date, *, is_done: bool) -> Light:
    """The newest light that was given by a day; what is done counts as green."""
    if is_done:
        return Light.GREEN
    by_then = [one.stand for one in heard if view.local_day(one.at) <= end and one.stand is not None]
    return next((stand.light for stand in by_then if stand.light is not None), _grey_or_done(by_then))


def _grey_or_done(stands: Sequence[Stand]) -> Light:
    return Light.GREEN if Stand.DONE in stands[:1] else Light.GREY


def _is_done(
    view: CovenantView,
    changes: Iterable[PastChange],
    slugs: dict[int | None, str],
    part: progress.AskedAbout,
    end: date,
) -> bool:
    """Whether a party had done its part by the end of a day, as facts tell."""
    mine = [
        one.new["state"]
        for one in changes
        if one.subject_id == part.deadline
        and slugs.get(one.new.get("party_id")) == part.party
        and "state" in one.new
        and view.local_day(one.at) <= end
    ]
    return mine[-1:] == [State.DONE]
