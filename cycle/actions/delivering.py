"""Delivery: claim a few messages, hand each to the mail server, and write down at once what it answered.

One message is committed as sent right after the server's 250 (rule C2). What a dead sender left behind is of unknown
outcome: a reminder goes again with the same Message-ID, a letter waits for a person (rule C3).
"""

import os
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event

from cycle.actions.letters import settle_sent_letters
from cycle.actions.office import Office
from cycle.mail.deliver import Answer, Outcome, Pace, Transport
from cycle.mail.maildir import MaildirTransport
from cycle.mail.smtp import Security, SmtpServer, SmtpTransport
from cycle.settings import Settings
from cycle.store import outbox
from cycle.store.outbox import DIGEST, FAILED, HELD, QUEUED, SENT, Parcel

BATCH = 20
LEASE_MINUTES = 15  # longer than the 10 minutes that a server may take for the final dot (RFC 5321, 4.5.3.2.6)
RETRY_MINUTES = (1, 5, 15, 60)
GIVE_UP_HOURS = 48
SLICE_SECONDS = 50.0


@dataclass(slots=True)
class Delivered:
    """What one slice did, by outcome."""

    sent: int = 0
    failed: int = 0
    waiting: int = 0
    answers: list[str] = field(default_factory=list)


class AllowedOnly:
    """Outside production only allow-listed addresses are mailed; what is for others becomes a file (rule C6)."""

    def __init__(self, out: Transport, files: Transport, allowed: Sequence[str]) -> None:
        self._out, self._files = out, files
        self._allowed = tuple(one.lower() for one in allowed)

    def deliver(self, raw: bytes, *, envelope_from: str, recipient: str, key: str) -> Answer:
        """By mail to who is allowed: an address, or a domain written as "@gemeente.nl"."""
        address = recipient.lower()
        is_allowed = any(address == one or (one[:1] == "@" and address.endswith(one)) for one in self._allowed)
        way = self._out if is_allowed else self._files
        return way.deliver(raw, envelope_from=envelope_from, recipient=recipient, key=key)

    def check(self) -> Answer:
        """The mail server's own."""
        return self._out.check()

    def close(self) -> None:
        """Both ways."""
        self._out.close()
        self._files.close()


def open_transport(settings: Settings) -> Transport:
    """The way out that the settings name."""
    mail = settings.mail
    files = MaildirTransport(settings.path(mail.folder))
    if mail.transport == "maildir":
        return files
    server = SmtpServer(mail.host, mail.port, Security(mail.security), mail.user, mail.password)
    if settings.environment == "production":
        return SmtpTransport(server)
    return AllowedOnly(SmtpTransport(server), files, mail.allow_list)


def open_pace(settings: Settings) -> Pace:
    """The rate at which a mail server takes our mail; a folder has none."""
    per_minute = settings.mail.per_minute if settings.mail.transport == "smtp" else 0
    return Pace(per_minute, time.monotonic, time.sleep)


def deliver_mails(
    office: Office, transport: Transport, pace: Pace, now: Callable[[], datetime],
    *, stop: Event | None = None, seconds: float = SLICE_SECONDS,
) -> Delivered:  # fmt: skip
    """Delivers what is due, for at most `seconds`; `stop` ends it after the mail in hand."""
    done = Delivered()
    owner = f"{socket.gethostname()}:{os.getpid()}"
    ends = time.monotonic() + seconds
    _take_over_lost(office, now())
    while not (stop and stop.is_set()) and time.monotonic() < ends:
        parcels = _claim(office, owner, now())
        if not parcels:
            break
        if not _deliver_batch(office, transport, pace, now, owner, parcels, done, stop):
            break
    settle_sent_letters(office, now())
    return done


def _claim(office: Office, owner: str, now: datetime) -> list[Parcel]:
    """The next few messages; reading first, so that an empty outbox costs no write lock."""
    with office.database.reading() as session:
        if outbox.pause(session) is not None or outbox.oldest_due(session, now) is None:
            return []
    with office.database.writing() as session:
        return outbox.claim(session, now, now + timedelta(minutes=LEASE_MINUTES), owner, BATCH)


