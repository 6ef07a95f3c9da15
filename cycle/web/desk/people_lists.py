"""Mensen in een lijst: paste one, or choose a file; see what each line does, and keep it. Nobody is mailed."""

from collections.abc import Sequence
from hashlib import sha256
from http import HTTPStatus

from starlette.responses import Response

from cycle.actions.people.seats.listing_people import (
    ListedPerson,
    ListOutcome,
    Unsaid,
    add_people,
    look_through,
    outcome_words,
)
from cycle.actions.register.reading_in.uploads import drop_uploads, keep_uploads, uploads
from cycle.domain.model import Role
from cycle.errors import CycleError
from cycle.intake.people_list import PeopleList, as_text, people_in, people_of
from cycle.web.bodies import takes_files
from cycle.web.desk.forms import DeskForm
from cycle.web.desk.visiting import DeskRequest, ForSecretariat, desk_router
from cycle.web.once import note_outcome
from cycle.words import ROLES

router = desk_router()
ENTRY = None

KEEP = "bewaar"
MOST_SIGNS = 100_000
MOST_LINES = 500


@router.api_route("/mensen/lijst", methods=["GET", "HEAD"])
def ask_list(at: ForSecretariat) -> Response:
    """A place to paste a list, or to choose a file."""
    return _page(at, DeskForm())


@router.post("/mensen/lijst")
@takes_files
def take_list(at: ForSecretariat) -> Response:
    """Shows what each line does; the second time, when it is still that list, does it."""
    typed = at.typed()
    written = _written(at, typed)
    if written is None or not typed.is_right:
        return _page(at, typed, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    unsaid = Unsaid(typed["partij"], typed["rol"])
    if typed["wat"] != KEEP or typed["gezien"] != _mark_of(typed):
        return _page(at, typed, look_through(at.office, at.covenant_id, written.people, unsaid, at.now), written.notes)
    listed = add_people(at.office, at.covenant_id, written.people, unsaid, at.now, by=at.by)
    left = [line for line in listed if line.outcome is ListOutcome.REFUSED]
    added = sum(line.outcome is ListOutcome.NEW for line in listed)
    words = f"Toegevoegd: {added} {'regel' if added == 1 else 'regels'}. Er is niemand gemaild."
    if not left:
        return at.done(words, at.path("mensen"))
    words = f"{words} Wat niet kon, staat hieronder nog: verbeter het en bekijk het opnieuw."
    note_outcome(at.request, words, at.path("mensen"))
    typed.values["lijst"] = as_text(line.written for line in left)
    return _page(at, typed, left, done=words)


def _written(at: DeskRequest, typed: DeskForm) -> PeopleList | None:
    """Everybody in the file that came along, which then stands in the field as a list, or in what was pasted."""
    file = typed.file("bestand")
    if file is not None:
        written = _read(at, typed, file.filename or "bestand", file.file.read())
        if written is None:
            return None
        typed.values |= {"lijst": as_text(written.people), "wat": ""}
    else:
        written = PeopleList(people_in(typed.text("lijst", most=MOST_SIGNS, lines=True)))
    if not written.people:
        typed.wrong("lijst", "Plak een lijst met mensen, of kies een bestand.")
    if len(written.people) > MOST_LINES:
        typed.wrong("lijst", f"Dit zijn {len(written.people)} regels. Neem er hoogstens {MOST_LINES} tegelijk.")
    return written


def _read(at: DeskRequest, typed: DeskForm, name: str, content: bytes) -> PeopleList | None:
    """What a file says; it is kept only for as long as that takes."""
    token = ""
    try:
        token = keep_uploads(at.office.settings, at.covenant_id, [(name, content)], at.now)
        return people_of(uploads(at.office.settings, at.covenant_id, token)[0])
    except CycleError as error:
        typed.wrong("bestand", f"{error.what} {error.hint}")
        return None
    finally:
        drop_uploads(at.office.settings, at.covenant_id, token)


def _mark_of(typed: DeskForm) -> str:
    """Which list was looked at, with what counts for who says nothing."""
    return sha256("\n".join((typed["lijst"].strip(), typed["partij"], typed["rol"])).encode()).hexdigest()


def _page(
    at: DeskRequest,
    typed: DeskForm,
    listed: Sequence[ListedPerson] = (),
    notes: Sequence[str] = (),
    *,
    status: int = HTTPStatus.OK,
    done: str = "",
) -> Response:
    with at.office.database.reading() as session:
        parties = at.view(session).party_choices
    return at.page(
        "desk/people-list",
        status,
        typed=typed,
        listed=listed,
        notes=notes,
        done=done,
        seen=_mark_of(typed),
        counts=outcome_words(listed),
        addable=sum(line.outcome is ListOutcome.NEW for line in listed),
        parties=parties,
        roles=[(role, ROLES[role]) for role in Role],
    )
