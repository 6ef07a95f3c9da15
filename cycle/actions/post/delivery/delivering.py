"""Delivery: claim a few messages, hand each to the mail server, and write down at once what it answered.

One message is committed as sent right after the server's 250, before its connection does anything else (rule C2). What
a dead sender had in hand is of unknown outcome: a reminder goes again with the same Message-ID, a letter waits for a
person (rule C3). A lease is renewed before each message while a batch takes long; who lost it does not mark (rule C4).
"""

import logging
import os
import secrets
import socket
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from threading import Event, Lock
from weakref import WeakKeyDictionary

from cycle.actions.office.mail_hours import leaves
from cycle.actions.office.mailed import with_its_secret
from cycle.actions.office.office import Office
from cycle.actions.post.delivery.outcomes import NOT_HANDED_OVER, Values, outcome_values, put_back_values
from cycle.actions.post.delivery.recording import Note, Recorder
from cycle.actions.post.delivery.restored import KnownSendings
from cycle.actions.post.halts.alarming import put_alarms, put_unreachable, report_failures
from cycle.actions.post.halts.clock_check import doubt
from cycle.actions.post.returns.transports import open_files, open_pace, open_transport
from cycle.mail.bounces import return_address
from cycle.mail.deliver import Answer, Outcome, Pace, Transport
from cycle.store.database import Database, Session
from cycle.store.deadlines import Where
from cycle.store.outbox import claiming, handing, lookups, standstill, withdrawing
from cycle.store.outbox.claiming import Parcel
from cycle.store.outbox.labels import ALARM, FAILED, HELD, QUEUED, SENT

__all__ = ["Delivered", "deliver_mails", "open_pace", "open_transport"]

BATCH = 20
DOUBT_LASTS = timedelta(days=14)  # a reminder of unknown outcome waits no longer than this for another try
LEASE = timedelta(minutes=15)  # longer than the 10 minutes of the final dot (RFC 5321, 4.5.3.2.6)
RENEW_SECONDS = 120.0  # so that 13 minutes are left for the 2 minutes of a body and those 10
SLICE_SECONDS = 50.0
HELD_UP_SECONDS = 5.0  # longer than a mail server takes over a mail
LONGEST_SECONDS = 900.0  # of a slice that goes on because one connection is held up
LOOK_SECONDS = 0.5

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Delivered:
    """What one slice did, by outcome."""

    sent: int = 0
    failed: int = 0
    waiting: int = 0
    answers: list[str] = field(default_factory=list)


def deliver_mails(
    office: Office,
    transport: Transport,
    pace: Pace,
    now: Callable[[], datetime],
    *,
    stop: Event | None = None,
    seconds: float = SLICE_SECONDS,
    ignore_hours: bool = False,
) -> Delivered:
    """Delivers what is due, for at most `seconds`; `stop` ends it after the mail in hand. `ignore_hours` is for `cycle
    send` on another day.

    By a clock that is not to be believed nothing is given up, taken over or held, and only what is never paused leaves:
    it may have gone wrong since the last round planned.
    """
    done = Delivered()
    ends = time.monotonic() + seconds
    _let_go(office, now())
    with office.database.reading() as session:
        is_wrong = bool(doubt(session, office.settings, now()))
    if not is_wrong:
        _take_over_lost(office, now())
    put_alarms(office, now())
    sending = partial(_Senders, office, transport, pace, now, stop or Event(), ends, done, is_clock_wrong=is_wrong)
    senders = sending(ignore_hours=ignore_hours)
    senders.run()
    unreachable = senders.unreachable and put_unreachable(office, senders.unreachable, now())
    if put_alarms(office, now()) + report_failures(office, now()) + bool(unreachable):
        sending().run()
    return done


