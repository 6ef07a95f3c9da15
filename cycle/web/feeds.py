"""Calendar feeds: bare ASGI before the framework, so that nothing else puts a cookie, a redirect or a page on them.

Calendars empty themselves on any 200 that is not the whole calendar (rule A7): the body is complete before the status
line, and every other answer is plain text. A warm answer costs one read by the driver, and no building.
"""

import logging
import re
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from threading import Lock
from typing import NamedTuple

from anyio import to_thread
from starlette.types import ASGIApp, Receive, Scope, Send

from cycle.actions.feeds import Built, Shelf, ShelvedFeed, build, token_hash
from cycle.actions.feeds.fetches import FETCHES_AN_HOUR, FetchLimit, FetchNotes
from cycle.actions.office.office import Office
from cycle.actions.post.halts.alarming import put_left_out
from cycle.errors import DatabaseUnreachable
from cycle.feed import matches
from cycle.store.apart import where
from cycle.store.mishaps import DATABASE_AWAY
from cycle.web.error_pages import RETRY_SECONDS
from cycle.web.host import NOT_OURS, is_ours

log = logging.getLogger(__name__)

ROOM = "/k/"
FEED_PATH = re.compile(r"/k/([A-Za-z0-9_-]{1,128})/(termijnen\.ics|taken\.ics)")
AWAY = (DatabaseUnreachable, *DATABASE_AWAY)

Headers = list[tuple[bytes, bytes]]


class FeedAnswer(NamedTuple):
    """A whole answer, before anything of it is sent. What it always bears is in answer_headers.py (rule A6)."""

    status: int
    headers: Headers
    body: bytes


class Feeds:
    """Answers everything under /k/ itself; the rest goes on to the pages."""

    def __init__(
        self,
        app: ASGIApp,
        office: Office,
        now: Callable[[], datetime],
        notes: FetchNotes,
        *,
        per_hour: int = FETCHES_AN_HOUR,
    ) -> None:
        self.app = app
        self._office, self._now, self._notes = office, now, notes
        self._shelf = Shelf(office.settings.path("var/feeds"))
        self._limit = FetchLimit(per_hour)
        self._building = Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(ROOM):
            await self.app(scope, receive, send)
            return
        status, headers, body = await self._answer(scope)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        # the headers, Content-Length included, are those of GET
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    async def _answer(self, scope: Scope) -> FeedAnswer:
        if not is_ours(scope, self._office.settings):
            return _plain(HTTPStatus.BAD_REQUEST, " ".join(NOT_OURS))
        match = FEED_PATH.fullmatch(scope["path"])
        if match is not None and scope["method"] not in ("GET", "HEAD"):
            return _plain(HTTPStatus.METHOD_NOT_ALLOWED, "Een agenda is alleen te lezen.", (b"allow", b"GET, HEAD"))
        token, file = (match[1], match[2]) if match else (scope["path"], "")
        hashed = token_hash(token)
        try:
            return await self._of_link(scope, hashed, file)
        except AWAY as error:
            log.error("feed: database away: %s", type(error).__name__)
            return self._without_database(scope, hashed, file)
        except Exception as error:
            log.error("feed: unexpected %s at %s", type(error).__name__, where(error))
            shelved = self._shelf.last_good(hashed, file)
            if shelved is not None:  # a calendar that stays as it was beats none
                return _calendar(scope, shelved)
            return _plain(HTTPStatus.INTERNAL_SERVER_ERROR, "Er ging bij ons iets mis.")

    async def _of_link(self, scope: Scope, hashed: str, file: str) -> FeedAnswer:
        """A malformed path asks the database the same question as an unknown token, so it takes as long (A15)."""
        keeper = self._office.database.feeds
        asked = keeper.version_of
        version = asked(hashed) if keeper.is_instant else await to_thread.run_sync(asked, hashed)
        if version is None:
            self._shelf.forget(hashed, file)
            return _unknown()
        now = self._now()
        if wait := self._limit.seconds_to_wait(hashed, now):
            return _too_many(wait)
        shelved = self._shelf.get(hashed, file)
        if shelved is None or not shelved.built.holds(version, now):
            shelved = await to_thread.run_sync(self._rebuild, hashed, file, version, now)
        if shelved is None:
            return _unknown()
        self._notes.add(shelved.built.link_id, _header(scope, b"user-agent"), now)
        return _calendar(scope, shelved) if shelved.built.status == 200 else _gone()

    def _rebuild(self, hashed: str, file: str, version: str, now: datetime) -> ShelvedFeed | None:
        """Builds a feed, one at a time: who waited for the same one finds it done."""
        with self._building:
            shelved = self._shelf.get(hashed, file)
            if shelved is not None and shelved.built.holds(version, now):
                return shelved
            with self._office.database.reading() as session:
                built: Built | None = build(session, self._office.settings, hashed, now, file)
            if built is not None and built.left_out:
                put_left_out(self._office, built.left_out, now)
            return None if built is None else self._shelf.put(hashed, file, built)

    def _without_database(self, scope: Scope, hashed: str, file: str) -> FeedAnswer:
        """The last good bytes; without them nothing that a calendar could take for one (A7)."""
        shelved = self._shelf.last_good(hashed, file)
        if shelved is not None:
            return _calendar(scope, shelved)
        retry = (b"retry-after", RETRY_SECONDS.encode())
        return _plain(HTTPStatus.SERVICE_UNAVAILABLE, "Probeer het later opnieuw.", retry)


def _calendar(scope: Scope, shelved: ShelvedFeed) -> FeedAnswer:
    """The whole calendar, or 304 for whoever has these bytes."""
    headers: Headers = [(b"cache-control", b"private, no-cache"), (b"etag", shelved.etag.encode())]
    if matches(_header(scope, b"if-none-match") or None, shelved.etag):
        return FeedAnswer(HTTPStatus.NOT_MODIFIED, headers, b"")
    headers.append((b"content-length", str(len(shelved.body)).encode()))
    headers.append((b"content-type", b"text/calendar; charset=utf-8"))
    return FeedAnswer(HTTPStatus.OK, headers, shelved.body)


def _unknown() -> FeedAnswer:
    """One answer for unknown, malformed and foreign tokens: it tells nobody which it was (rule A15)."""
    return _plain(HTTPStatus.NOT_FOUND, "Deze agenda bestaat niet.")


def _gone() -> FeedAnswer:
    return _plain(HTTPStatus.GONE, "Deze agendakoppeling is beëindigd. Vraag het secretariaat om een nieuwe.")


def _too_many(seconds: int) -> FeedAnswer:
    words = "Deze agenda is het afgelopen uur te vaak opgehaald. Probeer het later opnieuw."
    return _plain(HTTPStatus.TOO_MANY_REQUESTS, words, (b"retry-after", str(seconds).encode()))


def _plain(status: int, text: str, *more: tuple[bytes, bytes]) -> FeedAnswer:
    """A sentence as bare text."""
    body = f"{text}\n".encode()
    headers: Headers = [
        (b"cache-control", b"no-store"),
        (b"content-length", str(len(body)).encode()),
        (b"content-type", b"text/plain; charset=utf-8"),
        *more,
    ]
    return FeedAnswer(status, headers, body)


def _header(scope: Scope, name: bytes) -> str:
    """A request header; one that comes several times is one list (RFC 9110, 5.3)."""
    return ", ".join(value.decode("latin-1") for key, value in scope["headers"] if key == name)
