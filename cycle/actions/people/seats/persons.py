"""A person: their name and their mail address."""

from collections.abc import Collection
from datetime import datetime

from cycle.actions.deadlines.deciding.closing import Settled
from cycle.actions.office.logbook import note
from cycle.actions.office.mailed import renew_mark
from cycle.actions.office.office import Office
from cycle.actions.office.versions import refuse_changed
from cycle.actions.people.seats.memberships import faults_of_name, refuse_first
from cycle.domain.seeing import may_see
from cycle.errors import Refused
from cycle.store import covenants, feedlinks, seats, sessions
from cycle.store.database import Session
from cycle.store.ids import id_of
from cycle.store.mishaps import KeyTaken
from cycle.store.tables import Person


def change_person(
    office: Office,
    covenant_id: int,
    person_id: int,
    name: str,
    email: str,
    now: datetime,
    *,
    by: str = "",
    version: str = "",
    keeps: Collection[int] | None = None,
) -> Settled:
    """Gives somebody another name or mail address; they stay the same person, with all that they were told.

    Who changes an address decides who may sign in with it. So `keeps` are the covenants of which they have the
    secretariat: somebody with a seat elsewhere keeps their address (None is the operator, who may).
    Raises NotFound, Changed, or Refused.
    """
    name, email = " ".join(name.split()), email.strip().lower()
    refuse_first(faults_of_name(name, email))
    try:
        with office.database.writing() as session:
            row = seats.person(session, person_id, covenant_id, lock=True)
            refuse_changed(session, version, f"persoon {row.id}", covenant_id, row)
            if (row.name, row.email) == (name, email):
                return Settled(row.name, "stond al zo", changed=False)
            _refuse_elsewhere(session, row, keeps)
            old, row.name = row.email, name
            if old != email:
                _move_mailbox(session, row, email, now)
            session.add(row)
            session.flush()
            detail = name + (f", van {old} naar {email}" if old != email else "")
            note(session, now, by, "persoon gewijzigd", f"persoon {row.id}", detail, covenant_id)
            calendars = len(feedlinks.live_links(session, email)) if old != email else 0
            return Settled(name, f"krijgt mail op {email}{_calendars_go_on(calendars)}", changed=True)
    except KeyTaken:
        raise Refused(
            f"{name} staat er al met het adres {email}.", "Kies een andere naam of een ander adres."
        ) from None


def _calendars_go_on(number: int) -> str:
    """A calendar on somebody's own telephone is no reason to stop; one of who reads the old mailbox now is."""
    if not number:
        return ""
    links = "1 agendakoppeling blijft werken" if number == 1 else f"{number} agendakoppelingen blijven werken"
    return f"; {links}: trek in wat bij een ander op de telefoon staat"


def _refuse_elsewhere(session: Session, row: Person, keeps: Collection[int] | None) -> None:
    others = set() if keeps is None else seats.covenants_of(session, id_of(row)) - set(keeps)
    if not others:
        return
    is_seen = any(may_see(one.released_at) for one in covenants.covenants(session, others))
    raise Refused(
        f"{row.name} zit ook bij een ander convenant aan tafel." if is_seen else f"{row.name} kunt u niet wijzigen.",
        "Vraag de beheerder om dit te wijzigen, of kies “vertrekt” en draag het werk over aan het nieuwe adres.",
    )


def _move_mailbox(session: Session, row: Person, email: str, now: datetime) -> None:
    """Another mailbox: what failed at the old one is forgotten, links that lie there open nothing any more, what waits
    is made anew, who was signed in by it is signed out unless others still read it."""
    old, row.email = row.email, email
    row.hard_bounces, row.undeliverable_since = 0, None
    renew_mark(session, row, now)
    if not sessions.seats_of(session, old):
        sessions.end(session, now, email=old)
