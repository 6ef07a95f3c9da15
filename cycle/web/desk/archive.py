"""Archiveren: a covenant is put away, and taken up again by the same page."""

from starlette.responses import Response

from cycle.actions.deadlines.deciding.archiving import archive, take_up
from cycle.actions.office.versions import version_of
from cycle.store import covenants, deadlines
from cycle.web.desk.visiting import ForSecretariat, desk_router

router = desk_router()
ENTRY = None


@router.api_route("/archief", methods=["GET", "HEAD"])
def ask(at: ForSecretariat) -> Response:
    """What putting it away does, or taking it up again."""
    with at.office.database.reading() as session:
        row = covenants.covenants(session, [at.covenant_id])[0]
        many = len(deadlines.rows_of(session, at.covenant_id, deadlines.are_open()))
    return at.page("desk/archive", row=row, count=many, version=version_of(at.now, row))


@router.post("/archief")
def put_away_or_take_up(at: ForSecretariat) -> Response:
    """Does what the button said; when that was done meanwhile, it says so."""
    typed = at.typed()
    act = take_up if typed["wat"] == "oppakken" else archive
    settled = act(at.office, at.covenant_id, at.now, by=at.by, version=typed["version"])
    return at.done(f"{settled.title} {settled.words}.", at.path("archief"))
