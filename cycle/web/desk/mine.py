"""What is of the visitor rather than of a covenant: where to begin, their own page, signing out."""

from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from cycle.actions.letters.approval.directors import waiting_for
from cycle.actions.office.covenant_view import CovenantView, views
from cycle.actions.office.mailed import renew_links
from cycle.actions.people.seats import mine as own
from cycle.actions.signin import signing_in
from cycle.actions.signin.visitors import DeskSeat
from cycle.domain.model import Role
from cycle.domain.words import day_words, via_words
from cycle.domain.workdays import local_day
from cycle.errors import CycleError
from cycle.store.answers import Given
from cycle.store.database import Session
from cycle.web import cookies
from cycle.web.desk.forms import DeskForm
from cycle.web.desk.lines import page_number
from cycle.web.desk.visiting import AtHome, DeskRequest, Visit, base_path, desk_router, session_token, signed_in
from cycle.web.desk.year import PostThatWaits, WaitingThing, post_that_waits, what_waits
from cycle.web.door import AtDoor, Door
from cycle.web.once import PRIVATE, once_by_itself
from cycle.web.year import YearLine, in_order, lines_of

router = desk_router("")
ENTRY = None

TABLES = 25
"""Covenants on one page of who has several."""
MOST_SOUGHT = 100


@dataclass(frozen=True, slots=True)
class OwnTable:
    """What one covenant asks of the visitor."""

    name: str
    slug: str
    lines: tuple[YearLine, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What the visitor let know, in words."""

    day: str
    title: str
    stand: str
    sentence: str


@router.api_route("/bureau", methods=["GET", "HEAD"])
def begin(at: AtHome, zoek: str = "", blad: str = "") -> Response:
    """The only covenant, a list of several with what waits in each, a trekker's own page, or where a first table is
    started."""
    seats = at.visitor.seats
    if not seats:
        return _go(at, "/nieuw")
    if all(seat.role is Role.TREKKER for seat in seats):
        return _go(at, "/mij")
    if len(seats) == 1:
        return _go(at, f"/c/{seats[0].slug}/jaar")
    words = zoek[:MOST_SOUGHT].strip()
    sought = [seat for seat in seats if words.casefold() in f"{seat.name} {seat.slug}".casefold()]
    sought.sort(
        key=lambda seat: (seat.is_archived, seat.role is not Role.SECRETARIAT)
    )  # where something may wait first
    page = min(page_number(blad), max(1, -(-len(sought) // TABLES)))
    shown = sought[(page - 1) * TABLES : page * TABLES]
    with at.office.database.reading() as session:
        post = post_that_waits(session, [seat.covenant_id for seat in shown])
        tables = [(seat, _waiting_at(session, at, seat, post[seat.covenant_id])) for seat in shown]
    return at.page(
        "desk/covenants",
        typed=DeskForm(zoek=words),
        tables=[one for one in tables if not one[0].is_archived],
        archived=[seat for seat, _waiting in tables if seat.is_archived],
        count=len(sought),
        first=(page - 1) * TABLES + 1,
        is_long=len(seats) > TABLES,
        newer=_page_of(words, page - 1) if page > 1 else "",
        older=_page_of(words, page + 1) if page * TABLES < len(sought) else "",
    )


@router.api_route("/mij", methods=["GET", "HEAD"])
def mine(at: AtHome) -> Response:
    """The visitor's own page: what is asked of them, what they let know, their calendar and their rhythm."""
    who, zone = at.visitor, at.office.settings.zone
    if not who.person_ids:  # who only may start a table
        return _go(at, "/nieuw")
    with at.office.database.reading() as session:
        views_by_id = views(session, at.office.settings, [seat.covenant_id for seat in who.seats])
        tables = [
            _table(session, views_by_id[seat.covenant_id], seat, at) for seat in who.seats if not seat.is_archived
        ]
        said = own.said_by(session, who.person_ids, at.now, set(views_by_id))
        running = {seat.covenant_id: views_by_id[seat.covenant_id] for seat in who.seats if not seat.is_archived}
        to_approve = waiting_for(at.office, session, running, who.person_ids, at.now)
        pages = own.own_pages(at.office, session, who.person_ids[0], at.today)
    answers = [_said(one, title, zone) for one, title in said]
    return at.page(
        "desk/mine",
        tables=[table for table in tables if table.lines],
        answers=answers,
        pages=pages,
        to_approve=to_approve,
    )


@router.post("/mij/links")
def end_links(at: AtHome) -> Response:
    """Makes all links in this visitor's mails invalid."""
    for person in at.visitor.person_ids:
        renew_links(at.office, person, at.now, by=at.by)
    return at.done("De links in uw mails werken niet meer. In de volgende mail staan nieuwe.", "/mij")


@router.post("/mij/overal-afmelden")
@once_by_itself
def sign_out_everywhere(door: AtDoor, request: Request) -> Response:
    """Ends this visitor's sessions in every browser; who is signed out already goes the same way."""
    visitor = signed_in(request, door)
    if visitor is not None:
        signing_in.sign_out_everywhere(door.office, visitor.email, door.now())
    return _signed_out(door)


@router.post("/afmelden")
@once_by_itself
def sign_out(door: AtDoor, request: Request) -> Response:
    """Ends the session of this browser."""
    signing_in.sign_out(door.office, session_token(request, door), door.now())
    return _signed_out(door)


def _waiting_at(session: Session, at: Visit, seat: DeskSeat, post: PostThatWaits) -> tuple[WaitingThing, ...]:
    """What waits for the visitor in one covenant, where they keep the secretariat. A covenant whose own settings do not
    fit takes no other along."""
    if seat.role is not Role.SECRETARIAT or seat.is_archived:
        return ()
    table = DeskRequest(at.door, at.request, at.visitor, at.token, at.is_to_renew, at.now, seat)
    try:
        return what_waits(session, table, table.view(session), post)
    except CycleError as error:
        return (WaitingThing(1, f"fout: {error.what}", table.path("jaar")),)


def _page_of(words: str, page: int) -> str:
    asked = ({"zoek": words} if words else {}) | ({"blad": str(page)} if page > 1 else {})
    return f"/bureau?{urlencode(asked)}"


def _said(given: Given, title: str, zone: ZoneInfo) -> Said:
    day = via_words(day_words(local_day(given.at, zone)), given.mailed_on)
    return Said(day, title, given.stand if given.stand else "", given.sentence)


def _table(session: Session, view: CovenantView, seat: DeskSeat, at: Visit) -> OwnTable:
    rows, parts = own.own_deadlines(session, view, seat.person_ids, at.today)
    lines = lines_of(sorted(rows, key=in_order), parts, {}, view, at.today)
    return OwnTable(seat.name, seat.slug, tuple(lines))


def _go(at: Visit, path: str) -> Response:
    base = base_path(at.office.settings.web.base_url)
    return RedirectResponse(f"{base}{path}", HTTPStatus.SEE_OTHER, PRIVATE)


def _signed_out(door: Door) -> Response:
    answer = RedirectResponse(f"{door.base_path}/", HTTPStatus.SEE_OTHER, PRIVATE)
    cookies.put(answer, door.office.settings, cookies.SESSION, "")
    return answer
