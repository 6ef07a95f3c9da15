"""Who decided what: each decision is kept with its time and the name that was given."""

from datetime import datetime

from cycle.domain.words import command_line_words
from cycle.store import noticing
from cycle.store.database import Session

UNNAMED = command_line_words("iemand")


def note(
    session: Session,
    now: datetime,
    by: str,
    verb: str,
    about: str,
    detail: str = "",
    covenant_id: int | None = None,
    *,
    of: int = 0,
) -> None:
    """One line in the logbook, in the transaction of the decision itself. What it changed is kept with it.

    `of` is the number of the thing where the logbook calls it by another name: an agreement, which may get another.
    """
    noticing.say(session, now, by or UNNAMED, verb, about, detail, covenant_id, of=of)


def act(session: Session, now: datetime, by: str) -> None:
    """Who does what follows in this transaction, where the logbook has no line for it."""
    noticing.act(session, now, by or UNNAMED)
