"""What is of the visitor rather than of a covenant: where to begin, their own page, signing out."""

from http import HTTPStatus

from starlette.responses import RedirectResponse, Response

from cycle.actions import signing_in
from cycle.domain.model import Role
from cycle.web import cookies
from cycle.web.desk.visiting import PRIVATE, AtHome, Visit, base_path, desk_router

router = desk_router("")
ENTRY = None


@router.api_route("/bureau", methods=["GET", "HEAD"])
def begin(at: AtHome) -> Response:
    """The only covenant, a choice between several, or a trekker's own page."""
    seats = at.visitor.seats
    if all(seat.role is Role.TREKKER for seat in seats):
        return _go(at, "/mij")
    if len(seats) == 1:
        return _go(at, f"/c/{seats[0].slug}/jaar")
    return at.page("desk/covenants")


@router.api_route("/mij", methods=["GET", "HEAD"])
def mine(at: AtHome) -> Response:
    """The visitor's own page."""
    return at.page("desk/mine")


@router.post("/mij/overal-afmelden")
def sign_out_everywhere(at: AtHome) -> Response:
    """Ends this visitor's sessions in every browser."""
    signing_in.sign_out_everywhere(at.office, at.visitor.email, at.now)
    return _signed_out(at)


@router.post("/afmelden")
def sign_out(at: AtHome) -> Response:
    """Ends the session of this browser."""
    signing_in.sign_out(at.office, at.token, at.now)
    return _signed_out(at)


def _go(at: Visit, path: str) -> Response:
    base = base_path(at.office.settings.web.base_url)
    return RedirectResponse(f"{base}{path}", HTTPStatus.SEE_OTHER, PRIVATE)


def _signed_out(at: Visit) -> Response:
    answer = _go(at, "/")
    cookies.put(answer, at.office.settings, cookies.SESSION, "")
    return answer
