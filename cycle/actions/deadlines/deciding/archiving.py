"""A covenant is put away, or taken up again: nothing of it is deleted, and until then nothing of it is told.

Calendars hear that what was open is off; taken up again, all of it counts from that day, as if it were opened anew.
"""

from datetime import datetime

from cycle.actions.deadlines.deciding.closing import Settled
from cycle.actions.deadlines.upkeep.year_upkeep import keep_covenant, renew_moments
from cycle.actions.office.covenant_view import views
from cycle.actions.office.logbook import note
from cycle.actions.office.mailed import put_away
from cycle.actions.office.office import Office
from cycle.actions.office.versions import refuse_changed
from cycle.domain.model import News
from cycle.store import covenants, deadlines
from cycle.store.database import Session
from cycle.store.ids import id_of
from cycle.store.outbox import withdrawing
from cycle.store.tables import Covenant


def archive(office: Office, covenant_id: int, now: datetime, *, by: str = "", version: str = "") -> Settled:
    """Puts a covenant away: what waits to go out about its deadlines is withdrawn, and no mail of it is made.

    Raises Changed when it is not what the page of this `version` showed.
    """
    with office.database.writing() as session:
        row = _row(session, covenant_id, version)
        if row.archived_at is not None:
            return Settled(row.name, "was al gearchiveerd", changed=False)
        row.archived_at, row.archived_by = now, by
        ids = _touch_open(session, covenant_id, now)
        digests, others = withdrawing.unsent_about(session, covenant_id)
        told = withdrawing.unsent_digests_about(session, ids, drafts=True)
        withdrawing.withdraw(session, list(dict.fromkeys([*digests, *told])), now)
        aside = withdrawing.lay_aside(session, others)
        for mail in aside:
            put_away(mail)
        withdrawn = len(aside) + len({*digests, *told})
        _renew(office, session, row, now)
        said = _withdrawn_words(withdrawn)
        note(session, now, by, "gearchiveerd", f"convenant {row.slug}", f"{row.name}{said}", covenant_id)
        words = "is gearchiveerd: alles blijft te lezen, en er gaat geen mail meer uit"
        return Settled(row.name, f"{words}{said}", changed=True)


def _withdrawn_words(count: int) -> str:
    """What waited and will not go, for the page and the logbook."""
    if not count:
        return ""
    mails = "1 mail die klaarstond gaat" if count == 1 else f"{count} mails die klaarstonden gaan"
    return f"; {mails} niet meer uit"


def take_up(office: Office, covenant_id: int, now: datetime, *, by: str = "", version: str = "") -> Settled:
    """Takes a covenant up again. Nothing counts from before today. Raises Changed as `archive` does."""
    with office.database.writing() as session:
        row = _row(session, covenant_id, version)
        if row.archived_at is None:
            return Settled(row.name, "was niet gearchiveerd", changed=False)
        row.archived_at, row.archived_by = None, ""
        today = office.local_day(now)
        for deadline in deadlines.rows_of(session, covenant_id, deadlines.are_open()):
            deadlines.learn(session, deadline, today, News.BACK)
        _touch_open(session, covenant_id, now)
        keep_covenant(session, views(session, office.settings, [covenant_id])[covenant_id], now)
        note(session, now, by, "weer opgepakt", f"convenant {row.slug}", row.name, covenant_id)
        return Settled(row.name, "is weer opgepakt: wat openstaat telt vanaf vandaag", changed=True)


def _row(session: Session, covenant_id: int, version: str) -> Covenant:
    covenants.lock(session, covenant_id, also_archived=True)
    row = session.get_one(Covenant, covenant_id)
    refuse_changed(session, version, f"convenant {row.slug}", covenant_id, row)
    session.add(row)
    return row


def _touch_open(session: Session, covenant_id: int, now: datetime) -> list[int]:
    """Calendars see each open deadline anew; which those are."""
    rows = deadlines.rows_of(session, covenant_id, deadlines.are_open())
    for deadline in rows:
        deadline.changed_at, deadline.sequence = now, deadline.sequence + 1
        session.add(deadline)
    session.flush()
    return [id_of(deadline) for deadline in rows]


def _renew(office: Office, session: Session, row: Covenant, now: datetime) -> None:
    view = views(session, office.settings, [id_of(row)])[id_of(row)]
    renew_moments(session, view, deadlines.items_to_tell(session, view.id), now)
