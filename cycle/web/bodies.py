"""How much of a request is read, and for how long: looked at before anything parses it (rule C14).

A form of a page that is open to anybody is a few words. Only a form of the desk may be longer, and only one that takes
a file, there or on the page behind a mail, may be as large as a file; neither before it is known that somebody is
signed in, or that the link of the page is one of ours. What says its size is judged by
that, what does not by what came. A body that comes too slowly is broken off. What is refused is read on for a moment
without keeping it, since a browser that is still sending does not show the answer.
"""

import re
from collections.abc import Callable, Sequence
from http import HTTPStatus

from anyio import current_time, fail_after, move_on_after, to_thread
from starlette.requests import Request
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cycle.errors import CycleError
from cycle.intake.limits import MOST_BYTES
from cycle.store.mishaps import DATABASE_AWAY
from cycle.web.error_pages import fault

KILOBYTE = 1024
OPEN_BYTES = 256 * KILOBYTE
"""Sign-in, the pages of links, and whatever comes from somebody who is not signed in."""
FORM_BYTES = 2 * KILOBYTE * KILOBYTE
"""A form of the desk without a file: some hundred lines with a few words each."""
FILE_BYTES = MOST_BYTES + KILOBYTE * KILOBYTE
"""A form with files: all of them together, and what a form puts around them."""
DRAINED_BYTES = 2 * FILE_BYTES
CHUNK_SECONDS, OPEN_SECONDS, FILE_SECONDS, DRAIN_SECONDS = 15, 60, 600, 10
"""The longest silence, the longest time for a short form, for a file, and for what is refused."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
AWAY = HTTPStatus.SERVICE_UNAVAILABLE
DESK = re.compile(r"/c/[^/]+/|/nieuw(?:/|$)")
BEHIND_A_MAIL = re.compile(r"/antwoord/[^/]+$")

Endpoint = Callable[..., object]


def takes_files(endpoint: Endpoint) -> Endpoint:
    """Marks the endpoint of a form in which a file may come along."""
    endpoint.takes_files = True  # type: ignore[attr-defined]
    return endpoint


class TooLarge(CycleError):
    """More was sent than we read."""

    http_status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE

    def __init__(self, most: int) -> None:
        hint = "Een bestand mag hoogstens 10 MB zijn." if most == FILE_BYTES else "Stuur minder tekst tegelijk."
        super().__init__("Dit is te groot om te versturen.", hint)


class TooSlow(CycleError):
    """What was sent did not come to an end."""

    http_status = HTTPStatus.REQUEST_TIMEOUT

    def __init__(self) -> None:
        super().__init__("Het versturen duurde te lang.", "Kijk of uw verbinding werkt en probeer het opnieuw.")


class SignedOut(CycleError):
    """Too large for somebody who is not signed in."""

    http_status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE

    def __init__(self) -> None:
        super().__init__("Dit is te groot om te versturen zonder aanmelding.", "Meld u aan en probeer het opnieuw.")


class Bodies:
    """Stands before whatever reads a form. `routes` are all forms; `is_known` says whether somebody is signed in, or
    came by a link of ours."""

    def __init__(self, app: ASGIApp, routes: Sequence[BaseRoute], is_known: Callable[[Request], bool]) -> None:
        self.app = app
        self._routes, self._is_known = routes, is_known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in SAFE:
            await self.app(scope, receive, send)
            return
        body = _Body(scope, receive, send)
        try:
            body.most = await self._most(scope, body.said)
            body.refuse_said()
        except CycleError as error:
            await body.answer(error)
            return
        except DATABASE_AWAY:
            await body.answer(CycleError("De dienst is even niet bereikbaar.", "Probeer het later opnieuw."), AWAY)
            return
        await body.guarded(self.app)

    async def _most(self, scope: Scope, said: int | None) -> int:
        """The bytes that this form may have. Raises SignedOut for a long one of somebody who is not signed in."""
        most = self._most_of_route(scope)
        if most == OPEN_BYTES or (said is not None and said <= OPEN_BYTES):
            return most if said is not None else OPEN_BYTES
        if not await to_thread.run_sync(self._is_known, Request(scope)):
            if said is None:
                return OPEN_BYTES
            raise SignedOut
        return most

    def _most_of_route(self, scope: Scope) -> int:
        is_behind_mail = BEHIND_A_MAIL.match(scope["path"]) is not None
        if not is_behind_mail and not DESK.match(scope["path"]):
            return OPEN_BYTES
        for route in self._routes:
            if route.matches(scope)[0] is Match.FULL:
                return FILE_BYTES if hasattr(getattr(route, "endpoint", None), "takes_files") else FORM_BYTES
        return OPEN_BYTES


class _Body:
    """One body on its way in, and the answer on its way out. `said` is its length, if it says so."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.most = OPEN_BYTES
        self.said = _length(scope)
        self._scope, self._receive, self._send = scope, receive, send
        self._came = 0
        self._is_whole = self._has_begun = False
        self._began = current_time()
        self._refused: CycleError | None = None

    def refuse_said(self) -> None:
        """Raises TooLarge for a body that says itself that it is."""
        if self.said is not None and self.said > self.most:
            raise TooLarge(self.most)

    async def guarded(self, app: ASGIApp) -> None:
        """Lets the application read, and answers in its place for what it should not have read on."""
        try:
            await app(self._scope, self._limited, self._unless_refused)
        except CycleError:
            if self._refused is None:
                raise
        if self._refused is not None and not self._has_begun:
            await self.answer(self._refused)

    async def answer(self, error: CycleError, status: int = 0) -> None:
        """A sentence, after which the connection ends: the rest of the body is not for us."""
        await self._drain()
        answer = fault(Request(self._scope), status or error.http_status, error.what, error.hint)
        answer.headers["Connection"] = "close"
        await answer(self._scope, self._receive, self._send)

    async def _limited(self) -> Message:
        """The next piece. Raises TooLarge or TooSlow, now and whenever it is asked again."""
        if self._refused is not None:
            raise self._refused
        try:
            with fail_after(self._seconds_left()):
                message = await self._receive()
        except TimeoutError:
            self._refused = TooSlow()
            raise self._refused from None
        self._note(message)
        if self._came > self.most:
            self._refused = TooLarge(self.most)
            raise self._refused
        return message

    def _seconds_left(self) -> float | None:
        """For the next piece; nothing limits how long somebody waits for an answer to what was sent whole."""
        if self._is_whole:
            return None
        longest = FILE_SECONDS if self.most == FILE_BYTES else OPEN_SECONDS
        return max(0.0, min(CHUNK_SECONDS, longest - (current_time() - self._began)))

    def _note(self, message: Message) -> None:
        self._came += len(message.get("body", b""))
        self._is_whole = self._is_whole or not message.get("more_body", False)

    async def _unless_refused(self, message: Message) -> None:
        if self._refused is not None and not self._has_begun:
            return
        self._has_begun = True
        await self._send(message)

    async def _drain(self) -> None:
        """Reads what still comes and drops it, for a while."""
        waits_for_us = any(name == b"expect" for name, _value in self._scope["headers"])
        if waits_for_us or isinstance(self._refused, TooSlow) or (self.said or 0) > DRAINED_BYTES:
            return
        with move_on_after(DRAIN_SECONDS):
            while not self._is_whole and self._came <= DRAINED_BYTES:
                self._note(await self._receive())


def _length(scope: Scope) -> int | None:
    said = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    return int(said) if said.isdigit() and len(said) < 16 else None
