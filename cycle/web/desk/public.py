"""Openbare pagina: whether the page of the year is there for everybody, and what they see on it then."""

from starlette.responses import Response

from cycle.actions.office import publishing
from cycle.web.desk.visiting import ForSecretariat, desk_router

router = desk_router()
ENTRY = None

ON, OFF = "aan", "uit"


@router.api_route("/openbaar", methods=["GET", "HEAD"])
def page(at: ForSecretariat) -> Response:
    """How it stands, what becomes visible and what never does, and the switch."""
    with at.office.database.reading() as session:
        row = at.view(session).row
    return at.page("desk/public", is_public=row.is_public, is_held=row.released_at is None)


@router.post("/openbaar")
def switch(at: ForSecretariat) -> Response:
    """Switches it on or off; anything else than one of these two words switches nothing."""
    typed = at.typed()
    wanted = typed.choice("stand", (ON, OFF))
    if not typed.is_right:
        return at.done("Er is niets veranderd. Kies aan of uit.", at.path("openbaar"))
    publishing.set_public(at.office, at.seat.slug, wanted == ON, at.now, by=at.by)
    seen = "Iedereen kan hem nu zien." if at.seat.is_released else "Hij is te zien zodra u vrijgeeft."
    words = f"De openbare pagina staat aan. {seen}" if wanted == ON else "De openbare pagina staat uit."
    return at.done(words, at.path("openbaar"))
