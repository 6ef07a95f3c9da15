"""The stylesheet, the icon and robots.txt."""

from http import HTTPStatus

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from cycle.errors import NotFound
from cycle.feed import matches
from cycle.web.door import AtDoor

router = APIRouter()
# Google's importer obeys robots.txt also for feeds, so nothing is forbidden here; X-Robots-Tag keeps us out of searches
ROBOTS = "User-agent: *\nDisallow:\n"


@router.api_route("/static/{name}", methods=["GET", "HEAD"])
async def static(name: str, request: Request, door: AtDoor, v: str = "") -> Response:
    """One of our few files; with its own mark in the address it may be kept for a year."""
    file = door.templates.static.get(name)
    if file is None:
        raise NotFound("Dit bestand bestaat niet.", "Kijk of het adres klopt.")
    tag = f'"{file.mark}"'
    keep = "public, max-age=31536000, immutable" if v == file.mark else "no-cache"
    headers = {"ETag": tag, "Cache-Control": keep}
    if matches(request.headers.get("if-none-match"), tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(file.body, headers=headers, media_type=file.content_type)


@router.api_route("/robots.txt", methods=["GET", "HEAD"])
async def robots() -> PlainTextResponse:
    """What crawlers may do."""
    return PlainTextResponse(ROBOTS)
