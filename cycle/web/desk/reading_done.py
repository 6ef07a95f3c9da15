"""What an earlier reading-in did, row by row; and each row back as it was before."""

from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response

from cycle.actions.register.matching.row_undoing import put_rows_back, reading_in_done
from cycle.domain.words import VIA, day_words, joined
from cycle.errors import Refused
from cycle.store import decisions
from cycle.store.read_ins import READ_IN
from cycle.web.desk.forms import DeskForm
from cycle.web.desk.lines import number_of
from cycle.web.desk.visiting import DeskRequest, ForSecretariat, desk_router

router = desk_router()
ENTRY = None  # one comes to it from Inlezen
SHOWN = 20


@dataclass(frozen=True, slots=True)
class EarlierReading:
    """One reading-in in the list of the last ones."""

    id: int
    when: str
    who: str
    what: str


@router.api_route("/inlezen/gedaan/{read_in}", methods=["GET", "HEAD"])
def look(at: ForSecretariat, read_in: str) -> Response:
    """What a reading-in did to each agreement, and whether that can be put back."""
    return _page(at, number_of(read_in))


@router.post("/inlezen/gedaan/{read_in}/terug")
def put_back(at: ForSecretariat, read_in: str) -> Response:
    """Puts back what was ticked."""
    typed, fact = at.typed(), number_of(read_in)
    chosen = typed.numbers("rij")
    if typed["alle"]:
        rows = reading_in_done(at.office, at.covenant_id, fact).rows
        chosen = [one.agreement_id for one in rows if not (one.is_back or one.why)]
    if not chosen:
        typed.wrong("rij", "Kruis minstens één rij aan.")
        return _page(at, fact, typed)
    try:
        numbers = put_rows_back(at.office, at.covenant_id, fact, chosen, at.now, by=at.by)
    except Refused as refused:
        typed.wrong("rij", f"{refused.what} {refused.hint}")
        return _page(at, fact, typed)
    words = f"Teruggezet: {joined(numbers)}. Er is niemand gemaild." if numbers else "Dat stond al terug."
    return at.done(words, at.path(f"inlezen/gedaan/{fact}"))


def earlier_readings(at: DeskRequest) -> list[EarlierReading]:
    """The last reading-ins, newest first."""
    with at.office.database.reading() as session:
        names = {member.email: member.name for member in at.view(session).members}
        rows = decisions.decisions(session, at.covenant_id, limit=SHOWN, verb=READ_IN)
    return [
        EarlierReading(row.id, _moment_words(at, row.at), names.get(row.by.partition(VIA)[0], row.by), row.detail)
        for row in rows
    ]


def _moment_words(at: DeskRequest, moment: datetime) -> str:
    local = moment.astimezone(at.office.settings.zone)
    return f"{day_words(at.office.local_day(moment))} om {local:%H.%M} uur"


def _page(at: DeskRequest, fact: int, typed: DeskForm | None = None) -> Response:
    shown = reading_in_done(at.office, at.covenant_id, fact)
    return at.page(
        "desk/reading-done",
        200 if typed is None else 422,
        shown=shown,
        when=_moment_words(at, shown.at),
        can_go_back=[one for one in shown.rows if not (one.is_back or one.why)],
        typed=typed or DeskForm(),
    )
