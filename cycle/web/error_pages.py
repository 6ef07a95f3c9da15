"""Errors as people see them: a Dutch page for a browser, the same words as JSON for a program that asks for that, and a
sentence for any other client. Never a traceback, nor the framework's own English."""

import logging
from collections.abc import Callable, Coroutine, Mapping
from http import HTTPStatus
from typing import Any

from fastapi.exceptions import RequestValidationError
from jinja2 import TemplateError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cycle.errors import CycleError
from cycle.store.apart import where
from cycle.store.mishaps import DATABASE_AWAY
from cycle.web.door import Door

log = logging.getLogger(__name__)

FRAMED_FAULT = "framed_fault"
"""Where a request of somebody who may be there keeps how their pages say what went wrong, in their own frame."""
RETRY_SECONDS = "120"
WORDS: dict[int, tuple[str, str]] = {
    HTTPStatus.BAD_REQUEST: (
        "Wat u verstuurde, is niet goed aangekomen.",
        "Ga terug naar de pagina en probeer het opnieuw. Een bestand mag hoogstens 10 MB zijn.",
    ),
    HTTPStatus.NOT_FOUND: ("Deze pagina bestaat niet.", "Kijk of het adres klopt, of ga naar het begin."),
    HTTPStatus.METHOD_NOT_ALLOWED: ("Dit kan hier niet.", "Ga terug naar de pagina en probeer het opnieuw."),
    HTTPStatus.UNPROCESSABLE_ENTITY: (
        "Wat u invulde, kunnen wij niet lezen.",
        "Ga terug naar de pagina, kijk de velden na en probeer het opnieuw.",
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        "De dienst is even niet bereikbaar.",
        "Er gaat niets verloren. Probeer het over een paar minuten opnieuw.",
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        "Er ging bij ons iets mis.",
        "De fout is genoteerd. Probeer het later opnieuw, of vraag het secretariaat.",
    ),
}
FIELD_WORDS: dict[str, tuple[str, str]] = {
    "too_long": ("Wat u invulde, is te lang.", "Ga terug naar de pagina en maak het veld “{field}” korter."),
    "string_type": ("Hier hoort tekst, geen bestand.", "Ga terug naar de pagina en typ iets in het veld “{field}”."),
    "int_type": ("Die keuze is er niet.", "Ga terug naar de pagina en kies opnieuw bij “{field}”."),
    "int_parsing": ("Die keuze is er niet.", "Ga terug naar de pagina en kies opnieuw bij “{field}”."),
}
"""What is wrong with a field, by pydantic's name for it."""
OTHERWISE = ("Dit verzoek is niet te beantwoorden.", "Ga naar het begin en probeer het opnieuw.")


async def cycle_error(request: Request, error: CycleError) -> Response:
    """What a person can understand and mend, in its own words.

    What only the operator can mend may name files and hosts: visitors hear that something is wrong here, the operator
    hears from `cycle doctor` what.
    """
    if error.http_status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("%s at %s", type(error).__name__, where(error))
        return fault(request, error.http_status)
    return fault(request, error.http_status, error.what, error.hint)


async def http_error(request: Request, error: HTTPException) -> Response:
    """An unknown address, a method that does not fit: what the framework refuses."""
    return fault(request, error.status_code, headers=error.headers)


async def form_error(request: Request, error: RequestValidationError) -> Response:
    """A field that cannot be what the page asks: no form of ours sends it. Fields have Dutch names."""
    for wrong in error.errors():
        if wrong["type"] in FIELD_WORDS:
            words, hint = FIELD_WORDS[wrong["type"]]
            return fault(request, HTTPStatus.UNPROCESSABLE_ENTITY, words, hint.format(field=wrong["loc"][1]))
    return fault(request, HTTPStatus.UNPROCESSABLE_ENTITY)


async def database_away(request: Request, error: Exception) -> Response:
    """The database does not answer. Its own words may name hosts and users, so they stay here."""
    log.error("database away: %s", type(error).__name__)
    return fault(request, HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": RETRY_SECONDS})


Handler = Callable[[Request, Any], Coroutine[Any, Any, Response]]
HANDLERS: dict[int | type[Exception], Handler] = {
    CycleError: cycle_error,
    HTTPException: http_error,
    RequestValidationError: form_error,
    **dict.fromkeys(DATABASE_AWAY, database_away),
}


class LastResort:
    """Catches what nobody foresaw: a page without details, and a line in the log without personal data.

    It stands inside the framework's own last resort, which would raise on and have the server print a traceback.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def send_and_note(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        except ClientDisconnect:
            return  # who sent half a form and went away: that is nobody's fault, and nobody is left to answer
        except Exception as error:
            log.error("unexpected %s at %s", type(error).__name__, where(error))
            if scope["type"] != "http" or started:
                return
            await fault(Request(scope), HTTPStatus.INTERNAL_SERVER_ERROR)(scope, receive, send)


def fault(
    request: Request, status: int, what: str = "", hint: str = "", headers: Mapping[str, str] | None = None
) -> Response:
    """The answer for an error, as a page or as JSON for whoever asks for one."""
    words, advice = (what, hint) if what else WORDS.get(status, OTHERWISE)
    response = (
        _page(request, status, words, advice)
        or _json(request, status, words, advice)
        or plain(status, f"{words}\n{advice}".strip())
    )
    response.headers.update(headers or {})
    response.headers["Vary"] = "Accept"
    return response


def plain(status: int, text: str, headers: Mapping[str, str] | None = None) -> Response:
    """A sentence as bare text."""
    return PlainTextResponse(text + "\n", status, {"Cache-Control": "no-store", **(headers or {})})


def _json(request: Request, status: int, what: str, hint: str) -> Response | None:
    """The same words for a program, or nothing for a client that wants no JSON."""
    if "application/json" not in request.headers.get("accept", ""):
        return None
    return JSONResponse({"error": what, "hint": hint}, status, {"Cache-Control": "no-store"})


def _page(request: Request, status: int, what: str, hint: str) -> Response | None:
    """The page, or nothing for a client that wants no HTML or when the template itself is the fault."""
    door: Door = request.app.state.door
    if "text/html" not in request.headers.get("accept", ""):
        return None
    try:
        framed: Callable[..., Response] | None = getattr(request.state, FRAMED_FAULT, None)
        if framed is not None:
            return framed(status, what, hint.splitlines())
        return door.templates.page("fault", status, what=what, hints=hint.splitlines())
    except TemplateError as error:
        log.error("fault page: %s", type(error).__name__)
        return None
