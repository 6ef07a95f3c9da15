"""One guard for every form: what another site sends changes nothing (rule C13).

A token in the form proves that it came from our page; this proves that the browser sent it from there.
"""

from urllib.parse import urlsplit

from starlette.requests import Request

from cycle.errors import Refused
from cycle.settings import Settings


def refuse_foreign(request: Request, settings: Settings) -> None:
    """Lets a form of our own pages through.

    Raises Refused for one that a browser says came from elsewhere. A client that says nothing is no browser, so no
    other site can have sent it on somebody's behalf.
    """
    site = request.headers.get("sec-fetch-site", "none")
    origin = request.headers.get("origin", "null")  # "null" is what our own referrer policy makes of it
    ours = {urlsplit(settings.web.base_url).netloc, request.headers.get("host", "")}
    if site not in ("same-origin", "none") or (origin != "null" and urlsplit(origin).netloc not in ours):
        raise Refused("Dit formulier kwam van een andere site.", "Open de pagina zelf en probeer het daar.")


def is_own_path(wanted: str) -> bool:
    """Whether this is a path of ours to go to, and can be no other site."""
    is_plain = wanted.isascii() and wanted.isprintable() and len(wanted) <= 300
    return is_plain and wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
