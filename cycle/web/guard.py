"""One guard for every form: what another site sends changes nothing (rule C13).

A token in the form proves that it came from our page; this proves that the browser sent it from there.
"""

from urllib.parse import SplitResult, urlsplit

from starlette.requests import Request

from cycle.errors import CycleError, Refused
from cycle.settings import Settings
from cycle.settings.model import LOOPBACK


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


def refuse_other_host(request: Request, settings: Settings) -> None:
    """Answers only by the name of `web.base_url`; on this machine itself any port will do, and any of its names.

    Raises CycleError for another one: what a request calls us must steer no page on which people sign in (rule C13).
    """
    ours = urlsplit(settings.web.base_url)
    theirs = _split_host(request.headers.get("host", ""))
    if theirs.hostname in LOOPBACK and ours.hostname in LOOPBACK:
        return
    if (theirs.hostname, theirs.port or _port(ours.scheme)) != (ours.hostname, ours.port or _port(ours.scheme)):
        raise CycleError("Dit is niet ons adres.", "Open de pagina met het adres dat u van ons kreeg.")


def _split_host(host: str) -> SplitResult:
    try:
        found = urlsplit(f"//{host}")
        _ = found.port  # raises for one that is no number
    except ValueError:
        return urlsplit("")
    return found


def _port(scheme: str) -> int:
    return 443 if scheme == "https" else 80
