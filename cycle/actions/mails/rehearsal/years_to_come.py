"""What keeping the year will add later on, for whoever looks ahead: deadlines that are not there yet.

They bear numbers below zero, so that none is taken for one that is stored.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from cycle.actions.deadlines.upkeep.following import asked_by
from cycle.actions.deadlines.upkeep.year_upkeep import drafts_of, kept_until, year_parts
from cycle.actions.office.covenant_view import CovenantView, rounds_of
from cycle.domain.ladders import OpenItem
from cycle.domain.model import Draft, LadderKind, Origin
from cycle.domain.situation import Situation
from cycle.store.database import Session
from cycle.store.deadlines import MeetingDay
from cycle.store.tables import DeadlineRow


@dataclass(frozen=True, slots=True)
class ToCome:
    """The deadlines that come by themselves: as they will be stored, and as the plan sees them."""

    rows: Mapping[int, DeadlineRow]
    situations: Mapping[int, Situation]


def with_years_to_come(
    session: Session,
    tables: Mapping[int, CovenantView],
    situations: Mapping[int, Situation],
    last: date,
    now: datetime,
) -> ToCome:
    """The situations with what keeping the year will add through a day, and the rows of that."""
    rows: dict[int, DeadlineRow] = {}
    complete = dict(situations)
    for key, view in tables.items():
        drafts = _drafts_to_come(session, view, last, now)
        numbered = {-len(rows) - place: draft for place, draft in enumerate(drafts, 1)}
        rows |= {number: _row(number, key, draft, now) for number, draft in numbered.items()}
        complete[key] = _with_drafts(situations[key], view, numbered)
    return ToCome(rows, complete)


def _drafts_to_come(session: Session, view: CovenantView, last: date, now: datetime) -> Sequence[Draft]:
    until, coming = kept_until(view.local_day(now).year), kept_until(last.year)
    if until == coming:
        return ()
    drafts = drafts_of(view, year_parts(session, view), last.year)
    return [draft for draft in drafts if draft.due is not None and until < draft.due.year and _is_repeated(draft)]


def _is_repeated(draft: Draft) -> bool:
    """What comes once is kept from the beginning, however late it is due."""
    return draft.origin is Origin.STEP or draft.occurrence != "once"


def _with_drafts(situation: Situation, view: CovenantView, drafts: Mapping[int, Draft]) -> Situation:
    days = {
        (draft.step, draft.due.year): MeetingDay(draft.window_start or draft.due, draft.window_start or draft.due)
        for draft in drafts.values()
        if draft.kind is LadderKind.MEETING and draft.due is not None
    }
    return replace(
        situation,
        items=[*situation.items, *(_item(number, draft) for number, draft in drafts.items())],
        meetings={**{step: one.day for step, one in days.items()}, **situation.meetings},
        rounds=(*situation.rounds, *rounds_of(view.settings.progress, days)),
    )


def _item(number: int, draft: Draft) -> OpenItem:
    return OpenItem(
        number,
        draft.kind,
        draft.due,
        draft.window_start,
        step=draft.step,
        open_leads=draft.leads,
        had_leads=bool(draft.leads),
        participants=draft.participants,
        invented=draft.invented,
        doubtful=draft.doubtful,
        via=draft.via,
        agreements=draft.agreements,
        theme=draft.theme,
    )


def _row(number: int, covenant_id: int, draft: Draft, now: datetime) -> DeadlineRow:
    return DeadlineRow(
        id=number,
        covenant_id=covenant_id,
        action_id=draft.action,
        origin=draft.origin,
        slot=draft.slot,
        occurrence=draft.occurrence,
        uid="",
        created_at=now,
        changed_at=now,
        **asked_by(draft, is_moved=False),
    )
