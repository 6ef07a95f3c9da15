"""The pages for people: the running year of each covenant that whoever looks may see.

A passer-by sees those that their secretariat switched on; who is signed in, those where they sit as well.
"""

from collections.abc import Iterable

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from cycle.actions.office.covenant_view import views
from cycle.actions.signin.visitors import Visitor
from cycle.domain.model import Role
from cycle.domain.seeing import is_for_passers_by, may_see
from cycle.errors import NotFound
from cycle.store import covenants
from cycle.store.database import Session
from cycle.store.ids import id_of
from cycle.store.tables import Covenant
from cycle.web.desk.visiting import signed_in
from cycle.web.door import AtDoor, Door
from cycle.web.year import asked_year, year_page

router = APIRouter()


@router.api_route("/", methods=["GET", "HEAD"])
def home(door: AtDoor, request: Request, jaar: str = "") -> Response:
    """The year of the only covenant, a choice between several, or how to begin."""
    visitor = signed_in(request, door)
    with door.office.database.reading() as session:
        rows = _seen(covenants.covenants(session), visitor)
        if not rows:
            return door.templates.page("welcome")
        if len(rows) > 1:
            return door.templates.page("covenants", covenants=rows)
        return _year(door, session, rows[0], jaar, path="/", shared=False)


@router.api_route("/c/{slug}", methods=["GET", "HEAD"])
def covenant(door: AtDoor, request: Request, slug: str, jaar: str = "") -> Response:
    """The year of one covenant; one that is not for who looks is as one that does not exist."""
    visitor = signed_in(request, door)
    with door.office.database.reading() as session:
        rows = {row.slug: row for row in _seen(covenants.covenants(session), visitor)}
        if slug not in rows:
            raise NotFound("Dit convenant bestaat niet.", "Kijk of het adres klopt, of ga naar het begin.")
        return _year(door, session, rows[slug], jaar, path=f"/c/{slug}", shared=len(rows) > 1)


def _seen(rows: Iterable[Covenant], visitor: Visitor | None) -> list[Covenant]:
    """The covenants that a visitor, or a passer-by, may see."""
    seats = {seat.covenant_id: seat.role for seat in visitor.seats} if visitor else {}
    return [row for row in rows if _may_look(row, seats.get(id_of(row)))]


def _may_look(row: Covenant, role: Role | None) -> bool:
    sits = role is not None and may_see(row.released_at, [role])
    return sits or is_for_passers_by(row.released_at, row.is_public)


def _year(door: Door, session: Session, row: Covenant, asked: str, *, path: str, shared: bool) -> Response:
    """The page of a year; without one asked for, the running year. `shared`: other covenants use this service too."""
    now = door.now()
    view = views(session, door.office.settings, [id_of(row)])[id_of(row)]
    page = year_page(session, view, asked_year(view, asked, view.local_day(now)), now)
    return door.templates.page("year", page=page, path=path, shared=shared)
