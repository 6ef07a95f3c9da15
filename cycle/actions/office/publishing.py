"""The page of the year for everybody: its secretariat switches it on and off, and the logbook keeps who did."""

from datetime import datetime

from cycle.actions.office.logbook import note
from cycle.actions.office.office import Office
from cycle.store import covenants
from cycle.store.database import Session
from cycle.store.tables import Covenant


def set_public(office: Office, covenant_slug: str, is_public: bool, now: datetime, *, by: str = "") -> bool:
    """Switches the public page of a covenant; returns whether that changed anything. Raises NotFound."""
    with office.database.writing() as session:
        row = covenants.covenant(session, covenant_slug)
        if row.is_public == is_public:
            return False
        row.is_public = is_public
        session.add(row)
        note_public(session, row, now, by)
        return True


def note_public(session: Session, row: Covenant, now: datetime, by: str) -> None:
    """The line in the logbook, in the transaction of the switch itself."""
    words = "openbare pagina aangezet" if row.is_public else "openbare pagina uitgezet"
    note(session, now, by, words, f"convenant {row.slug}", "", row.id)
