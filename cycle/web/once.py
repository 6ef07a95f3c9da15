"""A form is carried out once; sent again, it does nothing and shows what the first one did.

`OnceRoute` is the route of every form. It stands around the endpoint, behind who may come here: it looks whether the
form's key was used, lets the endpoint carry it out, and keeps where that led and which words it said. An endpoint whose
answer is no mere way to another page names its own answer for a second time with `shown_again`.

Who goes back in a browser gets the page anew, with a new key and their own words still in it. An endpoint that adds
something is marked `asks_again`: the same words at the same place within a day are asked about first.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from cycle.actions.office.sentforms import CarriedOut, form_that_came, just_said, sent_before, write_down
from cycle.errors import CycleError
from cycle.store.sentforms import FormInHand, SentBefore, in_hand
from cycle.web.door import Door
from cycle.web.formkeys import FIELD

SAFE = frozenset({"GET", "HEAD"})
AGAIN, PAGE = "nogmaals", "pagina"
NOT_CONTENT = ("form", FIELD, "version", "zeker", AGAIN, PAGE)
VERSIONS = "versie-"
"""What a page puts into a form that its reader did not fill in: another one each time, or as the rows were then."""

PRIVATE = {"Cache-Control": "private, no-store"}
SAID_BEFORE = "Dit formulier was al verstuurd. Er is niets nog een keer gedaan."
PARTLY = "Dit formulier was al verstuurd. Een deel ervan is toen gedaan: kijk wat er nog open staat."

Endpoint = Callable[..., Response]


class OnceRoute(APIRoute):
    """A route whose forms are carried out once. To look at a page is as it ever was."""

    def __init__(self, path: str, endpoint: Endpoint, **more: Any) -> None:
        is_form = not set(more.get("methods") or ()) <= SAFE and not hasattr(endpoint, "once_by_itself")
        super().__init__(path, _once(endpoint) if is_form else _of_one_moment(endpoint), **more)


def once_by_itself(endpoint: Endpoint) -> Endpoint:
    """Marks an endpoint that does nothing more when it is asked again, and shows the same."""
    endpoint.once_by_itself = True  # type: ignore[attr-defined]
    return endpoint


def shown_again(show: Endpoint) -> Callable[[Endpoint], Endpoint]:
    """Names what an endpoint shows for a form that was carried out before, with what that one was given."""

    def mark(endpoint: Endpoint) -> Endpoint:
        endpoint.shown_again = show  # type: ignore[attr-defined]
        return endpoint

    return mark


def asks_again(endpoint: Endpoint) -> Endpoint:
    """Marks an endpoint that adds something each time: the same form is asked about before it adds a second."""
    endpoint.asks_again = True  # type: ignore[attr-defined]
    return endpoint


async def keep_form(request: Request) -> None:
    """For pages of links: keeps the form as it came, as the desk does."""
    if request.method not in SAFE:
        request.state.form = await request.form()


def note_outcome(request: Request, words: str, place: str = "") -> None:
    """What this form did, in words, and the path where it leads: for whoever sends it again."""
    request.state.outcome = place, words


def _of_one_moment(endpoint: Endpoint) -> Endpoint:
    """A page of the desk reads its covenant again for each of its parts: all of them see it as it is now."""

    @wraps(endpoint)
    def shown(**given: Any) -> Response:
        at = given.get("at")
        if at is None or at.seat is None or at.request.method not in SAFE:
            return endpoint(**given)
        with at.office.database.one_moment():
            return endpoint(**given)

    return shown


def _once(endpoint: Endpoint) -> Endpoint:
    @wraps(endpoint)
    def carried_out(**given: Any) -> Response:
        errand = _Errand(endpoint, given)
        return errand.shown_again() or errand.asked_again() or errand.carried_out()

    return carried_out


@dataclass(slots=True)
class _Errand:
    """One form that came for one endpoint. At the desk it comes `at` a visit, elsewhere at the door."""

    endpoint: Endpoint
    given: dict[str, Any]
    request: Request
    door: Door
    form: FormInHand

    def __init__(self, endpoint: Endpoint, given: dict[str, Any]) -> None:
        self.endpoint, self.given = endpoint, given
        at = given.get("at")
        self.request = at.request if at else given["request"]
        self.door = at.door if at else given["door"]
        came: FormData = getattr(self.request.state, "form", FormData())
        path, query = self.request.scope["path"], self.request.url.query
        self.form = form_that_came(
            self.door.office,
            str(came.get(FIELD, "")),
            self.door.now(),
            who=at.by if at else "",
            route=self.request.scope["route"].path,
            path=path,
            address=f"{self.door.base_path}{path}" + (f"?{query}" if query else ""),
            fields=_content(came),
        )

    def carried_out(self) -> Response:
        """Carries it out, unless somebody does at this very moment: then shows what that one did."""
        try:
            with in_hand(self.form):
                answer = self.endpoint(**self.given)
            is_done = self.form.is_taken or answer.status_code == HTTPStatus.SEE_OTHER
            if is_done:
                self._write_down(answer)
                return answer
        except SentBefore:
            return self.shown_again() or self._repeated()
        except CycleError:
            if shown := self.shown_again(unless_ours=True):
                return shown
            raise
        return self.shown_again(unless_ours=True) or answer

    def shown_again(self, *, unless_ours: bool = False) -> Response | None:
        """What the first one did, if this one was carried out before; `unless_ours` not by ourselves just now."""
        sent = None if unless_ours and self.form.is_taken else sent_before(self.door.office, self.form)
        if sent is None:
            return None
        return self._shown(sent) if sent.is_same else self._question(sent)

    def asked_again(self) -> Response | None:
        """Asks whether a second one is meant, when this endpoint adds something and was told just this today."""
        came: FormData = getattr(self.request.state, "form", FormData())
        if not hasattr(self.endpoint, "asks_again") or came.get(AGAIN):
            return None
        sent = just_said(self.door.office, self.form)
        return self._question(sent) if sent is not None else None

    def _write_down(self, answer: Response) -> None:
        place, words = getattr(self.request.state, "outcome", ("", ""))
        is_whole = answer.status_code < HTTPStatus.BAD_REQUEST
        write_down(self.door.office, self.form, place, words or ("" if is_whole else PARTLY))

    def _shown(self, sent: CarriedOut) -> Response:
        show: Endpoint | None = getattr(self.endpoint, "shown_again", None)
        if show is not None:
            return show(sent, **self.given)
        place = sent.place or self._page_of_form()
        if at := self.given.get("at"):
            answer: Response = at.done(sent.words or SAID_BEFORE, place)
            return answer
        return RedirectResponse(f"{self.door.base_path}{place}", HTTPStatus.SEE_OTHER, PRIVATE)

    def _question(self, sent: CarriedOut) -> Response:
        """Whether it is to be done too: the form was sent before and says something else now, or came with a new key
        and says the same. Nothing is done, and nothing is lost."""
        came: FormData = self.request.state.form
        again = [(name, value) for name, value in came.multi_items() if isinstance(value, str)]
        again = [(name, value) for name, value in again if name not in (FIELD, AGAIN)] + [(AGAIN, "ja")]
        fields = {
            "is_same": sent.is_same,
            "words": sent.words,
            "target": self.form.address,
            "fields": again,
            "back": sent.place or self._page_of_form(),
            "has_files": any(isinstance(value, UploadFile) and value.filename for value in came.values()),
        }
        if at := self.given.get("at"):
            page: Response = at.page("desk/sent-before", HTTPStatus.CONFLICT, **fields)
            return page
        answer = self.door.templates.page("sent-before", HTTPStatus.CONFLICT, **fields)
        answer.headers.update(PRIVATE)
        return answer

    def _repeated(self) -> Response:
        """The key was taken, and of what that did nothing is to be seen: the database was put back meanwhile."""
        return self._shown(CarriedOut(self.form.at, "", "", False, True))

    def _page_of_form(self) -> str:
        """The page that a form stands on: a room of a covenant, or the page of a link."""
        parts = self.request.scope["path"].split("/")
        return "/".join(parts[: 4 if parts[1] == "c" else 3])


def _content(form: FormData) -> list[tuple[str, str]]:
    """What somebody filled in; of a file its name and a hash."""
    content = []
    for name, value in form.multi_items():
        if name not in NOT_CONTENT and not name.startswith(VERSIONS):
            content.append((name, value if isinstance(value, str) else f"{value.filename}:{_hash_of(value)}"))
    return content


def _hash_of(file: UploadFile) -> str:
    digest = sha256(file.file.read()).hexdigest()
    file.file.seek(0)
    return digest
