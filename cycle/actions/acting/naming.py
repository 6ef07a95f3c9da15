"""Who acts by the command line: somebody who sits at that table today, in a role that may do it.

An operator can write any address after `--as`, and a decision is kept under it. So it is taken only for somebody who
could have decided this themselves, and what is kept says how it came: "jan@clavis.example, via de opdrachtregel".
Without a name it says that nobody was named.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cycle.actions.office.covenant_view import CovenantView, views
from cycle.actions.office.logbook import UNNAMED
from cycle.actions.office.office import Office
from cycle.domain.model import Member, Role
from cycle.domain.seeing import may_see, roles_at
from cycle.domain.words import command_line_words, joined
from cycle.errors import Refused
from cycle.intake.covenant import read_covenant
from cycle.store import covenants
from cycle.store.ids import id_of
from cycle.words import ROLES

DOERS = frozenset({Role.TREKKER, Role.CONTACT, Role.DEPUTY, Role.DIRECTOR})
"""Who speaks for a party: everybody but a reader."""


@dataclass(frozen=True, slots=True)
class Fitting:
    """Who may do something besides the secretariat: these roles of these parties (slugs), and these mailboxes."""

    roles: frozenset[Role] = frozenset()
    parties: frozenset[str] = frozenset()
    mailboxes: frozenset[str] = frozenset()


SECRETARIAT_ALONE = Fitting()


@dataclass(frozen=True, slots=True)
class Named:
    """Who acts, as it is kept. `parties` are those for which they may, when they are not the secretariat."""

    by: str
    parties: frozenset[str] | None = None


def named(
    office: Office, address: str, now: datetime, about: Collection[int] = (), fitting: Fitting = SECRETARIAT_ALONE
) -> Named:
    """Who acts in one of these covenants, or in any when none are named.

    Raises Refused for somebody who does not sit there today or may not do this; the hint says who could.
    """
    address = address.strip().lower()
    if not address:
        return Named(UNNAMED)
    with office.database.reading() as session:
        tables = list(views(session, office.settings, about or None).values())
    parties: set[str] = set()
    for view in tables:
        today = view.local_day(now)
        roles = roles_at(view.members, address, today)
        if Role.SECRETARIAT in roles:
            return Named(command_line_words(address))
        mine = [one for one in _seated(view, now) if one.email == address]
        if mine and may_see(view.row.released_at, roles):
            if address in fitting.mailboxes:
                return Named(command_line_words(address))
            parties |= {one.party for one in mine if _may_for_party(one, fitting)}
    if parties:
        return Named(command_line_words(address), frozenset(parties))
    raise Refused(_why_not(tables, address, now), _who_could(tables, fitting, now))


def named_for_folder(office: Office, address: str, now: datetime, folder: Path) -> str:
    """Who reads in a covenant folder: the secretariat as it is, or of a covenant that is new as the folder says.

    Raises Refused for anybody else, SettingsError for a faulty covenant.toml.
    """
    address = address.strip().lower()
    if not address:
        return UNNAMED
    covenant = read_covenant(folder, office.local_day(now))
    with office.database.reading() as session:
        known = [id_of(row) for row in covenants.covenants(session) if row.slug == covenant.slug]
    if known:
        return named(office, address, now, known).by
    keepers = [(one.name, one.email.strip().lower()) for one in covenant.people if Role.SECRETARIAT in one.roles]
    if address not in [email for _name, email in keepers]:
        could = joined([f"{name} <{email}>" for name, email in keepers])
        hint = f"Dit kan: {could} (secretariaat)." if could else "Zet in covenant.toml eerst wie het secretariaat is."
        raise Refused(f"{address} is niet het secretariaat van {covenant.name}.", hint)
    return command_line_words(address)


def _seated(view: CovenantView, now: datetime) -> Iterable[Member]:
    today = view.local_day(now)
    return (one for one in view.members if (one.since or today) <= today <= (one.until or today))


def _may_for_party(member: Member, fitting: Fitting) -> bool:
    return member.role in fitting.roles and member.party in fitting.parties


def _why_not(tables: Collection[CovenantView], address: str, now: datetime) -> str:
    where = joined([here.row.name for here in tables]) or "een convenant"
    roles = [one.role for here in tables for one in _seated(here, now) if one.email == address]
    if not roles:
        return f"{address} zit vandaag niet aan tafel bij {where}."
    words = joined(list(dict.fromkeys(ROLES[role] for role in roles)))
    return f"{address} zit bij {where} als {words} en kan dit niet beslissen."


def _who_could(tables: Collection[CovenantView], fitting: Fitting, now: datetime) -> str:
    """By name, address and role, so that whoever typed a wrong address sees the right one."""
    able: dict[str, list[str]] = {}
    for view in tables:
        for member in _seated(view, now):
            is_secretary = Role.SECRETARIAT in roles_at([*view.members], member.email, view.local_day(now))
            is_free = may_see(view.row.released_at) and (
                _may_for_party(member, fitting) or member.email in fitting.mailboxes
            )
            if is_secretary or is_free:
                role = (
                    ROLES[Role.SECRETARIAT]
                    if is_secretary
                    else f"{ROLES[member.role]} voor {view.party_names[member.party]}"
                )
                roles = able.setdefault(f"{member.name} <{member.email}>", [])
                roles += [role] if role not in roles else []
    if not able:
        return "Niemand kan dit nu. Wijs eerst een secretariaat aan, met: cycle person add --role secretariat"
    names = [f"{who} ({joined(roles)})" for who, roles in able.items()]
    return f"Dit {'kan' if len(able) == 1 else 'kunnen'}: {joined(names)}."
