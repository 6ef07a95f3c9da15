"""Partijen en groepen: what they are called, and which parties a group stands for."""

from starlette.responses import Response

from cycle.actions.office.versions import version_of
from cycle.actions.people.parties import change_group, change_party
from cycle.errors import Changed, CycleError, NotFound
from cycle.store import covenants, seats
from cycle.store.tables import GroupRow
from cycle.web.desk import lines
from cycle.web.desk.forms import DeskForm
from cycle.web.desk.visiting import NOT_HERE, DeskRequest, ForReaders, ForSecretariat, desk_router
from cycle.words import PARTY_KINDS

router = desk_router()
ENTRY = None


@router.api_route("/mensen/partijen", methods=["GET", "HEAD"])
def listed(at: ForReaders) -> Response:
    """The parties and the groups of this covenant."""
    with at.office.database.reading() as session:
        rows = covenants.party_rows(session, at.covenant_id)
        groups = covenants.group_rows(session, at.covenant_id)
    names = {row.slug: row.name for row in rows}
    return at.page("desk/parties", rows=rows, groups=groups, names=names, kinds=PARTY_KINDS, may_write=at.may_write)


@router.api_route("/mensen/partijen/{party}", methods=["GET", "HEAD"])
def ask_party(at: ForSecretariat, party: str) -> Response:
    """What a party is called."""
    return _ask_party(at, lines.number_of(party), None)


@router.post("/mensen/partijen/{party}")
def save_party(at: ForSecretariat, party: str) -> Response:
    """Another name, or other names."""
    number, typed = lines.number_of(party), at.typed()
    with at.office.database.reading() as session:
        seats.party(session, number, at.covenant_id)
    name = typed.text("naam", needed="Vul een naam in.", most=120)
    if not typed.is_right:
        return _ask_party(at, number, typed, status=422)
    try:
        settled = change_party(
            at.office, at.covenant_id, number, name, _names(typed), at.now, by=at.by, version=typed["version"]
        )
    except Changed as changed:
        return _ask_party(at, number, typed, changed, status=409)
    except CycleError as error:
        typed.wrong("andere", f"{error.what} {error.hint}")
        return _ask_party(at, number, typed, status=422)
    return at.done(f"{settled.title} {settled.words}.", at.path("mensen/partijen"))


@router.api_route("/mensen/groepen/{group}", methods=["GET", "HEAD"])
def ask_group(at: ForSecretariat, group: str) -> Response:
    """Which parties a group stands for."""
    return _ask_group(at, group, None)


@router.post("/mensen/groepen/{group}")
def save_group(at: ForSecretariat, group: str) -> Response:
    """Other parties, or other names."""
    typed = at.typed()
    _group(at, group)
    members = typed.all("leden")
    if not members:
        typed.wrong("leden", "Vink een of meer partijen aan.")
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


def _names(typed: DeskForm) -> list[str]:
    return typed["andere"].replace(";", ",").split(",")


def _ask_party(
    at: DeskRequest, number: int, typed: DeskForm | None, changed: Changed | None = None, status: int = 200
) -> Response:
    with at.office.database.reading() as session:
        row = seats.party(session, number, at.covenant_id)
    first = DeskForm(naam=row.name, andere=", ".join(row.aliases))
    return at.page(
        "desk/party",
        status,
        typed=typed or first,
        changed=changed,
        row=row,
        version=version_of(at.now, row),
        kind=PARTY_KINDS.get(row.kind, row.kind),
    )


def _ask_group(
    at: DeskRequest, slug: str, typed: DeskForm | None, changed: Changed | None = None, status: int = 200
) -> Response:
    row = _group(at, slug)
    with at.office.database.reading() as session:
        parties = [(one.slug, one.name) for one in covenants.party_rows(session, at.covenant_id)]
    return at.page(
        "desk/group",
        status,
        typed=typed or DeskForm(andere=", ".join(row.aliases)),
        changed=changed,
        row=row,
        parties=parties,
        chosen=typed.all("leden") if typed else row.members,
        version=version_of(at.now, row),
    )


def _group(at: DeskRequest, slug: str) -> GroupRow:
    with at.office.database.reading() as session:
        rows = {row.slug: row for row in covenants.group_rows(session, at.covenant_id)}
    if slug not in rows:
        raise NotFound(*NOT_HERE)
    return rows[slug]
