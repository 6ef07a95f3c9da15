"""The web application, put together: headers around all, feeds before the framework, then the pages by our own name."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime

from anyio import to_thread
from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.types import ASGIApp

from cycle.actions.feeds.fetches import FETCHES_AN_HOUR, FetchNotes
from cycle.actions.office.office import Office
from cycle.actions.office.sentforms import new_key
from cycle.web import (
    answer,
    approve,
    desk,
    health,
    letter_files,
    metrics,
    oidc,
    pages,
    rhythm,
    signal,
    signin,
    statics,
    subscribe,
)
from cycle.web.answer_headers import SecureHeaders
from cycle.web.bodies import BEHIND_A_MAIL, Bodies
from cycle.web.cleaning import CleanAddress
from cycle.web.desk.visiting import signed_in
from cycle.web.door import Door
from cycle.web.error_pages import HANDLERS, LastResort
from cycle.web.feeds import Feeds
from cycle.web.host import OurHost
from cycle.web.page_templates import open_templates

ROOMS = (
    health,
    metrics,
    statics,
    pages,
    subscribe,
    rhythm,
    answer,
    approve,
    letter_files,
    signal,
    oidc,
    signin,
    *desk.ROOMS,
)
"""All pages there are; feeds stand before them. Each room has a `router`."""
ROUTES = [route for room in ROOMS for route in room.router.routes]

Hook = Callable[[], None]
SILENT: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}


def create_app(
    office: Office,
    now: Callable[[], datetime],
    *,
    on_start: Hook | None = None,
    on_stop: Hook | None = None,
    on_mail: Hook | None = None,
    fetches_per_hour: int = FETCHES_AN_HOUR,
) -> ASGIApp:
    """The ASGI application of this office. The hooks run in a thread, when the server starts and stops.

    `on_mail` is called when there is mail that should leave at once.
    """
    notes = FetchNotes(office)

    def stop() -> None:
        notes.write_down()
        if on_stop is not None:
            on_stop()

    templates = open_templates(office.settings, lambda: new_key(office.settings, now()))
    door = Door(office, now, templates, on_mail or bool)
    site = _site(door, _lifespan(on_start, stop))
    feeds = Feeds(site, office, now, notes, per_hour=fetches_per_hour)
    return SecureHeaders(feeds, https=office.settings.web.base_url.startswith("https://"))


def _site(door: Door, lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]]) -> FastAPI:
    """The framework's part. It redirects nothing: its redirects would repeat the host that a request names."""
    site = FastAPI(
        routes=ROUTES,  # as they are: `include_router` would build each of them again for every application
        telemetry=SILENT,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        middleware=[
            Middleware(LastResort),
            Middleware(OurHost, door.office.settings),
            Middleware(CleanAddress),
            Middleware(Bodies, routes=ROUTES, is_known=lambda request: _is_known(request, door)),
        ],
        exception_handlers=HANDLERS | desk.HANDLERS,
    )
    site.state.door = door
    return site


def _is_known(request: Request, door: Door) -> bool:
    """Whether a long form may be read: of who is signed in, or who came by the link in a mail of ours."""
    is_behind_mail = BEHIND_A_MAIL.match(request.scope["path"]) is not None
    return answer.opens(request, door) if is_behind_mail else signed_in(request, door) is not None


def _lifespan(on_start: Hook | None, on_stop: Hook | None) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_site: FastAPI) -> AsyncIterator[None]:
        if on_start is not None:
            await to_thread.run_sync(on_start)
        try:
            yield
        finally:
            if on_stop is not None:
                await to_thread.run_sync(on_stop)

    return lifespan
