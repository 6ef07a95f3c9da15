"""Partijen en groepen: which parties take part, what they are called, and which of them a group stands for."""

from http import HTTPStatus

from starlette.responses import Response

from cycle.actions.office.versions import version_of
from cycle.actions.people.departure.ending_parties import bring_back_party, end_party, what_ends
from cycle.actions.people.seats.parties import NAME_LENGTH, add_group, add_party, change_group, change_party, groups_of
from cycle.domain.days import SEAT
from cycle.domain.model import PartyKind
from cycle.domain.words import day_words
from cycle.errors import Changed, CycleError, NotFound, Refused
from cycle.store import covenants, seats
from cycle.store.tables import GroupRow
from cycle.web.desk import lines
from cycle.web.desk.forms import DeskForm
from cycle.web.desk.visiting import NOT_HERE, DeskRequest, ForReaders, ForSecretariat, desk_router
from cycle.words import PARTY_KINDS

router = desk_router()
ENTRY = None
KINDS = tuple(PARTY_KINDS.items())


@router.api_route("/mensen/partijen", methods=["GET", "HEAD"])
def listed(at: ForReaders) -> Response:
    """The parties and the groups of this covenant."""
    with at.office.database.reading() as session:
        rows = covenants.party_rows(session, at.covenant_id)
        groups = covenants.group_rows(session, at.covenant_id)
    return at.page(
        "desk/parties",
        rows=[row for row in rows if row.until is None],
        ended=[(row, day_words(row.until)) for row in rows if row.until is not None],
        groups=groups,
        names={row.slug: row.name for row in rows if row.until is None},
        kinds=PARTY_KINDS,
        may_write=at.may_write,
    )


@router.api_route("/mensen/partijen/nieuw", methods=["GET", "HEAD"])
def ask_new(at: ForSecretariat) -> Response:
    """An empty form for another party."""
    return _ask_new(at, DeskForm())


@router.post("/mensen/partijen/nieuw")
def add(at: ForSecretariat) -> Response:
    """Another party comes to the table."""
    typed = at.typed()
    name, kind = _name_and_kind(typed)
    if kind is None or not typed.is_right:
        return _ask_new(at, typed, HTTPStatus.UNPROCESSABLE_ENTITY)
    groups = typed.all("groepen")
    try:
        settled = add_party(at.office, at.covenant_id, name, kind, _names(typed), at.now, groups=groups, by=at.by)
    except CycleError as error:
        typed.wrong("naam", f"{error.what} {error.hint}")
        return _ask_new(at, typed, HTTPStatus.UNPROCESSABLE_ENTITY)
    words = f"{settled.title} {settled.words}. Geef er nu iemand een plaats voor, dan komen de mails aan."
    return at.done(words, at.path("mensen/toevoegen"))


@router.api_route("/mensen/partijen/{party}", methods=["GET", "HEAD"])
def ask_party(at: ForSecretariat, party: str) -> Response:
    """What a party is called, what it is, and where it belongs."""
    return _ask_party(at, lines.number_of(party), None)


