"""Wat naar de partijen mag: which sentences of answers may stand in letter and report; and the files with answers."""

from starlette.responses import Response

from cycle.actions.answers.rounds.releasing import releasable, release
from cycle.domain.words import day_words
from cycle.errors import NotFound
from cycle.store import answers
from cycle.web.desk.visiting import NOT_HERE, ForReaders, ForSecretariat, desk_router, number_in_path
from cycle.web.downloads import download

router = desk_router()
ENTRY = None
ROOM = "voortgang/zinnen"


@router.api_route("/voortgang/zinnen", methods=["GET", "HEAD"])
def listed(at: ForSecretariat) -> Response:
    """The newest words of each party, each with its tick."""
    with at.office.database.reading() as session:
        view = at.view(session)
        lines = releasable(session, view, at.now)
        days = {one.answer.id: day_words(view.local_day(one.answer.at)) for one in lines}
    return at.page("desk/letting-go", lines=lines, days=days)


@router.post("/voortgang/zinnen")
def choose(at: ForSecretariat) -> Response:
    """Lets go what is ticked of what was shown, and takes back the rest."""
    typed = at.typed()
    with at.office.database.reading() as session:
        view = at.view(session)
    let_go, back = release(at.office, view, typed.numbers("getoond"), typed.numbers("mag"), at.now, by=at.by)
    if not let_go and not back:
        return at.done("Er is niets veranderd.", at.path(ROOM))
    parts = [f"{_lines(let_go)} mag nu naar de partijen"] if let_go == 1 else []
    parts += [f"{_lines(let_go)} mogen nu naar de partijen"] if let_go > 1 else []
    parts += [f"{_lines(back)} niet meer"] if back else []
    return at.done(f"Bewaard: {' en '.join(parts)}.", at.path(ROOM))


@router.api_route("/antwoorden/{number}/bestand", methods=["GET", "HEAD"])
def file(at: ForReaders, number: str) -> Response:
    """The file that came with an answer: for the secretariat, and for others once it was let go."""
    wanted = number_in_path(number)
    with at.office.database.reading() as session:
        row = answers.answer_row(session, at.covenant_id, wanted)
        may_see = row is not None and (at.may_write or row.released_at is not None)
        sent = answers.file_of(session, wanted) if may_see else None
    if sent is None:
        raise NotFound(*NOT_HERE)
    return download(sent.name, sent.content)


def _lines(count: int) -> str:
    return "1 regel" if count == 1 else f"{count} regels"
