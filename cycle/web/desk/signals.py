"""Signalen: what people at this table report between meetings, and what becomes of it.

Everybody with a seat may report, and sees what they reported themselves; who reads along sees all of it.
"""

from http import HTTPStatus

from starlette.responses import Response

from cycle.actions.deadlines.deciding import signals
from cycle.actions.deadlines.deciding.signals import MOST_TEXT, Report
from cycle.domain.model import Role, SignalKind
from cycle.errors import Changed, CycleError
from cycle.store import register
from cycle.store import signals as reports
from cycle.store.ids import id_of
from cycle.web.desk.forms import DeskForm
from cycle.web.desk.menu import ALL, MenuEntry
from cycle.web.desk.visiting import AtDesk, DeskRequest, ForSecretariat, desk_router, number_in_path
from cycle.web.once import asks_again
from cycle.words import SIGNAL_KINDS

router = desk_router()
ENTRY = MenuEntry("Signalen", "signalen", ALL)

MOST_REASON = 500
KINDS = (
    (SignalKind.SIGNAL, "Een signaal: iets wat u ziet of hoort"),
    (SignalKind.CIRCUMSTANCES, "De omstandigheden zijn veranderd, waardoor een afspraak niet meer past"),
    (SignalKind.RESEARCH, "Een voorstel om samen iets te onderzoeken"),
)
"""What can be reported, as a form asks it."""


@router.api_route("/signalen", methods=["GET", "HEAD"])
def listed(at: AtDesk) -> Response:
    """What was reported, and the form to report something."""
    return _page(at)


@router.post("/signalen")
@asks_again
def report(at: AtDesk) -> Response:
    """Reports something."""
    typed = at.typed()
    kind = typed.choice("soort", SIGNAL_KINDS, needed="Kies wat u wilt melden.")
    text = typed.text("melding", needed="Schrijf in een of twee zinnen wat er aan de hand is.", most=MOST_TEXT)
    agreement_id = typed.number("afspraak")
    if not typed.is_right:
        return _page(at, typed)
    said = Report(at.seat.person_ids[0], SignalKind(kind), text, agreement_id)
    try:
        signals.report(at.office, at.covenant_id, said, at.now, by=at.by)
    except CycleError as error:
        typed.wrong("afspraak", f"{error.what} {error.hint}")
        return _page(at, typed)
    return at.done("Gemeld. Hieronder ziet u op welke agenda het komt.", at.path("signalen"))


@router.post("/signalen/{signal}/afwijzen")
def decline(at: ForSecretariat, signal: str) -> Response:
    """Takes it off the agenda, with a reason."""
    typed, number = at.typed(), number_in_path(signal)
    with at.office.database.reading() as session:
        reports.signal(session, number, at.covenant_id)  # one that is not there is asked no reason
    field = f"reden-{number}"
    needed = "Schrijf waarom dit niet op de agenda komt; wie het meldde, leest dat."
    reason = typed.text(field, needed=needed, most=MOST_REASON)
    if not typed.is_right:
        return _page(at, typed)
    try:
        settled = signals.decline(at.office, at.covenant_id, number, reason, at.now, by=at.by, version=typed["version"])
    except Changed as changed:
        return _page(at, typed, changed, HTTPStatus.CONFLICT)
    return at.done(f"“{settled.title}” {settled.words}.", at.path("signalen"))


@router.post("/signalen/{signal}/terug")
def take_back(at: ForSecretariat, signal: str) -> Response:
    """Puts it on the agenda again."""
    typed, number = at.typed(), number_in_path(signal)
    settled = signals.take_back_decline(at.office, at.covenant_id, number, at.now, by=at.by, version=typed["version"])
    return at.done(f"“{settled.title}” {settled.words}.", at.path("signalen"))


def _page(
    at: DeskRequest,
    typed: DeskForm | None = None,
    changed: Changed | None = None,
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> Response:
    mine_only = at.seat.person_ids if at.role is Role.TREKKER else None
    with at.office.database.reading() as session:
        view = at.view(session)
        lines = signals.signal_lines(session, view, at.now, mine_only)
        agreements = [(id_of(row), f"{row.number} {row.topic}") for row in register.agreement_rows(session, view.id)]
    return at.page(
        "desk/signals",
        status if typed is not None else HTTPStatus.OK,
        typed=typed or DeskForm(soort=SignalKind.SIGNAL),
        changed=changed,
        open_lines=[one for one in lines if one.is_open],
        past_lines=[one for one in lines if not one.is_open],
        kinds=KINDS,
        agreements=agreements,
        most=MOST_TEXT,
        may_report=not at.seat.is_archived,
        may_write=at.may_write,
        is_own=mine_only is not None,
        reads_meetings=at.role is not Role.TREKKER,
    )
