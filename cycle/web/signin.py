"""Signing in and out: ask for a link, open it, press the button (rule C13).

Nothing here says whether an address is known. Looking changes nothing: a scanner that opens the link spends nothing
(rule B8).
"""

import secrets
from datetime import datetime
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from cycle.actions.office.signing import open_signer
from cycle.actions.signin import signing_in
from cycle.actions.signin.signing_in import SignedIn
from cycle.domain.mail_addresses import look_at_address
from cycle.errors import CycleError, Forbidden, Refused
from cycle.settings import Settings
from cycle.settings.service_sections import LOOPBACK
from cycle.web import cookies
from cycle.web.desk.forms import DeskForm
from cycle.web.desk.visiting import base_path
from cycle.web.door import AtDoor, Door
from cycle.web.guard import is_own_path, refuse_foreign
from cycle.web.known import asked_from_of, remember
from cycle.web.once import PRIVATE, SAFE, OnceRoute, note_outcome, once_by_itself
from cycle.web.typed import has_typed

HERE = "/aanmelden"
NO_COOKIE = (
    "Dit formulier is te oud, of uw browser bewaart geen cookies.",
    "Open de aanmeldpagina opnieuw. Zonder cookies kunnen we u niet herkennen.",
)


async def own_form(request: Request, door: AtDoor) -> None:
    """As at the desk, with the cookie of a browser in which nobody is signed in yet."""
    if request.method in SAFE:
        return
    request.state.form = await request.form()
    browser = cookies.get(request, door.office.settings, cookies.BROWSER)
    if not cookies.is_form_of(browser, str(request.state.form.get("form", ""))):
        raise Forbidden(*NO_COOKIE)
    refuse_foreign(request, door.office.settings)


router = APIRouter(prefix=HERE, dependencies=[Depends(own_form)], route_class=OnceRoute)


@router.api_route("", methods=["GET", "HEAD"])
def page(door: AtDoor, request: Request, naar: str = "") -> Response:
    """The form that asks for an address."""
    return _form(door, request, DeskForm(naar=naar))


@router.post("")
def ask(door: AtDoor, request: Request) -> Response:
    """Mails a link, if the address is known; the answer is the same if it is not."""
    typed = DeskForm(request.state.form)
    email = typed.text("adres", needed="Vul uw mailadres in.", most=254)
    try:
        look_at_address(email or "leeg@leeg.example")
    except CycleError as error:
        typed.wrong("adres", f"{error.what} {error.hint}")
    if not typed.is_right:
        return _form(door, request, typed, HTTPStatus.UNPROCESSABLE_ENTITY)
    browser, settings = cookies.get(request, door.office.settings, cookies.BROWSER), door.office.settings
    try:
        signing_in.ask(
            door.office,
            email,
            door.now(),
            browser=browser,
            asked_from=asked_from_of(request, door),
            goes_to=own_path(settings, typed["naar"]),
        )
    except Refused as error:
        typed.wrong("adres", f"{error.what} {error.hint}")
        return _form(door, request, typed, HTTPStatus.TOO_MANY_REQUESTS)
    door.wake()
    note_outcome(request, "", f"{HERE}/onderweg")
    return RedirectResponse(f"{base_path(settings.web.base_url)}{HERE}/onderweg", HTTPStatus.SEE_OTHER, PRIVATE)


@router.api_route("/onderweg", methods=["GET", "HEAD"])
def under_way(door: AtDoor, request: Request) -> Response:
    """What to do now, with the code for a link that opens in another browser."""
    browser = cookies.get(request, door.office.settings, cookies.BROWSER)
    if not browser:
        return RedirectResponse(f"{base_path(door.office.settings.web.base_url)}{HERE}", HTTPStatus.SEE_OTHER, PRIVATE)
    code = signing_in.code_of(door.office, browser)
    answer = door.templates.page("signin/under-way", code=f"{code[:3]} {code[3:]}", mail_folder=_mail_folder(door))
    answer.headers.update(PRIVATE)
    return answer