def _deliver_batch(
    office: Office, transport: Transport, pace: Pace, now: Callable[[], datetime], owner: str, parcels: list[Parcel],
    done: Delivered, stop: Event | None,
) -> bool:  # fmt: skip
    """Hands over one batch; False when the server is not to be bothered with more for now."""
    for position, parcel in enumerate(parcels):
        if stop and stop.is_set():
            _put_back(office, owner, parcels[position:], now())
            return False
        pace.take()
        answer = transport.deliver(parcel.body, envelope_from=parcel.envelope_from, recipient=parcel.to, key=parcel.key)
        _write_down(office, owner, parcel, answer, now(), done)
        if answer.outcome in (Outcome.UNREACHABLE, Outcome.SENDER):
            _put_back(office, owner, parcels[position + 1 :], now())
            return False
    return True


def _write_down(office: Office, owner: str, parcel: Parcel, answer: Answer, now: datetime, done: Delivered) -> None:
    """One answer into the outbox, in a transaction of its own."""
    values = outcome_values(parcel, answer, now)
    with office.database.writing() as session:
        outbox.record(session, parcel.id, owner, **values)
        if answer.outcome is Outcome.SENDER:
            outbox.set_pause(session, now, answer.text)
    done.sent += values["state"] == SENT
    done.failed += values["state"] in (FAILED, HELD)
    done.waiting += values["state"] == QUEUED
    if answer.outcome is not Outcome.ACCEPTED:
        done.answers.append(answer.text)


def outcome_values(parcel: Parcel, answer: Answer, now: datetime) -> dict[str, object]:
    """What an answer makes of a message (rule B12): the columns to set."""
    if answer.outcome is Outcome.ACCEPTED:
        return {"state": SENT, "sent_at": now, "last_answer": answer.text, "next_try_at": None}
    if answer.outcome is Outcome.RECIPIENT:
        return {"state": FAILED, "last_answer": answer.text, "next_try_at": None}
    if answer.outcome is Outcome.UNKNOWN and parcel.kind != DIGEST:
        return {"state": HELD, "uncertain": True, "last_answer": answer.text, "next_try_at": None}
    if answer.outcome in (Outcome.UNREACHABLE, Outcome.SENDER):  # never handed over, so this was no try
        wait = timedelta(minutes=1)
        return {"state": QUEUED, "attempts": parcel.attempts - 1, "last_answer": answer.text, "next_try_at": now + wait}
    return _retry(parcel, answer, now)


def _retry(parcel: Parcel, answer: Answer, now: datetime) -> dict[str, object]:
    """Again after 1, 5, 15 and 60 minutes, then each hour, for two days."""
    tries = len(RETRY_MINUTES) + GIVE_UP_HOURS
    values: dict[str, object] = {"last_answer": answer.text}
    if answer.outcome is Outcome.UNKNOWN:
        values["uncertain"] = True
    if parcel.attempts > tries:
        return values | {"state": FAILED, "next_try_at": None}
    minutes = RETRY_MINUTES[min(parcel.attempts, len(RETRY_MINUTES)) - 1]
    return values | {"state": QUEUED, "next_try_at": now + timedelta(minutes=minutes)}


def _put_back(office: Office, owner: str, parcels: list[Parcel], now: datetime) -> None:
    """Messages that were claimed but not offered were not tried."""
    if parcels:
        with office.database.writing() as session:
            for parcel in parcels:
                outbox.record(
                    session, parcel.id, owner, state=QUEUED, attempts=parcel.attempts - 1,
                    next_try_at=now + timedelta(minutes=1),
                )  # fmt: skip


def _take_over_lost(office: Office, now: datetime) -> None:
    """What a sender that died left in the middle: nobody knows whether it arrived."""
    with office.database.reading() as session:
        if not outbox.lost_leases(session, now):
            return
    with office.database.writing() as session:
        for message in outbox.lost_leases(session, now):
            message.state = QUEUED if message.kind == DIGEST else HELD
            message.uncertain, message.lease_until, message.lease_owner = True, None, ""
            message.next_try_at = now if message.kind == DIGEST else None
            message.last_answer = "uitkomst onbekend" + (", opnieuw verstuurd" if message.kind == DIGEST else "")
            session.add(message)
