"""The page on which somebody reports something by the link in their mail: without logging in and without a script.

Looking changes nothing; the form does, with a token of its own. Below it stands what they reported before, and what
became of it.
"""

from http import HTTPStatus

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from cycle.actions.answers.answering.reply import MOST_NAME
from cycle.actions.answers.answering.signal_page import SignalPage, SignalTable, check_signal_form, signal_page
from cycle.actions.deadlines.deciding.signals import MOST_TEXT, Report, report
from cycle.actions.office.answer_links import ROOM
from cycle.actions.office.sentforms import CarriedOut
from cycle.domain.model import SignalKind
from cycle.web.desk.forms import DeskForm
from cycle.web.desk.signals import KINDS
from cycle.web.desk.visiting import signed_in
from cycle.web.door import AtDoor, Door
from cycle.web.guard import refuse_foreign
from cycle.web.once import OnceRoute, asks_again, keep_form, note_outcome, shown_again
from cycle.web.own_page import SECRET
from cycle.words import SIGNAL_KINDS

router = APIRouter(prefix=f"{ROOM}/{{signed}}/signaal", dependencies=[Depends(keep_form)], route_class=OnceRoute)

KEPT = "Gemeld. Hieronder ziet u op welke agenda het komt."


@router.api_route("", methods=["GET", "HEAD"])
def page(door: AtDoor, signed: str) -> Response:
    """The form, and what this person reported before."""
    return _screen(door, signed, signal_page(door.office, signed, door.now()))


def _kept_before(sent: CarriedOut, *, door: Door, signed: str, **_form: object) -> Response:
    """The page, which shows that it was kept."""
    return _screen(door, signed, signal_page(door.office, signed, door.now()), done=sent.words)


@router.post("")
@asks_again
@shown_again(_kept_before)
def send(door: AtDoor, request: Request, signed: str) -> Response:
    """Reports something; or shows the page again with what is wrong, and all that was typed."""
    office, now = door.office, door.now()
    asked = signal_page(office, signed, now)
    refuse_foreign(request, office.settings)
    visitor = signed_in(request, door)
    asked = asked.signed_in() if visitor is not None and asked.person in visitor.person_ids else asked
    typed = DeskForm(request.state.form)
    check_signal_form(office, asked, signed, typed["form"], now)
    table = asked.table(typed["tafel"])
    if table is None:
        typed.wrong("tafel", "Kies bij welke afspraken het hoort.")
    kind = typed.choice("soort", SIGNAL_KINDS, needed="Kies wat u wilt melden.")
    text = typed.text("melding", needed="Schrijf in een of twee zinnen wat er aan de hand is.", most=MOST_TEXT)
    name = typed.text("naam", most=MOST_NAME, needed="Vul uw naam in." if asked.is_shared else "")
    about = _agreement(typed, asked, table) if table is not None else None
    if not typed.is_right or table is None:
        return _screen(door, signed, asked, typed)
    report(office, table.id, Report(asked.person, SignalKind(kind), text, about, name), now, by=asked.by)
    note_outcome(request, KEPT)
    return _screen(door, signed, signal_page(office, signed, now), done=KEPT)


def _agreement(typed: DeskForm, asked: SignalPage, table: SignalTable) -> int | None:
    """What it is about: chosen from the list of the one table, or by its number at one of several."""
    if len(asked.tables) == 1:
        chosen = typed.choice("afspraak", {str(key) for key, _words in table.agreements}, needed="")
        return int(chosen) if chosen else None
    number = typed.text("afspraak")
    if number and number not in table.numbers:
        typed.wrong("afspraak", f"Afspraak {number} is er niet. Laat dit leeg als u het nummer niet weet.")
    return table.numbers.get(number)


def _screen(door: Door, signed: str, asked: SignalPage, typed: DeskForm | None = None, *, done: str = "") -> Response:
    result = door.templates.page(
        "signal",
        HTTPStatus.UNPROCESSABLE_ENTITY if typed is not None else HTTPStatus.OK,
        path=f"{ROOM}/{signed}",
        page=asked,
        typed=typed or DeskForm(soort=SignalKind.SIGNAL),
        done=done,
        kinds=KINDS,
        most_name=MOST_NAME,
    )
    result.headers.update(SECRET)
    return result