@router.api_route("/{token}", methods=["GET", "HEAD"])
def open_link(door: AtDoor, request: Request, token: str) -> Response:
    """The page of a mailed link: a button, and a field for the code in another browser."""
    return _link_page(door, request, token, DeskForm())


@router.post("/{token}")
@once_by_itself
def spend(door: AtDoor, request: Request, token: str) -> Response:
    """Spends the link and signs in."""
    typed, settings = DeskForm(request.state.form), door.office.settings
    browser, now = cookies.get(request, settings, cookies.BROWSER), door.now()
    try:
        signed_in = signing_in.spend(
            door.office, token, now, browser=browser, code=typed["code"], ends=old_token(door, request, now)
        )
    except Refused as error:
        typed.wrong("code", f"{error.what} {error.hint}")
        return _link_page(door, request, token, typed, HTTPStatus.CONFLICT)
    return welcome(door, request, signed_in, now)


def welcome(door: Door, request: Request, signed_in: SignedIn, now: datetime) -> Response:
    """Puts the session's cookie and goes to the page that was wanted. From now on this browser is known."""
    settings = door.office.settings
    place = signed_in.goes_to or f"{base_path(settings.web.base_url)}/bureau"
    answer = RedirectResponse(place, HTTPStatus.SEE_OTHER, PRIVATE)
    value = cookies.session_value(open_signer(settings), signed_in.token, now)
    cookies.put(answer, settings, cookies.SESSION, value)
    cookies.put(answer, settings, cookies.BROWSER, "")
    remember(answer, request, door, signed_in.email)
    return answer


def _form(door: Door, request: Request, typed: DeskForm, status: int = HTTPStatus.OK) -> Response:
    settings = door.office.settings
    oidc = settings.signin.oidc
    fields = {
        "typed": typed,
        "is_safe_place": cookies.is_safe_place(settings),
        "oidc": oidc.label if oidc.issuer else "",
        "has_typed": has_typed(request, door),
    }
    return _with_browser(door, request, "signin/ask", status, **fields)


def _link_page(door: Door, request: Request, token: str, typed: DeskForm, status: int = HTTPStatus.OK) -> Response:
    browser = cookies.get(request, door.office.settings, cookies.BROWSER)
    takes = signing_in.opens_with(door.office, token, browser, door.now())
    status = HTTPStatus.GONE if takes == "nothing" else status
    return _with_browser(door, request, "signin/link", status, takes=takes, token=token, typed=typed)


def _with_browser(door: Door, request: Request, name: str, status: int, **fields: Any) -> Response:
    """A page whose form bears the token of this browser, which gets a cookie to know it by."""
    settings = door.office.settings
    browser = cookies.get(request, settings, cookies.BROWSER)
    fresh = browser or secrets.token_urlsafe(32)
    answer = door.templates.page(name, status, form=cookies.form_token(fresh), **fields)
    answer.headers.update(PRIVATE)
    if not browser:
        cookies.put(answer, settings, cookies.BROWSER, fresh)
    return answer


def own_path(settings: Settings, wanted: str) -> str:
    """A page of ours to go to, or nothing: never another site."""
    return f"{base_path(settings.web.base_url)}{wanted}" if is_own_path(wanted) else ""


def old_token(door: Door, request: Request, now: datetime) -> str:
    settings = door.office.settings
    value = cookies.get(request, settings, cookies.SESSION)
    return cookies.session_token(open_signer(settings), value, now, settings.signin.idle_minutes)[0] if value else ""


def _mail_folder(door: Door) -> str:
    """Where the mails lie when this is a trial on somebody's own machine."""
    settings = door.office.settings
    is_trial = settings.mail.transport == "maildir" and settings.web.host in LOOPBACK
    return str(settings.path(settings.mail.folder)) if is_trial else ""
