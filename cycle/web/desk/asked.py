"""Wie wordt waarover gevraagd: who is asked about what in the rounds, when last, and what is never asked and why."""

from http import HTTPStatus

from starlette.responses import Response

from cycle.actions.answers.rounds.asked_list import MOST_REASON, asked_list, mark_standing
from cycle.domain.words import day_words
from cycle.errors import NotFound, Refused
from cycle.web.desk.forms import DeskForm
from cycle.web.desk.visiting import DeskRequest, ForReaders, ForSecretariat, desk_router, number_in_path

router = desk_router()
ENTRY = None
ROOM = "voortgang/wie-wat"


@router.api_route("/voortgang/wie-wat", methods=["GET", "HEAD"])
def listed(at: ForReaders) -> Response:
    """Every agreement, with who is asked about it."""
    return _page(at)


@router.post("/voortgang/wie-wat/{agreement}")
def mark(at: ForSecretariat, agreement: str) -> Response:
    """Marks an agreement as standing, with the reason; or takes that back."""
    typed, wanted = at.typed(), number_in_path(agreement)
    with at.office.database.reading() as session:
        if wanted not in {one.id for one in asked_list(session, at.view(session))}:
            raise NotFound("Deze afspraak bestaat niet.", "Kies een afspraak uit de lijst.")
    is_back = typed["terug"] == "ja"
    reason = (
        "" if is_back else typed.text("reden", needed="Schrijf waarom hier niet naar gevraagd wordt.", most=MOST_REASON)
    )
    if not typed.is_right:
        return _page(at, typed)
    try:
        number = mark_standing(at.office, wanted, reason, at.now, by=at.by, covenant_id=at.covenant_id)
    except Refused as error:
        typed.wrong("reden", f"{error.what} {error.hint}")
        return _page(at, typed)
    words = "komt weer terug in elke ronde" if is_back else "wordt in de rondes niet meer gevraagd"
    return at.done(f"Afspraak {number} {words}.", at.path(ROOM))


def _page(at: DeskRequest, typed: DeskForm | None = None) -> Response:
    with at.office.database.reading() as session:
        lines = asked_list(session, at.view(session))
    return at.page(
        "desk/asked",
        HTTPStatus.OK if typed is None else HTTPStatus.UNPROCESSABLE_ENTITY,
        asked=[one for one in lines if not one.why_not],
        never=[one for one in lines if one.why_not],
        proposed=[one for one in lines if one.proposed],
        day_words=day_words,
        most=MOST_REASON,
        may_write=at.may_write,
        typed=typed or DeskForm(),
    )
