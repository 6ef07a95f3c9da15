"""What could not be made: a failed message that tells nothing, so that a person hears of it and nobody else waits.

Anything can go wrong in one mail: a template, a value, a row. Whoever makes mails puts that one aside and goes on (rule
C11); its secretariat is told by `alarming` (the operator too, if there is one), and the plan tries again on the next
mail day.
"""

import logging
from datetime import date, datetime

from cycle.actions.office.office import Office
from cycle.domain.troubles import Troubles
from cycle.mail.compose import message_id
from cycle.store.mishaps import KeyTaken
from cycle.store.outbox import putting, telling
from cycle.store.outbox.labels import DIGEST, FAILED
from cycle.store.tables import Message

NAMED = 20

log = logging.getLogger(__name__)


def put_troubles(office: Office, troubles: Troubles, now: datetime) -> None:
    """A failed message for each covenant in trouble, once a day: that is how a person hears of it."""
    if not troubles.noted:
        return
    on = office.local_day(now)
    keys = {covenant: f"unplanned:{covenant or 0}:{on.isoformat()}" for covenant in troubles.noted}
    with office.database.reading() as session:
        told = telling.has_digest(session, keys.values())
    for covenant, whats in troubles.noted.items():
        for what in whats:
            log.error("covenant %s: %s failed", covenant, what)
        if keys[covenant] in told:
            continue
        row = unmade(office, keys[covenant], DIGEST, ", ".join(whats[:NAMED]), now, on=on, covenant_id=covenant)
        try:
            with office.database.writing() as session:
                putting.put(session, row, (), now)
        except KeyTaken:  # another process was faster
            continue


def unmade(
    office: Office,
    key: str,
    kind: str,
    why: str,
    now: datetime,
    *,
    on: date,
    to: str = "",
    person_id: int | None = None,
    covenant_id: int | None = None,
) -> Message:
    """The outbox row of a mail that could not be made, or not be kept; `why` says in words what is wrong with what."""
    return Message(
        key=key,
        kind=kind,
        person_id=person_id,
        covenant_id=covenant_id,
        to="".join(sign for sign in to if sign.isprintable()),
        subject="(niet te maken)",
        message_id=message_id(f"{office.installation} {key}", "invalid"),
        on=on,
        created_at=now,
        state=FAILED,
        last_answer=f"niet te maken: {why}",
    )
