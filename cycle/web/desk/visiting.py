"""Who asks, for which covenant, and whether they may: what every page of the desk begins with.

A page takes `AtHome` (signed in), `AtDesk` (with a seat in the covenant of the path), `ForReaders` (no trekkers),
`ForBoard` (secretariat and directors) or `ForSecretariat`. Who is not signed in is sent to the sign-in page; a covenant
without a seat is 404, as one that does not exist; a page for another role is 403. Every router comes from
`desk_router`: no form is taken without its token.
"""

from collections.abc import Callable, Hashable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated, Any, TypeVar
from urllib.parse import quote, urlsplit

from anyio import to_thread
from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response

from cycle.actions.office.covenant_view import CovenantView, views
from cycle.actions.office.office import Office
from cycle.actions.office.signing import open_signer
from cycle.actions.signin.signing_in import visitor_of
from cycle.actions.signin.typed_forms import TooLong
from cycle.actions.signin.visitors import DeskSeat, Visitor
from cycle.domain.model import Role
from cycle.domain.text import number_in
from cycle.errors import Archived, CycleError, Forbidden, NotFound
from cycle.store.database import Session
from cycle.store.mishaps import DATABASE_AWAY
from cycle.store.sentforms import OLD_FORM
from cycle.web import cookies
from cycle.web.desk import menu
from cycle.web.desk.forms import DeskForm
from cycle.web.door import AtDoor, Door
from cycle.web.error_pages import FRAMED_FAULT, cycle_error, http_error
from cycle.web.guard import refuse_foreign
from cycle.web.known import is_known, remember
from cycle.web.once import PRIVATE, SAFE, OnceRoute, note_outcome
from cycle.web.typed import give_back, keep_and_sign_in, let_go, with_page
from cycle.words import ROLES

TAKES_UP = "/archief"
"""The only form that there is for a covenant that was put away: it takes it up again."""
NOT_HERE = ("Deze pagina bestaat niet.", "Kijk of het adres klopt, of ga naar het begin.")

Value = TypeVar("Value")


class SignInFirst(CycleError):
    """Nobody is signed in in this browser. A page becomes the sign-in page; so does a form of a session that ended, and
    what was typed is kept meanwhile."""

    http_status = 403

    def __init__(self) -> None:
        super().__init__("U bent niet (meer) aangemeld.", "Meld u aan en probeer het opnieuw.")


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of somebody who is signed in, and the ways to answer it. `seat` is theirs in the page's covenant."""

    door: Door
    request: Request
    visitor: Visitor
    token: str
    is_to_renew: bool
    now: datetime
    seat: DeskSeat | None

    @property
    def office(self) -> Office:
        """For actions."""
        return self.door.office

    @property
    def today(self) -> date:
        """The date in our own zone."""
        return self.office.local_day(self.now)

    @property
    def by(self) -> str:
        """The name under which the logbook keeps a decision."""
        return self.visitor.email

    def typed(self) -> DeskForm:
        """The form that came with this request."""
        return DeskForm(getattr(self.request.state, "form", FormData()))

    def page(self, name: str, status: int = HTTPStatus.OK, /, **fields: Any) -> HTMLResponse:
        """The page of this template, in the frame of the desk."""
        settings = self.office.settings
        flash = cookies.flash_words(self.token, cookies.get(self.request, settings, cookies.FLASH))
        answer = self.door.templates.page(name, status, **self._frame(), flash=flash, **fields)
        answer = self._with_what_was_typed(answer)
        answer.headers.update(PRIVATE)
        if flash:
            cookies.put(answer, settings, cookies.FLASH, "")
        self._renew(answer)
        if not is_known(self.request, self.door, self.visitor.email):  # it was signed in before browsers were known
            remember(answer, self.request, self.door, self.visitor.email)
        return answer

    def fault(self, status: int, what: str, hints: Sequence[str]) -> HTMLResponse:
        """The page that says what went wrong, with the menu to go on by."""
        frame = self._frame()
        answer = self.door.templates.page("desk/fault", status, **frame, flash="", what=what, hints=hints)
        answer.headers.update(PRIVATE)
        return answer

    def done(self, words: str, path: str) -> RedirectResponse:
        """Goes to another page ("/c/terneuzen/jaar"), which says what was done."""
        settings = self.office.settings
        note_outcome(self.request, words, path)
        answer = RedirectResponse(f"{base_path(settings.web.base_url)}{path}", HTTPStatus.SEE_OTHER, PRIVATE)
        cookies.put(answer, settings, cookies.FLASH, cookies.flash_value(self.token, words), seconds=120)
        self._renew(answer)
        let_go(answer, self.request, self.door, self.visitor.email)
        return answer

    def confirm(
        self,
        title: str,
        *,
        action: str,
        button: str,
        mails: Sequence[tuple[str, str]] = (),
        words: str = "",
        strange: Sequence[str] = (),
        hidden: Sequence[tuple[str, str]] = (),
        back: str = "",
    ) -> HTMLResponse:
        """Asks before something is done, and says how many mails that sends, and to whom: (name, address). `strange`
        are questions about what looks odd."""
        return self.page(
            "desk/confirm",
            title=title,
            action=action,
            button=button,
            mails=mails,
            words=words,
            strange=strange,
            hidden=hidden,
            back=back,
        )

    def _frame(self) -> dict[str, Any]:
        """What the frame of a desk page shows."""
        seat, path = self.seat, self.request.scope["path"]
        entries = [one.in_covenant(seat.slug) for one in menu.MENU if seat.role in one.roles] if seat else []
        return {
            "visitor": self.visitor,
            "seat": seat,
            "form": cookies.form_token(self.token),
            "menu": entries,
            "here": next((one.url for one in entries if f"{path}/".startswith(f"{one.url}/")), path),
            "role_words": ROLES,
        }

    def _with_what_was_typed(self, answer: HTMLResponse) -> HTMLResponse:
        """The page with what its reader typed as their last session ran out, and ready for the next time."""
        html = bytes(answer.body).decode()
        html = give_back(with_page(html, self.request), self.request, self.door, self.visitor.email)
        return HTMLResponse(html, answer.status_code)

    def _renew(self, answer: Response) -> None:
        """Notes in the cookie that the session is used; nothing is written down here."""
        if self.is_to_renew:
            settings = self.office.settings
            value = cookies.session_value(open_signer(settings), self.token, self.now)
            cookies.put(answer, settings, cookies.SESSION, value)


