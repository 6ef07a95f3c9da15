"""Huisstijl: how the letters of each party look, and how a letter to it is addressed."""

from http import HTTPStatus

from starlette.responses import Response

from cycle.actions.letters.style.house_style import (
    CALLED,
    HouseStyle,
    faults_of,
    house_style,
    lines_of,
    save_house_style,
)
from cycle.domain.letters import JOINT, MOST_LINE, TOGETHER, body_of, salutation_of
from cycle.domain.model import PartyKind
from cycle.errors import Changed, NotFound, Unreadable
from cycle.letter.facts import ACCENT
from cycle.web.bodies import takes_files
from cycle.web.desk.forms import DeskForm
from cycle.web.desk.visiting import NOT_HERE, DeskRequest, ForReaders, ForSecretariat, desk_router
from cycle.web.downloads import download

router = desk_router()
ENTRY = None

FIELDS = {
    "bezoekadres": "visiting",
    "postadres": "postal",
    "telefoon": "phone",
    "website": "web",
    "kleur": "accent",
    "plaats": "place",
    "kenmerk": "reference",
    "contact": "contact_name",
    "contactfunctie": "contact_function",
    "contacttelefoon": "contact_phone",
    "contactmail": "contact_email",
    "antwoordadres": "reply_to",
    "afzendernaam": "display_name",
    "gericht-aan": "body",
    "tav": "attention",
    "tav-functie": "function",
    "aanhef": "salutation",
    "ondertekenaar": "signatory",
    "ondertekent-als": "signs_as",
}
"""Each field of the form, with what it is of a house style."""
ADDRESSES = ("visiting", "postal")
FIELD_OF = {name: field for field, name in FIELDS.items()}


@router.api_route("/huisstijl", methods=["GET", "HEAD"])
def overview(at: ForReaders) -> Response:
    """Whose letters look like something of their own."""
    with at.office.database.reading() as session:
        view = at.view(session)
    parties = [(TOGETHER, "Gezamenlijke brief"), *((party.slug, party.name) for party in view.parties)]
    styles = {slug: house_style(at.office, at.covenant_id, _party(slug), at.now)[0] for slug, _name in parties}
    rows = [(slug, name, _filled(styles[slug]), bool(styles[slug].logo)) for slug, name in parties]
    return at.page("desk/house-styles", rows=rows, may_write=at.may_write)


@router.api_route("/huisstijl/{slug_of}", methods=["GET", "HEAD"])
def ask(at: ForSecretariat, slug_of: str) -> Response:
    """The form of one."""
    return _form(at, slug_of)


@router.post("/huisstijl/{slug_of}")
@takes_files
def save(at: ForSecretariat, slug_of: str) -> Response:
    """Keeps it, with a logo if one came along."""
    typed, party = at.typed(), _known(at, slug_of)
    wish = _wish(typed)
    for fault in faults_of(wish):
        typed.wrong(FIELD_OF[fault.place], f"{fault.what} {fault.hint}")
    if not typed.is_right:
        return _form(at, slug_of, typed, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    file = typed.file("logo")
    try:
        is_new = save_house_style(
            at.office,
            at.seat.slug,
            party,
            wish,
            at.now,
            by=at.by,
            version=typed["version"],
            logo=(file.filename or "logo", file.file.read()) if file is not None else None,
            without_logo=typed["logo-weg"] == "ja",
        )
    except Changed as changed:
        return _form(at, slug_of, typed, changed, HTTPStatus.CONFLICT)
    except Unreadable as error:
        typed.wrong("logo", f"{error.what} {error.hint}")
        return _form(at, slug_of, typed, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return at.done("De huisstijl is bewaard." if is_new else "Er was niets veranderd.", at.path(f"huisstijl/{slug_of}"))


@router.api_route("/huisstijl/{slug_of}/logo.png", methods=["GET", "HEAD"])
def logo(at: ForReaders, slug_of: str) -> Response:
    """The logo as it stands on paper."""
    style, _version = house_style(at.office, at.covenant_id, _known(at, slug_of), at.now)
    if not style.logo:
        raise NotFound(*NOT_HERE)
    return download(f"logo-{slug_of}.png", style.logo)


def _form(
    at: DeskRequest,
    slug: str,
    typed: DeskForm | None = None,
    changed: Changed | None = None,
    status: int = HTTPStatus.OK,
) -> Response:
    party = _known(at, slug)
    style, version = house_style(at.office, at.covenant_id, party, at.now)
    with at.office.database.reading() as session:
        view = at.view(session)
    kind = next((one.kind for one in view.parties if one.slug == party), PartyKind.CORPORATION)
    return at.page(
        "desk/house-style",
        status,
        slug_of=slug,
        name=view.party_names.get(party, "Gezamenlijke brief"),
        is_joint=party == JOINT,
        typed=typed or DeskForm(**_first_values(style)),
        changed=changed,
        version=version,
        has_logo=bool(style.logo),
        usual_colour=ACCENT,
        usual_body=body_of(kind),
        usual_salutation=salutation_of(kind, body_of(kind), ""),
    )


def _wish(typed: DeskForm) -> HouseStyle:
    """What the form asks for."""
    values: dict[str, str | tuple[str, ...]] = {}
    for field, name in FIELDS.items():
        is_address = name in ADDRESSES
        words = typed.text(field, most=400 if is_address else MOST_LINE, lines=is_address)
        values[name] = lines_of(words) if is_address else words
    return HouseStyle(**values)  # type: ignore[arg-type]


def _first_values(style: HouseStyle) -> dict[str, str]:
    values = {field: getattr(style, name) for field, name in FIELDS.items()}
    return {field: "\n".join(value) if isinstance(value, tuple) else value for field, value in values.items()}


def _filled(style: HouseStyle) -> int:
    """How many parts somebody filled in."""
    return sum(bool(getattr(style, name)) for name in CALLED)


def _known(at: DeskRequest, slug: str) -> str:
    """The party that an address names. Raises NotFound."""
    with at.office.database.reading() as session:
        view = at.view(session)
    if slug != TOGETHER and slug not in view.party_names:
        raise NotFound(*NOT_HERE)
    return _party(slug)


def _party(slug: str) -> str:
    return JOINT if slug == TOGETHER else slug