class _Senders:
    """The threads of one slice: one for each connection, on one outbox, one pace and one account."""

    def __init__(
        self,
        office: Office,
        transport: Transport,
        pace: Pace,
        now: Callable[[], datetime],
        stop: Event,
        ends: float,
        done: Delivered,
        *,
        ignore_hours: bool = False,
        is_clock_wrong: bool = False,
    ) -> None:
        self._office, self._transport, self._pace, self._now = office, transport, pace, now
        self._stop, self._ends, self._done = stop, ends, done
        self._ignore_hours, self._is_clock_wrong = ignore_hours, is_clock_wrong
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._recorder = Recorder(office)
        self._known = KnownSendings(office)
        self._enough = Event()
        self._lock = Lock()
        self._since: dict[str, float] = {}
        self.unreachable = ""

    def run(self) -> None:
        """Until nothing is due, time is up, or the server is not to be bothered with more for now."""
        if not self._is_anything_due():
            return
        if self._transport.connections == 1:
            self._work("0")
            return
        with ThreadPoolExecutor(self._transport.connections, "sender") as threads:
            list(threads.map(self._work, map(str, range(self._transport.connections))))

    def _work(self, name: str) -> None:
        owner = f"{self._owner}:{name}"
        with self._recorder.at_work():
            try:
                while not self._is_halted():
                    parcels = [] if self._is_over(owner) else self._claim(owner)
                    if not parcels and not self._others_since(owner):
                        break
                    if parcels:
                        self._deliver_batch(owner, parcels)
                    else:
                        self._stop.wait(LOOK_SECONDS)
            except Exception:
                self._enough.set()
                _STUMBLED.setdefault(self._office.database, set()).add(owner)
                with suppress(Exception):  # what went wrong may be over; if not, the next slice lets go
                    _let_go(self._office, self._now())
                raise

    def _is_halted(self) -> bool:
        return self._stop.is_set() or self._enough.is_set()

    def _is_over(self, owner: str) -> bool:
        """Whether this connection begins nothing more. While another one is held up by the mail server the slice goes
        on: it ends with all of them, and until then nothing else would leave."""
        now = time.monotonic()
        is_one_held_up = any(now - since > HELD_UP_SECONDS for since in self._others_since(owner))
        return self._is_halted() or now >= self._ends + (LONGEST_SECONDS if is_one_held_up else 0.0)

    def _others_since(self, owner: str) -> list[float]:
        """Since when each other connection has a mail in hand."""
        with self._lock:
            return [since for name, since in self._since.items() if name != owner]

    def _is_anything_due(self) -> bool:
        """Reading first, so that an empty outbox costs no write lock."""
        with self._office.database.reading() as session:
            return lookups.oldest_due(session, self._leaves(session, self._now())) is not None

    def _claim(self, owner: str) -> list[Parcel]:
        """The next few messages that may leave now."""
        if not self._is_anything_due():
            return []
        now = self._now()
        with self._office.database.writing() as session:
            parcels = claiming.claim(session, now, now + LEASE, owner, BATCH, self._leaves(session, now))
        return [with_its_secret(self._office.settings, parcel) for parcel in parcels]

    def _leaves(self, session: Session, now: datetime) -> Where:
        hours = self._ignore_hours or self._office.settings.mail_hours.is_open(now)
        is_paused = self._is_clock_wrong or standstill.is_sending_paused(session)
        return leaves(self._office.settings, now, hours=hours, paused=is_paused)

    def _deliver_batch(self, owner: str, parcels: Sequence[Parcel]) -> None:
        """Hands over one batch; what is left of it when it is over is put back."""
        leased = time.monotonic()
        lost: set[int] = set()
        for position, parcel in enumerate(parcels):
            if not self._is_over(owner):
                self._pace.take()
            if self._is_over(owner):
                self._put_back(owner, parcels[position:])
                break
            if time.monotonic() - leased > RENEW_SECONDS:
                lost = self._renew(owner, parcels[position:])
                leased = time.monotonic()
            if parcel.id not in lost:
                upcoming = (one.id for one in parcels[position + 1 :] if one.id not in lost)
                self._write_down(owner, parcel, self._timed(owner, parcel), next(upcoming, None))

    def _renew(self, owner: str, parcels: Sequence[Parcel]) -> set[int]:
        """The heartbeat: keeps the rest of the batch; returns what another sender took over meanwhile."""
        ids = [parcel.id for parcel in parcels]
        with self._office.database.writing() as session:
            renewed = claiming.renew_lease(session, ids, owner, self._now() + LEASE)
            for upcoming in [one for one in ids if one in renewed][:1]:
                handing.take_in_hand(session, upcoming, owner)
        return set(ids) - renewed

    def _timed(self, owner: str, parcel: Parcel) -> Answer:
        """One message to the server, while the others can see since when."""
        with self._lock:
            self._since[owner] = time.monotonic()
        try:
            return self._hand_over(parcel)
        finally:
            with self._lock:
                del self._since[owner]

    def _hand_over(self, parcel: Parcel) -> Answer:
        """One message to the server. An exception that no transport foresaw fails this one message (rule C11)."""
        if self._known.holds(parcel.message_id):
            return Answer(Outcome.ACCEPTED, "volgens het verzendjournaal al verstuurd")
        envelope = return_address(self._office.settings.mail.bounce_address, parcel.id, self._office.installation)
        offer = {"envelope_from": envelope or parcel.envelope_from, "recipient": parcel.to, "key": parcel.key}
        try:
            answer = self._transport.deliver(parcel.body, **offer) if parcel.to else None
            if parcel.kind == ALARM and (answer is None or not answer.accepted):
                answer = open_files(self._office.settings).deliver(parcel.body, **offer)
        except Exception as error:
            log.exception("message %s could not be handed over", parcel.id, exc_info=_nameless(error))
            answer = None
        return answer or Answer(Outcome.UNKNOWN, "er ging iets mis dat niet had mogen gebeuren; zie het log")

    def _write_down(self, owner: str, parcel: Parcel, answer: Answer, upcoming: int | None) -> None:
        """One answer into the outbox and the journal; it is there before this connection goes on."""
        now = self._now()
        values = outcome_values(self._office.settings, parcel, answer, now)
        if answer.outcome in NOT_HANDED_OVER and parcel.kind != ALARM:
            self._enough.set()
            self.unreachable = answer.text if answer.outcome is Outcome.UNREACHABLE else ""
        note = Note(owner, parcel, answer, values, now, upcoming)
        if not self._recorder.write_down(note):
            log.warning("message %s: the lease was lost before %s could be written down", parcel.id, answer.outcome)
        if note.pauses:
            self._enough.set()
        self._count(values, answer)

    def _count(self, values: Values, answer: Answer) -> None:
        with self._lock:
            self._done.sent += values["state"] == SENT
            self._done.failed += values["state"] in (FAILED, HELD)
            self._done.waiting += values["state"] == QUEUED
            if answer.outcome is not Outcome.ACCEPTED:
                self._done.answers.append(answer.text)

    def _put_back(self, owner: str, parcels: Sequence[Parcel]) -> None:
        """Messages that were claimed but not offered were not tried."""
        wait = timedelta(minutes=1) if self._enough.is_set() else timedelta(0)
        with self._office.database.writing() as session:
            for parcel in parcels:
                values = put_back_values(self._office.settings, parcel, self._now() + wait)
                handing.record(session, parcel.id, owner, **values)
            withdrawing.withdraw_outdated(session, [parcel.id for parcel in parcels], self._now())


