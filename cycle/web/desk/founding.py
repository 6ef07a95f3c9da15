"""Nieuw convenant: from the documents to a draft, and from what a person makes of it to a table. For founders."""

from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Annotated

from fastapi import Depends
from starlette.responses import Response

from cycle.actions.register.starting.beginning import Founder, begin, steps_on_offer
from cycle.actions.register.starting.folder_beginning import begin_with_folder, look_into_folder
from cycle.actions.register.starting.folder_uploads import is_folder
from cycle.actions.register.starting.foundings import (
    drop_founding,
    founding_of,
    keep_typed,
    start_founding,
    waiting_foundings,
)
from cycle.domain.term import TermDays
from cycle.domain.words import joined
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
from cycle.words import PARTY_KINDS, ROLES

router = desk_router("")
ENTRY = None
ROOM = "/nieuw"
NAMELESS = "Secretariaat prestatieafspraken"
WHO = "Wie is het secretariaat? Een naam van een persoon of een team."
BEGUN = "De tafel is begonnen en u bent het secretariaat. Alleen u ziet haar, en er gaat geen mail uit."
BEGUN_AGAIN = "De tafel is begonnen en u zit in het secretariaat. Er gaat geen mail uit tot u haar vrijgeeft."


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
        token = start_founding(at.office, at.by, content, at.now)
    except SettingsError as faulty:
        typed.wrong("bestanden", "In de map klopt iets niet. " + " ".join(map(str, faulty.faults)))
        return _choice(at, typed)
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
    if is_folder(files):
        return _begin_with_folder(at, token, files, typed)
    draft = draft_typed(typed, founding.draft, steps_on_offer(settings), at.today)
    name = typed.text("wie", needed=WHO, most=200)
    if not typed.is_right:
        return _page(at, token, typed)
    try:
        ticked = typed.all("actie")
        report = begin(at.office, files, draft, Founder(name, at.by), at.now, at.by, ticked)
    except Refused as refused:
        typed.wrong("korte-naam", f"{refused.what} Kies een andere korte naam.")
        return _page(at, token, typed)
    except SettingsError as faulty:
        typed.wrong("naam", " ".join(f"{fault.what} {fault.hint}" for fault in faulty.faults))
        return _page(at, token, typed)
    drop_founding(settings, at.by, token)
    possible = {row.text for document in report.documents for row in document.unnumbered}
    gone = [f"“{text}”" for text in ticked if text not in possible]
    words = f"{BEGUN} Niet overgenomen, want nu anders gelezen: {joined(gone)}." if gone else BEGUN
    return at.done(words, f"/c/{draft.slug}/jaar")


def _begin_with_folder(at: Visit, token: str, files: Sequence[Path], typed: DeskForm) -> Response:
    name = typed.text("wie", needed=WHO, most=200)
    if not typed.is_right:
        return _folder_page(at, token, files, typed)
    try:
        covenant = begin_with_folder(at.office, files, Founder(name, at.by), at.now, at.by)
    except CycleError as error:
        typed.wrong("wie", f"{error.what} {error.hint}")
        return _folder_page(at, token, files, typed)
    drop_founding(at.office.settings, at.by, token)
    return at.done(BEGUN_AGAIN, f"/c/{covenant.slug}/jaar")


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
    founding, files = founding_of(at.office.settings, at.by, token)
    if is_folder(files):
        return _folder_page(at, token, files)
    names = {party.slug: party.name for party in founding.draft.parties}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if typed is not None else HTTPStatus.OK
    if typed is None:
        typed = form_of(founding.typed) if founding.typed else first_typed(founding.draft, _own_name(at))
    return at.page(
        "desk/founded",
        status,
        typed=typed,
        path=f"{ROOM}/{token}",
        draft=founding.draft,
        counts=founding.counts,
        possible=[row for file in founding.counts for row in file.possible],
        rows=party_rows(typed),
        kinds=[(str(kind), words) for kind, words in PARTY_KINDS.items()],
        sides=[(one.slug, [names.get(slug, slug) for slug in one.members]) for one in founding.draft.groups],
        groups=step_groups(founding.draft, steps_on_offer(at.office.settings)),
        questions=questions_by_field(founding.draft),
        municipalities=[(name, name) for name in municipalities(founding.draft)],
    )


def _folder_page(at: Visit, token: str, files: Sequence[Path], typed: DeskForm | None = None) -> Response:
    """What is in a covenant folder, to begin its table with; of one that somebody began meanwhile only that."""
    try:
        look = look_into_folder(at.office, files, Founder(NAMELESS, at.by), at.now)
    except CycleError as error:
        typed = DeskForm()
        typed.wrong("bestanden", f"{error.what} {error.hint}")
        return _choice(at, typed)
    return at.page(
        "desk/founded-folder",
        HTTPStatus.UNPROCESSABLE_ENTITY if typed is not None else HTTPStatus.OK,
        typed=typed or form_of([("wie", _own_name(at))]),
        path=f"{ROOM}/{token}",
        covenant=look.covenant,
        term=TermDays(look.covenant.term_start, look.covenant.term_end, look.covenant.renews),
        parties={one.slug: one.name for one in look.covenant.parties},
        kinds=PARTY_KINDS,
        roles=ROLES,
        rows=len(look.report.differences.new),
        problems_read=[str(one) for one in look.report.problems],
    )


def _own_name(at: Visit) -> str:
    return at.visitor.name if at.visitor.name != at.visitor.email else NAMELESS


def _fields(typed: DeskForm) -> list[tuple[str, str]]:
    """What somebody typed, without what the page put there."""
    own = ("naam", "korte-naam", "gemeente", "wie", "getekend", "van", "tot", "loopt-door", "stap", "actie")
    rows = ("partij-", "moment-", "trekkers-")
    return [(name, value) for name, value in typed.pairs() if name in own or name.startswith(rows)]