@router.post("/mensen/partijen/{party}")
def save_party(at: ForSecretariat, party: str) -> Response:
    """Another name, kind or group, or other names."""
    number, typed = lines.number_of(party), at.typed()
    with at.office.database.reading() as session:
        row = seats.party(session, number, at.covenant_id)
    if not typed["soort"]:
        typed.values["soort"] = row.kind
    name, kind = _name_and_kind(typed)
    if not typed.is_right:
        return _ask_party(at, number, typed, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        settled = change_party(
            at.office,
            at.covenant_id,
            number,
            name,
            _names(typed),
            at.now,
            kind=kind,
            groups=typed.all("groepen") if typed["met-groepen"] else None,
            by=at.by,
            version=typed["version"],
        )
    except Changed as changed:
        return _ask_party(at, number, typed, changed, status=HTTPStatus.CONFLICT)
    except CycleError as error:
        typed.wrong("andere", f"{error.what} {error.hint}")
        return _ask_party(at, number, typed, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return at.done(f"{settled.title} {settled.words}.", at.path("mensen/partijen"))


@router.api_route("/mensen/partijen/{party}/einde", methods=["GET", "HEAD"])
def ask_end(at: ForSecretariat, party: str) -> Response:
    """What ends with a party, and who may take over."""
    return _ask_end(at, lines.number_of(party), DeskForm(laatste=f"{at.today:%d-%m-%Y}"))


@router.post("/mensen/partijen/{party}/einde")
def end(at: ForSecretariat, party: str) -> Response:
    """A party takes part no more."""
    number, typed = lines.number_of(party), at.typed()
    last_day = typed.day("laatste", needed="Vul de laatste dag in.", within=SEAT.around(at.today))
    if last_day is None:
        return _ask_end(at, number, typed, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    heir = typed["opvolger"]
    try:
        settled = end_party(
            at.office,
            at.covenant_id,
            number,
            last_day,
            at.now,
            successor=heir,
            by=at.by,
            version=typed["version"],
        )
    except Changed as changed:
        return _ask_end(at, number, typed, changed, HTTPStatus.CONFLICT)
    except Refused as error:
        typed.wrong("laatste", f"{error.what} {error.hint}")
        return _ask_end(at, number, typed, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return at.done(f"{settled.title} {settled.words}.", at.path("mensen/partijen"))


@router.post("/mensen/partijen/{party}/terug")
def bring_back(at: ForSecretariat, party: str) -> Response:
    """A party takes part again."""
    settled = bring_back_party(
        at.office, at.covenant_id, lines.number_of(party), at.now, by=at.by, version=at.typed()["version"]
    )
    return at.done(f"{settled.title} {settled.words}.", at.path("mensen/partijen"))


@router.api_route("/mensen/groepen/nieuw", methods=["GET", "HEAD"])
def ask_new_group(at: ForSecretariat) -> Response:
    """An empty form for another group."""
    return _ask_group(at, "", DeskForm())


@router.post("/mensen/groepen/nieuw")
def add_new_group(at: ForSecretariat) -> Response:
    """Another word for several parties."""
    typed = at.typed()
    name, members = typed.text("naam", needed="Geef de groep een naam.", most=NAME_LENGTH), _chosen(typed)
    if not typed.is_right:
        return _ask_group(at, "", typed, status=422)
    try:
        settled = add_group(at.office, at.covenant_id, name, members, _names(typed), at.now, by=at.by)
    except CycleError as error:
        typed.wrong("naam", f"{error.what} {error.hint}")
        return _ask_group(at, "", typed, status=422)
    words = f"{settled.title} {settled.words}. U kunt deze groep nu kiezen bij de stappen van het jaar."
    return at.done(words, at.path("mensen/partijen"))


@router.api_route("/mensen/groepen/{group}", methods=["GET", "HEAD"])
def ask_group(at: ForSecretariat, group: str) -> Response:
    """Which parties a group stands for."""
    return _ask_group(at, group, None)


@router.post("/mensen/groepen/{group}")
def save_group(at: ForSecretariat, group: str) -> Response:
    """Other parties, or other names."""
    typed = at.typed()
    _group(at, group)
    members = _chosen(typed)
    if not members:
        return _ask_group(at, group, typed, status=422)
    try:
        settled = change_group(
            at.office, at.covenant_id, group, members, _names(typed), at.now, by=at.by, version=typed["version"]
        )
    except Changed as changed:
        return _ask_group(at, group, typed, changed, status=409)
    except CycleError as error:
        typed.wrong("andere", f"{error.what} {error.hint}")
        return _ask_group(at, group, typed, status=422)
    return at.done(f"{settled.title} {settled.words}.", at.path("mensen/partijen"))


def _chosen(typed: DeskForm) -> list[str]:
    """The parties that were ticked."""
    members = typed.all("leden")
    if not members:
        typed.wrong("leden", "Vink een of meer partijen aan.")
    return members


def _names(typed: DeskForm) -> list[str]:
    return typed["andere"].replace(";", ",").split(",")


def _name_and_kind(typed: DeskForm) -> tuple[str, PartyKind | None]:
    name = typed.text("naam", needed="Vul een naam in.", most=NAME_LENGTH)
    kind = typed.choice("soort", list(PARTY_KINDS), needed="Kies wat voor partij het is.")
    return name, PartyKind(kind) if kind else None


def _ask_new(at: DeskRequest, typed: DeskForm, status: int = HTTPStatus.OK) -> Response:
    with at.office.database.reading() as session:
        groups = [row.slug for row in covenants.group_rows(session, at.covenant_id)]
    belongs = typed.all("groepen")
    return at.page("desk/party_new", status, typed=typed, kinds=KINDS, groups=groups, belongs=belongs)


def _ask_party(
    at: DeskRequest, number: int, typed: DeskForm | None, changed: Changed | None = None, status: int = HTTPStatus.OK
) -> Response:
    with at.office.database.reading() as session:
        row = seats.party(session, number, at.covenant_id)
        groups = [one.slug for one in covenants.group_rows(session, at.covenant_id)]
        belongs = groups_of(session, row)
    first = DeskForm(naam=row.name, andere=", ".join(row.aliases), soort=row.kind)
    return at.page(
        "desk/party",
        status,
        typed=typed or first,
        changed=changed,
        row=row,
        version=version_of(at.now, row),
        kinds=KINDS,
        groups=groups,
        belongs=typed.all("groepen") if typed else belongs,
        until=day_words(row.until) if row.until else "",
    )


def _ask_end(
    at: DeskRequest, number: int, typed: DeskForm, changed: Changed | None = None, status: int = HTTPStatus.OK
) -> Response:
    with at.office.database.reading() as session:
        row = seats.party(session, number, at.covenant_id)
        ends = what_ends(session, row, at.today)
        others = [one for one in at.view(session).party_choices if one[0] != row.slug]
    return at.page(
        "desk/party_end",
        status,
        typed=typed,
        changed=changed,
        row=row,
        ends=ends,
        others=others,
        version=version_of(at.now, row),
    )


def _ask_group(
    at: DeskRequest, slug: str, typed: DeskForm | None, changed: Changed | None = None, status: int = 200
) -> Response:
    row = _group(at, slug) if slug else None
    with at.office.database.reading() as session:
        parties = at.view(session).party_choices
    return at.page(
        "desk/group",
        status,
        typed=typed or DeskForm(andere=", ".join(row.aliases if row else ())),
        changed=changed,
        slug=slug,
        parties=parties,
        chosen=typed.all("leden") if typed else row.members if row else (),
        version=version_of(at.now, row) if row else "",
    )


def _group(at: DeskRequest, slug: str) -> GroupRow:
    with at.office.database.reading() as session:
        rows = {row.slug: row for row in covenants.group_rows(session, at.covenant_id)}
    if slug not in rows:
        raise NotFound(*NOT_HERE)
    return rows[slug]
