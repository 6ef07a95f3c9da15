"""What listings, the page and `--json` show: the year's plan, the people, the outbox. Reading only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cycle.actions.deadlines.upkeep.year_upkeep import asked_since, year_parts
from cycle.actions.office.covenant_view import CovenantView, row_when, view_of, views
from cycle.domain.answering import common_light
from cycle.domain.days import KEPT_YEAR
from cycle.domain.model import Draft, LadderKind, Light, Origin, State
from cycle.domain.status import state_words, when_words
from cycle.domain.text import natural
from cycle.domain.year import year_drafts
from cycle.settings import Settings
from cycle.store import answers, deadlines
from cycle.store.database import Session
from cycle.store.deadlines import LEAD, PARTICIPANT, Part
from cycle.store.ids import id_of
from cycle.store.outbox import lookups, standstill
from cycle.store.tables import DeadlineRow, Message


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One line of a year: what, when, who, and how it stands. `id` is None beyond the kept years."""

    id: int | None
    title: str
    origin: str
    number: str
    kind: LadderKind
    window_start: date | None
    due: date | None
    shown: date | None
    leads: tuple[str, ...]
    participants: tuple[str, ...]
    via: str
    state: str
    light: str
    source: str
    when: str
    state_words: str
    invented: bool
    doubtful: bool

    def as_json(self) -> dict[str, Any]:
        """The stable shape of `cycle plan --json` (design section 5)."""
        return {
            "id": self.id,
            "title": self.title,
            "origin": self.origin,
            "number": self.number,
            "window_start": _iso(self.window_start),
            "due": _iso(self.due),
            "shown": _iso(self.shown),
            "leads": list(self.leads),
            "participants": list(self.participants),
            "via": self.via,
            "state": self.state,
            "light": self.light,
            "source": self.source,
        }


def plan(session: Session, settings: Settings, covenant: str | None, year: int, today: date) -> list[PlanItem]:
    """The steps and deadlines of a year. Beyond the kept years it is what the year would ask, without ids.

    Raises NotFound, or Refused for a year that cannot be.
    """
    KEPT_YEAR.around(today).refuse_year(year)
    view = view_of(session, settings, covenant)
    return plan_of(session, view, year, today)


def plan_of(session: Session, view: CovenantView, year: int, today: date) -> list[PlanItem]:
    """The same for one covenant that was looked up before."""
    rows = deadlines.rows_of(session, view.id, deadlines.due_between(date(year, 1, 1), date(year, 12, 31)))
    parts = deadlines.parts(session, deadlines.in_covenant(view.id))
    lights = answers.lights(session, deadlines.in_covenant(view.id))
    items = [_stored(row, parts.get(id_of(row), []), lights, view, today) for row in rows]
    known = {(row.action_id, row.slot, row.occurrence) for row in rows}
    steps, agreements, planned, known_days = year_parts(session, view)
    drafts = [
        draft
        for draft in year_drafts(year, steps, agreements, planned, known_days)
        if (draft.action, draft.slot, draft.occurrence) not in known
        and draft.due is not None
        and draft.due >= asked_since(view, draft.origin)
        and not (draft.origin is Origin.AGREEMENT and draft.occurrence == "once")
    ]
    items += [_imagined(draft, view, today) for draft in drafts]
    return sorted(items, key=lambda item: (item.due or date.max, natural(item.number), item.title))


def people(session: Session, settings: Settings, covenant: str | None = None) -> list[dict[str, Any]]:
    """Everybody with their parties, roles and covenants, in the shape of `cycle people --json`.

    Raises NotFound for a covenant that is not there.
    """
    by_person: dict[int, dict[str, Any]] = {}
    for view in views(session, settings).values() if covenant is None else [view_of(session, settings, covenant)]:
        for member in view.members:
            empty: dict[str, Any] = {
                "name": member.name,
                "email": member.email,
                "parties": [],
                "roles": [],
                "covenants": [],
            }
            person = by_person.setdefault(member.person, empty)
            for key, value in (
                ("parties", member.party),
                ("roles", member.role),
                ("covenants", view.row.slug),
            ):
                if value not in person[key]:
                    person[key].append(value)
    return sorted(by_person.values(), key=lambda person: (person["parties"], person["email"], person["name"]))


def outbox_listing(session: Session, states: Sequence[str] = (), limit: int | None = None) -> dict[str, Any]:
    """The outbox in the shape of `cycle outbox --json`."""
    paused = "; ".join(one.reason for one in standstill.pauses(session))
    where = [lookups.in_state(*states)] if states else []
    rows = lookups.messages(session, *where, limit=limit)
    return {"paused": paused or None, "messages": [message_as_json(row) for row in rows]}


def message_as_json(row: Message) -> dict[str, Any]:
    """One message of the outbox."""
    return {
        "id": row.id,
        "key": row.key,
        "kind": row.kind,
        "to": row.to,
        "subject": row.subject,
        "state": row.state,
        "message_id": row.message_id,
        "attempts": row.attempts,
        "created_at": _iso(row.created_at),
        "sent_at": _iso(row.sent_at),
        "last_answer": row.last_answer or None,
    }


def _stored(
    row: DeadlineRow, parts: Sequence[Part], lights: Mapping[tuple[int, str], str], view: CovenantView, today: date
) -> PlanItem:
    shown = view.policy.calendar.shown(row.due) if row.due else None
    leads = [part for part in parts if part.part == LEAD]
    words = state_words(State(row.state), row.due, today, invented=row.invented, doubtful=row.doubtful)
    return PlanItem(
        row.id,
        row.title,
        row.origin,
        row.number,
        LadderKind(row.kind),
        row.window_start,
        row.due,
        shown,
        tuple(part.party for part in leads),
        tuple(part.party for part in parts if part.part == PARTICIPANT),
        row.via,
        row.state,
        common_light(_lights_of(row, leads, lights)),
        row.source,
        row_when(row, view),
        words,
        row.invented,
        row.doubtful,
    )


def _lights_of(row: DeadlineRow, leads: Sequence[Part], lights: Mapping[tuple[int, str], str]) -> list[Light]:
    """The light of each lead party; silence is grey."""
    return [Light(lights.get((id_of(row), part.party), Light.GREY)) for part in leads]


def _imagined(draft: Draft, view: CovenantView, today: date) -> PlanItem:
    shown = view.policy.calendar.shown(draft.due) if draft.due else None
    when = when_words(
        draft.kind,
        draft.phrase,
        draft.window_start,
        draft.due,
        shown,
        invented=draft.invented,
        doubtful=draft.doubtful,
    )
    words = state_words(State.OPEN, draft.due, today, invented=draft.invented, doubtful=draft.doubtful)
    return PlanItem(
        None,
        draft.title,
        draft.origin,
        draft.number,
        draft.kind,
        draft.window_start,
        draft.due,
        shown,
        draft.leads,
        draft.participants,
        draft.via,
        State.OPEN,
        Light.GREY,
        draft.source,
        when,
        words,
        draft.invented,
        draft.doubtful,
    )


def _iso(value: date | datetime | None) -> str | None:
    return value.isoformat() if value else None
