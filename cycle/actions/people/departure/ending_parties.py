"""A party goes: its seats end, it takes no part in what comes, and what it led goes to who takes over, if anybody does.

Nothing of it is deleted, and what it did stays its own. It can come back; its people are then seated again by hand.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cycle.actions.deadlines.deciding.closing import Settled
from cycle.actions.deadlines.upkeep.year_upkeep import keep_covenant
from cycle.actions.office.covenant_view import views
from cycle.actions.office.logbook import note
from cycle.actions.office.office import Office
from cycle.actions.office.versions import refuse_changed
from cycle.actions.people.seats.memberships import follow, refuse_without_secretariat
from cycle.actions.people.seats.parties import groups_of
from cycle.domain.model import Origin
from cycle.domain.words import day_words
from cycle.errors import Refused
from cycle.store import covenants, deadlines, register, seats
from cycle.store.database import Session
from cycle.store.deadlines import LEAD
from cycle.store.ids import id_of
from cycle.store.tables import Covenant, PartyRow


@dataclass(frozen=True, slots=True)
class PartysEnd:
    """What ends with a party: the names of its people, and what it leads that is open, in words."""

    people: tuple[str, ...]
    open_titles: tuple[str, ...]


def what_ends(session: Session, party: PartyRow, today: date) -> PartysEnd:
    """What would end with a party today."""
    rows = seats.seats(session, party.covenant_id)
    people = [one.person.name for one in rows if one.party.id == party.id and (one.seat.until or today) >= today]
    parts = deadlines.parts(session, deadlines.in_covenant(party.covenant_id), deadlines.are_open())
    led = {key for key, several in parts.items() if any((p.party, p.part) == (party.slug, LEAD) for p in several)}
    titles = [
        f"{row.number} {row.title}".strip()
        for row in deadlines.rows_of(session, party.covenant_id)
        if id_of(row) in led
    ]
    return PartysEnd(tuple(dict.fromkeys(people)), tuple(dict.fromkeys(titles)))


def end_party(
    office: Office,
    covenant_id: int,
    party_id: int,
    last_day: date,
    now: datetime,
    *,
    successor: str = "",
    by: str = "",
    version: str = "",
) -> Settled:
    """Lets a party go after its last day; `successor` is the short name of the party that takes over what it leads.

    Raises NotFound, Changed, or Refused for a day to come, a successor that is not there, and for the party of the only
    secretariat.
    """
    with office.database.writing() as session:
        covenants.lock(session, covenant_id)
        row = seats.party(session, party_id, covenant_id, lock=True)
        refuse_changed(session, version, f"partij {row.slug}", covenant_id, row)
        if row.until is not None:
            return Settled(row.name, "deed al niet meer mee", changed=False)
        if last_day > office.local_day(now):
            raise Refused("Deze dag moet nog komen.", "Beëindig de partij op of na haar laatste dag.")
        heir = _successor(session, covenant_id, row, successor)
        row.until = last_day
        session.add(row)
        _end_seats(session, row, last_day)
        if heir is not None:
            _take_over(session, row, heir)
        session.flush()
        refuse_without_secretariat(office, session, covenant_id, now)
        words = f"deed mee tot en met {day_words(last_day)}" + (f"; {heir.name} neemt het over" if heir else "")
        note(session, now, by, "partij beëindigd", f"partij {row.slug}", words, covenant_id)
        keep_covenant(session, views(session, office.settings, [covenant_id])[covenant_id], now)
        follow(office, session, covenant_id, [id_of(one) for one in (row, heir) if one is not None], now)
        return Settled(row.name, words, changed=True)


def bring_back_party(
    office: Office, covenant_id: int, party_id: int, now: datetime, *, by: str = "", version: str = ""
) -> Settled:
    """A party takes part again; its people are seated by hand. Raises NotFound or Changed."""
    with office.database.writing() as session:
        covenants.lock(session, covenant_id)
        row = seats.party(session, party_id, covenant_id, lock=True)
        refuse_changed(session, version, f"partij {row.slug}", covenant_id, row)
        if row.until is None:
            return Settled(row.name, "doet al mee", changed=False)
        row.until = None
        session.add(row)
        session.flush()
        note(session, now, by, "partij doet weer mee", f"partij {row.slug}", row.name, covenant_id)
        keep_covenant(session, views(session, office.settings, [covenant_id])[covenant_id], now)
        return Settled(row.name, "doet weer mee. Geef haar mensen opnieuw een plaats", changed=True)


def _successor(session: Session, covenant_id: int, party: PartyRow, slug: str) -> PartyRow | None:
    if not slug:
        return None
    known = {row.slug: row for row in covenants.party_rows(session, covenant_id)}
    heir = known.get(slug)
    if heir is None or heir is party or heir.until is not None:
        raise Refused("Die partij kan het niet overnemen.", "Kies een andere partij die meedoet.")
    return heir


def _end_seats(session: Session, party: PartyRow, last_day: date) -> None:
    for seat in [row.seat for row in seats.seats(session, party.covenant_id) if row.party.id == party.id]:
        if (seat.since or last_day) > last_day:
            session.delete(seat)
        elif (seat.until or date.max) > last_day:
            seat.until = last_day
            session.add(seat)


def _take_over(session: Session, party: PartyRow, heir: PartyRow) -> None:
    """What a party leads, the groups that it is in and the names that documents have for it go to another."""
    for row in register.agreement_rows(session, party.covenant_id):
        row.leads = _in_place(row.leads, party.slug, heir.slug)
        row.agenda_leads = _in_place(row.agenda_leads, party.slug, heir.slug)
        session.add(row)
    for action in register.further_actions(session, [party.covenant_id]):
        action.leads = _in_place(action.leads, party.slug, heir.slug)
        session.add(action)
    for group in covenants.group_rows(session, party.covenant_id):
        if group.slug in groups_of(session, party) and heir.slug not in group.members:
            group.members = [*group.members, heir.slug]
            session.add(group)
    covenant = session.get_one(Covenant, party.covenant_id)
    covenant.overrides = _in_steps(covenant.overrides, party.slug, heir.slug)
    session.add(covenant)
    heir.aliases = list(dict.fromkeys([*heir.aliases, party.name, *party.aliases]))
    party.aliases = []
    session.add(heir)
    _lead_what_was_decided(session, party, heir)


def _lead_what_was_decided(session: Session, party: PartyRow, heir: PartyRow) -> None:
    """What a meeting decided has no document that says who leads it."""
    rows = deadlines.rows_of(session, party.covenant_id, deadlines.are_open())
    decided = [id_of(row) for row in rows if row.origin == Origin.MEETING]
    for parts in deadlines.all_part_rows(session, decided).values():
        if any(part.party_id == heir.id for part in parts):
            continue
        for part in parts:
            if part.party_id == party.id:
                part.party_id = id_of(heir)
                session.add(part)


def _in_steps(overrides: Mapping[str, Any], was: str, becomes: str) -> dict[str, Any]:
    steps = {name: dict(step) for name, step in overrides.get("steps", {}).items()}
    for step in steps.values():
        for key in ("leads", "participants"):
            if was in step.get(key, ()):
                step[key] = _in_place(step[key], was, becomes)
    return {**overrides, "steps": steps} if steps else dict(overrides)


def _in_place(slugs: Iterable[str], was: str, becomes: str) -> list[str]:
    return list(dict.fromkeys(becomes if slug == was else slug for slug in slugs))
