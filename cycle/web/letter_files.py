"""The page with the files of a letter that was too heavy for mail: by sealed link, for who got it."""

from fastapi import APIRouter
from starlette.responses import Response

from cycle.actions.letters.dispatch.behind_link import ROOM, open_files
from cycle.domain.files import size_words
from cycle.web.door import AtDoor
from cycle.web.downloads import download
from cycle.web.own_page import SECRET

router = APIRouter()


@router.api_route(f"{ROOM}/{{signed}}", methods=["GET", "HEAD"])
def page(door: AtDoor, signed: str) -> Response:
    """What there is, and how much it weighs."""
    letter = open_files(door.office, signed, door.now())
    sizes = [(one.name, size_words(len(one.content))) for one in letter.files]
    answer = door.templates.page("letter-files", letter=letter, sizes=sizes, path=f"{ROOM}/{signed}")
    answer.headers.update(SECRET)
    return answer


@router.api_route(f"{ROOM}/{{signed}}/{{name}}", methods=["GET", "HEAD"])
def file(door: AtDoor, signed: str, name: str) -> Response:
    """One file, as it went."""
    found_file = open_files(door.office, signed, door.now()).file(name)
    answer = download(found_file.name, found_file.content)
    answer.headers.update(SECRET)
    return answer
