"""What the secretariat does with the outbox: look at a mail, offer it again, hold it, put it aside, let sending go on.

Each decision is kept with its time and the name that was given.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from cycle.actions.office.logbook import note
from cycle.actions.office.mail_hours import day_of
from cycle.actions.office.mailed import put_away, seal_again
from cycle.actions.office.office import Office
from cycle.actions.post.halts.alarming import without_addresses
from cycle.actions.post.halts.clock_check import believe
from cycle.actions.post.halts.flood_guard import APPROVED
from cycle.errors import NotFound, Refused
from cycle.store.database import Session
from cycle.store.outbox import beating, standstill, withdrawing
from cycle.store.outbox.beating import RESUMED
from cycle.store.outbox.labels import DIGEST, DISCARDED, DRAFT, FAILED, HELD, KEEPS_HOURS, PLANNED_KINDS, QUEUED
from cycle.store.outbox.standstill import ALL_PAUSES, CLOCK_PAUSE, PLANNING_PAUSE, SENDING_PAUSE
from cycle.store.tables import Message
from cycle.words import MAIL_STATES


def message(office: Office, message_id: int) -> Message:
    """One message of the outbox.

    Raises NotFound.
    """
    with office.database.reading() as session:
        row = session.get(Message, message_id) if 0 < message_id < 2**31 else None
    if row is None:
        raise NotFound(f"Bericht {message_id} bestaat niet.", "Kijk met: cycle outbox")
    return row


def retry(office: Office, message_id: int, now: datetime, *, by: str = "", covenant_id: int | None = None) -> str:
    """Puts a failed or held message back in the queue, with the same Message-ID.

    A reminder that failed, could not be made, or is no longer right and cannot have arrived, goes away, so that the
    plan makes it anew. Anything else of which the links were blanked gets fresh ones. Raises NotFound, or Refused for
    one that was sent, whose words are gone and that no plan makes again, or whose links were for somebody who has
    another address now.
    """
    with _locked(office, message_id) as (session, row):
        if row.state == QUEUED:
            return "Dit bericht wacht al op verzending."
        _refuse_unless(row, (FAILED, HELD), "Alleen wat niet bezorgd of vastgehouden is kan opnieuw.")
        if not row.body and row.kind not in PLANNED_KINDS:
            raise Refused(
                "Van dit bericht is er geen tekst, en het wordt niet opnieuw gemaakt.", "Laat het zelf weten."
            )
        note(
            session, now, by, "opnieuw aangeboden", f"bericht {row.id}", row.last_answer, covenant_id or row.covenant_id
        )
        row.attempts = row.tries_in_doubt = 0
        row.first_tried_at = row.refused_at = row.reported_at = None
        if not row.body or _is_made_anew(row, day_of(office.settings, now)[0]):
            withdrawing.replace(session, [row], now)
            return "Deze mail wordt opnieuw gemaakt, uiterlijk op de volgende dag dat er post gaat."
        if not seal_again(session, office.settings, row, now):
            raise Refused(
                "De links in dit bericht werken niet meer, en het adres is niet meer van deze persoon.",
                "Laat het zelf weten.",
            )
        row.state, row.next_try_at = QUEUED, now
    return "Het bericht gaat bij de volgende ronde opnieuw uit."


def send_now(office: Office, message_id: int, now: datetime, *, by: str = "", covenant_id: int | None = None) -> str:
    """Lets a waiting message go at the next chance instead of at its own time. A reminder still keeps to mail hours.

    Raises NotFound, or Refused for one that does not wait.
    """
    with _locked(office, message_id) as (session, row):
        _refuse_unless(row, (QUEUED,), "Alleen wat wacht kan nu weg.")
        row.next_try_at = now
        note(session, now, by, "nu verstuurd", f"bericht {row.id}", "", covenant_id or row.covenant_id)
    if row.kind in KEEPS_HOURS and not office.settings.mail_hours.is_open(now):
        return "De mail gaat uit zodra het weer mag: op een werkdag, binnen de uren voor post."
    return "De mail gaat nu uit."


def hold(office: Office, message_id: int, now: datetime, *, by: str = "", covenant_id: int | None = None) -> str:
    """Keeps a waiting message back until somebody offers it again. Raises NotFound, or Refused when it is too late."""
    with _locked(office, message_id) as (session, row):
        if row.state == HELD:
            return "Dit bericht werd al vastgehouden."
        _refuse_unless(row, (QUEUED, DRAFT), "Alleen wat nog wacht kan worden vastgehouden.")
        row.state, row.next_try_at = HELD, None
        note(session, now, by, MAIL_STATES[HELD], f"bericht {row.id}", "", covenant_id or row.covenant_id)
    return "Het bericht blijft liggen tot: cycle outbox retry"


def discard(office: Office, message_id: int, now: datetime, *, by: str = "", covenant_id: int | None = None) -> str:
    """Puts a message aside for good; what it tells counts as told, unless it had failed.

    Raises NotFound, or Refused for one that was sent.
    """
    with _locked(office, message_id) as (session, row):
        if row.state == DISCARDED:
            return "Dit bericht was al weggelegd."
        waiting = (QUEUED, DRAFT, HELD, FAILED)
        _refuse_unless(row, waiting, "Wat verstuurd is of nu wordt verstuurd kan niet meer weg.")
        row.state, row.next_try_at = DISCARDED, None
        put_away(row)
        note(
            session,
            now,
            by,
            MAIL_STATES[DISCARDED],
            f"bericht {row.id}",
            row.last_answer,
            covenant_id or row.covenant_id,
        )
    return "Het bericht is weggelegd en gaat niet meer uit."


def resume(office: Office, now: datetime, *, by: str = "", which: Sequence[int] = ALL_PAUSES) -> str:
    """Lets sending and planning go on after they were paused, or some of it; what the guard held back may go today, and
    the clock is believed."""
    with office.database.writing() as session:
        reasons = "; ".join(one.reason for one in standstill.pauses(session) if one.id in which)
        resumed = standstill.resume(session, which)
        if PLANNING_PAUSE in resumed:
            beating.beat(session, APPROVED, now)
        if SENDING_PAUSE in resumed:
            beating.beat(session, RESUMED, now)
        if CLOCK_PAUSE in resumed:
            believe(session, now)
        if resumed:
            note(session, now, by, "verzending hervat", "uitgaande post", without_addresses(reasons))
    return "De verzending loopt weer." if resumed else "De verzending liep al."


def _is_made_anew(row: Message, today: date) -> bool:
    """Whether a reminder is planned again rather than sent as it was: it failed, so that what it told is free, or it
    cannot have arrived and is no longer right."""
    is_reminder = row.kind == DIGEST and row.person_id is not None
    is_wrong_now = not row.uncertain and (row.is_outdated or row.on < today)
    return is_reminder and (row.state == FAILED or is_wrong_now)


@contextmanager
def _locked(office: Office, message_id: int) -> Iterator[tuple[Session, Message]]:
    """One message to decide about: no sender can take it meanwhile."""
    message(office, message_id)
    with office.database.writing() as session:
        row = session.get_one(Message, message_id, with_for_update=True)
        yield session, row
        session.add(row)


def _refuse_unless(row: Message, states: tuple[str, ...], hint: str) -> None:
    if row.state not in states:
        raise Refused(f"Dit bericht staat op “{MAIL_STATES[row.state]}”.", hint)
