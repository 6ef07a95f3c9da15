"""The page on which a director reads a letter and approves it, or sends it back: by signed link, with a code.

Looking changes nothing, for mail scanners open every link (rule B8). Who is signed in as this director needs no code.
"""

from http import HTTPStatus

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from cycle.actions.letters.approval.directors import FORM, MOST_REMARK, ROOM, LetterToRead, decide, open_letter
from cycle.domain.files import size_words
from cycle.domain.letters import Way
from cycle.errors import NotFound, Refused
from cycle.web.cleaning import FormLine, FormText
from cycle.web.desk.forms import DeskForm
from cycle.web.door import AtDoor
from cycle.web.downloads import download
from cycle.web.once import OnceRoute, keep_form, shown_again
from cycle.web.own_page import SECRET, Asker, MailedPages
from cycle.web.year import moment_words

router = APIRouter(dependencies=[Depends(keep_form)], route_class=OnceRoute)
PAGES = MailedPages(ROOM, FORM, open_letter)

AGREED, BACK = "akkoord", "terug"


@router.api_route(f"{ROOM}/{{signed}}", methods=["GET", "HEAD"])
def page(door: AtDoor, request: Request, signed: str) -> Response:
    """The letter, and the form."""
    letter, asker = PAGES.opened(door, request, signed)
    return _shown(letter, asker, DeskForm())


@router.api_route(f"{ROOM}/{{signed}}/brief", methods=["GET", "HEAD"])
def document(door: AtDoor, request: Request, signed: str) -> Response:
    """The letter itself, as it was frozen."""
    letter, _asker = PAGES.opened(door, request, signed)
    answer = download(letter.file_name, letter.content)
    answer.headers.update(SECRET)
    return answer


@router.api_route(f"{ROOM}/{{signed}}/bijlage/{{name}}", methods=["GET", "HEAD"])
def enclosure(door: AtDoor, request: Request, signed: str, name: str) -> Response:
    """What goes along with the letter, as it was frozen. Raises NotFound for what does not."""
    letter, _asker = PAGES.opened(door, request, signed)
    beside = {**letter.enclosures, **letter.signed}
    if name not in beside:
        raise NotFound("Deze bijlage is er niet.", "Kijk op de pagina van de brief welke bijlagen er zijn.")
    answer = download(name, beside[name])
    answer.headers.update(SECRET)
    return answer


@router.post(f"{ROOM}/{{signed}}")
@shown_again(PAGES.page_again)
def answer(
    door: AtDoor,
    request: Request,
    signed: str,
    form: FormLine = "",
    besluit: FormLine = "",
    opmerking: FormText = "",
    versie: FormLine = "",
) -> Response:
    """Keeps what the director decided; the page then shows it."""
    letter, asker = PAGES.changing(door, request, signed, form)
    typed = DeskForm(besluit=besluit, opmerking=opmerking)
    typed.choice("besluit", (AGREED, BACK), needed="Kies of u akkoord bent, of dat u de brief terugstuurt.")
    typed.text("opmerking", most=MOST_REMARK, lines=True)
    if besluit == BACK and not opmerking.strip():
        typed.wrong("opmerking", "Schrijf erbij wat er anders moet. Eén zin is genoeg.")
    if not typed.is_right:
        return _shown(letter, asker, typed, HTTPStatus.UNPROCESSABLE_ENTITY)
    way = Way.DESK if asker.is_signed_in else Way.LINK
    try:
        decide(
            door.office,
            signed,
            door.now(),
            by=asker.by,
            way=way,
            digest=versie,
            agrees=besluit == AGREED,
            remark=opmerking,
        )
    except Refused as error:
        typed.wrong("besluit", f"{error.what} {error.hint}")
        return _shown(letter, asker, typed, HTTPStatus.CONFLICT)
    return asker.back()


PAGES.add_code_routes(router)


def _shown(letter: LetterToRead, asker: Asker, typed: DeskForm, status: int = HTTPStatus.OK) -> Response:
    zone, now = asker.door.office.settings.zone, asker.door.now()
    return asker.shown(
        asker.door.templates.page(
            "approve",
            status,
            letter=letter,
            path=asker.path,
            typed=typed,
            may_change=asker.may_change,
            enclosures=[(name, size_words(len(content))) for name, content in letter.enclosures.items()],
            said=[
                (letter.parties[slug], one.is_sent_back, one.by, moment_words(one.at, now, zone), one.remark)
                for slug, one in letter.decided.items()
            ],
            open_names=[letter.parties[slug] for slug in letter.open_parties],
        )
    )
