"""What the pages behind a mailed link share: whoever changes something there shows that they read the mailbox.

Somebody who is signed in as this person has shown it. Anybody else gets a code by mail, on the address that is theirs
now; then this browser may change things for an hour. Looking needs no code, and neither does an answer to a mail.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from typing import Generic, Protocol, TypeVar

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from cycle.actions.office.mailed import refuse_old_form
from cycle.actions.office.office import Office
from cycle.actions.office.sentforms import CarriedOut
from cycle.actions.signin import codes
from cycle.domain.words import via_words
from cycle.errors import Forbidden, Refused
from cycle.web import cookies
from cycle.web.cleaning import FormLine
from cycle.web.desk.forms import DeskForm
from cycle.web.desk.visiting import base_path, signed_in
from cycle.web.door import AtDoor, Door
from cycle.web.guard import refuse_foreign
from cycle.web.known import asked_from_of, remember
from cycle.web.once import note_outcome, shown_again

SECRET = {"Cache-Control": "private, no-store"}
FIRST_A_CODE = (
    "Om hier iets te wijzigen, vragen we eerst om een code.",
    "Ga terug naar de pagina en kies “Stuur mij een code”. Er is nog niets gewijzigd.",
)
NO_COOKIE = (
    "Dit formulier is te oud, of uw browser bewaart geen cookies.",
    "Open de pagina opnieuw. Zonder cookies weten we niet in welke browser de code hoort.",
)


class PageOwner(Protocol):
    """Whose page it is, what the seals of its links cover, and the proof that a form came from it."""

    @property
    def person(self) -> int: ...
    @property
    def email(self) -> str: ...
    @property
    def mark(self) -> str: ...
    @property
    def form(self) -> str: ...


Owner = TypeVar("Owner", bound=PageOwner)


@dataclass(frozen=True, slots=True)
class MailedPages(Generic[Owner]):
    """The pages of one kind. `open` gives the owner of a signed address and the day of its mail, or raises NotFound or
    Ended; `purpose` is what the proof in its forms is sealed for."""

    root: str
    purpose: str
    open: Callable[[Office, str, datetime], tuple[Owner, date]]

    def opened(self, door: Door, request: Request, signed: str) -> tuple[Owner, "Asker"]:
        """The page of a link, and who opened it."""
        owner, mailed_on = self.open(door.office, signed, door.now())
        return owner, Asker(door, request, owner, mailed_on, f"{self.root}/{signed}")

    def own_form(self, door: Door, request: Request, signed: str, form: str) -> tuple[Owner, "Asker"]:
        """The same for a form. Raises Refused for one that another site sent, or is no form of theirs (rule C13)."""
        refuse_foreign(request, door.office.settings)
        owner, asker = self.opened(door, request, signed)
        refuse_old_form(door.office, self.purpose, owner.person, owner.mark, form, door.now())
        return owner, asker

    def changing(self, door: Door, request: Request, signed: str, form: str) -> tuple[Owner, "Asker"]:
        """The same for a form that changes something. Raises Forbidden while no code was typed here."""
        owner, asker = self.own_form(door, request, signed, form)
        asker.refuse_without_proof()
        return owner, asker

    def page_again(self, _sent: CarriedOut, *, door: Door, request: Request, signed: str, **_form: object) -> Response:
        """For a form that was carried out: the page, which shows what came of it."""
        return self.opened(door, request, signed)[1].back()

    def add_code_routes(self, router: APIRouter) -> None:
        """Where the code is asked for, where it is typed, and where that goes."""

        @router.api_route(f"{self.root}/{{signed}}/code", methods=["GET", "HEAD"])
        def ask_code(door: AtDoor, request: Request, signed: str) -> Response:
            """Where the code from the mail is typed."""
            return self.opened(door, request, signed)[1].ask()

        def sent_before(_sent: CarriedOut, *, door: Door, request: Request, signed: str, **_form: object) -> Response:
            """Where the code is typed; no second one is mailed."""
            return self.opened(door, request, signed)[1].to_code()

        @router.post(f"{self.root}/{{signed}}/code")
        @shown_again(sent_before)
        def send_code(door: AtDoor, request: Request, signed: str, form: FormLine = "") -> Response:
            """Mails a code to this person's present address."""
            return self.own_form(door, request, signed, form)[1].send_code()

        def entered_before(
            sent: CarriedOut, *, door: Door, request: Request, signed: str, code: str, **_form: object
        ) -> Response:
            """What came of this code; it is not tried again."""
            return self.opened(door, request, signed)[1].entered_before(code, sent.words)

        @router.post(f"{self.root}/{{signed}}/bevestig")
        @shown_again(entered_before)
        def enter_code(
            door: AtDoor, request: Request, signed: str, form: FormLine = "", code: FormLine = ""
        ) -> Response:
            """Takes the code."""
            return self.own_form(door, request, signed, form)[1].enter(code)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who opened a mailed link of somebody. `path` is that of the page itself."""

    door: Door
    request: Request
    owner: PageOwner
    mailed_on: date
    path: str

    @property
    def person(self) -> int:
        """Whose page it is."""
        return self.owner.person

    @property
    def email(self) -> str:
        """Their address."""
        return self.owner.email

    @property
    def may_change(self) -> bool:
        """Whether this browser showed that its user reads this person's mail."""
        return self.is_signed_in or codes.is_proof(
            self.door.office, self._cookie(cookies.PROOF), self.person, self.owner.mark, self.door.now()
        )

    @property
    def is_signed_in(self) -> bool:
        """Whether this person is signed in in this browser."""
        visitor = signed_in(self.request, self.door)
        return visitor is not None and self.person in visitor.person_ids

    @property
    def by(self) -> str:
        """The name under which the logbook keeps what is done here."""
        return via_words(self.email, None if self.is_signed_in else self.mailed_on)

    def refuse_without_proof(self) -> None:
        """Raises Forbidden unless this browser may change something."""
        if not self.may_change:
            raise Forbidden(*FIRST_A_CODE)

    def shown(self, answer: Response) -> Response:
        """The page of a link, which nothing keeps. Its browser gets a cookie to know it by before it asks for a code,
        so that a button that was pressed twice asks for one in the same browser."""
        answer.headers.update(SECRET)
        if not self._cookie(cookies.BROWSER):
            cookies.put(answer, self.door.office.settings, cookies.BROWSER, secrets.token_urlsafe(32))
        return answer

    def send_code(self) -> Response:
        """Mails a code for this browser and goes to the page that asks for it.

        Raises Forbidden for a browser without our cookie, Refused when that was asked too often.
        """
        browser = self._cookie(cookies.BROWSER)
        if not browser:
            raise Forbidden(*NO_COOKIE)
        asked_from = asked_from_of(self.request, self.door)
        codes.ask_code(self.door.office, self.person, self.door.now(), browser=browser, asked_from=asked_from)
        self.door.wake()
        return self.to_code()

    def ask(self, typed: DeskForm | None = None, status: int = HTTPStatus.OK) -> Response:
        """The page on which the code is typed."""
        if not self._cookie(cookies.BROWSER):
            return self.back()
        answer = self.door.templates.page(
            "own-code",
            status,
            form=self.owner.form,
            path=self.path,
            typed=typed or DeskForm(),
            email=_veiled(self.email),
        )
        answer.headers.update(SECRET)
        return answer

    def enter(self, code: str) -> Response:
        """Lets this browser change things when the code is right; else the page says what is wrong."""
        office, now = self.door.office, self.door.now()
        try:
            codes.enter_code(office, self.person, now, browser=self._cookie(cookies.BROWSER), code=code)
        except Refused as error:
            return self._refused(f"{error.what} {error.hint}")
        return self._proven(now)

    def entered_before(self, code: str, words: str) -> Response:
        """What `enter` answered to this very form: its `words`, or the proof anew, for a browser in which the button
        was pressed twice may have missed the first one."""
        if words:
            return self._refused(words)
        browser = self._cookie(cookies.BROWSER)
        at = codes.entered_at(self.door.office, self.person, self.door.now(), browser=browser, code=code)
        return self.back() if at is None else self._proven(at)

    def back(self) -> RedirectResponse:
        """To the page itself."""
        return self._to(self.path)

    def to_code(self) -> RedirectResponse:
        """To where the code is typed."""
        return self._to(f"{self.path}/code")

    def _refused(self, words: str) -> Response:
        typed = DeskForm()
        typed.wrong("code", words)
        note_outcome(self.request, words)
        return self.ask(typed, HTTPStatus.CONFLICT)

    def _proven(self, at: datetime) -> Response:
        """Back to the page, with what shows that a code was entered here at this moment."""
        office, answer = self.door.office, self.back()
        value = codes.proof(office, self.person, self.owner.mark, at)
        cookies.put(answer, office.settings, cookies.PROOF, value, seconds=int(codes.PROOF_LASTS.total_seconds()))
        remember(answer, self.request, self.door, self.email)
        return answer

    def _to(self, path: str) -> RedirectResponse:
        base = base_path(self.door.office.settings.web.base_url)
        return RedirectResponse(f"{base}{path}", HTTPStatus.SEE_OTHER, SECRET)

    def _cookie(self, name: str) -> str:
        return cookies.get(self.request, self.door.office.settings, name)


def _veiled(email: str) -> str:
    """Enough of an address to know one's own: "s…@clavis.example"."""
    name, _, domain = email.rpartition("@")
    return f"{name[:1]}…@{domain}"
