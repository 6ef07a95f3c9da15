"""Who fetches which link: limited to what a calendar program needs, and noted in batches beside the links."""

import logging
import re
from datetime import datetime, timedelta
from threading import Lock, Timer

from cycle.actions.office.office import Office
from cycle.store import feedlinks

log = logging.getLogger(__name__)

FETCHES_AN_HOUR = 60  # rule A15
HOUR = timedelta(hours=1)
MOST_COUNTED = 20_000
NOTE_AFTER_SECONDS = 30.0

# the first that is found in a User-Agent, from particular to general
CLIENTS = (
    ("Google", "Google Agenda"),
    ("Thunderbird", "Thunderbird"),
    ("Lightning", "Thunderbird"),
    ("Exchange", "Microsoft 365"),
    ("Outlook", "Outlook"),
    ("Microsoft Office", "Outlook"),
    ("iOS", "iPhone of iPad"),
    ("iPhone", "iPhone of iPad"),
    ("iPad", "iPhone of iPad"),
    ("CalendarAgent", "Apple Agenda"),
    ("dataaccessd", "Apple Agenda"),
    ("macOS", "Apple Agenda"),
    ("Evolution", "Evolution"),
    ("Nextcloud", "Nextcloud"),
    ("ICSx5", "ICSx⁵"),
    ("DAVx5", "DAVx⁵"),
)
_PRODUCT = re.compile(r"[A-Za-z][\w .-]{0,39}")


def client_words(user_agent: str) -> str:
    """The program behind a fetch, in a word that people know; else the name it gives itself."""
    for mark, words in CLIENTS:
        if mark in user_agent:
            return words
    product = _PRODUCT.match(user_agent.partition("/")[0].strip())
    return product[0].strip() if product else "onbekend"


class FetchLimit:
    """How often each link was fetched in its present hour. Counted per process and not kept."""

    def __init__(self, per_hour: int = FETCHES_AN_HOUR) -> None:
        self._per_hour = per_hour
        self._hours: dict[str, tuple[datetime, int]] = {}

    def seconds_to_wait(self, hashed: str, now: datetime) -> int:
        """Counts one fetch; 0 when it may go on, else how long until the next hour of this link begins."""
        began, count = self._hours.get(hashed, (now, 0))
        if not timedelta(0) <= now - began < HOUR:
            began, count = now, 0
        if len(self._hours) > MOST_COUNTED:
            self._hours.clear()
        self._hours[hashed] = (began, count + 1)
        return 0 if count < self._per_hour else max(1, int((began + HOUR - now).total_seconds()))


class FetchNotes:
    """Notes fetches in memory and writes them down together. Never slows or fails the feed (rule A15)."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._waiting: dict[tuple[int, str], tuple[datetime, int]] = {}
        self._lock = Lock()
        self._timer: Timer | None = None

    def add(self, link_id: int, user_agent: str, now: datetime) -> None:
        """One fetch, to be written down within the minute."""
        key = (link_id, client_words(user_agent))
        with self._lock:
            self._waiting[key] = (now, self._waiting.get(key, (now, 0))[1] + 1)
            if self._timer is None:
                self._timer = Timer(NOTE_AFTER_SECONDS, self.write_down)
                self._timer.daemon = True
                self._timer.start()

    def write_down(self) -> None:
        """Everything that waits, in one transaction. What cannot be written is let go: it is only a note."""
        with self._lock:
            waiting, self._waiting = self._waiting, {}
            timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
        if not waiting or self._office.database.is_closed:  # the timer may ring after the end
            return
        try:
            with self._office.database.writing() as session:
                feedlinks.note_fetches(session, waiting)
        except Exception as error:
            log.warning("feed: %d fetches not noted: %s", len(waiting), type(error).__name__)
