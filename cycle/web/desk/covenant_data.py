"""Gegevens: what this covenant is called, who its mails come from, and its own habits."""

from http import HTTPStatus

from starlette.responses import Response

from cycle.actions.deadlines.deciding.particulars import Particulars, change_particulars, particulars_of
from cycle.actions.office.versions import version_of
from cycle.domain.days import TERM
from cycle.errors import Changed, Refused, SettingsError
from cycle.store import covenants
from cycle.web.desk.forms import DeskForm
from cycle.web.desk.visiting import DeskRequest, ForSecretariat, desk_router

router = desk_router()
ENTRY = None

REGIONS = (("noord", "Noord"), ("midden", "Midden"), ("zuid", "Zuid"))
APPROVALS = (("ja", "Ja: mails wachten op akkoord"), ("nee", "Nee: mails gaan vanzelf"))
FIELDS = {
    "naam": "name",
    "gemeente": "municipality",
    "afzender": "sender",
    "antwoord": "reply_to",
    "telefoon": "phone",
    "ondertekening": "signature",
    "regio": "school_region",
    "uur": "send_hour",
    "akkoord": "approval",
}
"""Each field of the form, with what it is of a covenant."""


@router.api_route("/gegevens", methods=["GET", "HEAD"])
def ask(at: ForSecretariat) -> Response:
    """How they are."""
    return _form(at)


@router.post("/gegevens")
def save(at: ForSecretariat) -> Response:
    """Keeps them."""
    typed = at.typed()
    typed.text("naam", needed="Geef de afspraken een naam.", most=120)
    typed.choice("regio", [key for key, _words in REGIONS], needed="")
    typed.choice("akkoord", [key for key, _words in APPROVALS], needed="")
    hour, signed = typed.hour("uur"), typed.day("ondertekend", within=TERM.around(at.today))
    words = {name: typed.text(field, most=300) for field, name in FIELDS.items()}
    if not typed.is_right:
        return _form(at, typed, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    wish = Particulars(**words | {"send_hour": f"{hour:%H:%M}" if hour else ""}, signed_on=signed)
    try:
        settled = change_particulars(at.office, at.covenant_id, wish, at.now, by=at.by, version=typed["version"])
    except Changed as changed:
        return _form(at, typed, changed, HTTPStatus.CONFLICT)
    except Refused as error:
        typed.wrong("afzender", f"{error.what} {error.hint}")
        return _form(at, typed, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except SettingsError as error:
        typed.wrong("uur", f"{error.faults[0].what} {error.faults[0].hint}")
        return _form(at, typed, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return at.done(f"{settled.title} {settled.words}.", at.path("gegevens"))


def _form(
    at: DeskRequest, typed: DeskForm | None = None, changed: Changed | None = None, status: int = HTTPStatus.OK
) -> Response:
    with at.office.database.reading() as session:
        row = covenants.covenants(session, [at.covenant_id])[0]
    known = particulars_of(row)
    first = {field: getattr(known, name) for field, name in FIELDS.items()}
    signed = f"{known.signed_on:%d-%m-%Y}" if known.signed_on else ""
    usual = at.office.settings.mail
    return at.page(
        "desk/particulars",
        status,
        typed=typed or DeskForm(**first, ondertekend=signed),
        changed=changed,
        version=version_of(at.now, row),
        regions=REGIONS,
        approvals=APPROVALS,
        sender=usual.sender,
        hour=f"{usual.send_hour:%H:%M}",
    )
