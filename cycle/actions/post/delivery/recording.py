"""Writing down what became of each message, before its connection hands over the next (rule C2).

Several connections that have an answer at about the same moment share one transaction, since each waits for the disk:
the first waits up to ten milliseconds for the others that are at work (a group commit). A database that is
away for a moment is asked again, because what it does not hear would be sent twice.
"""

import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import Condition, Lock
from weakref import WeakKeyDictionary

from cycle.actions.office.office import Office
from cycle.actions.post.delivery.outcomes import REFUSALS, Values
from cycle.actions.post.delivery.restored import sent_journal
from cycle.actions.post.returns.bouncing import count_gone
from cycle.actions.post.returns.refusals import is_everybody_refused
from cycle.errors import reason_of
from cycle.mail.bounces import GONE
from cycle.mail.deliver import Answer, Outcome
from cycle.settings import Settings
from cycle.store.database import Database, Session
from cycle.store.mishaps import NO_ANSWER
from cycle.store.outbox import handing, standstill, withdrawing
from cycle.store.outbox.claiming import Parcel
from cycle.store.outbox.labels import ALARM, DIGEST, FAILED, QUEUED, SENT

log = logging.getLogger(__name__)

GATHER_SECONDS = 0.01
ASK_AGAIN_SECONDS = (0.5, 2.0, 5.0, 10.0)


@dataclass(slots=True, eq=False)
class Note:
    """One answer to be written down. `upcoming` is the message that this connection offers next, if it does.

    `is_ours` says afterwards whether the lease still held, `pauses` whether sending stands still because of it.
    """

    owner: str
    parcel: Parcel
    answer: Answer
    values: Values
    at: datetime
    upcoming: int | None = None
    is_ours: bool = False
    pauses: bool = False
    is_done: bool = False
    error: Exception | None = None


_UNWRITTEN: "WeakKeyDictionary[Database, list[tuple[datetime, str]]]" = WeakKeyDictionary()
"""By database what left and does not stand in the journal yet."""

_IN_JOURNAL = Lock()


class Recorder:
    """Shared by the connections of one slice."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._journal = sent_journal(office)
        self._turn = Condition()
        self._waiting: list[Note] = []
        self._at_work = 0
        self._is_writing = False

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Around the work of one connection: the others may wait for its answers."""
        with self._turn:
            self._at_work += 1
        try:
            yield
        finally:
            with self._turn:
                self._at_work -= 1
                self._turn.notify_all()
            self._into_journal([], sync=True)

    def write_down(self, note: Note) -> bool:
        """Returns when the note is committed; whether the message was still this sender's."""
        with self._turn:
            self._waiting.append(note)
            self._turn.notify_all()
            self._turn.wait_for(lambda: note.is_done or not self._is_writing)
            if note.is_done:
                return self._result(note)
            self._is_writing = True
            self._turn.wait_for(lambda: len(self._waiting) >= self._at_work, GATHER_SECONDS)
            group, self._waiting = self._waiting, []
        try:
            self._commit(group)
        finally:
            with self._turn:
                self._is_writing = False
                for tried in group:
                    tried.is_done = True
                self._turn.notify_all()
        return self._result(note)

    def _result(self, note: Note) -> bool:
        if note.error is not None:
            raise note.error
        return note.is_ours

    def _commit(self, group: Sequence[Note]) -> None:
        """All in one transaction; if that cannot be, each by itself, so that one does not spoil the others."""
        try:
            self._insist(group)
        except Exception as error:
            for tried in group:
                tried.error = error if len(group) == 1 else self._alone(tried)
        sent = [one for one in group if one.is_ours and one.error is None and one.values["state"] == SENT]
        self._into_journal([(one.at, one.parcel.message_id) for one in sent])

    def _into_journal(self, lines: Iterable[tuple[datetime, str]], *, sync: bool = False) -> None:
        """What left, with what could not be written before. A journal that cannot be written ends no sender: the
        database knows of the sending, and the line waits in this process until there is room or right to write it."""
        waiting = _UNWRITTEN.setdefault(self._office.database, [])
        with _IN_JOURNAL:
            waiting += lines
            try:
                while waiting:
                    self._journal.add(*waiting[0])
                    del waiting[0]
                if sync:
                    self._journal.sync()
            except OSError as error:
                log.error("the send journal cannot be written: %s", reason_of(error))

    def _alone(self, note: Note) -> Exception | None:
        try:
            self._transact([note])
        except Exception as error:
            note.is_ours = False
            return error
        return None

    def _insist(self, group: Sequence[Note]) -> None:
        for seconds in ASK_AGAIN_SECONDS:
            try:
                return self._transact(group)
            except NO_ANSWER:
                time.sleep(seconds)
        return self._transact(group)

    def _transact(self, group: Sequence[Note]) -> None:
        if all(note.answer.accepted for note in group):  # a session takes as long as all the rest
            with self._office.database.engine.begin() as connection:
                for note in group:
                    note.is_ours = handing.record(connection, note.parcel.id, note.owner, **note.values)
                    if note.upcoming is not None:
                        handing.take_in_hand(connection, note.upcoming, note.owner)
            return
        with self._office.database.writing() as session:
            for note in group:
                _record(session, self._office.settings, note)


def _record(session: Session, settings: Settings, note: Note) -> None:
    """One answer, and what it says about our account, about the address, and about what the mail told."""
    parcel, answer = note.parcel, note.answer
    note.is_ours = handing.record(session, parcel.id, note.owner, **note.values)
    if note.upcoming is not None:
        handing.take_in_hand(session, note.upcoming, note.owner)
    if answer.outcome is Outcome.SENDER and parcel.kind != ALARM:
        standstill.set_pause(session, note.at, answer.text)
    if not note.is_ours:
        return
    if parcel.kind == DIGEST and note.values["state"] == FAILED:
        withdrawing.free_lines(session, parcel.id, note.at)
    if parcel.kind == DIGEST and note.values["state"] == QUEUED:
        withdrawing.withdraw_outdated(session, [parcel.id], note.at)
    if answer.outcome is Outcome.RECIPIENT and answer.status in GONE:
        count_gone(session, parcel.to, note.at)
    if answer.outcome in REFUSALS:
        note.pauses = is_everybody_refused(session, settings, parcel, answer, note.at)
