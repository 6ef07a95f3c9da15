"""Nieuw convenant: from the documents to a draft, and from what a person makes of it to a table. For founders."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Depends
from starlette.responses import Response

from cycle.actions.register.starting.beginning import Founder, begin, steps_on_offer
from cycle.actions.register.starting.foundings import (
    drop_founding,
    founding_of,
    keep_typed,
    start_founding,
    waiting_foundings,
)
from cycle.errors import CycleError, Forbidden, Refused, SettingsError
from cycle.intake.founding.table import municipalities
from cycle.web.bodies import takes_files
from cycle.web.desk.forms import DeskForm
from cycle.web.desk.founding_form import (
    draft_typed,
    first_typed,
    form_of,
    party_rows,
    questions_by_field,
    step_groups,
)
from cycle.web.desk.visiting import AtHome, Visit, desk_router
from cycle.words import PARTY_KINDS

router = desk_router("")
ENTRY = None
ROOM = "/nieuw"
NAMELESS = "Secretariaat prestatieafspraken"


def founder(at: AtHome) -> Visit:
    """Who may start a table. Raises Forbidden for the others."""
    if not at.visitor.may_found:
        hint = "De beheerder noemt wie dat mag (signin.founders), of begint de tafel zelf met cycle new."
        raise Forbidden("U kunt hier geen convenant beginnen.", hint)
    return at


ForFounders = Annotated[Visit, Depends(founder)]


@router.api_route("/nieuw", methods=["GET", "HEAD"])
def choose(at: ForFounders) -> Response:
    """A form to choose documents with, or none; and what was left half-way."""
    return _choice(at)


@router.post("/nieuw")
@takes_files
def upload(at: ForFounders) -> Response:
    """Keeps documents that can be read, with the draft that they make."""
    typed = at.typed()
    files = [] if typed["zonder"] else typed.files("bestanden")
    if not files and not typed["zonder"]:
        typed.wrong("bestanden", "Kies een of meer bestanden, of begin zonder document.")
        return _choice(at, typed)
    try:
        content = [(one.filename or "bestand", one.file.read()) for one in files]
        token = start_founding(at.office.settings, at.by, content, at.now)
    except CycleError as error:
        typed.wrong("bestanden", f"{error.what} {error.hint}")
        return _choice(at, typed)
    words = "Dit is het ontwerp. Er is nog geen tafel begonnen: kijk het na en vul aan."
    return at.done(words, f"{ROOM}/{token}")


@router.api_route("/nieuw/{token}", methods=["GET", "HEAD"])
def look(at: ForFounders, token: str) -> Response:
    """The draft as a form."""
    return _page(at, token)


@router.post("/nieuw/{token}/later")
def leave(at: ForFounders, token: str) -> Response:
    """Keeps what was typed, right or wrong, to go on with later."""
    keep_typed(at.office.settings, at.by, token, _fields(at.typed()), at.now)
    return at.done("Uw ontwerp is bewaard. Het blijft twee weken staan.", f"{ROOM}/{token}")


@router.post("/nieuw/{token}/begin")
def start(at: ForFounders, token: str) -> Response:
    """Starts the table, held, with its founder as secretariat."""
    typed, settings = at.typed(), at.office.settings
    founding, files = founding_of(settings, at.by, token)
    draft = draft_typed(typed, founding.draft, steps_on_offer(settings), at.today)
    name = typed.text("wie", needed="Wie is het secretariaat? Een naam van een persoon of een team.", most=200)
    if not typed.is_right:
        return _page(at, token, typed)
    try:
        begin(at.office, files, draft, Founder(name, at.by), at.now, at.by)
    except Refused as refused:
        typed.wrong("korte-naam", f"{refused.what} Kies een andere korte naam.")
        return _page(at, token, typed)
    except SettingsError as faulty:
        typed.wrong("naam", " ".join(f"{fault.what} {fault.hint}" for fault in faulty.faults))
        return _page(at, token, typed)
    drop_founding(settings, at.by, token)
    words = "De tafel is begonnen en u bent het secretariaat. Alleen u ziet haar, en er gaat geen mail uit."
    return at.done(words, f"/c/{draft.slug}/jaar")


@router.post("/nieuw/{token}/weg")
def discard(at: ForFounders, token: str) -> Response:
    """Throws the documents and the draft away."""
    founding_of(at.office.settings, at.by, token)  # what is not there is 404
    drop_founding(at.office.settings, at.by, token)
    return at.done("Het ontwerp en de bestanden zijn weg.", ROOM)


def _choice(at: Visit, typed: DeskForm | None = None) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if typed is not None else HTTPStatus.OK
    waiting = waiting_foundings(at.office.settings, at.by)
    return at.page("desk/founding", status, typed=typed or DeskForm(), waiting=waiting)


def _page(at: Visit, token: str, typed: DeskForm | None = None) -> Response:
    founding, _files = founding_of(at.office.settings, at.by, token)
    names = {party.slug: party.name for party in founding.draft.parties}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if typed is not None else HTTPStatus.OK
    if typed is None:
        name = at.visitor.name if at.visitor.name != at.visitor.email else NAMELESS
        typed = form_of(founding.typed) if founding.typed else first_typed(founding.draft, name)
    return at.page(
        "desk/founded",
        status,
        typed=typed,
        path=f"{ROOM}/{token}",
        draft=founding.draft,
        counts=founding.counts,
        rows=party_rows(typed),
        kinds=[(str(kind), words) for kind, words in PARTY_KINDS.items()],
        sides=[(one.slug, [names.get(slug, slug) for slug in one.members]) for one in founding.draft.groups],
        groups=step_groups(founding.draft, steps_on_offer(at.office.settings)),
        questions=questions_by_field(founding.draft),
        municipalities=[(name, name) for name in municipalities(founding.draft)],
    )


def _fields(typed: DeskForm) -> list[tuple[str, str]]:
    """What somebody typed, without what the page put there."""
    own = ("naam", "korte-naam", "gemeente", "wie", "getekend", "van", "tot", "loopt-door", "stap")
    rows = ("partij-", "moment-", "trekkers-")
    return [(name, value) for name, value in typed.pairs() if name in own or name.startswith(rows)]
