"""Het jaar, for who is signed in: the running year as a picture, what waits, what goes out, and the release."""

from starlette.responses import Response

from cycle.web.desk.menu import ALL, Entry
from cycle.web.desk.visiting import AtDesk, desk_router

router = desk_router()
ENTRY = Entry("Het jaar", "jaar", ALL)


@router.api_route("/jaar", methods=["GET", "HEAD"])
def year(at: AtDesk) -> Response:
    """The running year."""
    with at.office.database.reading() as session:
        here = at.view(session)
    return at.page("desk/year", name=here.row.name)
