"""Who may be named with `--as` for which act: what fits is the same as at the desk and behind a mailed link.

Each function gives who acts, as it is kept. All raise Refused for somebody who may not, NotFound for what is not there.
"""

from collections.abc import Iterable
from datetime import datetime

from cycle.actions.acting.naming import DOERS, Fitting, Named, named
from cycle.actions.letters.content.letter_rows import signers, step_of
from cycle.actions.office.covenant_view import view_of
from cycle.actions.office.office import Office
from cycle.domain.model import Role
from cycle.store import covenants, deadlines, register, seats
from cycle.store.deadlines import LEAD
from cycle.store.ids import id_of
from cycle.store.outbox import telling


def for_covenant(office: Office, address: str, now: datetime, covenant: str | None) -> str:
    """The secretariat of a covenant: the one of this name, or the only one."""
    if not address.strip():
        return named(office, address, now).by
    with office.database.reading() as session:
        about = [id_of(covenants.covenant(session, covenant))]
    return named(office, address, now, about).by


def for_deadline(
    office: Office, address: str, now: datetime, deadline_id: int, covenant_id: int | None, *, own: str | None = None
) -> str:
    """The secretariat; with `own` also whoever speaks for that lead, or for any of its leads when it is ""."""
    with office.database.reading() as session:
        row = deadlines.row_by_id(session, deadline_id, covenant_id)
        leads = [slug for part, slug in deadlines.part_rows(session, id_of(row)) if part.part == LEAD]
    parties = frozenset() if own is None else frozenset(slug for slug in leads if own in ("", slug))
    return named(office, address, now, [row.covenant_id], Fitting(DOERS, parties)).by


def for_reading(office: Office, address: str, now: datetime, reading_id: int, covenant_id: int | None) -> str:
    """The secretariat of the covenant of a reading; which reading it is, is looked at by what decides about it."""
    with office.database.reading() as session:
        about = register.covenant_of_reading(session, reading_id)
    return named(office, address, now, [one for one in (about or covenant_id,) if one]).by


def for_person(office: Office, address: str, now: datetime, email: str) -> str:
    """Whoever reads this mailbox, and the secretariat of each table where they sit."""
    with office.database.reading() as session:
        people = covenants.persons_at(session, email)
        about = {covenant for one in people for covenant in seats.covenants_of(session, id_of(one))}
    return named(office, address, now, about, Fitting(mailboxes=frozenset({email.strip().lower()}))).by


def for_messages(office: Office, address: str, now: datetime, ids: Iterable[int] = ()) -> str:
    """The secretariat of a covenant that each of these mails is about; of any for a mail about none, or without any."""
    wanted = list(ids)
    with office.database.reading() as session:
        about = telling.covenants_of(session, wanted)
    tables = {frozenset(about.get(one, ())) for one in wanted} or {frozenset()}
    return {named(office, address, now, one).by for one in tables}.pop()  # every mail is looked at; the name is one


def for_letter(
    office: Office,
    address: str,
    now: datetime,
    covenant: str | None,
    year: int,
    *,
    party: str = "",
    sender: str = "",
    step: str = "",
) -> Named:
    """The secretariat, or a director of the sender `party`; of any of the letter's senders when none is named."""
    if not address.strip():
        return named(office, address, now)
    with office.database.reading() as session:
        view = view_of(session, office.settings, covenant)
        senders = signers(session, view, step_of(session, view, year, step), sender)
    parties = frozenset(slug for slug in senders if party in ("", slug))
    return named(office, address, now, [view.id], Fitting(frozenset({Role.DIRECTOR}), parties))
