"""What could not be made: a failed message that tells nothing, so that a person hears of it and nobody else waits.

Anything can go wrong in one mail: a template, a value, a row. Whoever makes mails puts that one aside and goes on (rule
C11); its secretariat is told by `alarming` (the operator too, if there is one), and the plan tries again on the next
mail day.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from cycle.actions.office.office import Office
from cycle.mail.compose import message_id
from cycle.store import outbox
from cycle.store.mishaps import KeyTaken
from cycle.store.tables import Message

NAMED = 20

log = logging.getLogger(__name__)


class Troubles:
    """What failed in one round, by the covenant that it concerns; 0 is for what concerns none."""

    def __init__(self) -> None:
        self.found: dict[int, list[str]] = {}

    @contextmanager
    def about(self, covenant: int, what: str) -> Iterator[None]:
        """Whatever fails within is noted, and the round goes on. A message of an exception may hold names, so only its
        kind is kept."""
        try:
            yield
        except Exception as error:
            self.add(covenant, f"{what} ({type(error).__name__})")

    def add(self, covenant: int, what: str) -> None:
        """Notes what failed, in a few words."""
        log.error("covenant %s: %s failed", covenant, what)
        self.found.setdefault(covenant, []).append(what)


def put_troubles(office: Office, troubles: Troubles, now: datetime) -> None:
    """A failed message for each covenant in trouble, once a day: that is how a person hears of it."""
    if not troubles.found:
        return
    on = office.local_day(now)
    keys = {covenant: f"unplanned:{covenant}:{on.isoformat()}" for covenant in troubles.found}
    with office.database.reading() as session:
        told = outbox.has_digest(session, keys.values())
    for covenant, whats in troubles.found.items():
        if keys[covenant] in told:
            continue
        row = unmade(
            office, keys[covenant], outbox.DIGEST, ", ".join(whats[:NAMED]), now, on=on, covenant_id=covenant or None
        )
        try:
            with office.database.writing() as session:
                outbox.put(session, row, (), now)
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
        state=outbox.FAILED,
        last_answer=f"niet te maken: {why}",
    )
