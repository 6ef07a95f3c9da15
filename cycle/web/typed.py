"""What somebody typed as their session ran out: kept on the way to the sign-in page, given back where they typed it.

Nothing of it is carried out by itself. It is kept only for a form that came from a page of a session of this browser,
so no other site can put words there; a button that does the same each time, as Afmelden, needs none of this.
"""

import re
import secrets
from html import escape
from http import HTTPStatus
from urllib.parse import quote

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from cycle.actions.office.signing import open_signer
from cycle.actions.signin import typed_forms
from cycle.actions.signin.typed_forms import KeptForm
from cycle.domain.text import clean_line, clean_lines
from cycle.errors import Refused
from cycle.web import cookies
from cycle.web.door import Door
from cycle.web.guard import is_own_path, refuse_foreign
from cycle.web.once import PAGE, PRIVATE
from cycle.web.refill import Filled, fill, words_of

KEPT_SECONDS = int(typed_forms.KEPT.total_seconds())


def keep_and_sign_in(request: Request, door: Door) -> Response | None:
    """Keeps the form that came and goes to the sign-in page, which leads back to the page of the form.

    None for one that is not to be kept. Raises TooLong.
    """
    settings = door.office.settings
    ended = cookies.ended_session(open_signer(settings), cookies.get(request, settings, cookies.SESSION))
    came: FormData = getattr(request.state, "form", FormData())
    if not ended or not _is_to_keep(request, door, ended, came):
        return None
    secret = cookies.get(request, settings, cookies.TYPED) or secrets.token_urlsafe(32)
    form = _typed(request, door, came)
    if not typed_forms.keep(door.office, ended, secret, form, door.now()):
        return None
    place = quote(form.page, safe="")
    answer = RedirectResponse(f"{door.base_path}/aanmelden?naar={place}", HTTPStatus.SEE_OTHER, PRIVATE)
    cookies.put(answer, settings, cookies.TYPED, secret, seconds=KEPT_SECONDS)
    return answer


def has_typed(request: Request, door: Door) -> bool:
    """Whether something that was typed in this browser waits for who typed it."""
    return bool(cookies.get(request, door.office.settings, cookies.TYPED))


def with_page(html: str, request: Request) -> str:
    """The page with its own path in each form that is posted, so that a form can be given back where it stood.

    One that is shown again because something in it was wrong stands where it stood.
    """
    came: FormData = getattr(request.state, "form", FormData())
    page = _asked(request) if request.method == "GET" else str(came.get(PAGE, ""))
    if not is_own_path(page):
        return html
    hidden = f'<input type="hidden" name="{PAGE}" value="{escape(page)}">'
    return _POSTED.sub(lambda found: f"{found[0]}{hidden}", html)


def give_back(html: str, request: Request, door: Door, email: str) -> str:
    """The page with what its reader typed before put back into its forms, and a word about it at the top."""
    secret = cookies.get(request, door.office.settings, cookies.TYPED)
    if request.method != "GET" or not secret:
        return html
    for form in typed_forms.given_back(door.office, secret, email, door.now()):
        filled = fill(html, form.address, form.fields)
        if filled is None and form.page == _asked(request):
            filled = Filled(html, False, words_of(form.fields))  # it stands there no more: its words are listed
        if filled is not None:
            html = _with_notice(filled, door, form)
    return html


def _with_notice(filled: Filled, door: Door, form: KeptForm) -> str:
    """Says at the top of the page that nothing was done, what is to be chosen again, and what found no place."""
    notice = door.templates.part("desk/_typed", is_back=filled.is_seen, left_over=filled.left_over, files=form.files)
    begin = _MAIN.search(filled.html)
    at = begin.end() if begin else 0
    return f"{filled.html[:at]}{notice}{filled.html[at:]}"


def let_go(answer: Response, request: Request, door: Door, email: str) -> None:
    """Forgets a form that was sent again and carried out."""
    settings = door.office.settings
    secret = cookies.get(request, settings, cookies.TYPED)
    if not secret:
        return
    typed_forms.drop(door.office, secret, _address(request, door))
    if not typed_forms.given_back(door.office, secret, email, door.now()):
        cookies.put(answer, settings, cookies.TYPED, "")


def _is_to_keep(request: Request, door: Door, ended: str, came: FormData) -> bool:
    """Whether a form came from our own page of this very session, and holds more than a button."""
    endpoint = request.scope["route"].endpoint
    try:
        refuse_foreign(request, door.office.settings)
    except Refused:
        return False
    return cookies.is_form_of(ended, str(came.get("form", ""))) and not hasattr(endpoint, "once_by_itself")


def _typed(request: Request, door: Door, came: FormData) -> KeptForm:
    """The form as it is kept: without the token of the session that ended, and of files their names alone."""
    fields = [(clean_line(name), clean_lines(value)) for name, value in came.multi_items() if isinstance(value, str)]
    files = [
        clean_line(one.filename or "")
        for _name, one in came.multi_items()
        if isinstance(one, UploadFile) and one.filename
    ]
    return KeptForm(
        _address(request, door),
        _page_of_form(request, came),
        tuple(one for one in fields if one[0] != "form"),
        tuple(files),
    )


def _address(request: Request, door: Door) -> str:
    """Where a form was sent, as its page names it."""
    return f"{door.base_path}{_asked(request)}"


def _asked(request: Request) -> str:
    path, query = request.scope["path"], request.url.query
    return f"{path}?{query}" if query else path


def _page_of_form(request: Request, came: FormData) -> str:
    """The page on which a form stands, as it says itself; the nearest that there always is for one that does not."""
    parts, said = request.scope["path"].split("/"), str(came.get(PAGE, ""))
    return said if is_own_path(said) else f"/c/{parts[2]}/jaar" if parts[1] == "c" else "/mij"


_MAIN = re.compile(r"<main\b[^>]*>", re.IGNORECASE)
_POSTED = re.compile(r'<form\b[^>]*\smethod="post"[^>]*>', re.IGNORECASE)
