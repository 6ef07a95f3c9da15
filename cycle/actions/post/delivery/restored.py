"""A restored older back-up must not send again what was sent after it was made (rule C6).

`cycle restore` marks a database as restored; who puts one back by other means is found out when sending begins. The
send journal tells: when its newest line is newer than the newest sending that the database knows, the database is an
old one. Where there is no journal, one that shows no sign of life of the last 24 hours is taken for an old one.

Sending then starts paused, with the reason; after `cycle outbox resume` what stands in that stretch of the journal is
marked as sent and not sent again. Rows that were made after the back-up have their ids in keys, links and return
addresses that are out there; new rows get others.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from email.utils import parseaddr
from functools import cached_property
from typing import NamedTuple

from cycle.actions.office.letterbox import digest_key, identity_of
from cycle.actions.office.office import Office
from cycle.settings import Settings
from cycle.store import ids
from cycle.store.database import Session
from cycle.store.journal import JournalLine, SentJournal, mark
from cycle.store.outbox import beating, lookups, standstill
from cycle.store.outbox.beating import RESUMED
from cycle.store.outbox.standstill import SENDING_PAUSE

FILE = "var/sent.journal"
KEEP_DAYS = 90
FROM, UNTIL = "journal-from", "journal-until"
AT_ONCE = timedelta(minutes=15)
"""Mails that leave over several lines at once are not written down in the order of their moments."""
SIGN_OF_LIFE = timedelta(hours=24)
SIGNS = ("plan", "send", "deliver", "keep", RESUMED)
MOST_DAYS = 400


class SentSince(NamedTuple):
    """What left after a copy was made, as far as the journal tells.

    `is_known` says that the journal goes on from the copy; else nobody knows. `left` mails left since `since`, the last
    one at `last`. Of those `waiting` wait in the copy still, and do not go again; of `told_mails` reminders to the
    addresses in `told` the copy knows nothing, so what stood in them may be told again. `unsure` mails wait in the copy
    that may have left.
    """

    since: datetime | None
    is_known: bool
    left: int
    last: datetime | None
    waiting: int
    told: tuple[str, ...]
    told_mails: int
    unsure: int


def sent_journal(office: Office) -> SentJournal:
    """The journal of this machine, beside the settings and not in the database."""
    return journal_of(office.settings, office.installation)


def journal_of(settings: Settings, installation: str) -> SentJournal:
    """The same, of a database by its random name."""
    return SentJournal(settings.path(FILE), installation)


def begin_sending(office: Office, now: datetime) -> bool:
    """To be called once per process before anything is delivered; says whether sending was paused for it."""
    lines = sent_journal(office).after(None)  # before the database, which other senders may be writing to
    with office.database.reading() as session:
        newest, beats = lookups.last_sent(session), beating.beats(session)
    known = [moment for moment in (newest, beats.get(UNTIL)) if moment is not None]
    ahead = [line for line in lines if not known or line.at > max(known)]
    reason = _ahead_words(office.settings, ahead) or _lost_words(office.settings, lines, newest, beats, now)
    if not reason:
        return False
    with office.database.writing() as session:
        _mark(session, newest, ahead)
        return standstill.set_pause(session, now, reason)


def hold_restored(
    session: Session,
    settings: Settings,
    installation: str,
    lines: Sequence[JournalLine],
    made_at: datetime,
    now: datetime,
    *,
    is_known: bool,
) -> SentSince:
    """For a database that is about to be put back: sending waits for a person, whatever the journal says.

    `lines` are those of the journal, `made_at` is when the copy was made.
    """
    newest = lookups.last_sent(session)
    known = {mark(one) for one in lookups.sent_since(session, newest - AT_ONCE)} if newest is not None else set()
    ahead = [line for line in lines if (newest is None or line.at > newest - AT_ONCE) and line.mark not in known]
    marks = {line.mark for line in ahead}
    waiting = [mark(one) for one in lookups.waiting(session)]
    told = list(_told(session, settings, installation, marks.difference(waiting), made_at, now))
    since = SentSince(
        made_at,
        is_known,
        len(ahead),
        max((line.at for line in ahead), default=None),
        sum(one in marks for one in waiting),
        tuple(sorted({*told})),
        len(told),
        0 if is_known else sum(one not in marks for one in waiting),
    )
    _mark(session, newest, ahead)
    standstill.resume(session, [SENDING_PAUSE])  # one of before would hide why it stands still now
    standstill.set_pause(session, now, f"een kopie van {_moment(settings, made_at)} is teruggezet")
    return since


class KnownSendings:
    """What the journal knows and a restored database does not. It is empty unless that happened once."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def holds(self, message_id: str) -> bool:
        """Whether this very message went out before the back-up was restored."""
        return bool(self._marks) and mark(message_id) in self._marks

    @cached_property
    def _marks(self) -> frozenset[str]:
        with self._office.database.reading() as session:
            beats = beating.beats(session)
        if UNTIL not in beats:
            return frozenset()
        lines = sent_journal(self._office).after(beats.get(FROM))
        return frozenset(line.mark for line in lines if line.at <= beats[UNTIL])


