"""What a party is called: its name, the other names that documents give it, and the groups it belongs to."""

from collections.abc import Sequence
from datetime import datetime

from cycle.actions.deadlines.closing import Settled
from cycle.actions.deadlines.year_upkeep import keep_covenant
from cycle.actions.office.covenant_view import views
from cycle.actions.office.logbook import note
from cycle.actions.office.office import Office
from cycle.actions.office.versions import refuse_changed
from cycle.domain.words import joined
from cycle.errors import NotFound, Refused
from cycle.store import covenants, seats
from cycle.store.database import Session
from cycle.store.tables import GroupRow, PartyRow

NAME_LENGTH = 120


def change_party(
    office: Office,
    covenant_id: int,
    party_id: int,
    name: str,
    aliases: Sequence[str],
    now: datetime,
    *,
    by: str = "",
    version: str = "",
) -> Settled:
    """Gives a party another name, or other names by which documents know it.

    Raises NotFound, Changed, or Refused for a name that is empty or somebody else's.
    """
    name, others = " ".join(name.split()), _tidy(aliases)
    with office.database.writing() as session:
        covenants.lock(session, covenant_id)
        row = seats.party(session, party_id, covenant_id, lock=True)
        refuse_changed(session, version, f"partij {row.slug}", covenant_id, row)
        if (row.name, list(row.aliases)) == (name, others):
            return Settled(row.name, "stond al zo", changed=False)
        _refuse_taken(session, covenant_id, [name, *others], party=row)
        row.name, row.aliases = name, others
        session.add(row)
        known = f"ook bekend als {joined(others)}" if others else "zonder andere namen"
        note(session, now, by, "partij gewijzigd", f"partij {row.slug}", f"{name}, {known}", covenant_id)
        return Settled(name, f"is bewaard, {known}", changed=True)


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
        chosen = [one for one in known if one in members]
        if not chosen or set(members) - set(known):
            raise Refused("Een groep bestaat uit een of meer partijen.", f"Kies uit: {', '.join(known)}.")
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
        if row is not party
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
