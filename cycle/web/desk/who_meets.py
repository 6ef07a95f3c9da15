"""Wie er vergadert: the bodies of this table, how each is called, who sits there, and at which steps it meets."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from itertools import groupby

from starlette.responses import Response

from cycle.actions.office.covenant_view import CovenantView
from cycle.actions.office.versions import version_of
from cycle.actions.people.seats.sitting import (
    NAME_LENGTH,
    BodyWish,
    add_body,
    change_body,
    remove_body,
    rows_of_body,
    suggested,
    who_may_sit,
)
from cycle.domain.standing_bodies import BOARD
from cycle.domain.titles import in_a_sentence
from cycle.domain.words import joined
from cycle.errors import Changed, CycleError
from cycle.store import standing_bodies
from cycle.store.database import Session
from cycle.store.ids import id_of
from cycle.store.tables import Body, BodyMember
from cycle.web.desk.forms import DeskForm
from cycle.web.desk.visiting import DeskRequest, ForReaders, ForSecretariat, desk_router, number_in_path
from cycle.web.once import asks_again

router = desk_router()
ENTRY = None

PAGE = "overleggen/wie"
NAMED, BY_PARTY = "mensen", "partijen"


@dataclass(frozen=True, slots=True)
class BodyLine:
    """One body in the list, in words."""

    id: int
    name: str
    steps: str
    who: str
    hears: str


@router.api_route("/overleggen/wie", methods=["GET", "HEAD"])
def listed(at: ForReaders) -> Response:
    """Every body of this table."""
    with at.office.database.reading() as session:
        view = at.view(session)
        rows = standing_bodies.bodies(session, view.id)
        steps = standing_bodies.steps_of_bodies(session, view.id)
        members = standing_bodies.members_of(session, [id_of(row) for row in rows])
        lines = [_line(view, row, steps, members) for row in rows]
    return at.page("desk/bodies", lines=lines, may_write=at.may_write)


@router.api_route("/overleggen/wie/nieuw", methods=["GET", "HEAD"])
def ask_new(at: ForSecretariat) -> Response:
    """An empty form for a body of its own."""
    return _form(at, None, DeskForm())


@router.post("/overleggen/wie/nieuw")
@asks_again
def add(at: ForSecretariat) -> Response:
    """A body of its own, with its people."""
    typed = at.typed()
    name = typed.text("naam", needed="Geef het overleg een naam.", most=NAME_LENGTH)
    if not typed.is_right:
        return _form(at, None, typed, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        wish = BodyWish(name, tuple(typed.numbers("leden")))
        settled = add_body(at.office, at.covenant_id, wish, at.now, by=at.by)
    except CycleError as error:
        typed.wrong("naam", f"{error.what} {error.hint}")
        return _form(at, None, typed, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    words = f"{settled.title} {settled.words}. Kies dit overleg nu bij de stap waar het bij elkaar komt."
    return at.done(words, at.path("jaar/stappen"))


@router.api_route("/overleggen/wie/{body}", methods=["GET", "HEAD"])
def ask(at: ForSecretariat, body: str) -> Response:
    """The form of one body."""
    return _form(at, number_in_path(body))


@router.post("/overleggen/wie/{body}")
def save(at: ForSecretariat, body: str) -> Response:
    """Another name, or other people."""
    typed, number = at.typed(), number_in_path(body)
    with at.office.database.reading() as session:
        standing_bodies.body(session, number, at.covenant_id)
    name = typed.text("naam", needed="Geef het overleg een naam.", most=NAME_LENGTH)
    who = typed.choice("wie", (BY_PARTY, NAMED), needed="Kies wie er aan tafel zit.")
    if not typed.is_right:
        return _form(at, number, typed, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    wish = BodyWish(name, tuple(typed.numbers("leden")) if who == NAMED else None)
    try:
        settled = change_body(at.office, at.covenant_id, number, wish, at.now, by=at.by, version=typed["version"])
    except Changed as changed:
        return _form(at, number, typed, changed, HTTPStatus.CONFLICT)
    except CycleError as error:
        typed.wrong("naam", f"{error.what} {error.hint}")
        return _form(at, number, typed, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return at.done(f"{settled.title} {settled.words}.", at.path(PAGE))


@router.post("/overleggen/wie/{body}/weg")
def remove(at: ForSecretariat, body: str) -> Response:
    """Takes away a body that never met."""
    number = number_in_path(body)
    settled = remove_body(at.office, at.covenant_id, number, at.now, by=at.by, version=at.typed()["version"])
    return at.done(f"{settled.title} {settled.words}.", at.path(PAGE))


def _form(
    at: DeskRequest,
    number: int | None,
    typed: DeskForm | None = None,
    changed: Changed | None = None,
    status: int = HTTPStatus.OK,
) -> Response:
    with at.office.database.reading() as session:
        view, row = at.view(session), None
        ticked: list[int] = []
        if number is not None:
            row = standing_bodies.body(session, number, view.id)
            members = [one.person_id for one in standing_bodies.members_of(session, [number])[number]]
            ticked = members if row.is_named else suggested(view, row, at.today)
        fields = _fields_of(at, session, view, row)
    first = DeskForm(naam=row.name, wie=NAMED if row.is_named else BY_PARTY) if row else DeskForm()
    form = typed or first
    chosen = typed.numbers("leden") if typed is not None and typed.pairs() else ticked
    return at.page("desk/body", status, typed=form, changed=changed, row=row, chosen=chosen, **fields)


def _fields_of(at: DeskRequest, session: Session, view: CovenantView, row: Body | None) -> dict[str, object]:
    """What the form shows beside what is typed: everybody who may sit there, by party."""
    names = view.party_names
    by_party = groupby(who_may_sit(view, at.today), lambda one: one.party)
    seats = [(names[party], [(one.person, one.name, one.email) for one in several]) for party, several in by_party]
    if row is None:
        return {"seats": seats, "version": "", "coming": "", "meets": [], "may_go": False}
    steps = standing_bodies.steps_of_bodies(session, view.id).get(id_of(row), [])
    return {
        "seats": seats,
        "version": version_of(at.now, *rows_of_body(session, row)),
        "coming": _coming(view, row),
        "meets": [
            (step, in_a_sentence(view.settings.steps[step].title)) for step in steps if step in view.settings.steps
        ],
        "may_go": not standing_bodies.meets(session, row),
    }


def _line(
    view: CovenantView,
    row: Body,
    steps: Mapping[int, list[str]],
    members: Mapping[int, list[BodyMember]],
) -> BodyLine:
    number = id_of(row)
    known = view.settings.steps
    titles = [known[step].title for step in steps.get(number, []) if step in known]
    named = dict.fromkeys(one.person_id for one in members[number])
    names = {one.person: one.name for one in view.members}
    if row.is_named:
        who = joined([names[person] for person in named if person in names]) or "nog niemand"
        return BodyLine(number, row.name, joined(titles), who, "wie er zit")
    board = row.slug.startswith(BOARD)
    hears = "van elke partij wie de post krijgt" + (", en de bestuurders" if board else "")
    hears = hears if row.parties else "het secretariaat"
    return BodyLine(number, row.name, joined(titles), _coming(view, row), hears)


def _coming(view: CovenantView, row: Body) -> str:
    """The parties that come, in words."""
    return joined([view.party_names[slug] for slug in row.parties if slug in view.party_names]) or "nog niemand"