_STUMBLED: "WeakKeyDictionary[Database, set[str]]" = WeakKeyDictionary()
"""By database the senders of this process that broke off with messages in their hands."""


def _let_go(office: Office, now: datetime) -> None:
    """What senders of this process held when something went wrong beneath them is free at once, not when their lease
    ends: only what they had just offered is in doubt."""
    owners = _STUMBLED.get(office.database)
    if owners:
        with office.database.writing() as session:
            handing.end_leases(session, frozenset(owners), now)
            handing.take_over_lost(session, now)
        owners.clear()


def _take_over_lost(office: Office, now: datetime) -> None:
    """What a sender that died left in the middle, and what waited too long in doubt."""
    with office.database.reading() as session:
        is_lost = handing.has_lost_leases(session, now)
        is_old = handing.hold_old_doubts(session, now - DOUBT_LASTS, count_only=True)
    if not (is_lost or is_old):
        return
    with office.database.writing() as session:
        lost = handing.take_over_lost(session, now)
        handing.hold_old_doubts(session, now - DOUBT_LASTS)
    if lost:
        log.warning("messages whose sender died: %s", lost)


def _nameless(error: Exception) -> Exception:
    """The error with its place but without its words, which may hold names (rule C15)."""
    return type(error)().with_traceback(error.__traceback__) if type(error).__module__ == "builtins" else error
