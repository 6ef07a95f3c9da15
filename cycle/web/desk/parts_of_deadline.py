"""What the page of a deadline shows of each party."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from cycle.actions.office.covenant_view import CovenantView
from cycle.actions.settling.to_decide import OpenAction
from cycle.domain.addressing import Members
from cycle.domain.model import LadderKind, Light, Role, State
from cycle.domain.words import day_words, weekday_words
from cycle.store import answers
from cycle.store.answers import Given
from cycle.store.database import Session
from cycle.store.deadlines import LEAD
from cycle.store.ids import id_of
from cycle.store.tables import DeadlineParty, DeadlineRow
from cycle.web.desk import lines
from cycle.web.desk.visiting import DeskRequest
from cycle.web.year import StandShown
from cycle.words import ROLES


@dataclass(frozen=True, slots=True)
class PartLine:
    """One party's part in a deadline: how it stands, and who gets its mail."""

    slug: str
    name: str
    stand: StandShown
    settled: str
    note: str
    light: str
    to: str
    why: str


def action_line(action: OpenAction, view: CovenantView) -> dict[str, Any]:
    """An open action in words."""
    return {
        "id": action.id,
        "number": action.number,
        "title": action.title,
        "phrase": action.phrase,
        "due": day_words(action.due) if action.due else "zonder datum",
        "place": action.place,
        "why": action.why,
        "leads": ", ".join(view.party_names.get(slug, slug) for slug in action.leads) or ROLES[Role.SECRETARIAT],
    }


def named_days(session: Session, row: DeadlineRow, view: CovenantView, today: date) -> list[tuple[str, str, str]]:
    """The days that people named last, to make one the new last day: who and when, the day in words, and as it is sent.
    A meeting has a page of its own for that."""
    if row.kind == LadderKind.MEETING or row.state != State.OPEN:
        return []
    said = answers.history(session, [id_of(row)]).values()
    newest = [next(one for one in mine if one.stand or one.sentence or one.next_on) for mine in said if _said(mine)]
    return [
        (f"{one.by}, {day_words(view.local_day(one.at))}", weekday_words(one.next_on), one.next_on.isoformat())
        for one in newest
        if one.next_on is not None and one.next_on >= today and one.next_on != row.due
    ]


def _said(mine: Sequence[Given]) -> bool:
    return any(one.stand or one.sentence or one.next_on for one in mine)


def unreleased(session: Session, at: DeskRequest, number: int) -> set[str]:
    """What people wrote about a deadline that is for the secretariat alone; nothing where that is who looks."""
    if at.may_write:
        return set()
    said = answers.history(session, [number]).values()
    return {one.sentence for mine in said for one in mine if one.sentence and one.released_at is None}


def part_lines(
    row: DeadlineRow,
    parts: Sequence[tuple[DeadlineParty, str]],
    view: CovenantView,
    at: DeskRequest,
    hidden: Collection[str],
) -> list[PartLine]:
    """The lead parties; the secretariat when there is none. `hidden` are words that this reader may not see."""
    members, names = Members(view.members, at.today), view.party_names
    part_lines: list[PartLine] = []
    for part, slug in [one for one in parts if one[0].part == LEAD]:
        to = members.addressed(slug, tuple(row.agreements), row.theme)
        settled = f"{part.settled_by}, {day_words(view.local_day(part.settled_at))}" if part.settled_at else ""
        part_lines.append(
            PartLine(
                slug,
                names.get(slug, slug),
                lines.stand(row, part.state, at.today),
                settled,
                "" if part.note in hidden else part.note,
                part.light if part.light != Light.GREY else "",
                to.member.name if to else "niemand",
                lines.why_words(to),
            )
        )
    if part_lines:
        return part_lines
    return [
        PartLine(
            "",
            ROLES[Role.SECRETARIAT].capitalize(),
            lines.stand(row, row.state, at.today),
            "",
            "",
            "",
            "",
            "geen trekker genoemd",
        )
    ]
