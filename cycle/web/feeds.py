"""Calendar feeds: bare ASGI before the framework, so that nothing else puts a cookie, a redirect or a page on them.

Calendars empty themselves on any 200 that is not the whole calendar (rule A7): the body is complete before the status
line, and every other answer is plain text.
"""

import logging
import re
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from cycle.actions.feeds import feed_of_token
from cycle.actions.office import Office
from cycle.feed import etag, matches
from cycle.web.faults import DATABASE_AWAY, RETRY_SECONDS, plain, where

log = logging.getLogger(__name__)

ROOM = "/k/"
FEED_PATH = re.compile(r"/k/([A-Za-z0-9_-]{1,128})/termijnen\.ics")
HEADERS = {"Cache-Control": "private, no-cache"}  # rule A6; its X-Robots-Tag is on every answer (headers.py)


class Feeds:
    """Answers everything under /k/ itself; the rest goes on to the pages."""

    def __init__(self, app: ASGIApp, office: Office, now: Callable[[], datetime]) -> None:
        self.app = app
        self._office, self._now = office, now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(ROOM):
            await self.app(scope, receive, send)
            return
        response = await self._answer(scope)
        if scope["method"] == "HEAD":
            response.body = b""  # the headers, Content-Length included, stay those of GET
        await response(scope, receive, send)

    async def _answer(self, scope: Scope) -> Response:
        found = FEED_PATH.fullmatch(scope["path"])
        if found is None:
            return _unknown()
        if scope["method"] not in ("GET", "HEAD"):
            return plain(HTTPStatus.METHOD_NOT_ALLOWED, "Een agenda is alleen te lezen.", {"Allow": "GET, HEAD"})
        try:
            body = await to_thread.run_sync(self._read, found[1])
        except DATABASE_AWAY as error:
            log.error("feed: database away: %s", type(error).__name__)
            return plain(HTTPStatus.SERVICE_UNAVAILABLE, "Probeer het later opnieuw.", {"Retry-After": RETRY_SECONDS})
        except Exception as error:
            log.error("feed: unexpected %s at %s", type(error).__name__, where(error))
            return plain(HTTPStatus.INTERNAL_SERVER_ERROR, "Er ging bij ons iets mis.")
        return _unknown() if body is None else _calendar(body, Headers(scope=scope))

    def _read(self, token: str) -> bytes | None:
        with self._office.database.reading() as session:
            return feed_of_token(session, self._office.settings, token, self._now())


def _calendar(body: bytes, asked: Headers) -> Response:
    """The whole calendar, or 304 for whoever has these bytes."""
    mark = etag(body)
    headers = {**HEADERS, "ETag": mark}
    if matches(", ".join(asked.getlist("if-none-match")) or None, mark):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(body, headers=headers, media_type="text/calendar; charset=utf-8")


def _unknown() -> Response:
    """One answer for unknown, malformed and ended tokens: it tells nobody which it was (rule A15)."""
    return plain(HTTPStatus.NOT_FOUND, "Deze agenda bestaat niet.")
