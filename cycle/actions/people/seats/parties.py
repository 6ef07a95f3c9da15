"""The parties of a table: who comes, what kind each is and what it is called, and which of them a group stands for.

A party that goes is in `ending_parties`.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from cycle.actions.deadlines.deciding.closing import Settled
from cycle.actions.deadlines.deciding.steps import name_for
from cycle.actions.deadlines.upkeep.year_upkeep import keep_covenant
from cycle.actions.office.covenant_view import views
from cycle.actions.office.logbook import note
from cycle.actions.office.office import Office
from cycle.actions.office.versions import refuse_changed
from cycle.domain.model import PartyKind
from cycle.domain.parties import EVERYONE, PARTNERS, SIDES
from cycle.domain.words import joined
from cycle.errors import NotFound, Refused
from cycle.store import covenants, seats
from cycle.store.database import Session
from cycle.store.tables import GroupRow, PartyRow
from cycle.words import PARTY_KINDS

NAME_LENGTH = 120
MOST_PARTIES = 60
RESERVED = ("nieuw",)
"""Names that are pages at the desk."""


def add_party(
    office: Office,
    covenant_id: int,
    name: str,
    kind: PartyKind,
    aliases: Sequence[str],
    now: datetime,
    *,
    groups: Collection[str] = (),
    by: str = "",
) -> Settled:
    """Another party comes to the table; its short name is made of its name. Steps of the year follow.

    Raises Refused for a name that is empty or somebody else's.
    """
    name, others = " ".join(name.split()), _tidy(aliases)
    with office.database.writing() as session:
        covenants.lock(session, covenant_id)
        known = covenants.party_rows(session, covenant_id)
        if len(known) >= MOST_PARTIES:
            raise Refused(f"Een tafel heeft hoogstens {MOST_PARTIES} partijen.", "Beëindig eerst een andere.")
        _refuse_taken(session, covenant_id, [name, *others])
        taken = [row.slug for row in covenants.group_rows(session, covenant_id)]
        slug = name_for(name, {*(row.slug for row in known), *taken, *SIDES, EVERYONE, PARTNERS, *RESERVED})
        position = max((row.position for row in known), default=-1) + 1
        row = PartyRow(covenant_id=covenant_id, slug=slug, name=name, kind=kind, aliases=others, position=position)
        session.add(row)
        session.flush()
        _belong(session, row, groups)
        detail = f"{name}, {PARTY_KINDS[kind]}{_known_as(others)}"
        note(session, now, by, "partij toegevoegd", f"partij {slug}", detail, covenant_id)
        keep_covenant(session, views(session, office.settings, [covenant_id])[covenant_id], now)
        return Settled(name, f"is erbij als {PARTY_KINDS[kind]}", changed=True)


def change_party(
    office: Office,
    covenant_id: int,
    party_id: int,
    name: str,
    aliases: Sequence[str],
    now: datetime,
    *,
    kind: PartyKind | None = None,
    groups: Collection[str] | None = None,
    by: str = "",
    version: str = "",
) -> Settled:
    """Gives a party another name, other names by which documents know it, another kind or other groups; without a kind
    or groups those stay.

    Raises NotFound, Changed, or Refused for a name that is empty or somebody else's.
    """
    name, others = " ".join(name.split()), _tidy(aliases)
    with office.database.writing() as session:
        covenants.lock(session, covenant_id)
        row = seats.party(session, party_id, covenant_id, lock=True)
        refuse_changed(session, version, f"partij {row.slug}", covenant_id, row)
        kind, was = kind or row.kind, (row.name, list(row.aliases), row.kind)
        moves = _belong(session, row, groups)
        if was == (name, others, kind) and not moves:
            return Settled(row.name, "stond al zo", changed=False)
        _refuse_taken(session, covenant_id, [name, *others], party=row)
        row.name, row.aliases, row.kind = name, others, kind
        session.add(row)
        session.flush()
        said = [
            name,
            *([PARTY_KINDS[kind]] if kind != was[-1] else []),
            _known_as(others).removeprefix(", ") or "zonder andere namen",
            *moves,
        ]
        note(session, now, by, "partij gewijzigd", f"partij {row.slug}", ", ".join(said), covenant_id)
        if kind != was[-1] or moves:
            keep_covenant(session, views(session, office.settings, [covenant_id])[covenant_id], now)
        return Settled(name, f"is bewaard, {', '.join(said[1:])}", changed=True)


def add_group(
    office: Office,
    covenant_id: int,
    name: str,
    members: Sequence[str],
    aliases: Sequence[str],
    now: datetime,
    *,
    by: str = "",
) -> Settled:
    """One word for several parties, for steps and documents; its short name is made of its name.

    Raises Refused for a group without parties, or a name that is empty or somebody else's.
    """
    name, others = " ".join(name.split()), _tidy(aliases)
    with office.database.writing() as session:
        covenants.lock(session, covenant_id)
        _refuse_taken(session, covenant_id, [name, *others])
        known = [party.slug for party in covenants.party_rows(session, covenant_id)]
        taken = [row.slug for row in covenants.group_rows(session, covenant_id)]
        slug = name_for(name, {*known, *taken, *SIDES, EVERYONE, PARTNERS, *RESERVED})
        chosen = _members(known, members)
        others = others if slug == name.casefold() else _tidy([name, *others])
        row = GroupRow(covenant_id=covenant_id, slug=slug, members=chosen, aliases=others)
        session.add(row)
        session.flush()
        detail = f"{joined(chosen)}; ook bekend als {joined(others) or 'niets anders'}"
        note(session, now, by, "groep toegevoegd", f"groep {slug}", detail, covenant_id)
        keep_covenant(session, views(session, office.settings, [covenant_id])[covenant_id], now)
        return Settled(name, f"is erbij en staat voor {joined(chosen)}", changed=True)


def change_group(
    office: Office,
    covenant_id: int,
    slug: str,
    members: Sequence[str],
    aliases: Sequence[str],
    now: datetime,
    *,
    by: str = "",
    version: str = "",
) -> Settled:
    """Says which parties a group stands for, and how documents call it. Steps of the year follow.

    Raises NotFound, Changed, or Refused for a group without parties or a name that is somebody else's.
    """
    others = _tidy(aliases)
    with office.database.writing() as session:
        covenants.lock(session, covenant_id)
        row = covenants.group_row(session, covenant_id, slug)
        if row is None:
            raise NotFound(f"De groep {slug!r} bestaat niet.", "Kijk bij Mensen en partijen.")
        refuse_changed(session, version, f"groep {slug}", covenant_id, row)
        known = [party.slug for party in covenants.party_rows(session, covenant_id)]
        chosen = _members(known, members)
        if (list(row.members), list(row.aliases)) == (chosen, others):
            return Settled(slug, "stond al zo", changed=False)
        _refuse_taken(session, covenant_id, others, group=row)
        row.members, row.aliases = chosen, others
        session.add(row)
        session.flush()
        detail = f"{joined(chosen)}; ook bekend als {joined(others) or 'niets anders'}"
        note(session, now, by, "groep gewijzigd", f"groep {slug}", detail, covenant_id)
        keep_covenant(session, views(session, office.settings, [covenant_id])[covenant_id], now)
        return Settled(slug.capitalize(), f"staat nu voor {joined(chosen)}", changed=True)


def _members(known: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """The parties that were chosen, in their order. Raises Refused for none, and for one that is not there."""
    chosen = [one for one in known if one in wanted]
    if not chosen or set(wanted) - set(known):
        raise Refused("Een groep bestaat uit een of meer partijen.", f"Kies uit: {', '.join(known)}.")
    return chosen


def groups_of(session: Session, party: PartyRow) -> list[str]:
    """The groups to which a party belongs."""
    rows = covenants.group_rows(session, party.covenant_id)
    return [row.slug for row in rows if party.slug in row.members]


def _belong(session: Session, party: PartyRow, groups: Collection[str] | None) -> list[str]:
    """Puts a party into these groups and out of the others; says in words what that changed."""
    if groups is None:
        return []
    said = []
    for row in covenants.group_rows(session, party.covenant_id):
        if (row.slug in groups) == (party.slug in row.members):
            continue
        is_in = row.slug in groups
        row.members = [*row.members, party.slug] if is_in else [one for one in row.members if one != party.slug]
        session.add(row)
        said.append(f"nu bij {row.slug}" if is_in else f"niet meer bij {row.slug}")
    session.flush()
    return said


def _known_as(others: Sequence[str]) -> str:
    return f", ook bekend als {joined(list(others))}" if others else ""


def _tidy(aliases: Sequence[str]) -> list[str]:
    """Each name once, without spaces around it."""
    return list(dict.fromkeys(name for name in (" ".join(one.split()) for one in aliases) if name))


def _refuse_taken(
    session: Session,
    covenant_id: int,
    names: Sequence[str],
    party: PartyRow | None = None,
    group: GroupRow | None = None,
) -> None:
    """Raises Refused for a name that is empty, too long, or that documents use for another party or group."""
    if any(not name or len(name) > NAME_LENGTH or not name.isprintable() for name in names):
        raise Refused("Vul een naam in.", f"Hoogstens {NAME_LENGTH} tekens.")
    taken = {
        word.casefold(): row.name
        for row in covenants.party_rows(session, covenant_id)
        if row is not party and row.until is None
        for word in (row.slug, row.name, *row.aliases)
    }
    taken |= {
        word.casefold(): f"de groep {row.slug}"
        for row in covenants.group_rows(session, covenant_id)
        if row is not group
        for word in (row.slug, *row.aliases)
    }
    double = next((name for name in names if name.casefold() in taken), None)
    if double is not None:
        raise Refused(f"“{double}” is al een naam van {taken[double.casefold()]}.", "Gebruik elke naam één keer.")
