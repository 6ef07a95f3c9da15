"""A restored older back-up must not send again what was sent after it was made (rule C6).

The send journal tells: when its newest line is newer than the newest sending that the database knows, the database is
an old one. Sending then starts paused, with the reason; after `cycle outbox resume` what stands in that stretch of the
journal is marked as sent and not sent again. Rows that were made after the back-up have their ids in keys, links and
return addresses that are out there; new rows get others.
"""

from datetime import datetime
from functools import cached_property

from cycle.actions.office.office import Office
from cycle.store import ids
from cycle.store.journal import SentJournal, mark
from cycle.store.outbox import beating, lookups, standstill

FILE = "var/sent.journal"
KEEP_DAYS = 90
FROM, UNTIL = "journal-from", "journal-until"


def sent_journal(office: Office) -> SentJournal:
    """The journal of this machine, beside the settings and not in the database."""
    return SentJournal(office.settings.path(FILE), office.installation)


def begin_sending(office: Office, now: datetime) -> bool:
    """To be called once per process before anything is delivered; says whether sending was paused for it."""
    lines = sent_journal(office).after(None)  # before the database, which other senders may be writing to
    with office.database.reading() as session:
        newest = lookups.last_sent(session)
        known_until = beating.beats(session).get(UNTIL)
    known = [one for one in (newest, known_until) if one is not None]
    ahead = [line for line in lines if not known or line.at > max(known)]
    if not ahead:
        return False
    last = max(one.at for one in ahead).astimezone(office.settings.zone)
    reason = (
        f"deze database is ouder dan het verzendjournaal: {len(ahead)} mails zijn al verstuurd die zij niet kent, de "
        f"laatste op {last:%d-%m-%Y} om {last:%H.%M} uur. Is er een kopie teruggezet?"
    )
    with office.database.writing() as session:
        if newest is not None:
            beating.beat(session, FROM, newest)
        beating.beat(session, UNTIL, last)
        ids.leave_room(session)
        return standstill.set_pause(session, now, reason)


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
