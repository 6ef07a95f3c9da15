"""Somebody who left is erased: nothing that is kept tells who they were, and all that was done stays."""

from datetime import datetime

from cycle.actions.deadlines.deciding.closing import Settled
from cycle.actions.office.logbook import note
from cycle.actions.office.office import Office
from cycle.errors import NotFound, Refused
from cycle.store import covenants, erasing, seats, sessions
from cycle.store.outbox import withdrawing
from cycle.store.tables import Person


def erase_person(office: Office, person_id: int, now: datetime, *, by: str = "") -> Settled:
    """Takes whoever this was out of every table, also out of what was written down. There is no way back.

    Raises NotFound, or Refused for somebody with a seat, now or later.
    """
    with office.database.writing() as session:
        person = session.get(Person, person_id, with_for_update=True)
        if person is None:
            raise NotFound("Deze persoon is er niet.", "Kijk met: cycle people")
        if seats.has_seat_from(session, person_id, office.local_day(now)):
            raise Refused(f"{person.name} heeft nog een plaats aan tafel.", "Laat eerst vertrekken: cycle person leave")
        name, tables = person.name, seats.covenants_of(session, person_id)
        for covenant_id in sorted(tables):
            note(session, now, by, "persoon gewist", f"persoon {person_id}", "", covenant_id)
        waiting = withdrawing.unsent_digests_to(session, [person_id], drafts=True)
        withdrawing.withdraw(session, waiting, now)
        withdrawing.free_held(session, person_id, now)
        if len(covenants.persons_at(session, person.email)) == 1:
            sessions.end(session, now, email=person.email)
        facts = erasing.erase(session, person, now, by)
        return Settled(name, f"is gewist; {facts} feiten hebben geen woorden meer", changed=True)
