"""A person: their name, their mail address, and the days on which a deputy stands in."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from cycle.actions.logbook import note
from cycle.actions.office import Office
from cycle.actions.seats import faults_of_name, follow, refuse_first
from cycle.actions.settling import Settled
from cycle.actions.versions import refuse_changed
from cycle.domain.words import day_words
from cycle.errors import NotFound, Refused
from cycle.store import outbox, seats, sessions
from cycle.store.tables import Absence, Person

MOST_DAYS_AWAY = 366


def change_person(
    office: Office, covenant_id: int, person_id: int, name: str, email: str, now: datetime,
    *, by: str = "", version: str = "", keeps: Collection[int] | None = None,
) -> Settled:  # fmt: skip
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
            return Settled(name, f"krijgt mail op {email}", changed=True)
    except IntegrityError:
        raise Refused(
            f"{name} staat er al met het adres {email}.", "Kies een andere naam of een ander adres."
        ) from None


def add_absence(
    office: Office, covenant_id: int, person_id: int, first: date, last: date, now: datetime,
    *, deputy_id: int | None = None, by: str = "",
) -> Settled:  # fmt: skip
    """Days (both count) on which somebody's mail goes to a deputy: whom they named, else their party's.

    Raises NotFound, or Refused for days that have passed or are too many.
    """
    if last < first or last < now.astimezone(office.settings.zone).date():
        raise Refused("Deze periode is al voorbij, of eindigt voor hij begint.", "Kies een latere laatste dag.")
    if (last - first).days >= MOST_DAYS_AWAY:
        raise Refused("Een afwezigheid duurt hoogstens een jaar.", "Gaat iemand weg? Kies dan: vertrekt.")
    with office.database.writing() as session:
        row = seats.person(session, person_id, covenant_id, lock=True)
        same = select(Absence).where(Absence.person_id == row.id, Absence.first == first, Absence.last == last)
        words = f"is weg van {day_words(first)} tot en met {day_words(last)}"
        if session.exec(same).first() is not None:
            return Settled(row.name, f"stond al zo: {words}", changed=False)
        deputy = seats.person(session, deputy_id, covenant_id) if deputy_id is not None else None
        session.add(Absence(person_id=row.id or 0, first=first, last=last, deputy_id=deputy.id if deputy else None))
        _follow_person(office, session, covenant_id, row, now)
        instead = f", vervanger {deputy.name}" if deputy else ""
        note(session, now, by, "afwezig", f"persoon {row.id}", f"{first} tot en met {last}{instead}", covenant_id)
        return Settled(row.name, words, changed=True)


def remove_absence(
    office: Office, covenant_id: int, person_id: int, absence_id: int, now: datetime, *, by: str = ""
) -> Settled:
    """Takes such days away again.

    Raises NotFound.
    """
    with office.database.writing() as session:
        row = seats.person(session, person_id, covenant_id, lock=True)
        absence = session.get(Absence, absence_id) if 0 < absence_id < 2**31 else None
        if absence is None or absence.person_id != row.id:
            raise NotFound("Deze afwezigheid is er niet (meer).", "Ververs de pagina.")
        days = f"{absence.first} tot en met {absence.last}"
        session.delete(absence)
        _follow_person(office, session, covenant_id, row, now)
        note(session, now, by, "afwezigheid weggehaald", f"persoon {row.id}", days, covenant_id)
        return Settled(row.name, "krijgt in die dagen de mail weer zelf", changed=True)


def _refuse_elsewhere(session: Session, row: Person, keeps: Collection[int] | None) -> None:
    if keeps is not None and not seats.covenants_of(session, row.id or 0) <= set(keeps):
        raise Refused(
            f"{row.name} zit ook bij een ander convenant aan tafel.",
            "Vraag de beheerder om dit te wijzigen, of kies “vertrekt” en draag het werk over aan het nieuwe adres.",
        )  # fmt: skip


def _move_mailbox(session: Session, row: Person, email: str, now: datetime) -> None:
    """Another mailbox: what failed at the old one is forgotten, what waits is made anew, who was signed in by it is
    signed out unless others still read it."""
    old, row.email = row.email, email
    row.hard_bounces, row.undeliverable_since = 0, None
    session.add(row)
    session.flush()
    outbox.withdraw(session, outbox.untried_digests_to(session, [row.id or 0]), now)
    if not sessions.seats_of(session, old):
        sessions.end(session, now, email=old)


def _follow_person(office: Office, session: Session, covenant_id: int, row: Person, now: datetime) -> None:
    """What waits for them and for who stands in is planned anew, in every covenant in which they sit."""
    for covenant in {covenant_id, *seats.covenants_of(session, row.id or 0)}:
        parties = {one.party.id or 0 for one in seats.seats(session, covenant, row.id)}
        follow(office, session, covenant, parties, now)
