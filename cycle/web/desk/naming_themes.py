"""Namen van thema's: what the themes of the agreements are called, in the letter, the lists and the calendars."""

from http import HTTPStatus

from starlette.responses import Response

from cycle.actions.office.versions import version_of
from cycle.actions.register.matching.theme_naming import name_themes, theme_lines
from cycle.domain.theme_words import MOST_THEME_NAME
from cycle.errors import Changed
from cycle.store import theme_names
from cycle.web.desk.forms import DeskForm
from cycle.web.desk.visiting import DeskRequest, ForSecretariat, desk_router

router = desk_router()
ENTRY = None

HERE = "gegevens/themas"


@router.api_route("/gegevens/themas", methods=["GET", "HEAD"])
def ask_names(at: ForSecretariat) -> Response:
    """How they are called."""
    return _names(at)


@router.post("/gegevens/themas")
def save_names(at: ForSecretariat) -> Response:
    """Keeps the names."""
    typed = at.typed()
    shown = typed.all("thema")
    names = {theme: typed.text(f"naam-{place}", most=MOST_THEME_NAME) for place, theme in enumerate(shown, 1)}
    if not typed.is_right:
        return _names(at, typed, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        is_new = name_themes(at.office, at.covenant_id, names, at.now, at.by, typed["version"])
    except Changed as changed:
        return _names(at, typed, changed, HTTPStatus.CONFLICT)
    return at.done("De namen zijn bewaard." if is_new else "De namen stonden al zo.", at.path(HERE))


def _names(
    at: DeskRequest, typed: DeskForm | None = None, changed: Changed | None = None, status: int = HTTPStatus.OK
) -> Response:
    with at.office.database.reading() as session:
        lines = theme_lines(session, at.covenant_id)
        version = version_of(at.now, *theme_names.rows_of_covenant(session, at.covenant_id))
    return at.page(
        "desk/theme-names",
        status,
        typed=typed or DeskForm(**{f"naam-{place}": line.name for place, line in enumerate(lines, 1)}),
        changed=changed,
        version=version,
        lines=lines,
        most=MOST_THEME_NAME,
    )