@dataclass(frozen=True, slots=True)
class DeskRequest(Visit):
    """A visit to one covenant."""

    seat: DeskSeat

    @property
    def covenant_id(self) -> int:
        """For queries and actions: nothing of another covenant may be found."""
        return self.seat.covenant_id

    @property
    def role(self) -> Role:
        """What the visitor is here."""
        return self.seat.role

    @property
    def may_write(self) -> bool:
        """Whether the page shows its buttons: a director and a reader only look, and so does everybody at what was put
        away."""
        return self.role is Role.SECRETARIAT and not self.seat.is_archived

    def path(self, rest: str = "") -> str:
        """The path of a page of this covenant: "/c/terneuzen/post"."""
        return f"/c/{self.seat.slug}/{rest}".rstrip("/")

    def view(self, session: Session) -> CovenantView:
        """The covenant with its settings, parties and people: five queries, unless it is as it was."""
        wanted, settings = [self.covenant_id], self.office.settings
        return self.kept_value("view", lambda: views(session, settings, wanted)[self.covenant_id])

    def kept_value(self, name: str, build: Callable[[], Value], *more: Hashable) -> Value:
        """A value about this covenant, worked out again once the covenant (or `more`) is another than it was."""
        return self.door.kept_values.get((name, self.covenant_id, *more), self.seat.stamp, build)


def desk_router(prefix: str = "/c/{slug}") -> APIRouter:
    """A router whose every form must come from our own page, in the browser that is signed in (rule C13), and is
    carried out once."""
    return APIRouter(prefix=prefix, dependencies=[Depends(own_form)], route_class=OnceRoute)


async def own_form(request: Request, door: AtDoor) -> None:
    """Keeps the form for `typed()`. Raises Forbidden for one without the token of this browser's session."""
    if request.method in SAFE:
        return
    request.state.form = await request.form()
    token, _ = _session_token(request, door)
    if not token:
        raise SignInFirst
    if not cookies.is_form_of(token, str(request.state.form.get("form", ""))):
        raise Forbidden(*OLD_FORM)
    refuse_foreign(request, door.office.settings)


def visit(request: Request, door: AtDoor) -> Visit:
    """Who is signed in. Raises SignInFirst."""
    return Visit(**_visiting(request, door), seat=None)