def _mark(session: Session, newest: datetime | None, ahead: Sequence[JournalLine]) -> None:
    """Notes which stretch of the journal the database does not know; ids go on behind those that were given out."""
    beats = beating.beats(session)
    if ahead:
        starts = [newest - AT_ONCE] if newest is not None else []
        if UNTIL in beats:  # restored before; what was not sent again by then still is not
            starts = [*starts, beats[FROM]] if FROM in beats else []
        if starts:
            beating.beat(session, FROM, min(starts))
        beating.beat(session, UNTIL, max(line.at for line in ahead))
    ids.leave_room(session)


def _ahead_words(settings: Settings, ahead: Sequence[JournalLine]) -> str:
    if not ahead:
        return ""
    return (
        f"deze database is ouder dan het verzendjournaal: {len(ahead)} mails zijn al verstuurd die zij niet kent, de "
        f"laatste op {_moment(settings, max(line.at for line in ahead))}. Is er een kopie teruggezet?"
    )


def _lost_words(
    settings: Settings,
    lines: Sequence[JournalLine],
    newest: datetime | None,
    beats: dict[str, datetime],
    now: datetime,
) -> str:
    """Without the journal nothing tells what was sent since; a running service shows a sign of life each minute."""
    if lines or newest is None or newest < now - timedelta(days=KEEP_DAYS):
        return ""
    last = max([newest, *(beats[name] for name in SIGNS if name in beats)])
    if now - last <= SIGN_OF_LIFE or beats.get(RESUMED, newest) > newest:
        return ""
    return (
        f"deze database is van {_moment(settings, last)} en het verzendjournaal ontbreekt: wat er daarna verstuurd "
        "is, is niet bekend. Is er een kopie teruggezet?"
    )


def _told(
    session: Session, settings: Settings, installation: str, marks: set[str], made_at: datetime, now: datetime
) -> Iterator[str]:
    """Who got a reminder in a mail that the copy does not know. Its Message-ID is made from person and day."""
    days = (settings.local_day(now) - settings.local_day(made_at)).days
    if not marks or days > MOST_DAYS:
        return
    senders = {parseaddr(one)[1] for one in (settings.mail.sender, *lookups.senders(session)) if one}
    for person, email, last in lookups.readers(session):
        for domain in {sender.rpartition("@")[2] for sender in ({last} if last else senders)}:
            for day in (settings.local_day(made_at) + timedelta(count) for count in range(days + 1)):
                if mark(identity_of(digest_key(person, day), installation, domain)) in marks:
                    yield email


def _moment(settings: Settings, at: datetime) -> str:
    local = at.astimezone(settings.zone)
    return f"{local:%d-%m-%Y} om {local:%H.%M} uur"
