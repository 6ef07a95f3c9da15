"""Which covenants a mailbox may see: `domain.seeing` for the people who are in the database."""

from collections.abc import Iterable
from datetime import datetime

from cycle.actions.office.covenant_view import CovenantView, views
from cycle.domain.seeing import may_see, roles_at
from cycle.settings import Settings
from cycle.store import feedlinks
from cycle.store.database import Session


def sees(view: CovenantView, email: str, now: datetime) -> bool:
    """Whether whoever reads this mailbox may see a covenant now."""
    return may_see(view.row.released_at, roles_at(view.members, email, view.local_day(now)))


def tables_of(
    session: Session, settings: Settings, email: str, now: datetime, among: Iterable[int] | None = None
) -> dict[int, CovenantView]:
    """The covenants where a mailbox has a seat, of whatever time, as far as it may see them; `among` some of them."""
    ids = {covenant for covenant, _member in feedlinks.seats_at(session, email)}
    ids &= ids if among is None else set(among)
    tables = views(session, settings, ids) if ids else {}
    return {key: here for key, here in tables.items() if sees(here, email, now)}
