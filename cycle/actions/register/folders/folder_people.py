"""A covenant with its parties, groups and people, as its file has them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from cycle.actions.register.folders.column_naming import keep_said
from cycle.domain.model import AgreementKey
from cycle.intake.covenant import CovenantFile, PersonEntry
from cycle.store import covenants, seats, standing_bodies
from cycle.store import tables as t
from cycle.store.database import Session
from cycle.store.ids import id_of

SeatKey = tuple[int, int, str]
"""A person, a party and a role: whoever left and came back has several seats of one key."""


def save_covenant(session: Session, covenant: CovenantFile, overrides: dict[str, Any]) -> tuple[t.Covenant, bool]:
    """The covenant with its parties, groups and people as the file has them; says whether anything changed."""
    row = covenants.with_slug(session, covenant.slug)
    changed = row is None
    row = row or t.Covenant(
        slug=covenant.slug, name=covenant.name, live_since=covenant.live_since, is_public=covenant.public_page
    )
    values = covenant.model_dump(include={"name", "municipality", "signed_on", "live_since"})
    values |= covenant.mail.model_dump() | {"overrides": {key: value for key, value in overrides.items() if value}}
    changed |= _assign(row, values)
    session.add(row)
    session.flush()
    changed |= _save_term(session, id_of(row), covenant)
    changed |= _save_parties(session, id_of(row), covenant)
    changed |= _save_people(session, id_of(row), covenant)
    changed |= _save_bodies(session, id_of(row), covenant)
    changed |= keep_said(session, id_of(row), covenant.columns)
    standing_bodies.follow_seats(session, id_of(row))
    return row, changed


def _save_term(session: Session, covenant_id: int, covenant: CovenantFile) -> bool:
    row = covenants.running_term(session, covenant_id)
    values = {"start": covenant.term_start, "end": covenant.term_end, "renews": covenant.renews}
    changed = _assign(row, values)
    session.add(row)
    return changed


def _save_parties(session: Session, covenant_id: int, covenant: CovenantFile) -> bool:
    changed = False
    known = {row.slug: row for row in covenants.party_rows(session, covenant_id)}
    for position, entry in enumerate(covenant.parties):
        row = known.get(entry.slug) or t.PartyRow(covenant_id=covenant_id, slug=entry.slug, name="", kind=entry.kind)
        values = {"name": entry.name, "kind": entry.kind, "aliases": list(entry.aliases), "position": position}
        values |= {"until": entry.until} if entry.until else {}
        changed |= _assign(row, values)
        session.add(row)
    by_slug = {row.slug: row for row in covenants.group_rows(session, covenant_id)}
    for slug, group in covenant.groups.items():
        group_row = by_slug.get(slug) or t.GroupRow(covenant_id=covenant_id, slug=slug)
        changed |= _assign(group_row, {"members": list(group.members), "aliases": list(group.aliases)})
        session.add(group_row)
    session.flush()
    return changed


def _save_people(session: Session, covenant_id: int, covenant: CovenantFile) -> bool:
    """People and their roles. Who is no longer in the file keeps their row; their membership ends."""
    changed = False
    party_ids = {row.slug: id_of(row) for row in covenants.party_rows(session, covenant_id)}
    ids = {number: key for key, number in seats.numbers_of(session, covenant_id).items()}
    known: dict[SeatKey, list[t.Membership]] = {}
    for seat in seats.of_parties(session, party_ids.values()):
        known.setdefault((seat.person_id, seat.party_id, seat.role), []).append(seat)
    wanted = []
    for entry in covenant.people:
        person, is_new = _person(session, entry.name, entry.email)
        changed |= is_new
        wanted += [(entry, (id_of(person), party_ids[entry.party], role)) for role in entry.roles]
    for (entry, key), row in zip(wanted, _seats_taken(wanted, known), strict=True):
        changed |= _save_seat(session, entry, row or t.Membership(person_id=key[0], party_id=key[1], role=key[2]), ids)
    gone = [row for rows in known.values() for row in rows]
    for row in gone:
        session.delete(row)
    session.flush()
    return changed or bool(gone)


def _save_bodies(session: Session, covenant_id: int, covenant: CovenantFile) -> bool:
    """The bodies that the file names with their people; it leaves the others as they are."""
    changed = False
    known = {row.slug: row for row in standing_bodies.bodies(session, covenant_id)}
    party_ids = {row.slug: id_of(row) for row in covenants.party_rows(session, covenant_id)}
    entries: dict[str, PersonEntry] = {}
    for entry in sorted(covenant.people, key=lambda one: one.until or date.max, reverse=True):  # who stays comes first
        for name in (entry.written, entry.written_for_party):
            entries.setdefault(name, entry)
    for slug, body in covenant.bodies.items():
        row = known.get(slug) or t.Body(covenant_id=covenant_id, slug=slug, name="")
        changed |= _assign(row, {"name": body.name, "is_named": True})
        session.add(row)
        session.flush()
        sitting = [entries[who] for who in body.people]
        wanted = {id_of(_person(session, one.name, one.email)[0]): party_ids[one.party] for one in sitting}
        members = standing_bodies.members_of(session, [id_of(row)])[id_of(row)]
        if {one.person_id: one.party_id for one in members} != wanted:
            standing_bodies.name_people(session, row, wanted, covenant.live_since)
            changed = True
    return changed


def _seats_taken(
    wanted: Sequence[tuple[PersonEntry, SeatKey]], known: dict[SeatKey, list[t.Membership]]
) -> list[t.Membership | None]:
    """For each seat of the file the one that is known: with the same first day, else one that no other is; what is
    left in `known` stands in the file no more."""
    taken: list[t.Membership | None] = []
    for entry, key in wanted:
        same = next((row for row in known.get(key, []) if row.since == entry.since), None)
        if same is not None:
            known[key].remove(same)
        taken.append(same)
    return [row or (known[key].pop(0) if known.get(key) else None) for row, (_, key) in zip(taken, wanted, strict=True)]


def _save_seat(session: Session, entry: PersonEntry, row: t.Membership, ids: Mapping[str, int]) -> bool:
    """One seat as the file has it; says whether that changed anything."""
    changed = row.id is None
    changed |= _assign(row, {"since": entry.since, "until": entry.until, "themes": list(entry.themes)})
    session.add(row)
    session.flush()
    keys: list[AgreementKey] = [ids.get(number, number) for number in entry.agreements]
    if set(keys) != set(seats.keys_of(row)):
        seats.name_for(row, keys)
        changed = True
    session.add(row)
    return changed


def _person(session: Session, name: str, email: str) -> tuple[t.Person, bool]:
    known = seats.same_person(session, email, name)
    if known is not None:
        return known, False
    person = t.Person(name=name, email=email)
    session.add(person)
    session.flush()
    return person, True


def _assign(row: Any, values: dict[str, Any]) -> bool:
    """Sets what is different; says whether anything was."""
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    return bool(different)
