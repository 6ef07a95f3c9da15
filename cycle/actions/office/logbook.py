"""Who decided what: each decision is kept with its time and the name that was given."""

from datetime import datetime

from cycle.domain.words import command_line_words
from cycle.store.database import Session
from cycle.store.tables import Decision

UNNAMED = command_line_words("iemand")


def note(
    session: Session, now: datetime, by: str, verb: str, about: str, detail: str = "", covenant_id: int | None = None
) -> None:
    """One line in the logbook, in the transaction of the decision itself."""
    session.add(Decision(covenant_id=covenant_id, at=now, by=by or UNNAMED, verb=verb, about=about, detail=detail))