def signed_in(request: Request, door: Door) -> Visitor | None:
    """Who is signed in in this browser, for a page that is open to everybody."""
    token = session_token(request, door)
    return visitor_of(door.office, token, door.now()) if token else None


def session_token(request: Request, door: Door) -> str:
    """The secret of this browser's session; nothing when it has none that may still be used."""
    return _session_token(request, door)[0]


def place(request: Request, door: AtDoor, slug: str) -> DeskRequest:
    """Who is signed in, with their seat in the covenant. Raises SignInFirst, or NotFound for a foreign covenant."""
    desk_request = _visiting(request, door)
    seat = desk_request["visitor"].seat_at(slug)
    if seat is None:
        raise NotFound(*NOT_HERE)
    at = DeskRequest(**desk_request, seat=seat)
    setattr(request.state, FRAMED_FAULT, at.fault)
    if seat.is_archived and request.method not in SAFE and not request.scope["path"].endswith(TAKES_UP):
        raise Archived
    return at


def number_in_path(text: str) -> int:
    """An id as a path has it. Raises NotFound for what is none."""
    number = number_in(text)
    if number is None:
        raise NotFound(*NOT_HERE)
    return number


def only(roles: frozenset[Role], words: str) -> Callable[[DeskRequest], DeskRequest]:
    """A dependency for pages of some roles. Raises Forbidden with a sentence for the others."""

    def allowed(at: Annotated[DeskRequest, Depends(place)]) -> DeskRequest:
        if at.role not in roles:
            raise Forbidden(words, "Denkt u dat dit niet klopt? Vraag het secretariaat.")
        return at

    return allowed


AtHome = Annotated[Visit, Depends(visit)]
AtDesk = Annotated[DeskRequest, Depends(place)]
ForReaders = Annotated[DeskRequest, Depends(only(menu.READERS, "Deze pagina is niet voor trekkers."))]
ForBoard = Annotated[DeskRequest, Depends(only(menu.BOARD, "Deze pagina is voor het secretariaat en de bestuurders."))]
ForSecretariat = Annotated[DeskRequest, Depends(only(menu.SECRETARIAT, "Dit is alleen voor het secretariaat."))]


async def to_sign_in(request: Request, error: SignInFirst) -> Response:
    """The sign-in page, which knows where somebody was going; a form that is not kept gets a sentence."""
    door: Door = request.app.state.door
    if request.method not in SAFE:
        try:
            typed_form = await to_thread.run_sync(keep_and_sign_in, request, door)
        except TooLong as too_long:
            return await cycle_error(request, too_long)
        return typed_form or await cycle_error(request, error)
    path = request.scope["path"] + (f"?{request.url.query}" if request.url.query else "")
    base = base_path(door.office.settings.web.base_url)
    return RedirectResponse(f"{base}/aanmelden?naar={quote(path, safe='')}", HTTPStatus.SEE_OTHER, PRIVATE)


async def http_error_at_desk(request: Request, error: HTTPException) -> Response:
    """What the framework refuses; below a covenant, who has a seat there keeps the menu to go on by."""
    _, *parts = request.scope["path"].split("/")
    if parts[:1] == ["c"] and parts[1:] and not hasattr(request.state, FRAMED_FAULT):
        with suppress(CycleError, *DATABASE_AWAY):  # whoever else it is gets the page for everybody
            await to_thread.run_sync(place, request, request.app.state.door, parts[1])
    return await http_error(request, error)


def base_path(base_url: str) -> str:
    """The path below which all our pages lie: mostly nothing."""
    return urlsplit(base_url).path.rstrip("/")


def _visiting(request: Request, door: Door) -> dict[str, Any]:
    """The fields of a visit. Raises SignInFirst."""
    now = door.now()
    token, is_to_renew = _session_token(request, door)
    visitor = visitor_of(door.office, token, now) if token else None
    if visitor is None:
        raise SignInFirst
    return {
        "door": door,
        "request": request,
        "visitor": visitor,
        "token": token,
        "is_to_renew": is_to_renew,
        "now": now,
    }


def _session_token(request: Request, door: Door) -> tuple[str, bool]:
    settings = door.office.settings
    value = cookies.get(request, settings, cookies.SESSION)
    if not value:
        return "", False
    return cookies.session_token(open_signer(settings), value, door.now(), settings.signin.idle_minutes)
