"""What the secretariat does with the outbox: look at a mail, offer it again, let sending go on."""

from datetime import datetime

from cycle.actions.logbook import note
from cycle.actions.office import Office
from cycle.errors import NotFound, Refused
from cycle.store import outbox
from cycle.store.tables import Message


def message(office: Office, message_id: int) -> Message:
    """One message of the outbox.

    Raises NotFound.
    """
    with office.database.reading() as session:
        row = session.get(Message, message_id) if 0 < message_id < 2**31 else None
    if row is None:
        raise NotFound(f"Bericht {message_id} bestaat niet.", "Kijk met: cycle outbox")
    return row


def retry(office: Office, message_id: int, now: datetime, *, by: str = "") -> str:
    """Puts a failed or held message back in the queue, with the same Message-ID.

    Raises NotFound, or Refused for one that was sent.
    """
    message(office, message_id)
    with office.database.writing() as session:
        row = session.get_one(Message, message_id)
        if row.state == outbox.QUEUED:
            return "Dit bericht wacht al op verzending."
        if row.state not in (outbox.FAILED, outbox.HELD):
            raise Refused(f"Dit bericht is {row.state}.", "Alleen wat mislukt of vastgehouden is kan opnieuw.")
        row.state, row.next_try_at, row.attempts = outbox.QUEUED, now, 0
        session.add(row)
        note(session, now, by, "opnieuw aangeboden", f"bericht {row.id}", "", row.covenant_id)
    return "Het bericht gaat bij de volgende ronde opnieuw uit."


def resume(office: Office, now: datetime, *, by: str = "") -> str:
    """Lets sending go on after it was paused."""
    with office.database.writing() as session:
        was_paused = outbox.resume(session)
        if was_paused:
            note(session, now, by, "verzending hervat", "uitgaande post")
    return "De verzending loopt weer." if was_paused else "De verzending liep al."
