"""How long the running framework agreement holds, as a person sets it right."""

from datetime import datetime

from cycle.actions.deadlines.deciding.closing import Settled
from cycle.actions.deadlines.upkeep.year_upkeep import keep_covenant
from cycle.actions.office.covenant_view import CovenantView, views
from cycle.actions.office.logbook import note
from cycle.actions.office.office import Office
from cycle.domain.term import TermDays, term_words
from cycle.errors import Refused
from cycle.store import covenants
from cycle.store.database import Session


def change_term(office: Office, covenant_id: int, wanted: TermDays, now: datetime, *, by: str = "") -> Settled:
    """Sets right how long the running framework holds; deadlines and reminders follow.

    Raises Refused for one that ends before it begins.
    """
    if wanted.start and wanted.end and wanted.end < wanted.start:
        raise Refused("De looptijd eindigt voor hij begint.", "Draai de twee dagen om.")
    with office.database.writing() as session:
        covenants.lock(session, covenant_id)
        view = views(session, office.settings, [covenant_id])[covenant_id]
        if not set_term(session, view, wanted, now, by):
            return Settled("De looptijd", "stond al zo", changed=False)
        keep_covenant(session, views(session, office.settings, [covenant_id])[covenant_id], now)
    return Settled("De looptijd", "is bewaard", changed=True)


def set_term(session: Session, view: CovenantView, wanted: TermDays, now: datetime, by: str) -> bool:
    """The same without what follows from it, in the transaction of the caller; says whether it was otherwise."""
    if view.term == wanted:
        return False
    term = covenants.term_of(session, view.id)
    term.start, term.end, term.renews = wanted.start, wanted.end, wanted.renews
    session.add(term)
    session.flush()
    note(session, now, by, "looptijd gewijzigd", f"convenant {view.row.slug}", term_words(wanted), view.id)
    return True
